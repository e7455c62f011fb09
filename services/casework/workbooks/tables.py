"""The table in a sheet as people fill it in: titles above, one or several rows of headers, merged cells, lines below."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.casework.workbooks.cells import is_blank
from services.casework.workbooks.file_rules import DUPLICATE_COLUMN, MISSING_COLUMN, NOT_A_WORKBOOK, OTHER_UNIT
from services.casework.workbooks.header_units import names_other_unit, names_own_unit, title_names_other_unit
from services.casework.workbooks.layout import ERROR_HEADER, Column, Sheet, folded, without_unit
from services.casework.workbooks.reading.messages import Area, Cell, Unreadable, UnreadableCell
from services.casework.workbooks.reading.scanning import column_letters
from services.chassis.ground.refusals import Refused

HEADERS_WITHIN = 40
"""Rows with content among which the headers are looked for."""
HEADER_ROWS = 3
"""How many rows the headers may take."""

MOST_AREAS = 256
"""Merged areas that one row can cross; those of a sound file do not overlap."""

Line = tuple[int, list[Cell]]
"""Row number from 1, and its cells from column A."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """``index``: from 0; ``header``: as it stands in the file, folded."""

    index: int
    sheet: Sheet
    column: Column
    header: str


@dataclass(frozen=True, slots=True)
class Headers:
    """``first`` and ``last``: numbers of their rows; ``substituted``: columns read under another one's header; ``noted``: those
    whose header says more in brackets; ``ignored``: index and header of those that mean nothing here; ``twice``: a column that
    two headers mean; ``other_unit``: one whose numbers are said to be in another unit; ``errors``: index of the column that an
    annotation added."""

    first: int
    last: int
    columns: Sequence[TableColumn]
    substituted: Sequence[TableColumn] = ()
    noted: Sequence[TableColumn] = ()
    ignored: Sequence[tuple[int, str]] = ()
    twice: tuple[Sheet, Column] | None = None
    other_unit: tuple[Sheet, Column] | None = None
    errors: int | None = None

    @property
    def names(self) -> Mapping[tuple[str, str], int]:
        """Index of each column of the form, by keys of sheet and column."""
        return {(c.sheet.key, c.column.key): c.index for c in self.columns}


class MergedCells:
    """Merged areas of a sheet. A value counts for every row that its cell is merged down over."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._starting: dict[int, list[Area]] = {}
        for area in areas:
            self._starting.setdefault(area.top, []).append(area)
        self._open: list[tuple[Area, Cell]] = []

    def spread(self, line: Line, *, across: bool = False) -> Line:
        """The line with what is merged into it; lines come in order. ``across``: spread over columns as well, for headers.
        Raises ``Refused`` for areas that overlap without end."""
        number, cells = line
        row = number - 1
        self._open = [(area, value) for area, value in self._open if area.bottom >= row]
        if not self._open and row not in self._starting:
            return line
        cells = list(cells)
        for area, value in self._open:
            self._fill(cells, area, value, across)
        for area in self._starting.get(row, ()):
            value = cells[area.left] if area.left < len(cells) else ""
            self._fill(cells, area, value, across)
            self._open.append((area, value))
        if len(self._open) > MOST_AREAS:
            raise Refused(NOT_A_WORKBOOK)
        return number, cells

    @staticmethod
    def _fill(cells: list[Cell], area: Area, value: Cell, across: bool) -> None:
        if is_blank(value):
            return
        last = area.right if across else area.left
        cells.extend([""] * (last + 1 - len(cells)))
        for column in range(area.left, last + 1):
            cells[column] = value

    def across(self, row: int) -> Iterator[Area]:
        """Areas with content in this row that span columns; ask after ``spread``."""
        return (
            area for area, value in self._open if area.right > area.left and area.top <= row and not is_blank(value)
        )


