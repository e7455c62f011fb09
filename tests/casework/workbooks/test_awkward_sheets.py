"""Sheets as they exist are found and read; what is passed over is told, and rows keep the numbers that the spreadsheet shows."""

from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from tests.casework.workbooks.expectations import Change, Expected, assert_read, insert
from tests.casework.workbooks.sheets import (
    household_sheet,
    member_sheet,
    short_book,
    two_sheets,
)
from tests.registry.intake.example_workbooks import (
    HEAD_ID,
    content_of,
    parse_workbook,
)


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
    sheet["AL1"].value = "说明"
    sheet["AL2"].value = "好"
    sheet.merge_cells("AL2:AM2")


def formula_in_an_ignored_column(book: openpyxl.Workbook) -> None:
    sheet = member_sheet(book)
    sheet["AL1"].value = "序号"
    sheet["AL2"].value = "=ROW()-1"


def formula_in_a_title(book: openpyxl.Workbook) -> None:
    insert(household_sheet(book), 1, ('="2017"&"年度"',))


def with_a_copy(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(member_sheet(book))


def with_lists_to_choose_from(book: openpyxl.Workbook) -> None:
    book.create_sheet("字典").append(["男"])
    validation = DataValidation(type="list", formula1="字典!$A$1:$A$2")
    validation.add("D2:D3")
    member_sheet(book).add_data_validation(validation)


def filtered(book: openpyxl.Workbook) -> None:
    sheet = member_sheet(book)
    sheet.auto_filter.ref = "A1:M3"
    sheet.row_dimensions[3].hidden = True


def out_of_sight(book: openpyxl.Workbook) -> None:
    member_sheet(book).sheet_state = "veryHidden"


def nothing_filled_in(book: openpyxl.Workbook) -> None:
    household_sheet(book).delete_rows(2)
    member_sheet(book).delete_rows(2, 2)


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
    "a sheet and its copy": (with_a_copy, Expected(told=[("成员表 Copy", 1, "ignored_sheet")])),
    "a sheet of lists to choose from": (with_lists_to_choose_from, Expected(told=[("字典", 1, "ignored_sheet")])),
    "rows that a filter hides": (filtered, Expected(told=[("成员表", 1, "hidden")])),
    "a sheet out of sight": (out_of_sight, Expected(told=[("成员表", 1, "hidden")])),
    "nothing filled in": (nothing_filled_in, Expected([], told=[("户表", 1, "no_rows")])),
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
    "a header with a note in brackets": (
        header(household_sheet, 4, "住址（到组）"), Expected(told=[("户表", 1, "noted_column")]),
    ),
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
    assert draft.members[0].document is not None
    assert draft.members[0].document.number == HEAD_ID
    assert [(w.sheet, w.row, w.column) for w in reading.warnings if w.code == "workbook_ignored_column"] == [
        ("成员表", 1, "A 序号")
    ]
