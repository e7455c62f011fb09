"""Inspection of an uploaded Open XML package before the library parses it: sizes, bounds, merged cells, formulas.

Every part is decompressed once as a stream, so that false declared sizes are found, and every sheet is scanned for
cells far outside the form, for which the library would reserve memory up to there.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from services.chassis.ground.refusals import Refused
from services.registry.intake.reading.file_rules import (
    FORMULA,
    MERGED_CELLS,
    NOT_A_WORKBOOK,
    TOO_LARGE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    UNPACKS_TOO_LARGE,
)

CHUNK_BYTES = 1 << 18
WORKBOOK_PART = "xl/workbook.xml"
RELATIONSHIPS_PART = "xl/_rels/workbook.xml.rels"
PACKAGE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    ValueError,
    EOFError,
    OSError,
    RuntimeError,  # encrypted parts; NotImplementedError, a kind of it: compressions of another age
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """``text_bytes``: all text of one sheet written out, repeated strings counted each time."""

    file_bytes: int = 50 * 1024 * 1024
    unpacked_bytes: int = 400 * 1024 * 1024
    text_bytes: int = 400 * 1024 * 1024
    rows: int = 100_000
    columns: int = 64


@dataclass(slots=True)
class SheetScan:
    """Findings of one sheet. Cells in A1 notation; rows and columns of ``error_cells`` from 0."""

    formula: str | None = None
    merged: str | None = None
    error_cells: set[tuple[int, int]] = field(default_factory=set)


def inspect_package(content: bytes, limits: Limits) -> dict[str, SheetScan]:
    """Sheet name → findings. Raises ``Refused`` for anything but a valid workbook within the limits."""
    if len(content) > limits.file_bytes:
        raise Refused(TOO_LARGE, limit_bytes=limits.file_bytes, bytes=len(content))
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _inspect(package, limits)
    except PACKAGE_ERRORS as error:
        raise Refused(NOT_A_WORKBOOK) from error


def refuse_merged_and_formulas(sheet: str, scan: SheetScan) -> None:
    """Raises ``Refused`` and names the sheet and the first such cell."""
    if scan.merged is not None:
        raise Refused(MERGED_CELLS, sheet=sheet, cells=scan.merged)
    if scan.formula is not None:
        raise Refused(FORMULA, sheet=sheet, cell=scan.formula)


def _inspect(package: zipfile.ZipFile, limits: Limits) -> dict[str, SheetScan]:
    parts = package.infolist()
    names = {part.filename.casefold(): part for part in parts}
    if len(names) != len(parts) or WORKBOOK_PART not in names or RELATIONSHIPS_PART not in names:
        raise Refused(NOT_A_WORKBOOK)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise Refused(UNPACKS_TOO_LARGE, limit_bytes=limits.unpacked_bytes)
    strings: list[int] = []
    # Shared strings first: the sheets refer to them.
    parts.sort(key=lambda part: "sharedstrings" not in part.filename.casefold())
    scans: dict[str, SheetScan] = {}
    for part in parts:
        scanner = _PartScanner(limits, strings)
        for chunk in _unpacked(package, part):
            scanner.feed(chunk)
        scanner.close()
        scans[part.filename.casefold()] = scanner.scan
    sheets = _sheet_parts(package.read(names[WORKBOOK_PART]), package.read(names[RELATIONSHIPS_PART]))
    return {name: scans[path.casefold()] for name, path in sheets.items() if path.casefold() in scans}


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes. The declared size is not trusted: reading stops one byte after it."""
    extended = copy(part)
    extended.file_size = part.file_size + 1
    unpacked = 0
    with package.open(extended) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            unpacked += len(chunk)
            yield chunk
    if unpacked != part.file_size:
        raise Refused(NOT_A_WORKBOOK)


