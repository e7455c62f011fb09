"""A file that is no .xlsx is told what it is, with what to do; nothing of it is read."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

from services.chassis.ground.refusals import Refused
from tests.casework.workbooks.files import CONTENT_TYPES, changed, one_household, packed, replaced
from tests.registry.intake.example_workbooks import parse_workbook

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CSV = "户编号,姓名,证件号码\r\nH1,陈一,990001197003150715\r\n"
HTML = "<html><head><meta charset='utf-8'></head><body><table><tr><td>户编号</td></tr></table></body></html>"


def compound(*streams: str) -> bytes:
    """A compound file with these names in its directory."""
    return COMPOUND + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams) + bytes(512)


def zipped(parts: Mapping[str, bytes], first: str | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in sorted(parts, key=lambda name: name != first):
            package.writestr(name, parts[name])
    return out.getvalue()


def encrypted_entries() -> bytes:
    """A package whose entries say that they are encrypted, as a packing program makes it."""
    content = bytearray(packed(one_household()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + offset] |= 1
    return bytes(content)


ODS = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": b"<office:document-content/>",
    "META-INF/manifest.xml": b"<manifest/>",
}
KINDS: dict[str, tuple[Callable[[], bytes], str, Mapping[str, object]]] = {
    "nothing": (lambda: b"", "is_empty", {}),
    "an old Excel file": (lambda: compound("Root Entry", "Workbook"), "is_xls", {}),
    "an older Excel file": (lambda: compound("Root Entry", "Book"), "is_xls", {}),
    "a WPS table": (lambda: compound("Root Entry", "Workbook", "ETExtData"), "is_xls", {}),
    "a compound file cut off": (lambda: COMPOUND + bytes(20), "is_xls", {}),
    "Excel 4 without a container": (lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(64), "is_xls", {}),
    "an encrypted workbook": (lambda: compound("Root Entry", "EncryptionInfo", "EncryptedPackage"), "is_encrypted", {}),
    "a package with encrypted entries": (encrypted_entries, "is_encrypted", {}),
    "an old Word file": (lambda: compound("Root Entry", "WordDocument"), "not_sound", {}),
    "CSV in UTF-8": (lambda: CSV.encode(), "is_csv", {"encoding": "UTF-8"}),
    "CSV in UTF-8 with a mark": (lambda: CSV.encode("utf-8-sig"), "is_csv", {"encoding": "UTF-8"}),
    "CSV in GBK": (lambda: CSV.encode("gbk"), "is_csv", {"encoding": "GBK"}),
    "CSV in GB 18030": (lambda: "户编号,姓名\nH1,𠮷野\n".encode("gb18030"), "is_csv", {"encoding": "GBK"}),
    "CSV in GB 18030 with a mark": (lambda: "\ufeff户编号,姓名\nH1,陈一\n".encode("gb18030"), "is_csv", {"encoding": "GBK"}),
    "Unicode text": (lambda: CSV.replace(",", "\t").encode("utf-16"), "is_csv", {"encoding": "UTF-16"}),
    "tabs in ASCII": (lambda: b"no\tname\nH1\tChen\n", "is_csv", {"encoding": "UTF-8"}),
    "a long CSV cut within a character": (lambda: (CSV * 3000).encode("gbk"), "is_csv", {"encoding": "GBK"}),
    "HTML called .xls": (lambda: HTML.encode(), "is_html", {}),
    "HTML in GBK": (lambda: HTML.encode("gbk"), "is_html", {}),
    "a bare HTML table": (lambda: b"\r\n  <TABLE border=1><tr><td>1</td></tr></TABLE>", "is_html", {}),
    "XHTML": (lambda: b"<?xml version='1.0'?><html><table/></html>", "is_html", {}),
    "a web archive": (lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "is_html", {}),
    "an XML spreadsheet of 2003": (
        lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "is_xml", {},
    ),
    "an OpenDocument spreadsheet": (lambda: zipped(ODS, "mimetype"), "is_ods", {}),
    "a binary workbook": (lambda: zipped({"xl/workbook.bin": b"\x83\x01\x00", CONTENT_TYPES: b"<Types/>"}), "is_xlsb", {}),
    "a workbook with macros": (lambda: packed(one_household() | {"xl/vbaProject.bin": COMPOUND}), "is_xlsm", {}),
    "a workbook that only says it has macros": (
        lambda: changed(
            replaced(
                CONTENT_TYPES,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
        ),
        "is_xlsm",
        {},
    ),
    "a Word document": (lambda: zipped({"word/document.xml": b"<d/>"}), "is_another_kind", {"kind": "Word"}),
    "a presentation": (lambda: zipped({"ppt/presentation.xml": b"<d/>"}), "is_another_kind", {"kind": "PowerPoint"}),
    "a workbook in a ZIP": (
        lambda: zipped({"表.xlsx": packed(one_household())}), "is_another_kind", {"kind": "ZIP"},
    ),
    "a PDF": (lambda: b"%PDF-1.7\n" + bytes(64), "is_another_kind", {"kind": "PDF"}),
    "a photograph": (lambda: b"\xff\xd8\xff\xe0" + bytes(64), "is_another_kind", {"kind": "JPEG"}),
    "a RAR archive": (lambda: b"Rar!\x1a\x07\x00" + bytes(64), "is_another_kind", {"kind": "RAR"}),
    "a word": (lambda: "采集表".encode(), "not_sound", {}),
    "noise": (lambda: bytes(range(256)) * 4, "not_sound", {}),
    "half a workbook": (lambda: packed(one_household())[:1500], "not_sound", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_of_a_file_is_named_with_its_remedy(name: str) -> None:
    make, code, facts = KINDS[name]
    with pytest.raises(Refused) as caught:
        parse_workbook(make())
    assert caught.value.rule.code == f"workbook_{code}"
    assert caught.value.facts == facts
    assert "xlsx" in caught.value.rule.zh or code == "is_empty"
