"""Text as people paste it, in one spelling: apostrophes, blanks, invisible characters, widths, line breaks, placeholders.

NFKC where it is safe: in numbers and codes. In words it would take ㎡ and ① for others, so there only letters and digits of
full width are changed.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from services.chassis.ground.invisible_characters import BLANK, BLANKS, BREAKS, CONTROL, INVISIBLE, LINE_BREAK, named
from services.chassis.ground.messages import CHASSIS, Message
from services.chassis.ground.readings import Unreadable
from services.chassis.ground.refusals import rule

TEXT_UNREADABLE = rule(
    "text_unreadable",
    zh="文字含有控制字符，请删去后重新填写。",
    en="The text has control characters: remove them and enter it again.",
    source="OpenAPI of this service",
    status=422,
)
NOTHING = frozenset("无 無 无。 没有 暂无 / ／ \\ - -- — —— － – n/a null none".split())
"""What people write for nothing."""

_PLAIN_PART = "[0-9A-Za-z\u4e00-\u9fff，。、：；（）()《》〔〕·.@_-]+"
_PLAIN = re.compile(f"{_PLAIN_PART}(?: {_PLAIN_PART})*")
"""Nothing to change in it, whatever else it is."""
_PLAIN_CODE = re.compile("[+-]?[0-9A-Za-z\u4e00-\u9fff]+(?:[.-][0-9A-Za-z]+)*")
"""The same of a number, a code or a word for one."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_APOSTROPHES = "'’‘＇`"
HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NOT_HAN = re.compile(f"[^{HAN}，。、：；（）]")
_WRITTEN_OUT = re.compile("_x000[aAdD]_")
"""A line break as a workbook writes it out in letters."""


@dataclass(slots=True)
class Draft:
    """A text on its way to one spelling. ``changes``: by code, each once."""

    text: str
    changes: dict[str, Message] = field(default_factory=dict)

    def become(self, text: str, say: Callable[[], Message]) -> None:
        """``say``: what changes by that, asked where the text is not that already."""
        if text != self.text:
            self.text = text
            change = say()
            self.changes.setdefault(change.code, change)

    @property
    def says_nothing(self) -> bool:
        return not self.text or self.text.casefold() in NOTHING

    @property
    def noted(self) -> tuple[Message, ...]:
        return tuple(self.changes.values())


def is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text not in NOTHING


def is_plain_code(text: str) -> bool:
    return _PLAIN_CODE.fullmatch(text) is not None


def visible(sent: str) -> Draft:
    """Without what nobody sees around or within, but for line breaks within; one blank for each run of them; in NFC.
    Raises ``Unreadable`` for control characters."""
    if CONTROL.search(sent):
        raise Unreadable.naming(TEXT_UNREADABLE, sent)
    # Plain blanks around need no word.
    draft = Draft(sent.strip(" "))
    draft.become(_WRITTEN_OUT.sub("\n", draft.text), lambda: CHASSIS.say("change.line_breaks"))
    if found := INVISIBLE.findall(draft.text):
        draft.become(INVISIBLE.sub("", draft.text), lambda: CHASSIS.say("change.invisible", characters=named(found)))
    draft.become(BLANK.sub(" ", draft.text.strip(BLANKS + BREAKS)), lambda: CHASSIS.say("change.blanks"))
    if draft.text[:1] in _APOSTROPHES and not any(mark in draft.text[1:] for mark in _APOSTROPHES):
        draft.become(draft.text[1:].strip(BLANKS + BREAKS), lambda: CHASSIS.say("change.apostrophe"))
    draft.become(unicodedata.normalize("NFC", draft.text), lambda: CHASSIS.say("change.form"))
    return draft


def one_line(sent: str) -> Draft:
    """Line breaks within are blanks, and nothing beside a Chinese character. Raises ``Unreadable``."""
    draft = visible(sent)
    draft.become(LINE_BREAK.sub(_in_line, draft.text), lambda: CHASSIS.say("change.line_breaks"))
    draft.become(draft.text.translate(_FULL_WIDTH), lambda: CHASSIS.say("change.width"))
    return draft


def compact(sent: str) -> Draft:
    """For numbers and codes: no blank or line break anywhere, every character in its plain width (NFKC). Raises
    ``Unreadable``."""
    if is_plain_code(sent):
        return Draft(sent)
    draft = visible(sent)
    draft.become(LINE_BREAK.sub("", draft.text), lambda: CHASSIS.say("change.line_breaks"))
    draft.become(unicodedata.normalize("NFKC", draft.text), lambda: CHASSIS.say("change.width"))
    draft.become(BLANK.sub("", draft.text), lambda: CHASSIS.say("change.blanks"))
    return draft


def _in_line(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return " " if _NOT_HAN.match(before) and _NOT_HAN.match(after) else ""
