"""The cells of one column read, one after the other. What a cell breaks is ``Refused`` with its rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.casework.workbooks import cell_rules as rules
from services.casework.workbooks.cells import told
from services.casework.workbooks.file_rules import FORMULA
from services.casework.workbooks.form import CellParser, Form, FormColumn
from services.casework.workbooks.layout import Column, ColumnType
from services.casework.workbooks.reading.messages import Cell, Unreadable, UnreadableCell
from services.chassis.ground import field_texts as texts
from services.chassis.ground import readings
from services.chassis.ground.day_texts import read_partial_day_text
from services.chassis.ground.field_texts import number_reader
from services.chassis.ground.messages import Message
from services.chassis.ground.readings import Reading
from services.chassis.ground.refusals import Refused, Rule

BLANK: Reading[object] = Reading(None)
UNREADABLE: Mapping[Unreadable, Rule] = {
    Unreadable.ERROR_VALUE: rules.ERROR_VALUE,
    Unreadable.FORMULA: FORMULA,
    Unreadable.MERGED: rules.MERGED,
}
READERS: Mapping[ColumnType, readings.Reader] = {
    ColumnType.TEXT: texts.read_line,
    ColumnType.NAME: texts.read_name,
    ColumnType.IDENTIFIER: texts.read_identifier,
    ColumnType.DIVISION: texts.read_code,
    ColumnType.RESIDENT_ID: texts.read_id_number,
    ColumnType.PHONE: texts.read_phone,
    ColumnType.ACCOUNT: texts.read_account,
    ColumnType.CODE: texts.read_code_words,
    ColumnType.CODES: texts.read_code_words,
    ColumnType.YES_NO: texts.read_code_words,
    ColumnType.YEAR: texts.read_code,
    ColumnType.DAY: read_partial_day_text,
    ColumnType.PARTIAL_DATE: read_partial_day_text,
}
"""How text is read before it is parsed, as over HTTP; other columns are numbers."""

DATED = frozenset({ColumnType.YEAR, ColumnType.DAY, ColumnType.PARTIAL_DATE})
REPEATED = DATED | {ColumnType.CODE, ColumnType.CODES, ColumnType.YES_NO, ColumnType.DIVISION, ColumnType.NUMBER}
"""Columns in which the same few cells stand over and over."""
MOST_KNOWN = 1024
"""Different cells of a column that are remembered."""

_ERROR_VALUES = frozenset("#N/A #REF! #DIV/0! #VALUE! #NAME? #NULL! #NUM!".split())


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """Reads the cells of one column. What is the same for all of them is looked up once, and where the same few cells stand over
    and over, one that was read is not read again (``known``)."""

    column: FormColumn
    is_dated: bool
    _parse: CellParser
    _read: readings.Reader
    _rules: Mapping[tuple[str, Rule], Rule]
    _known: dict[object, Reading[object]] | None = field(repr=False)

    @classmethod
    def of(cls, form: Form, column: Column) -> "ColumnReader":
        kind = column.type
        read = READERS.get(kind) or number_reader(column.unit)
        return cls(
            form.column(column), kind in DATED, form.parsers[kind], read, form.rules, {} if kind in REPEATED else None
        )

    def read(self, cell: Cell) -> Reading[object]:
        """The field's value, and what was changed to read it. Raises ``Refused`` with the rule that the cell breaks."""
        if (known := self._known) is None:
            return self._parsed(cell)
        key = cell if type(cell) is str else (type(cell), cell)  # 1, 1.0 and TRUE are equal
        found = known.get(key)
        if found is None:
            found = self._parsed(cell)
            if len(known) < MOST_KNOWN:
                known[key] = found
        return found

    def _parsed(self, cell: Cell) -> Reading[object]:
        changes: tuple[Message, ...] = ()
        if isinstance(cell, str):
            text = cell.strip()
            if not text:
                return BLANK
            if text[0] == "#" and text.upper() in _ERROR_VALUES:
                raise Refused(rules.ERROR_VALUE)
        elif isinstance(cell, UnreadableCell):
            raise Refused(UNREADABLE[cell.kind])
        try:
            if isinstance(cell, str):
                read = self._read(cell)
                changes = told(read.changes)
                if read.value is None:
                    return Reading(None, changes)
                cell = read.value
            parsed = self._parse(cell, self.column)
        except Refused as refused:
            note = refused.note if isinstance(refused, readings.Unreadable) else None
            why = self._rules.get((self.column.layout.key, refused.rule), refused.rule)
            raise readings.Unreadable(why, note) from None
        return Reading(parsed.value, (*changes, *parsed.changes)) if changes else parsed
