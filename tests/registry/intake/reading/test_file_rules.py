"""Files refused as a whole: each reason has its own name, and nothing large reaches a parser."""

import io
import zipfile
from collections.abc import Callable

import pytest

from services.casework.workbooks.layout import Sheet
from services.casework.workbooks.reading.limits import DEFAULT_LIMITS, Limits
from services.chassis.ground.refusals import Refused
from tests.registry.intake.example_workbooks import (
    HOUSEHOLD,
    HOUSEHOLDS,
    MEMBERS,
    SHEETS,
    content_of,
    errors_of,
    filled_form,
    form_workbook,
    parse,
    parse_workbook,
)

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def refused(file: bytes, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        parse_workbook(file, limits=limits or DEFAULT_LIMITS)
    return caught.value


def code(file: bytes, limits: Limits | None = None) -> str:
    return refused(file, limits).rule.code.removeprefix("workbook_")


def repacked(change: Callable[[str, bytes], bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A sound workbook with the parts of its package changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content_of(form_workbook()))) as before,
        zipfile.ZipFile(out, "w", compression) as after,
    ):
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    return out.getvalue()


def sheet_with(old: bytes, new: bytes) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        if name != SHEET:
            return part
        assert old in part
        return part.replace(old, new, 1)

    return repacked(change)


@pytest.mark.parametrize(
    "file",
    [b"household", bytes(600), b"PK\x03\x04" + bytes(100)],
    ids=["a word", "zeros", "half a zip"],
)
def test_a_file_that_is_not_a_workbook_says_so(file: bytes) -> None:
    assert code(file) == "not_sound"


def test_a_zip_of_something_else_is_not_a_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    refusal = refused(out.getvalue())
    assert (refusal.rule.code, refusal.facts) == ("workbook_is_another_kind", {"kind": "Word"})


