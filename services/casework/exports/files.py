"""Tables as files, a line at a time: CSV and xlsx. What is written so far takes disk, not memory, in files that have no name."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, Any

from services.casework.exports.values import Cell
from services.casework.media_types import XLSX
from services.casework.workbooks.writing.formulas import escaped
from services.casework.workbooks.writing.workbook_writer import LARGEST_ROW, WorkbookWriter

CSV = "text/csv"
EXTENSIONS = {CSV: "csv", XLSX: "xlsx"}
EXACT_DIGITS = 15
"""Digits that a spreadsheet's numbers keep."""
WIDTH = 18


class CsvFile:
    """UTF-8 with a byte order mark, by which Excel knows it; texts in quotation marks, numbers not (RFC 4180)."""

    def __init__(self, content: IO[bytes]) -> None:
        self._text = TextIOWrapper(content, encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_NONNUMERIC)

    def heading(self, head: Sequence[str], headers: Sequence[str]) -> None:
        self.line(head)
        self.line(headers)

    def line(self, cells: Iterable[Cell]) -> None:
        self._writer.writerow([_csv(cell) for cell in cells])

    def finish(self) -> None:
        self._text.detach()  # which writes what is left


class XlsxFile:
    """One sheet; days and numbers as such, every text as text. ``folder``: for the rows until they are all there."""

    def __init__(self, content: IO[bytes], folder: str, title: str) -> None:
        self._writer = WorkbookWriter(title, content, spool=folder)
        self._sheet = self._writer.add_sheet(_sheet_name(title), frozen_rows=2)
        self._row = 0

    def heading(self, head: Sequence[str], headers: Sequence[str]) -> None:
        self._sheet.set_column(0, max(len(headers) - 1, 0), WIDTH)
        for texts in (head, headers):
            for column, text in enumerate(texts):
                self._writer.write_text(self._sheet, self._row, column, text, bold=True)
            self._row += 1

    def line(self, cells: Iterable[Cell]) -> None:
        for column, cell in enumerate(cells):
            if cell is not None:
                self._write(column, cell)
        self._row += 1

    def _write(self, column: int, cell: str | Decimal | date) -> None:
        if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= EXACT_DIGITS:
            self._sheet.write_number(self._row, column, cell)
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(self._row, column, cell, self._writer.format(num_format="yyyy-mm-dd hh:mm:ss"))
        elif isinstance(cell, date):
            self._sheet.write_datetime(self._row, column, cell, self._writer.format(num_format="yyyy-mm-dd"))
        else:
            self._writer.write_text(self._sheet, self._row, column, str(cell))

    def finish(self) -> None:
        self._writer.close()


def table_file(media_type: str, content: IO[bytes], folder: str, title: str) -> CsvFile | XlsxFile:
    """Empty; what it is has been told stands in ``content`` once it is finished. ``folder``: private, for what is written on the way."""
    return CsvFile(content) if media_type == CSV else XlsxFile(content, folder, title)


def most_rows(media_type: str) -> int | None:
    """That a file of this type can hold, beside its headings and its last line."""
    return LARGEST_ROW - 3 if media_type == XLSX else None


def _csv(cell: Cell) -> Any:
    """Numbers stay numbers; all else is text."""
    if cell is None or isinstance(cell, Decimal):
        return cell
    return escaped(cell) if isinstance(cell, str) else str(cell)


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "list"
