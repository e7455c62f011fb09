"""A service in one process: commands, a view of its log, timers, and a reader of its log with effects and a log of its own.

It is small, so that it can be killed two hundred times in a quarter of an hour. Every part of it is the product's, and
none of its effects is idempotent by itself: a command decided twice enrols two households, a timer fired twice lets one
exit twice, a fact consumed twice leaves two notes and two replies.
"""

import faulthandler
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

import msgspec
import psycopg

from contracts.facts import Recorded
from contracts.registry.poverty_status import HouseholdEnrolled
from services.chassis.following import idle_transactions
from services.chassis.following.consumer import Consumer
from services.chassis.following.idle_transactions import IdleTransactionWatchdog
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.failpoints import FAILPOINTS
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.kafka.relay import Relay
from services.chassis.log import timers
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.needs import Timer
from services.chassis.log.store import Store
from services.chassis.log.timers import Timers
from services.chassis.log.unit import Tx, Unit
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from tests.chassis.sample import FOLLOWED, create_view_table, enrolled, exited, stream_of, view

COMMAND_NAMESPACE = UUID("7f1f4a52-0c8e-4a3f-9f43-0d1e5f6a7b80")
LOG, READER = "registry", "reader"
BATCH = 7
"""Entries the reader consumes at a time: few, so that it hits its failpoints often."""

POLL_INTERVAL = 0.02
"""Seconds between two polls for due timers; the product polls every half second."""

ORDINARY_DAY, POISON_DAY = date(2014, 6, 1), date(2014, 6, 2)

IDLE_TIMEOUT = 1.0
"""Seconds after which a transaction counts as abandoned; ten in the product."""


class Deployment(NamedTuple):
    """The two databases of a service (connection strings) and the name of its log. With ``kafka`` the
    log is relayed into a topic, and the reader reads it there."""

    log: str
    reader: str
    name: str = LOG
    kafka: Cluster | None = None


@dataclass(frozen=True)
class Command:
    """``key``: its idempotency key. ``poisoned``: the reader's reaction fails on the fact that it appends."""

    key: str
    poisoned: bool = False


@dataclass(frozen=True)
class ClockSetback:
    """The machine's clock jumps back by this much."""

    by: timedelta


class AdjustableClock:
    """The system's clock, which tests set back."""

    simulated = False

    def __init__(self) -> None:
        self.behind = timedelta(0)
        self._real = SystemClock()

    def now(self) -> datetime:
        return self._real.now() - self.behind


class PoisonFact(Exception):
    """Raised by a reaction that has a defect."""


class NotesReaction:
    """Inserts a row per fact, without a key that would refuse a second one. Raises ``PoisonFact`` on enrolments of
    ``POISON_DAY``."""

    name, types, appends = "notes", FOLLOWED, False

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        if any(fact.fact.effective_on == POISON_DAY for fact in facts):
            raise PoisonFact
        tx.cur.executemany("INSERT INTO notes VALUES (%s)", [(fact.position,) for fact in facts])


class RepliesReaction:
    """Appends a reply to each enrolment to this service's own log."""

    name, types, appends = "replies", frozenset({HouseholdEnrolled.type_name}), True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        for cause in facts:
            assert isinstance(cause.fact, HouseholdEnrolled)
            household = cause.fact.household_id
            tx.append(stream_of(household), msgspec.structs.replace(exited(household), caused_by=cause.id))


def enrol(tx: Tx, on: date = ORDINARY_DAY) -> Reply:
    """Enrol a new household, and set a timer that is already due."""
    household = uuid4()
    (fact_id,) = tx.append(stream_of(household), enrolled(household, on))
    tx.set_timer("expiry", stream_of(household), tx.instant, fact_id)
    return Reply(location=fact_id)


def expire(tx: Tx, timer: Timer) -> None:
    (first, *_) = tx.load(timer.stream)
    assert isinstance(first.fact, HouseholdEnrolled)
    tx.append(timer.stream, msgspec.structs.replace(exited(first.fact.household_id), caused_by=timer.set_by))


