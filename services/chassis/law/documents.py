"""The head of a document: what it is, of which place, since when. One edition is one document::

    procedure: exit          # its kind and its key
    edition: "2016"
    jurisdiction: "CN"       # or the leading digits of a division code
    source: 厅字〔2016〕16号
    in_force: {from: 2014-01-01, to: 2020-12-31}   # both included; or at the top

The rest is the kind's own.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.chassis.law.content import DocumentError, Path
from services.chassis.law.dated import DIGITS, NATIONAL

KEY_PATTERN = "[a-z][a-z0-9_]{0,39}"
"""What a document, and whatever it names, is called by: forms take no other names."""
KEY = re.compile(KEY_PATTERN)
PLACE = re.compile("|".join([NATIONAL, *(f"[0-9]{{{digits}}}" for digits in DIGITS)]))
IN_FORCE = "in_force: {from: 2014-01-01, to: null}"
EDITION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Document:
    """One edition, in force from ``since`` to ``until``, both included. ``content``: all of it, its head included."""

    kind: str
    key: str
    edition: str
    jurisdiction: str
    since: date
    until: date | None
    source: str
    content: Mapping[str, Any]


def document_from(content: Mapping[str, Any], kinds: Collection[str]) -> Document:
    """The document of one of these kinds. Raises ``DocumentError``."""
    named = [kind for kind in kinds if kind in content]
    if len(named) != 1:
        raise DocumentError(
            (),
            f"须以其中一个键说明文件种类：{'、'.join(kinds)}",
            f"one of these keys says what it is: {', '.join(kinds)}",
        )
    term = content.get("in_force", content)
    at: Path = ("in_force",) if "in_force" in content else ()
    _require(isinstance(term, Mapping), at, f"须写明起止日期，如 {IN_FORCE}", f"'from' and 'to', such as {IN_FORCE}")
    since, until = term.get("from"), term.get("to")
    _require(
        isinstance(since, date),
        (*at, "from"),
        f"from 须为日期，如 {IN_FORCE}",
        f"'from' must be a date, such as {IN_FORCE}",
    )
    _require(
        until is None or (isinstance(until, date) and since <= until),
        (*at, "to"),
        f"to 须为更晚的日期或 null，如 {IN_FORCE}",
        f"'to' must be a later date or null, such as {IN_FORCE}",
    )
    return Document(
        kind=named[0],
        key=_text(content, named[0], KEY, "小写字母、数字和 _", "lower-case words joined by _"),
        edition=_text(content, "edition", EDITION, "字母、数字和 . _ -", "letters, digits and . _ -"),
        jurisdiction=_text(
            content, "jurisdiction", PLACE, f"{NATIONAL} 或加引号的区划代码", f"{NATIONAL} or a division code, quoted"
        ),
        since=since,
        until=until,
        source=_text(content, "source", None, "写明出处，如文号", "names its source, such as the number of a paper"),
        content=content,
    )


def _text(content: Mapping[str, Any], key: str, shape: re.Pattern[str] | None, zh: str, en: str) -> str:
    value = content.get(key)
    fits = isinstance(value, str) and (shape.fullmatch(value) is not None if shape else value.strip() != "")
    _require(fits, (key,), f"'{key}'：{zh}", f"'{key}': {en}")
    assert isinstance(value, str)
    return value


def _require(condition: bool, path: Path, zh: str, en: str) -> None:
    if not condition:
        raise DocumentError(path, zh, en)
