"""Which kind of file it is, told from its content alone: neither its name nor what the sender calls it counts."""

import codecs
import re
import struct
from collections.abc import Iterator, Mapping
from typing import Protocol

import puremagic

from services.casework.media_types import XLSX

HEAD = 4096
"""Bytes from the start in which a signature is looked for."""

PLAIN_TEXT = "text/plain"
ZIP = b"PK\x03\x04"
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
DIRECTORY_ENTRY = struct.Struct("<4s6H3L5H2L")
LARGEST_DIRECTORY = 4 * 1024 * 1024
LONGEST_COMMENT = 0xFFFF

BY_SIGNATURE: Mapping[str, str] = {
    "application/pdf": "application/pdf",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "image/heic": "image/heic",
    "image/heif": "image/heic",
    "image/tiff": "image/tiff",
}
"""What the library calls it → media type kept."""

BY_MEMBER: Mapping[str, str] = {
    "xl/workbook.xml": XLSX,
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "OFD.xml": "application/ofd",
}
"""Member of a ZIP archive → what the archive is."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""Characters that no text for people has."""

MACROS = ("vbaproject.bin", "macrosheets/")
"""Parts of names of members that carry programs."""

EXTENSIONS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/tiff": "tif",
    XLSX: "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/ofd": "ofd",
    PLAIN_TEXT: "txt",
}
"""Every accepted media type, and how a file of it is usually named."""


class Content(Protocol):
    """What is to be told apart; ``size`` in bytes."""

    @property
    def size(self) -> int: ...

    def read_at(self, start: int, length: int) -> bytes: ...

    def __iter__(self) -> Iterator[bytes]: ...


def media_type_of(content: Content) -> str | None:
    """One of ``EXTENSIONS``; ``None`` for every other kind of file, and for an empty one."""
    head = content.read_at(0, HEAD)
    if not head:
        return None
    if head.startswith(ZIP):
        return _type_of_archive(content)
    return _type_by_signature(head) or (PLAIN_TEXT if _is_plain_text(head, content) else None)


def _type_by_signature(head: bytes) -> str | None:
    # High Efficiency Image Files may name their brand among the compatible ones only.
    if head[4:8] == b"ftyp":
        brands = head[8 : min(len(head), int.from_bytes(head[:4], "big"))]
        return "image/heic" if b"heic" in brands or b"heix" in brands else None
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return None
    return next((BY_SIGNATURE[match.mime_type] for match in found if match.mime_type in BY_SIGNATURE), None)


def _type_of_archive(content: Content) -> str | None:
    names = _members(content)
    if any(part in name.lower() for name in names for part in MACROS):
        return None
    return next((kind for member, kind in BY_MEMBER.items() if member in names), None)


def _members(content: Content) -> frozenset[str]:
    """The names in a ZIP archive's directory, which is read as it lies there: nothing is unpacked. Empty for one that is
    broken, too large or of the 64-bit format."""
    tail = content.read_at(max(0, content.size - LONGEST_COMMENT - END_OF_DIRECTORY.size), LONGEST_COMMENT + 22)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END_OF_DIRECTORY.size:
        return frozenset()
    _, _, _, _, count, size, _, _ = END_OF_DIRECTORY.unpack_from(tail, at)
    if size > LARGEST_DIRECTORY:
        return frozenset()
    directory = content.read_at(content.size - len(tail) + at - size, size)
    names: set[str] = set()
    place = 0
    for _ in range(count):
        if len(directory) - place < DIRECTORY_ENTRY.size or directory[place : place + 4] != b"PK\x01\x02":
            return frozenset()
        fields = DIRECTORY_ENTRY.unpack_from(directory, place)
        name_length, extra, comment = fields[10:13]
        place += DIRECTORY_ENTRY.size
        names.add(directory[place : place + name_length].decode("utf-8", "replace"))
        place += name_length + extra + comment
    return frozenset(names)


def _is_plain_text(head: bytes, content: Content) -> bool:
    """Text in UTF-8 or GB 18030 without control characters, and neither markup nor a script."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start or start.startswith((b"<", b"#!")):
        return False
    return any(_decodes(encoding, content) for encoding in ("utf-8", "gb18030"))


def _decodes(encoding: str, content: Content) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return all(not CONTROL.search(decoder.decode(chunk)) for chunk in content) and not decoder.decode(
            b"", final=True
        )
    except UnicodeDecodeError:
        return False
