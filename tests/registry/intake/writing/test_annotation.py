"""The annotated workbook."""

import io

import openpyxl

from services.casework.workbooks.layout import ERROR_HEADER, SUMMARY_SHEET
from services.casework.workbooks.writing.annotation import annotate
from tests.registry.intake.example_workbooks import (
    FORM,
    HEAD,
    HOUSEHOLD,
    SPOUSE,
    content_of,
    form_workbook,
    parse_workbook,
)


def annotated_workbook(file: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(annotate(file, parse_workbook(file).errors, FORM.layout)))


def test_every_row_with_errors_says_so_in_an_extra_column_in_both_languages() -> None:
    annotated = annotated_workbook(content_of(form_workbook(members=[{**HEAD, "name": None, "sex": "女"}, SPOUSE])))
    members = annotated["成员表"]
    last = members.max_column
    assert members.cell(1, last).value == ERROR_HEADER
    message = members.cell(2, last).value
    assert message.count("\n") == 1
    assert "性别与证件号码不符" in message
    assert "A required cell is blank" in message
    assert members.cell(3, last).value is None


def test_the_summary_lists_each_error_with_sheet_row_column_and_code() -> None:
    annotated = annotated_workbook(content_of(form_workbook(members=[{**HEAD, "name": None}, SPOUSE])))
    rows = list(annotated[SUMMARY_SHEET].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in rows] == [("成员表", "2", "姓名 / name", "workbook_required")]


def test_values_keep_their_kind_and_a_shortened_id_stays_a_number() -> None:
    annotated = annotated_workbook(
        content_of(form_workbook(members=[{**HEAD, "id_number": 990001197003150014}, SPOUSE]))
    )
    assert annotated["成员表"].cell(2, 5).data_type == "n"
    assert annotated["成员表"].cell(2, 3).value == "陈一"


def test_text_that_looks_like_a_formula_is_given_back_as_text() -> None:
    hostile = [{**HOUSEHOLD, "address": text} for text in ("'=1", "+1+1", "-2+3", "@SUM(A1)")]
    book = form_workbook(hostile)
    cell = book["户表"].cell(2, 4)
    cell.value, cell.data_type = "=cmd|'/c calc'!A1", "s"
    annotated = annotated_workbook(content_of(book))
    cells = [annotated["户表"].cell(row, 4) for row in range(2, 6)]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert cells[0].value == "=cmd|'/c calc'!A1"
    assert all(cell.quotePrefix for cell in (cells[0], *cells[2:]))


def test_an_error_value_does_not_come_back_as_a_blank() -> None:
    book = form_workbook()
    cell = book["户表"]["D2"]
    cell.value, cell.data_type = "#REF!", "e"
    reading = parse_workbook(content_of(annotated_workbook(content_of(book))))
    assert [error.code for error in reading.errors] == ["workbook_error_value"]


def test_an_annotated_workbook_can_be_corrected_and_sent_again() -> None:
    annotated = annotated_workbook(content_of(form_workbook(members=[{**HEAD, "name": None}, SPOUSE])))
    annotated["成员表"].cell(2, 3).value = "陈一"
    reading = parse_workbook(content_of(annotated))
    assert (len(reading.drafts), reading.errors) == (1, [])


def test_annotating_twice_keeps_one_error_column_and_one_summary() -> None:
    annotated = annotated_workbook(
        content_of(annotated_workbook(content_of(form_workbook(members=[{**HEAD, "name": None}, SPOUSE]))))
    )
    headers = [cell.value for cell in annotated["成员表"][1]]
    assert headers.count(ERROR_HEADER) == 1
    assert annotated.sheetnames == ["户表", "成员表", SUMMARY_SHEET]
