"""The uploaded workbook given back: its rows as they were, an error column beside them, and a summary sheet."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.registry.intake.layout import ERROR_HEADER, SHEETS, SUMMARY_SHEET, Sheet
from services.registry.intake.reading.drafts import RowError
from services.registry.intake.reading.package import Limits, SheetScan, inspect
from services.registry.intake.reading.rows import plain_header
from services.registry.intake.reading.workbook import Cell, Workbook
from services.registry.intake.writing.workbook_writer import FormBook

SUMMARY_HEADERS = ("工作表 / sheet", "行 / row", "列 / column", "代码 / code", "错误", "error")
ERROR_VALUE = "#N/A"
FARTHEST = 1e300
RED = "#FFC7CE"
LIMITS = Limits()

Errors = dict[int, list[RowError]]
"""Row number → its errors."""


def annotate(content: bytes, errors: Sequence[RowError], *, limits: Limits = LIMITS) -> bytes:
    """An .xlsx with the sheets of the form; it may be corrected and sent again as it is.

    ``content`` is what ``read_workbook`` read: raises ``Refused`` for anything that it would refuse as a file. Sheets
    that do not belong to the form are left out.
    """
    scans = inspect(content, limits)
    book = Workbook(content)
    by_sheet: dict[str, Errors] = defaultdict(lambda: defaultdict(list))
    for error in errors:
        by_sheet[error.sheet][error.row].append(error)
    form = FormBook()
    for layout in SHEETS:
        if layout.name in book.names:
            _copy(form, layout, book, scans[layout.name], by_sheet[layout.name])
    _summarise(form, errors)
    return form.done()


def _copy(form: FormBook, layout: Sheet, book: Workbook, scan: SheetScan, errors: Errors) -> None:
    lines = book.rows(layout.name)
    headers = [str(header) for _, cells in [next(lines, (1, []))] for header in cells]
    places = {plain_header(header): index for index, header in enumerate(headers)}
    own = places.pop(plain_header(ERROR_HEADER), len(headers))
    sheet = form.add_sheet(layout.name)
    sheet.set_column(0, len(headers), 16, form.text())
    sheet.set_column(own, own, 60, form.text())
    for index, header in enumerate([*headers, ""]):
        form.write_text(sheet, 0, index, ERROR_HEADER if index == own else header, bold=True)
    for number, cells in lines:
        wrong = errors.get(number, [])
        bad = {_place(layout, error.column, places) for error in wrong}
        for index, value in enumerate(cells):
            # The parser shows an error value as a blank, and a blank would mean "unchanged" when it comes back.
            cell = ERROR_VALUE if (number - 1, index) in scan.error_cells else value
            if index != own:
                _write(form, sheet, number - 1, index, cell, red=index in bad)
        if wrong:
            form.write_text(sheet, number - 1, own, _message(wrong), bg_color=RED)


def _place(layout: Sheet, header: str, places: dict[str, int]) -> int:
    """Where the column of an error stands in this workbook, whichever of its spellings was used; -1 for the whole row."""
    for column in layout.columns:
        if column.header == header:
            spellings = (column.header, column.zh, column.en)
            return next((places[plain_header(text)] for text in spellings if plain_header(text) in places), -1)
    return -1


def _message(errors: Iterable[RowError]) -> str:
    return "\n".join(
        f"{error.column}: {error.zh} {error.en}" if error.column else f"{error.zh} {error.en}" for error in errors
    )


def _write(form: FormBook, sheet: Any, row: int, index: int, cell: Cell, *, red: bool) -> None:
    """The value as it was, of its own kind: a number stays a number, so that the error remains visible."""
    look: dict[str, object] = {"bg_color": RED} if red else {}
    if isinstance(cell, bool):
        sheet.write_boolean(row, index, cell, form.format(**look))
    elif isinstance(cell, str):
        if cell or red:
            form.write_text(sheet, row, index, cell, **look)
    elif isinstance(cell, (int, float)):
        # A spreadsheet has no infinite number and no NaN.
        if math.isnan(cell):
            form.write_text(sheet, row, index, ERROR_VALUE, **look)
        else:
            sheet.write_number(row, index, max(-FARTHEST, min(cell, FARTHEST)), form.format(**look))
    elif isinstance(cell, (datetime, date)) and cell.year >= 1900:
        sheet.write_datetime(row, index, cell, form.format(num_format="yyyy-mm-dd", **look))
    elif isinstance(cell, (time, timedelta)):
        sheet.write_datetime(row, index, cell, form.format(num_format="[h]:mm:ss", **look))
    else:
        form.write_text(sheet, row, index, cell.isoformat(), **look)


def _summarise(form: FormBook, errors: Sequence[RowError]) -> None:
    sheet = form.add_sheet(SUMMARY_SHEET)
    sheet.set_column(0, len(SUMMARY_HEADERS) - 1, 30, form.text())
    for index, header in enumerate(SUMMARY_HEADERS):
        form.write_text(sheet, 0, index, header, bold=True)
    for row, error in enumerate(errors, start=1):
        line = (error.sheet, str(error.row), error.column, error.code, error.zh, error.en)
        for index, text in enumerate(line):
            form.write_text(sheet, row, index, text)
