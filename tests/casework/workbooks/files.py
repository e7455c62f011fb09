"""Workbooks made part by part, so that any of them can be as it should not be."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

from services.casework.workbooks.layout import Sheet
from tests.registry.intake.example_workbooks import HEAD, HOUSEHOLD, HOUSEHOLDS, MEMBERS, SPOUSE, SheetLine

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET, MEMBER_SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
CONTENT_TYPES, BOOK = "[Content_Types].xml", "xl/workbook.xml"

Parts = dict[str, bytes]
Change = Callable[[Parts], None]


def parts_of(sheets: Mapping[str, Sequence[Sequence[str]]]) -> Parts:
    """A workbook of texts, all of them shared; row and cell references as spreadsheets write them."""
    strings: dict[str, int] = {}
    found: Parts = {}
    for number, rows in enumerate(sheets.values(), start=1):
        lines = []
        for row, texts in enumerate(rows, start=1):
            cells = "".join(
                f'<c r="{letters(column)}{row}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'
                for column, text in enumerate(texts)
                if text
            )
            lines.append(f'<row r="{row}">{cells}</row>')
        found[f"xl/worksheets/sheet{number}.xml"] = sheet_of("".join(lines))
    entries = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    found[STRINGS] = f'{DECLARATION}<sst xmlns="{MAIN}">{entries}</sst>'.encode()
    numbered = list(enumerate(sheets, start=1))
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    found[BOOK] = (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'.encode()
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    related += f'<Relationship Id="rId99" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    found["xl/_rels/workbook.xml.rels"] = _relationships(related)
    found["_rels/.rels"] = _relationships(
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPES}.worksheet+xml"/>' for n, _ in numbered
    )
    found[CONTENT_TYPES] = (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/>{types}</Types>'
    ).encode()
    return found


def sheet_of(rows: str, after: str = "") -> bytes:
    """The part of a sheet with these rows in XML."""
    return f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def packed(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def one_household() -> Parts:
    """The parts of a sound file of one household with two members."""
    return parts_of({HOUSEHOLDS.name: grid(HOUSEHOLDS, [HOUSEHOLD]), MEMBERS.name: grid(MEMBERS, [HEAD, SPOUSE])})


def grid(sheet: Sheet, lines: Sequence[SheetLine]) -> list[list[str]]:
    """Headers and lines as texts."""
    return [
        [c.header for c in sheet.columns],
        *([str(line.get(c.key) or "") for c in sheet.columns] for line in lines),
    ]


def replaced(path: str, old: str, new: str) -> Change:
    """Changes the first such text of a part."""

    def change(parts: Parts) -> None:
        assert old.encode() in parts[path], (path, old)
        parts[path] = parts[path].replace(old.encode(), new.encode(), 1)

    return change


def cell(name: str, written: str, path: str = SHEET) -> Change:
    """Writes a cell of the first sheet, with what is in it, otherwise."""

    def change(parts: Parts) -> None:
        text = parts[path].decode()
        start = text.index(f'<c r="{name}"')
        end = text.index("</c>", start) + len("</c>")
        parts[path] = (text[:start] + written + text[end:]).encode()

    return change


def changed(*changes: Change) -> bytes:
    """The sound file with these changes."""
    parts = one_household()
    for change in changes:
        change(parts)
    return packed(parts)


def letters(column: int) -> str:
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _relationships(entries: str) -> bytes:
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'.encode()
