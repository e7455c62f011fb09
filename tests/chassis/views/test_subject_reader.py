"""Shelves: divided into parts, every fact is read once; and it is known whom new facts are about."""

from uuid import UUID, uuid4

import pytest

from services.chassis.following import copies
from services.chassis.log.store import Store
from services.chassis.views import subject_reader
from services.chassis.views.subject_reader import SubjectReader
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import enrolled, exited, insert_entry, record, stream_of

OWN = SubjectReader("log", "originator_id", "originator_version", prefix="household-")
STREAMS = SubjectReader("copies", "originator_id", "originator_version", "registry", "household-")
HOUSEHOLDS = SubjectReader("copies", "subject", "notification_id", "registry")


@pytest.fixture
def homes() -> list[UUID]:
    return sorted(uuid4() for _ in range(12))


@pytest.fixture
def store(open_store: OpenStore, homes: list[UUID]) -> Store:
    """A log of 12 households with 4 facts each and of a stream besides, and copies of it and of another log."""
    opened = open_store("registry")
    for _ in range(2):
        record(opened, *(fact(home) for home in homes for fact in (enrolled, exited)))
    insert_entry(opened, "elsewhere", "HouseholdEnrolled/1", b"{}")
    entries = opened.page(0, 1000)[0]
    for log in ("registry", "another"):
        opened.transact(lambda tx, log=log: copies.store_copies(tx.cur, log, entries), appends=False)  # type: ignore[misc]
    return opened


@pytest.mark.parametrize("reader", [OWN, STREAMS, HOUSEHOLDS])
@pytest.mark.parametrize("size", [1, 10, 1000])
def test_the_parts_together_hold_every_fact_once_and_in_order(
    store: Store, homes: list[UUID], reader: SubjectReader, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject_reader, "PAGE", 3)
    with store.reading() as conn:
        total, parts = reader.ranges(conn.cursor(), 48, size)
        read = [(row[reader.key_at], row[0]) for low, high in parts for row in reader.read_range(conn, low, high, 48)]
    assert total == 48
    assert len(parts) == {1: 12, 10: 4, 1000: 1}[size]
    keys = homes if reader is HOUSEHOLDS else [stream_of(home) for home in homes]
    assert [key for key, _ in read] == [key for key in keys for _ in range(4)]
    assert sorted(position for _, position in read) == list(range(1, 49))
    assert read == sorted(read)


@pytest.mark.parametrize("reader", [OWN, STREAMS, HOUSEHOLDS])
def test_a_position_is_not_read_beyond(store: Store, reader: SubjectReader) -> None:
    with store.reading() as conn:
        read = [
            row
            for low, high in reader.ranges(conn.cursor(), 30, 5)[1]
            for row in reader.read_range(conn, low, high, 30)
        ]
        some = reader.read(conn, [row[reader.key_at] for row in read[:1]], 30)
    assert max(row[0] for row in read) == 30
    assert len(read) == 30
    assert some == [row for row in read if row[reader.key_at] == read[0][reader.key_at]]


@pytest.mark.parametrize("reader", [OWN, STREAMS, HOUSEHOLDS])
def test_it_is_known_whom_new_facts_are_about(store: Store, homes: list[UUID], reader: SubjectReader) -> None:
    with store.reading() as conn:
        cur = conn.cursor()
        touched = reader.changed_subjects(cur, 44, 48, 100)
        one_more = reader.changed_subjects(cur, 48, None, 100, also=[1])
        few = reader.changed_subjects(cur, 0, None, 3)
        assert reader.complete_through(cur) == 49
    last = {stream_of(home): home for home in store_order(store)[-2:]}
    assert set(touched) == (set(last.values()) if reader is HOUSEHOLDS else set(last))
    assert len(one_more) == 1
    assert len(few) == 3
    assert set(few) <= set(homes) | {stream_of(home) for home in homes}


def store_order(store: Store) -> list[UUID]:
    """Households in the order of their last facts."""
    return [UUID(e.stream.removeprefix("household-")) for e in store.page(24, 24)[0][1::2]]


def test_what_was_recorded_later_is_not_read(store: Store, homes: list[UUID]) -> None:
    last = store.page(47, 1)[0][0]
    before = SubjectReader("log", "originator_id", "originator_version", known_at=last.recorded_at)
    with store.reading() as conn:
        for streams in ([last.stream], [stream_of(home) for home in homes]):
            assert before.read(conn, streams) == [row for row in OWN.read(conn, streams) if row[0] != last.position]
