"""One flat sheet that gives the rows of two: each line is a row of the detail (a member) and repeats, has merged down or states
once what belongs to its row of the master (the household)."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.casework.workbooks.cell_rules import TWO_VALUES
from services.casework.workbooks.cells import is_blank
from services.casework.workbooks.column_reading import ColumnReader
from services.casework.workbooks.form import Form
from services.casework.workbooks.reading.messages import Cell
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import Row
from services.casework.workbooks.tables import Line, TableColumn


class JoinedRows:
    """``columns``: those found in the sheet, of both."""

    def __init__(self, form: Form, today: date, columns: Sequence[TableColumn]) -> None:
        joined = form.layout.joined
        if joined is None:
            raise ValueError(f"{form.layout.layout}: nothing says how one sheet gives two")
        self._today = today
        self._master, self._detail = form.layout.sheet(joined.master), form.layout.sheet(joined.detail)
        self._master_key, self._detail_key = joined.key[joined.master], joined.key[joined.detail]
        self._columns = [(c.index, ColumnReader.of(form, c.column)) for c in columns if c.sheet.key == self._master.key]
        self._masters: dict[object, tuple[Row, dict[str, Cell]]] = {}
        self._details: list[Row] = []

    @property
    def rows(self) -> Mapping[str, list[Row]]:
        masters = [row for row, _ in self._masters.values()]
        for row in masters:
            row.check_required()
        return {self._master.key: masters, self._detail.key: self._details}

    def add(self, row: Row, line: Line) -> None:
        """A row of the detail, and the line it was read from. A line that contradicts an earlier one of the same master has an
        error of its own."""
        self._details.append(row)
        key = row.values.get(self._detail_key)
        if key is None:
            return
        cells = line[1]
        filled = {
            reader.column.layout.key: (reader, cells[index])
            for index, reader in self._columns
            if index < len(cells) and not is_blank(cells[index])
        }
        if key not in self._masters:
            master = Row(self._master, row.number, {self._master_key: key})
            for reader, cell in filled.values():
                master.parse(cell, reader, self._today)
            self._masters[key] = master, {name: cell for name, (_, cell) in filled.items()}
            return
        self._compare(row, *self._masters[key], filled)

    def _compare(
        self, row: Row, master: Row, first: dict[str, Cell], filled: Mapping[str, tuple[ColumnReader, Cell]]
    ) -> None:
        for name, (reader, cell) in filled.items():
            if name not in first:
                first[name] = cell
                master.parse(cell, reader, self._today)
            elif cell != first[name]:
                other = Row(self._master, row.number)
                other.parse(cell, reader, self._today)
                if other.errors or other.values.get(name) != master.values.get(name):
                    row.errors.append(
                        RowError.of(TWO_VALUES, self._master.key, row.number, name, see_row=master.number)
                    )
