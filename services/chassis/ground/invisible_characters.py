"""Characters that nobody sees: which they are, and what they are called."""

import re
import unicodedata
from collections.abc import Iterable

from services.chassis.ground.messages import CHASSIS, Message

BLANKS = "\t \u00a0\u1680\u202f\u205f\u2800\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
BREAKS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
"""Line breaks, soft returns and page breaks."""
_FORMATS = "\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Fillers and variation selectors: letters and marks by their category, seen by nobody."""
INVISIBLE = re.compile(f"[{_FORMATS}{_FILLERS}]")
"""Zero-width, bidirectional and other marks that carry nothing in a line of text."""
BLANK = re.compile(f"[{BLANKS}]+")
LINE_BREAK = re.compile(f"[{BREAKS}]+")
CONTROL = re.compile("[\0-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
UNSEEN = re.compile(f"{INVISIBLE.pattern}|{CONTROL.pattern}|[{BREAKS}{BLANKS.replace(' ', '')}]")
"""Any of them but the plain blank."""

MOST_NAMED = 3
"""How many characters one message names."""
_CHINESE_NAMES: dict[str, str] = {
    "\t": "制表符",
    "\n": "换行符",
    "\v": "软回车",
    "\r": "回车符",
    "\u00a0": "不换行空格",
    "\u00ad": "软连字符",
    "\u200b": "零宽空格",
    "\u200c": "零宽非连接符",
    "\u200d": "零宽连接符",
    "\u200e": "从左至右标记",
    "\u200f": "从右至左标记",
    "\u2028": "行分隔符",
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "双向控制符"),
    "\u3000": "全角空格",
    "\ufeff": "字节顺序标记",
}
_ENGLISH_NAMES = {"\t": "TAB", "\n": "LINE FEED", "\v": "LINE TABULATION", "\r": "CARRIAGE RETURN"}


def named(characters: Iterable[str]) -> list[Message]:
    """Each kind of character once, by its number and name, the first few of them."""
    kinds = list(dict.fromkeys(characters))[:MOST_NAMED]
    return [CHASSIS.say("character", number=f"U+{ord(each):04X}", name=_name(each)) for each in kinds]


def _name(character: str) -> Message:
    english = _ENGLISH_NAMES.get(character) or str(unicodedata.name(character, "CONTROL CHARACTER"))
    return Message("name", _CHINESE_NAMES.get(character, "不可见字符"), english)
