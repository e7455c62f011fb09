"""A file read by a layout: its sheets found, their headers matched, their lines parsed to rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from services.casework.workbooks import cell_rules as rules
from services.casework.workbooks.cells import is_blank
from services.casework.workbooks.column_reading import ColumnReader
from services.casework.workbooks.completeness import Completeness, rows_said
from services.casework.workbooks.file_rules import FORMULA, MISSING_SHEET, TOO_LARGE, TOO_MANY_ERRORS, TWO_TABLES
from services.casework.workbooks.form import Form
from services.casework.workbooks.joining import JoinedRows
from services.casework.workbooks.layout import EXPLANATION_SHEET, SUMMARY_SHEET, ColumnType, Layout, Sheet, folded
from services.casework.workbooks.reading.limits import DEFAULT_LIMITS, Limits
from services.casework.workbooks.reading.messages import (
    Cell,
    Message,
    Opened,
    Order,
    Rows,
    SheetBegun,
    Unreadable,
    UnreadableCell,
    cell_of,
)
from services.casework.workbooks.reading.process import Reader, read_apart
from services.casework.workbooks.reading.scanning import column_letters
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm, Row
from services.casework.workbooks.tables import (
    HEADERS_WITHIN,
    HeaderFinder,
    Headers,
    Line,
    MergedCells,
    begins_with_foot,
    is_header_again,
    told_name,
    with_merged_across,
)
from services.chassis.ground.day_texts import SERIAL
from services.chassis.ground.refusals import Refused

DAYS = frozenset({ColumnType.DAY, ColumnType.PARTIAL_DATE})
OWN_SHEETS = frozenset({EXPLANATION_SHEET, SUMMARY_SHEET})
"""That a template or an annotation added."""
DAYS_UNTIL_1904 = 1_462
"""Between the first days of the two date systems of workbooks."""


def read_form(
    content: bytes, form: Form, today: date, *, limits: Limits = DEFAULT_LIMITS, reader: Reader = read_apart
) -> ReadForm:
    """The rows of the file. ``today``: the civil day of the upload. Raises ``Refused`` when the file as a whole cannot be
    taken (see ``file_rules``)."""
    if len(content) > limits.file_bytes:
        raise Refused(TOO_LARGE, limit_bytes=limits.file_bytes, bytes=len(content))
    parsing = _Parsing(form, today, limits)
    messages = reader(content, order_for(form.layout, limits))
    for begun, lines in sheets_of(parsing.opened(messages)):
        parsing.add_sheet(begun, lines)
    return parsing.finished()


def order_for(layout: Layout, limits: Limits) -> Order:
    """A file has the layout's sheets, or, where one table can hold all of it, any sheet."""
    names = frozenset(folded(name) for sheet in layout.sheets for name in sheet.names)
    return Order(names, layout.joined is not None or len(layout.sheets) == 1, limits)


def tables_for(layout: Layout, name: str) -> tuple[Sequence[Sheet], Sequence[str], bool]:
    """What a sheet of this name can hold: the layout's sheet of that name, or all of the layout; headers known to have no field;
    and whether it has that name."""
    named = next((sheet for sheet in layout.sheets if folded(name) in map(folded, sheet.names)), None)
    if named is not None:
        return (named,), named.unused, True
    if layout.joined is not None:
        joined = (layout.sheet(layout.joined.detail), layout.sheet(layout.joined.master))
        return joined, layout.joined.unused, False
    return layout.sheets, layout.sheets[0].unused, False


def finder_for(layout: Layout, name: str) -> HeaderFinder:
    """Finds the headers of a sheet of this name."""
    sheets, unused, _ = tables_for(layout, name)
    return HeaderFinder(sheets, unused)


def sheets_of(messages: Iterator[Message]) -> Iterator[tuple[SheetBegun, Iterator[Line]]]:
    """Each sheet and its lines, which are read before the next sheet is asked for."""
    ahead: list[SheetBegun] = []

    def lines() -> Iterator[Line]:
        for message in messages:
            if isinstance(message, SheetBegun):
                ahead.append(message)
            if not isinstance(message, Rows):
                return
            for number, cells in message.rows:
                yield number, [cell_of(cell) if type(cell) is dict else cell for cell in cells]

    for message in messages:
        if isinstance(message, SheetBegun):
            ahead.append(message)
        while ahead:
            reading = lines()
            yield ahead.pop(0), reading
            for _ in reading:
                pass


