"""The bitemporal projection: on the day before, on the day and after it, as known before, at and after each learning."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

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
    LAKE,
    InMemoryLog,
    annulled,
    enrolled,
    exited,
    household_recorded,
    joined,
    moved,
    noon,
    removed,
)

ENTRY, MAY, JUNE = date(2014, 6, 20), date(2015, 5, 1), date(2015, 6, 1)
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
    (period,) = stock_periods(timeline(log.entries))
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
    assert stock_periods(timeline(log.entries)) == [
        StockPeriod(HILL, 3, ENTRY, MAY),
        StockPeriod(HILL, 4, MAY, NEVER_ENDED),
    ]


def test_a_household_removed_from_its_entry_day_was_never_in_the_stock() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    log.append(noon(JUNE), removed(ENTRY))
    periods = project(log.entries).stock
    assert stock_at(periods, ENTRY, noon(JUNE)) == [(HILL, 3)]
    assert stock_at(periods, ENTRY, noon(JUNE) + TICK) == []


def test_what_is_recorded_at_an_instant_is_known_just_after_it() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3))
    log.append(noon(MAY), enrolled(ENTRY))
    periods = project(log.entries).stock
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
    projection = project(log.entries)
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
    assert [(k.value.persons, k.known_from) for k in project(log.entries).stock] == [(4, noon(ENTRY))]


def test_the_order_of_arrival_in_the_answer_of_the_database_does_not_matter() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    log.append(datetime(2015, 7, 1, tzinfo=UTC), exited(MAY))
    assert project(log.entries[::-1]) == project(log.entries)
