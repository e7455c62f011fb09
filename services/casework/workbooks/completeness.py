"""Whether a table is all there: what the file says of itself, above and below the table, holds of the rows that were read. Pure.

A list that is taken as a whole or not (``Layout.whole``) is refused as a file where it was cut short: fewer rows, or less money, than
it says, or a last line that breaks off. What says nothing of itself cannot be checked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.casework.workbooks.cells import is_blank
from services.casework.workbooks.file_rules import CUT_IN_LINE, CUT_SHORT, SUM_UNREAD
from services.casework.workbooks.layout import Sheet
from services.casework.workbooks.reading.messages import Cell
from services.casework.workbooks.rows import Row
from services.chassis.ground.refusals import Refused

BETWEEN = " | "
ROWS_SAID = re.compile(r"共计?\s*(\d{1,7})\s*[笔条行]|[笔条行]数[^\d\n]{0,8}(\d{1,7})(?:\.0+)?(?![\d.])")
"""共 12 笔; 总笔数：12. Not 共 2 页."""


def rows_said(cells: Iterable[Cell]) -> Iterator[int]:
    """How many rows a line above or below a table says that there are."""
    text = BETWEEN.join(str(cell) for cell in cells if not is_blank(cell))
    for found in ROWS_SAID.finditer(text):
        yield int(found[1] or found[2])


@dataclass(slots=True)
class Sums:
    """Of some rows, kept as they are read: a page's total costs no second look at them. ``unread``: columns of which a cell could not be
    read, so that nothing is known of their sum."""

    rows: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def add(self, row: Row, columns: Iterable[str]) -> None:
        self.rows += 1
        self.unread |= row.unparsed
        for key in columns:
            self.amounts[key] = self.amounts.get(key, Decimal(0)) + (row.get(key, Decimal) or Decimal(0))


@dataclass(slots=True)
class Completeness:
    """Of one table, while its lines are read. ``title``: what lines above it say; ``above``: of all rows so far, ``since``: of those below
    the last foot."""

    sheet: Sheet
    name: str
    title: Sequence[tuple[int, int]]
    above: Sums = field(default_factory=Sums)
    since: Sums = field(default_factory=Sums)
    broken_off: int | None = None

    def add(self, row: Row, *, is_whole: bool, cells: Sequence[Cell], places: dict[str, int]) -> None:
        """``places``: key of a column → its index in the line."""
        summed = [column.key for column in self.sheet.columns if column.summed]
        for part in (self.above, self.since):
            part.add(row, summed)
        missing = [places[c.key] for c in self.sheet.columns if c.required and not row.has(c.key) and c.key in places]
        last = max((index for index, cell in enumerate(cells) if not is_blank(cell)), default=-1)
        self.broken_off = row.number if not is_whole and missing and min(missing) > last else None

    def foot(self, row: Row, cells: Sequence[Cell]) -> None:
        """A line below the table, or below a page of it: of all rows above, or of those since the last foot. Raises ``Refused``."""
        self.broken_off = None
        parts = self.above, self.since
        for said in rows_said(cells):
            if said not in {part.rows for part in parts}:
                raise Refused(CUT_SHORT, sheet=self.name, row=row.number, said=said, found=self.above.rows)
        for column in self.sheet.columns:
            if column.summed and column.key in row.unparsed:
                raise Refused(SUM_UNREAD, sheet=self.name, row=row.number, column=column.header)
            total = row.get(column.key, Decimal) if column.summed else None
            if total is None or column.key in self.above.unread:
                continue  # a cell that cannot be read is named by itself, and its row is refused
            sums = [part.amounts.get(column.key, Decimal(0)) for part in parts]
            if total not in sums:
                raise Refused(
                    CUT_SHORT, sheet=self.name, row=row.number, column=column.header, said=str(total), found=str(sums[0])
                )  # fmt: skip
        self.since = Sums()

    def finish(self) -> None:
        """Raises ``Refused``."""
        if self.broken_off is not None:
            raise Refused(CUT_IN_LINE, sheet=self.name, row=self.broken_off)
        for number, said in self.title:
            if said != self.above.rows:
                raise Refused(CUT_SHORT, sheet=self.name, row=number, said=said, found=self.above.rows)
