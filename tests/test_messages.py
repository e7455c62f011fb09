"""Every message for people is in its catalogue, in both languages, and every entry of a catalogue is said by somebody."""

import re
from collections import Counter
from pathlib import Path

import pytest

from services.chassis.ground.messages import Catalogue, shown_in
from tests.support.said import said_in

ROOT = Path(__file__).parents[1]
CATALOGUES = sorted(path for top in ("services", "lika") for path in (ROOT / top).rglob("messages.yaml"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT).parent))
def test_what_is_said_is_what_the_catalogue_holds(path: Path) -> None:
    templates = Catalogue(path).templates
    said = list(said_in(path.parent))
    assert {one.code.partition(".")[0] for one in said} == {code.partition(".")[0] for code in templates}
    for one in said:
        shown = frozenset().union(
            *(shown_in(t["zh"]) for c, t in templates.items() if c == one.code or c.startswith(f"{one.code}."))
        )
        assert one.figures is None or one.figures == shown, one


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT).parent))
def test_a_code_stands_once(path: Path) -> None:
    codes = Counter(re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert [code for code, times in codes.items() if times > 1] == []
