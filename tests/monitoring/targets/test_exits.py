"""Exits of a household, and their versions over time (design: two times)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.facts import HouseholdFact, Recorded
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdMoved, HouseholdSplit
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft
from contracts.registry.poverty_status import HouseholdRemoved, HouseholdReturned
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.selection import timeline
from services.monitoring.targets.exits import exit_versions, exits
from tests.monitoring.registry_stub import (
    VILLAGE,
    enrolled,
    exited,
    exited_household,
    household_id,
    household_recorded,
    person,
)
from tests.support.recorded import FIRST_RECORDED_AT, recorded

EXIT_DAY = date(2016, 11, 1)
ME: dict[str, Any] = {"household_id": household_id(1), "entered_by": "cadre"}
STREAM = f"registry/household-{household_id(1)}"


def exits_of(*facts: HouseholdFact) -> list[tuple[date, str, int]]:
    return [(e.exited_on, e.division, e.persons) for e in exits(timeline(recorded(*facts)))]


def test_an_exit_counts_the_members_of_its_day() -> None:
    child = MemberJoined(**ME, effective_on=date(2016, 2, 1), member=person(1, 9), reason=JoinReason.BIRTH)
    death = MemberDied(**ME, effective_on=date(2016, 3, 1), person_id=person(1, 1).person_id)
    gone = MemberLeft(
        **ME, effective_on=date(2016, 12, 1), person_id=person(1, 2).person_id, reason=LeaveReason.MARRIAGE
    )
    assert exits_of(*exited_household(1, 4, EXIT_DAY), child, death, gone) == [(EXIT_DAY, VILLAGE, 4)]


def test_an_exit_belongs_to_where_the_household_lived_then() -> None:
    def move(day: date) -> HouseholdMoved:
        return HouseholdMoved(**ME, effective_on=day, from_division=VILLAGE, to_division="990001101202")

    assert exits_of(*exited_household(1, 4, EXIT_DAY), move(date(2016, 10, 31))) == [(EXIT_DAY, "990001101202", 4)]
    assert exits_of(*exited_household(1, 4, EXIT_DAY), move(date(2016, 11, 2))) == [(EXIT_DAY, VILLAGE, 4)]


def test_who_split_off_before_exits_elsewhere() -> None:
    split = HouseholdSplit(
        **ME,
        effective_on=date(2016, 5, 1),
        new_household_id=household_id(2),
        person_ids=(person(1, 3).person_id, person(1, 4).person_id),
    )
    assert exits_of(*exited_household(1, 4, EXIT_DAY), split) == [(EXIT_DAY, VILLAGE, 2)]


def split_off(day: date, number: int, *persons: int) -> tuple[HouseholdSplit, HouseholdFormed]:
    """Members of household 1 form household ``number``."""
    gone = tuple(person(1, n).person_id for n in persons)
    return (
        HouseholdSplit(**ME, effective_on=day, new_household_id=household_id(number), person_ids=gone),
        HouseholdFormed(
            household_id=household_id(number), entered_by="cadre", effective_on=day, split_from=household_id(1),
            person_ids=gone, head=gone[0],
        ),
    )  # fmt: skip


def test_a_household_that_split_off_exits_with_what_its_parent_was_before_the_split() -> None:
    move = HouseholdMoved(**ME, effective_on=date(2016, 4, 1), from_division=VILLAGE, to_division="990001101202")
    death = MemberDied(**ME, effective_on=date(2016, 4, 2), person_id=person(1, 4).person_id)
    facts = recorded(
        household_recorded(1, 5),
        enrolled(1),
        *split_off(date(2016, 5, 1), 2, 3, 4, 5),
        exited(2, EXIT_DAY),
        move,
        death,
    )
    current = [v.exit for v in exit_versions(facts, household_id(2)) if v.known_to is None]
    assert [(e.exited_on, e.division, e.persons) for e in current] == [(EXIT_DAY, "990001101202", 2)]


def test_an_ancestor_s_exit_is_not_the_child_s() -> None:
    facts = recorded(*exited_household(1, 4, EXIT_DAY), *split_off(date(2016, 12, 1), 2, 3, 4))
    assert exit_versions(facts, household_id(2)) == []
    back_and_out = recorded(
        *exited_household(1, 4, EXIT_DAY), *split_off(date(2016, 12, 1), 2, 3, 4), exited(2, date(2017, 3, 1))
    )
    assert [v.exit.household for v in exit_versions(back_and_out, household_id(2))] == [household_id(2)]


def test_a_fall_back_does_not_undo_the_exit() -> None:
    """M007: the return is linked to the exit and has a column of its own."""
    back = HouseholdReturned(
        **ME, effective_on=date(2016, 12, 1), cause=PovertyCause.ILLNESS, former_exit=f"{STREAM}/3"
    )
    assert exits_of(*exited_household(1, 4, EXIT_DAY), back) == [(EXIT_DAY, VILLAGE, 4)]


def test_a_removal_that_voids_the_exit_takes_it_out_from_when_it_was_known() -> None:
    """M003: never qualified; the exit was current until the look-back of 2017."""
    facts = recorded(*exited_household(1, 4, EXIT_DAY), at=datetime(2016, 11, 2, tzinfo=UTC))
    removal = HouseholdRemoved(**ME, effective_on=date(2014, 6, 1), reason="不符合标准", annuls=(f"{STREAM}/3",))
    later = datetime(2017, 9, 1, tzinfo=UTC)
    (row,) = exit_versions([*facts, *recorded(removal, start=4, at=later)], household_id(1))
    assert row.exit.exit_id == f"{STREAM}/3"
    assert row.known_from == facts[2].recorded_at
    assert row.known_to is not None
    assert row.known_to.year == 2017


def test_a_late_fact_makes_a_new_version_and_keeps_the_former() -> None:
    facts = recorded(*exited_household(1, 4, EXIT_DAY), at=datetime(2016, 11, 2, tzinfo=UTC))
    death = MemberDied(**ME, effective_on=date(2016, 10, 1), person_id=person(1, 4).person_id)
    rows = exit_versions([*facts, *recorded(death, start=4, at=datetime(2016, 12, 5, tzinfo=UTC))], household_id(1))
    assert sorted((r.exit.persons, r.known_to is None) for r in rows) == [(3, True), (4, False)]


def test_a_household_that_never_exited_has_no_versions() -> None:
    assert exit_versions(recorded(household_recorded(1, 4)), household_id(1)) == []


def histories() -> st.SearchStrategy[list[Recorded]]:
    """Exits, deaths, moves and annulments (of annulments, too), effective and recorded in any order."""
    days = st.dates(date(2015, 1, 1), date(2017, 12, 31))
    later = st.one_of(
        days.map(lambda d: exited(1, d)),
        st.tuples(days, st.integers(1, 4)).map(
            lambda dn: MemberDied(**ME, effective_on=dn[0], person_id=person(1, dn[1]).person_id)
        ),
        st.tuples(days, st.sampled_from((VILLAGE, "990001101202"))).map(
            lambda dv: HouseholdMoved(**ME, effective_on=dv[0], from_division=VILLAGE, to_division=dv[1])
        ),
        st.tuples(days, st.integers(2, 9)).map(
            lambda dn: FactsAnnulled(
                **ME, effective_on=dn[0], reason=Personal.sealed("A256GCM.1.AAAA"), annuls=(f"{STREAM}/{dn[1]}",)
            )
        ),
    )
    return st.lists(later, max_size=8).map(lambda facts: list(recorded(household_recorded(1, 4), *facts)))


@given(histories(), st.integers(0, 12))
def test_the_versions_current_at_any_instant_are_the_exits_of_the_facts_known_then(
    facts: list[Recorded], second: int
) -> None:
    known_at = FIRST_RECORDED_AT + timedelta(seconds=second)
    rows = [
        r.exit
        for r in exit_versions(facts, household_id(1))
        if r.known_from < known_at and (r.known_to is None or known_at <= r.known_to)
    ]
    assert sorted(rows, key=str) == sorted(exits(timeline(facts, known_at=known_at)), key=str)