class _PartScanner:
    """Streaming scan of one part: sheets are checked, shared strings measured, anything else is only decompressed."""

    def __init__(self, limits: Limits, strings: list[int]) -> None:
        self.scan = SheetScan()
        self._limits, self._strings = limits, strings
        self._root: str | None = None
        self._row = self._column = -1
        self._reference: str | None = None
        self._text_bytes = 0
        self._is_shared_string = False
        self._string_index: list[str] = []
        self._parser: expat.XMLParserType | None = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._root_element

    def feed(self, chunk: bytes) -> None:
        if self._parser is None:
            return
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            # Drawings and the like need not be XML; a sheet that is not is refused.
            if self._root in ("worksheet", "sst"):
                raise
            self._parser = None
        if self._root == "":
            self._parser = None

    def close(self) -> None:
        if self._parser is not None and self._root is not None:
            self._parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        raise Refused(NOT_A_WORKBOOK)

    def _root_element(self, name: str, _: dict[str, str]) -> None:
        parser = self._parser
        if parser is None:
            return
        self._root = {"worksheet": "worksheet", "sst": "sst"}.get(_local_name(name), "")
        if self._root == "worksheet":
            parser.StartElementHandler = self._sheet_element
        elif self._root == "sst":
            parser.StartElementHandler = self._shared_string_element
            parser.CharacterDataHandler = self._shared_string_text

    def _shared_string_element(self, name: str, _: dict[str, str]) -> None:
        if _local_name(name) == "si":
            self._strings.append(0)

    def _shared_string_text(self, text: str) -> None:
        if self._strings:
            self._strings[-1] += len(text) * 3

    def _sheet_element(self, name: str, attributes: dict[str, str]) -> None:
        name = _local_name(name)
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "is", "f"):
            self._cell_content(name)
        elif name == "row":
            # Row numbers must ascend: the library takes the first and the last cell for the corners of the sheet.
            row = int(attributes.get("r", self._row + 2)) - 1
            if row <= self._row:
                raise Refused(NOT_A_WORKBOOK)
            self._row, self._column = row, -1
        elif name == "mergeCell" and self.scan.merged is None:
            merged = attributes.get("ref", "")
            self.scan.merged = merged if re.fullmatch(r"[A-Z0-9:]{2,21}", merged) else "?"

    def _cell(self, attributes: dict[str, str]) -> None:
        self._reference = attributes.get("r")
        row, column = (self._row, self._column + 1) if self._reference is None else _cell_position(self._reference)
        if row != self._row or column <= self._column:
            raise Refused(NOT_A_WORKBOOK)
        self._column = column
        if attributes.get("t") == "e" and column < self._limits.columns:
            self.scan.error_cells.add((row, column))
        self._is_shared_string = attributes.get("t") == "s"

    def _cell_content(self, name: str) -> None:
        """A cell with content must lie within the form; empty ones that only carry a format may lie anywhere."""
        if self._row >= self._limits.rows:
            raise Refused(TOO_MANY_ROWS, limit=self._limits.rows)
        if self._column >= self._limits.columns:
            raise Refused(TOO_MANY_COLUMNS, limit=self._limits.columns)
        if name == "f" and self.scan.formula is None:
            self.scan.formula = self._reference or f"{column_letters(self._column)}{self._row + 1}"

        if name == "v" and self._is_shared_string and self._parser is not None:
            self._string_index = []
            self._parser.CharacterDataHandler = self._string_index.append
            self._parser.EndElementHandler = self._count_text

    def _count_text(self, _: str) -> None:
        """Add the length of the shared string that the cell refers to."""
        if self._parser is not None:
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        index = int("".join(self._string_index).strip() or "-1")
        if 0 <= index < len(self._strings):
            self._text_bytes += self._strings[index]
        if self._text_bytes > self._limits.text_bytes:
            raise Refused(UNPACKS_TOO_LARGE, limit_bytes=self._limits.text_bytes)


def _sheet_parts(book: bytes, relations: bytes) -> dict[str, str]:
    """Sheet name → path of its part in the package."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local_name(name) == "Relationship":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = path

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local_name(name) == "sheet":
            key = next((value for attribute, value in attributes.items() if attribute.endswith(":id")), "")
            if attributes.get("name", "") in sheets:
                raise Refused(NOT_A_WORKBOOK)
            sheets[attributes.get("name", "")] = targets.get(key, "")

    for content, handler in ((relations, relation), (book, sheet)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        parser.Parse(content, True)
    return sheets


def _local_name(name: str) -> str:
    return name.rpartition(":")[2]


def _cell_position(reference: str) -> tuple[int, int]:
    """Row and column, from 0, of a reference such as ``AB12``."""
    shape = _REFERENCE.fullmatch(reference)
    if shape is None:
        raise Refused(NOT_A_WORKBOOK)
    column = 0
    for letter in shape[1]:
        column = column * 26 + ord(letter) - 64
    return int(shape[2]) - 1, column - 1


def column_letters(column: int) -> str:
    """``AB`` for column 27, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
