"""Layouts as documents: the sheets of a form or list and their columns. One layout for reading and writing; no code knows
its words."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

KIND = "layout"
"""Of the documents."""


class ColumnType(StrEnum):
    """What the cells of a column hold. All but numbers, years and days are text cells."""

    TEXT = "text"  # one line
    NAME = "name"  # of a person
    IDENTIFIER = "identifier"  # of another system: digits, letters, hyphens
    DIVISION = "division"  # twelve digits, or the name of a village
    RESIDENT_ID = "resident_id"
    PHONE = "phone"
    ACCOUNT = "account"
    CODE = "code"
    CODES = "codes"  # several of the list, separated by 、
    YES_NO = "yes_no"
    NUMBER = "number"  # exact, not negative
    YEAR = "year"
    DAY = "day"
    PARTIAL_DATE = "partial_date"  # a day, a month or a year: the precision is kept


WITH_CODES = frozenset({ColumnType.CODE, ColumnType.CODES, ColumnType.YES_NO})
NOT_TEXT = frozenset({ColumnType.NUMBER, ColumnType.YEAR})
"""Columns whose cells keep the general format."""


class _DocumentPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: every unknown or missing key is an error."""


class Column(_DocumentPart, frozen=True, kw_only=True):
    """``key``: the field that a row has of it. ``aliases``: other headers that mean it; ``substitutes``: headers
    that are taken, and told, where none of its own is there. ``required``: a blank is an error;
    otherwise a blank means "unchanged". ``codes``: key of the code list; ``most``: how many of it one cell may name.
    ``unit`` and ``decimals``: of a number, which is negative only where it is ``signed``. ``may_lie_ahead``: days later than the
    upload are no error. ``compared_only``: written and compared, and taken in by no import, which says so. ``words``: how codes
    are written here, where that is not their label; each is a word of the code list."""

    key: str
    zh: str
    en: str
    type: ColumnType
    required: bool = False
    aliases: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()
    help_zh: str = ""
    help_en: str = ""
    codes: str | None = None
    most: int = 1
    unit: str | None = None
    decimals: int = 0
    signed: bool = False
    may_lie_ahead: bool = False
    compared_only: bool = False
    summed: bool = False
    words: tuple[tuple[str, str], ...] = ()

    @property
    def header(self) -> str:
        return f"{self.zh} / {self.en}"

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that means this column."""
        return (self.header, self.zh, self.en, *self.aliases)

    def __post_init__(self) -> None:
        if (self.codes is not None) is not (self.type in WITH_CODES):
            raise ValueError(f"{self.key}: a code list belongs to a column of codes, and to no other")
        if self.words and self.codes is None:
            raise ValueError(f"{self.key}: only codes are written in words")
        if self.most != 1 and self.type is not ColumnType.CODES:
            raise ValueError(f"{self.key}: only a column of several codes says how many at most")
        if self.type is not ColumnType.NUMBER and (self.decimals or self.unit is not None or self.signed):
            raise ValueError(f"{self.key}: only a number has a unit, decimals and a sign")
        if self.summed and self.type is not ColumnType.NUMBER:
            raise ValueError(f"{self.key}: only numbers have a sum")
        if self.compared_only and self.required:
            raise ValueError(f"{self.key}: what is only compared is not required")
        if not (0 <= self.decimals <= 6 and 1 <= self.most <= 9):
            raise ValueError(f"{self.key}: at most six decimals and nine codes")


class Sheet(_DocumentPart, frozen=True, kw_only=True):
    """``aliases``: other names of the sheet. ``unused``: headers seen in practice that this form has no field for."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    optional: bool = False
    aliases: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.zh

    @property
    def names(self) -> tuple[str, ...]:
        return (self.zh, self.en, *self.aliases)

    def column(self, key: str) -> Column:
        """Raises ``KeyError`` for a column that the sheet does not have."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError(f"{self.key}: a sheet has columns")
        _require_distinct(self.key, (column.key for column in self.columns))
        _require_distinct(self.key, (header for c in self.columns for header in dict.fromkeys(map(folded, c.headers))))
        if not re.fullmatch(r"[^\[\]:*?/\\']{1,31}", self.zh):
            raise ValueError(f"{self.key}: no spreadsheet takes this name of a sheet")


class Joined(_DocumentPart, frozen=True, kw_only=True):
    """How one flat sheet gives the rows of two: each line is a row of ``detail`` and repeats, or has merged down, what
    belongs to its row of ``master``; ``key`` is the column of both that joins them, by sheet. A header that fits both means
    the detail's column."""

    master: str
    detail: str
    key: Mapping[str, str]
    unused: tuple[str, ...] = ()


class Written(StrEnum):
    """How the headers of a file are written."""

    BOTH = "both"  # 户编号 / household no.
    ZH = "zh"  # 户编号, as another system has them


