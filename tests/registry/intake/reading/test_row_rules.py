"""Row errors of the collection form: each has its own name, its own cell, and keeps its household out."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from contracts.registry.codes import PovertyCause, SchoolStage
from contracts.registry.households import Attribute
from contracts.registry.members import Relation, Sex
from tests.registry.intake.example_workbooks import (
    HEAD,
    HEAD_ID,
    HOUSEHOLD,
    HOUSEHOLDS,
    MEMBERS,
    SPOUSE,
    SPOUSE_ID,
    errors_of,
    parse,
    resident_id_of,
    short,
)

INCOME: dict[str, Any] = {
    "income_year": 2013,
    "wages": 1000,
    "business": 2000.5,
    "property": 0,
    "transfers": "300.25",
    "business_costs": 500,
}
SECURED: dict[str, Any] = {
    "food": "是", "clothing": "yes", "education": True, "medical": 1, "housing": "否", "water": "NO",
}  # fmt: skip


def test_a_sound_household_becomes_a_draft_with_its_members_and_row_numbers() -> None:
    reading = parse([{**HOUSEHOLD, **INCOME, **SECURED, "attribute": "低保户", "main_cause": "因病",
                     "other_causes": "因学、缺资金", "arable_mu": 3.5, "address": "青山村 1 组"}])  # fmt: skip
    assert reading.errors == []
    (draft,) = reading.drafts
    assert (draft.row, [member.row for member in draft.members]) == (2, [2, 3])
    assert draft.details["attribute"] is Attribute.LOW_INCOME_SECURITY
    assert draft.details["other_causes"] == (PovertyCause.SCHOOLING, PovertyCause.NO_CAPITAL)
    assert draft.details["arable_mu"] == Decimal("3.500")
    assert draft.income is not None
    assert (draft.income.business, draft.income.transfers) == (Decimal("2000.50"), Decimal("300.25"))
    assert draft.conditions is not None
    assert (draft.conditions.food, draft.conditions.medical, draft.conditions.housing) == (True, True, False)
    head = draft.members[0]
    assert (head.sex, head.birth_year, head.relation) == (Sex.MALE, 1970, Relation.HEAD)
    assert head.document is not None
    assert head.document.number == HEAD_ID


def test_a_blank_means_unchanged_and_not_empty() -> None:
    (draft,) = parse().drafts
    assert (draft.phone, draft.details, draft.income, draft.conditions) == (None, {}, None, None)
    assert (draft.members[0].school_stage, draft.members[0].boarder) == (None, None)


def test_drafts_do_not_print_personal_data() -> None:
    (draft,) = parse().drafts
    assert HEAD_ID not in repr(draft)
    assert "陈一" not in repr(draft)


def test_english_codes_chinese_labels_and_aliases_of_the_field_are_all_read() -> None:
    members = [{**HEAD, "school_stage": "none"}, {**SPOUSE, "relation": "妻子", "school_stage": "中职"}]
    (draft,) = parse(members=members).drafts
    assert [member.relation for member in draft.members] == [Relation.HEAD, Relation.SPOUSE]
    assert draft.members[1].school_stage is SchoolStage.VOCATIONAL


HOUSEHOLD_ERRORS: list[tuple[str, object, str]] = [
    ("national_no", None, "required"),
    ("division", None, "required"),
    ("surveyed_on", None, "required"),
    ("national_no", "H_1", "bad_key"),
    ("division", "99000110120", "bad_division"),
    ("division", "99000110120A", "bad_division"),
    ("surveyed_on", "2014-06-02", "future_date"),
    ("surveyed_on", datetime(2014, 6, 2), "future_date"),  # noqa: DTZ001 - a date cell has no time zone
    ("surveyed_on", "2014-02-30", "day_unreadable"),
    ("surveyed_on", 41792, "future_date"),
    ("surveyed_on", 2014.1, "day_unreadable"),
    ("surveyed_on", "去年", "day_unreadable"),
    ("address", "一" * 201, "long_text"),
    ("address", "青山\x7f村", "text_unreadable"),
    ("phone", 8612345678, "stored_as_number"),
    ("phone", "call me", "phone_unreadable"),
    ("account", 6222020200012345678, "stored_as_number"),
    ("account", "12-34", "account_unreadable"),
    ("attribute", "富裕户", "unknown_label"),
    ("main_cause", "因病、因残", "two_main_causes"),
    ("main_cause", "因为穷", "unknown_label"),
    ("other_causes", "因病、因残、因学", "too_many_causes"),
    ("other_causes", "因病、因病", "cause_repeated"),
    ("other_causes", "因病、因懒", "unknown_label"),
    ("arable_mu", -1, "negative"),
    ("forest_mu", "三亩", "number_unreadable"),
    ("housing_m2", 10.12345, "bad_number"),
    ("arable_mu", 1e300, "bad_number"),
]


@pytest.mark.parametrize(("key", "value", "code"), HOUSEHOLD_ERRORS)
def test_an_error_in_the_household_row_is_named_with_its_cell(key: str, value: object, code: str) -> None:
    reading = parse([{**HOUSEHOLD, key: value}])
    error = reading.errors[0]
    assert (error.sheet, error.row, short(error.code)) == ("户表", 2, code)
    assert error.column == HOUSEHOLDS.column(key).header
    assert reading.drafts == []


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"wages": -0.01}, "negative", "wages"),
        ({"business": "1,20"}, "number_unreadable", "business"),
        ({"property": "12.345"}, "bad_number", "property"),
        ({"transfers": True}, "bad_number", "transfers"),
        ({"income_year": 13}, "bad_year", "income_year"),
        ({"income_year": 2015}, "future_date", "income_year"),
        ({"business_costs": None}, "income_incomplete", "business_costs"),
    ],
)
def test_income_is_whole_exact_and_not_negative(change: dict[str, object], code: str, column: str) -> None:
    reading = parse([{**HOUSEHOLD, **INCOME, **change}])
    (error,) = reading.errors
    assert (short(error.code), error.column) == (code, HOUSEHOLDS.column(column).header)


def test_the_six_conditions_are_filled_together() -> None:
    assert errors_of(parse([{**HOUSEHOLD, **SECURED, "water": None}])) == [("户表", 2, "conditions_incomplete")]


def test_the_main_cause_is_not_among_the_others() -> None:
    reading = parse([{**HOUSEHOLD, "main_cause": "因病", "other_causes": "因病"}])
    assert errors_of(reading) == [("户表", 2, "cause_repeated")]


WRONG_CHECK = HEAD_ID[:17] + ("0" if HEAD_ID[17] != "0" else "1")

MEMBER_ERRORS: list[tuple[str, object, str]] = [
    ("name", None, "required"),
    ("relation", None, "required"),
    ("relation", "邻居", "unknown_relation"),
    ("id_number", 990001197003150000, "id_stored_as_number"),
    ("id_number", "9.90001E+17", "id_stored_as_number"),
    ("id_number", "990001700315001", "id_wrong_length"),
    ("id_number", WRONG_CHECK, "id_wrong_checksum"),
    ("id_number", resident_id_of("19700231", "001"), "id_impossible_birth_date"),
    ("id_number", resident_id_of("20140521", "001"), "birth_contradicts_id"),
    ("sex", "女", "sex_contradicts_id"),
    ("sex", "?", "unknown_label"),
    ("school_stage", "博士后", "unknown_label"),
    ("boarder", "也许", "unknown_label"),
    ("disability_level", 7, "unknown_label"),
]


@pytest.mark.parametrize(("key", "value", "code"), MEMBER_ERRORS)
def test_an_error_in_a_members_row_is_named_with_its_cell(key: str, value: object, code: str) -> None:
    reading = parse(members=[{**HEAD, key: value}, SPOUSE])
    error = reading.errors[0]
    assert (error.sheet, error.row, short(error.code)) == ("成员表", 2, code)
    assert error.column == MEMBERS.column(key).header
    assert reading.drafts == []


def test_no_error_message_repeats_what_was_typed() -> None:
    reading = parse(members=[{**HEAD, "id_number": WRONG_CHECK}, {**SPOUSE, "id_number": HEAD_ID, "sex": "女"}])
    assert not any(number in repr(reading.errors) for number in (WRONG_CHECK, HEAD_ID))


def test_an_unreadable_relation_is_not_reported_as_a_missing_head_too() -> None:
    assert errors_of(parse(members=[{**HEAD, "relation": "邻居"}, SPOUSE])) == [("成员表", 2, "unknown_relation")]


def test_somebody_unknown_to_the_register_needs_an_id_number_and_somebody_known_does_not() -> None:
    assert errors_of(parse(members=[HEAD, {**SPOUSE, "id_number": None, "national_no": None}])) == [
        ("成员表", 3, "id_missing")
    ]
    known = parse(members=[HEAD, {**SPOUSE, "id_number": None}])
    assert known.drafts[0].members[1].document is None


def test_the_card_of_a_disabled_person_gives_the_level_and_must_agree_with_the_column() -> None:
    card = {**HEAD, "id_number": HEAD_ID + "42"}
    assert parse(members=[card]).drafts[0].members[0].profile["disability_level"] == 2
    assert errors_of(parse(members=[{**card, "disability_level": "三级"}])) == [
        ("成员表", 2, "disability_card_contradicts")
    ]


def test_not_disabled_is_said_with_a_zero_and_differs_from_a_blank() -> None:
    (draft,) = parse(members=[{**HEAD, "disability_level": "无"}, SPOUSE]).drafts
    assert [member.profile.get("disability_level") for member in draft.members] == [0, None]


def test_a_household_has_exactly_one_head() -> None:
    assert errors_of(parse(members=[{**HEAD, "relation": "子女"}, SPOUSE])) == [("户表", 2, "no_head")]
    assert errors_of(parse(members=[HEAD, {**SPOUSE, "relation": "户主"}])) == [("成员表", 3, "two_heads")]


def test_sheets_must_agree_on_the_households() -> None:
    assert errors_of(parse(members=[HEAD, {**SPOUSE, "household_no": "H2"}])) == [
        ("成员表", 3, "member_without_household")
    ]
    assert errors_of(parse(members=[])) == [("户表", 2, "household_without_members")]
    stranger = {"household_no": "H9", "event": "识别", "effective_on": 2014}
    assert errors_of(parse(history=[stranger])) == [("历史表", 2, "history_without_household")]


def test_what_stands_twice_errs_in_both_rows_and_names_the_other() -> None:
    reading = parse([HOUSEHOLD, HOUSEHOLD])
    assert errors_of(reading) == [("户表", 2, "duplicate_household"), ("户表", 3, "duplicate_household")]
    assert "第 3 行" in reading.errors[0].zh
    same_id = {**SPOUSE, "id_number": HEAD_ID + "42", "sex": "男"}
    assert errors_of(parse(members=[HEAD, same_id])) == [("成员表", 2, "duplicate_id"), ("成员表", 3, "duplicate_id")]
    same_no = {**SPOUSE, "national_no": "H1-01"}
    assert errors_of(parse(members=[HEAD, same_no])) == [
        ("成员表", 2, "duplicate_person"),
        ("成员表", 3, "duplicate_person"),
    ]


def test_a_household_with_an_error_yields_no_draft_and_its_neighbour_does() -> None:
    neighbour = {**HOUSEHOLD, "national_no": "H2"}
    their_head = {**HEAD, "household_no": "H2", "national_no": "H2-01", "id_number": SPOUSE_ID, "sex": "女"}
    reading = parse([HOUSEHOLD, neighbour], [{**HEAD, "name": None}, their_head])
    assert [draft.national_no for draft in reading.drafts] == ["H2"]
    assert (reading.seen, reading.rows_seen) == (2, 2)


def test_an_unassigned_area_prefix_is_a_warning_and_the_draft_stands() -> None:
    reading = parse()
    assert [(note.row, note.code) for note in reading.warnings] == [(2, "id_unknown_area"), (3, "id_unknown_area")]
    assert len(reading.drafts) == 1
