"""The package of an Open XML workbook: looked through within limits, whatever sizes its directory declares."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from copy import copy
from io import BytesIO
from xml.parsers import expat

from services.casework.workbooks.file_rules import (
    NOT_A_WORKBOOK,
    TOO_MANY_ENTRIES,
    UNPACKS_TOO_LARGE,
)
from services.casework.workbooks.reading.limits import Limits
from services.casework.workbooks.reading.scanning import Scanner, SheetScan
from services.chassis.ground.refusals import Refused

CHUNK_BYTES = 1 << 18
ENTRY_BYTES = 400
"""What an entry of the directory takes at most, generously."""
WORKBOOK_PART = "xl/workbook.xml"
RELATIONSHIPS_PART = "xl/_rels/workbook.xml.rels"
PART_BYTES = 1 << 20
"""Of the parts that list the sheets."""
PACKAGE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    ValueError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # encrypted parts; NotImplementedError, a kind of it: compressions of another age
)
_END_OF_DIRECTORY = b"PK\x05\x06"


def scan_package(content: bytes, limits: Limits) -> dict[str, SheetScan]:
    """Name of a sheet → what was found. Raises ``Refused`` for anything but a sound workbook within the limits."""
    try:
        _require_small_directory(content, limits)
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _scan(package, limits)
    except PACKAGE_ERRORS as error:
        raise Refused(NOT_A_WORKBOOK) from error


def counts_since_1904(content: bytes) -> bool:
    """Of a workbook that was scanned: in which of the two date systems its days are numbers (ECMA-376 part 1, 18.17.4.1)."""
    found = False

    def properties(name: str, attributes: dict[str, str]) -> None:
        nonlocal found
        if name.rpartition(":")[2] == "workbookPr":
            found = attributes.get("date1904", "0") in ("1", "true", "on")

    with zipfile.ZipFile(BytesIO(content)) as package:
        path = next(name for name in package.namelist() if name.casefold() == WORKBOOK_PART)
        _parse(package.read(path), properties)
    return found


def _require_small_directory(content: bytes, limits: Limits) -> None:
    """Before the library makes an object of every entry."""
    at = content.rfind(_END_OF_DIRECTORY, max(0, len(content) - (1 << 16) - 22))
    if at < 0 or len(content) < at + 22:
        return
    entries, directory_bytes = struct.unpack("<HL", content[at + 10 : at + 16])
    if entries > limits.entries or directory_bytes > limits.entries * ENTRY_BYTES:
        raise Refused(TOO_MANY_ENTRIES, limit=limits.entries)


def _scan(package: zipfile.ZipFile, limits: Limits) -> dict[str, SheetScan]:
    parts = package.infolist()
    names = {part.filename.casefold(): part for part in parts}
    if len(names) != len(parts) or WORKBOOK_PART not in names or RELATIONSHIPS_PART not in names:
        raise Refused(NOT_A_WORKBOOK)
    if len(parts) > limits.entries:
        raise Refused(TOO_MANY_ENTRIES, limit=limits.entries)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise Refused(UNPACKS_TOO_LARGE, limit_bytes=limits.unpacked_bytes)
    if max(names[path].file_size for path in (WORKBOOK_PART, RELATIONSHIPS_PART)) > PART_BYTES:
        raise Refused(UNPACKS_TOO_LARGE, limit_bytes=PART_BYTES)
    scanner = Scanner(limits)
    scans: dict[str, SheetScan] = {}
    # Shared texts first: the sheets refer to them.
    for part in sorted(parts, key=lambda part: "sharedstrings" not in part.filename.casefold()):
        scanned = scanner.part()
        for chunk in _unpacked(package, part):
            scanned.feed(chunk)
        scanned.close()
        scans[part.filename.casefold()] = scanned.scan
    sheets = _sheet_parts(package.read(names[WORKBOOK_PART]), package.read(names[RELATIONSHIPS_PART]))
    return {name: scans[path.casefold()] for name, path in sheets.items() if path.casefold() in scans}


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The declared size is not trusted: reading stops one byte after it."""
    extended = copy(part)
    extended.file_size = part.file_size + 1
    unpacked = 0
    with package.open(extended) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            unpacked += len(chunk)
            yield chunk
    if unpacked != part.file_size:
        raise Refused(NOT_A_WORKBOOK)


def _sheet_parts(book: bytes, relations: bytes) -> dict[str, str]:
    """Name of a sheet → path of its part in the package."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = path

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            key = next((value for attribute, value in attributes.items() if attribute.endswith(":id")), "")
            if attributes.get("name", "") in sheets:
                raise Refused(NOT_A_WORKBOOK)
            sheets[attributes.get("name", "")] = targets.get(key, "")

    _parse(relations, relation)
    _parse(book, sheet)
    return sheets


def _parse(content: bytes, handler: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = handler
    parser.Parse(content, True)
