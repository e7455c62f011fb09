"""Every message is in its package's catalogue, in both languages, and every entry of a catalogue is used."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from services.chassis.ground.messages import Catalogue, shown_in
from tests.support.message_calls import message_calls_in

ROOT = Path(__file__).parents[1]
CATALOGUES = sorted(path for top in ("services", "lika") for path in (ROOT / top).rglob("messages.yaml"))

CHINESE = re.compile("[\u4e00-\u9fff]")


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


def test_what_is_wrong_with_a_document_or_a_form_is_said_in_both_languages() -> None:
    """``DocumentError`` and ``FormError`` take both. Nothing in a module about documents or forms raises a bare ``ValueError``, whose
    text would reach its writer in English alone, or not at all."""
    found = 0
    for path in (ROOT / "services").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not re.search(r"\b(DocumentError|DocumentPart|forbid_unknown_fields|FormError|import Body)\b", text):
            continue
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            assert node.func.id != "ValueError" or not node.args, f"{where}: say it in Chinese and English"
            if node.func.id in {"DocumentError", "FormError", "_require"} and len(node.args) > 1:
                zh, en = map(ast.unparse, node.args[-2:])
                found += 1
                assert CHINESE.search(zh) or "zh" in zh or zh.isidentifier(), f"{where}: no Chinese"
                assert not CHINESE.search(en), f"{where}: Chinese in the English text"
    assert found > 150
