"""Hostile and awkward values, as they come out of each format: text is never calculated, numbers stay numbers."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.casework.exports.files import CsvFile, XlsxFile
from services.casework.exports.values import Cell
from services.casework.workbooks.writing.formulas import escaped, is_formula

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example","点我")',
    "＝1+1", "－1+2", "＋86", "＠SUM(1)", " =1+1", "\u00a0=1", "\u200b=1", "\ufeff@x", "=1\n=2", "-",
)  # fmt: skip
"""OWASP, CSV Injection, and ways around a check of the first character."""
SPLITTING = ("a;=1+1", 'a";=1+1;"', "a\t=1", "a\n=1", "a;  @x")
"""What begins another cell where columns are separated by something else than the comma."""
HALF_PAST_EIGHT = datetime.combine(date(2014, 6, 1), time(8, 30))
HARMLESS = ("李四", "a=b", "扶组〔2014〕3号", "3-5", "某村;某组", "", "a,b", 'say "x"')


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_calculate_is_marked(text: str) -> None:
    assert is_formula(text)
    assert escaped(text).startswith("'")


@pytest.mark.parametrize("text", SPLITTING)
def test_no_cell_begins_within_a_cell(text: str) -> None:
    for separator in (";", "\t", "\n"):
        for part in escaped(text).split(separator)[1:]:
            assert not is_formula(part), (separator, part)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize("text", ["0012", "12345678901234567890", "12E5"])
def test_digits_that_would_change_are_kept_as_text(text: str) -> None:
    assert escaped(text) == f"{text}\t"


def test_csv_writes_numbers_as_numbers_and_all_else_as_text() -> None:
    content = io.BytesIO()
    file = CsvFile(content)
    file.heading(["清单"], ["名称", "数"])
    file.line(["=1", Decimal("-5.50"), None, date(2014, 5, 20), HALF_PAST_EIGHT])
    file.finish()
    assert content.getvalue().decode("utf-8") == (
        '\ufeff"清单"\r\n"名称","数"\r\n"\'=1",-5.50,"","2014-05-20","2014-06-01 08:30:00"\r\n'
    )


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[list[Cell]], list[tuple[object, str]]]:
    def written(cells: list[Cell]) -> list[tuple[object, str]]:
        content = io.BytesIO()
        file = XlsxFile(content, str(tmp_path), "清单/[x]")
        file.heading(["清单"], ["名称"])
        file.line(cells)
        file.finish()
        sheet = load_workbook(content).active
        assert sheet is not None
        return [(cell.value, cell.data_type) for cell in sheet[3]]

    return written


def test_a_workbook_keeps_hostile_text_as_text(workbook: Callable[[list[Cell]], list[tuple[object, str]]]) -> None:
    texts = [text for text in (*HOSTILE, *SPLITTING, *HARMLESS) if text and "\r" not in text]
    found = workbook([*texts])
    assert [kind for _, kind in found] == ["s"] * len(texts)
    assert [value for value, _ in found] == texts


def test_a_workbook_has_numbers_and_days(workbook: Callable[[list[Cell]], list[tuple[object, str]]]) -> None:
    found = workbook([Decimal("-5.5"), Decimal("1234567890123456789"), date(2014, 5, 20), None, "x" * 40_000])
    assert found[:2] == [(-5.5, "n"), ("1234567890123456789", "s")]
    assert found[2][0] == datetime.combine(date(2014, 5, 20), time.min)
    assert len(str(found[4][0])) == 32_767


def test_what_was_written_is_read_back_by_any_reader_of_csv() -> None:
    content = io.BytesIO()
    file = CsvFile(content)
    texts = [text for text in HARMLESS if text]
    file.line([*texts])
    file.finish()
    assert next(csv.reader(io.StringIO(content.getvalue().decode("utf-8-sig"), newline=""))) == texts
