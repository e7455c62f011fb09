"""Replicas: what a living one could not read is not written, and one that stood still does not go on unseen."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SimulatedClock, SystemClock
from services.chassis.ground.refusals import Unavailable
from services.chassis.log import replicas
from services.chassis.log.availability import UpgradeUnderWay
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.entries import topic_of
from services.chassis.log.formats import readable_facts
from services.chassis.log.needs import Timer
from services.chassis.log.replicas import (
    RELEASE_OUTDATED,
    ReleaseOutdated,
    Replica,
    require_readable,
)
from services.chassis.log.session import APPEND_LOCK
from services.chassis.log.store import Store
from services.chassis.log.timers import Timers
from services.chassis.log.unit import Tx, Unit
from services.chassis.postgres.heartbeats import FORGOTTEN
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import enrolled, exited, record, rows, stream_of
from tests.faults.service_under_test import RepliesReaction

NEW = topic_of(HouseholdExited)
"""The type that the former release does not know."""
FORMER = readable_facts() - {NEW}
NOW, PAST, FUTURE = timedelta(0), timedelta(seconds=-FORGOTTEN - 1), timedelta(seconds=FORGOTTEN + 1)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store("sample")


def former_replica(store: Store, seen: timedelta = NOW) -> None:
    """One of the former release, last seen so long ago."""
    with store.reading() as conn:
        conn.execute(
            "INSERT INTO replicas VALUES (%s, '0', %s, now(), clock_timestamp() + %s)", (uuid4(), list(FORMER), seen)
        )


def forget_all(store: Store) -> None:
    rows(store, "DELETE FROM replicas RETURNING id")


@contextmanager
def replica(store: Store, formats: frozenset[str] | None = None) -> Iterator[Replica]:
    made = Replica(store, formats or readable_facts(), on_beat=lambda: None, on_outdated=lambda: None)
    made.register()
    try:
        yield made
    finally:
        made.stop()


def exit_of_new_household(key: str) -> Unit:
    household = uuid4()

    def work(tx: Tx) -> Reply:
        tx.append(stream_of(household), enrolled(household), exited(household))
        return Reply()

    return Unit(CommandRef.of("cadre-1", "POST /exits", key, b"body"), work)


def enrolment(number: int) -> Unit:
    def work(tx: Tx) -> Reply:
        household = uuid4()
        tx.append(stream_of(household), enrolled(household))
        return Reply()

    return Unit(CommandRef.of("cadre-1", "POST /enrolments", str(number), b""), work)


def test_what_a_living_replica_cannot_read_is_not_written_and_not_remembered(store: Store) -> None:
    former_replica(store)
    refused = store.submit(exit_of_new_household("one"))
    record(store, enrolled(uuid4()))
    assert isinstance(refused.exception(10), UpgradeUnderWay)
    assert rows(store, "SELECT topic FROM log") == [(topic_of(HouseholdEnrolled),)]
    assert rows(store, "SELECT * FROM commands") == []
    forget_all(store)
    assert store.submit(exit_of_new_household("one")).result(10).position == 3
    assert store.submit(exit_of_new_household("one")).result(10).replayed


def test_what_cannot_be_decided_now_is_not_remembered_either(store: Store) -> None:
    away = [Unavailable()]

    def work(tx: Tx) -> Reply:
        tx.append("s", enrolled(uuid4()))
        while away:
            raise away.pop()
        return Reply()

    unit = Unit(CommandRef.of("cadre-1", "POST /enrolments", "one", b""), work)
    assert isinstance(store.submit(unit).exception(10), Unavailable)
    assert (store.position(), rows(store, "SELECT * FROM commands")) == (0, [])
    assert store.submit(unit).result(10).position == 1


def test_in_one_group_it_concerns_nobody_else(store: Store) -> None:
    former_replica(store)
    with psycopg.connect(store._conninfo) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (APPEND_LOCK,))
        gathered = [store.submit(exit_of_new_household("one")), *(store.submit(enrolment(n)) for n in range(5))]
    failures = [type(future.exception(10)) for future in gathered]
    assert failures == [UpgradeUnderWay, *[type(None)] * 5]
    assert store.position() == 5


@pytest.mark.parametrize("seen", [PAST, FUTURE])
def test_one_that_was_not_seen_for_long_or_on_another_clock_is_dead(store: Store, seen: timedelta) -> None:
    former_replica(store, seen)
    record(store, exited(uuid4()))
    with replica(store) as mine:
        assert mine.alone_in_release
        assert rows(store, "SELECT id FROM replicas") == [(mine._mine["id"],)], "the dead are forgotten"


def test_a_format_is_asked_for_once_and_then_costs_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record(store, enrolled(uuid4()))
    record(store, enrolled(uuid4()))
    monkeypatch.setattr("services.chassis.log.session.Session.admit", None)
    record(store, enrolled(uuid4()))
    assert rows(store, "SELECT format FROM admitted_formats") == [(topic_of(HouseholdEnrolled),)]


def test_what_was_rolled_back_is_not_taken_for_admitted(store: Store) -> None:
    def fails(tx: Tx) -> None:
        tx.append("s", enrolled(uuid4()))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.transact(fails)
    assert rows(store, "SELECT format FROM admitted_formats") == []
    record(store, enrolled(uuid4()))
    assert rows(store, "SELECT format FROM admitted_formats") == [(topic_of(HouseholdEnrolled),)]


def test_a_release_that_cannot_read_what_is_in_use_does_not_start(store: Store) -> None:
    require_readable(store, FORMER)
    with replica(store, FORMER):
        pass
    record(store, exited(uuid4()))
    with pytest.raises(ReleaseOutdated, match=NEW) as refused:
        require_readable(store, FORMER)
    assert refused.value.formats == (NEW,)
    with pytest.raises(ReleaseOutdated), replica(store, FORMER):
        pass
    assert rows(store, "SELECT * FROM replicas") == []


def test_one_that_stood_still_registers_again_before_it_goes_on(store: Store) -> None:
    with replica(store) as mine:
        forget_all(store)
        mine._sent -= replicas.LEASE  # so long it stood
        record(store, enrolled(uuid4()))
        assert rows(store, "SELECT release FROM replicas") == [(mine._mine["release"],)]


def test_one_whose_release_was_left_behind_while_it_stood_reads_and_writes_nothing(open_store: OpenStore) -> None:
    store = open_store("sample")
    later = open_store("sample", store._conninfo)
    with replica(store, FORMER) as former:
        former_sent = former._sent
        forget_all(later)
        record(later, exited(uuid4()))
        former._sent = former_sent - replicas.LEASE
        with pytest.raises(Unavailable) as refused:
            store.position()
        assert refused.value.rule is RELEASE_OUTDATED
        with pytest.raises(Unavailable):
            store.submit(exit_of_new_household("one")).result(10)
        assert later.position() == 1


def test_one_that_was_only_forgotten_by_a_jump_of_the_clock_learns_it_with_its_next_heartbeat(
    open_store: OpenStore,
) -> None:
    store = open_store("sample")
    later, told = open_store("sample", store._conninfo), list[str]()
    former = Replica(store, FORMER, on_beat=lambda: None, on_outdated=lambda: told.append("outdated"))
    former.register()
    rows(later, "UPDATE replicas SET seen_at = seen_at - interval '1 hour' RETURNING id")
    record(later, exited(uuid4()))
    former.start()
    former.join(10)
    assert (former.is_alive(), told) == (False, ["outdated"])


def test_registering_waits_for_whoever_is_appending(open_store: OpenStore) -> None:
    store = open_store("sample")
    former = Store("sample", store._conninfo, SystemClock())
    with closing(former):

        def registers_meanwhile(tx: Tx) -> None:
            with pytest.raises(psycopg.errors.LockNotAvailable), replica(former, FORMER):
                pass
            tx.append("s", exited(uuid4()))

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(replicas, "LOCK_SECONDS", 0.05)
            store.transact(registers_meanwhile)
        with pytest.raises(ReleaseOutdated), replica(former, FORMER):
            pass


def test_deadlines_wait_for_the_end_of_the_upgrade_and_hold_up_no_others(store: Store) -> None:
    former_replica(store)

    def leave(tx: Tx, timer: Timer) -> None:
        tx.append(timer.stream, exited(uuid4()))

    def enter(tx: Tx, timer: Timer) -> None:
        tx.append(timer.stream, enrolled(uuid4()))

    def set_timers(tx: Tx) -> None:
        for number, kind in enumerate(("leave", "enter"), start=1):
            tx.set_timer(kind, "s", datetime(2014, 1, number, tzinfo=UTC), "sample/s/1")

    store.transact(set_timers)
    timers = Timers(store, {"leave": leave, "enter": enter})
    with pytest.raises(UpgradeUnderWay):
        timers.fire_due(store.clock.now())
    assert rows(store, "SELECT kind FROM timers WHERE done_at IS NULL") == [("leave",)]
    assert timers.failing == 0
    forget_all(store)
    assert timers.fire_due(store.clock.now()) == 1
    assert rows(store, "SELECT topic FROM log ORDER BY 1") == [(topic_of(HouseholdEnrolled),), (NEW,)]


def test_a_reaction_waits_for_the_end_of_the_upgrade_and_parks_nothing(open_store: OpenStore) -> None:
    producer, reader = open_store("registry"), open_store("reader")
    record(producer, enrolled(uuid4()))
    former_replica(reader)
    consumer = Consumer(reader, LocalSource(producer), [RepliesReaction()])
    with pytest.raises(UpgradeUnderWay):
        consumer.step()
    assert (rows(reader, "SELECT * FROM parked"), rows(reader, "SELECT * FROM cursors")) == ([], [])
    forget_all(reader)
    assert consumer.step() == 1
    assert rows(reader, "SELECT topic FROM log") == [(NEW,)]


def test_a_step_of_a_simulated_clock_is_followed_by_the_other_replica(open_store: OpenStore) -> None:
    start, later = datetime(2014, 1, 1, tzinfo=UTC), datetime(2014, 6, 1, tzinfo=UTC)
    clocks = [SimulatedClock(start) for _ in range(3)]
    one = open_store("sample", clock=clocks[0])
    assert Timers(one, {}).step(clocks[0], later, "operator-1")
    second, third = (Timers(open_store("sample", one._conninfo, clock), {}) for clock in clocks[1:])
    assert not second.step(clocks[1], later, "operator-1"), "the same step is taken twice"
    third.look()
    assert [clock.now() for clock in clocks] == [later] * 3
