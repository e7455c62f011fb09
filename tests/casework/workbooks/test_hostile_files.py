"""Files made to harm: each is refused with the limit or the rule that it breaks, and takes little meanwhile."""

import io
import resource
import time
import zipfile
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from services.casework.workbooks.reading.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from services.chassis.ground.refusals import Refused
from tests.casework.workbooks.files import (
    BOOK,
    MEMBER_SHEET,
    SHEET,
    STRINGS,
    cell,
    changed,
    letters,
    one_household,
    packed,
    replaced,
    sheet_of,
)
from tests.registry.intake.example_workbooks import parse_workbook

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def limits(**given: int) -> Limits:
    return msgspec.structs.replace(DEFAULT_LIMITS, **given)


def with_parts(**parts: bytes) -> bytes:
    return packed(
        one_household() | {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    )


def with_sheet(rows: str, after: str = "") -> bytes:
    parts = one_household()
    parts[SHEET] = sheet_of(rows, after)
    return packed(parts)


def with_strings(entries: str) -> bytes:
    return changed(replaced(STRINGS, "</sst>", f"{entries}</sst>"))


def begins_with(path: str, text: str) -> bytes:
    return changed(replaced(path, "?>\n", f"?>{text}"))


def with_entries(count: int) -> bytes:
    out = io.BytesIO(packed(one_household()))
    with zipfile.ZipFile(out, "a") as package:
        for n in range(count):
            package.writestr(f"xl/media/{n}.bin", b"")
    return out.getvalue()


def lying_size() -> bytes:
    parts = one_household()
    parts[SHEET] += b" " * 5_000_000
    bomb = bytearray(packed(parts))
    honest = len(parts[SHEET]).to_bytes(4, "little")
    while (at := bomb.find(honest)) >= 0:
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(bomb)


def duplicate_sheet_name() -> bytes:
    return changed(replaced(BOOK, 'name="成员表"', 'name="户表"'))


def utf16(path: str) -> Callable[[], bytes]:
    def make() -> bytes:
        parts = one_household()
        parts[path] = parts[path].decode().replace("UTF-8", "UTF-16").encode("utf-16")
        return packed(parts)

    return make


def twice(path: str) -> bytes:
    out = io.BytesIO(packed(one_household()))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(path.upper(), "<worksheet/>")
    return out.getvalue()


def cells(count: int, *, content: str = "", first_row: int = 2) -> str:
    """Rows of fifty cells."""
    rows = []
    for row in range(first_row, first_row + count // 50):
        rows.append(f'<row r="{row}">' + "".join(f'<c r="{letters(c)}{row}"{content}' for c in range(50)) + "</row>")
    return "".join(rows)


HOSTILE: dict[str, tuple[Callable[[], bytes], str, Limits]] = {
    "billion laughs in a sheet": (lambda: begins_with(SHEET, LAUGHS), "not_sound", DEFAULT_LIMITS),
    "billion laughs in the texts": (lambda: begins_with(STRINGS, LAUGHS), "not_sound", DEFAULT_LIMITS),
    "billion laughs in the list of sheets": (lambda: begins_with(BOOK, LAUGHS), "not_sound", DEFAULT_LIMITS),
    "billion laughs in a part nobody reads": (
        lambda: packed(one_household() | {"docProps/custom.xml": f"{LAUGHS}<x>&j;</x>".encode()}), "not_sound", DEFAULT_LIMITS,
    ),
    "an external entity": (lambda: begins_with(SHEET, EXTERNAL), "not_sound", DEFAULT_LIMITS),
    "nested elements in a sheet": (
        lambda: with_sheet("<x>" * 3000 + "</x>" * 3000), "too_deep", DEFAULT_LIMITS,
    ),
    "nested elements in the texts": (
        lambda: with_strings("<si>" + "<r>" * 3000 + "</r>" * 3000 + "</si>"), "too_deep", DEFAULT_LIMITS,
    ),
    "a megabyte of nesting never closed": (lambda: with_sheet("<x>" * 300_000), "too_deep", DEFAULT_LIMITS),
    "a bomb of spaces": (
        lambda: packed(one_household() | {SHEET: one_household()[SHEET] + b" " * 9_000_000}),
        "unpacks_too_large", limits(unpacked_bytes=4_000_000),
    ),
    "a bomb of zeros in a picture": (
        lambda: packed(one_household() | {"xl/media/1.png": bytes(9_000_000)}),
        "unpacks_too_large", limits(unpacked_bytes=4_000_000),
    ),
    "a size that is a lie": (lying_size, "not_sound", limits(unpacked_bytes=4_000_000)),
    "two thousand entries": (lambda: with_entries(2000), "too_many_entries", DEFAULT_LIMITS),
    "seventy thousand entries": (lambda: with_entries(70_000), "too_many_entries", DEFAULT_LIMITS),
    "a text repeated in every cell": (
        lambda: packed(
            one_household() | {
                SHEET: sheet_of(cells(10_000, content=' t="s"><v>0</v></c>')),
                STRINGS: one_household()[STRINGS].replace(b"<si><t>", b"<si><t>" + b"x" * 30_000, 1),
            }
        ),
        "unpacks_too_large", limits(text_bytes=20 * MEBIBYTE),
    ),
    "many cells that only carry a format": (
        lambda: with_sheet(cells(200_000, content="/>")), "too_many_cells", limits(cells=100_000),
    ),
    "many error cells": (
        lambda: with_sheet(cells(200_000, content=' t="e"><v>#N/A</v></c>')), "too_many_cells", limits(cells=100_000),
    ),
    "many shared texts": (lambda: with_strings("<si/>" * 60_000), "too_many_cells", limits(cells=50_000)),
    "a cell at the end of the world": (
        lambda: changed(cell("A2", '<c r="XFD2" t="s"><v>0</v></c>')), "too_many_columns", DEFAULT_LIMITS,
    ),
    "a value in column XFD": (
        lambda: with_sheet('<row r="2"><c r="XFD2"><v>1</v></c></row>'), "too_many_columns", DEFAULT_LIMITS,
    ),
    "a value in row 1048576": (
        lambda: with_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "too_many_rows", DEFAULT_LIMITS,
    ),
    "rows beyond the limit": (lambda: with_sheet(cells(5000, content="><v>1</v></c>")), "too_many_rows", limits(rows=50)),
    "rows out of order": (
        lambda: with_sheet('<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'),
        "not_sound", DEFAULT_LIMITS,
    ),
    "a row twice": (
        lambda: with_sheet('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'),
        "not_sound", DEFAULT_LIMITS,
    ),
    "a cell twice": (
        lambda: with_sheet('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'), "not_sound", DEFAULT_LIMITS,
    ),
    "a cell of another row": (
        lambda: with_sheet('<row r="2"><c r="A3"><v>1</v></c></row>'), "not_sound", DEFAULT_LIMITS,
    ),
    "a row number that is none": (lambda: with_sheet('<row r="x"><c><v>1</v></c></row>'), "not_sound", DEFAULT_LIMITS),
    "a row number beyond all numbers": (
        lambda: with_sheet(f'<row r="{"9" * 400}"><c><v>1</v></c></row>'), "too_many_rows", DEFAULT_LIMITS,
    ),
    "a cell kind that is none": (
        lambda: changed(cell("A2", '<c r="A2" t="z"><v>1</v></c>')), "not_sound", DEFAULT_LIMITS,
    ),
    "a truth value that is none": (
        lambda: changed(cell("A2", '<c r="A2" t="b"><v>7</v></c>')), "not_sound", DEFAULT_LIMITS,
    ),
    "two sheets of one name": (duplicate_sheet_name, "not_sound", DEFAULT_LIMITS),
    "two parts of one name": (lambda: twice(SHEET), "not_sound", DEFAULT_LIMITS),
    "a sheet in UTF-16": (utf16(SHEET), "not_sound", DEFAULT_LIMITS),
    "texts in UTF-16": (utf16(STRINGS), "not_sound", DEFAULT_LIMITS),
    "a sheet that is no XML": (lambda: changed(replaced(SHEET, "</sheetData>", "</sheet>")), "not_sound", DEFAULT_LIMITS),
    "a sheet that ends early": (
        lambda: packed(one_household() | {MEMBER_SHEET: one_household()[MEMBER_SHEET][:-200]}), "not_sound", DEFAULT_LIMITS,
    ),
    "no list of sheets": (
        lambda: packed({n: p for n, p in one_household().items() if n != "xl/_rels/workbook.xml.rels"}),
        "not_sound", DEFAULT_LIMITS,
    ),
    "a list of sheets of four megabytes": (
        lambda: changed(replaced(BOOK, "<sheets>", "<sheets>" + " " * (4 * MEBIBYTE))), "unpacks_too_large", DEFAULT_LIMITS,
    ),
    "merged areas over one another": (
        lambda: with_sheet(
            one_household()[SHEET].decode().partition("<sheetData>")[2].partition("</sheetData>")[0],
            "<mergeCells>" + "".join(f'<mergeCell ref="A1:ZZ{n}"/>' for n in range(2, 1000)) + "</mergeCells>",
        ),
        "not_sound", DEFAULT_LIMITS,
    ),
    "merged areas without end": (
        lambda: with_sheet(
            "", "<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 3000)) + "</mergeCells>"
        ),
        "too_many_cells", limits(rows=2000),
    ),
    "foot lines without end": (
        lambda: with_sheet(
            one_household()[SHEET].decode().partition("<sheetData>")[2].partition("</sheetData>")[0]
            + "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>合计</t></is></c></row>' for n in range(3, 6000))
        ),
        "too_many_errors", limits(errors=5_000),
    ),
    "errors without end": (
        lambda: with_sheet(
            one_household()[SHEET].decode().partition("<sheetData>")[2].partition('<row r="2">')[0]
            + cells(30_000, content="><v>-1</v></c>").replace('r="1"', 'r="2"')
        ),
        "too_many_errors", limits(errors=5_000),
    ),
    "more memory than is allowed": (
        lambda: with_strings(f"<si><t>{'x' * (80 * MEBIBYTE)}</t></si>"), "takes_too_much_memory", limits(memory_bytes=100 * MEBIBYTE),
    ),
    "more time than is allowed": (
        lambda: with_strings("<si/>" * 4_500_000), "takes_too_long", limits(processor_seconds=1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name(name: str) -> None:
    make, code, given = HOSTILE[name]
    file = make()
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused) as caught:
        parse_workbook(file, limits=given)
    assert caught.value.rule.code == f"workbook_{code}"
    assert time.process_time() - began < 2  # the work is done elsewhere
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB
    limit: Any = (
        caught.value.facts.get("limit")
        or caught.value.facts.get("limit_bytes")
        or caught.value.facts.get("limit_seconds")
    )
    assert (limit is not None) is (caught.value.rule.status == 413)
