"""The calls in a package's source that produce messages, by static analysis."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from contracts.assistance.inbox import Reaction
from services.assistance.aid.eligibility import Reason
from services.chassis.security.access_table import Relation
from services.registry.findings.domain import HouseholdCheck

MESSAGE_FUNCTIONS: Mapping[str, int] = {"say": 0, "message": 0, "heading": 0, "ok": 1, "warning": 1, "broken": 1}
"""Functions that produce a message → the index of its code among their arguments; keyword arguments are its figures."""

MEMBERS_BY_PREFIX: Mapping[str, type[StrEnum]] = {
    "eligibility_": Reason,
    "household_check_": HouseholdCheck,
    "reaction_": Reaction,
    "relation_": Relation,
}
"""Prefix → enumeration, for codes that are a prefix and a member: ``say(f"eligibility_{reason}")``."""


@dataclass(frozen=True)
class MessageCall:
    """A call; ``figures`` is ``None`` where they are passed as ``**figures``."""

    function: str
    code: str
    figures: frozenset[str] | None


def message_calls_in(package: Path) -> Iterator[MessageCall]:
    """Every call in a package that produces a message with a literal code. Packages inside it with a catalogue of their own
    are left out."""
    inner = [path.parent for path in package.rglob("messages.yaml") if path.parent != package]
    for path in package.rglob("*.py"):
        if any(folder in path.parents for folder in inner):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (package.name == "chassis" or not _uses_chassis_catalogue(node)):
                yield from _message_calls(node)


def _uses_chassis_catalogue(call: ast.Call) -> bool:
    """Whether the message is in the chassis' catalogue, which every package may use."""
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "CHASSIS"


def _message_calls(call: ast.Call) -> Iterator[MessageCall]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if len(call.args) <= MESSAGE_FUNCTIONS.get(name, len(call.args)):
        return
    named = [keyword.arg for keyword in call.keywords]
    figures = None if None in named else frozenset(filter(None, named))
    for code in _codes(call.args[MESSAGE_FUNCTIONS[name]]):
        yield MessageCall(name, code, figures)


def _codes(argument: ast.expr) -> Iterator[str]:
    """The codes that an argument stands for: itself, or one for each member of its enumeration."""
    match argument:
        case ast.Constant(value=str() as code):
            yield code
        case ast.JoinedStr(values=[ast.Constant(value=str() as prefix), ast.FormattedValue()]) if (
            prefix in MEMBERS_BY_PREFIX
        ):
            yield from (f"{prefix}{member}" for member in MEMBERS_BY_PREFIX[prefix])
