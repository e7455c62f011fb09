"""One flat sheet gives households and members: repeated, merged down, or stated once."""

from typing import Any

import openpyxl
import pytest

from services.chassis.ground.refusals import Refused
from tests.casework.workbooks.expectations import Change, Expected, assert_read, insert
from tests.casework.workbooks.sheets import (
    book_of,
    flat_line,
    flat_lines,
)
from tests.registry.intake.example_workbooks import (
    HEAD,
    SPOUSE,
    VILLAGE,
    content_of,
    parse_workbook,
    short,
)

FLAT_TOLD = {"A 序号", "B 省", "C 市", "D 县", "E 乡"}


def test_one_flat_sheet_of_the_national_list_is_read() -> None:
    reading = parse_workbook(content_of(book_of(flat_lines())))
    assert reading.errors == []
    (draft,) = reading.drafts
    assert (draft.row, [m.row for m in draft.members]) == (2, [2, 3])
    assert (draft.division, draft.surveyed.first_day.isoformat()) == (VILLAGE, "2014-05-01")
    told = {w.column for w in reading.warnings if w.code == "workbook_ignored_column"}
    assert told >= FLAT_TOLD
    substituted = [w.column for w in reading.warnings if w.code == "workbook_substitute_column"]
    assert substituted == ["F 村 → 行政区划代码 / division", "AA 识别时间 → 调查日期 / survey date"]


def merged_households(book: openpyxl.Workbook) -> None:
    """What belongs to the household stands once, merged down over its members."""
    sheet: Any = book.active
    for column in (6, 7, 23, 24, 27):
        sheet.cell(row=3, column=column).value = None
        sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)


def stated_once(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    for column in (6, 23, 24, 27):
        sheet.cell(row=3, column=column).value = None


def contradicted(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    sheet["X3"].value = "因学"


def unknown_household(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    sheet["G3"].value = None


def two_households(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    sheet["G3"].value = "H2"
    sheet["M3"].value = "户主"


def flat_titled(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    insert(sheet, 1, ("建档立卡贫困人口花名册",), ("单位：人",))
    sheet.merge_cells("A1:AA1")


def flat_in_two_header_rows(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    insert(sheet, 1, (*[None] * 6, "贫困户", None, "家庭成员"))
    sheet.merge_cells("G1:H1")
    sheet.merge_cells("I1:P1")


def with_notes(book: openpyxl.Workbook) -> None:
    book.create_sheet("说明", 0).append(["本表由村填报"])


def hidden_copy(book: openpyxl.Workbook) -> None:
    copy = book.copy_worksheet(book.active)
    copy.title, copy.sheet_state = "旧", "hidden"


FLAT: dict[str, tuple[Change, Expected]] = {
    "household cells merged down over the members": (merged_households, Expected()),
    "household cells in the first row only": (stated_once, Expected()),
    "rows of one household that differ": (contradicted, Expected([], [("Sheet1", 3, "two_values")])),
    "a member without a household": (
        unknown_household, Expected([(2, [2])], [("Sheet1", 3, "required")]),
    ),
    "two households": (two_households, Expected([(2, [2]), (3, [3])])),
    "a title of two rows": (flat_titled, Expected([(4, [4, 5])])),
    "headers in two rows": (flat_in_two_header_rows, Expected([(3, [3, 4])])),
    "a sheet of notes before it": (with_notes, Expected(told=[("说明", 1, "ignored_sheet")])),
    "a hidden copy": (hidden_copy, Expected()),
}  # fmt: skip


@pytest.mark.parametrize("name", FLAT)
def test_a_flat_sheet_is_read_as_it_is(name: str) -> None:
    change, expected = FLAT[name]
    book = book_of(flat_lines())
    change(book)
    assert_read(book, expected, but={"ignored_column", "substitute_column"})


def second_table(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(book.active).title = "另一村"


def no_names(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    sheet["I1"].value = "称呼"


def both_named(book: openpyxl.Workbook) -> None:
    sheet: Any = book.active
    sheet["N1"].value = "成员姓名"


REFUSED: dict[str, tuple[Change, str, dict[str, object]]] = {
    "two flat tables": (second_table, "two_tables", {"sheet": "另一村"}),
    "no column of names": (no_names, "missing_column", {"sheet": "成员表", "column": "姓名 / name", "missing": 1}),
    "two columns of names": (both_named, "duplicate_column", {"sheet": "成员表", "column": "姓名 / name"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_flat_sheet_that_cannot_be_understood_is_refused_by_name(name: str) -> None:
    change, code, facts = REFUSED[name]
    book = book_of(flat_lines())
    change(book)
    with pytest.raises(Refused) as caught:
        parse_workbook(content_of(book))
    assert (short(caught.value.rule.code), caught.value.facts) == (code, facts)


def test_a_flat_sheet_of_two_households_in_two_villages_keeps_each_in_its_own() -> None:
    lines = [*flat_lines()[:2], flat_line(2, "H2", {**SPOUSE, "relation": "户主"}, 村="990001101202")]
    reading = parse_workbook(content_of(book_of(lines)))
    assert [draft.division for draft in reading.drafts] == [VILLAGE, "990001101202"]
    assert HEAD["name"] == reading.drafts[0].members[0].name.plain