def unit(command: Command) -> Unit:
    """The same key is the same command, however often it is sent and to whichever process."""
    ref = CommandRef(uuid5(COMMAND_NAMESPACE, command.key), "cadre", "POST /enrolments", command.key, b"body")
    return Unit(ref, partial(enrol, on=POISON_DAY if command.poisoned else ORDINARY_DAY))


def create_tables(deployment: Deployment) -> None:
    """The tables of the view and of the notes, before the first process starts."""
    with closing(Store(deployment.name, deployment.log, SystemClock())) as log:
        create_view_table(log)
    create_notes_table(deployment.reader)


def create_notes_table(conninfo: str) -> None:
    with psycopg.connect(conninfo) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS service.notes (position bigint NOT NULL)")


class RebuildLoop(threading.Thread):
    """Rebuilds the view again and again while everything else goes on."""

    def __init__(self, deployment: Deployment, on_difference: Callable[[int], None]) -> None:
        super().__init__(name="rebuilds", daemon=True)
        self._conninfo, self._name, self._on_difference = deployment.log, deployment.name, on_difference
        self._halt = threading.Event()

    def halt(self) -> None:
        self._halt.set()

    def stop(self) -> None:
        self.halt()
        self.join()

    def run(self) -> None:
        with WorkerPool(1) as workers:
            while not self._halt.is_set():
                with suppress(*UNREACHABLE):
                    rebuild = Rebuild(self._conninfo, self._name, self._name, view(), workers, lambda *_: None)
                    report = rebuild.run(confirmed=False)
                    if report.differences.rows:
                        self._on_difference(report.differences.rows)


def start_service(
    deployment: Deployment, clock: AdjustableClock, rebuild_loops: Sequence[RebuildLoop]
) -> tuple[Store, Callable[[], None]]:
    """Start every part; the store that takes commands, and the function that closes everything."""
    log, reader = Store(deployment.name, deployment.log, clock), Store(READER, deployment.reader, clock)
    direct = LocalSource(log)
    relayed = KafkaSource(deployment.name, deployment.kafka, direct) if deployment.kafka else None
    threads: Sequence[Consumer | Timers | IdleTransactionWatchdog | Relay | RebuildLoop] = (
        Consumer(log, LocalSource(log), [view()], batch=BATCH),
        Consumer(reader, relayed or direct, [NotesReaction(), RepliesReaction()], batch=BATCH),
        Timers(log, {"expiry": expire}),
        IdleTransactionWatchdog(log),
        IdleTransactionWatchdog(reader),
        *([Relay(log, deployment.kafka)] if deployment.kafka else []),
        *rebuild_loops,
    )
    for thread in threads:
        thread.start()

    def close() -> None:
        for thread in threads:
            thread.halt()
        log.wake()
        for thread in threads:
            thread.stop()
        if relayed is not None:
            relayed.close()
        reader.close()
        log.close()

    return log, close


def run_service(deployment: Deployment, failpoints: str, pipe: Connection) -> None:
    """The process: executes the commands that come through ``pipe`` until ``None`` comes; answers each with its key, its
    outcome and the name of its failure. ``failpoints``: where it is killed or stopped, as in ``LIKA_FAILPOINTS``."""
    faulthandler.enable()  # a crash in a library's C code shows its stack
    timers.POLL, idle_transactions.LONGEST_IDLE, idle_transactions.LOOK = POLL_INTERVAL, IDLE_TIMEOUT, IDLE_TIMEOUT / 4
    FAILPOINTS.arm(failpoints)
    clock = AdjustableClock()
    sending = threading.Lock()

    def on_difference(rows: int) -> None:
        with sending:
            pipe.send(("rebuild", None, f"{rows} rows differ"))

    rebuild_loops = [RebuildLoop(deployment, on_difference)] if "rebuild." in failpoints else []
    log, close = start_service(deployment, clock, rebuild_loops)

    def answer(key: str, future: "Future[Outcome]") -> None:
        failure = future.exception()
        with sending:
            pipe.send((key, None if failure else future.result(), failure and type(failure).__name__))

    while (command := pipe.recv()) is not None:
        if isinstance(command, ClockSetback):
            clock.behind += command.by
        else:
            log.submit(unit(command)).add_done_callback(partial(answer, command.key))
    close()
