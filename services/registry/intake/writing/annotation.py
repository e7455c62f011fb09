"""The uploaded workbook with its errors: rows unchanged, an error column added, and a summary sheet."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.registry.intake.layout import ERROR_HEADER, SHEETS, SUMMARY_SHEET, Sheet
from services.registry.intake.reading.drafts import RowError
from services.registry.intake.reading.package import Limits, SheetScan, inspect_package
from services.registry.intake.reading.rows import normalized_header
from services.registry.intake.reading.workbook import Cell, Workbook
from services.registry.intake.writing.workbook_writer import WorkbookWriter
from services.registry.messages import say

ERROR_VALUE = "#N/A"
MAX_NUMBER = 1e300
RED = "#FFC7CE"
DEFAULT_LIMITS = Limits()

Errors = dict[int, list[RowError]]
"""Row number → its errors."""


def annotate(content: bytes, errors: Sequence[RowError], *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """An .xlsx with the sheets of the form, to be corrected and sent again.

    ``content`` is what was parsed; raises ``Refused`` for a file that cannot be. Sheets that do not belong to the form
    are left out.
    """
    scans = inspect_package(content, limits)
    book = Workbook(content)
    by_sheet: dict[str, Errors] = defaultdict(lambda: defaultdict(list))
    for error in errors:
        by_sheet[error.sheet][error.row].append(error)
    writer = WorkbookWriter()
    for layout in SHEETS:
        if layout.name in book.names:
            _copy_sheet(writer, layout, book, scans[layout.name], by_sheet[layout.name])
    _write_summary(writer, errors)
    return writer.to_bytes()


def _copy_sheet(writer: WorkbookWriter, layout: Sheet, book: Workbook, scan: SheetScan, errors: Errors) -> None:
    lines = book.rows(layout.name)
    headers = [str(header) for _, cells in [next(lines, (1, []))] for header in cells]
    column_indexes = {normalized_header(header): index for index, header in enumerate(headers)}
    error_column = column_indexes.pop(normalized_header(ERROR_HEADER), len(headers))
    sheet = writer.add_sheet(layout.name)
    sheet.set_column(0, len(headers), 16, writer.text())
    sheet.set_column(error_column, error_column, 60, writer.text())
    for index, header in enumerate([*headers, ""]):
        writer.write_text(sheet, 0, index, ERROR_HEADER if index == error_column else header, bold=True)
    for number, cells in lines:
        row_errors = errors.get(number, [])
        marked = {_column_index(layout, error.column, column_indexes) for error in row_errors}
        for index, value in enumerate(cells):
            # The parser yields an error value as a blank, and a blank would mean "unchanged" when it is sent again.
            cell = ERROR_VALUE if (number - 1, index) in scan.error_cells else value
            if index != error_column:
                _write_cell(writer, sheet, number - 1, index, cell, red=index in marked)
        if row_errors:
            writer.write_text(sheet, number - 1, error_column, _message(row_errors), bg_color=RED)


def _column_index(layout: Sheet, header: str, column_indexes: dict[str, int]) -> int:
    """Index of an error's column in this workbook, whichever of its headers is used; -1 for the whole row."""
    for column in layout.columns:
        if column.header == header:
            spellings = (column.header, column.zh, column.en)
            return next(
                (
                    column_indexes[normalized_header(text)]
                    for text in spellings
                    if normalized_header(text) in column_indexes
                ),
                -1,
            )
    return -1


def _message(errors: Iterable[RowError]) -> str:
    return "\n".join(
        f"{error.column}: {error.zh} {error.en}" if error.column else f"{error.zh} {error.en}" for error in errors
    )


def _write_cell(writer: WorkbookWriter, sheet: Any, row: int, index: int, cell: Cell, *, red: bool) -> None:
    """Write the value with its own type: a number stays a number, so that the error remains visible."""
    properties: dict[str, object] = {"bg_color": RED} if red else {}
    if isinstance(cell, bool):
        sheet.write_boolean(row, index, cell, writer.format(**properties))
    elif isinstance(cell, str):
        if cell or red:
            writer.write_text(sheet, row, index, cell, **properties)
    elif isinstance(cell, (int, float)):
        # A spreadsheet has no infinite number and no NaN.
        if math.isnan(cell):
            writer.write_text(sheet, row, index, ERROR_VALUE, **properties)
        else:
            sheet.write_number(row, index, max(-MAX_NUMBER, min(cell, MAX_NUMBER)), writer.format(**properties))
    elif isinstance(cell, (datetime, date)) and cell.year >= 1900:
        sheet.write_datetime(row, index, cell, writer.format(num_format="yyyy-mm-dd", **properties))
    elif isinstance(cell, (time, timedelta)):
        sheet.write_datetime(row, index, cell, writer.format(num_format="[h]:mm:ss", **properties))
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
