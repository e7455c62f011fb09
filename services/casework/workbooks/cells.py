"""From a cell's value to a field's value, by type of column. What a cell breaks is ``Refused`` with its rule. A service brings
parsers of its own for what it knows more about, such as ID numbers."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from contracts.facts import Precision
from services.casework.messages import say
from services.casework.workbooks import cell_rules as rules
from services.casework.workbooks.form import CellParser, FormColumn
from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.reading.messages import Cell
from services.casework.workbooks.values import PartialDate, PlaceName
from services.chassis.ground import field_texts as texts
from services.chassis.ground import readings
from services.chassis.ground.day_texts import (
    DAY_UNREADABLE,
    FIRST_YEAR,
    LAST_YEAR,
    read_partial_day,
)
from services.chassis.ground.messages import Message
from services.chassis.ground.readings import Reading
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.ground.text_normalization import NOTHING

MAX_TEXT_LENGTH = 200
DAY_NOTATION = "change.day_notation"
"""Of days that are written in another order or with other marks, which in a workbook needs no warning."""
EXACT_DIGITS = 15
"""A spreadsheet keeps that many digits of a number; further ones are lost without notice."""

_IDENTIFIER = re.compile(r"[0-9A-Za-z-]{1,40}", re.ASCII)
_DIVISION = re.compile(r"[0-9]{12}", re.ASCII)
_PLACE_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf〇·]{2,40}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.([0-9]+))?", re.ASCII)
_YEAR = re.compile(r"([0-9]{4})年?度?", re.ASCII)
_SEPARATORS = re.compile(r"[、,，;；/\s]+")


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def told(changes: tuple[Message, ...]) -> tuple[Message, ...]:
    """Those that a warning says."""
    return tuple(change for change in changes if change.code != DAY_NOTATION) if changes else ()


def plain_text(cell: Cell) -> str:
    """A number short enough to be exact is accepted as its digits. Raises ``Refused``."""
    if isinstance(cell, str):
        if len(cell) > MAX_TEXT_LENGTH:
            raise Refused(rules.LONG_TEXT)
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        digits = _digits(cell)
        if digits.isdecimal() and len(digits) <= EXACT_DIGITS:
            return digits
    raise Refused(rules.STORED_AS_NUMBER)


def _digits(number: int | float) -> str:
    """As the spreadsheet shows it: fifteen significant digits, no exponent where none is needed."""
    return format(number, f".{EXACT_DIGITS}g")


def _matching(shape: re.Pattern[str], text: str, rule: Rule) -> str:
    if not shape.fullmatch(text):
        raise Refused(rule)
    return text


def _identifier(cell: Cell, _: FormColumn) -> str:
    return _matching(_IDENTIFIER, plain_text(cell), rules.BAD_IDENTIFIER)


def _division(cell: Cell, _: FormColumn) -> object:
    text = plain_text(cell)
    if _PLACE_NAME.fullmatch(text):
        return PlaceName(text)
    return _matching(_DIVISION, text, rules.BAD_DIVISION)


def _name(cell: Cell, _: FormColumn) -> str | None:
    return texts.read_name(plain_text(cell)).value


def _phone(cell: Cell, _: FormColumn) -> str:
    text = plain_text(cell)
    if not isinstance(cell, str) and not (len(text) == 11 and text.startswith("1")):
        # A fixed line begins with a zero that a number cannot keep.
        raise Refused(rules.STORED_AS_NUMBER)
    return text


def _account(cell: Cell, _: FormColumn) -> str | None:
    return texts.read_account(plain_text(cell)).value


def _resident_id(cell: Cell, _: FormColumn) -> str:
    """Text only; what else an ID number has to be, a service's own parser knows."""
    if not isinstance(cell, str):
        raise Refused(rules.STORED_AS_NUMBER)
    return plain_text(cell)


def _code_text(cell: Cell) -> str:
    return str(cell).lower() if isinstance(cell, bool) else plain_text(cell)


def _code(cell: Cell, column: FormColumn) -> object:
    text = _code_text(cell)
    found = column.codes.parse(text) if column.codes else None
    if found is not None or text in NOTHING:
        return found
    if len([part for part in _SEPARATORS.split(text) if part]) > 1:
        raise Refused(rules.ONE_CODE)
    raise _unknown(text, column)