def in_1900_system(line: Line, days: Sequence[int]) -> Line:
    """With the day numbers in these columns as a workbook has them that counts from 1900."""
    number, cells = line
    shifted = list(cells)
    for index in days:
        if index < len(cells) and (serial := SERIAL.fullmatch(str(cells[index]))) is not None:
            shifted[index] = str(int(serial[1]) + DAYS_UNTIL_1904)
    return number, shifted


@dataclass(slots=True)
class _Parsing:
    form: Form
    today: date
    limits: Limits
    rows: dict[str, list[Row]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    warnings: list[RowError] = field(default_factory=list)
    errors: int = 0
    without_headers: list[tuple[HeaderFinder, Headers | None]] = field(default_factory=list)

    def opened(self, messages: Iterator[Message]) -> Iterator[Message]:
        """What follows; sheets that are passed over are told."""
        for message in messages:
            if isinstance(message, Opened):
                self.warnings += [
                    RowError.of(rules.IGNORED_SHEET, name, 1) for name in message.passed_over if name not in OWN_SHEETS
                ]
            yield message

    def add_sheet(self, begun: SheetBegun, lines: Iterator[Line]) -> None:
        sheets, unused, named = tables_for(self.form.layout, begun.name)
        if named and sheets[0].key in self.names:
            raise Refused(TWO_TABLES, sheet=begun.name)
        finder = HeaderFinder(sheets, unused)
        first = list(islice(lines, HEADERS_WITHIN))
        over = MergedCells(begun.merged)
        headers = finder.find([over.spread(line, across=True) for line in first])
        shared = self._shared() if len(sheets) > 1 else ()
        try:
            finder.require_columns(headers, shared)
        except Refused:
            if named:
                raise
            if begun.name not in OWN_SHEETS:
                self.without_headers.append((finder, headers))
                self.warnings.append(RowError.of(rules.IGNORED_SHEET, begun.name, 1))
            return
        if not named and self.names:
            raise Refused(TWO_TABLES, sheet=begun.name)
        assert headers is not None
        self.names.update(dict.fromkeys((sheet.key for sheet in sheets), begun.name))
        self._tell(begun.name, headers, finder)
        if begun.hidden:
            self.warnings.append(RowError.of(rules.HIDDEN, begun.name, 1))
        if begun.since_1904:
            # Numbers under a date format are days already; those without one are counted as in every other file.
            days = [c.index for c in headers.columns if c.column.type in DAYS]
            first, lines = (
                [in_1900_system(line, days) for line in first],
                (in_1900_system(line, days) for line in lines),
            )
        whole = None
        if self.form.layout.whole and len(sheets) == 1:
            above = [(number, cells) for number, cells in first if number < headers.last]
            title = [(number, said) for number, cells in above for said in rows_said(cells)]
            whole = Completeness(sheets[0], begun.name, title)
        table = _Table(self, headers, MergedCells(begun.merged), begun.name, whole)
        if len(sheets) > 1:
            self._add_joined(table, chain(first, lines), sheets[0])
        else:
            self.rows[sheets[0].key] = [row for row, _ in table.rows(sheets[0], chain(first, lines))]
        if whole is not None:
            whole.finish()

    def finished(self) -> ReadForm:
        if not self.names and self.without_headers:
            finder, headers = self.without_headers[0]
            finder.require_columns(headers, self._shared())
        for sheet in self.form.layout.sheets:
            if sheet.key not in self.names and not sheet.optional:
                raise Refused(MISSING_SHEET, sheet=sheet.name)
        rows = {sheet.key: self.rows.get(sheet.key, []) for sheet in self.form.layout.sheets}
        if not any(rows.values()):
            self.warnings.append(RowError.of(rules.NO_ROWS, next(iter(self.names.values())), 1))
        return ReadForm(rows, self.names, self.warnings)

    def _shared(self) -> Sequence[tuple[str, str]]:
        """The join's column stands once in a flat sheet, and is the detail's."""
        joined = self.form.layout.joined
        return () if joined is None else ((joined.master, joined.key[joined.master]),)

    def _add_joined(self, table: "_Table", lines: Iterator[Line], detail: Sheet) -> None:
        joining = JoinedRows(self.form, self.today, table.headers.columns)
        for row, line in table.rows(detail, lines):
            before = len(row.errors)
            joining.add(row, line)
            self.count_errors(len(row.errors) - before)
        self.rows.update(joining.rows)

    def _tell(self, name: str, headers: Headers, finder: HeaderFinder) -> None:
        for column in headers.substituted:
            place = f"{told_name(column.index, column.header, known=True)} → {column.column.header}"
            self.warnings.append(RowError.of(rules.SUBSTITUTE_COLUMN, name, headers.last, place))
        for column in headers.noted:
            place = f"{told_name(column.index, '', known=False)} → {column.column.header}"
            self.warnings.append(RowError.of(rules.NOTED_COLUMN, name, headers.last, place))
        for column in headers.columns:
            if column.column.compared_only:
                place = told_name(column.index, column.header, known=True)
                self.warnings.append(RowError.of(rules.COMPARED_ONLY, name, headers.last, place))
        for index, header in headers.ignored:
            shown = told_name(index, header, known=finder.is_known_unused(header))
            self.warnings.append(RowError.of(rules.IGNORED_COLUMN, name, headers.last, shown))

    def count_errors(self, more: int) -> None:
        self.errors += more
        if self.errors > self.limits.errors:
            raise Refused(TOO_MANY_ERRORS, limit=self.limits.errors)


@dataclass(slots=True)
class _Table:
    """The lines of one table as rows. ``whole``: of a list that is taken as a whole or not."""

    parsing: _Parsing
    headers: Headers
    merged: MergedCells
    name: str
    whole: Completeness | None = None

    def rows(self, sheet: Sheet, lines: Iterator[Line]) -> Iterator[tuple[Row, Line]]:
        """Every row of the sheet with content, and the line it comes from."""
        form, headers, today = self.parsing.form, self.headers, self.parsing.today
        own = [(c.index, ColumnReader.of(form, c.column)) for c in headers.columns if c.sheet.key == sheet.key]
        required = [column.key for column in sheet.columns if column.required]
        foot = tuple(map(folded, form.layout.foot))
        for line in lines:
            spread = self.merged.spread(line)
            number, cells = spread
            if number <= headers.last or is_header_again(cells, headers.columns):
                continue
            row = Row(sheet, number)
            marked = with_merged_across(spread, self.merged, headers.columns)
            for index, reader in own:
                if index < len(marked[1]) and (cell := marked[1][index]) != "":
                    row.parse(cell, reader, today)
            is_whole = all(key in row.values for key in required)
            says_rows = self.whole is not None and any(True for _ in rows_said(line[1]))
            is_foot = not is_whole and (says_rows or self._is_foot(row, line[1], cells, foot))
            if is_foot and self.whole is not None:
                self.whole.foot(row, marked[1])
            if is_foot:
                self.parsing.warnings.append(RowError.of(rules.FOOT_LINE, self.name, number))
                self.parsing.count_errors(1)
            if is_foot or row.is_blank:
                continue
            if row.unparsed:
                self._refuse_formula(marked)
            if self.whole is not None:
                self.whole.add(row, is_whole=is_whole, cells=line[1], places={r.column.layout.key: i for i, r in own})
            if not is_whole:
                row.check_required()
            self.parsing.count_errors(len(row.errors) + len(row.warnings))
            yield row, marked

    @staticmethod
    def _is_foot(row: Row, written: Sequence[Cell], cells: Sequence[Cell], foot: tuple[str, ...]) -> bool:
        """A line that is no whole row and begins as those below a table do, or says one thing in words, where no row does."""
        if begins_with_foot(cells, foot):
            return True
        said = [cell for cell in written if not is_blank(cell)]
        in_words = len(said) == 1 and isinstance(said[0], str) and not any(c.isdigit() for c in said[0])
        return in_words and not row.values and not row.is_blank

    def _refuse_formula(self, line: Line) -> None:
        number, cells = line
        for column in self.headers.columns:
            cell = cells[column.index] if column.index < len(cells) else ""
            if isinstance(cell, UnreadableCell) and cell.kind is Unreadable.FORMULA:
                raise Refused(FORMULA, sheet=self.name, cell=f"{column_letters(column.index)}{number}")
