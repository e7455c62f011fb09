"""Consumers: each entry has its effect once, poison holds up its own household only, and nothing is skipped unseen."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

import msgspec
import psycopg
import pytest

from contracts.facts import Recorded
from contracts.registry.poverty_status import HouseholdEnrolled
from services.chassis.following.consumer import Consumer, CursorMoved
from services.chassis.following.sources import LocalSource, Page
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import REACTIONS, Tx, Unit
from tests.chassis.conftest import OpenStore
from tests.chassis.following.row_per_fact import Indigestible, Writes
from tests.chassis.sample import enrolled, exited, insert_entry, record, rows, stream_of
from tests.support.eventually import eventually


def digested(store: Store) -> list[int]:
    return [p for (p,) in rows(store, "SELECT position FROM digested ORDER BY position")]


def parked(store: Store) -> list[tuple[object, ...]]:
    return rows(store, "SELECT position, subject, error FROM parked ORDER BY position")


def until_head(consumer: Consumer) -> None:
    while consumer.step():
        pass


def test_two_consumers_of_one_name_digest_each_entry_once(
    producer: Store, open_store: OpenStore, reader_at: str
) -> None:
    stores = [open_store("reader", reader_at) for _ in range(2)]
    consumers = [Consumer(store, LocalSource(producer), [Writes()], batch=3) for store in stores]
    for consumer in consumers:
        consumer.start()
    try:
        record(producer, *(enrolled(uuid4()) for _ in range(50)))
        eventually(lambda: [c.position for c in consumers] == [50, 50])
    finally:
        for consumer in consumers:
            consumer.stop()
    assert digested(stores[0]) == list(range(1, 51))
    assert not any(c.failing for c in consumers)


def test_a_zombie_that_wakes_after_its_turn_changes_nothing(producer: Store, reader: Store) -> None:
    record(producer, enrolled(uuid4()), enrolled(uuid4()))
    successor = Consumer(reader, LocalSource(producer), [Writes()])

    class Sleeps(LocalSource):
        """Between reading and digesting, the successor has read on."""

        def read(self, cursor: int, limit: int) -> Page:
            page = super().read(cursor, limit)
            until_head(successor)
            return page

    zombie = Consumer(reader, Sleeps(producer), [Writes()], batch=1)
    with pytest.raises(CursorMoved):
        zombie.step()
    assert digested(reader) == [1, 2]
    assert rows(reader, "SELECT position FROM cursors") == [(2,)]
    assert rows(reader, "SELECT notification_id FROM copies") == [(1,), (2,)]


def test_effects_and_cursor_commit_together_or_not_at_all(producer: Store, reader: Store) -> None:
    record(producer, enrolled(uuid4()), enrolled(uuid4()))

    def away(fact: Recorded) -> Exception | None:
        return psycopg.OperationalError("server closed the connection") if fact.position == 2 else None

    with pytest.raises(psycopg.OperationalError):
        Consumer(reader, LocalSource(producer), [Writes(away)]).step()
    for table in ("digested", "cursors", "copies", "parked"):
        assert rows(reader, f"SELECT * FROM {table}") == []
    until_head(Consumer(reader, LocalSource(producer), [Writes()]))
    assert digested(reader) == [1, 2]


def test_poison_parks_its_household_in_order_and_lets_the_others_go_on(producer: Store, reader: Store) -> None:
    ill, well = uuid4(), uuid4()
    record(producer, enrolled(ill), enrolled(well), exited(ill), exited(well), enrolled(ill), enrolled(well))

    def breaks(fact: Recorded) -> Exception | None:
        return Indigestible(fact.payload.decode()) if fact.position == 3 else None

    consumer = Consumer(reader, LocalSource(producer), [Writes(breaks)])
    until_head(consumer)
    record(producer, exited(ill), exited(well))
    until_head(consumer)
    assert digested(reader) == [1, 2, 4, 6, 8]
    assert parked(reader) == [
        (3, str(ill), "Indigestible"),
        (5, str(ill), "behind a parked entry"),
        (7, str(ill), "behind a parked entry"),
    ]
    assert consumer.position == 8
    assert consumer.parked_subjects() == 1
    # Everything of the household is at hand for the day the defect is repaired.
    kept = rows(reader, "SELECT notification_id FROM copies WHERE subject = %s ORDER BY 1", ill)
    assert kept == [(1,), (3,), (5,), (7,)]


def test_an_entry_that_cannot_be_read_at_all_is_poison_of_its_household_too(producer: Store, reader: Store) -> None:
    ill, well = uuid4(), uuid4()
    insert_entry(producer, "household-?", "HouseholdEnrolled/1", b'{"household_id":"%s"}' % str(ill).encode())
    insert_entry(producer, "torn", "HouseholdEnrolled/1", b'{"household')
    record(producer, enrolled(ill), enrolled(well))
    consumer = Consumer(reader, LocalSource(producer), [Writes()])
    until_head(consumer)
    assert digested(reader) == [4]
    assert parked(reader) == [
        (1, str(ill), "ValidationError"),
        (2, "torn", "DecodeError"),
        (3, str(ill), "behind a parked entry"),
    ]


def test_an_unknown_version_of_a_subscribed_type_stops_the_consumer(producer: Store, reader: Store) -> None:
    topic = "HouseholdEnrolled/99"
    record(producer, enrolled(uuid4()))
    insert_entry(producer, "household-x", topic, b"{}")
    consumer = Consumer(reader, LocalSource(producer), [Writes()], batch=1)
    consumer.start()
    eventually(lambda: consumer.stopped_by == topic)
    consumer.join(5)
    assert not consumer.runs
    assert digested(reader) == [1]
    assert rows(reader, "SELECT position FROM cursors") == [(1,)]
    assert consumer.lag() == 1


@pytest.mark.parametrize("keeps_all", [False, True])
def test_an_unknown_type_that_nobody_subscribed_is_passed_over_and_kept_raw_by_who_keeps_all(
    producer: Store, reader: Store, keeps_all: bool
) -> None:
    household = uuid4()
    payload = b'{"household_id":"%s","news":1}' % str(household).encode()
    insert_entry(producer, stream_of(household), "NotYetInvented/1", payload)
    record(producer, enrolled(uuid4()))
    until_head(Consumer(reader, LocalSource(producer), [Writes()], keeps_all=keeps_all))
    assert digested(reader) == [2]
    kept = rows(reader, "SELECT topic, state, subject FROM copies WHERE notification_id = 1")
    assert kept == ([("NotYetInvented/1", payload, household)] if keeps_all else [])


class Answers:
    """Reaction that appends: an answer of this service to each enrolment."""

    name = "answers"
    types = frozenset({HouseholdEnrolled.type_name})
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        for cause in facts:
            assert isinstance(cause.fact, HouseholdEnrolled)
            answer = msgspec.structs.replace(exited(cause.fact.household_id), caused_by=cause.id)
            tx.append(stream_of(cause.fact.household_id), answer)


def test_what_a_reaction_appends_is_recorded_after_its_cause_even_on_a_clock_that_lags(
    producer: Store, open_store: OpenStore
) -> None:
    reader = open_store("reader", clock=SimulatedClock(datetime(2014, 1, 1, tzinfo=UTC)))
    causes = record(producer, enrolled(uuid4()), enrolled(uuid4()))
    until_head(Consumer(reader, LocalSource(producer), [Answers()]))
    instants = [e.recorded_at for e in producer.page(0, 10)[0]]
    answers = [a for (s,) in rows(reader, "SELECT originator_id FROM log ORDER BY 1") for a in reader.stream(s)]
    assert {a.fact.caused_by for a in answers} == set(causes)
    assert all(a.recorded_at > max(instants) for a in answers)


@pytest.mark.parametrize("batch", [1, 2, 512])
def test_what_reactions_append_has_the_same_command_ids_however_the_batches_were_cut(
    producer: Store, open_store: OpenStore, database: Callable[[str], str], batch: int
) -> None:
    class Insists(Answers):
        """Answers twice, once with what the first reaction says and once more."""

        name = "insists"

        def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
            super().apply(tx, facts)
            super().apply(tx, facts)

    home = uuid4()
    causes = record(producer, enrolled(home), enrolled(uuid4()), exited(home), enrolled(home))
    reader = open_store("reader", database("chassis"))
    until_head(Consumer(reader, LocalSource(producer), [Answers(), Insists()], batch=batch))
    entries = reader.page(0, 100)[0]
    instants = [entry.recorded_at for entry in entries]
    assert instants == sorted(set(instants))
    found = {entry.command_id for entry in entries}
    # The second reaction counts what the first one brought about, too.
    made = [("answers", 0), ("insists", 1), ("insists", 2)]
    asked = [causes[0], causes[1], causes[3]]
    assert found == {uuid5(REACTIONS, f"{cause}\n{name}\n{n}") for cause in asked for name, n in made}


def test_a_reaction_that_appends_without_a_cause_has_its_entry_parked(producer: Store, reader: Store) -> None:
    class Forgets(Answers):
        def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
            tx.append("elsewhere", exited(uuid4()))

    record(producer, enrolled(uuid4()))
    until_head(Consumer(reader, LocalSource(producer), [Forgets()]))
    assert [error for _, _, error in parked(reader)] == ["RuntimeError"]
    assert reader.position() == 0


def test_a_database_that_goes_away_is_waited_for_and_nothing_is_lost_or_doubled(
    open_store: OpenStore, database: Callable[[str], str], reader_at: str, cut_off: Callable[[str], int]
) -> None:
    producer_at = database("chassis")
    producer, reader = open_store("registry", producer_at), open_store("reader", reader_at)
    consumer = Consumer(reader, LocalSource(producer), [Writes()], batch=5)
    consumer.start()
    try:
        for round_ in range(1, 4):
            saved = [producer.submit(Unit(command(), enrolling(uuid4()))) for _ in range(10)]
            assert cut_off(producer_at) + cut_off(reader_at) > 0
            assert {f.result(20).status for f in saved} == {201}
            eventually(lambda n=round_: consumer.position == 10 * n)  # type: ignore[misc]
    finally:
        consumer.stop()
    assert consumer.stopped_by is None
    with psycopg.connect(reader_at) as conn:
        found = conn.execute("SELECT position FROM digested ORDER BY position").fetchall()
    assert found == [(n,) for n in range(1, 31)]


def command() -> CommandRef:
    return CommandRef(uuid4(), "cadre-1", "POST /things", str(uuid4()), b"body")


def enrolling(household: UUID) -> Callable[[Tx], Reply]:
    def work(tx: Tx) -> Reply:
        return Reply(location=tx.append(stream_of(household), enrolled(household))[0])

    return work


def test_a_source_that_leaves_entries_out_is_not_digested(producer: Store, reader: Store) -> None:
    record(producer, *(enrolled(uuid4()) for _ in range(3)))

    class Forgets(LocalSource):
        def read(self, cursor: int, limit: int) -> Page:
            page = super().read(cursor, limit)
            return Page(page.entries[1:], page.start, page.end, page.closed_through)

    consumer = Consumer(reader, Forgets(producer), [Writes()])
    consumer.start()
    try:
        eventually(lambda: consumer.failing == "LogHasGap")
        assert not consumer.runs
    finally:
        consumer.stop()
    assert digested(reader) == []
