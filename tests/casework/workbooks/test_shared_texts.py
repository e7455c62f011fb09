"""A reference to a shared text never gives another cell's text: it is a blank, or the file is refused and the cell named."""

import pytest

from services.chassis.ground.refusals import Refused
from tests.casework.workbooks.files import MEMBER_SHEET, STRINGS, Change, cell, changed, one_household, packed, replaced
from tests.registry.intake.example_workbooks import errors_of, parse_workbook

NAME_CELL, ADDRESS_CELL = "C2", "D2"
TEXTS = one_household()[STRINGS].decode().count("<si>")


def address(written: str) -> Change:
    """Adds an address to the household, written this way."""
    return replaced("xl/worksheets/sheet1.xml", "</row></sheetData>", f"{written}</row></sheetData>")


def test_the_sound_file_is_read() -> None:
    (draft,) = parse_workbook(packed(one_household())).drafts
    assert [member.name.plain for member in draft.members] == ["陈一", "林二"]


@pytest.mark.parametrize("written", ["-1", ""])
@pytest.mark.parametrize("column", ["D", "E", "G", "J", "X"])
def test_the_reference_of_a_writer_that_stores_empty_is_a_blank_in_any_column(column: str, written: str) -> None:
    reading = parse_workbook(changed(address(f'<c r="{column}2" t="s"><v>{written}</v></c>')))
    assert reading.errors == []
    (draft,) = reading.drafts
    assert (draft.address, draft.phone, draft.details) == (None, None, {})


def test_a_blank_reference_in_a_required_cell_is_a_missing_value_and_not_the_first_text() -> None:
    file = changed(cell(NAME_CELL, '<c r="C2" t="s"><v>-1</v></c>', MEMBER_SHEET))
    assert errors_of(parse_workbook(file)) == [("成员表", 2, "required")]


@pytest.mark.parametrize(
    "index",
    [
        str(TEXTS), str(TEXTS + 1), "999999999", "9999999999", "18446744073709551615", "18446744073709551616", "-2", "-01",
        "+3", "3.0", "3e0", "0x3", " 3 ", "\n3\n", "1 2", "٣", "３", "NaN", "a", "--1", "- 1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["households", "members"])
def test_a_reference_to_no_text_of_the_file_refuses_it_and_names_the_cell(index: str, where: str) -> None:
    sound = f"<v>{index}</v>"
    if where == "households":
        file, at = changed(address(f'<c r="D2" t="s">{sound}</c>')), "D2"
    else:
        file, at = changed(cell(NAME_CELL, f'<c r="C2" t="s">{sound}</c>', MEMBER_SHEET)), NAME_CELL
    with pytest.raises(Refused) as caught:
        parse_workbook(file)
    assert (caught.value.rule.code, caught.value.facts) == ("workbook_unknown_text", {"cell": at})


AMBIGUOUS = {
    "a character reference": '<c r="D2" t="s"><v>1&#50;</v></c>',
    "a character reference alone": '<c r="D2" t="s"><v>&#51;</v></c>',
    "a comment within": '<c r="D2" t="s"><v>1<!-- -->2</v></c>',
    "a section of plain characters": '<c r="D2" t="s"><v><![CDATA[3]]></v></c>',
    "two references": '<c r="D2" t="s"><v>4</v><v>5</v></c>',
    "a reference and a text": '<c r="D2" t="s"><v>4</v><is><t>x</t></is></c>',
    "a number with a character reference": '<c r="J2"><v>1&#50;</v></c>',
    "a number with a comment": '<c r="J2"><v>1<!-- -->2</v></c>',
    "a number with a section": '<c r="J2"><v>1<![CDATA[2]]></v></c>',
    "a text of a formula in a section": '<c r="D2" t="str"><v><![CDATA[cd]]></v></c>',
    "two numbers": '<c r="J2"><v>1</v><v>2</v></c>',
    "a processing instruction within": '<c r="D2" t="s"><v>1<?x y?>2</v></c>',
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_value_that_two_readers_take_for_two_things_refuses_the_file(name: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_workbook(changed(address(AMBIGUOUS[name])))
    assert caught.value.rule.code == "workbook_unsound_cell"
    assert caught.value.facts["cell"] in ("D2", "J2")


SOUND = {
    "leading zeros": '<c r="D2" t="s"><v>0000</v></c>',
    "a text in the cell": '<c r="D2" t="inlineStr"><is><t>户编号 / household no.</t></is></c>',
    "a text in runs": '<c r="D2" t="inlineStr"><is><r><t xml:space="preserve">户编号 / </t></r><r><t>household no.</t></r></is></c>',
    "a text with its reading": '<c r="D2" t="inlineStr"><is><t>户编号 / household no.</t><rPh sb="0" eb="1"><t>hu</t></rPh></is></c>',
    "a text that a formula had": '<c r="D2" t="str"><v>户编号 / household no.</v></c>',
}


@pytest.mark.parametrize("name", SOUND)
def test_other_ways_of_writing_a_text_are_read(name: str) -> None:
    (draft,) = parse_workbook(changed(address(SOUND[name]))).drafts
    assert draft.address is not None
    assert draft.address.plain == "户编号 / household no."


ODD_LISTS = {
    "an empty entry": "<si/>",
    "an entry with an empty text": "<si><t/></si>",
    "an entry with a reading only": '<si><rPh sb="0" eb="1"><t>x</t></rPh></si>',
    "a comment that looks like an entry": "<!-- <si><t>no</t></si> --><si><t></t></si>",
}


@pytest.mark.parametrize("name", ODD_LISTS)
def test_odd_entries_of_the_list_shift_nothing(name: str) -> None:
    """The address refers to an entry added at the end; those before keep their numbers."""
    file = changed(
        address(f'<c r="D2" t="s"><v>{TEXTS + 1}</v></c>'),
        replaced(STRINGS, "</sst>", f"{ODD_LISTS[name]}<si><t>某组</t></si></sst>"),
    )
    (draft,) = parse_workbook(file).drafts
    assert draft.address is not None
    assert draft.address.plain == "某组"


@pytest.mark.parametrize("entry", ["<x><si><t>no</t></si></x>", "<extLst><ext><si><t>no</t></si></ext></extLst>"])
def test_entries_within_something_else_refuse_the_file(entry: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_workbook(changed(replaced(STRINGS, "<si>", f"{entry}<si>")))
    assert caught.value.rule.code == "workbook_not_sound"
