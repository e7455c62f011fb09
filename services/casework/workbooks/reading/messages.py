"""What the reading process is asked and says: JSON messages, each behind its length; and the cells in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from services.casework.workbooks.reading.limits import Limits


class Unreadable(StrEnum):
    """A cell that holds something, but nothing that could be taken."""

    ERROR_VALUE = "error"  # the spreadsheet shows #N/A or the like
    FORMULA = "formula"
    MERGED = "merged"  # part of a merged area that spans columns


@dataclass(frozen=True, slots=True)
class UnreadableCell:
    """``shown``: the last result of a formula."""

    kind: Unreadable
    shown: str | int | float | bool = ""


Cell = str | int | float | bool | datetime | timedelta | UnreadableCell
"""A blank cell is the empty string. Days come without a time zone; a time of the day is a ``timedelta``."""

WIRE_DAY = "day"
WIRE_TIME = "time"


class Area(msgspec.Struct, frozen=True, array_like=True):
    """Merged cells: rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class Order(msgspec.Struct, frozen=True):
    """``names``: folded names of the sheets to read; when the file has none of them and ``any_sheet``, all visible ones."""

    names: frozenset[str]
    any_sheet: bool
    limits: Limits


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """``reading``: names of the sheets whose rows follow, in this order; ``passed_over``: of the visible ones with content that
    are not read."""

    reading: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


class SheetBegun(msgspec.Struct, frozen=True, tag="sheet"):
    """``since_1904``: days that are plain numbers are counted from the beginning of 1904; ``hidden``: the sheet or rows of it are
    hidden from whoever looks at it."""

    name: str
    merged: tuple[Area, ...]
    since_1904: bool = False
    hidden: bool = False


class Rows(msgspec.Struct, frozen=True, tag="rows"):
    """Row number from 1, and its cells from column A; blank rows are left out."""

    rows: tuple[tuple[int, list[Any]], ...]


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The file was read to its end."""


class RefusedFile(msgspec.Struct, frozen=True, tag="refused"):
    """A rule said no to the file; ``facts`` are figures and places, never contents."""

    code: str
    facts: Mapping[str, Any]


Message = Opened | SheetBegun | Rows | Ended | RefusedFile

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Message).decode
decode_order = msgspec.json.Decoder(Order).decode


def wire_of(cell: Cell) -> Any:
    """The cell as it stands in a message: text, number or truth value as they are, all else as an object of one key."""
    if isinstance(cell, datetime):
        return {WIRE_DAY: cell.isoformat()}
    if isinstance(cell, timedelta):
        return {WIRE_TIME: cell.total_seconds()}
    return {cell.kind.value: cell.shown} if isinstance(cell, UnreadableCell) else cell


def cell_of(wire: Any) -> Cell:
    if type(wire) is not dict:
        return wire  # type: ignore[no-any-return]
    [(kind, shown)] = wire.items()
    if kind == WIRE_DAY:
        return datetime.fromisoformat(shown)
    return timedelta(seconds=shown) if kind == WIRE_TIME else UnreadableCell(Unreadable(kind), shown)
