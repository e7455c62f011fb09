"""The log: gapless, append-only, one answer per command; and the library's own application runs on it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from contracts.clock import SimulatedClockDeclared
from contracts.facts import Recorded
from contracts.registry.divisions import DivisionDeclared, Level
from services.chassis.ground.clock import SimulatedClock, SystemClock
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.entries import encode_fact, topic_of
from services.chassis.log.statements import COPY_FROM
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from tests.support.databases import as_superuser

NO = rule("test_no", zh="不行。", en="No.", source="test")
FACT = DivisionDeclared(
    effective_on=date(2014, 1, 1), entered_by="cadre-1", code="990001101201", level=Level.VILLAGE, name="一村"
)


@pytest.fixture
def store(database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("registry", database("chassis"), SystemClock())
    yield opened
    opened.close()


def command(key: str | None = None, digest: bytes = b"body") -> CommandRef:
    return CommandRef.of("cadre-1", "POST /things", key or str(uuid4()), digest)


def appending(stream: str) -> Callable[[Tx], Reply]:
    def work(tx: Tx) -> Reply:
        return Reply(location=tx.append(stream, FACT)[0])

    return work


def test_concurrent_units_get_gapless_positions_and_rising_instants(store: Store) -> None:
    with ThreadPoolExecutor(16) as threads:
        futures = list(threads.map(lambda n: store.submit(Unit(command(), appending(f"s-{n % 7}"))), range(200)))
        assert {f.result().status for f in futures} == {201}
    entries = store.page(0, 1000)[0]
    assert [e.position for e in entries] == list(range(1, 201))
    instants = [e.recorded_at for e in entries]
    assert instants == sorted(set(instants))
    assert sorted(e.version for e in entries if e.stream == "s-0") == list(range(1, 30))


def test_what_was_written_down_before_the_lock_is_read_like_any_other_fact(store: Store) -> None:
    seen: list[tuple[Recorded, ...]] = []
    follows = msgspec.structs.replace(FACT, name="二村")

    def work(tx: Tx) -> Reply:
        assert tx.append("s", encode_fact(FACT), follows, expected=0) == ("registry/s/1", "registry/s/2")
        seen.append(tx.load("s"))
        tx.append("s", encode_fact(FACT), expected=2)
        seen.append(tx.load("s"))
        return Reply()

    store.submit(Unit(command(), work, streams=("s",))).result()
    assert [r.fact for r in seen[0]] == [FACT, follows]
    assert seen[1] == store.stream("s")


def test_a_group_sees_what_its_earlier_units_wrote_down_before_the_lock(store: Store) -> None:
    held, seen = threading.Event(), list[tuple[Recorded, ...]]()

    def wait(_: Tx) -> Reply:
        assert held.wait(10)
        return Reply()

    def write(tx: Tx) -> Reply:
        for _ in range(COPY_FROM):
            tx.append("s", encode_fact(FACT))
        return Reply()

    def read_late(tx: Tx) -> Reply:
        seen.append(tx.load("s"))
        return Reply()

    futures = [store.submit(Unit(command(), one)) for one in (wait, write, read_late)]
    held.set()
    assert {future.result().status for future in futures} == {201}
    assert seen == [store.stream("s")]


def test_a_part_of_a_stream_leaves_topics_out_and_knows_how_far_the_stream_goes(store: Store) -> None:
    other = encode_fact(SimulatedClockDeclared(
        effective_on=date(2014, 1, 1), entered_by="lika", starts_at=datetime(2014, 1, 1, tzinfo=UTC), reason="test"
    )).topic  # fmt: skip
    part, everything = ("s", frozenset({topic_of(FACT)})), ("s", frozenset({other}))
    seen: list[tuple[int, int]] = []

    def work(tx: Tx) -> Reply:
        for each in (part, everything):
            seen.append((len(tx.part(each)), tx.part(each).version))
        tx.append("s", FACT, expected=tx.part(part).version)
        for each in (part, everything):
            seen.append((len(tx.part(each)), tx.part(each).version))
        return Reply()

    store.submit(Unit(command(), appending("s"))).result()
    # Named before the unit begins, or asked for under the lock: the same.
    for parts in ((part, everything), ()):
        store.submit(Unit(command(), work, parts=parts)).result()
    assert seen == [(0, 1), (1, 1), (0, 2), (2, 2), (0, 2), (2, 2), (0, 3), (3, 3)]


def test_a_group_s_parts_hold_what_its_earlier_units_appended(store: Store) -> None:
    held, seen = threading.Event(), list[tuple[int, int]]()
    part = ("s", frozenset({"of no fact/1"}))

    def wait(_: Tx) -> Reply:
        assert held.wait(10)
        return Reply()

    def extend(tx: Tx) -> Reply:
        seen.append((len(tx.part(part)), tx.part(part).version))
        tx.append("s", FACT)
        return Reply()

    futures = [store.submit(Unit(command(), wait))]
    futures += [store.submit(Unit(command(), extend, parts=(part,))) for _ in range(3)]
    # Where somebody of the group reads the whole stream, it is nobody's part.
    futures += [store.submit(Unit(command(), extend, streams=("t",), parts=(("t", part[1]),)))]
    held.set()
    assert {future.result().status for future in futures} == {201}
    assert seen == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_clock_is_declared_first_also_when_that_was_written_down_before(database: Callable[[str], str]) -> None:
    starts = datetime(2014, 1, 1, tzinfo=UTC)
    declared = SimulatedClockDeclared(
        effective_on=date(2014, 1, 1), entered_by="lika", starts_at=starts, reason="simulation"
    )
    store = Store("registry", database("chassis"), SimulatedClock(starts))
    try:
        store.submit(Unit(command(), appending("s"))).result()
        late = store.submit(Unit(command(), lambda tx: Reply(location=tx.append("clock", encode_fact(declared))[0])))
        assert late.result().code == "clock_is_declared_first"
    finally:
        store.close()


def test_the_same_key_is_one_effect_and_one_answer(store: Store) -> None:
    first = store.submit(Unit(command("k"), appending("s"))).result()
    again = store.submit(Unit(command("k"), appending("s"))).result()
    assert (again.status, again.location, again.position) == (first.status, first.location, first.position)
    assert again.replayed
    other = store.submit(Unit(command("k", b"another body"), appending("s"))).result()
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    assert len(store.stream("s")) == 1


def test_a_refused_unit_leaves_nothing_and_its_refusal_is_remembered(store: Store) -> None:
    def work(tx: Tx) -> Reply:
        tx.append("s", FACT)
        tx.claim("id", [(1, b"digest")], uuid4())
        raise Refused(NO, limit=3)

    first = store.submit(Unit(command("k"), work)).result()
    assert (first.status, first.code, first.facts) == (409, "test_no", {"limit": 3})
    assert store.submit(Unit(command("k"), appending("s"))).result().code == "test_no"
    assert store.stream("s") == ()


def test_a_unit_that_fails_does_not_disturb_the_others(store: Store) -> None:
    def broken(tx: Tx) -> Reply:
        tx.cur.execute("SELECT 1/0")
        return Reply()

    with ThreadPoolExecutor(8) as threads:
        futures = list(
            threads.map(lambda n: store.submit(Unit(command(), broken if n == 5 else appending(f"s-{n}"))), range(20))
        )
    failed = [f for f in futures if f.exception() is not None]
    assert len(failed) == 1
    assert isinstance(failed[0].exception(), psycopg.Error)
    assert store.head().position == 19


@pytest.mark.parametrize("statement", ["UPDATE log SET actor = 'x'", "DELETE FROM log", "TRUNCATE log"])
def test_the_log_refuses_to_be_rewritten_by_the_service_and_by_the_superuser(store: Store, statement: str) -> None:
    store.submit(Unit(command(), appending("s"))).result()
    with store.reading() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)
    with psycopg.connect(as_superuser(store._conninfo)) as conn, pytest.raises(psycopg.Error, match="append-only"):
        conn.execute(statement.encode())


def test_a_claim_has_one_holder_even_within_one_group(store: Store) -> None:
    first, second = uuid4(), uuid4()

    def claiming(holder: UUID) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            if tx.holders("id", [(1, b"digest")]).get((1, b"digest"), holder) != holder:
                raise Refused(NO)
            tx.claim("id", [(1, b"digest")], holder)
            return Reply()

        return work

    futures = [store.submit(Unit(command(), claiming(h))) for h in (first, second, first)]
    assert [f.result().status for f in futures] == [201, 409, 201]


def test_nothing_is_recorded_before_what_was_called_closed(database: Callable[[str], str]) -> None:
    clock = SimulatedClock(datetime(2014, 5, 1, tzinfo=UTC))
    store = Store("registry", database("chassis"), clock)
    try:
        clock.step(datetime(2014, 6, 1, tzinfo=UTC))
        closed = store.head().closed_through
        store.clock = SimulatedClock(datetime(2014, 5, 1, tzinfo=UTC))  # a clock that jumped back
        store.submit(Unit(command(), appending("s"))).result()
        assert closed == datetime(2014, 6, 1, tzinfo=UTC)
        assert store.stream("s")[0].recorded_at >= closed
    finally:
        store.close()


def test_a_reaction_is_recorded_after_its_cause(store: Store) -> None:
    cause = datetime.now(UTC) + timedelta(hours=1)

    def work(tx: Tx) -> None:
        tx.after(cause)
        tx.append("s", FACT)

    store.transact(work)
    assert store.stream("s")[0].recorded_at > cause


def test_who_begins_at_the_end_of_a_log_hears_how_far_it_is_closed(store: Store) -> None:
    store.submit(Unit(command(), appending("s"))).result()
    (last,), closed = store.page(0, 10)
    assert closed > last.recorded_at
    assert store.page(last.position, 10) == ([], closed)


def test_the_library_can_use_the_recorder(store: Store) -> None:
    topic, state = encode_fact(FACT)
    assert topic == topic_of(DivisionDeclared)
    saved = store.recorder.insert_events([StoredEvent("s", 1, topic, state), StoredEvent("s", 2, topic, state)])
    assert list(saved or []) == [1, 2]
    with pytest.raises(IntegrityError):
        store.recorder.insert_events([StoredEvent("s", 2, topic, state)])
    assert [e.originator_version for e in store.recorder.select_events("s", desc=True)] == [2, 1]
    assert store.recorder.max_notification_id() == 2
