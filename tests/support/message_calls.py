"""The calls in a package's source that produce messages, by static analysis."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MESSAGE_FUNCTIONS: Mapping[str, int] = {"say": 0, "message": 0, "heading": 0, "ok": 1, "warning": 1, "broken": 1}
"""Functions that produce a message → the index of its code among their arguments; keyword arguments are its figures."""


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
    match call.args[MESSAGE_FUNCTIONS[name]]:
        case ast.Constant(value=str() as code):
            yield MessageCall(name, code, figures)
