"""Which messages the source of a package says."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SAYS: Mapping[str, int] = {"say": 0, "message": 0, "heading": 0, "ok": 1, "warning": 1, "broken": 1}
"""Functions that say a message, and the place of its code among their arguments; their named arguments are figures."""


@dataclass(frozen=True)
class Said:
    """One call; ``figures`` is ``None`` where they are handed on as a whole."""

    function: str
    code: str
    figures: frozenset[str] | None


def said_in(package: Path) -> Iterator[Said]:
    """Every call in a package that says a message of which the code is written out."""
    for path in package.rglob("*.py"):
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
    code = call.args[SAYS[name]]
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        named = [keyword.arg for keyword in call.keywords]
        yield Said(name, code.value, None if None in named else frozenset(filter(None, named)))
