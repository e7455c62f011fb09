"""Cells as people paste them: read like the fields of a form, with a warning that says what was read otherwise."""

from typing import Any

import pytest

from contracts.registry.members import MemberSurveyed
from tests.registry.intake.example_workbooks import HEAD, HEAD_ID, HOUSEHOLD, SPOUSE, errors_of, parse

PROFILE = set(MemberSurveyed.__struct_fields__) - {"school_stage", "boarder", "labour_skill", "phone"}


def plain(value: Any) -> Any:
    return getattr(value, "plain", value)


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("address", "青山\u200b村\u00a0３组", "青山村 3组"),
        ("address", "无", None),
        ("phone", "'139 0000 0000", "13900000000"),
        ("phone", "/", None),
        ("account", "6217-0000 0000 0000号", "6217000000000000"),
        ("arable_mu", "3.5亩", "3.500"),
        ("arable_mu", "无", "0.000"),
        ("housing_m2", "1,080㎡", "1080.000"),
    ],
)
def test_a_cell_is_read_as_it_is_meant_with_a_warning(key: str, cell: str, value: object) -> None:
    read = parse([{**HOUSEHOLD, key: cell}])
    assert not read.errors
    (draft,) = read.drafts
    found = draft.details[key] if key in draft.details else plain(getattr(draft, key, None))
    assert (found if found is None else str(found)) == value
    assert ("workbook_read_as", 2) in [(warning.code, warning.row) for warning in read.warnings]
    assert not any(cell in warning.zh + warning.en for warning in read.warnings if len(cell) > 1)


@pytest.mark.parametrize("cell", ["2014-05-20 00:00:00", "41779", 41779, "2014年 5月20日"])
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    (draft,) = parse([{**HOUSEHOLD, "surveyed_on": cell}]).drafts
    assert str(draft.surveyed.first_day) == "2014-05-20"


@pytest.mark.parametrize("dot", "·•‧・･∙⋅．")
def test_a_name_has_one_kind_of_middle_dot(dot: str) -> None:
    (draft,) = parse(members=[{**HEAD, "name": f"阿依古丽{dot}买买提"}]).drafts
    assert draft.members[0].name.plain == "阿依古丽·买买提"


def test_an_id_number_is_read_through_its_blanks_and_widths() -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in HEAD_ID)
    (draft,) = parse(members=[{**HEAD, "id_number": f"\u202d{wide[:6]} {wide[6:]}\u202c"}, SPOUSE]).drafts
    assert draft.members[0].document is not None
    assert draft.members[0].document.number == HEAD_ID


@pytest.mark.parametrize(
    ("name", "code"), [("陈\n一", "name_unreadable"), ("12", "name_unreadable"), ("。", "name_unreadable")]
)
def test_what_is_not_a_name_is_refused(name: str, code: str) -> None:
    read = parse(members=[{**HEAD, "name": name}])
    assert errors_of(read) == [("成员表", 2, code)]


@pytest.mark.parametrize("name", [" ", "　", "\u200b", "无"])
def test_a_name_that_says_nothing_is_missing(name: str) -> None:
    assert errors_of(parse(members=[{**HEAD, "name": name}])) == [("成员表", 2, "required")]


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("relation", "次女", "child"),
        ("relation", "之 儿媳", "child_in_law"),
        ("relation", "其它", "other"),
        ("school_stage", "七年级", "junior"),
        ("school_stage", "无", "none"),
        ("health", "长期慢性病、残疾", "chronic,disabled"),
        ("health", "残疾\n大病", "serious,disabled"),
        ("health", "无", None),
        ("disability_level", "肢体二级", 2),
        ("labour_skill", "/", None),
    ],
)
def test_words_of_the_forms_are_read(key: str, cell: str, value: object) -> None:
    read = parse(members=[HEAD, {**SPOUSE, key: cell}])
    assert not read.errors
    member = read.drafts[0].members[1]
    assert plain(member.profile.get(key) if key in PROFILE else getattr(member, key)) == value


def test_an_unknown_word_names_the_nearest() -> None:
    (error,) = parse(members=[HEAD, {**SPOUSE, "school_stage": "博士后"}]).errors
    assert error.code == "workbook_unknown_label"
    assert "博士" in error.zh
