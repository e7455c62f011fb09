"""The annotated workbook and the empty template."""

import io

import openpyxl

from services.registry.intake.layout import ERROR_HEADER, EXPLANATION_SHEET, SHEETS, SUMMARY_SHEET
from services.registry.intake.reading.parser import read_workbook
from services.registry.intake.writing.annotation import annotate
from services.registry.intake.writing.template import blank_template
from tests.registry.intake.example_workbooks import HEAD, HOUSEHOLD, SPOUSE, TODAY, content, workbook


def given_back(file: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(annotate(file, read_workbook(file, today=TODAY).errors)))


def test_every_row_with_errors_says_so_in_an_extra_column_in_both_languages() -> None:
    back = given_back(content(workbook(members=[{**HEAD, "name": None, "sex": "女"}, SPOUSE])))
    members = back["成员表"]
    last = members.max_column
    assert members.cell(1, last).value == ERROR_HEADER
    message = members.cell(2, last).value
    assert message.count("\n") == 1
    assert "性别与证件号码不符" in message
    assert "A required cell is blank" in message
    assert members.cell(3, last).value is None


def test_the_summary_lists_each_error_with_sheet_row_column_and_code() -> None:
    back = given_back(content(workbook(members=[{**HEAD, "name": None}, SPOUSE])))
    rows = list(back[SUMMARY_SHEET].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in rows] == [("成员表", "2", "姓名 / name", "intake_required")]


def test_values_keep_their_kind_and_a_shortened_id_stays_a_number() -> None:
    back = given_back(content(workbook(members=[{**HEAD, "id_number": 990001197003150014}, SPOUSE])))
    assert back["成员表"].cell(2, 5).data_type == "n"
    assert back["成员表"].cell(2, 3).value == "陈一"


def test_text_that_looks_like_a_formula_is_given_back_as_text() -> None:
    hostile = [{**HOUSEHOLD, "address": text} for text in ("'=1", "+1+1", "-2+3", "@SUM(A1)")]
    book = workbook(hostile)
    cell = book["户表"].cell(2, 4)
    cell.value, cell.data_type = "=cmd|'/c calc'!A1", "s"
    back = given_back(content(book))
    cells = [back["户表"].cell(row, 4) for row in range(2, 6)]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert cells[0].value == "=cmd|'/c calc'!A1"
    assert all(cell.quotePrefix for cell in (cells[0], *cells[2:]))


def test_an_error_value_does_not_come_back_as_a_blank() -> None:
    book = workbook()
    cell = book["户表"]["D2"]
    cell.value, cell.data_type = "#REF!", "e"
    reading = read_workbook(content(given_back(content(book))), today=TODAY)
    assert [error.code for error in reading.errors] == ["intake_error_value"]


def test_an_annotated_workbook_can_be_corrected_and_sent_again() -> None:
    back = given_back(content(workbook(members=[{**HEAD, "name": None}, SPOUSE])))
    back["成员表"].cell(2, 3).value = "陈一"
    reading = read_workbook(content(back), today=TODAY)
    assert (len(reading.drafts), reading.errors) == (1, ())


def test_annotating_twice_keeps_one_error_column_and_one_summary() -> None:
    back = given_back(content(given_back(content(workbook(members=[{**HEAD, "name": None}, SPOUSE])))))
    headers = [cell.value for cell in back["成员表"][1]]
    assert headers.count(ERROR_HEADER) == 1
    assert back.sheetnames == ["户表", "成员表", SUMMARY_SHEET]


def test_the_template_is_a_readable_form_without_rows() -> None:
    reading = read_workbook(blank_template(), today=TODAY)
    assert (reading.drafts, reading.errors, reading.households_seen) == ((), (), 0)


def test_the_template_is_the_same_every_time() -> None:
    assert blank_template() == blank_template()


def test_the_template_offers_code_lists_and_explains_every_column() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_template()))
    lists = [check.formula1 for check in book["成员表"].data_validations.dataValidation]
    assert '"男,女"' in lists
    assert any("户主,配偶" in text for text in lists)
    explained = {row[1] for row in book[EXPLANATION_SHEET].iter_rows(values_only=True)}
    assert {column.header for sheet in SHEETS for column in sheet.columns} <= explained
    assert book["成员表"].column_dimensions["E"].width > 8
