"""What a file is when it is no .xlsx workbook: its kind has a rule of its own, which names the remedy."""

import zipfile
from io import BytesIO

from services.casework.workbooks import file_rules as rules
from services.casework.workbooks.file_rules import NOT_A_WORKBOOK
from services.casework.workbooks.reading.package import PACKAGE_ERRORS
from services.chassis.ground.refusals import Refused, Rule

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BARE_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
"""Excel 2 to 5 without a compound file around it."""
LOOKED_AT = 1 << 16
"""Bytes of a text by which its encoding is found."""
ENTRIES_LOOKED_AT = 2000
TYPES_BYTES = 1 << 20

OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
)
HTML_BEGINNINGS = ("<!doctype html", "<html", "<table", "<meta", "<head", "<body", "<style", "<div", "mime-version:")
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def refuse_other_kinds(content: bytes) -> None:
    """Raises ``Refused`` for a file of a known kind that is no .xlsx; anything else is left to the reader."""
    if not content:
        raise Refused(rules.IS_EMPTY)
    if content.startswith(COMPOUND_FILE):
        raise Refused(_compound_kind(content))
    if content.startswith(b"PK\x03\x04"):
        _refuse_other_packages(content)
        return
    if content.startswith(BARE_BIFF) and len(content) > 4:
        raise Refused(rules.IS_XLS)
    for beginning, kind in OTHER_KINDS:
        if content.startswith(beginning):
            raise Refused(rules.IS_OTHER, kind=kind)
    _refuse_texts(content[:LOOKED_AT])


def _compound_kind(content: bytes) -> Rule:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return rules.IS_ENCRYPTED
    sheets = any(name.encode("utf-16-le") in content for name in ("Workbook", "Book"))
    return rules.IS_XLS if sheets or "WordDocument".encode("utf-16-le") not in content else NOT_A_WORKBOOK


def _refuse_other_packages(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = {part.filename.casefold(): part for part in package.infolist()[:ENTRIES_LOOKED_AT]}
            kind = _package_kind(package, parts)
    except PACKAGE_ERRORS:
        return  # the reader says what is wrong
    if isinstance(kind, str):
        raise Refused(rules.IS_OTHER, kind=kind)
    if kind is not None:
        raise Refused(kind)


def _package_kind(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Rule | str | None:
    if any(part.flag_bits & 1 for part in parts.values()):
        return rules.IS_ENCRYPTED
    if "mimetype" in parts and _begins(package, parts["mimetype"], b"application/vnd.oasis.opendocument.spreadsheet"):
        return rules.IS_ODS
    if "xl/workbook.bin" in parts:
        return rules.IS_XLSB
    if "xl/vbaproject.bin" in parts or b"sheet.macroEnabled" in _types(package, parts):
        return rules.IS_XLSM
    if "xl/workbook.xml" in parts:
        return None
    for folder, kind in (("word/", "Word"), ("ppt/", "PowerPoint")):
        if any(name.startswith(folder) for name in parts):
            return kind
    return "ZIP" if parts and not any(name.startswith(("xl/", "xl\\")) for name in parts) else None


def _begins(package: zipfile.ZipFile, part: zipfile.ZipInfo, beginning: bytes) -> bool:
    with package.open(part) as stream:
        return stream.read(len(beginning)) == beginning


def _types(package: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> bytes:
    part = parts.get("[content_types].xml")
    if part is None:
        return b""
    with package.open(part) as stream:
        return stream.read(TYPES_BYTES)


def _refuse_texts(content: bytes) -> None:
    encoding, text = _decoded(content)
    if text is None:
        return
    beginning = text.lstrip("\ufeff \t\r\n")[:200].casefold()
    if beginning.startswith(HTML_BEGINNINGS):
        raise Refused(rules.IS_HTML)
    if beginning.startswith("<?xml"):
        raise Refused(rules.IS_HTML if "<html" in text.casefold() else rules.IS_XML)
    first_lines = text.splitlines()[:20]
    if any(separator in line for line in first_lines for separator in ",\t;|"):
        raise Refused(rules.IS_CSV, encoding=encoding)


def _decoded(content: bytes) -> tuple[str, str | None]:
    """The encoding and the text, ``None`` for what is none."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding, content.decode(encoding, errors="replace")
    if b"\x00" in content:
        return "", None
    for encoding, codec in (("UTF-8", "utf-8"), ("GBK", "gb18030")):
        for cut in range(4):  # the last character may be cut off
            try:
                text = content[: len(content) - cut].decode(codec).removeprefix("\ufeff")
            except ValueError:
                continue
            if sum(not c.isprintable() and c not in "\r\n\t" for c in text) > len(text) // 50:
                return "", None
            return encoding, text
    return "", None
