"""Reading a log through Kafka: the same entries as from its database, whatever the topic lacks, repeats or should not
hold."""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from services.chassis.following.sources import LocalSource, Page
from services.chassis.ground.clock import TICK
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.log.entries import Entry
from services.chassis.log.store import CLOSING_STEP, Store
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import enrolled, stream_of
from tests.support.eventually import eventually
from tests.support.topics import Header, Topics

NEVER = threading.Event()
NOBODY = Cluster("127.0.0.1:9")
"""The discard port, where no broker listens."""


class Counted(LocalSource):
    """The producer's side; knows what it was asked for."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.asked: list[tuple[int, int]] = []
        self.away = False

    def read(self, cursor: int, limit: int) -> Page:
        if self.away:
            raise httpx.ConnectError("away")
        page = super().read(cursor, limit)
        self.asked.append((cursor, page.end))
        return page


class Reading:
    """A log of twenty entries, its topic, and a source between them."""

    def __init__(self, store: Store, broker: Cluster) -> None:
        self.store, self.topic = store, Topics(broker, store.name)
        self.entries = fill(store, 20)
        self.lineage: UUID = self.entries[0].command_id
        self.topic.create()
        self.refill = Counted(store)
        self.source = KafkaSource(store.name, broker, self.refill)

    def put(self, *positions: int) -> None:
        self.topic.put(self.lineage, [self.entries[p - 1] for p in positions])

    def all(self, cursor: int = 0, limit: int = 500) -> list[Entry]:
        """As a consumer reads, up to the head of the log."""
        found: list[Entry] = []
        while cursor < len(self.entries):
            page = self.source.read(cursor, limit).entries
            assert [e.position for e in page] == list(range(cursor + 1, cursor + 1 + len(page)))
            found += page
            cursor += len(page)
            if not page:
                self.source.wait(cursor, NEVER)
        return found

    def refilled(self) -> list[tuple[int, int]]:
        """What the producer was asked for, but for the first entry and the look at the head."""
        return [(start, end) for start, end in self.refill.asked if end > start and (start, end) != (0, 1)]


def fill(store: Store, count: int) -> Sequence[Entry]:
    for _ in range(count):
        household = uuid4()
        store.transact(lambda tx, h=household: tx.append(stream_of(h), enrolled(h)))  # type: ignore[misc]
    return store.page(0, 10_000)[0]


@pytest.fixture
def reading(open_store: OpenStore, kafka: Cluster) -> Iterator[Reading]:
    reads = Reading(open_store(f"log{uuid4().hex[:8]}"), kafka)
    yield reads
    reads.source.close()


def test_entries_come_byte_for_byte_and_the_producer_is_not_asked_for_them(reading: Reading) -> None:
    reading.put(*range(1, 21))
    assert reading.all() == list(reading.entries)
    assert reading.refilled() == []


@pytest.mark.parametrize(("cursor", "limit"), [(0, 1), (7, 3), (7, 500), (19, 500), (20, 500)])
def test_reading_goes_on_from_any_position(reading: Reading, cursor: int, limit: int) -> None:
    for start in range(1, 21, 4):
        reading.put(*range(start, start + 4))
    assert reading.all(cursor, limit) == list(reading.entries[cursor:])
    # And back again: a batch whose effects were rolled back is read once more.
    assert reading.all(max(0, cursor - 5)) == list(reading.entries[max(0, cursor - 5) :])
    assert reading.refilled() == []


def test_a_gap_is_filled_by_the_producer(reading: Reading) -> None:
    reading.put(1, 2, 3, 8, 9, 12)
    assert reading.all() == list(reading.entries)
    assert reading.refilled() == [(3, 7), (9, 11), (12, 20)]


@pytest.mark.long_run
def test_what_comes_twice_or_too_late_is_dropped(reading: Reading) -> None:
    reading.put(*range(1, 8))
    reading.put(*range(3, 6))  # a relay that was paused in the middle of this wakes up
    reading.put(8, 9, 10, 9, 8, 11, 12)
    reading.put(*range(10, 21))
    assert reading.all() == list(reading.entries)
    assert reading.refilled() == []
    # Going on in the middle of it the search may be misled; what it finds is right all the same.
    for cursor in (3, 6, 8, 11):
        assert reading.all(cursor) == list(reading.entries[cursor:])


@pytest.mark.long_run
def test_records_of_strangers_and_of_the_same_log_in_a_former_life_are_passed_over(reading: Reading) -> None:
    ours = ("lineage", str(reading.lineage).encode())
    strangers: list[tuple[bytes | None, list[Header]]] = [
        (b"no headers", []),
        (b"senseless", [ours, ("first", b"x"), ("last", b"4")]),
        (b"too few", [ours, ("first", b"4")]),
        (b"not what it says", [ours, ("first", b"4"), ("last", b"5")]),
        (b"[]", [ours, ("first", b"4"), ("last", b"5")]),
        (None, [ours, ("first", b"4"), ("last", b"5")]),
    ]
    reading.topic.put(uuid4(), reading.entries[:15])
    reading.put(1, 2, 3)
    reading.topic.put_records(strangers)
    reading.put(4, 5)
    reading.topic.put_records(strangers)
    reading.topic.put(uuid4(), reading.entries[5:])
    for cursor in (0, 3, 4, 5):
        assert reading.all(cursor) == list(reading.entries[cursor:])
    assert reading.refilled()[0] == (5, 20)


def test_a_record_ahead_of_its_log_is_not_believed(reading: Reading) -> None:
    ahead = [Entry(p, "household-x", 1, "T/1", b"{}", e.recorded_at, e.command_id, "x")
             for p, e in zip((30, 31), reading.entries, strict=False)]  # fmt: skip
    reading.put(*range(1, 21))
    reading.topic.put(reading.lineage, ahead)
    assert reading.all() == list(reading.entries)


@pytest.mark.long_run
def test_where_retention_removed_the_beginning_the_producer_gives_it(reading: Reading) -> None:
    for start in range(1, 21, 4):
        reading.put(*range(start, start + 4))
    assert reading.all(limit=2)[:2] == list(reading.entries[:2])
    reading.topic.delete_before(2)
    reading.source.close()  # what it holds already is not deleted
    assert reading.all(cursor=2) == list(reading.entries[2:])
    assert reading.refilled() == [(2, 8)]
    reading.topic.delete_before(5)
    assert reading.all(cursor=15) == list(reading.entries[15:])
    assert reading.refilled()[1:] == [(15, 20)]


@pytest.mark.long_run
def test_a_topic_that_is_deleted_and_made_anew_costs_only_time(reading: Reading) -> None:
    reading.put(*range(1, 21))
    assert reading.all() == list(reading.entries)
    reading.topic.delete()
    reading.entries = fill(reading.store, 5)
    assert reading.all(cursor=20) == list(reading.entries[20:])
    reading.topic.create()
    reading.entries = fill(reading.store, 5)
    reading.put(26, 27, 28, 29, 30)
    assert reading.all(cursor=25) == list(reading.entries[25:])


def test_records_that_come_wake_the_reader_at_once_and_a_stop_does_too(reading: Reading) -> None:
    assert reading.source.read(20, 500).entries == ()
    stop = threading.Event()
    late = fill(reading.store, 1)[20:]
    reading.refill.asked.clear()
    threading.Timer(0.2, reading.topic.put, (reading.lineage, late)).start()
    while not (page := reading.source.read(20, 500).entries):
        reading.source.wait(20, stop)
    assert page == tuple(late)
    stop.set()
    reading.source.wait(21, stop)


@pytest.mark.long_run
def test_a_log_is_closed_through_the_same_instant_as_at_its_producer(reading: Reading) -> None:
    """Wherever a page ends: in the middle of a run, at the end of one, at the end of the log."""
    at_producer = LocalSource(reading.store)
    reading.put(*range(1, 11))
    reading.topic.put(reading.lineage, reading.entries[10:], at_producer.read(10, 500).closed_through)
    for cursor, limit in ((0, 4), (0, 10), (0, 15), (12, 3), (0, 500), (15, 500)):
        assert reading.source.read(cursor, limit) == at_producer.read(cursor, limit)
    assert reading.source.read(15, 500).closed_through > reading.entries[-1].recorded_at
    assert reading.refilled() == []


def test_a_run_cannot_close_a_log_beyond_its_entries(reading: Reading) -> None:
    """Whoever may write to the topic would make every provisional figure final."""
    reading.topic.put(reading.lineage, reading.entries, datetime(2999, 1, 1, tzinfo=UTC))
    assert reading.source.read(0, 500).closed_through == reading.entries[-1].recorded_at + TICK


def test_at_the_head_the_producer_says_how_far_its_log_is_closed(reading: Reading) -> None:
    reading.put(*range(1, 21))
    assert reading.source.read(0, 500).closed_through == reading.entries[-1].recorded_at
    last = reading.entries[-1].recorded_at
    eventually(lambda: reading.store.head().closed_through > last + CLOSING_STEP)
    # It is asked once a second, not at every look, and not while entries come.
    empty = eventually(lambda: (page := reading.source.read(20, 500)).closed_through > last + CLOSING_STEP and page)
    assert empty
    assert empty.entries == ()
    reading.refill.asked.clear()
    assert reading.source.read(20, 500).closed_through == empty.closed_through
    assert reading.refill.asked == []


def test_while_records_come_the_producer_is_not_asked_for_those_that_are_under_way(reading: Reading) -> None:
    reading.put(*range(1, 11))
    assert len(reading.source.read(0, 500).entries) == 10
    reading.refill.asked.clear()
    assert reading.source.read(10, 500).entries == ()
    reading.put(*range(11, 21))
    assert eventually(lambda: len(reading.source.read(10, 500).entries)) == 10
    assert reading.refill.asked == []


@pytest.mark.long_run
def test_while_the_producer_is_away_what_it_sent_still_comes(reading: Reading) -> None:
    reading.put(*range(1, 11))
    assert len(reading.all(limit=5)) == 20
    reading.refill.away = True
    reading.topic.put(reading.lineage, (late := fill(reading.store, 3))[20:])
    stop = threading.Event()
    found: tuple[Entry, ...] = ()
    while not found:
        found = reading.source.read(20, 500).entries
        reading.source.wait(20, stop)
    assert found == tuple(late[20:])


def test_without_a_broker_the_log_is_read_at_its_producer(open_store: OpenStore) -> None:
    store = open_store("registry")
    entries = fill(store, 3)
    refill = Counted(store)
    source = KafkaSource("registry", NOBODY, refill)
    assert source.read(0, 500).entries == tuple(entries)
    assert source.read(3, 500).entries == ()
    assert source.head() == 3
    source.close()
