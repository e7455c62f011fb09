"""Every message for people is in its catalogue, in both languages, and every entry of a catalogue is said by somebody."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from services.assistance.aid.eligibility import Reason
from services.chassis.ground.messages import Catalogue, shown_in

ROOT = Path(__file__).parents[1]
CATALOGUES = sorted(path for top in ("services", "lika") for path in (ROOT / top).rglob("messages.yaml"))
SAYS = frozenset({"say", "message"})
"""Functions whose first argument is a code, and whose named arguments are figures."""

MEMBERS: Mapping[str, type[StrEnum]] = {"eligibility_": Reason}
"""Prefix → enumeration, for codes that are a prefix and a member: ``say(f"eligibility_{reason}")``."""


def said_in(package: Path) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Code and figures of each message that a package says; figures are unknown where they are handed on as a whole."""
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            if name in SAYS:
                named = [keyword.arg for keyword in node.keywords]
                for code in codes_of(node.args[0]):
                    yield code, None if None in named else frozenset(filter(None, named))


def codes_of(argument: ast.expr) -> Iterator[str]:
    """The codes that an argument stands for: itself, or one for each member of its enumeration."""
    match argument:
        case ast.Constant(value=str() as code):
            yield code
        case ast.JoinedStr(values=[ast.Constant(value=str() as prefix), ast.FormattedValue()]) if prefix.isidentifier():
            yield from (f"{prefix}{member}" for member in MEMBERS[prefix])


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT).parent))
def test_what_is_said_is_what_the_catalogue_holds(path: Path) -> None:
    templates = Catalogue(path).templates
    said = dict(said_in(path.parent))
    assert {code.partition(".")[0] for code in said} == {code.partition(".")[0] for code in templates}
    for code, figures in said.items():
        shown = frozenset().union(
            *(shown_in(t["zh"]) for c, t in templates.items() if c == code or c.startswith(f"{code}."))
        )
        assert figures is None or figures == shown, code


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT).parent))
def test_a_code_stands_once(path: Path) -> None:
    codes = Counter(re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert [code for code, times in codes.items() if times > 1] == []