class Layout(_DocumentPart, frozen=True, kw_only=True):
    """One edition of one form or list. ``foot``: how lines below a table begin that are none of its rows; ``whole``: what the file says
    of the number of its rows and the sum of ``summed`` columns holds, or the file is refused; ``notes``: how to fill it in."""

    layout: str
    edition: str
    zh: str
    en: str
    jurisdiction: str
    source: str
    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to", default=None)
    sheets: tuple[Sheet, ...]
    headers: Written = Written.BOTH
    joined: Joined | None = None
    foot: tuple[str, ...] = ()
    whole: bool = False
    notes: tuple[Mapping[str, str], ...] = ()

    def header(self, column: Column) -> str:
        """As a file has it that is written."""
        return column.zh if self.headers is Written.ZH else column.header

    def sheet(self, key: str) -> Sheet:
        """Raises ``KeyError``."""
        for sheet in self.sheets:
            if sheet.key == key:
                return sheet
        raise KeyError(key)

    def __post_init__(self) -> None:
        if not self.sheets:
            raise ValueError("a layout has sheets")
        _require_distinct("sheets", (sheet.key for sheet in self.sheets))
        _require_distinct("sheets", (name for s in self.sheets for name in dict.fromkeys(map(folded, s.names))))
        if self.whole and self.joined is not None:
            raise ValueError("whole: a flat sheet of two lists has no sum of its own")
        if any(set(note) != {"zh", "en"} for note in self.notes):
            raise ValueError("notes: each says its text in zh and en")
        if self.joined is not None:
            try:
                for key in (self.joined.master, self.joined.detail):
                    self.sheet(key).column(self.joined.key[key])
            except KeyError as unknown:
                raise ValueError(f"joined: there is no {unknown}") from None


def layout_from(document: Mapping[str, Any]) -> Layout:
    """The layout in this document. Raises ``msgspec.ValidationError`` and ``ValueError``."""
    return msgspec.convert(document, Layout)


@dataclass(frozen=True, slots=True)
class Needed:
    """What the code that reads a column takes for granted. ``most`` and ``decimals``: at most."""

    type: ColumnType
    required: bool = False
    codes: str | None = None
    most: int = 1
    decimals: int = 0

    def is_met_by(self, column: Column) -> bool:
        return (
            (column.type, column.codes) == (self.type, self.codes)
            and (column.required or not self.required)
            and column.most <= self.most
            and column.decimals <= self.decimals
            and not (column.signed or column.compared_only)
        )


Fields = Mapping[str, Mapping[str, Needed]]
"""Key of a sheet → key of a column → what it has to be."""


def layouts_for(code_lists: Iterable[str], fields: Mapping[str, Fields]) -> Callable[[Mapping[str, Any]], Layout]:
    """Reads a layout that a service can use. ``code_lists``: keys of those it has; ``fields``: key of a layout → the columns that
    its rows cannot do without."""
    known = frozenset(code_lists)

    def read(content: Mapping[str, Any]) -> Layout:
        layout = layout_from(content)
        for sheet in layout.sheets:
            for column in sheet.columns:
                if column.codes is not None and column.codes not in known:
                    raise ValueError(f"{sheet.key}.{column.key}: there is no code list {column.codes}")
        for key, columns in fields.get(layout.layout, {}).items():
            _require_fields(layout, key, columns)
        return layout

    return read


def _require_fields(layout: Layout, key: str, columns: Mapping[str, Needed]) -> None:
    found = {column.key: column for sheet in layout.sheets if sheet.key == key for column in sheet.columns}
    missing = [f"'{name}'" for name in columns if name not in found]
    if missing:  # all at once: whoever writes a layout learns what it cannot do without
        raise ValueError(f"{key}: 缺少 / the form needs {', '.join(missing if found else [repr(key)])}")
    for name, needed in columns.items():
        if not needed.is_met_by(found[name]):
            raise ValueError(f"{key}.{name}: 应为 / the form needs {needed}")


def folded(header: str) -> str:
    """A header or name for comparison: without whitespace, invisible characters, case, the width of its characters and the
    marks of a required column."""
    if header.isascii() and header.isprintable():
        return header.replace(" ", "").casefold().strip("*:")
    text = unicodedata.normalize("NFKC", header).casefold()
    shown = (c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    return "".join(shown).strip("*※★☆﹡:")


def without_unit(header: str) -> str:
    """A folded header without what stands in brackets at its end."""
    return re.sub(r"\([^()]*\)$", "", header)


def _require_distinct(where: str, words: Iterable[str]) -> None:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            raise ValueError(f"{where}: {word} stands twice")
        seen.add(word)


ERROR_HEADER = "错误 / errors"
"""The column that the annotation adds and reading skips, so that an annotated workbook can be corrected and sent again."""
SUMMARY_SHEET = "错误汇总"
EXPLANATION_SHEET = "填表说明"
