"""The process that reads one file: ``python -m`` this module, its order and the file on its input, messages on its output.

A hostile file can take this process with it, and nothing else: it has no settings, no connection, no right to write a file,
and limits of memory and time.
"""

import math
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import IO, Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from services.casework.workbooks.file_rules import FILE_MEMORY, NOT_A_WORKBOOK, TOO_MANY_CELLS
from services.casework.workbooks.layout import folded
from services.casework.workbooks.reading.file_kinds import refuse_other_kinds
from services.casework.workbooks.reading.limits import Limits
from services.casework.workbooks.reading.messages import (
    Area,
    Cell,
    Ended,
    Message,
    Opened,
    Order,
    RefusedFile,
    Rows,
    SheetBegun,
    Unreadable,
    UnreadableCell,
    decode_order,
    encode,
    wire_of,
)
from services.casework.workbooks.reading.package import counts_since_1904, scan_package
from services.casework.workbooks.reading.scanning import SheetScan
from services.chassis.ground.refusals import Refused

ROWS_PER_MESSAGE = 200
CHARACTERS_PER_MESSAGE = 1 << 19
LENGTH_BYTES = 4


def messages(content: bytes, order: Order) -> Iterator[Message]:
    """What there is in the file, ``Ended`` or ``RefusedFile`` at last."""
    try:
        yield from _read(content, order)
        yield Ended()
    except Refused as refused:
        yield RefusedFile(refused.rule.code, dict(refused.facts))
    except MemoryError:
        yield RefusedFile(FILE_MEMORY.code, {"limit_bytes": order.limits.memory_bytes})


def _read(content: bytes, order: Order) -> Iterator[Message]:
    refuse_other_kinds(content)
    scans = scan_package(content, order.limits)
    since_1904 = counts_since_1904(content)
    with _RefuseParserErrors():
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.name in scans]
        if len(names) < len(scans):
            raise Refused(NOT_A_WORKBOOK)
        visible = {s.name for s in book.sheets_metadata if s.visible is SheetVisibleEnum.Visible}
        wanted = [name for name in names if folded(name) in order.names]
        if not wanted and order.any_sheet:
            wanted = [name for name in names if name in visible]
        yield Opened(
            tuple(wanted), tuple(n for n in names if n not in wanted and n in visible and scans[n].has_content)
        )
        for name in wanted:
            sheet = book.get_sheet_by_name(name)
            hidden = name not in visible or scans[name].has_hidden_rows
            yield SheetBegun(name, _merged_areas(sheet, order.limits), since_1904, hidden)
            yield from _messages(_rows(sheet, scans[name]))


def _messages(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[Rows]:
    """So many rows at once that a message stays small, whatever stands in them."""
    together: list[tuple[int, list[Any]]] = []
    characters = 0
    for row in rows:
        together.append(row)
        characters += sum(len(cell) for cell in row[1] if type(cell) is str)
        if len(together) == ROWS_PER_MESSAGE or characters > CHARACTERS_PER_MESSAGE:
            yield Rows(tuple(together))
            together, characters = [], 0
    if together:
        yield Rows(tuple(together))


def _merged_areas(sheet: CalamineSheet, limits: Limits) -> tuple[Area, ...]:
    """Those within the limits, cut off there."""
    found = sheet.merged_cell_ranges or ()
    if len(found) > limits.rows:
        raise Refused(TOO_MANY_CELLS, limit=limits.rows)
    return tuple(
        Area(top, left, min(bottom, limits.rows - 1), min(right, limits.columns - 1))
        for (top, left), (bottom, right) in found
        if top < limits.rows and left < limits.columns
    )


def _rows(sheet: CalamineSheet, scan: SheetScan) -> Iterator[tuple[int, list[Any]]]:
    if sheet.start is None and scan.has_content:
        raise Refused(NOT_A_WORKBOOK)  # the library found nothing where there is something
    # The library leaves out empty columns on the left, and fills empty rows above.
    before = [""] * sheet.start[1] if sheet.start else []
    marked: dict[int, dict[int, Unreadable | None]] = {}
    for (row, column), kind in scan.unreadable.items():
        marked.setdefault(row, {})[column] = kind
    for row, column in scan.blank:
        marked.setdefault(row, {})[column] = None
    for number, values in enumerate(sheet.iter_rows()):
        cells = [*before, *map(_wire, values)]
        _mark(cells, marked.pop(number, {}))
        if any(cell != "" for cell in cells):
            yield number + 1, cells
    for row in sorted(marked):  # below the last row in which the library found a value
        cells = []
        _mark(cells, marked[row])
        if any(cell != "" for cell in cells):
            yield row + 1, cells


def _mark(cells: list[Any], marks: dict[int, Unreadable | None]) -> None:
    """``None``: the cell is blank, whatever the library found."""
    for column, kind in marks.items():
        cells.extend([""] * (column + 1 - len(cells)))
        shown = cells[column] if kind is Unreadable.FORMULA and type(cells[column]) is not dict else ""
        cells[column] = "" if kind is None else wire_of(UnreadableCell(kind, shown))


def _wire(value: Any) -> Any:
    return value if type(value) is str else wire_of(_cell(value))


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, float) and not math.isfinite(value):
        return UnreadableCell(Unreadable.ERROR_VALUE)
    return value  # type: ignore[no-any-return]


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


def limit_process(limits: Limits) -> None:
    """Of this process, once and for all."""
    for what, limit in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.processor_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),  # it would hold the file
    ):
        resource.setrlimit(what, (limit, limit))


def read_exactly(stream: IO[bytes], size: int) -> bytes:
    """Raises ``EOFError``."""
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


def main() -> None:
    source, target = sys.stdin.buffer, sys.stdout.buffer
    order = decode_order(read_exactly(source, int.from_bytes(read_exactly(source, LENGTH_BYTES))))
    limit_process(order.limits)
    for message in messages(source.read(), order):
        written = encode(message)
        target.write(len(written).to_bytes(LENGTH_BYTES))
        target.write(written)
    target.flush()


if __name__ == "__main__":
    main()
