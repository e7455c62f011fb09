"""Streams that begin in a batch are folded from it, and read by nobody."""

import random
from typing import Any
from uuid import uuid4

import pytest

from contracts.facts import Recorded
from services.chassis.following.consumer import Consumer
from services.chassis.following.reactions import beginnings
from services.chassis.following.sources import LocalSource
from services.chassis.log.entries import COLUMNS, decode_entry
from services.chassis.log.store import Store
from services.chassis.views.subject_reader import SubjectReader
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import annulled, create_view_table, enrolled, exited, record, rows, status_rows, view


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    opened = open_store("sample")
    create_view_table(opened)
    return opened


def facts_of(store: Store) -> list[Recorded]:
    entries, _ = store.page(0, 100)
    return [decode_entry(store.name, entry) for entry in entries]


def test_rows_are_those_of_the_log_with_their_facts_behind_them(store: Store) -> None:
    first, second = uuid4(), uuid4()
    record(store, enrolled(first), enrolled(second), exited(first))
    facts = facts_of(store)
    found = beginnings(facts)
    logged = rows(store, f"SELECT {COLUMNS} FROM log ORDER BY notification_id")
    assert sorted(row[:8] for of in found.values() for row in of) == [
        (*row[:4], bytes(row[4]), *row[5:]) for row in logged
    ]
    assert [[row[8] for row in of] for of in found.values()] == [[facts[0], facts[2]], [facts[1]]]


def test_a_stream_that_began_earlier_or_has_a_gap_is_left_to_be_read(store: Store) -> None:
    household = uuid4()
    record(store, enrolled(household), exited(household), enrolled(household))
    one, two, three = facts_of(store)
    assert beginnings([two, three]) == {}
    assert beginnings([one, three]) == {}
    assert [len(of) for of in beginnings([one, two]).values()] == [2]


def test_only_what_began_earlier_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    read = SubjectReader.read

    def noted(self: SubjectReader, conn: Any, keys: Any, *more: Any) -> Any:
        asked.extend(keys)
        return read(self, conn, keys, *more)

    monkeypatch.setattr(SubjectReader, "read", noted)
    known, new = uuid4(), uuid4()
    consumer = Consumer(store, LocalSource(store), [view()])
    record(store, enrolled(known))
    consumer.step()
    assert asked == []
    record(store, exited(known), enrolled(new), exited(new))
    consumer.step()
    assert asked == [f"household-{known}"]
    assert dict(rows(store, "SELECT household, status FROM standing")) == {
        known: "HouseholdExited",
        new: "HouseholdExited",
    }


@pytest.mark.parametrize("seed", range(3))
def test_how_facts_fall_into_batches_changes_nothing(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    households = [uuid4() for _ in range(4)]
    for _ in range(30):
        household = chance.choice(households)
        (entry,) = record(store, chance.choice((enrolled, exited))(household))
        if chance.random() < 0.3:
            record(store, annulled(household, entry))
    while Consumer(store, LocalSource(store), [view()], batch=chance.choice((1, 2, 5, 11))).step():
        pass
    told: dict[str, tuple[list[Any]]] = {}
    for stream, of in beginnings(facts_of(store)).items():
        told |= {stream: status_rows(of[0][8].fact.household_id, [row[8] for row in of])}
    expected = {row[0]: row[1:] for (made,) in told.values() for row in made}
    assert {row[0]: row[1:] for row in rows(store, "SELECT * FROM standing")} == expected
