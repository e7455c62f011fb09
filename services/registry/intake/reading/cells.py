"""Parsers from a cell's value to a field's value, one per column kind. Each raises ``Refused`` with the rule that is
broken."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from contracts.facts import Precision
from services.casework.code_lists.domain import folded
from services.chassis.ground.day_texts import (
    DAY_UNREADABLE,
    FIRST_YEAR,
    LAST_YEAR,
    read_partial_day,
    read_partial_day_text,
)
from services.chassis.ground.field_texts import (
    number_reader,
    read_account,
    read_code,
    read_code_words,
    read_id_number,
    read_identifier,
    read_line,
    read_name,
    read_phone,
)
from services.chassis.ground.messages import Message
from services.chassis.ground.readings import Reader, Unreadable
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.ground.text_normalization import NOTHING
from services.registry.households.resident_id import ID_NUMERIC, parse_resident_id
from services.registry.intake.codes import CAUSES, DISABILITY, RELATIONS, CodedColumn, shipped
from services.registry.intake.layout import Column, ColumnKind
from services.registry.intake.reading import row_rules as rules
from services.registry.intake.reading.drafts import PartialDate
from services.registry.intake.reading.workbook import Cell
from services.registry.messages import say

MAX_TEXT_LENGTH = 200
MOST_OTHER_CAUSES = 2
DAY_NOTATION = "change.day_notation"
"""Of days that are written in another order or with other marks, which in a workbook needs no warning."""
EXACT_DIGITS = 15
"""A spreadsheet keeps that many digits of a number; further ones are lost without notice."""

_IDENTIFIER = re.compile(r"[0-9A-Za-z-]{1,40}", re.ASCII)
_DIVISION = re.compile(r"[0-9]{12}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.([0-9]+))?", re.ASCII)
_YEAR = re.compile(r"([0-9]{4})年?度?", re.ASCII)
_ERROR_VALUES = frozenset("#N/A #REF! #DIV/0! #VALUE! #NAME? #NULL! #NUM!".split())
_SEPARATORS = re.compile(r"[、,，;；/\s]+")


def parse_cell(value: Cell, column: Column) -> tuple[object, tuple[Message, ...]]:
    """The field's value, or ``None`` for a blank or what says that there is nothing, and what was changed to read it.
    Raises ``Refused`` with the rule that the cell breaks."""
    if isinstance(value, str) and not value.strip():
        return None, ()
    if isinstance(value, str) and value.strip().upper() in _ERROR_VALUES:
        raise Refused(rules.ERROR_VALUE)
    changes: tuple[Message, ...] = ()
    if isinstance(value, str):
        reader = _READERS.get(column.kind) or number_reader(column.unit)
        read = reader(value)
        if read.value is None:
            return None, read.changes
        changes = tuple(change for change in read.changes if change.code != DAY_NOTATION)
        value, changes = read.value, (*changes, *_left_out(read.value, column))
    return _PARSERS[column.kind](value, column), changes


def _left_out(text: str, column: Column) -> tuple[Message, ...]:
    """肢体二级 says two things, and the register has a field for one of them."""
    if column.codes is None or column.codes.key != DISABILITY.key:
        return ()
    categories = shipped("disability_category").words
    named = any(len(word) > 1 and folded(text).startswith(word) for word in categories)
    return (say("category_left_out"),) if named else ()


def _text(value: Cell, _: Column) -> str:
    """A number short enough to be exact is accepted as its digits."""
    if isinstance(value, str):
        if len(value) > MAX_TEXT_LENGTH:
            raise Refused(rules.LONG_TEXT)
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        digits = _digits(value)
        if digits.isdecimal() and len(digits) <= EXACT_DIGITS:
            return digits
    raise Refused(rules.STORED_AS_NUMBER)


def _name(value: Cell, column: Column) -> str:
    name = read_name(_text(value, column)).value
    if name is None:
        raise Refused(rules.REQUIRED)
    return name


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
    text = _text(value, column)
    if not isinstance(value, str) and not (len(text) == 11 and text.startswith("1")):
        # A fixed line begins with a zero that a number cannot keep.
        raise Refused(rules.STORED_AS_NUMBER)
    return text


def _account(value: Cell, column: Column) -> str | None:
    return read_account(_text(value, column)).value


def _resident_id(value: Cell, _: Column) -> object:
    if not isinstance(value, str):
        raise Refused(ID_NUMERIC)
    return parse_resident_id(value)


def _code_text(value: Cell, column: Column) -> str:
    return str(value).lower() if isinstance(value, bool) else _text(value, column)


def _code(value: Cell, column: Column) -> object:
    text, codes = _code_text(value, column), column.codes
    assert codes is not None
    found = codes.parse(text)
    if found is not None or text in NOTHING:
        return found
    if column.key == "main_cause" and len(codes.parse_all(text)) > 1:
        raise Refused(rules.TWO_MAIN_CAUSES)
    raise _unknown(rules.UNKNOWN_RELATION if codes.key == RELATIONS.key else rules.UNKNOWN_LABEL, codes, text)


def _code_list(value: Cell, column: Column) -> object:
    text, codes = _code_text(value, column), column.codes
    assert codes is not None
    found = codes.parse_all(text)
    if found == (None,) and text in NOTHING:
        return None
    if None in found:
        raise _unknown(rules.UNKNOWN_LABEL, codes, text)
    if codes.key == CAUSES.key and len(found) < len([word for word in _SEPARATORS.split(text) if word]):
        raise Refused(rules.CAUSE_REPEATED)
    if codes.key == CAUSES.key and len(found) > MOST_OTHER_CAUSES:
        raise Refused(rules.TOO_MANY_CAUSES)
    return found


def _unknown(why: Rule, codes: CodedColumn, text: str) -> Unreadable:
    return Unreadable(why, codes.list.nearest_note(text))


def _decimal(value: Cell, places: int) -> Decimal:
    """Exact: more decimals than the field holds are an error, never rounded."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Refused(rules.BAD_NUMBER)
    text = value if isinstance(value, str) else _digits(value)
    shape = _NUMBER.fullmatch(text)
    if shape is None or len((shape[1] or "").rstrip("0")) > places:
        raise Refused(rules.BAD_NUMBER)
    number = Decimal(text)
    if number < 0:
        raise Refused(rules.NEGATIVE)
    return abs(number.quantize(Decimal(1).scaleb(-places)))


