"""A look through the XML of a workbook before the library reads it, for what the library does not say or takes otherwise: a
reference to a shared text that is not there is read as the first of them, formulas and error values as plain values."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import NoReturn
from xml.parsers import expat

from services.casework.workbooks.file_rules import (
    NOT_A_WORKBOOK,
    TOO_DEEP,
    TOO_MANY_CELLS,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    UNKNOWN_TEXT,
    UNPACKS_TOO_LARGE,
    UNSOUND_CELL,
)
from services.casework.workbooks.reading.limits import Limits
from services.casework.workbooks.reading.messages import Unreadable
from services.chassis.ground.refusals import Refused

EMPTY_REFERENCE = "-1"
"""What some writers store as the number of a text where there is none."""
OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
LONGEST_INDEX = 9
"""Digits of the number of a shared text."""
_ROOTS = frozenset({"worksheet", "sst"})

Position = tuple[int, int]
"""Row and column, from 0."""


@dataclass(slots=True)
class SheetScan:
    """``unreadable``: cells with an error value or a formula; ``blank``: cells that say they have no text; ``has_content``:
    whether any cell has a value; ``has_hidden_rows``: whether any of them is in a hidden row."""

    unreadable: dict[Position, Unreadable] = field(default_factory=dict)
    blank: set[Position] = field(default_factory=set)
    has_content: bool = False
    has_hidden_rows: bool = False


class Scanner:
    """``strings``: bytes of each shared text at most, by its number; ``cells``: seen in all sheets."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.strings: list[int] = []
        self.cells = 0

    def part(self) -> "PartScanner":
        return PartScanner(self)


