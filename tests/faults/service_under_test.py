"""An office in one process: commands, a view of its log, deadlines, and a reader with effects and a log of its own.

Lean, so that it can die two hundred times in a quarter of an hour. Every part of it is the product's, and none of what
it brings about is idempotent by itself: a command decided twice enrols two households, a deadline fired twice lets one
exit twice, a fact digested twice leaves two notes and two answers.
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
from contracts.registry.households import HouseholdEnrolled
from services.chassis.following import idle_transactions
from services.chassis.following.consumer import Consumer
from services.chassis.following.idle_transactions import IdleTransactionWatchdog
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.failpoints import FAILPOINTS
from services.chassis.ground.unreachable import UNREACHABLE
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
from tests.chassis.sample import FOLLOWED, enrolled, exited, prepare, stream_of, view

KEYS = UUID("7f1f4a52-0c8e-4a3f-9f43-0d1e5f6a7b80")
LOG, READER = "registry", "reader"
BATCH = 7
"""Entries a reader digests at a time: few, so that it comes by its failpoints often."""

LOOK = 0.02
"""Seconds between two looks for deadlines; the product's half a second is made for days."""

WELL_DAY, SICK_DAY = date(2014, 6, 1), date(2014, 6, 2)

STANDSTILL = 1.0
"""Seconds after which a process counts as standing still; the product's ten are made for a province."""


class Premises(NamedTuple):
    """Where an office is at home: two databases, and the name of its log. With ``kafka`` (bootstrap servers) the log is
    relayed into a topic, and the reader reads it there."""

    log: str
    reader: str
    name: str = LOG
    kafka: str | None = None


@dataclass(frozen=True)
class Errand:
    """What somebody asks of the office, under a key of their own. ``sick``: the reader cannot digest what it yields."""

    key: str
    sick: bool = False


@dataclass(frozen=True)
class Setback:
    """The machine's clock jumps back."""

    by: timedelta


class MachineClock:
    """The system's clock, which somebody sets back."""

    simulated = False

    def __init__(self) -> None:
        self.behind = timedelta(0)
        self._real = SystemClock()

    def now(self) -> datetime:
        return self._real.now() - self.behind


class Indigestible(Exception):
    """What a reaction with a defect raises."""


class Notes:
    """Reaction: one row per fact, without a key that would refuse a second one. It cannot digest enrolments of
    ``SICK_DAY``."""

    name, types, appends = "notes", FOLLOWED, False

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        if any(fact.fact.effective_on == SICK_DAY for fact in facts):
            raise Indigestible
        tx.cur.executemany("INSERT INTO notes VALUES (%s)", [(fact.position,) for fact in facts])


class Answers:
    """Reaction that appends: each enrolment is answered in this service's own log."""

    name, types, appends = "answers", frozenset({HouseholdEnrolled.type_name}), True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        for cause in facts:
            assert isinstance(cause.fact, HouseholdEnrolled)
            household = cause.fact.household_id
            tx.append(stream_of(household), msgspec.structs.replace(exited(household), caused_by=cause.id))


def enrol(tx: Tx, on: date = WELL_DAY) -> Reply:
    """A household nobody has seen before, and a deadline that has already come."""
    household = uuid4()
    (fact_id,) = tx.append(stream_of(household), enrolled(household, on))
    tx.set_timer("expiry", stream_of(household), tx.instant, fact_id)
    return Reply(location=fact_id)


def expire(tx: Tx, timer: Timer) -> None:
    (first, *_) = tx.load(timer.stream)
    assert isinstance(first.fact, HouseholdEnrolled)
    tx.append(timer.stream, msgspec.structs.replace(exited(first.fact.household_id), caused_by=timer.set_by))


def unit(errand: Errand) -> Unit:
    """A key is one command, however often it is sent and to whichever process."""
    command = CommandRef(uuid5(KEYS, errand.key), "cadre", "POST /enrolments", errand.key, b"body")
    return Unit(command, partial(enrol, on=SICK_DAY if errand.sick else WELL_DAY))


def furnish(premises: Premises) -> None:
    """The tables of the view and of the notes, before the first process comes."""
    with closing(Store(premises.name, premises.log, SystemClock())) as log:
        prepare(log)
    furnish_reader(premises.reader)


def furnish_reader(conninfo: str) -> None:
    with psycopg.connect(conninfo) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS notes (position bigint NOT NULL)")


class Rebuilds(threading.Thread):
    """Rebuilds the view again and again while everybody goes on."""

    def __init__(self, premises: Premises, differs: Callable[[int], None]) -> None:
        super().__init__(name="rebuilds", daemon=True)
        self._conninfo, self._name, self._differs = premises.log, premises.name, differs
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
                        self._differs(report.differences.rows)


def open_office(
    premises: Premises, clock: MachineClock, rebuilds: Sequence[Rebuilds]
) -> tuple[Store, Callable[[], None]]:
    """Start every part on the two databases; the store that takes commands, and what closes it all."""
    log, reader = Store(premises.name, premises.log, clock), Store(READER, premises.reader, clock)
    beside = LocalSource(log)
    through = KafkaSource(premises.name, premises.kafka, beside) if premises.kafka else None
    threads: Sequence[Consumer | Timers | IdleTransactionWatchdog | Relay | Rebuilds] = (
        Consumer(log, LocalSource(log), [view()], batch=BATCH),
        Consumer(reader, through or beside, [Notes(), Answers()], batch=BATCH),
        Timers(log, {"expiry": expire}),
        IdleTransactionWatchdog(log),
        IdleTransactionWatchdog(reader),
        *([Relay(log, premises.kafka)] if premises.kafka else []),
        *rebuilds,
    )
    for thread in threads:
        thread.start()

    def close() -> None:
        for thread in threads:
            thread.halt()
        log.wake()
        for thread in threads:
            thread.stop()
        if through is not None:
            through.close()
        reader.close()
        log.close()

    return log, close


def work(premises: Premises, orders: str, errands: Connection) -> None:
    """The process: carries out errands until it is given ``None``; answers each with key, outcome and failure. ``orders``: where
    it shall die or stand still, as ``LIKA_FAILPOINTS``."""
    faulthandler.enable()  # a process that breaks down in a library says where
    timers.POLL, idle_transactions.LONGEST_IDLE, idle_transactions.LOOK = LOOK, STANDSTILL, STANDSTILL / 4
    FAILPOINTS.arm(orders)
    clock = MachineClock()
    answering = threading.Lock()

    def differs(rows: int) -> None:
        with answering:
            errands.send(("rebuild", None, f"{rows} rows differ"))

    rebuilds = [Rebuilds(premises, differs)] if "rebuild." in orders else []
    log, close = open_office(premises, clock, rebuilds)

    def answer(key: str, future: "Future[Outcome]") -> None:
        failure = future.exception()
        with answering:
            errands.send((key, None if failure else future.result(), failure and type(failure).__name__))

    while (errand := errands.recv()) is not None:
        if isinstance(errand, Setback):
            clock.behind += errand.by
        else:
            log.submit(unit(errand)).add_done_callback(partial(answer, errand.key))
    close()
