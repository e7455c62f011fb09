"""Units and notes in the headers and titles of a filled-in form: nothing is read in another unit than it was written in."""

import openpyxl
import pytest

from tests.registry.intake.example_workbooks import HOUSEHOLDS, content_of, errors_of, form_workbook, parse_workbook
from tests.registry.intake.reading.test_file_rules import code, refused


def with_number_under(header: str) -> openpyxl.Workbook:
    """The sound workbook, one of its columns of numbers under this header and filled in."""
    book = form_workbook()
    sheet = book[HOUSEHOLDS.name]
    kinds = {"工资": "wages", "耕地": "arable_mu", "住房": "housing_m2"}
    key = next(of for begin, of in kinds.items() if header.startswith(begin))
    column = [c.key for c in HOUSEHOLDS.columns].index(key) + 1
    sheet.cell(row=1, column=column).value = header
    sheet.cell(row=2, column=column).value = "3.5"
    return book


@pytest.mark.parametrize(
    "header",
    [
        "工资性收入(万元)",
        "工资性收入（单位：千元）",
        "工资性收入(元/人)",
        "工资性收入（美元）",
        "耕地面积(公顷)",
        "住房面积(亩)",
    ],
)
def test_a_column_in_another_unit_is_refused_and_not_read_as_if_it_were_in_the_forms(header: str) -> None:
    refusal = refused(content_of(with_number_under(header)))
    assert refusal.rule.code == "workbook_other_unit"


@pytest.mark.parametrize(
    "header",
    [
        "工资性收入（元）",
        "工资性收入(元/年)",
        "工资性收入（人民币元）",
        "工资性收入(2013年)",
        "耕地(市亩)",
        "住房面积(平方米)",
    ],
)
def test_a_column_in_the_forms_unit_or_with_another_note_is_read(header: str) -> None:
    found = {code for *_, code in errors_of(parse_workbook(content_of(with_number_under(header))))}
    assert found <= {"income_incomplete"}  # which says that it was read


def test_a_title_that_counts_in_a_larger_unit_refuses_the_file() -> None:
    for title, taken in (("贫困户基本情况 单位：万元", False), ("填报单位：万元乡", True), ("单位：元、亩", True)):
        book = form_workbook()
        book[HOUSEHOLDS.name].insert_rows(1)
        book[HOUSEHOLDS.name].cell(row=1, column=1, value=title)
        if taken:
            assert len(parse_workbook(content_of(book)).drafts) == 1
        else:
            assert code(content_of(book)) == "other_unit"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("联系电话（帮扶干部）", ["E → 电话 / phone"]),
        ("电话", []),
        ("工资性收入（元）", []),
        ("工资性收入(2013年)", ["N → 工资性收入(元) / wages (yuan)"]),
    ],
)
def test_what_a_header_says_in_brackets_is_not_passed_over_silently(header: str, told: list[str]) -> None:
    book = form_workbook()
    key = "phone" if "电话" in header else "wages"
    column = [c.key for c in HOUSEHOLDS.columns].index(key) + 1
    book[HOUSEHOLDS.name].cell(row=1, column=column).value = header
    warnings = parse_workbook(content_of(book)).warnings
    assert [w.column for w in warnings if w.code == "workbook_noted_column"] == told
