"""Writes sheets of a form. Output is deterministic; text stays text, whatever it begins with."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import IO, Any

import xlsxwriter

from services.casework.workbooks.form import CodeList, Form, FormColumn
from services.casework.workbooks.layout import EXPLANATION_SHEET, NOT_TEXT, ColumnType, Sheet
from services.casework.workbooks.writing.formulas import is_formula
from services.chassis.ground.messages import Message

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A fixed creation date, so that equal rows give equal bytes."""

LARGEST_ROW = 1_048_576
"""Rows that a sheet can have."""
LONGEST_TEXT = 32_767
"""Characters that a cell can have."""
LAST_ROW = 5000
"""How far down the drop-down lists go, where nothing else is said."""
LIST_SHEET = "代码"
LONGEST_LIST = 250
"""Characters of a drop-down list that stands in the column itself; longer ones stand in a hidden sheet."""
LONGEST_HELP = 250

Value = str | int | bool | Decimal | None
"""The value of a cell; ``None`` is blank."""


class WorkbookWriter:
    """Writes a workbook in memory: personal data must not be written to temporary files. Where there is none, ``content`` and
    ``spool``, a folder, say where it goes instead; then rows are written in order."""

    def __init__(self, title: str, content: IO[bytes] | None = None, spool: str | None = None) -> None:
        self._content = content or BytesIO()
        self.book: Any = xlsxwriter.Workbook(
            self._content,
            {
                **({"in_memory": True} if spool is None else {"constant_memory": True, "tmpdir": spool}),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties({"title": title, "created": CREATED})
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._long_lists: dict[str, CodeList] = {}

    def format(self, **properties: object) -> Any:
        """One format per set of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def text(self, **properties: object) -> Any:
        """The format of a text cell, which keeps a number typed into it digit by digit."""
        return self.format(num_format="@", **properties)

    def add_sheet(self, name: str, *, frozen_rows: int = 1) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(frozen_rows, 0)
        return sheet

    def write_text(self, sheet: Any, row: int, column: int, text: str, **properties: object) -> None:
        """Write a string, never a formula. Text that looks like a formula stays text when somebody edits the cell."""
        if is_formula(text):
            properties["quote_prefix"] = True
        shown = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
        sheet.write_string(row, column, shown, self.text(**properties))

    def add_form_sheet(self, layout: Sheet, form: Form, last_row: int) -> Any:
        """Headers, text columns, help, and drop-down lists down to ``last_row``."""
        sheet = self.add_sheet(layout.name)
        for index, column in enumerate(layout.columns):
            self._add_column(sheet, index, form.layout.header(column), form.column(column), last_row)
        return sheet

    def add_lists(self) -> None:
        """The hidden sheet of the long drop-down lists, where there are any; after all form sheets."""
        if not self._long_lists:
            return
        sheet = self.add_sheet(LIST_SHEET)
        sheet.hide()
        for index, (key, codes) in enumerate(self._long_lists.items()):
            self.write_text(sheet, 0, index, key)
            for row, label in enumerate(codes.labels.values(), start=1):
                self.write_text(sheet, row, index, label)

    def number(self, decimals: int) -> Any:
        """The format of a number, shown with as many decimals as its field holds."""
        return self.format(num_format=f"0.{'0' * decimals}") if decimals else self.format()

    def _add_column(self, sheet: Any, index: int, header: str, of: FormColumn, last_row: int) -> None:
        column, codes = of.layout, of.codes
        cell_format = self.number(column.decimals) if column.type in NOT_TEXT else self.text()
        sheet.set_column(index, index, max(12, len(header) + 2), cell_format)
        colour = "#FDE9D9" if column.required else "#DCE6F1"
        sheet.write_string(0, index, header, self.format(bold=True, bg_color=colour, border=1))
        validation: dict[str, object] = {"validate": "any"}
        if column.type in (ColumnType.CODE, ColumnType.YES_NO) and codes is not None:
            validation = {"validate": "list", "source": self._source(column.codes or "", codes)}
        if column.help_zh:
            validation["input_title"] = column.zh[:32]
            validation["input_message"] = f"{column.help_zh}\n{column.help_en}"[:LONGEST_HELP]
        if len(validation) > 1:
            sheet.data_validation(1, index, last_row, index, validation)

    def _source(self, key: str, codes: CodeList) -> object:
        labels = list(codes.labels.values())
        if len(",".join(labels)) <= LONGEST_LIST:
            return labels
        self._long_lists.setdefault(key, codes)
        column = chr(ord("A") + list(self._long_lists).index(key))
        return f"={LIST_SHEET}!${column}$2:${column}${len(labels) + 1}"

    def close(self) -> None:
        self.book.close()

    def to_bytes(self) -> bytes:
        """Close the workbook and return it, from memory."""
        self.close()
        self._content.seek(0)
        return self._content.read()


def write_form(
    form: Form,
    rows: Mapping[str, Iterable[Mapping[str, Value]]],
    *,
    last_row: int = LAST_ROW,
    told: Iterable[Message] = (),
) -> bytes:
    """A workbook of the form with these rows by key of their sheet, each a mapping from column key to value. Sheets that are not
    named are left out. ``told``: what is said about the file, on a sheet that no import reads."""
    writer = WorkbookWriter(form.layout.zh)
    for layout in form.layout.sheets:
        if layout.key not in rows:
            continue
        sheet = writer.add_form_sheet(layout, form, last_row)
        for number, line in enumerate(rows[layout.key], start=1):
            for index, column in enumerate(layout.columns):
                _write(writer, sheet, number, index, line.get(column.key), column.decimals)
    if said := list(told):
        sheet = writer.add_sheet(EXPLANATION_SHEET, frozen_rows=0)
        sheet.set_column(0, 1, 60)
        for number, each in enumerate(said):
            writer.write_text(sheet, number, 0, each.zh)
            writer.write_text(sheet, number, 1, each.en)
    writer.add_lists()
    return writer.to_bytes()


def _write(writer: WorkbookWriter, sheet: Any, row: int, index: int, value: Value, decimals: int) -> None:
    if value is None:
        return
    if isinstance(value, str):
        writer.write_text(sheet, row, index, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, index, value)
    else:
        sheet.write_number(row, index, value, writer.number(decimals))
