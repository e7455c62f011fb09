"""Every message is in its package's catalogue, in both languages, and every entry of a catalogue is used."""

import re
from collections import Counter
from pathlib import Path

import pytest

from services.chassis.ground.messages import Catalogue, shown_in
from tests.support.message_calls import message_calls_in

ROOT = Path(__file__).parents[1]
CATALOGUES = sorted(path for top in ("services", "lika") for path in (ROOT / top).rglob("messages.yaml"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT).parent))
def test_the_messages_used_are_those_of_the_catalogue(path: Path) -> None:
    templates = Catalogue(path).templates
    calls = list(message_calls_in(path.parent))
    assert {call.code.partition(".")[0] for call in calls} == {code.partition(".")[0] for code in templates}
    for call in calls:
        shown = frozenset().union(
            *(shown_in(t["zh"]) for c, t in templates.items() if c == call.code or c.startswith(f"{call.code}."))
        )
        assert call.figures is None or call.figures == shown, call


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT).parent))
def test_a_code_occurs_once(path: Path) -> None:
    codes = Counter(re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert [code for code, times in codes.items() if times > 1] == []
