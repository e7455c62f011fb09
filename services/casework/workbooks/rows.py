"""A table's cells parsed to rows of field values, with an error for every cell that cannot be parsed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from contracts.personal import Personal
from services.casework.workbooks import cell_rules as rules
from services.casework.workbooks.column_reading import ColumnReader
from services.casework.workbooks.layout import Column, ColumnType, Sheet
from services.casework.workbooks.reading.messages import Cell
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.values import PartialDate
from services.chassis.ground.messages import Message
from services.chassis.ground.readings import Unreadable
from services.chassis.ground.refusals import Refused, Rule

T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """``values``: by column key; ``unparsed``: keys of the cells that have an error. ``warnings`` refuse nothing."""

    sheet: Sheet
    number: int
    values: dict[str, object] = field(default_factory=dict)
    unparsed: set[str] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value of a cell, or ``None`` when it is blank or has an error."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None

    def values_of(self, kinds: Mapping[str, type[Any]]) -> Iterator[tuple[str, Any]]:
        """What ``get`` gives for these keys, without those that are blank or have an error."""
        # Of many columns a row fills in few.
        for key, value in self.values.items():
            if (kind := kinds.get(key)) is not None and isinstance(value, kind):
                yield key, value

    def require(self, key: str, kind: type[T]) -> T:
        """The value of a cell that must be there. Raises ``LookupError``."""
        value = self.get(key, kind)
        if value is None:
            raise LookupError(key)
        return value

    def personal(self, key: str) -> Personal[str] | None:
        text = self.get(key, str)
        return None if text is None else Personal(text)

    def has(self, key: str) -> bool:
        """Whether the cell is filled in, with an error or without."""
        return key in self.values or key in self.unparsed

    def add_error(self, rule: Rule, key: str = "", *, see_row: int | None = None) -> None:
        self.errors.append(RowError.of(rule, self.sheet.key, self.number, key, see_row=see_row))

    def refuse_cell(self, rule: Rule, key: str, note: Message | None = None) -> None:
        """The cell has an error, and no value. ``note``: what else the reader needs, never the text itself."""
        self.values.pop(key, None)
        self.unparsed.add(key)
        error = RowError.of(rule, self.sheet.key, self.number, key)
        self.errors.append(error if note is None else error.with_detail(note))

    def parse(self, cell: Cell, reader: ColumnReader, today: date) -> None:
        column = reader.column.layout
        key = column.key
        try:
            reading = reader.read(cell)
            if reader.is_dated and _in_future(reading.value, column, today):
                raise Refused(rules.FUTURE_DATE)
        except Refused as refused:
            self.refuse_cell(refused.rule, key, refused.note if isinstance(refused, Unreadable) else None)
            return
        if reading.value is not None:
            self.values[key] = reading.value
        for change in reading.changes:
            warning = RowError.of(rules.READ_AS, self.sheet.key, self.number, key)
            self.warnings.append(warning.with_detail(change))

    def check_required(self) -> None:
        for column in self.sheet.columns:
            if column.required and not self.has(column.key):
                self.refuse_cell(rules.REQUIRED, column.key)

    @property
    def is_blank(self) -> bool:
        return not self.values and not self.unparsed


def _in_future(value: object, column: Column, today: date) -> bool:
    """A visit, a decision and a registration lie in the past."""
    if column.may_lie_ahead:
        return False
    if isinstance(value, PartialDate):
        return value.first_day > today
    if isinstance(value, date):
        return value > today
    return column.type is ColumnType.YEAR and isinstance(value, int) and value > today.year


@dataclass(slots=True)
class ReadForm:
    """The rows of a file by key of their sheet, those with errors included; ``warnings``: about the file as a whole; ``names``: key
    of a sheet → what the file calls it."""

    rows: Mapping[str, list[Row]]
    names: Mapping[str, str]
    warnings: list[RowError] = field(default_factory=list)


def check_unique(rows: Iterable[Row], key: str, value_of: Callable[[Row], str | None], rule: Rule) -> None:
    """An error for every row that shares the value, naming the first of the others: which one is right is unknown."""
    sharing: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        value = value_of(row)
        if value is not None:
            sharing[value].append(row)
    for same in sharing.values():
        for row in same if len(same) > 1 else ():
            row.add_error(rule, key, see_row=same[1].number if row is same[0] else same[0].number)
