"""The template of the collection form."""

import io

import openpyxl

from services.casework.workbooks.layout import EXPLANATION_SHEET
from services.casework.workbooks.writing.template import blank_template
from tests.registry.intake.example_workbooks import FORM, SHEETS, parse_workbook


def test_the_template_is_a_readable_form_without_rows() -> None:
    reading = parse_workbook(blank_template(FORM))
    assert (reading.drafts, reading.errors, reading.seen) == ([], [], 0)


def test_the_template_is_the_same_every_time() -> None:
    assert blank_template(FORM) == blank_template(FORM)


def test_the_template_offers_code_lists_and_explains_every_column() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_template(FORM)))
    lists = [check.formula1 for check in book["成员表"].data_validations.dataValidation]
    assert '"男,女"' in lists
    assert any("户主,配偶" in text for text in lists if text)
    explained = {row[1] for row in book[EXPLANATION_SHEET].iter_rows(values_only=True)}
    assert {column.header for sheet in SHEETS for column in sheet.columns} <= explained
    assert book["成员表"].column_dimensions["E"].width > 8
