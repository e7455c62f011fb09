"""The bitemporal picture: rectangles of days and of knowledge, at most one of which answers a question."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from contracts.civil import end_of_day
from contracts.facts import Fact, Recorded
from contracts.registry import households as h
from contracts.registry.poverty_status import PovertyStatus as S
from contracts.selection import timeline
from services.registry.households.bitemporal import (
    FOREVER,
    UNTIL_CHANGED,
    BitemporalPeriod,
    HouseholdSummary,
    project,
    summary_of,
)
from services.registry.households.state import fold
from tests.registry.households.example_facts import (
    WIFE,
    annulled,
    enrolled,
    exited,
    first_day,
    member_left,
    moved,
    recorded_household,
    removed,
    surveyed,
)
from tests.support.recorded import recorded

NOON = datetime(2014, 6, 1, 4, tzinfo=UTC)


def known(*facts: Fact) -> tuple[Recorded, ...]:
    """Each fact learned a day after the former; the first at noon of 2014-06-01."""
    return tuple(
        msgspec.structs.replace(r, recorded_at=NOON + timedelta(days=n)) for n, r in enumerate(recorded(*facts))
    )


def answer(facts: Sequence[Recorded], as_of: date, known_at: datetime) -> list[BitemporalPeriod[HouseholdSummary]]:
    return [
        r for r in project(facts)[1]
        if r.valid_from <= as_of < r.valid_to and r.known_from < known_at <= r.known_to
    ]  # fmt: skip


@pytest.mark.parametrize(("on", "found"), [("2014-01-09", 0), ("2014-01-10", 1), ("2014-01-11", 1), ("9999-12-30", 1)])
def test_a_household_stands_from_its_first_day_on(on: str, found: int) -> None:
    assert len(answer(known(recorded_household("2014-01-10")), first_day(on), UNTIL_CHANGED)) == found


def test_one_fact_makes_one_rectangle_without_end() -> None:
    (only,) = project(known(recorded_household("2014-01-10")))[1]
    assert (only.valid_from, only.valid_to, only.known_from, only.known_to) == (
        first_day("2014-01-10"),
        FOREVER,
        NOON,
        UNTIL_CHANGED,
    )
    assert only.value == HouseholdSummary(S.CANDIDATE, "990001101201", 3, h.Attribute.UNCLASSIFIED)


def test_days_are_divided_where_the_status_changes() -> None:
    history = known(recorded_household("2014-01-10"), enrolled("2014-05-20"), exited("2014-12-01"))
    spans = [(r.value.status, r.valid_from, r.valid_to) for r in project(history)[1] if r.known_to == UNTIL_CHANGED]
    assert sorted(spans, key=lambda span: span[1]) == [
        (S.CANDIDATE, first_day("2014-01-10"), first_day("2014-05-20")),
        (S.REGISTERED, first_day("2014-05-20"), first_day("2014-12-01")),
        (S.EXITED, first_day("2014-12-01"), FOREVER),
    ]


@pytest.mark.parametrize(
    ("on", "status"), [("2014-11-30", S.REGISTERED), ("2014-12-01", S.EXITED), ("2014-12-02", S.EXITED)]
)
def test_an_exit_counts_from_its_own_day(on: str, status: S) -> None:
    history = known(recorded_household("2014-01-10"), enrolled("2014-05-20"), exited("2014-12-01"))
    (found,) = answer(history, first_day(on), UNTIL_CHANGED)
    assert found.value.status is status


def test_a_fact_that_no_figure_counts_divides_nothing() -> None:
    assert len(project(known(recorded_household("2014-01-10"), surveyed("2014-02-01", housing_m2=None)))[1]) == 1


def test_equal_neighbours_are_one_period() -> None:
    history = known(
        recorded_household("2014-01-10"), moved("2014-02-01"), moved("2014-02-01", "990001101202", "990001101201")
    )
    assert [r for r in project(history)[1] if r.known_to == UNTIL_CHANGED][-1].valid_to == FOREVER
    assert len(answer(history, first_day("2014-03-01"), UNTIL_CHANGED)) == 1


def test_what_was_believed_before_a_correction_can_still_be_asked_for() -> None:
    history = known(
        recorded_household("2014-01-10"),
        member_left("2014-02-01", WIFE),
        annulled("2014-03-01", 2),
        annulled("2014-03-01", 3),
    )
    believed = [
        answer(history, first_day("2014-02-01"), NOON + timedelta(days=n, microseconds=1))[0].value.persons
        for n in range(4)
    ]
    assert believed == [3, 2, 3, 2]


def test_knowledge_begins_behind_the_instant_of_recording() -> None:
    history = known(recorded_household("2014-01-10"))
    assert answer(history, first_day("2014-01-10"), NOON) == []
    assert len(answer(history, first_day("2014-01-10"), NOON + timedelta(microseconds=1))) == 1


@pytest.mark.parametrize(
    ("recorded_at", "known_that_day"),
    [
        (datetime(2014, 6, 1, 15, 59, 59, 999999, tzinfo=UTC), True),
        (datetime(2014, 6, 1, 16, tzinfo=UTC), False),
        (datetime(2014, 6, 1, 16, 0, 0, 1, tzinfo=UTC), False),
    ],
)
def test_a_day_of_knowledge_ends_at_midnight_in_shanghai(recorded_at: datetime, known_that_day: bool) -> None:
    history = recorded(recorded_household("2014-01-10"), at=recorded_at)
    assert bool(answer(history, first_day("2014-01-10"), end_of_day(date(2014, 6, 1)))) is known_that_day


def test_facts_of_one_commit_are_learned_together() -> None:
    history = recorded(recorded_household("2014-01-10"), at=NOON)
    twin = recorded(enrolled("2014-01-10"), start=2, at=NOON - timedelta(seconds=1))
    (only,) = project((*history, *twin))[1]
    assert only.value.status is S.REGISTERED


def test_every_question_has_the_answer_that_folding_gives() -> None:
    history = known(
        recorded_household("2014-01-10"), enrolled("2014-05-20"), member_left("2014-08-01", WIFE), exited("2014-12-01"),
        moved("2014-07-01"), annulled("2014-09-01", 3), removed("2014-05-20", 4),
    )  # fmt: skip
    days = [
        first_day(f"2014-{month:02}-{d:02}") + timedelta(days=n)
        for month in (1, 5, 7, 8, 12)
        for d in (1, 10, 20)
        for n in (-1, 0)
    ]
    for known_at in [NOON + timedelta(days=n, microseconds=1) for n in range(len(history))]:
        for as_of in days:
            folded = summary_of(fold(timeline(history, as_of=as_of, known_at=known_at)))
            assert [r.value for r in answer(history, as_of, known_at)] == ([] if folded is None else [folded])
