"""How days are read as people write them: in figures or in Chinese, with a time behind, or as a spreadsheet numbers them."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from contracts.civil import civil_day
from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.readings import Reading, Unreadable
from services.chassis.ground.refusals import rule
from services.chassis.ground.text_normalization import one_line

DAY_UNREADABLE = rule(
    "day_unreadable",
    zh="日期不存在或写法不明；请写作 2014-05-20。",
    en="The date does not exist or cannot be read: write 2014-05-20.",
    source="GB/T 7408",
    status=422,
)
FIRST_YEAR, LAST_YEAR = 1900, 2200

WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = (
    r"(?:(?<=[日号])|[T ])(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DAY = re.compile(
    rf"(?:(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})[日号]?|(\d{{4}})(\d{{2}})(\d{{2}}))(?:{_TIME})?", re.ASCII
)
_BLANKS_BESIDE_WORDS = re.compile("(?<=[^0-9]) | (?=[^0-9])")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d{2})", re.ASCII)
_YEAR = re.compile(r"(\d{4})年?度?", re.ASCII)
SERIAL = re.compile(r"([1-7]\d{4})(?:\.\d+)?", re.ASCII)
"""Days since the end of 1899: from 1927 to 2119."""
SERIAL_ZERO = date(1899, 12, 30)


def read_partial_day(sent: str) -> Reading[tuple[int, ...] | None]:
    """Year, month and day, as far as they are written; the time behind a day is left out. Raises ``Unreadable``."""
    draft = one_line(sent)
    plain = unicodedata.normalize("NFKC", draft.text)
    # The blank between day and hour stays: without it 2014-5-2 00:00 would be the 20th.
    draft.become(_BLANKS_BESIDE_WORDS.sub("", plain), lambda: CHASSIS.say("change.blanks"))
    if draft.says_nothing:
        return Reading(None, (*draft.noted, CHASSIS.say("change.nothing")))
    if (serial := SERIAL.fullmatch(draft.text)) is not None:
        day = SERIAL_ZERO + timedelta(days=int(serial[1]))
        return Reading((day.year, day.month, day.day), (CHASSIS.say("change.day_serial", day=day.isoformat()),))
    parts = _written(draft.text)
    if parts is None:
        raise Unreadable.naming(DAY_UNREADABLE, sent)
    written = _joined(parts)
    if written == sent:
        return Reading(parts)
    change = (
        CHASSIS.say("change.day", day=written) if ":" in draft.text else CHASSIS.say("change.day_notation", day=written)
    )
    return Reading(parts, (change,))


def read_day(sent: str) -> Reading[str | None]:
    """``YYYY-MM-DD``. Raises ``Unreadable``, also for a month or a year alone."""
    if WRITTEN.fullmatch(sent) and _exists(tuple(map(int, sent.split("-")))):
        return Reading(sent)
    found = read_partial_day(sent)
    if found.value is None:
        return Reading(None, found.changes)
    if len(found.value) < len(("year", "month", "day")):
        raise Unreadable(DAY_UNREADABLE)
    return Reading(date(*found.value).isoformat(), found.changes)


def read_partial_day_text(sent: str) -> Reading[str | None]:
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. Raises ``Unreadable``."""
    found = read_partial_day(sent)
    return Reading(None if found.value is None else _joined(found.value), found.changes)


def _joined(parts: tuple[int, ...]) -> str:
    return "-".join(f"{part:02}" for part in parts)


def _written(text: str) -> tuple[int, ...] | None:
    if (found := _DAY.fullmatch(text)) is not None:
        parts = tuple(int(part) for part in found.groups()[:6] if part is not None)
        return _in_zone(parts, found["time"], found["zone"]) if _exists(parts) else None
    found = _MONTH.fullmatch(text) or _YEAR.fullmatch(text)
    if found is None:
        return None
    parts = tuple(int(part) for part in found.groups() if part is not None)
    return parts if _exists(parts) else None


def _exists(parts: tuple[int, ...]) -> bool:
    year, month, day = (*parts, 1, 1)[:3]
    try:
        return FIRST_YEAR <= date(year, month, day).year <= LAST_YEAR
    except ValueError:
        return False


def _in_zone(parts: tuple[int, ...], written: str | None, zone: str | None) -> tuple[int, ...] | None:
    """The civil day of an instant: programs write midnight of the 20th in Shanghai as the 19th, 16:00 Z."""
    if written is None or zone is None:
        return parts
    hour, minute = map(int, written.split(":")[:2])
    sign, offset = (-1 if zone[0] == "-" else 1), zone.lstrip("Z+-").replace(":", "") or "0000"
    behind = sign * timedelta(hours=int(offset[:2]), minutes=int(offset[2:]))
    try:
        day = civil_day(datetime.combine(date(*parts), clock_time(hour, minute), UTC) - behind)
    except ValueError:
        return None
    return day.year, day.month, day.day
