"""Workbooks of one valid household, which tests change."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

import openpyxl

from services.registry.households.resident_id import check_character
from services.registry.intake.layout import HISTORY, HOUSEHOLDS, MEMBERS, Sheet
from services.registry.intake.reading.drafts import ParsedWorkbook
from services.registry.intake.reading.parser import parse_workbook

TODAY = date(2014, 6, 1)
VILLAGE = "990001101201"

SheetLine = Mapping[str, object]


def resident_id_of(birth: str, sequence: str) -> str:
    """A number with a valid check character under an area prefix (990001) that was never assigned."""
    seventeen = f"990001{birth}{sequence}"
    return seventeen + check_character(seventeen)


HEAD_ID = resident_id_of("19700315", "001")
SPOUSE_ID = resident_id_of("19720820", "002")

HOUSEHOLD: SheetLine = {"national_no": "H1", "division": VILLAGE, "surveyed_on": "2014-05-20"}
HEAD: SheetLine = {
    "household_no": "H1",
    "national_no": "H1-01",
    "name": "陈一",
    "sex": "男",
    "id_number": HEAD_ID,
    "relation": "户主",
}
SPOUSE: SheetLine = {
    "household_no": "H1",
    "national_no": "H1-02",
    "name": "林二",
    "sex": "女",
    "id_number": SPOUSE_ID,
    "relation": "配偶",
}


def form_workbook(
    households: Sequence[SheetLine] = (HOUSEHOLD,),
    members: Sequence[SheetLine] = (HEAD, SPOUSE),
    history: Sequence[SheetLine] | None = None,
) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    _add_sheet(book, HOUSEHOLDS, households)
    _add_sheet(book, MEMBERS, members)
    if history is not None:
        _add_sheet(book, HISTORY, history)
    return book


def _add_sheet(book: openpyxl.Workbook, layout: Sheet, lines: Sequence[SheetLine]) -> None:
    sheet = book.create_sheet(layout.name)
    sheet.append([column.header for column in layout.columns])
    for line in lines:
        sheet.append([line.get(column.key) for column in layout.columns])


def content_of(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def parse(
    households: Sequence[SheetLine] = (HOUSEHOLD,),
    members: Sequence[SheetLine] = (HEAD, SPOUSE),
    history: Sequence[SheetLine] | None = None,
) -> ParsedWorkbook:
    return parse_workbook(content_of(form_workbook(households, members, history)), today=TODAY)


def errors_of(reading: ParsedWorkbook) -> list[tuple[str, int, str]]:
    """(sheet, row, code without its prefix) of every error."""
    return [(error.sheet, error.row, error.code.removeprefix("intake_")) for error in reading.errors]
