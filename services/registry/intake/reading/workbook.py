"""Values of an inspected workbook, sheet by sheet, as the spreadsheet shows them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from services.chassis.ground.refusals import Refused
from services.registry.intake.reading.file_rules import NOT_A_WORKBOOK

Cell = int | float | str | bool | time | date | datetime | timedelta
"""A blank cell is the empty string."""


class Workbook:
    """A workbook that passed ``package.inspect_package``. Every failure of the library is ``Refused``."""

    def __init__(self, content: bytes) -> None:
        with _RefuseParserErrors():
            self._book = CalamineWorkbook.from_filelike(BytesIO(content))
            self.names = tuple(self._book.sheet_names)

    def rows(self, name: str) -> Iterator[tuple[int, list[Cell]]]:
        """Row number (from 1) and its cells from column A; blank rows included."""
        with _RefuseParserErrors():
            sheet = self._book.get_sheet_by_name(name)
            before = _blank_columns(sheet)
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                yield number, [*before, *cells]


class _RefuseParserErrors:
    """Turns the library's errors, and its panics (which are no ``Exception``), into a refusal of the file."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if kind is None:
            return
        # OverflowError: a number far beyond the calendar under a date format.
        if issubclass(kind, (CalamineError, OSError, ValueError, OverflowError)) or kind.__name__ == "PanicException":
            raise Refused(NOT_A_WORKBOOK) from error


def _blank_columns(sheet: CalamineSheet) -> list[Cell]:
    """Calamine leaves out empty columns on the left."""
    return [""] * sheet.start[1] if sheet.start else []
