"""Which messages the source of a package says."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from services.assistance.aid.eligibility import Reason

SAYS: Mapping[str, int] = {"say": 0, "message": 0, "heading": 0, "ok": 1, "warning": 1, "broken": 1}
"""Functions that say a message, and the place of its code among their arguments; their named arguments are figures."""

MEMBERS: Mapping[str, type[StrEnum]] = {"eligibility_": Reason}
"""Prefix → enumeration, for codes that are a prefix and a member: ``say(f"eligibility_{reason}")``."""


@dataclass(frozen=True)
class Said:
    """One call; ``figures`` is ``None`` where they are handed on as a whole."""

    function: str
    code: str
    figures: frozenset[str] | None


def said_in(package: Path) -> Iterator[Said]:
    """Every call in a package that says a message of which the code is written out. A package inside it that has a
    catalogue of its own is left out."""
    inner = [path.parent for path in package.rglob("messages.yaml") if path.parent != package]
    for path in package.rglob("*.py"):
        if any(folder in path.parents for folder in inner):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (package.name == "chassis" or not _by_the_chassis(node)):
                yield from _said(node)


def _by_the_chassis(call: ast.Call) -> bool:
    """Whether the message is one of the chassis' catalogue, which every package may say."""
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "CHASSIS"


def _said(call: ast.Call) -> Iterator[Said]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if len(call.args) <= SAYS.get(name, len(call.args)):
        return
    named = [keyword.arg for keyword in call.keywords]
    figures = None if None in named else frozenset(filter(None, named))
    for code in _codes(call.args[SAYS[name]]):
        yield Said(name, code, figures)


def _codes(argument: ast.expr) -> Iterator[str]:
    """The codes that an argument stands for: itself, or one for each member of its enumeration."""
    match argument:
        case ast.Constant(value=str() as code):
            yield code
        case ast.JoinedStr(values=[ast.Constant(value=str() as prefix), ast.FormattedValue()]) if prefix in MEMBERS:
            yield from (f"{prefix}{member}" for member in MEMBERS[prefix])
