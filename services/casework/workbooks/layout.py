"""Layouts as documents: the sheets of a form or list and their columns. One layout for reading and writing; no code knows
its words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from services.chassis.law.content import DocumentError

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
            raise DocumentError(
                (),
                f"{self.key}：代码表只属于代码列，代码列须写代码表",
                f"{self.key}: a code list belongs to a column of codes, and to no other",
            )
        if self.words and self.codes is None:
            raise DocumentError((), f"{self.key}：只有代码列用文字书写", f"{self.key}: only codes are written in words")
        if self.most != 1 and self.type is not ColumnType.CODES:
            raise DocumentError(
                (),
                f"{self.key}：只有多个代码的列写最多几个",
                f"{self.key}: only a column of several codes says how many at most",
            )
        if self.type is not ColumnType.NUMBER and (self.decimals or self.unit is not None or self.signed):
            raise DocumentError(
                (),
                f"{self.key}：只有数字列写单位、小数位和正负",
                f"{self.key}: only a number has a unit, decimals and a sign",
            )
        if self.summed and self.type is not ColumnType.NUMBER:
            raise DocumentError((), f"{self.key}：只有数字列有合计", f"{self.key}: only numbers have a sum")
        if self.compared_only and self.required:
            raise DocumentError(
                (), f"{self.key}：只供核对的列不是必填", f"{self.key}: what is only compared is not required"
            )
        if not (0 <= self.decimals <= 6 and 1 <= self.most <= 9):
            raise DocumentError(
                (), f"{self.key}：最多六位小数、九个代码", f"{self.key}: at most six decimals and nine codes"
            )


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
            raise DocumentError((), f"{self.key}：工作表须有列", f"{self.key}: a sheet has columns")
        _require_distinct(self.key, (column.key for column in self.columns))
        _require_distinct(self.key, (header for c in self.columns for header in dict.fromkeys(map(folded, c.headers))))
        if not re.fullmatch(r"[^\[\]:*?/\\']{1,31}", self.zh):
            raise DocumentError(
                (),
                f"{self.key}：表格软件不接受这样的工作表名称，请改名",
                f"{self.key}: no spreadsheet takes this name of a sheet",
            )


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
            raise DocumentError((), "布局须有工作表，请填写 sheets", "a layout has sheets")
        _require_distinct("sheets", (sheet.key for sheet in self.sheets))
        _require_distinct("sheets", (name for s in self.sheets for name in dict.fromkeys(map(folded, s.names))))
        if self.whole and self.joined is not None:
            raise DocumentError(
                (),
                "whole：两表合一的平表没有自己的合计，请删去",
                "whole: a flat sheet of two lists has no sum of its own",
            )
        if any(set(note) != {"zh", "en"} for note in self.notes):
            raise DocumentError((), "notes：每条说明须有 zh 和 en", "notes: each says its text in zh and en")
        if self.joined is not None:
            try:
                for key in (self.joined.master, self.joined.detail):
                    self.sheet(key).column(self.joined.key[key])
            except KeyError as unknown:
                raise DocumentError(
                    (), f"joined：没有名为{unknown}的工作表", f"joined: there is no {unknown}"
                ) from None


def layout_from(document: Mapping[str, Any]) -> Layout:
    """The layout in this document. Raises ``msgspec.ValidationError`` and ``DocumentError``."""
    return msgspec.convert(document, Layout)


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
            raise DocumentError((), f"{where}：{word}重复，请改名", f"{where}: {word} stands twice")
        seen.add(word)


ERROR_HEADER = "错误 / errors"
"""The column that the annotation adds and reading skips, so that an annotated workbook can be corrected and sent again."""
SUMMARY_SHEET = "错误汇总"
EXPLANATION_SHEET = "填表说明"
