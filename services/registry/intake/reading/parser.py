"""The parser of the household-collection workbook."""

from collections.abc import Mapping
from datetime import date

from services.chassis.ground.refusals import Refused
from services.registry.intake.codes import SHIPPED, CodedColumn
from services.registry.intake.layout import HISTORY, HOUSEHOLDS, MEMBERS, SHEETS, Sheet
from services.registry.intake.reading.assembly import assemble
from services.registry.intake.reading.drafts import ParsedWorkbook
from services.registry.intake.reading.file_rules import MISSING_SHEET, NOT_A_WORKBOOK
from services.registry.intake.reading.package import Limits, SheetScan, inspect_package, refuse_merged_and_formulas
from services.registry.intake.reading.rows import Row, parse_rows
from services.registry.intake.reading.workbook import Workbook

DEFAULT_LIMITS = Limits()


def parse_workbook(
    content: bytes, *, today: date, words: Mapping[str, CodedColumn] = SHIPPED, limits: Limits = DEFAULT_LIMITS
) -> ParsedWorkbook:
    """Drafts of the households without any error, and every error found. ``today`` is the civil day of the upload;
    ``words``: key → the code list in force on it.

    Raises ``Refused`` when the file as a whole cannot be taken (see ``file_rules``). Households are all-or-nothing: an
    error in one of its rows, in any sheet, keeps a household out of the drafts.
    """
    scans = inspect_package(content, limits)
    for sheet in SHEETS:
        if sheet.name in scans:
            refuse_merged_and_formulas(sheet.name, scans[sheet.name])
        elif not sheet.optional:
            raise Refused(MISSING_SHEET, sheet=sheet.name)
    book = Workbook(content)
    if set(scans) - set(book.names):
        raise Refused(NOT_A_WORKBOOK)
    rows = {sheet.name: _parse_sheet(book, sheet, scans, today, words) for sheet in SHEETS}
    return assemble(rows[HOUSEHOLDS.name], rows[MEMBERS.name], rows[HISTORY.name])


def _parse_sheet(
    book: Workbook, sheet: Sheet, scans: dict[str, SheetScan], today: date, words: Mapping[str, CodedColumn]
) -> list[Row]:
    return parse_rows(book, sheet, scans[sheet.name], today, words) if sheet.name in scans else []
