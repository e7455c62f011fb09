"""The leader of group commit: it answers everybody, whatever breaks, and two of them share one log."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

from services.chassis.ground.metrics import REGISTRY
from services.chassis.ground.refusals import Refused
from services.chassis.log import group_commit
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from tests.chassis.conftest import OpenStore
from tests.chassis.lost_commit_reply import LostReplyPipeline, lose_next_commit_reply
from tests.chassis.sample import TOO_MANY, enrolled, rows, stream_of

Work = Callable[[Tx], Reply]


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store("commits")


def send(store: Store, work: Work, key: str | None = None) -> "Future[Outcome]":
    command = CommandRef.of("cadre-1", "POST /things", key or str(uuid4()), b"body")
    return store.submit(Unit(command, work))


def enrol(tx: Tx) -> Reply:
    household = uuid4()
    return Reply(location=tx.append(stream_of(household), enrolled(household))[0])


@contextmanager
def queued(store: Store) -> Iterator[None]:
    """Hold the leader back, so that everything sent meanwhile becomes one group."""
    held, go = threading.Event(), threading.Event()

    def hold(tx: Tx) -> Reply:
        held.set()
        assert go.wait(10)
        return Reply()

    holding = send(store, hold)
    assert held.wait(10)
    yield
    go.set()
    holding.result(10)


def test_two_stores_on_one_database_take_turns_without_gaps(
    database: Callable[[str], str], open_store: OpenStore
) -> None:
    conninfo = database("chassis")
    stores = [open_store("commits", conninfo) for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(lambda n: send(stores[n % 2], enrol), range(200)))
        appended = list(threads.map(lambda n: stores[n % 2].transact(enrol), range(40)))
    assert [f.result(10).status for f in sent] == [201] * 200
    assert len(appended) == 40
    entries = stores[0].page(0, 1000)[0]
    assert [e.position for e in entries] == list(range(1, 241))
    instants = [e.recorded_at for e in entries]
    assert instants == sorted(set(instants))


def test_the_size_of_a_group_and_the_head_are_measured(store: Store) -> None:
    def figure(name: str) -> float:
        return REGISTRY.get_sample_value(name, {"service": "commits"}) or 0

    before = figure("lika_commit_group_size_count"), figure("lika_commit_group_size_sum")
    with queued(store):
        sent = [send(store, enrol) for _ in range(5)]
    for future in sent:
        future.result(10)
    assert figure("lika_commit_group_size_count") == before[0] + 2
    assert figure("lika_commit_group_size_sum") == before[1] + 6
    assert figure("lika_log_head") == 5


def test_a_refused_unit_takes_back_what_it_wrote_by_itself_and_only_that(store: Store) -> None:
    with store.reading() as conn:
        conn.execute("CREATE TABLE service.notes (text text)")

    def noting(text: str, refused: bool) -> Work:
        def work(tx: Tx) -> Reply:
            tx.cur.execute("INSERT INTO notes VALUES (%s)", (text,))
            if refused:
                raise Refused(TOO_MANY)
            return enrol(tx)

        return work

    with queued(store):
        sent = [send(store, noting(f"n{n}", refused=n % 2 == 1)) for n in range(4)]
    assert [f.result(10).status for f in sent] == [201, 409, 201, 409]
    assert rows(store, "SELECT text FROM notes ORDER BY text") == [("n0",), ("n2",)]
    assert store.position() == 2


def test_a_unit_may_load_streams_while_it_reads_rows(store: Store) -> None:
    def work(tx: Tx) -> Reply:
        tx.cur.execute("SELECT generate_series(1, 3)")
        read = [(number, tx.load(f"s-{number}")) for (number,) in tx.cur]
        assert read == [(1, ()), (2, ()), (3, ())]
        return Reply()

    assert send(store, work).result(10).status == 201


class BeyondExceptions(BaseException):
    """What no ``except Exception`` holds up."""


def test_the_leader_survives_whatever_a_unit_throws_and_leaves_nobody_waiting(store: Store) -> None:
    def explode(tx: Tx) -> Reply:
        raise BeyondExceptions

    with queued(store):
        sent = [send(store, enrol), send(store, explode), send(store, enrol)]
    for future in sent:
        assert isinstance(future.exception(10), StoreUnavailable)
    assert store.position() == 0
    assert send(store, enrol).result(10).status == 201


def test_a_defect_after_the_commit_leaves_nobody_waiting_and_doubles_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(units: int, head: int) -> None:
        raise RuntimeError("metrics")

    monkeypatch.setattr(store._leader, "_committed", stumbles)
    with queued(store):
        sent = [send(store, enrol) for _ in range(3)]
    assert {f.result(10).status for f in sent} == {201}
    assert store.position() == 3


def test_a_commit_whose_answer_was_lost_is_found_by_its_record(
    store: Store, database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_next_commit_reply(store, monkeypatch)
    decided: list[str] = []

    def counting(tx: Tx) -> Reply:
        decided.append("once")
        return enrol(tx)

    outcome = send(store, counting).result(10)
    assert not LostReplyPipeline.armed
    assert (outcome.status, outcome.position, len(decided)) == (201, 1, 1)
    assert outcome.location == store.stream(store.page(0, 1)[0][0].stream)[0].id


def test_a_backend_that_dies_in_the_middle_of_a_unit_is_replaced(store: Store) -> None:
    attempts: list[int] = []

    def cut_once(tx: Tx) -> Reply:
        attempts.append(tx.head)
        if len(attempts) == 1:
            tx.cur.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return enrol(tx)

    with queued(store):
        sent = [send(store, enrol), send(store, cut_once), send(store, enrol)]
    assert {f.result(10).status for f in sent} == {201}
    assert (len(attempts), store.position()) == (2, 3)


def away() -> psycopg.Connection[tuple[object, ...]]:
    raise psycopg.OperationalError("connection refused")


def without_database(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store._leader._hang_up()
    monkeypatch.setattr(store._leader, "_connect", away)


def test_patience_ends_for_each_command_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE", 0.2)
    without_database(store, monkeypatch)
    for future in [send(store, enrol) for _ in range(3)]:
        assert isinstance(future.exception(10), StoreUnavailable)
    monkeypatch.undo()
    assert send(store, enrol).result(10).status == 201


def test_a_store_that_closes_does_not_wait_for_a_database_that_is_away(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_database(store, monkeypatch)
    waiting = send(store, enrol)
    store.close()
    assert isinstance(waiting.exception(1), StoreUnavailable)


def test_what_is_queued_is_finished_and_what_comes_later_is_told(store: Store) -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        with queued(store):
            sent = [send(store, enrol) for _ in range(3)]
            closing = elsewhere.submit(store.close)
        closing.result(10)
    assert {f.result(0).status for f in sent} == {201}
    assert isinstance(send(store, enrol).exception(0), StoreUnavailable)


def test_what_a_refused_unit_asked_the_database_leaves_the_leader_as_it_was(store: Store) -> None:
    def asks_and_is_refused(tx: Tx) -> Reply:
        tx.cur.execute("SELECT %s::text", ("something",), prepare=True)
        raise Refused(TOO_MANY)

    for _ in range(3):
        assert send(store, asks_and_is_refused).result(10).code == TOO_MANY.code
        assert send(store, enrol).result(10).status == 201


def handed_over(store: Store) -> "asyncio.Future[Outcome]":
    return store.submit_async(Unit(CommandRef.of("cadre-1", "POST /things", str(uuid4()), b"body"), enrol))


def test_what_a_coroutine_no_longer_waits_for_is_not_carried_out(store: Store) -> None:
    async def change_ones_mind() -> Outcome:
        with queued(store):
            handed_over(store).cancel()
        return await handed_over(store)

    assert asyncio.run(change_ones_mind()).status == 201
    assert store.position() == 1


def test_a_loop_that_ended_holds_up_nobody_who_waits_elsewhere(store: Store) -> None:
    async def leave() -> None:
        handed_over(store)

    with queued(store):
        asyncio.run(leave())
        sent = send(store, enrol)
    assert sent.result(10).status == 201
    assert store.position() == 2
