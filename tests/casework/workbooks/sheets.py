"""Sheets as people make them: openpyxl workbooks of one household, to be laid out otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from tests.registry.intake.example_workbooks import (
    HEAD,
    HEAD_ID,
    HOUSEHOLD,
    HOUSEHOLDS,
    MEMBERS,
    SPOUSE,
    SPOUSE_ID,
    VILLAGE,
    form_workbook,
)

Line = Sequence[object]

FLAT_HEADERS = (
    "序号", "省", "市", "县", "乡", "村", "户编号", "人编号", "姓名", "性别", "证件类型", "证件号码", "与户主关系", "民族", "政治面貌",
    "文化程度", "在校生状况", "健康状况", "劳动技能", "务工时间（月）", "是否参加大病保险", "脱贫属性", "户属性", "主要致贫原因",
    "人均纯收入（元）", "联系电话", "识别时间",
)  # fmt: skip
"""Of the national register's list of persons."""
FLAT_PLACE = ("样例省", "样例市", "样例县", "样例乡", "青龙咀村")


def flat_line(number: int, household: str, person: Mapping[str, object], **more: object) -> list[object]:
    values = {
        "序号": number, **dict(zip(FLAT_HEADERS[1:6], FLAT_PLACE, strict=True)), "户编号": household, "人编号": person["national_no"],
        "姓名": person["name"], "性别": person["sex"], "证件类型": "居民身份证", "证件号码": person["id_number"],
        "与户主关系": person["relation"], "民族": "汉族", "政治面貌": "群众", "文化程度": "初中", "健康状况": "健康",
        "劳动技能": "普通劳动力", "户属性": "一般贫困户", "主要致贫原因": "因病", "联系电话": "13800000000", "识别时间": "2014.05",
        **more,
    }  # fmt: skip
    return [values.get(header) for header in FLAT_HEADERS]


def flat_lines() -> list[list[object]]:
    return [list(FLAT_HEADERS), flat_line(1, "H1", HEAD), flat_line(2, "H1", SPOUSE)]


def book_of(lines: Sequence[Line], name: str = "Sheet1") -> openpyxl.Workbook:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = name
    for line in lines:
        sheet.append(list(line))
    return book


def two_sheets() -> openpyxl.Workbook:
    return form_workbook()


def household_sheet(book: openpyxl.Workbook) -> Any:
    return book[HOUSEHOLDS.name]


def member_sheet(book: openpyxl.Workbook) -> Any:
    return book[MEMBERS.name]


def short_members() -> list[Line]:
    """A member sheet of the columns that people have, under headers that they use."""
    return [
        ("序号", "户编号", "*姓名", "身份证号码", "与户主关系", "联系电话"),
        (1, "H1", "陈一", HEAD_ID, "户主", "13800000000"),
        (2, "H1", "林二", SPOUSE_ID, "配偶", None),
    ]


def short_households() -> list[Line]:
    return [("户编号", "村代码", "调查日期"), (HOUSEHOLD["national_no"], VILLAGE, HOUSEHOLD["surveyed_on"])]


def short_book() -> openpyxl.Workbook:
    book = book_of(short_households(), HOUSEHOLDS.name)
    sheet = book.create_sheet(MEMBERS.name)
    for line in short_members():
        sheet.append(list(line))
    return book
