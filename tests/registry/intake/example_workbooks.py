"""Workbooks of one valid household, which tests change."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl

from services.casework.documents.lookup import Lookup
from services.casework.workbooks.importing.results import Subjects
from services.casework.workbooks.layout import Sheet
from services.casework.workbooks.parsing import read_form
from services.casework.workbooks.reading.limits import DEFAULT_LIMITS, Limits
from services.casework.workbooks.reading.process import Reader, read_apart
from services.casework.workbooks.row_errors import Wording
from services.casework.workbooks.writing.workbook_writer import Value, write_form
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.households.resident_id import check_character
from services.registry.intake.form import form_in_force
from services.registry.intake.reading.assembly import assemble
from services.registry.intake.reading.drafts import HouseholdDraft

TODAY = date(2014, 6, 1)
VILLAGE = "990001101201"
VILLAGES: Mapping[str, Sequence[str]] = {"青龙咀村": [VILLAGE], "同名村": [VILLAGE, "990001101202"]}
"""Names of villages in the area of who sends the workbooks."""

_known = FIRST_TEXTS.register("registry").as_known()
FORM = form_in_force(Lookup(lambda _: _known), TODAY, VILLAGE)
SHEETS = FORM.layout.sheets
HOUSEHOLDS, MEMBERS, HISTORY = SHEETS

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


def parse_workbook(
    content: bytes, *, today: date = TODAY, limits: Limits = DEFAULT_LIMITS, reader: Reader = read_apart
) -> Subjects[HouseholdDraft]:
    """The households of a file, with errors and warnings as the importer words them. Raises ``Refused``."""
    read = read_form(content, FORM, today, limits=limits, reader=reader)
    found = assemble(read, _villages_named)
    worded = Wording.of(FORM.layout, read.names).worded
    warnings = [worded(warning) for warning in (*read.warnings, *found.warnings)]
    return replace(found, errors=[worded(error) for error in found.errors], warnings=warnings)


def _villages_named(names: Set[str]) -> Mapping[str, Sequence[str]]:
    return {name: VILLAGES[name] for name in names if name in VILLAGES}


def filled_form(rows: Mapping[Sheet, Sequence[Mapping[str, Value]]]) -> bytes:
    """As the template's own writer makes it."""
    return write_form(FORM, {sheet.key: lines for sheet, lines in rows.items()})


def parse(
    households: Sequence[SheetLine] = (HOUSEHOLD,),
    members: Sequence[SheetLine] = (HEAD, SPOUSE),
    history: Sequence[SheetLine] | None = None,
) -> Subjects[HouseholdDraft]:
    return parse_workbook(content_of(form_workbook(households, members, history)))


def errors_of(reading: Subjects[HouseholdDraft]) -> list[tuple[str, int, str]]:
    """(sheet, row, code without its prefix) of every error."""
    return [(error.sheet, error.row, short(error.code)) for error in reading.errors]


def short(code: str) -> str:
    """Without the prefix of the form's own rules or the engine's."""
    return code.removeprefix("intake_").removeprefix("workbook_")
