"""Sound files as other programs write them are read alike."""

import re
import zipfile
from collections.abc import Callable

import pytest

from tests.casework.workbooks.files import (
    BOOK,
    MAIN,
    MEMBER_SHEET,
    RELATIONS,
    SHEET,
    Change,
    Parts,
    cell,
    changed,
    one_household,
    packed,
)
from tests.registry.intake.example_workbooks import errors_of, parse_workbook

RELATED = "xl/_rels/workbook.xml.rels"
STRICT = (
    (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="200" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="57"/></cellXfs></styleSheet>'
)


def strict(parts: Parts) -> None:
    for name in parts:
        for old, new in STRICT:
            parts[name] = parts[name].replace(old.encode(), new.encode())


def prefixed(parts: Parts) -> None:
    parts[SHEET] = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", parts[SHEET]).replace(b'xmlns="', b'xmlns:x="')


def without_references(parts: Parts) -> None:
    for path in (SHEET, MEMBER_SHEET):
        parts[path] = re.sub(rb' r="[A-Z0-9]+"', b"", parts[path])


def absolute_targets(parts: Parts) -> None:
    parts[RELATED] = parts[RELATED].replace(b'Target="', b'Target="/xl/')


def with_mark(parts: Parts) -> None:
    for path in (SHEET, MEMBER_SHEET):
        parts[path] = b"\xef\xbb\xbf" + parts[path]


WRITERS: dict[str, Callable[[], bytes]] = {
    "strict names": lambda: changed(strict),
    "prefixed names": lambda: changed(prefixed),
    "cells without references": lambda: changed(without_references),
    "absolute targets": lambda: changed(absolute_targets),
    "byte order marks": lambda: changed(with_mark),
    "nothing compressed": lambda: packed(one_household(), zipfile.ZIP_STORED),
    "bytes behind the package": lambda: packed(one_household()) + b"trailing",
    "names of parts in capitals": lambda: packed(
        {name.upper() if name == SHEET else name: part for name, part in one_household().items()}
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_sound_file_of_another_program_is_read(name: str) -> None:
    (draft,) = parse_workbook(WRITERS[name]()).drafts
    assert [member.name.plain for member in draft.members] == ["陈一", "林二"]


def with_styles(parts: Parts) -> None:
    parts["xl/styles.xml"] = STYLES.encode()
    related = f'<Relationship Id="rId98" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    parts[RELATED] = parts[RELATED].replace(b"</Relationships>", related.encode())


def since_1904(parts: Parts) -> None:
    parts[BOOK] = parts[BOOK].replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')


def day(written: str, style: str) -> Change:
    return cell("C2", f'<c r="C2" s="{style}"><v>{written}</v></c>')


@pytest.mark.parametrize("style", ["1", "2", "3"])
def test_a_day_is_one_under_whatever_format_shows_it(style: str) -> None:
    (draft,) = parse_workbook(changed(with_styles, day("41000", style))).drafts
    assert draft.surveyed.first_day.isoformat() == "2012-04-01"


@pytest.mark.parametrize("style", ["0", "1", "99"])
def test_days_are_counted_from_1904_where_the_file_says_so(style: str) -> None:
    """Under the format of a day or as a plain number."""
    (draft,) = parse_workbook(changed(with_styles, since_1904, day("40000", style))).drafts
    assert draft.surveyed.first_day.isoformat() == "2013-07-07"


@pytest.mark.parametrize("style", ["0", "99", "-1"])
def test_a_number_that_no_format_makes_a_day_is_read_as_one_and_told(style: str) -> None:
    read = parse_workbook(changed(with_styles, day("41000", style)))
    (draft,) = read.drafts
    assert draft.surveyed.first_day.isoformat() == "2012-04-01"
    (told,) = [warning for warning in read.warnings if warning.code == "workbook_read_as"]
    assert (told.sheet, told.row) == ("户表", 2)
    assert "2012-04-01" in told.zh


@pytest.mark.parametrize(
    ("written", "style"), [("99999999", "1"), ("0.5", "1"), ("-5", "1"), ("41000.5", "0"), ("99999", "0"), ("9", "0")]
)
def test_a_number_that_counts_to_no_day_of_the_register_is_none(written: str, style: str) -> None:
    assert errors_of(parse_workbook(changed(with_styles, day(written, style)))) == [("户表", 2, "day_unreadable")]
