"""Cells of one column, of which those that come again are read once."""

from decimal import Decimal

import pytest

from contracts.registry.members import Relation
from services.casework.workbooks import column_reading
from services.casework.workbooks.cell_rules import BAD_NUMBER
from services.casework.workbooks.column_reading import MOST_KNOWN, ColumnReader
from services.casework.workbooks.reading.messages import Cell
from services.chassis.ground.readings import Reading
from services.chassis.ground.refusals import Refused
from services.registry.intake.reading.row_rules import UNKNOWN_RELATION
from tests.registry.intake.example_workbooks import FORM


def reader_of(sheet: str, column: str) -> ColumnReader:
    return ColumnReader.of(FORM, FORM.sheet(sheet).column(column))


def read_or_rule(reader: ColumnReader, cell: Cell) -> object:
    try:
        return reader.read(cell).value
    except Refused as refused:
        return refused.rule


def test_cells_that_are_equal_in_python_and_differ_in_a_workbook() -> None:
    """Whichever comes first, and whichever comes again."""
    for cells in ((1, True, 1.0, "1"), (True, "1", 1.0, 1)):
        reader = reader_of("households", "arable_mu")
        for cell in (*cells, *cells):
            expected = BAD_NUMBER if cell is True else Decimal("1.00")
            assert read_or_rule(reader, cell) == expected, repr(cell)


def test_a_word_that_is_unknown_is_refused_each_time() -> None:
    reader = reader_of("members", "relation")
    refused, known, again = (read_or_rule(reader, cell) for cell in ("邻居", "户主", "邻居"))
    assert (refused, known, again) == (UNKNOWN_RELATION, Relation.HEAD, UNKNOWN_RELATION)


def test_what_was_changed_is_told_each_time() -> None:
    reader = reader_of("households", "arable_mu")
    first, again = reader.read("３.５亩"), reader.read("３.５亩")
    assert first == again
    assert {change.code for change in again.changes} == {"change.width", "change.unit"}


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = reader_of("households", "arable_mu")
    for number in range(MOST_KNOWN + 1):
        assert reader.read(float(number)).value == number
    parsed: list[Cell] = []

    def parse(self: ColumnReader, cell: Cell) -> Reading[object]:
        parsed.append(cell)
        return Reading(None)

    monkeypatch.setattr(column_reading.ColumnReader, "_parsed", parse)
    for number in (0, MOST_KNOWN - 1, MOST_KNOWN, MOST_KNOWN):
        reader.read(float(number))
    assert parsed == [MOST_KNOWN, MOST_KNOWN]
