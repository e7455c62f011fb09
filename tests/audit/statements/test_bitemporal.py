"""The bitemporal projection: on the day before, on the day and after it, as known before, at and after each learning."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from contracts.selection import timeline
from services.audit.statements.bitemporal import (
    NEVER_ENDED,
    STILL_KNOWN,
    StockPeriod,
    Versioned,
    project,
    stock_periods,
)
from services.audit.statements.domain import Line
from tests.audit.fact_builders import (
    HILL,
    HOUSEHOLD,
    LAKE,
    InMemoryLog,
    annulled,
    died,
    enrolled,
    exited,
    formed,
    household_recorded,
    joined,
    moved,
    noon,
    removed,
    split,
)

ENTRY, APRIL, MAY, JUNE = date(2014, 6, 20), date(2015, 4, 1), date(2015, 5, 1), date(2015, 6, 1)
CHILD = UUID("00000000-0000-4000-8000-000000000002")
TICK = timedelta(microseconds=1)


def stock_at(periods: Iterable[Versioned[StockPeriod]], day: date, before: datetime) -> list[tuple[str, int]]:
    """What the tables answer: valid on the day, and recorded before that instant."""
    return [
        (k.value.division, k.value.persons)
        for k in periods
        if k.known_from < before <= k.known_to and k.value.valid_from <= day < k.value.valid_to
    ]


def test_a_period_runs_from_the_day_of_entry_to_the_day_before_the_exit() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY), exited(MAY))
    (period,) = stock_periods(timeline(log.entries), HOUSEHOLD)
    assert period == StockPeriod(HILL, 3, ENTRY, MAY)


def test_each_place_and_size_is_a_period_of_its_own_and_equal_neighbours_are_one() -> None:
    log = InMemoryLog()
    facts = (
        household_recorded(ENTRY, 3),
        enrolled(ENTRY),
        joined(MAY, 4),
        moved(JUNE, HILL, LAKE),
        moved(JUNE, LAKE, HILL),
    )
    log.append(noon(JUNE), *facts)
    assert stock_periods(timeline(log.entries), HOUSEHOLD) == [
        StockPeriod(HILL, 3, ENTRY, MAY),
        StockPeriod(HILL, 4, MAY, NEVER_ENDED),
    ]


def test_a_household_removed_from_its_entry_day_was_never_in_the_stock() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    log.append(noon(JUNE), removed(ENTRY))
    periods = project(log.entries, HOUSEHOLD).stock
    assert stock_at(periods, ENTRY, noon(JUNE)) == [(HILL, 3)]
    assert stock_at(periods, ENTRY, noon(JUNE) + TICK) == []


def test_what_is_recorded_at_an_instant_is_known_just_after_it() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3))
    log.append(noon(MAY), enrolled(ENTRY))
    periods = project(log.entries, HOUSEHOLD).stock
    assert stock_at(periods, ENTRY, noon(MAY)) == []
    assert stock_at(periods, ENTRY, noon(MAY) + TICK) == [(HILL, 3)]
    assert stock_at(periods, ENTRY - timedelta(days=1), noon(MAY) + TICK) == []
    assert stock_at(periods, NEVER_ENDED - timedelta(days=1), STILL_KNOWN) == [(HILL, 3)]


def test_a_correction_and_the_correction_of_the_correction_are_known_in_their_time() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    (exit_,) = log.append(noon(MAY), exited(MAY))
    (first,) = log.append(noon(JUNE), annulled(JUNE, exit_.id))
    log.append(noon(JUNE) + timedelta(hours=1), annulled(JUNE, first.id))
    projection = project(log.entries, HOUSEHOLD)
    moments = [noon(MAY), noon(JUNE), noon(JUNE) + timedelta(hours=1), STILL_KNOWN]
    assert [bool(stock_at(projection.stock, MAY, m)) for m in moments] == [True, False, True, False]
    exits = [k for k in projection.movements if k.value.line is Line.EXITED]
    assert sorted((k.known_from, k.known_to) for k in exits) == [
        (noon(MAY), noon(JUNE)),
        (noon(JUNE) + timedelta(hours=1), STILL_KNOWN),
    ]


def test_facts_of_one_commit_are_learned_together() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY), joined(ENTRY, 4))
    assert [(k.value.persons, k.known_from) for k in project(log.entries, HOUSEHOLD).stock] == [(4, noon(ENTRY))]


def test_the_order_of_arrival_in_the_answer_of_the_database_does_not_matter() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    log.append(datetime(2015, 7, 1, tzinfo=UTC), exited(MAY))
    assert project(log.entries[::-1], HOUSEHOLD) == project(log.entries, HOUSEHOLD)


def test_a_fact_of_the_last_day_that_ranks_before_others_takes_its_place() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3))
    log.append(noon(MAY), enrolled(MAY), died(MAY, 3))
    log.append(noon(JUNE), joined(MAY, 4))
    identified = [k for k in project(log.entries, HOUSEHOLD).movements if k.value.line is Line.IDENTIFIED]
    assert sorted((k.value.figures.persons, k.known_to) for k in identified) == [(3, noon(JUNE)), (4, STILL_KNOWN)]


def a_split() -> InMemoryLog:
    """Three persons identified in 2014, of whom two form a household of their own on 1 May 2015."""
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    log.append(noon(MAY), split(MAY, (2, 3), CHILD), formed(MAY, (2, 3), CHILD))
    return log


def test_a_household_s_periods_and_movements_are_its_own() -> None:
    projection = project(a_split().entries, CHILD)
    assert [k.value for k in projection.stock] == [StockPeriod(HILL, 2, MAY, NEVER_ENDED)]
    assert [k.value.line for k in projection.movements] == [Line.SIZE_CHANGE]


def test_what_is_learned_of_the_parent_from_before_the_split_changes_the_child_from_then_on() -> None:
    log = a_split()
    log.append(noon(JUNE), moved(APRIL, HILL, LAKE))
    log.append(noon(JUNE) + TICK, exited(JUNE))
    stock = project(log.entries, CHILD).stock
    assert stock_at(stock, MAY, noon(JUNE)) == [(HILL, 2)]
    assert stock_at(stock, MAY, STILL_KNOWN) == [(LAKE, 2)]
    assert len(stock) == 2  # what the parent did after the split is the parent's


def test_a_split_that_is_annulled_and_restored_is_known_in_its_time() -> None:
    log = a_split()
    split_off, formation = log.entries[2:]
    undone = log.append(noon(JUNE), annulled(JUNE, split_off.id), annulled(JUNE, formation.id, household=CHILD))
    again = noon(JUNE) + timedelta(hours=1)
    log.append(again, annulled(JUNE, undone[0].id), annulled(JUNE, undone[1].id, household=CHILD))
    for moment, of_parent, of_child in ((noon(JUNE), 1, [(HILL, 2)]), (again, 3, []), (STILL_KNOWN, 1, [(HILL, 2)])):
        assert stock_at(project(log.entries, HOUSEHOLD).stock, MAY, moment) == [(HILL, of_parent)]
        assert stock_at(project(log.entries, CHILD).stock, MAY, moment) == of_child
