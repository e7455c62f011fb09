"""Parsers from a cell's value to a field's value, one per column kind. Each raises ``Refused`` with the rule that is
broken."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from contracts.facts import Precision
from services.chassis.ground.refusals import Refused
from services.registry.households.resident_id import ID_NUMERIC, parse_resident_id
from services.registry.intake.codes import RELATIONS
from services.registry.intake.layout import Column, ColumnKind
from services.registry.intake.reading import row_rules as rules
from services.registry.intake.reading.drafts import PartialDate
from services.registry.intake.reading.workbook import Cell

MAX_TEXT_LENGTH = 200
EXACT_DIGITS = 15
"""A spreadsheet keeps that many digits of a number; further ones are lost without notice."""

_IDENTIFIER = re.compile(r"[0-9A-Za-z-]{1,40}", re.ASCII)
_DIVISION = re.compile(r"[0-9]{12}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,19}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{8,32}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.([0-9]+))?", re.ASCII)
_YEAR = re.compile(r"([0-9]{4})年?度?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?|([0-9]{4})([0-9]{2})", re.ASCII)
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_ERROR_VALUES = frozenset("#N/A #REF! #DIV/0! #VALUE! #NAME? #NULL! #NUM!".split())
_SEPARATORS = re.compile(r"[、,，;；/\s]+")


def parse_cell(value: Cell, column: Column) -> object:
    """The field's value, or ``None`` for a blank. Raises ``Refused`` with the rule that the cell breaks."""
    if isinstance(value, str) and not value.strip():
        return None
    if isinstance(value, str) and value.strip().upper() in _ERROR_VALUES:
        raise Refused(rules.ERROR_VALUE)
    return _PARSERS[column.kind](value, column)


def _text(value: Cell, _: Column) -> str:
    """One line of text in NFC. A number short enough to be exact is accepted as its digits."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value.strip())
        if not text.isprintable() and any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text):
            raise Refused(rules.BAD_TEXT)
        if len(text) > MAX_TEXT_LENGTH:
            raise Refused(rules.LONG_TEXT)
        return text
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        digits = _digits(value)
        if digits.isdecimal() and len(digits) <= EXACT_DIGITS:
            return digits
    raise Refused(rules.STORED_AS_NUMBER)


def _digits(value: int | float) -> str:
    """As the spreadsheet shows it: fifteen significant digits, no exponent where none is needed."""
    return format(value, f".{EXACT_DIGITS}g")


def _identifier(value: Cell, column: Column) -> str:
    text = _text(value, column)
    if not _IDENTIFIER.fullmatch(text):
        raise Refused(rules.BAD_IDENTIFIER)
    return text


def _division(value: Cell, column: Column) -> str:
    text = _text(value, column)
    if not _DIVISION.fullmatch(text):
        raise Refused(rules.BAD_DIVISION)
    return text


def _phone(value: Cell, column: Column) -> str:
    text = _text(value, column).replace(" ", "")
    if not isinstance(value, str) and not (len(text) == 11 and text.startswith("1")):
        # A fixed line begins with a zero that a number cannot keep.
        raise Refused(rules.STORED_AS_NUMBER)
    if not _PHONE.fullmatch(text):
        raise Refused(rules.BAD_PHONE)
    return text


def _account(value: Cell, column: Column) -> str:
    text = _text(value, column).replace(" ", "")
    if not _ACCOUNT.fullmatch(text):
        raise Refused(rules.BAD_ACCOUNT)
    return text


def _resident_id(value: Cell, _: Column) -> object:
    if not isinstance(value, str):
        raise Refused(ID_NUMERIC)
    return parse_resident_id(value)


def _code_text(value: Cell, column: Column) -> str:
    return str(value).lower() if isinstance(value, bool) else _text(value, column)


def _code(value: Cell, column: Column) -> object:
    text = _code_text(value, column)
    found = column.codes.parse(text) if column.codes else None
    if found is not None:
        return found
    if column.key == "main_cause" and len([part for part in _SEPARATORS.split(text) if part]) > 1:
        raise Refused(rules.TWO_MAIN_CAUSES)
    raise Refused(rules.UNKNOWN_RELATION if column.codes is RELATIONS else rules.UNKNOWN_LABEL)


def _code_list(value: Cell, column: Column) -> object:
    words = [part for part in _SEPARATORS.split(_code_text(value, column)) if part]
    found = tuple(column.codes.parse(word) if column.codes else None for word in words)
    if None in found:
        raise Refused(rules.UNKNOWN_LABEL)
    if len(set(found)) < len(found):
        raise Refused(rules.CAUSE_REPEATED)
    if len(found) > 2:
        raise Refused(rules.TOO_MANY_CAUSES)
    return found


def _decimal(value: Cell, places: int) -> Decimal:
    """Exact: more decimals than the field holds are an error, never rounded."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Refused(rules.BAD_NUMBER)
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else _digits(value)
    shape = _NUMBER.fullmatch(text)
    if shape is None or len((shape[1] or "").rstrip("0")) > places:
        raise Refused(rules.BAD_NUMBER)
    number = Decimal(text)
    if number < 0:
        raise Refused(rules.NEGATIVE)
    return abs(number.quantize(Decimal(1).scaleb(-places)))


def _year(value: Cell, _: Column) -> int:
    shape = _YEAR.fullmatch(_date_text(value))
    if shape is None or not 1900 <= int(shape[1]) <= 2200:
        raise Refused(rules.BAD_YEAR)
    return int(shape[1])


def _date_text(value: Cell) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return ""
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else _digits(value)


def _partial_date(value: Cell, _: Column) -> PartialDate:
    """A day, month or year, with the precision that is written."""
    if isinstance(value, datetime):
        return PartialDate(value.date(), Precision.DAY)
    if isinstance(value, date):
        return PartialDate(value, Precision.DAY)
    text = _date_text(value)
    # 2014.10 typed as a number is 2014.1: only whole numbers may be dates.
    if isinstance(value, float) and not value.is_integer():
        raise Refused(rules.BAD_DATE)
    shapes = ((_YEAR, Precision.YEAR), (_MONTH, Precision.MONTH), (_DATE, Precision.DAY))
    for shape, precision in shapes:
        found = shape.fullmatch(text)
        if found is not None:
            parts = [int(part) for part in found.groups() if part is not None]
            return PartialDate(_valid_date(parts), precision)
    raise Refused(rules.BAD_DATE)


def _valid_date(parts: list[int]) -> date:
    year, month, day = (*parts, 1, 1)[:3]
    if not 1900 <= year <= 2200:
        raise Refused(rules.BAD_DATE)
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(rules.BAD_DATE) from None


def _day(value: Cell, column: Column) -> date:
    found = _partial_date(value, column)
    if found.precision is not Precision.DAY:
        raise Refused(rules.DAY_NEEDED)
    return found.first_day


_PARSERS: dict[ColumnKind, Callable[[Cell, Column], object]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.IDENTIFIER: _identifier,
    ColumnKind.DIVISION: _division,
    ColumnKind.RESIDENT_ID: _resident_id,
    ColumnKind.PHONE: _phone,
    ColumnKind.ACCOUNT: _account,
    ColumnKind.CODE: _code,
    ColumnKind.CODE_LIST: _code_list,
    ColumnKind.MONEY: lambda value, _: _decimal(value, 2),
    ColumnKind.AMOUNT: lambda value, _: _decimal(value, 3),
    ColumnKind.YEAR: _year,
    ColumnKind.DAY: _day,
    ColumnKind.PARTIAL_DATE: _partial_date,
}