def _codes(cell: Cell, column: FormColumn) -> object:
    text, codes = _code_text(cell), column.codes
    assert codes is not None
    words = [text] if codes.parse(text) is not None else [part for part in _SEPARATORS.split(text) if part]
    found = tuple(codes.parse(word) for word in words)
    if None in found:
        if text in NOTHING:
            return None
        raise _unknown(next(word for word in words if codes.parse(word) is None), column)
    if len(set(found)) < len(found):
        raise Refused(rules.CODE_REPEATED)
    if len(found) > column.layout.most:
        raise Refused(rules.TOO_MANY_CODES)
    return found


def _unknown(word: str, column: FormColumn) -> readings.Unreadable:
    note = say("nearest_word", nearest=column.codes.nearest(word)) if column.codes else None
    return readings.Unreadable(rules.UNKNOWN_LABEL, note)


def _number(cell: Cell, column: FormColumn) -> Decimal:
    """Exact: more decimals than the field holds are an error, never rounded."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise Refused(rules.BAD_NUMBER)
    text = cell if isinstance(cell, str) else _digits(cell)
    shape = _NUMBER.fullmatch(text)
    places = column.layout.decimals
    if shape is None or len((shape[1] or "").rstrip("0")) > places:
        raise Refused(rules.BAD_NUMBER)
    number = Decimal(text)
    if number < 0 and not column.layout.signed:
        raise Refused(rules.NEGATIVE)
    # Minus nothing is nothing.
    return number.quantize(Decimal(1).scaleb(-places)) + 0


def _year(cell: Cell, _: FormColumn) -> int:
    shape = _YEAR.fullmatch(_date_text(cell))
    if shape is None or not FIRST_YEAR <= int(shape[1]) <= LAST_YEAR:
        raise Refused(rules.BAD_YEAR)
    return int(shape[1])


def _date_text(cell: Cell) -> str:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return ""
    return cell if isinstance(cell, str) else _digits(cell)


def _partial_date(cell: Cell, _: FormColumn) -> Reading[object]:
    """A day, month or year, with the precision that is written."""
    # 2014.10 typed as a number is 2014.1: only whole numbers may be dates.
    if isinstance(cell, float) and not cell.is_integer():
        raise Refused(DAY_UNREADABLE)
    text = cell.date().isoformat() if isinstance(cell, datetime) else _date_text(cell)
    read = read_partial_day(text)
    parts = read.value
    if parts is None:
        raise Refused(DAY_UNREADABLE)
    day = PartialDate(date(*(*parts, 1, 1)[:3]), _PRECISIONS[len(parts) - 1])
    return Reading(day, told(read.changes))


_PRECISIONS = (Precision.YEAR, Precision.MONTH, Precision.DAY)


def _day(cell: Cell, column: FormColumn) -> Reading[object]:
    found = _partial_date(cell, column)
    assert isinstance(found.value, PartialDate)
    if found.value.precision is not Precision.DAY:
        raise Refused(rules.DAY_NEEDED)
    return Reading(found.value.first_day, found.changes)


def _unchanged(parse: Callable[[Cell, FormColumn], object]) -> CellParser:
    return lambda cell, column: Reading(parse(cell, column))


PARSERS: Mapping[ColumnType, CellParser] = {
    ColumnType.TEXT: _unchanged(lambda cell, _: plain_text(cell)),
    ColumnType.NAME: _unchanged(_name),
    ColumnType.IDENTIFIER: _unchanged(_identifier),
    ColumnType.DIVISION: _unchanged(_division),
    ColumnType.RESIDENT_ID: _unchanged(_resident_id),
    ColumnType.PHONE: _unchanged(_phone),
    ColumnType.ACCOUNT: _unchanged(_account),
    ColumnType.CODE: _unchanged(_code),
    ColumnType.YES_NO: _unchanged(_code),
    ColumnType.CODES: _unchanged(_codes),
    ColumnType.NUMBER: _unchanged(_number),
    ColumnType.YEAR: _unchanged(_year),
    ColumnType.DAY: _day,
    ColumnType.PARTIAL_DATE: _partial_date,
}
