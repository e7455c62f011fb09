"""Real workbooks for the intake tests: one sound household, and whatever a test changes about it."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

import openpyxl

from services.registry.households.resident_id import check_character
from services.registry.intake.layout import HISTORY, HOUSEHOLDS, MEMBERS, Sheet
from services.registry.intake.reading.drafts import Reading
from services.registry.intake.reading.parser import read_workbook

TODAY = date(2014, 6, 1)
VILLAGE = "990001101201"

Line = Mapping[str, object]


def resident_id(birth: str, sequence: str) -> str:
    """A number that passes the check and, beginning with 990001, belongs to nobody."""
    seventeen = f"990001{birth}{sequence}"
    return seventeen + check_character(seventeen)


HEAD_ID = resident_id("19700315", "001")
SPOUSE_ID = resident_id("19720820", "002")

HOUSEHOLD: Line = {"national_no": "H1", "division": VILLAGE, "surveyed_on": "2014-05-20"}
HEAD: Line = {
    "household_no": "H1",
    "national_no": "H1-01",
    "name": "陈一",
    "sex": "男",
    "id_number": HEAD_ID,
    "relation": "户主",
}
SPOUSE: Line = {
    "household_no": "H1",
    "national_no": "H1-02",
    "name": "林二",
    "sex": "女",
    "id_number": SPOUSE_ID,
    "relation": "配偶",
}


def workbook(
    households: Sequence[Line] = (HOUSEHOLD,),
    members: Sequence[Line] = (HEAD, SPOUSE),
    history: Sequence[Line] | None = None,
) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    _fill(book, HOUSEHOLDS, households)
    _fill(book, MEMBERS, members)
    if history is not None:
        _fill(book, HISTORY, history)
    return book


def _fill(book: openpyxl.Workbook, layout: Sheet, lines: Sequence[Line]) -> None:
    sheet = book.create_sheet(layout.name)
    sheet.append([column.header for column in layout.columns])
    for line in lines:
        sheet.append([line.get(column.key) for column in layout.columns])


def content(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(
    households: Sequence[Line] = (HOUSEHOLD,),
    members: Sequence[Line] = (HEAD, SPOUSE),
    history: Sequence[Line] | None = None,
) -> Reading:
    return read_workbook(content(workbook(households, members, history)), today=TODAY)


def found(reading: Reading) -> list[tuple[str, int, str]]:
    """(sheet, row, code without its prefix) of every error."""
    return [(error.sheet, error.row, error.code.removeprefix("intake_")) for error in reading.errors]
