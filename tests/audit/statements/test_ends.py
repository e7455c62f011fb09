"""Each person who leaves with a household, or comes back with it, is in one column; both figures balance (decision 0038)."""

from collections.abc import Sequence
from datetime import date

import pytest

from contracts.facts import Fact
from contracts.quantities import Figures
from contracts.registry.ends import ReinstatedAs
from contracts.registry.reasons import CancelReason
from contracts.selection import timeline
from services.audit.statements.domain import OUTGOING, AnyLine, Line, movements
from services.audit.statements.state import fold
from tests.audit.fact_builders import (
    HILL,
    HOUSEHOLD,
    InMemoryLog,
    cancelled,
    died,
    duplicate,
    enrolled,
    exited,
    household_recorded,
    joined,
    noon,
    person,
    reinstated,
    removed,
)

ENTRY, APRIL, MAY, JUNE, JULY = (date(2014, 6, 20), *(date(2015, month, 1) for month in (4, 5, 6, 7)))
ENDS = [reason for reason in CancelReason if reason is not CancelReason.MERGED]


def moved(*facts: Fact, persons: int = 3) -> list[tuple[AnyLine, int, int]]:
    """What a household identified in 2014 moved after that; the lines give its figures at the end."""
    log = InMemoryLog()
    for number, fact in enumerate((household_recorded(ENTRY, persons), enrolled(ENTRY), *facts), start=1):
        log.append(noon(date(2018, 1, number)), fact)
    line = timeline(log.entries, of=HOUSEHOLD)
    found = movements(line, HOUSEHOLD)
    signed = [-m.figures if m.line in OUTGOING else m.figures for m in found]
    assert sum(signed, start=Figures()) == fold(line, HOUSEHOLD).figures
    assert {m.division for m in found} == {HILL}
    return [(m.line, m.figures.households, m.figures.persons) for m in found][1:]


@pytest.mark.parametrize("reason", ENDS)
def test_a_household_that_ends_is_cancelled_with_everybody(reason: CancelReason) -> None:
    assert moved(cancelled(MAY, reason=reason)) == [(Line.CANCELLED, 1, 3)]
    assert moved(exited(APRIL), cancelled(MAY, reason=reason)) == [(Line.EXITED, 1, 3)]


def test_of_a_merge_the_household_is_cancelled_and_its_members_are_a_change_of_size_here_and_there() -> None:
    assert moved(cancelled(MAY, reason=CancelReason.MERGED)) == [(Line.CANCELLED, 1, 0), (Line.SIZE_CHANGE, 0, -3)]
    assert moved(*(joined(MAY, number) for number in (11, 12, 13))) == [(Line.SIZE_CHANGE, 0, 1)] * 3


def test_a_duplicate_is_a_change_of_size_and_the_last_one_is_cancelled_with_its_household() -> None:
    assert moved(duplicate(MAY, 2)) == [(Line.SIZE_CHANGE, 0, -1)]
    gone: Sequence[Fact] = (duplicate(MAY, 1), cancelled(MAY, reason=CancelReason.DUPLICATE))
    assert moved(*gone, persons=1) == [(Line.CANCELLED, 1, 1)]


def test_whoever_comes_back_moves_in_with_the_household() -> None:
    left = cancelled(MAY, reason=CancelReason.LEFT_PROVINCE)
    assert moved(left, reinstated(JUNE, [person(1), person(2)])) == [(Line.CANCELLED, 1, 3), (Line.MOVED_IN, 1, 2)]
    assert moved(died(APRIL, 3), left, reinstated(JUNE, [person(1), person(2)]), exited(JULY)) == [
        (Line.SIZE_CHANGE, 0, -1), (Line.CANCELLED, 1, 2), (Line.MOVED_IN, 1, 2), (Line.EXITED, 1, 2),
    ]  # fmt: skip


def test_who_comes_back_as_a_candidate_or_had_exited_is_not_in_the_stock_again() -> None:
    left = cancelled(MAY, reason=CancelReason.LEFT_PROVINCE)
    anew = reinstated(JUNE, [person(1)], status=ReinstatedAs.CANDIDATE)
    assert moved(left, anew) == [(Line.CANCELLED, 1, 3)]
    assert moved(left, anew, enrolled(JULY)) == [(Line.CANCELLED, 1, 3), (Line.IDENTIFIED, 1, 1)]
    assert moved(exited(APRIL), left, reinstated(JUNE, [person(1)])) == [(Line.EXITED, 1, 3)]


def test_who_was_removed_and_is_identified_again_is_identified_twice() -> None:
    assert moved(removed(MAY), enrolled(JUNE)) == [(Line.REMOVED, 1, 3), (Line.IDENTIFIED, 1, 3)]
