"""The national system's lists as they exist (cases D to G), read by the national layout: however they are laid out, and whatever was
pasted into them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from contracts.registry.poverty_status import PovertyStatus
from services.casework.workbooks.parsing import read_form
from services.casework.workbooks.reading.process import refuse_at_once
from services.casework.workbooks.reading.worker import messages
from services.casework.workbooks.rows import ReadForm
from services.chassis.ground.refusals import Refused
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from services.registry.intake.reading.assembly import assemble
from tests.casework.workbooks.sheets import FLAT_HEADERS, book_of, flat_line, flat_lines
from tests.registry.intake.example_workbooks import HEAD, SPOUSE, TODAY, VILLAGES, content_of, short
from tests.registry.national_register.generated_households import FORM

STATED = {"脱贫属性": "未脱贫", "人均纯收入（元）": 2600.5}


def read(book: openpyxl.Workbook) -> ReadForm:
    return read_form(content_of(book), FORM, TODAY, reader=lambda file, order: refuse_at_once(messages(file, order)))


def flat(**more: object) -> openpyxl.Workbook:
    """One list of persons, each with what belongs to the household."""
    return book_of(
        [FLAT_HEADERS, flat_line(1, "H1", HEAD, **{**STATED, **more}), flat_line(2, "H1", SPOUSE, **{**STATED, **more})]
    )


def titled() -> openpyxl.Workbook:
    lines: list[Sequence[object]] = [
        list(FLAT_HEADERS),
        flat_line(1, "H1", HEAD, **STATED),
        flat_line(2, "H1", SPOUSE, **STATED),
    ]
    return book_of([["某县建档立卡贫困人口信息表"], ["导出时间：2014-05-20"], *lines, [], ["合计", None, "2 人"]])


def merged_down() -> openpyxl.Workbook:
    book = flat()
    sheet: Any = book.active
    for header in ("户编号", "户属性", "主要致贫原因", "脱贫属性", "村", "识别时间"):
        column = FLAT_HEADERS.index(header) + 1
        sheet.cell(3, column).value = None
        sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    return book


def by_two_sheets() -> openpyxl.Workbook:
    """By household and by member, as two exports in one file."""
    book = openpyxl.Workbook()
    households: Any = book.active
    households.title = "户信息"
    households.append(
        [
            "省",
            "村",
            "户编号",
            "户主姓名",
            "家庭人口数",
            "脱贫属性",
            "贫困户属性",
            "致贫主要原因",
            "人均纯收入",
            "识别时间",
        ]
    )
    households.append(["样例省", "青龙咀村", "H1", "陈一", 2, "未脱贫", "一般贫困户", "因病", 2600.5, "2014.05"])
    headers = ("户编号", "人编号", "姓名", "性别", "证件类型", "证件号码", "与户主关系")
    members: Any = book.create_sheet("人员信息")
    members.append(list(headers))
    for line in (flat_line(1, "H1", HEAD), flat_line(2, "H1", SPOUSE)):
        members.append([line[FLAT_HEADERS.index(header)] for header in headers])
    return book


@pytest.mark.parametrize(
    "book", [flat(), titled(), merged_down(), by_two_sheets()], ids=["flat", "titled", "merged", "two"]
)
def test_a_national_list_is_read_however_it_is_laid_out(book: openpyxl.Workbook) -> None:
    rows = read(book)
    found = assemble(rows, lambda names: {name: VILLAGES[name] for name in names})
    assert found.errors == []
    (draft,) = found.drafts
    assert (draft.national_no, draft.division, len(draft.members)) == ("H1", VILLAGES["青龙咀村"][0], 2)
    assert (str(draft.details["attribute"]), str(draft.details["main_cause"])) == ("general_poor", "illness")
    (household,) = rows.rows[HOUSEHOLDS]
    assert household.values["poverty_status"] == PovertyStatus.REGISTERED
    assert household.values["net_per_head"] == Decimal("2600.50")


@pytest.mark.parametrize(
    ("header", "cell", "sheet", "key", "value"),
    [
        ("户编号", "'Ｈ1\u200b", HOUSEHOLDS, "national_no", "H1"),
        ("联系电话", "138 0000 0000", MEMBERS, "phone", "13800000000"),
        ("人均纯收入（元）", "-1,260.50元", HOUSEHOLDS, "net_per_head", Decimal("-1260.50")),
        ("人均纯收入（元）", -0.5, HOUSEHOLDS, "net_per_head", Decimal("-0.50")),
        ("脱贫属性", "脱贫（享受政策）", HOUSEHOLDS, "poverty_status", "exited"),
        ("脱贫属性", "返贫", HOUSEHOLDS, "poverty_status", "returned"),
        ("户属性", "五保户", HOUSEHOLDS, "attribute", "five_guarantees"),
        ("在校生状况", "七年级", MEMBERS, "school_stage", "junior"),
        ("健康状况", "长期慢性病、残疾", MEMBERS, "health", "chronic,disabled"),
        ("文化程度", "大专", MEMBERS, "education_level", "college"),
    ],
)  # fmt: skip
def test_what_is_pasted_into_it_is_read_as_it_is_meant(
    header: str, cell: object, sheet: str, key: str, value: object
) -> None:
    found = read(flat(**{header: cell})).rows[sheet][0].values[key]
    said = ",".join(code.value for code in found) if isinstance(found, tuple) else getattr(found, "value", found)
    assert said == value


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"证件号码": 990001197003150700}, "id_stored_as_number"),
        ({"脱贫属性": "半脱贫"}, "unknown_label"),
        ({"人均纯收入（元）": "2600.555"}, "bad_number"),
        ({"户属性": "#N/A"}, "error_value"),
    ],
)
def test_what_cannot_be_read_is_an_error_of_its_cell(more: Mapping[str, object], code: str) -> None:
    book = book_of([FLAT_HEADERS, flat_line(1, "H1", HEAD, **{**STATED, **more})])
    rows = read(book).rows
    assert code in [short(e.code) for sheet in rows.values() for row in sheet for e in row.errors]


def test_a_list_in_another_unit_is_not_read_as_if_it_were_the_layouts() -> None:
    headers = ["人均纯收入（万元）" if header.startswith("人均") else header for header in FLAT_HEADERS]
    with pytest.raises(Refused) as caught:
        read(book_of([headers, *flat_lines()[1:]]))
    assert short(caught.value.rule.code) == "other_unit"


def test_columns_that_only_describe_are_told_as_not_taken_in() -> None:
    told = {w.column for w in read(flat()).warnings if short(w.code) == "compared_only_column"}
    assert {column.split()[1] for column in told} == {"省", "市", "县", "乡", "脱贫属性", "人均纯收入(元)"}


def test_every_word_that_the_layout_writes_is_read_as_its_code() -> None:
    columns = [FORM.column(c) for sheet in FORM.layout.sheets for c in sheet.columns if c.words]
    assert {column.layout.key for column in columns} == {"relation", "poverty_status"}
    for column in columns:
        for key, word in column.layout.words:
            code = column.codes.parse(word) if column.codes else None
            assert (code is not None, getattr(code, "value", None)) == (True, key.partition(".")[0])