class PartScanner:
    """Scan of one part as a stream: sheets are checked, shared texts measured, of anything else only the beginning."""

    def __init__(self, scanner: Scanner) -> None:
        self.scan = SheetScan()
        self._all, self._limits = scanner, scanner.limits
        self._root: str | None = None
        self._depth = 0
        self._row = self._column = -1
        self._kind = ""
        self._values = 0
        self._hidden = False
        self._in_value = False
        self._value: list[str] = []
        self._value_at = -1
        self._text_bytes = 0
        self._first = True
        self._parser: expat.XMLParserType | None = None
        parser = self._new = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._begin_part

    def feed(self, chunk: bytes) -> None:
        if self._first:
            self._first, self._parser = False, self._new
            if chunk.startswith(OTHER_ENCODINGS):
                _refuse()  # the library reads UTF-8 only, and of another encoding nothing
        if self._parser is None:
            return
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            # Drawings and the like need not be XML; a sheet that is not is refused.
            if self._root in _ROOTS:
                raise
            self._parser = None
        if self._root == "":
            self._parser = None

    def close(self) -> None:
        if self._parser is not None and self._root is not None:
            self._parser.Parse(b"", True)

    def _begin_part(self, name: str, _: dict[str, str]) -> None:
        root = _local_name(name)
        self._root = root if root in _ROOTS else ""
        self._depth = 1
        parser = self._new
        if root == "worksheet":
            parser.StartElementHandler, parser.EndElementHandler = self._begin_in_sheet, self._end_in_sheet
            parser.StartCdataSectionHandler = self._begin_cdata
        elif root == "sst":
            parser.StartElementHandler, parser.EndElementHandler = self._begin_in_strings, self._end
            parser.CharacterDataHandler = self._shared_text

    def _begin(self) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            raise Refused(TOO_DEEP, limit=self._limits.depth)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _begin_in_strings(self, name: str, _: dict[str, str]) -> None:
        self._begin()
        if _local_name(name) == "si":
            if self._depth != 2:
                _refuse()
            self._all.strings.append(0)
            if len(self._all.strings) > self._limits.cells:
                raise Refused(TOO_MANY_CELLS, limit=self._limits.cells)

    def _shared_text(self, text: str) -> None:
        if self._all.strings:
            self._all.strings[-1] += len(text) * 3

    def _begin_in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        # Called for every cell and every value: what they have in common stands here.
        self._depth += 1
        if self._depth > self._limits.depth:
            raise Refused(TOO_DEEP, limit=self._limits.depth)
        if ":" in name:
            name = _local_name(name)
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "is", "f"):
            self._begin_content(name)
        elif name == "row":
            # Row numbers must ascend: the library takes the first and the last cell for the corners of the sheet.
            row = int(attributes.get("r", self._row + 2)) - 1
            if row <= self._row:
                _refuse()
            self._row, self._column = row, -1
            self._hidden = attributes.get("hidden") in ("1", "true")

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        row, column = (self._row, self._column + 1) if reference is None else _cell_position(reference)
        if row != self._row or column <= self._column:
            _refuse()
        self._column, self._kind, self._values = column, attributes.get("t", ""), 0
        self._all.cells += 1
        if self._all.cells > self._limits.cells:
            raise Refused(TOO_MANY_CELLS, limit=self._limits.cells)
        if self._kind == "e" and column < self._limits.columns:
            self.scan.unreadable[row, column] = Unreadable.ERROR_VALUE

    def _begin_content(self, name: str) -> None:
        """A cell with content lies within the limits; empty ones that only carry a format may lie anywhere."""
        if self._row >= self._limits.rows:
            raise Refused(TOO_MANY_ROWS, limit=self._limits.rows)
        if self._column >= self._limits.columns:
            raise Refused(TOO_MANY_COLUMNS, limit=self._limits.columns)
        if name == "f":
            self.scan.unreadable[self._row, self._column] = Unreadable.FORMULA
            return
        self._values += 1
        if self._values > 1:
            self._refuse_cell()  # either could be meant
        self.scan.has_content = True
        self.scan.has_hidden_rows |= self._hidden
        if name == "v":
            self._in_value, self._value, self._value_at = True, [], -1
            self._new.CharacterDataHandler = self._text_of_value

    def _text_of_value(self, text: str) -> None:
        if not self._value:
            self._value_at = self._new.CurrentByteIndex
        self._value.append(text)

    def _begin_cdata(self) -> None:
        if self._in_value:
            self._refuse_cell()  # the library passes it over

    def _end_in_sheet(self, name: str) -> None:
        self._depth -= 1
        if not self._in_value or _local_name(name) != "v":
            return
        self._in_value, self._new.CharacterDataHandler = False, None
        text = "".join(self._value)
        if self._kind == "str" or not text:
            self._count_text(len(text) * 3)
        elif self._new.CurrentByteIndex - self._value_at != len(text.encode()):
            self._refuse_cell()  # of a number that is written with references or comments the library reads a part
        elif self._kind == "s":
            self._check_index(text)

    def _check_index(self, text: str) -> None:
        if text == EMPTY_REFERENCE:
            self.scan.blank.add((self._row, self._column))
            return
        is_index = text.isascii() and text.isdigit() and len(text) <= LONGEST_INDEX
        if not is_index or (index := int(text)) >= len(self._all.strings):
            raise Refused(UNKNOWN_TEXT, cell=self._cell_name())
        self._count_text(self._all.strings[index])

    def _count_text(self, size: int) -> None:
        self._text_bytes += size
        if self._text_bytes > self._limits.text_bytes:
            raise Refused(UNPACKS_TOO_LARGE, limit_bytes=self._limits.text_bytes)

    def _refuse_cell(self) -> NoReturn:
        raise Refused(UNSOUND_CELL, cell=self._cell_name())

    def _cell_name(self) -> str:
        return f"{column_letters(self._column)}{self._row + 1}"


def _refuse(*_: object) -> NoReturn:
    raise Refused(NOT_A_WORKBOOK)


def _local_name(name: str) -> str:
    return name.rpartition(":")[2]


def _cell_position(reference: str) -> Position:
    """Of a reference such as ``AB12``."""
    shape = _REFERENCE.fullmatch(reference)
    if shape is None:
        _refuse()
    return int(shape[2]) - 1, _column_of(shape[1])


@cache
def _column_of(letters: str) -> int:
    """From 0. Of three letters there are as many as a small table holds."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def column_letters(column: int) -> str:
    """``AB`` for column 27, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
