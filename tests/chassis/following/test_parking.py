"""What was parked is digested again in order, once, when the defect is repaired; until then it stays parked."""

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from contracts.facts import Recorded
from services.chassis.following import parking
from services.chassis.following.consumer import Consumer
from services.chassis.following.parking import BEHIND_PARKED, Released, parked_entries, release
from services.chassis.following.sources import LocalSource
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Unit
from tests.chassis.conftest import OpenStore
from tests.chassis.following.row_per_fact import Writes
from tests.chassis.following.test_consumer import Answers, digested, until_head
from tests.chassis.sample import enrolled, exited, insert_entry, record, rows, stream_of


class Broken(Exception):
    pass


def breaking(*positions: int) -> Callable[[Recorded], Exception | None]:
    return lambda fact: Broken() if fact.position in positions else None


@pytest.fixture
def ill(producer: Store, reader: Store) -> UUID:
    """A household with facts at 1, 3, 5, 7, of which 3 could not be digested; others in between."""
    home = uuid4()
    record(producer, enrolled(home), enrolled(uuid4()), exited(home), exited(uuid4()), enrolled(home))
    until_head(Consumer(reader, LocalSource(producer), [Writes(breaking(3))]))
    record(producer, enrolled(uuid4()), exited(home))
    until_head(Consumer(reader, LocalSource(producer), [Writes(breaking(3))]))
    assert digested(reader) == [1, 2, 4, 6]
    return home


def parked(store: Store) -> list[tuple[int, str]]:
    with store.reading() as conn:
        return [(p.position, p.error) for p in parked_entries(conn)]


def test_it_is_listed_with_its_subject_and_the_kind_of_error(reader: Store, ill: UUID) -> None:
    with reader.reading() as conn:
        found = parked_entries(conn)
    assert [(p.consumer, p.log, p.position, p.subject, p.error) for p in found] == [
        ("reader", "registry", 3, str(ill), "Broken"),
        ("reader", "registry", 5, str(ill), BEHIND_PARKED),
        ("reader", "registry", 7, str(ill), BEHIND_PARKED),
    ]


def test_repaired_it_is_digested_in_order_and_once(reader: Store, producer: Store, ill: UUID) -> None:
    assert release(reader, "registry", [Writes()]) == [Released("registry", str(ill), 3, 0)]
    assert rows(reader, "SELECT position FROM digested") == [(1,), (2,), (4,), (6,), (3,), (5,), (7,)]
    assert parked(reader) == []
    assert release(reader, "registry", [Writes()]) == []
    record(producer, enrolled(ill))
    until_head(Consumer(reader, LocalSource(producer), [Writes()]))
    assert digested(reader) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_what_still_fails_stays_parked_with_what_is_behind_it(reader: Store, ill: UUID) -> None:
    assert release(reader, "registry", [Writes(breaking(3))]) == [Released("registry", str(ill), 0, 3, "Broken")]
    assert release(reader, "registry", [Writes(breaking(5))]) == [Released("registry", str(ill), 1, 2, "Broken")]
    assert parked(reader) == [(5, "Broken"), (7, BEHIND_PARKED)]
    assert sorted(digested(reader)) == [1, 2, 3, 4, 6]


def test_only_the_subject_that_was_named_is_released(reader: Store, producer: Store, ill: UUID) -> None:
    other = uuid4()
    insert_entry(producer, stream_of(other), "HouseholdEnrolled/1", b'{"household_id":"%s"}' % str(other).encode())
    until_head(Consumer(reader, LocalSource(producer), [Writes()]))
    assert [r.digested for r in release(reader, "registry", [Writes()], str(ill))] == [3]
    assert parked(reader) == [(8, "ValidationError")]
    assert [(r.left, r.error) for r in release(reader, "registry", [Writes()])] == [(1, "ValidationError")]


def test_two_releases_at_once_digest_it_once(reader: Store, open_store: OpenStore, reader_at: str, ill: UUID) -> None:
    stores = [reader, open_store("reader", reader_at)]
    together = threading.Barrier(2)

    def one(store: Store) -> None:
        together.wait()
        release(store, "registry", [Writes()])

    threads = [threading.Thread(target=one, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert digested(reader) == [1, 2, 3, 4, 5, 6, 7]
    assert parked(reader) == []


def test_what_a_reaction_appends_to_released_facts_is_recorded_after_them(
    reader: Store, producer: Store, ill: UUID
) -> None:
    release(reader, "registry", [Writes(), Answers()])
    answers = reader.stream(stream_of(ill))
    causes = {f"registry/{r.stream}/{r.version}": r.recorded_at for r in producer.stream(stream_of(ill))}
    assert [a.fact.caused_by for a in answers] == [f"registry/{stream_of(ill)}/3"]
    assert all(a.recorded_at > causes[a.fact.caused_by or ""] for a in answers)


def test_whoever_holds_the_consumer_for_a_moment_holds_up_no_writer(producer: Store, reader: Store) -> None:
    """The cursor comes before the append lock: a consumer that waits for it does not keep the lock meanwhile."""
    record(producer, enrolled(uuid4()))
    consumer = Consumer(reader, LocalSource(producer), [Answers()])
    until_head(consumer)
    with reader.reading() as conn, conn.transaction():
        parking.lock_consumer(conn.cursor(), "reader", "registry")
        record(producer, enrolled(uuid4()))
        waits = threading.Thread(target=consumer.step)
        waits.start()
        home = uuid4()

        def enrolling(tx: object) -> Reply:
            return Reply(location=tx.append(stream_of(home), enrolled(home))[0])  # type: ignore[attr-defined]

        command = CommandRef(uuid4(), "cadre-1", "POST /things", "key", b"body")
        assert reader.submit(Unit(command, enrolling)).result(10).status == 201
        assert waits.is_alive()
    waits.join(10)
    assert consumer.position == 2
