"""From a cell's value to a field's value, by type of column. What a cell breaks is ``Refused`` with its rule. A service brings
parsers of its own for what it knows more about, such as ID numbers."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from contracts.facts import Precision
from services.casework.workbooks import cell_rules as rules
from services.casework.workbooks.file_rules import FORMULA
from services.casework.workbooks.form import CellParser, Form, FormColumn, Reading
from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.reading.messages import Cell, Unreadable, UnreadableCell
from services.casework.workbooks.values import PartialDate, PlaceName
from services.chassis.ground.refusals import Refused, Rule

MAX_TEXT_LENGTH = 200
BLANK = Reading(None)
EXACT_DIGITS = 15
"""A spreadsheet keeps that many digits of a number; further ones are lost without notice."""
UNREADABLE: Mapping[Unreadable, Rule] = {
    Unreadable.ERROR_VALUE: rules.ERROR_VALUE,
    Unreadable.FORMULA: FORMULA,
    Unreadable.MERGED: rules.MERGED,
}

_IDENTIFIER = re.compile(r"[0-9A-Za-z-]{1,40}", re.ASCII)
_DIVISION = re.compile(r"[0-9]{12}", re.ASCII)
_PLACE_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf〇·]{2,40}")
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,19}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{8,32}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.([0-9]+))?", re.ASCII)
_YEAR = re.compile(r"([0-9]{4})年?度?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?|([0-9]{4})([0-9]{2})", re.ASCII)
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_ERROR_VALUES = frozenset("#N/A #REF! #DIV/0! #VALUE! #NAME? #NULL! #NUM!".split())
_SEPARATORS = re.compile(r"[、,，;；/\s]+")


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def parse_cell(cell: Cell, column: FormColumn, form: Form) -> Reading:
    """The field's value. Raises ``Refused`` with the rule that the cell breaks."""
    if isinstance(cell, str):
        text = cell.strip()
        if not text:
            return BLANK
        if text[0] == "#" and text.upper() in _ERROR_VALUES:
            raise Refused(rules.ERROR_VALUE)
    elif isinstance(cell, UnreadableCell):
        raise Refused(UNREADABLE[cell.kind])
    try:
        return form.parsers[column.layout.type](cell, column)
    except Refused as refused:
        raise Refused(form.rules.get((column.layout.key, refused.rule), refused.rule)) from None


def plain_text(cell: Cell) -> str:
    """One line of text in NFC. A number short enough to be exact is accepted as its digits. Raises ``Refused``."""
    if isinstance(cell, str):
        text = unicodedata.normalize("NFC", cell.strip())
        if not text.isprintable() and any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text):
            raise Refused(rules.BAD_TEXT)
        if len(text) > MAX_TEXT_LENGTH:
            raise Refused(rules.LONG_TEXT)
        return text
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


def _phone(cell: Cell, _: FormColumn) -> str:
    text = plain_text(cell).replace(" ", "")
    if not isinstance(cell, str) and not (len(text) == 11 and text.startswith("1")):
        # A fixed line begins with a zero that a number cannot keep.
        raise Refused(rules.STORED_AS_NUMBER)
    return _matching(_PHONE, text, rules.BAD_PHONE)


def _account(cell: Cell, _: FormColumn) -> str:
    return _matching(_ACCOUNT, plain_text(cell).replace(" ", ""), rules.BAD_ACCOUNT)


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
    if found is not None:
        return found
    if len([part for part in _SEPARATORS.split(text) if part]) > 1:
        raise Refused(rules.ONE_CODE)
    raise Refused(rules.UNKNOWN_LABEL)


def _codes(cell: Cell, column: FormColumn) -> object:
    words = [part for part in _SEPARATORS.split(_code_text(cell)) if part]
    found = tuple(column.codes.parse(word) if column.codes else None for word in words)
    if None in found:
        raise Refused(rules.UNKNOWN_LABEL)
    if len(set(found)) < len(found):
        raise Refused(rules.CODE_REPEATED)
    if len(found) > column.layout.most:
        raise Refused(rules.TOO_MANY_CODES)
    return found


def _number(cell: Cell, column: FormColumn) -> Decimal:
    """Exact: more decimals than the field holds are an error, never rounded."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise Refused(rules.BAD_NUMBER)
    text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else _digits(cell)
    shape = _NUMBER.fullmatch(text)
    places = column.layout.decimals
    if shape is None or len((shape[1] or "").rstrip("0")) > places:
        raise Refused(rules.BAD_NUMBER)
    number = Decimal(text)
    if number < 0:
        raise Refused(rules.NEGATIVE)
    return abs(number.quantize(Decimal(1).scaleb(-places)))


def _year(cell: Cell, _: FormColumn) -> int:
    shape = _YEAR.fullmatch(_date_text(cell))
    if shape is None or not 1900 <= int(shape[1]) <= 2200:
        raise Refused(rules.BAD_YEAR)
    return int(shape[1])


def _date_text(cell: Cell) -> str:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return ""
    return unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else _digits(cell)


def _partial_date(cell: Cell, _: FormColumn) -> PartialDate:
    """A day, month or year, with the precision that is written."""
    if isinstance(cell, datetime):
        return PartialDate(_valid_date([cell.year, cell.month, cell.day]), Precision.DAY)
    text = _date_text(cell)
    # 2014.10 typed as a number is 2014.1: only whole numbers may be dates.
    if isinstance(cell, float) and not cell.is_integer():
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


def _day(cell: Cell, column: FormColumn) -> date:
    found = _partial_date(cell, column)
    if found.precision is not Precision.DAY:
        raise Refused(rules.DAY_NEEDED)
    return found.first_day


def _unchanged(parse: Callable[[Cell, FormColumn], object]) -> CellParser:
    return lambda cell, column: Reading(parse(cell, column))


PARSERS: Mapping[ColumnType, CellParser] = {
    ColumnType.TEXT: _unchanged(lambda cell, _: plain_text(cell)),
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
    ColumnType.DAY: _unchanged(_day),
    ColumnType.PARTIAL_DATE: _unchanged(_partial_date),
}
