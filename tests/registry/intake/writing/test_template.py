"""The template of the collection form."""

import io

import openpyxl

from services.registry.intake.layout import EXPLANATION_SHEET, SHEETS
from services.registry.intake.reading.parser import parse_workbook
from services.registry.intake.writing.template import blank_template
from tests.registry.intake.example_workbooks import TODAY


def test_the_template_is_a_readable_form_without_rows() -> None:
    reading = parse_workbook(blank_template(), today=TODAY)
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