def _year(value: Cell, _: Column) -> int:
    shape = _YEAR.fullmatch(_date_text(value))
    if shape is None or not FIRST_YEAR <= int(shape[1]) <= LAST_YEAR:
        raise Refused(rules.BAD_YEAR)
    return int(shape[1])


def _date_text(value: Cell) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return ""
    return value if isinstance(value, str) else _digits(value)


def _partial_date(value: Cell, _: Column) -> PartialDate:
    """A day, month or year, with the precision that is written."""
    if isinstance(value, datetime):
        return PartialDate(value.date(), Precision.DAY)
    if isinstance(value, date):
        return PartialDate(value, Precision.DAY)
    # 2014.10 typed as a number is 2014.1: only whole numbers may be dates.
    if isinstance(value, float) and not value.is_integer():
        raise Refused(DAY_UNREADABLE)
    parts = read_partial_day(_date_text(value)).value
    if parts is None:
        raise Refused(DAY_UNREADABLE)
    return PartialDate(date(*(*parts, 1, 1)[:3]), _PRECISIONS[len(parts) - 1])


_PRECISIONS = (Precision.YEAR, Precision.MONTH, Precision.DAY)


def _day(value: Cell, column: Column) -> date:
    found = _partial_date(value, column)
    if found.precision is not Precision.DAY:
        raise Refused(rules.DAY_NEEDED)
    return found.first_day


_READERS: dict[ColumnKind, Reader] = {
    ColumnKind.TEXT: read_line,
    ColumnKind.NAME: read_name,
    ColumnKind.IDENTIFIER: read_identifier,
    ColumnKind.DIVISION: read_code,
    ColumnKind.RESIDENT_ID: read_id_number,
    ColumnKind.PHONE: read_phone,
    ColumnKind.ACCOUNT: read_account,
    ColumnKind.CODE: read_code_words,
    ColumnKind.CODE_LIST: read_code_words,
    ColumnKind.YEAR: read_code,
    ColumnKind.DAY: read_partial_day_text,
    ColumnKind.PARTIAL_DATE: read_partial_day_text,
}
"""How text is read before it is parsed, as over HTTP; other kinds are numbers."""

_PARSERS: dict[ColumnKind, Callable[[Cell, Column], object]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.NAME: _name,
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
