"""The sample township has the published totals, and its people are plausible."""

from collections import Counter
from datetime import date

import pytest

from contracts.registry.codes import SchoolStage
from contracts.registry.divisions import DIGITS, Level
from contracts.registry.members import Relation
from lika.demo.circumstances import MAX_INCOME
from lika.demo.township import Household, Township, sample_township
from services.registry.households.resident_id import birth_date_of, parse_resident_id, sex_of


@pytest.fixture(scope="module")
def township() -> Township:
    return sample_township()


def figures(households: list[Household]) -> tuple[int, int]:
    return len(households), sum(len(household.members) for household in households)


def test_the_2014_round_identified_746_households_and_2073_persons(township: Township) -> None:
    """M001, P03."""
    assert figures(list(township.households)) == (746, 2073)


@pytest.mark.parametrize(
    ("exit_year", "expected"), [(2014, (160, 462)), (2015, (118, 419)), (2016, (97, 389)), (None, (371, 803))]
)
def test_exits_of_each_year_have_their_exact_totals(
    township: Township, exit_year: int | None, expected: tuple[int, int]
) -> None:
    """M006, P04; 2016 is synthetic and leaves 8 households and 32 persons of the target of 105 / 421 (P05) missing."""
    assert figures([one for one in township.households if one.exit_year == exit_year]) == expected


def test_the_stock_left_at_the_end_of_2015_is_468_households_and_1192_persons(township: Township) -> None:
    """P04, derived there."""
    left = [one for one in township.households if one.exit_year not in (2014, 2015)]
    assert figures(left) == (468, 1192)


def test_ten_villages_of_one_township_five_of_them_poor_carry_everybody(township: Township) -> None:
    villages = [division for division in township.divisions if division.level is Level.VILLAGE]
    assert (len(villages), sum(village.poor for village in villages)) == (10, 5)
    assert all(len(division.code) == DIGITS[division.level] for division in township.divisions)
    assert len({division.name for division in township.divisions}) == 12
    in_poor = sum(len(township.of_village(village.code)) for village in villages if village.poor)
    assert 746 * 0.6 < in_poor < 746 * 0.85
    assert all(township.of_village(village.code) for village in villages)


def test_every_id_number_is_valid_unique_and_belongs_to_nobody(township: Township) -> None:
    members = [member for household in township.households for member in household.members]
    assert len({member.id_number for member in members}) == len({member.number for member in members}) == 2073
    for member in members:
        number = parse_resident_id(member.id_number).number
        assert number.startswith("990001")
        assert (birth_date_of(number), sex_of(number)) == (member.born, member.sex)


def test_phones_and_accounts_are_unique_and_in_no_use(township: Township) -> None:
    phones = {household.circumstances.phone for household in township.households}
    accounts = {household.circumstances.account for household in township.households}
    assert len(phones) == len(accounts) == 746
    assert all(phone.startswith("100") and len(phone) == 11 for phone in phones)


def test_households_have_one_head_who_comes_first_and_is_grown_up(township: Township) -> None:
    for household in township.households:
        relations = [member.relation for member in household.members]
        assert relations[0] is Relation.HEAD
        assert relations.count(Relation.HEAD) == 1
        assert household.members[0].born.year <= 1983


def test_children_are_younger_than_their_parents_by_a_plausible_distance(township: Township) -> None:
    for household in township.households:
        head = household.members[0].born.year
        for member in household.members:
            if member.relation is Relation.CHILD:
                assert member.born.year - head >= 18
            if member.relation is Relation.PARENT:
                assert head - member.born.year >= 18
            if member.relation is Relation.GRANDCHILD:
                assert member.born.year - head >= 36


def test_every_child_of_compulsory_age_is_at_school_and_only_pupils_have_a_school(township: Township) -> None:
    for member in (member for household in township.households for member in household.members):
        age = 2013 - member.born.year - (1 if (member.born.month, member.born.day) > (9, 1) else 0)
        if 6 <= age <= 14:
            assert member.stage is (SchoolStage.PRIMARY if age <= 11 else SchoolStage.JUNIOR)
        if age > 21:
            assert member.stage is SchoolStage.NONE
        assert (member.school is not None) == (member.stage is not SchoolStage.NONE)


def test_there_are_pupils_of_every_stage_and_many_in_exited_households(township: Township) -> None:
    stages = Counter(member.stage for household in township.households for member in household.members)
    assert all(stages[stage] >= 5 for stage in SchoolStage)
    exited = [one for one in township.households if one.exit_year in (2014, 2015)]
    assert sum(any(member.school for member in one.members) for one in exited) > 100


def test_net_income_of_2013_lies_below_the_line_and_adds_up(township: Township) -> None:
    for household in township.households:
        found = household.circumstances
        net = found.wages + found.business + found.property + found.transfers - found.business_costs
        assert 0 < net <= MAX_INCOME * len(household.members)
        assert min(found.wages, found.business, found.property, found.transfers, found.business_costs) >= 0


def test_surveys_fall_on_working_days_of_may_2014(township: Township) -> None:
    days = {household.surveyed_on for household in township.households}
    assert len(days) == 10
    assert all(date(2014, 5, 1) < day < date(2014, 6, 1) and day.weekday() < 5 for day in days)


def test_the_five_scenarios_are_those_of_five_households(township: Township) -> None:
    households = township.households
    (returning,) = [one for one in households if one.returns_to_poverty]
    (unqualified,) = [one for one in households if one.never_qualified]
    (splitting,) = [one for one in households if one.split_members]
    (bereaved,) = [one for one in households if one.dying_member]
    (moving,) = [one for one in households if one.moves_to]
    assert len({one.number for one in (returning, unqualified, splitting, bereaved, moving)}) == 5
    assert returning.exit_year == 2014
    assert any(member.stage is SchoolStage.PRIMARY for member in returning.members)
    assert {one.exit_year for one in (unqualified, splitting, bereaved, moving)} == {None}
    staying = [member for member in splitting.members if member.number not in splitting.split_members]
    assert any(member.relation is Relation.HEAD for member in staying)
    assert set(splitting.split_members) < {member.number for member in splitting.members}
    assert bereaved.dying_member in {member.number for member in bereaved.members[1:]}
    assert moving.moves_to not in (None, moving.village)
    assert moving.moves_to in {division.code for division in township.divisions}


def test_the_township_is_the_same_every_time(township: Township) -> None:
    assert sample_township() == township
