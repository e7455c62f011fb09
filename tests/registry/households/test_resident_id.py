"""The citizen's number: GB 11643 and the disabled person's card."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.registry.members import Sex
from services.chassis.ground.refusals import Refused
from services.registry.households.resident_id import (
    CHECK_CHARACTERS,
    area_warning,
    birth_date_of,
    birth_year_of,
    check_character,
    parse_resident_id,
    sex_of,
)

STANDARD_EXAMPLE = "11010519491231002X"
"""The worked example printed in GB 11643."""


def refused(text: str) -> str:
    with pytest.raises(Refused) as caught:
        parse_resident_id(text)
    return caught.value.rule.code


def test_the_example_of_the_standard_is_accepted_with_either_case_of_x() -> None:
    assert parse_resident_id(STANDARD_EXAMPLE).number == STANDARD_EXAMPLE
    assert parse_resident_id(STANDARD_EXAMPLE.lower()).number == STANDARD_EXAMPLE


def test_birth_and_sex_are_inside_the_number() -> None:
    assert birth_date_of(STANDARD_EXAMPLE) == date(1949, 12, 31)
    assert birth_year_of(STANDARD_EXAMPLE) == 1949
    assert sex_of(STANDARD_EXAMPLE) is Sex.FEMALE
    assert sex_of("990001197003150011") is Sex.MALE


@given(st.dates(date(1880, 1, 1), date(2100, 1, 1)), st.integers(1, 999), st.sampled_from(CHECK_CHARACTERS))
def test_exactly_one_of_eleven_check_characters_is_accepted(born: date, sequence: int, check: str) -> None:
    seventeen = f"990001{born:%Y%m%d}{sequence:03}"
    if check == check_character(seventeen):
        assert parse_resident_id(seventeen + check).number == seventeen + check
    else:
        assert refused(seventeen + check) == "id_wrong_checksum"


@pytest.mark.parametrize("text", ["", "1", "110105491231002", STANDARD_EXAMPLE + "0", STANDARD_EXAMPLE + "4212345"])
def test_a_wrong_length_is_named(text: str) -> None:
    assert refused(text) == "id_wrong_length"


@pytest.mark.parametrize("text", ["1101051949123100X2", "１１０１０５１９４９１２３１００２X", STANDARD_EXAMPLE + "95"])
def test_characters_that_do_not_belong_are_named(text: str) -> None:
    assert refused(text) == "id_wrong_characters"


@pytest.mark.parametrize("day", ["19490230", "20140229", "19491301", "00000101", "18791231"])
def test_a_birth_date_that_cannot_be_is_named(day: str) -> None:
    seventeen = f"110105{day}002"
    assert refused(seventeen + check_character(seventeen)) == "id_impossible_birth_date"


@pytest.mark.parametrize("text", ["1.10105E+17", "1.10105194912E+17"])
def test_a_number_that_a_spreadsheet_shortened_is_not_repaired(text: str) -> None:
    assert refused(text) == "id_stored_as_number"


@pytest.mark.parametrize("tail", ["43", "43B1", "4301"])
def test_a_disabled_persons_card_gives_kind_and_level(tail: str) -> None:
    read = parse_resident_id(STANDARD_EXAMPLE + tail)
    assert (read.number, read.disability_kind, read.disability_level) == (STANDARD_EXAMPLE, 4, 3)


@pytest.mark.parametrize("number", ["512301198001010016", "522401198001010010", "460036198001010016"])
def test_an_old_area_prefix_is_no_ground_for_a_warning(number: str) -> None:
    assert area_warning(number) is None


def test_an_unassigned_area_is_a_warning_and_not_a_refusal() -> None:
    seventeen = "99000119700315001"
    number = parse_resident_id(seventeen + check_character(seventeen)).number
    warning = area_warning(number)
    assert warning is not None
    assert warning.code == "id_unknown_area"


def test_a_number_that_was_read_does_not_print_itself() -> None:
    assert STANDARD_EXAMPLE not in repr(parse_resident_id(STANDARD_EXAMPLE))
