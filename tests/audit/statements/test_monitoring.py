"""Monitored households are a stock of their own: what brings a household into it and out of it, whatever its poverty status."""

from datetime import date

from contracts.facts import Fact
from contracts.registry.ends import ReinstatedAs
from contracts.registry.reasons import CancelReason
from contracts.selection import timeline
from services.audit.statements.domain import AnyLine, StockOf, movements
from services.audit.statements.domain import MonitoringLine as Line
from tests.audit.fact_builders import (
    HOUSEHOLD,
    InMemoryLog,
    cancelled,
    elimination_withdrawn,
    enrolled,
    exited,
    household_recorded,
    joined,
    monitoring_started,
    noon,
    person,
    reinstated,
    removed,
    risk_eliminated,
)

ENTRY, MAY, JUNE, JULY = date(2019, 6, 20), *(date(2023, month, 1) for month in (5, 6, 7))


def moved(*facts: Fact) -> list[tuple[AnyLine, int, int]]:
    """Of three persons."""
    log = InMemoryLog()
    for number, fact in enumerate((household_recorded(ENTRY, 3), *facts), start=1):
        log.append(noon(date(2024, 1, number)), fact)
    found = movements(timeline(log.entries, of=HOUSEHOLD), HOUSEHOLD, StockOf.MONITORING)
    return [(m.line, m.figures.households, m.figures.persons) for m in found]


def test_who_is_taken_in_is_counted_until_the_risk_is_eliminated_whatever_the_poverty_status() -> None:
    monitored = [(Line.STARTED, 1, 3), (Line.SIZE_CHANGE, 0, 1), (Line.ELIMINATED, 1, 4)]
    facts = (monitoring_started(MAY), joined(JUNE, 11), risk_eliminated(JULY))
    assert moved(*facts) == monitored
    assert moved(enrolled(ENTRY), exited(ENTRY), *facts) == monitored
    # A removal says that it was never poor, not that nothing threatens it.
    assert moved(enrolled(ENTRY), exited(ENTRY), *facts, removed(ENTRY)) == monitored


def test_a_withdrawal_undoes_the_elimination_on_its_day_and_is_not_monitored_again() -> None:
    undone = [(Line.STARTED, 1, 3), (Line.ELIMINATED, 1, 3), (Line.WITHDRAWN, 1, 3)]
    assert moved(monitoring_started(MAY), risk_eliminated(JUNE), elimination_withdrawn(JUNE)) == undone
    again = [(Line.STARTED, 1, 3), (Line.ELIMINATED, 1, 3), (Line.STARTED, 1, 3)]
    assert moved(monitoring_started(MAY), risk_eliminated(JUNE), monitoring_started(JULY)) == again


def test_a_household_that_ends_is_monitored_no_more_and_comes_back_as_it_was() -> None:
    started, ended = (Line.STARTED, 1, 3), (Line.ENDED, 1, 3)
    gone = cancelled(JUNE, reason=CancelReason.LOST)
    assert moved(monitoring_started(MAY), gone) == [started, ended]
    back = [person(1), person(2)]
    assert moved(monitoring_started(MAY), gone, reinstated(JULY, back)) == [started, ended, (Line.MOVED_IN, 1, 2)]
    anew = reinstated(JULY, back, status=ReinstatedAs.CANDIDATE)
    assert moved(monitoring_started(MAY), gone, anew) == [started, ended]
