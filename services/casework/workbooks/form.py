"""A layout together with what a service knows of its columns: code lists, and how the text of a cell becomes a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from services.casework.workbooks.layout import Column, ColumnType, Layout, Sheet
from services.casework.workbooks.reading.messages import Cell
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Rule


class CodeList(Protocol):
    """The codes of a column: what a cell may say, and what the template offers."""

    @property
    def labels(self) -> Mapping[Enum, str]:
        """Code → label, in the order of the form."""

    def parse(self, text: str) -> Enum | None:
        """The code for a label, an English code or an alias; ``None`` when it is none of them."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a layout and its code list."""

    layout: Column
    codes: CodeList | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was read as. ``value``: ``None`` where it says that there is nothing; ``changes``: the kinds of change on
    the way to it, never what was written."""

    value: object
    changes: tuple[Message, ...] = ()


CellParser = Callable[[Cell, FormColumn], Reading]
"""From a cell that is not blank to the field's value. Raises ``Refused`` with the rule that the cell breaks."""


@dataclass(frozen=True, slots=True)
class Form:
    """``parsers``: by type of column; ``rules``: key of a column and rule of a cell → the service's own rule for it."""

    layout: Layout
    code_lists: Mapping[str, CodeList]
    parsers: Mapping[ColumnType, CellParser]
    rules: Mapping[tuple[str, Rule], Rule] = field(default_factory=dict)

    def column(self, column: Column) -> FormColumn:
        """Raises ``KeyError`` for a code list that the service does not have."""
        return FormColumn(column, None if column.codes is None else self.code_lists[column.codes])

    def sheet(self, key: str) -> Sheet:
        return self.layout.sheet(key)
