"""The template: the empty form with drop-down lists, and a sheet that explains every column in both languages."""

from collections.abc import Iterator, Mapping

from services.casework.messages import say
from services.casework.workbooks.form import Form, FormColumn
from services.casework.workbooks.layout import EXPLANATION_SHEET, Column, ColumnType
from services.casework.workbooks.writing.workbook_writer import LAST_ROW, WorkbookWriter
from services.chassis.ground.labels import written
from services.chassis.ground.messages import Message


def blank_template(form: Form) -> bytes:
    """An .xlsx; the same bytes every time."""
    writer = WorkbookWriter(form.layout.zh)
    for layout in form.layout.sheets:
        writer.add_form_sheet(layout, form, LAST_ROW)
    sheet = writer.add_sheet(EXPLANATION_SHEET)
    sheet.set_column(0, 8, 28)
    for row, line in enumerate(_explanation(form)):
        for column, text in enumerate(line):
            if text:
                writer.write_text(sheet, row, column, text, **({"bold": True} if row == 0 else {}))
    writer.add_lists()
    return writer.to_bytes()


def _explanation(form: Form) -> Iterator[tuple[str, ...]]:
    content = say("content")
    yield (
        say("sheet").line, say("column").line, say("required").line, content.zh, content.en, say("codes").line,
        say("other_headers").line,
    )  # fmt: skip
    required = say("required_column").line
    for layout in form.layout.sheets:
        for column in layout.columns:
            what = _content(column)
            yield (
                layout.name, column.header, required if column.required else "", what.zh, what.en,
                _codes(form.column(column)), "; ".join(column.aliases),
            )  # fmt: skip
    for note in form.layout.notes:
        yield say("note").line, note["zh"], note["en"]


def _content(column: Column) -> Message:
    """What a column may hold: what its layout says about it, or its type."""
    if column.help_zh:
        return Message("", column.help_zh, column.help_en)
    if column.type is ColumnType.NUMBER:
        return say("number_column", unit=column.unit or "", decimals=column.decimals)
    if column.type is ColumnType.CODES:
        return say("codes_column", most=column.most)
    return _by_type()[column.type]


def _by_type() -> Mapping[ColumnType, Message]:
    return {
        ColumnType.TEXT: say("text_column"),
        ColumnType.IDENTIFIER: say("identifier_column"),
        ColumnType.DIVISION: say("division_column"),
        ColumnType.RESIDENT_ID: say("resident_id_column"),
        ColumnType.PHONE: say("phone_column"),
        ColumnType.ACCOUNT: say("account_column"),
        ColumnType.CODE: say("code_column"),
        ColumnType.YES_NO: say("code_column"),
        ColumnType.YEAR: say("year_column"),
        ColumnType.DAY: say("day_column"),
        ColumnType.PARTIAL_DATE: say("partial_date_column"),
    }


def _codes(column: FormColumn) -> str:
    if column.codes is None:
        return ""
    return "; ".join(f"{label} = {written(code)}" for code, label in column.codes.labels.items())
