"""The uploaded workbook with its errors: rows unchanged, an error column added, and a summary sheet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from xlsxwriter.exceptions import OverlappingRange

from services.casework.messages import say
from services.casework.workbooks.layout import ERROR_HEADER, SUMMARY_SHEET, Layout
from services.casework.workbooks.parsing import finder_for, order_for, sheets_of
from services.casework.workbooks.reading.limits import DEFAULT_LIMITS, Limits
from services.casework.workbooks.reading.messages import Cell, SheetBegun, Unreadable, UnreadableCell
from services.casework.workbooks.reading.process import Reader, read_apart
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.tables import HEADERS_WITHIN, Headers, Line, MergedCells
from services.casework.workbooks.writing.workbook_writer import WorkbookWriter

ERROR_VALUE = "#N/A"
RED = "#FFC7CE"
FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - a cell has no time zone
"""Days before it spreadsheets count with a 29th of February 1900."""

Errors = Mapping[int, list[RowError]]
"""Row number → its errors."""


def annotate(
    content: bytes,
    errors: Sequence[RowError],
    layout: Layout,
    *,
    limits: Limits = DEFAULT_LIMITS,
    reader: Reader = read_apart,
) -> bytes:
    """An .xlsx with the sheets that were read, to be corrected and sent again.

    ``content`` is what was parsed; raises ``Refused`` for a file that cannot be. Other sheets are left out.
    """
    by_sheet: dict[str, dict[int, list[RowError]]] = defaultdict(lambda: defaultdict(list))
    for error in errors:
        by_sheet[error.sheet][error.row].append(error)
    writer = WorkbookWriter(layout.zh)
    for begun, lines in sheets_of(reader(content, order_for(layout, limits))):
        _copy_sheet(writer, layout, begun, lines, by_sheet[begun.name])
    _write_summary(writer, errors)
    return writer.to_bytes()


def _copy_sheet(
    writer: WorkbookWriter, layout: Layout, begun: SheetBegun, lines: Iterator[Line], errors: Errors
) -> None:
    first = list(islice(lines, HEADERS_WITHIN))
    over = MergedCells(begun.merged)
    headers = finder_for(layout, begun.name).find([over.spread(line, across=True) for line in first])
    widest = max((len(cells) for _, cells in first), default=0)
    header_row = headers.last if headers is not None else 1
    error_column = headers.errors if headers is not None and headers.errors is not None else widest
    sheet = writer.add_sheet(begun.name, frozen_rows=header_row)
    sheet.set_column(0, widest, 16, writer.text())
    sheet.set_column(error_column, error_column, 60, writer.text())
    for area in begun.merged:
        with suppress(OverlappingRange):
            sheet.merge_range(area.top, area.left, area.bottom, area.right, "", writer.text())
    writer.write_text(sheet, header_row - 1, error_column, ERROR_HEADER, bold=True)
    for number, cells in chain(first, lines):
        row_errors = errors.get(number, [])
        marked = {_column_index(headers, layout, error.column) for error in row_errors}
        for index, cell in enumerate(cells):
            if index != error_column:
                _write_cell(writer, sheet, number - 1, index, cell, red=index in marked)
    for number, row_errors in errors.items():
        if number != header_row:
            writer.write_text(sheet, number - 1, error_column, _message(row_errors), bg_color=RED)


def _column_index(headers: Headers | None, layout: Layout, header: str) -> int:
    """Index of an error's column in this sheet, whichever header it has there; -1 for the whole row."""
    for sheet in layout.sheets:
        for column in sheet.columns:
            if headers is not None and column.header == header and (sheet.key, column.key) in headers.names:
                return headers.names[sheet.key, column.key]
    return -1


def _message(errors: Iterable[RowError]) -> str:
    return "\n".join(
        f"{error.column}: {error.zh} {error.en}" if error.column else f"{error.zh} {error.en}" for error in errors
    )


def _write_cell(writer: WorkbookWriter, sheet: Any, row: int, index: int, cell: Cell, *, red: bool) -> None:
    """Write the value with its own type: a number stays a number, so that the error remains visible."""
    properties: dict[str, object] = {"bg_color": RED} if red else {}
    if isinstance(cell, UnreadableCell):
        # A blank would mean "unchanged" when it is sent again. A formula in the table is refused before anybody comes here.
        shown = ERROR_VALUE if cell.kind is not Unreadable.FORMULA else str(cell.shown)
        writer.write_text(sheet, row, index, shown, **properties)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, index, cell, writer.format(**properties))
    elif isinstance(cell, str):
        if cell or red:
            writer.write_text(sheet, row, index, cell, **properties)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, index, cell, writer.format(**properties))
    elif isinstance(cell, timedelta):
        sheet.write_datetime(row, index, cell, writer.format(num_format="[h]:mm:ss", **properties))
    elif cell >= FIRST_DAY:
        sheet.write_datetime(row, index, cell, writer.format(num_format="yyyy-mm-dd", **properties))
    else:
        writer.write_text(sheet, row, index, cell.isoformat(), **properties)


def _write_summary(writer: WorkbookWriter, errors: Sequence[RowError]) -> None:
    error = say("error")
    headers = (say("sheet").line, say("row").line, say("column").line, say("code").line, error.zh, error.en)
    lines = [headers, *((e.sheet, str(e.row), e.column, e.code, e.zh, e.en) for e in errors)]
    sheet = writer.add_sheet(SUMMARY_SHEET)
    sheet.set_column(0, len(headers) - 1, 30, writer.text())
    for row, line in enumerate(lines):
        for index, text in enumerate(line):
            writer.write_text(sheet, row, index, text, **({"bold": True} if row == 0 else {}))
