"""The template: the empty form with drop-down lists, and a sheet that explains every column in both languages."""

from collections.abc import Iterator, Mapping

from services.chassis.ground.labels import written
from services.chassis.ground.messages import Message
from services.registry.intake.layout import EXPLANATION_SHEET, SHEETS, Column, ColumnKind
from services.registry.intake.writing.workbook_writer import WorkbookWriter
from services.registry.messages import say

LAST_ROW = 5000


def blank_template() -> bytes:
    """An .xlsx; the same bytes every time."""
    writer = WorkbookWriter()
    for layout in SHEETS:
        writer.add_form_sheet(layout, LAST_ROW)
    sheet = writer.add_sheet(EXPLANATION_SHEET)
    sheet.set_column(0, 6, 28)
    for row, line in enumerate(_explanation()):
        for column, text in enumerate(line):
            if text:
                writer.write_text(sheet, row, column, text, **({"bold": True} if row == 0 else {}))
    return writer.to_bytes()


def _explanation() -> Iterator[tuple[str, ...]]:
    content = say("content")
    yield say("sheet").line, say("column").line, say("required").line, content.zh, content.en, say("codes").line
    kinds, required = _kinds(), say("required_column").line
    for layout in SHEETS:
        for column in layout.columns:
            kind = kinds[column.kind]
            yield layout.name, column.header, required if column.required else "", kind.zh, kind.en, _codes(column)
    for note in _notes():
        yield say("note").line, note.zh, note.en


def _kinds() -> Mapping[ColumnKind, Message]:
    """What a column of each kind may hold."""
    return {
        ColumnKind.TEXT: say("text_column"),
        ColumnKind.NAME: say("text_column"),
        ColumnKind.IDENTIFIER: say("identifier_column"),
        ColumnKind.DIVISION: say("division_column"),
        ColumnKind.RESIDENT_ID: say("resident_id_column"),
        ColumnKind.PHONE: say("phone_column"),
        ColumnKind.ACCOUNT: say("account_column"),
        ColumnKind.CODE: say("code_column"),
        ColumnKind.CODE_LIST: say("code_list_column"),
        ColumnKind.MONEY: say("money_column"),
        ColumnKind.AMOUNT: say("amount_column"),
        ColumnKind.YEAR: say("year_column"),
        ColumnKind.DAY: say("day_column"),
        ColumnKind.PARTIAL_DATE: say("partial_date_column"),
    }


def _notes() -> tuple[Message, ...]:
    """How to fill in the form."""
    return (
        say("blank_means_unchanged"),
        say("households_are_whole"),
        say("no_merged_cells"),
        say("numbers_as_text"),
        say("groups_are_whole"),
        say("history_is_optional"),
    )


def _codes(column: Column) -> str:
    if column.codes is None:
        return ""
    return "; ".join(f"{label} = {written(code)}" for code, label in column.codes.labels.items())
