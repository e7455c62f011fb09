"""Result files of the payment platform: one table, as its layout says, in a workbook or as CSV. A workbook is read as every other
one is; CSV is what a platform writes for half a million lines, and read as it comes."""

import csv
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import Any

from contracts.assistance.payments import ReturnCause
from services.assistance.payments import result_rules
from services.assistance.payments.domain_results import ResultRow
from services.casework.documents.lookup import Lookup
from services.casework.workbooks import cell_rules
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.column_reading import ColumnReader
from services.casework.workbooks.file_rules import MISSING_SHEET
from services.casework.workbooks.form import Form
from services.casework.workbooks.labelled_codes import LabelledCodes
from services.casework.workbooks.layout import KIND, ColumnType, Layout, Sheet, folded, layout_from
from services.casework.workbooks.needed_columns import Fields, Needed
from services.casework.workbooks.parsing import read_form
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.labels import LABELS
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName

RESULT, LINES = "payment_result", "lines"
ZIP = b"PK\x03\x04"
HEADERS_WITHIN = 10
"""Lines within which a file says its headers."""
MOST_KNOWN = 4096
QUOTED = '"'
LONGEST_CELL = 200
"""Characters of a line that is no table, as it is told."""
Line = tuple[int, list[str]]
"""Its number in the file, and its cells."""


class Result(StrEnum):
    CREDITED = "credited"
    FAILED = "failed"


CODES: Mapping[str, LabelledCodes] = {
    "payment_result": LabelledCodes(
        Result, {Result.CREDITED: "成功", Result.FAILED: "失败"}, {"已到账": Result.CREDITED, "退票": Result.FAILED}
    ),
    "return_cause": LabelledCodes(ReturnCause, {cause: LABELS.code(cause).zh for cause in ReturnCause}, {}),
}
FIELDS: Fields = {
    LINES: {
        "list_no": Needed(ColumnType.IDENTIFIER, required=True),
        "control": Needed(ColumnType.IDENTIFIER, required=True),
        "line": Needed(ColumnType.NUMBER, required=True),
        "amount": Needed(ColumnType.NUMBER, required=True, decimals=2),
        "result": Needed(ColumnType.CODE, required=True, codes="payment_result"),
        "on": Needed(ColumnType.DAY, required=True),
        "cause": Needed(ColumnType.CODE, codes="return_cause"),
    }
}


def form_in_force(lookup: Lookup, day: date, area: str) -> Form:
    """Raises ``Refused``."""
    try:
        layout: Layout = lookup.in_force(KIND, RESULT, day, area or None).typed(layout_from)
    except (NotInForce, UnknownName):
        raise Refused(result_rules.RESULT_NO_LAYOUT) from None
    return Form(layout, CODES, PARSERS)


@dataclass(slots=True)
class ResultFile:
    """The rows that can be read, and what cannot; ``errors`` grows while the rows are taken. ``whole``: whether the last line says
    that all of it is there."""

    rows: Iterator[ResultRow]
    errors: list[RowError] = field(default_factory=list)
    unread: int = 0


def read_result(content: bytes, form: Form, today: date) -> ResultFile:
    """Raises ``Refused`` for a file that is none."""
    if content.startswith(ZIP):
        return _of_workbook(content, form, today)
    return _of_text(_decoded(content)[0], form)


def _of_workbook(content: bytes, form: Form, today: date) -> ResultFile:
    read = read_form(content, form, today)
    rows = read.rows.get(LINES, [])
    good = [_row(row.number, row.values) for row in rows if not row.errors]
    errors = [error for row in rows for error in row.errors]
    return ResultFile(iter(good), errors, len(rows) - len(good))


def _row(number: int, values: Mapping[str, Any]) -> ResultRow:
    return ResultRow(
        number, values["list_no"], values["control"], int(values["line"]), Decimal(values["amount"]),
        values["result"] is Result.CREDITED, values["on"], values.get("cause"),
    )  # fmt: skip


def whole_characters(content: bytes) -> bytes:
    """The file without a last character of which only a part is there: it was cut on its way."""
    if content.startswith(ZIP):
        return content
    return content[: len(content) - _decoded(content)[1]]


