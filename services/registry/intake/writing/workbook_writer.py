"""Writes sheets of the form. Output is deterministic; text stays text, whatever it begins with."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from services.registry.intake.layout import Column, ColumnKind, Sheet

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A fixed creation date, so that equal rows give equal bytes."""

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
NUMBERS = (ColumnKind.MONEY, ColumnKind.AMOUNT, ColumnKind.YEAR)

Value = str | int | bool | Decimal | None
"""The value of a cell; ``None`` is blank."""


class WorkbookWriter:
    """Writes a workbook in memory: personal data must not be written to temporary files."""

    def __init__(self) -> None:
        self._content = BytesIO()
        self.book: Any = xlsxwriter.Workbook(
            self._content,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties({"title": "Lika 入户采集表", "created": CREATED})
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def format(self, **properties: object) -> Any:
        """One format per set of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def text(self, **properties: object) -> Any:
        """The format of a text cell, which keeps a number typed into it digit by digit."""
        return self.format(num_format="@", **properties)

    def add_sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        return sheet

    def write_text(self, sheet: Any, row: int, column: int, text: str, **properties: object) -> None:
        """Write a string, never a formula. Text that looks like a formula stays text when somebody edits the cell."""
        if text.startswith(FORMULA_PREFIXES):
            properties["quote_prefix"] = True
        sheet.write_string(row, column, text, self.text(**properties))

    def add_form_sheet(self, layout: Sheet, last_row: int) -> Any:
        """Headers, text columns and drop-down lists down to ``last_row``."""
        sheet = self.add_sheet(layout.name)
        for index, column in enumerate(layout.columns):
            self._add_column(sheet, index, column, last_row)
        return sheet

    def _add_column(self, sheet: Any, index: int, column: Column, last_row: int) -> None:
        cell_format = self.format() if column.kind in NUMBERS else self.text()
        sheet.set_column(index, index, max(12, len(column.header) + 2), cell_format)
        colour = "#FDE9D9" if column.required else "#DCE6F1"
        sheet.write_string(0, index, column.header, self.format(bold=True, bg_color=colour, border=1))
        if column.kind is ColumnKind.CODE and column.codes is not None:
            sheet.data_validation(
                1, index, last_row, index, {"validate": "list", "source": list(column.codes.labels.values())}
            )

    def to_bytes(self) -> bytes:
        """Close the workbook and return it."""
        self.book.close()
        return self._content.getvalue()


def write_form(rows: Mapping[Sheet, Iterable[Mapping[str, Value]]], *, last_row: int = 5000) -> bytes:
    """A workbook of the form with these rows, each a mapping from column key to value."""
    writer = WorkbookWriter()
    for layout, lines in rows.items():
        sheet = writer.add_form_sheet(layout, last_row)
        for number, line in enumerate(lines, start=1):
            for index, column in enumerate(layout.columns):
                _write(writer, sheet, number, index, line.get(column.key))
    return writer.to_bytes()


def _write(writer: WorkbookWriter, sheet: Any, row: int, index: int, value: Value) -> None:
    if value is None:
        return
    if isinstance(value, str):
        writer.write_text(sheet, row, index, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, index, value)
    else:
        sheet.write_number(row, index, value)
