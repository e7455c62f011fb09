"""Whose village was merged, split or got another code is counted there in lines of its own, and nowhere above both."""

from datetime import date
from itertools import permutations

import pytest

from contracts.facts import Fact
from contracts.selection import timeline
from services.audit.statements.domain import AnyLine, Line, movements
from services.audit.statements.state import fold
from tests.audit.fact_builders import (
    HILL,
    HOUSEHOLD,
    LAKE,
    NEIGHBOUR,
    InMemoryLog,
    enrolled,
    household_recorded,
    moved,
    noon,
    transferred,
)

ENTRY, MAY, JUNE = date(2014, 6, 20), date(2015, 5, 1), date(2015, 6, 1)


def told(*facts: Fact) -> InMemoryLog:
    log = InMemoryLog()
    for number, fact in enumerate(facts, start=1):
        log.append(noon(date(2018, 1, number)), fact)
    return log


def lines(*facts: Fact) -> list[tuple[AnyLine, str, str | None]]:
    line = timeline(told(*facts).entries, of=HOUSEHOLD)
    return [(m.line, m.division, m.counterpart) for m in movements(line, HOUSEHOLD)]


def test_a_transfer_leaves_one_division_and_enters_the_other_by_lines_of_its_own() -> None:
    assert lines(household_recorded(ENTRY, 3), enrolled(ENTRY), transferred(MAY, HILL, NEIGHBOUR))[1:] == [
        (Line.TRANSFERRED_OUT, HILL, NEIGHBOUR),
        (Line.TRANSFERRED_IN, NEIGHBOUR, HILL),
    ]


def test_told_in_any_order_a_move_and_a_merger_of_one_day_come_to_the_same() -> None:
    facts = (household_recorded(ENTRY, 3), enrolled(ENTRY), moved(MAY, HILL, NEIGHBOUR), transferred(MAY, HILL, LAKE))
    for order in permutations(facts):
        assert lines(*order) == [
            (Line.IDENTIFIED, HILL, None), (Line.MOVED_OUT, HILL, NEIGHBOUR), (Line.MOVED_IN, NEIGHBOUR, HILL),
        ]  # fmt: skip


@pytest.mark.parametrize(("ended", "there"), [(True, LAKE), (False, HILL)])
def test_only_a_division_that_ended_stands_for_its_successor_later(ended: bool, there: str) -> None:
    facts = (
        household_recorded(ENTRY, 3, NEIGHBOUR),
        transferred(MAY, HILL, LAKE, ended=ended),
        moved(JUNE, NEIGHBOUR, HILL),
    )
    for order in permutations(facts):
        assert fold(timeline(told(*order).entries, of=HOUSEHOLD), HOUSEHOLD).division == there
