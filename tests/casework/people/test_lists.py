"""Lists of who lives in the register's households today."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from services.casework.people import lists
from services.casework.people.lists import BEFORE_FIRST, Filter, units_today
from services.casework.people.view import HOUSEHOLDS, MEMBERS
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

VILLAGE, NEXT_VILLAGE = "990001101201", "990001101202"
HERE, THERE = UUID(int=1), UUID(int=2)
LIVING = [UUID(int=n) for n in (11, 12, 13, 14)]
GONE = UUID(int=15)


@pytest.fixture
def store(database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("assistance", database("assistance"), SystemClock())

    def fill(tx: Tx) -> None:
        HOUSEHOLDS.add(tx.cur, [(THERE, VILLAGE, "exited"), (HERE, NEXT_VILLAGE, "registered")])
        living = [(HERE, p, True, "none", False) for p in LIVING[:3]] + [(THERE, LIVING[3], True, "junior", True)]
        MEMBERS.add(tx.cur, [*living, (HERE, GONE, False, "primary", False)])

    opened.transact(fill, appends=False)
    yield opened
    opened.close()


def listed(store: Store, filters: Filter = ("", None, None), after: lists.After = BEFORE_FIRST) -> list[UUID]:
    return [row.unit_id for row in units_today(store, filters, after, lists.MEMBERS)]


def test_members_are_listed_by_place_chunk_by_chunk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = [LIVING[3], *LIVING[:3]]
    for chunk in (1, 2, 3, 4, 5):
        monkeypatch.setattr(lists, "CHUNK", chunk)
        assert listed(store) == everybody
    assert listed(store, after=(NEXT_VILLAGE, HERE, LIVING[0])) == LIVING[1:3]


def test_a_list_keeps_to_the_place_the_household_and_the_person_asked_for(store: Store) -> None:
    assert listed(store, (NEXT_VILLAGE, None, None)) == LIVING[:3]
    assert listed(store, ("990001", THERE, None)) == [LIVING[3]]
    assert listed(store, ("", None, LIVING[1])) == [LIVING[1]]
    assert listed(store, (VILLAGE, HERE, None)) == []