def test_a_truncated_workbook_is_not_a_workbook() -> None:
    whole = content_of(form_workbook())
    assert code(whole[: len(whole) // 2]) == "not_sound"


def test_a_file_of_200_megabytes_is_refused_before_anything_parses_it() -> None:
    refusal = refused(bytes(200 * 1024 * 1024))
    assert refusal.rule.code == "workbook_too_large"
    assert refusal.rule.status == 413
    assert refusal.facts["limit_bytes"] == 50 * 1024 * 1024


def test_a_package_that_unpacks_beyond_the_limit_is_refused() -> None:
    bomb = repacked(lambda name, part: part + b" " * 5_000_000 if name == SHEET else part)
    assert len(bomb) < 30_000
    assert code(bomb, Limits(unpacked_bytes=4_000_000)) == "unpacks_too_large"


def test_a_package_that_lies_about_its_unpacked_size_is_refused() -> None:
    bomb = bytearray(repacked(lambda name, part: part + b" " * 5_000_000 if name == SHEET else part))
    with zipfile.ZipFile(io.BytesIO(bomb)) as package:
        honest = package.getinfo(SHEET).file_size
    while (at := bomb.find(honest.to_bytes(4, "little"))) >= 0:
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    assert code(bytes(bomb), Limits(unpacked_bytes=4_000_000)) == "not_sound"


def test_one_long_text_repeated_in_every_cell_counts_each_time() -> None:
    file = filled_form({HOUSEHOLDS: [{"address": "山" * 20_000}] * 50, MEMBERS: []})
    assert len(file) < 15_000
    assert code(file, Limits(text_bytes=1_000_000)) == "unpacks_too_large"


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(content_of(form_workbook()))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(SHEET.upper(), "<worksheet/>")
    assert code(out.getvalue()) == "not_sound"


def test_a_document_type_with_entities_is_refused() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet '
    assert code(sheet_with(b"<worksheet ", entity)) == "not_sound"


def test_a_cell_far_outside_the_form_is_refused_before_a_reader_reserves_the_space_between() -> None:
    assert code(sheet_with(b'<row r="2">', b'<row r="1048576">')) == "not_sound"
    assert code(sheet_with(b'r="X1"', b'r="XFD1"')) == "too_many_columns"


def test_rows_beyond_the_limit_are_refused() -> None:
    book = form_workbook()
    book[MEMBERS.name].cell(row=30, column=1, value="x")
    assert code(content_of(book), Limits(rows=20)) == "too_many_rows"


def test_cells_out_of_order_are_refused() -> None:
    assert code(sheet_with(b'r="B1"', b'r="A1"')) == "not_sound"


def test_a_missing_sheet_is_named() -> None:
    book = form_workbook()
    del book[MEMBERS.name]
    refusal = refused(content_of(book))
    assert (refusal.rule.code, refusal.facts) == ("workbook_missing_sheet", {"sheet": "成员表"})


@pytest.mark.parametrize("layout", SHEETS, ids=lambda layout: layout.en)
def test_a_missing_required_column_is_named_in_every_sheet(layout: Sheet) -> None:
    book = form_workbook(history=[])
    index, column = [(n, c) for n, c in enumerate(layout.columns, start=1) if c.required][-1]
    book[layout.name].cell(row=1, column=index).value = None
    refusal = refused(content_of(book))
    assert refusal.rule.code == "workbook_missing_column"
    assert (refusal.facts["sheet"], refusal.facts["column"]) == (layout.name, column.header)


def test_a_missing_column_that_need_not_be_filled_leaves_the_field_unchanged() -> None:
    book = form_workbook()
    book[HOUSEHOLDS.name].delete_cols(4, 20)
    (draft,) = parse_workbook(content_of(book)).drafts
    assert (draft.address, draft.details, draft.income) == (None, {}, None)


def test_a_duplicate_column_is_named() -> None:
    book = form_workbook()
    book[HOUSEHOLDS.name].cell(row=1, column=30, value="住址")
    refusal = refused(content_of(book))
    assert (refusal.rule.code, refusal.facts["column"]) == ("workbook_duplicate_column", "住址 / address")


def test_an_unknown_column_is_told_by_its_letters_because_its_header_may_be_somebodys_data() -> None:
    book = form_workbook()
    book[HOUSEHOLDS.name].cell(row=1, column=28, value="陈一")
    book[HOUSEHOLDS.name].cell(row=1, column=29, value="备注")
    reading = parse_workbook(content_of(book))
    told = [(w.sheet, w.row, w.column) for w in reading.warnings if w.code == "workbook_ignored_column"]
    assert told == [("户表", 1, "AB"), ("户表", 1, "AC 备注")]
    assert len(reading.drafts) == 1


def test_headers_may_stand_in_any_order_and_in_either_language() -> None:
    book = form_workbook()
    sheet = book[HOUSEHOLDS.name]
    sheet.insert_cols(1)
    for row in (1, 2):
        sheet.cell(row=row, column=1).value = sheet.cell(row=row, column=5).value
    sheet.delete_cols(5)
    sheet.cell(row=1, column=2).value = "Household No."
    sheet.cell(row=1, column=11).value = "林地（亩）"
    assert len(parse_workbook(content_of(book)).drafts) == 1


def test_cells_merged_across_columns_are_an_error_in_each_of_their_rows() -> None:
    book = form_workbook()
    book[MEMBERS.name].merge_cells("C2:D3")
    assert errors_of(parse_workbook(content_of(book))) == [("成员表", row, "merged_across") for row in (2, 2, 3, 3)]


def test_a_formula_is_refused_with_its_cell() -> None:
    book = form_workbook()
    book[HOUSEHOLDS.name]["J2"] = "=1+1"
    refusal = refused(content_of(book))
    assert (refusal.rule.code, refusal.facts) == ("workbook_formula", {"sheet": "户表", "cell": "J2"})


def test_formulas_in_somebodys_own_extra_sheet_are_none_of_our_business() -> None:
    book = form_workbook()
    book.create_sheet("我的备注")["A1"] = "=1+1"
    assert len(parse_workbook(content_of(book)).drafts) == 1


def test_an_error_value_in_a_cell_is_an_error_and_not_a_blank() -> None:
    book = form_workbook()
    cell = book[HOUSEHOLDS.name]["D2"]
    cell.value, cell.data_type = "#N/A", "e"
    reading = parse_workbook(content_of(book))
    assert [(error.code, error.column) for error in reading.errors] == [("workbook_error_value", "住址 / address")]


def test_blank_rows_and_formats_far_below_are_passed_over() -> None:
    book = form_workbook([{}, HOUSEHOLD, {}])
    book[HOUSEHOLDS.name].row_dimensions[9000].height = 30
    book[HOUSEHOLDS.name]["A200000"].number_format = "@"
    reading = parse_workbook(content_of(book))
    assert [draft.row for draft in reading.drafts] == [3]


def test_an_empty_form_has_nothing_to_say() -> None:
    reading = parse([], [])
    assert (reading.drafts, reading.errors) == ([], [])
