"""What a sheet is expected to be read as."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any

import openpyxl

from tests.registry.intake.example_workbooks import content_of, errors_of, parse_workbook, short

Change = Callable[[openpyxl.Workbook], object]
Errors = list[tuple[str, int, str]]


@dataclass(frozen=True)
class Expected:
    """``drafts``: row of each household and of its members; ``told``: codes of warnings about the file with their rows."""

    drafts: list[tuple[int, list[int]]] = field(default_factory=lambda: [(2, [2, 3])])
    errors: Errors = field(default_factory=list)
    told: Errors = field(default_factory=list)


def insert(sheet: Any, at: int, *lines: tuple[object, ...]) -> None:
    sheet.insert_rows(at, len(lines))
    for offset, line in enumerate(lines):
        for column, value in enumerate(line, start=1):
            sheet.cell(row=at + offset, column=column).value = value


def assert_read(book: openpyxl.Workbook, expected: Expected, but: Set[str] = frozenset()) -> None:
    reading = parse_workbook(content_of(book))
    assert errors_of(reading) == expected.errors
    assert [(draft.row, [m.row for m in draft.members]) for draft in reading.drafts] == expected.drafts
    told = [(w.sheet, w.row, short(w.code)) for w in reading.warnings if w.code.startswith("workbook_")]
    assert [w for w in told if w[2] not in but] == expected.told
