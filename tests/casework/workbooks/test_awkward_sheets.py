"""Sheets as they exist are found and read; what is passed over is told, and rows keep the numbers that the spreadsheet shows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import pytest

from services.chassis.ground.refusals import Refused
from tests.casework.workbooks.sheets import (
    book_of,
    flat_line,
    flat_lines,
    household_sheet,
    member_sheet,
    short_book,
    two_sheets,
)
from tests.registry.intake.example_workbooks import (
    HEAD,
    HEAD_ID,
    SPOUSE,
    VILLAGE,
    content_of,
    errors_of,
    parse_workbook,
    short,
)

Change = Callable[[openpyxl.Workbook], object]
Errors = list[tuple[str, int, str]]


@dataclass(frozen=True)
class Expected:
    """``drafts``: row of each household and of its members; ``told``: codes of warnings about the file with their rows."""

    drafts: list[tuple[int, list[int]]] = field(default_factory=lambda: [(2, [2, 3])])
    errors: Errors = field(default_factory=list)
    told: Errors = field(default_factory=list)


def insert(sheet: Any, at: int, *lines: tuple[object, ...]) -> None:
    sheet.insert_rows(at, len(lines))
    for offset, line in enumerate(lines):
        for column, value in enumerate(line, start=1):
            sheet.cell(row=at + offset, column=column).value = value


def titled(book: openpyxl.Workbook) -> None:
    for sheet in (household_sheet(book), member_sheet(book)):
        insert(sheet, 1, ("2017年度贫困户信息采集表",))
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=13)


def titled_twice(book: openpyxl.Workbook) -> None:
    insert(member_sheet(book), 1, ("2017年度贫困户信息采集表",), ("填报单位：样例乡", None, None, "2017年12月20日"), ())


def blank_rows(book: openpyxl.Workbook) -> None:
    insert(household_sheet(book), 1, ())
    insert(member_sheet(book), 3, (), ())


def signed(book: openpyxl.Workbook) -> None:
    sheet = member_sheet(book)
    sheet.append(["填表人：某某", None, None, "审核人：某某", None, "2017年12月20日"])
    sheet.append(["合计", None, None, None, 2])
    sheet.append(["以上情况属实"])
    sheet.merge_cells("A6:M6")


def signed_after_blanks(book: openpyxl.Workbook) -> None:
    sheet = household_sheet(book)
    sheet.cell(row=9, column=1, value="村负责人（签字）：")
    sheet.cell(row=10, column=3, value="（公章）")


def subtotal_between(book: openpyxl.Workbook) -> None:
    insert(member_sheet(book), 3, ("小计", None, None, None, 1))


def grouped_headers(book: openpyxl.Workbook) -> None:
    sheet = household_sheet(book)
    insert(sheet, 1, ("户基本信息", None, None, None, None, None, None, "致贫原因"))
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("H1:I1")


def split_headers(book: openpyxl.Workbook) -> None:
    """The upper part of a header stands above several lower ones, other headers are merged down."""
    sheet = household_sheet(book)
    insert(sheet, 1, tuple(sheet.cell(row=1, column=c).value for c in range(1, 25)))
    for column in range(1, 14):
        sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    sheet["N1"].value = "工资性"
    sheet["N2"].value = "收入（元）"


def repeated_headers(book: openpyxl.Workbook) -> None:
    sheet = member_sheet(book)
    insert(sheet, 3, tuple(sheet.cell(row=1, column=c).value for c in range(1, 14)))


def merged_down(book: openpyxl.Workbook) -> None:
    member_sheet(book)["A3"].value = None
    member_sheet(book).merge_cells("A2:A3")


def merged_across(book: openpyxl.Workbook) -> None:
    member_sheet(book).merge_cells("C3:D3")


def merged_over_an_unknown_column(book: openpyxl.Workbook) -> None:
    sheet = member_sheet(book)
    sheet["M1"].value = "说明"
    sheet["M2"].value = "好"
    sheet.merge_cells("M2:N2")


def formula_in_an_ignored_column(book: openpyxl.Workbook) -> None:
    sheet = member_sheet(book)
    sheet["N1"].value = "序号"
    sheet["N2"].value = "=ROW()-1"


def formula_in_a_title(book: openpyxl.Workbook) -> None:
    insert(household_sheet(book), 1, ('="2017"&"年度"',))


def village_named(name: str) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        household_sheet(book)["B2"].value = name

    return change


def header(sheet: Callable[[openpyxl.Workbook], Any], column: int, text: str) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        sheet(book).cell(row=1, column=column).value = text

    return change


def renamed(old: str, new: str) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        book[old].title = new

    return change


SHIFTED = Expected([(3, [3, 4])])
TWO_SHEETS: dict[str, tuple[Change, Expected]] = {
    "a title": (titled, SHIFTED),
    "three lines above": (titled_twice, Expected([(2, [5, 6])])),
    "blank rows above and between": (blank_rows, Expected([(3, [2, 5])])),
    "signatures, a total and a note below": (
        signed, Expected(told=[("成员表", row, "foot_line") for row in (4, 5, 6)]),
    ),
    "a signature far below": (
        signed_after_blanks, Expected(told=[("户表", 9, "foot_line"), ("户表", 10, "foot_line")]),
    ),
    "a subtotal between": (subtotal_between, Expected([(2, [2, 4])], told=[("成员表", 3, "foot_line")])),
    "headers in groups": (grouped_headers, Expected([(3, [2, 3])])),
    "headers in two rows": (split_headers, Expected([(3, [2, 3])])),
    "headers again on the next page": (repeated_headers, Expected([(2, [2, 4])])),
    "a household number merged down over its members": (merged_down, Expected()),
    "cells merged across": (merged_across, Expected([], [("成员表", 3, "merged_across")] * 2)),
    "a cell merged over nothing": (merged_over_an_unknown_column, Expected(told=[("成员表", 1, "ignored_column")])),
    "a formula in an ignored column": (
        formula_in_an_ignored_column, Expected(told=[("成员表", 1, "ignored_column")]),
    ),
    "a formula in the title": (formula_in_a_title, Expected([(3, [2, 3])])),
    "a village by its name": (village_named("青龙咀村"), Expected()),
    "a village nobody knows": (village_named("白云村"), Expected([], [("户表", 2, "unknown_village_name")])),
    "a name that two villages have": (village_named("同名村"), Expected([], [("户表", 2, "village_name_twice")])),
    "a village with blanks around": (village_named(" 青龙咀村 "), Expected()),
    "a star at a header": (header(member_sheet, 3, "*姓名"), Expected()),
    "a star of another kind": (header(member_sheet, 3, "姓名※"), Expected()),
    "a header with a line break": (header(member_sheet, 6, "与户主\n关系"), Expected()),
    "a header spaced out": (header(member_sheet, 3, "姓　　名"), Expected()),
    "a header with an invisible character": (header(member_sheet, 3, "\u200b姓名\ufeff"), Expected()),
    "a header with wide brackets": (header(household_sheet, 10, "耕地（亩）"), Expected()),
    "a header with a unit of its own": (header(household_sheet, 4, "住址（到组）"), Expected()),
    "an ID number by another name": (header(member_sheet, 5, "身份证号码"), Expected()),
    "a header in English": (header(member_sheet, 3, "NAME"), Expected()),
    "sheets by other names": (renamed("成员表", "家庭成员"), Expected()),
    "a sheet's name with a blank": (renamed("户表", "户 表"), Expected()),
}  # fmt: skip


@pytest.mark.parametrize("name", TWO_SHEETS)
def test_two_sheets_are_read_as_they_are(name: str) -> None:
    change, expected = TWO_SHEETS[name]
    book = two_sheets()
    change(book)
    assert_read(book, expected)


def test_the_columns_that_people_have_under_headers_that_they_use_are_enough() -> None:
    reading = parse_workbook(content_of(short_book()))
    assert reading.errors == []
    (draft,) = reading.drafts
    assert draft.members[0].id_number is not None
    assert draft.members[0].id_number.plain == HEAD_ID
    assert [(w.sheet, w.row, w.column) for w in reading.warnings if w.code == "workbook_ignored_column"] == [
        ("成员表", 1, "A 序号")
    ]


FLAT_TOLD = {"A 序号", "B 省", "C 市", "D 县", "E 乡", "K 证件类型", "N 民族", "O 政治面貌", "P 文化程度"}


def test_one_flat_sheet_of_the_national_list_is_read() -> None:
    reading = parse_workbook(content_of(book_of(flat_lines())))
    assert reading.errors == []
    (draft,) = reading.drafts
    assert (draft.row, [m.row for m in draft.members]) == (2, [2, 3])
    assert (draft.division, draft.surveyed.first_day.isoformat()) == (VILLAGE, "2014-05-01")
    told = {w.column for w in reading.warnings if w.code == "workbook_ignored_column"}
    assert told >= FLAT_TOLD
    substituted = [w.column for w in reading.warnings if w.code == "workbook_substitute_column"]
    assert substituted == ["行政区划代码 / division", "调查日期 / survey date"]


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


def assert_read(book: openpyxl.Workbook, expected: Expected, but: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    reading = parse_workbook(content_of(book))
    assert errors_of(reading) == expected.errors
    assert [(draft.row, [m.row for m in draft.members]) for draft in reading.drafts] == expected.drafts
    told = [(w.sheet, w.row, short(w.code)) for w in reading.warnings if w.code.startswith("workbook_")]
    assert [w for w in told if w[2] not in but] == expected.told


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