def _decoded(content: bytes) -> tuple[str, int]:
    """The text, and how many bytes of a cut character follow it. Raises ``Refused``."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = getincrementaldecoder(encoding)()
        try:
            return decoder.decode(content), len(decoder.getstate()[0])
        except UnicodeDecodeError:
            continue
    raise Refused(result_rules.RESULT_UNREADABLE)


def _of_text(text: str, form: Form) -> ResultFile:
    """A last line without its end may have been cut, so that it says another day or amount: it is whole where it is the foot."""
    end = max(text.rfind("\n"), text.rfind("\r")) + 1
    cut = end < len(text) and not text.startswith(tuple(form.layout.foot), end)
    sheet, lines = form.sheet(LINES), _lines(text[:end] if cut else text)
    places = _places(lines, sheet)
    file = ResultFile(iter(()), unread=int(cut))
    file.rows = _text_rows(lines, places, form, sheet, file)
    return file


def _lines(text: str) -> Iterator[Line]:
    lines = StringIO(text, newline="")
    if QUOTED in text:
        return _quoted(lines)
    return ((number, line.rstrip("\r\n").split(",")) for number, line in enumerate(lines, start=1))


def _quoted(lines: Iterable[str]) -> Iterator[Line]:
    """A quotation mark that is closed nowhere, or stands amid a cell, hides no line behind it: what it would take in is read line by
    line."""
    number, taken = 0, list[str]()

    def taking() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    source = taking()
    reader = csv.reader(source, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reader = csv.reader(source, strict=True)
            yield from ((number + place, _alone(line)) for place, line in enumerate(taken, start=1))
        else:
            yield number + len(taken), cells
        number += len(taken)
        taken.clear()


def _alone(line: str) -> list[str]:
    try:
        return next(csv.reader((line,)), [])
    except csv.Error:
        return [line[:LONGEST_CELL]]


def _places(lines: Iterator[Line], sheet: Sheet) -> dict[str, int]:
    """Where each column stands. Raises ``Refused`` where the headers are not there."""
    for _, (_, cells) in zip(range(HEADERS_WITHIN), lines, strict=False):
        at = {folded(cell): index for index, cell in enumerate(cells)}
        found = {c.key: at[h] for c in sheet.columns for h in map(folded, c.headers) if h in at}
        if all(column.key in found for column in sheet.columns if column.required):
            return found
    raise Refused(MISSING_SHEET, sheet=sheet.name)


def _text_rows(
    lines: Iterator[Line], places: Mapping[str, int], form: Form, sheet: Sheet, file: ResultFile
) -> Iterator[ResultRow]:
    read = [(key, at, _reader(form, sheet, key)) for key, at in places.items()]
    cut = file.unread
    rows, said, last = file.unread, None, 1
    foot = tuple(form.layout.foot)
    for number, cells in lines:
        last = number
        if not any(cells):
            continue
        if cells[0].startswith(foot):
            said = cells[1].strip() if len(cells) > 1 else ""
            continue
        rows += 1
        values: dict[str, object] = {}
        wrong = _read_cells(values, cells, read, sheet, number)
        if wrong:
            file.unread += 1
            file.errors += wrong
        else:
            yield _row(number, values)
    if said != str(rows) or cut:
        file.errors.append(RowError.of(result_rules.RESULT_CUT_SHORT, LINES, last + cut))


Reads = Callable[[str], object]


def _read_cells(
    values: dict[str, object], cells: Sequence[str], read: Sequence[tuple[str, int, Reads]], sheet: Sheet, number: int
) -> list[RowError]:
    wrong: list[RowError] = []
    for key, at, reads in read:
        try:
            value = reads(cells[at]) if at < len(cells) else None
        except Refused as refused:
            wrong.append(RowError.of(refused.rule, LINES, number, key))
            continue
        if value is not None:
            values[key] = value
        elif sheet.column(key).required:
            wrong.append(RowError.of(cell_rules.REQUIRED, LINES, number, key))
    return wrong


def _reader(form: Form, sheet: Sheet, key: str) -> Reads:
    """Of a column, with what stands over and over read once."""
    reader, known = ColumnReader.of(form, sheet.column(key)), dict[str, object]()
    counts = sheet.column(key).type is ColumnType.NUMBER

    def reads(cell: str) -> object:
        if counts and cell.isdecimal() and cell.isascii():
            return Decimal(cell)
        if (value := known.get(cell)) is not None:
            return value
        value = reader.read(cell).value
        if len(known) < MOST_KNOWN:
            known[cell] = value
        return value

    return reads