@dataclass(slots=True)
class HeaderFinder:
    """Finds the headers of these ``sheets`` of a layout: several where one table joins them, the one whose column a header means
    first. ``unused``: headers that are known to have no field."""

    sheets: Sequence[Sheet]
    unused: Iterable[str] = ()
    _by_header: dict[str, list[tuple[Sheet, Column]]] = field(default_factory=dict)
    _substitutes: dict[str, tuple[Sheet, Column]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for sheet in self.sheets:
            for column in sheet.columns:
                for header in dict.fromkeys(folded(h) for h in column.headers):
                    self._by_header.setdefault(header, []).append((sheet, column))
                for header in column.substitutes:
                    self._substitutes[folded(header)] = sheet, column

    def find(self, lines: Sequence[Line]) -> Headers | None:
        """Among the first lines of a sheet, spread over merged columns; ``None`` where there is not one header."""
        best: Headers | None = None
        for start in range(len(lines)):
            for height in range(1, min(HEADER_ROWS, len(lines) - start) + 1):
                found = self._at(lines[start : start + height])
                if best is None or len(found.columns) > len(best.columns):
                    best = found
        if best is None or not best.columns:
            return None
        titles = (text for number, cells in lines if number <= best.last for cell in cells if (text := _header(cell)))
        measured = next(((c.sheet, c.column) for c in best.columns if c.column.unit is not None), None)
        if measured is not None and any(map(title_names_other_unit, titles)):
            return replace(best, other_unit=measured)
        return best

    def require_columns(self, headers: Headers | None, shared: Iterable[tuple[str, str]] = ()) -> None:
        """Raises ``Refused`` for a required column that is not there, and for one that is there twice. ``shared``: keys of sheet
        and column that another column stands for."""
        if headers is not None and headers.twice is not None:
            sheet, column = headers.twice
            raise Refused(DUPLICATE_COLUMN, sheet=sheet.name, column=column.header)
        if headers is not None and headers.other_unit is not None:
            sheet, column = headers.other_unit
            raise Refused(OTHER_UNIT, sheet=sheet.name, column=column.header)
        there = headers.names if headers is not None else {}
        missing = [
            (sheet, column)
            for sheet in self.sheets
            for column in sheet.columns
            if column.required and (sheet.key, column.key) not in there and (sheet.key, column.key) not in shared
        ]
        if missing:
            sheet, column = missing[0]
            raise Refused(MISSING_COLUMN, sheet=sheet.name, column=column.header, missing=len(missing))

    def _at(self, lines: Sequence[Line]) -> Headers:
        width = max(len(cells) for _, cells in lines)
        columns: dict[tuple[str, str], TableColumn] = {}
        others: list[tuple[int, str]] = []
        errors, twice, other_unit = None, None, None
        noted: list[TableColumn] = []
        for index in range(width):
            texts = list(dict.fromkeys(t for _, cells in lines if index < len(cells) and (t := _header(cells[index]))))
            if not texts:
                continue
            if texts[-1] == folded(ERROR_HEADER):
                errors = index
                continue
            meant = self._meant(texts)
            free = [(sheet, column) for sheet, column in meant if (sheet.key, column.key) not in columns]
            if not meant:
                others.append((index, texts[-1]))
            elif not free:
                twice = twice or meant[0]
            else:
                sheet, column = free[0]
                columns[sheet.key, column.key] = taken = TableColumn(index, sheet, column, texts[-1])
                if self._is_noted(texts, column):
                    noted.append(taken)
                if any(names_other_unit(text, column) for text in texts):
                    other_unit = other_unit or free[0]
        substituted = []
        for index, text in others:
            sheet_column = self._substitutes.get(without_unit(text)) or self._substitutes.get(text)
            if sheet_column is not None and (sheet_column[0].key, sheet_column[1].key) not in columns:
                taken = TableColumn(index, *sheet_column, text)
                columns[taken.sheet.key, taken.column.key] = taken
                substituted.append(taken)
        taken_indexes = {c.index for c in substituted}
        ignored = [(index, text) for index, text in others if index not in taken_indexes]
        return Headers(
            lines[0][0], lines[-1][0], list(columns.values()), substituted, noted, ignored, twice, other_unit, errors
        )

    def _meant(self, texts: Sequence[str]) -> Sequence[tuple[Sheet, Column]]:
        """The columns that the lowest header means, alone or together with those above it."""
        for text in (texts[-1], "".join(texts), without_unit(texts[-1]), without_unit("".join(texts))):
            if found := self._by_header.get(text):
                return found
        return ()

    def _is_noted(self, texts: Sequence[str], column: Column) -> bool:
        """Whether the header is the column's only without what it has in brackets, which is no unit of it."""
        if any(text in self._by_header for text in (texts[-1], "".join(texts))):
            return False
        return not names_own_unit(texts[-1], column)

    def is_known_unused(self, header: str) -> bool:
        known = {folded(text) for text in self.unused}
        return header in known or without_unit(header) in known


def is_header_again(cells: Sequence[Cell], columns: Sequence[TableColumn]) -> bool:
    """Whether the row repeats the headers, as at the top of a printed page."""
    said = 0
    for column in columns:
        if column.index < len(cells) and not is_blank(cell := cells[column.index]):
            if _header(cell) != column.header:
                return False
            said += 1
    return said > 1


def with_merged_across(line: Line, merged: MergedCells, columns: Sequence[TableColumn]) -> Line:
    """The line with a mark in every cell that is merged with one of another column of the form."""
    number, cells = line
    for area in merged.across(number - 1):
        within = [c.index for c in columns if area.left <= c.index <= area.right]
        if len(within) > 1:
            cells = list(cells) + [""] * (area.right + 1 - len(cells))
            for index in within:
                cells[index] = UnreadableCell(Unreadable.MERGED)
        elif within and within[0] != area.left:
            cells = list(cells) + [""] * (area.right + 1 - len(cells))
            cells[within[0]] = cells[area.left]
    return number, cells


def begins_with_foot(cells: Sequence[Cell], foot: Sequence[str]) -> bool:
    """Whether the first filled cell begins with one of these folded words, as lines below a table do."""
    first = next((cell for cell in cells if not is_blank(cell)), "")
    return isinstance(first, str) and folded(first).startswith(tuple(foot))


def told_name(index: int, header: str, *, known: bool) -> str:
    """Letters of the column; the header only where the layout has it, for it may be somebody's name."""
    return f"{column_letters(index)} {header}" if known else column_letters(index)


def _header(cell: Cell) -> str:
    text = cell.shown if isinstance(cell, UnreadableCell) else cell
    return folded(text) if isinstance(text, str) else ""
