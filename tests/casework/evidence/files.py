"""Small files of every kind, made by the libraries that make such files, or from the start of real ones."""

import io
import zipfile
from collections.abc import Mapping

import xlsxwriter

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REST = bytes(range(256)) * 8


def archive(*names: str, count: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name in (*names, *(f"part-{n}" for n in range(count))):
            zipped.writestr(name, "<x/>")
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write(0, 0, "户主姓名")
    return made.getvalue()


def brand(major: bytes, *compatible: bytes) -> bytes:
    brands = major + bytes(4) + b"".join(compatible)
    return (len(brands) + 8).to_bytes(4, "big") + b"ftyp" + brands + REST


ACCEPTED: Mapping[str, tuple[bytes, str]] = {
    "PDF": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + REST, "application/pdf"),
    "JPEG, JFIF": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + REST, "image/jpeg"),
    "JPEG, Exif": (b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + REST, "image/jpeg"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + REST, "image/png"),
    "WebP": (b"RIFF\x00\x08\x00\x00WEBPVP8 " + REST, "image/webp"),
    "HEIC": (brand(b"heic", b"mif1", b"heic"), "image/heic"),
    "HEIC of another major brand": (brand(b"mif1", b"miaf", b"heic"), "image/heic"),
    "TIFF, Intel": (b"II*\x00\x08\x00\x00\x00" + REST, "image/tiff"),
    "TIFF, Motorola": (b"MM\x00*\x00\x00\x00\x08" + REST, "image/tiff"),
    "xlsx": (workbook(), XLSX),
    "docx": (archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"), DOCX),
    "OFD": (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
    "text in UTF-8": ("村民代表会议记录\n到会 24 人\n".encode(), "text/plain"),
    "text in UTF-8 with a mark": ("\ufeff会议记录".encode(), "text/plain"),
    "text in GB 18030": ("村民代表会议记录，到会二十四人。".encode("gb18030"), "text/plain"),
}
"""What it is → content, media type."""

REFUSED: Mapping[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n\t",
    "a web page": b"<!doctype html><html><script>alert(1)</script></html>",
    "a web page after blanks": b"\n  <html></html>",
    "an SVG image": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a shell script": b"#!/bin/sh\necho\n",
    "a Windows program": b"MZ\x90\x00\x03" + REST,
    "a Linux program": b"\x7fELF\x02\x01" + REST,
    "AVIF": brand(b"avif", b"mif1", b"miaf"),
    "an MP4 film": brand(b"isom", b"mp41"),
    "any archive": archive("a.txt"),
    "a workbook with macros": archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
    "a document with macros": archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "an archive cut short": archive("word/document.xml")[:-30],
    "an archive with a huge directory": archive("word/document.xml", count=1_000)[:-22]
    + b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff" + b"\xff\xff\xff\x7f" + bytes(4) + bytes(2),
    "text with control characters": b"minutes\x00\x01\x02",
    "bytes that no encoding has": b"\xff\xff\xff\xff minutes",
    "text cut in the middle of a character": "会议".encode()[:-1],
}  # fmt: skip
