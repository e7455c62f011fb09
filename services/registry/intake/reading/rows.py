"""A sheet's cells parsed to rows of field values, with an error for every cell that cannot be parsed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from contracts.personal import Personal
from services.chassis.ground.messages import Message
from services.chassis.ground.readings import READ_AS, Unreadable, joined
from services.chassis.ground.refusals import Refused, Rule
from services.registry.intake.codes import CodedColumn
from services.registry.intake.layout import ERROR_HEADER, Column, Sheet
from services.registry.intake.reading import row_rules as rules
from services.registry.intake.reading.cells import parse_cell
from services.registry.intake.reading.drafts import PartialDate, RowError
from services.registry.intake.reading.file_rules import DUPLICATE_COLUMN, MISSING_COLUMN, UNKNOWN_COLUMN
from services.registry.intake.reading.package import SheetScan, column_letters
from services.registry.intake.reading.workbook import Cell, Workbook
from services.registry.messages import say

T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """``values``: by column key; ``unparsed``: keys of the cells that have an error."""

    sheet: Sheet
    number: int
    values: dict[str, object] = field(default_factory=dict)
    unparsed: set[str] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value of a cell, or ``None`` when it is blank or has an error."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None

    def require(self, key: str, kind: type[T]) -> T:
        """The value of a cell that must be there. Raises ``LookupError``."""
        value = self.get(key, kind)
        if value is None:
            raise LookupError(key)
        return value

    def personal(self, key: str) -> Personal[str] | None:
        text = self.get(key, str)
        return None if text is None else Personal(text)

    def has(self, key: str) -> bool:
        """Whether the cell is filled in, with an error or without."""
        return key in self.values or key in self.unparsed

    def add_error(self, rule: Rule, key: str = "", *, see_row: int | None = None, note: Message | None = None) -> None:
        """``see_row``: the other row that this one conflicts with."""
        column = self.sheet.column(key).header if key else ""
        note = note if see_row is None else say("see_row", row=see_row)
        self.errors.append(RowError.of(rule, self.sheet.name, self.number, column, note=note))


def parse_rows(
    book: Workbook, sheet: Sheet, scan: SheetScan, today: date, words: Mapping[str, CodedColumn]
) -> list[Row]:
    """Every row that is not blank. ``words``: key → the code list in force. Raises ``Refused`` when the headers are not those
    of the form."""
    lines = book.rows(sheet.name)
    _, headers = next(lines, (1, []))
    columns = [(index, _with_words(column, words)) for index, column in _match_columns(sheet, headers)]
    return list(_rows(lines, sheet, columns, scan, today))


def _with_words(column: Column, words: Mapping[str, CodedColumn]) -> Column:
    return column if column.codes is None else replace(column, codes=words[column.codes.key])


def _rows(
    lines: Iterator[tuple[int, list[Cell]]],
    sheet: Sheet,
    columns: list[tuple[int, Column]],
    scan: SheetScan,
    today: date,
) -> Iterator[Row]:
    for number, cells in lines:
        row = Row(sheet, number)
        for index, column in columns:
            if (number - 1, index) in scan.error_cells:
                row.unparsed.add(column.key)
                row.add_error(rules.ERROR_VALUE, column.key)
            else:
                _parse_cell_into(row, column, cells[index] if index < len(cells) else "", today)
        if row.values or row.unparsed:
            _check_required(row)
            yield row


def _parse_cell_into(row: Row, column: Column, cell: Cell, today: date) -> None:
    try:
        value, changes = parse_cell(cell, column)
        if _in_future(value, column, today):
            raise Refused(rules.FUTURE_DATE)
    except Refused as refused:
        row.unparsed.add(column.key)
        row.add_error(refused.rule, column.key, note=refused.note if isinstance(refused, Unreadable) else None)
    else:
        if (note := joined(changes)) is not None:
            row.warnings.append(RowError.of(READ_AS, row.sheet.name, row.number, column.header, note=note))
        if value is not None:
            row.values[column.key] = value


def _check_required(row: Row) -> None:
    for column in row.sheet.columns:
        if column.required and not row.has(column.key):
            row.unparsed.add(column.key)
            row.add_error(rules.REQUIRED, column.key)


def _in_future(value: object, column: Column, today: date) -> bool:
    """Every date of the form lies in the past: a visit, a decision, a registration."""
    if isinstance(value, PartialDate):
        return value.first_day > today
    if isinstance(value, date):
        return value > today
    return column.key == "income_year" and isinstance(value, int) and value > today.year


def _match_columns(sheet: Sheet, headers: Sequence[Cell]) -> list[tuple[int, Column]]:
    """Index and column of each known header. An unknown one is reported by its letters: it may be personal data."""
    by_header: dict[str, Column] = {}
    for column in sheet.columns:
        for spelling in (column.header, column.zh, column.en):
            by_header[normalized_header(spelling)] = column
    found: list[tuple[int, Column]] = []
    seen: set[str] = set()
    skipped = normalized_header(ERROR_HEADER)
    for index, header in enumerate(headers):
        text = normalized_header(str(header))
        if not text or text == skipped:
            continue
        known = by_header.get(text)
        if known is None:
            raise Refused(UNKNOWN_COLUMN, sheet=sheet.name, column=column_letters(index))
        if known.key in seen:
            raise Refused(DUPLICATE_COLUMN, sheet=sheet.name, column=known.header)
        seen.add(known.key)
        found.append((index, known))
    missing = [column.header for column in sheet.columns if column.key not in seen]
    if missing:
        raise Refused(MISSING_COLUMN, sheet=sheet.name, column=missing[0], missing=len(missing))
    return found


def normalized_header(header: str) -> str:
    """Without whitespace, case and the width of brackets, for comparison."""
    folded = "".join(header.split()).casefold()
    return folded.replace("（", "(").replace("）", ")").replace("／", "/")
