"""Group commit: a leader drains the units that are waiting into one transaction and answers each on its own.

Units are decided one after the other under the append lock, so none of them can lose a race; a refused or failing unit
leaves nothing and disturbs nobody. A commit whose connection broke is ambiguous: the batch is run again, and a command
that did get through is found by its record instead of being decided twice.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import psycopg
import structlog

from services.chassis.ground.background import STOPS_WITHIN, leave_behind
from services.chassis.ground.failpoints import reach
from services.chassis.ground.metrics import conflicts
from services.chassis.ground.refusals import Refused, Unavailable, rule
from services.chassis.log.availability import StoreFull, StoreUnavailable
from services.chassis.log.command_record import CommandRef, Outcome
from services.chassis.log.pending import PendingUnit, resolve
from services.chassis.log.session import Session
from services.chassis.log.unit import StreamMoved, Tx, Unit

KEY_REUSED = rule(
    "idempotency_key_reused",
    zh="同一个 Idempotency-Key 已用于内容不同的请求，请换一个新的键。",
    en="This Idempotency-Key was used for a different request; use a fresh key.",
    source="Lika idempotency rules",
)

LARGEST_GROUP = 256
PATIENCE = 30.0
"""Seconds a command waits for a database that is away, from when it was handed over, before it is told."""

RETRY = 0.05
"""Seconds between two attempts to reach the database again."""

log = structlog.get_logger("lika.commit")


class Leader(threading.Thread):
    """The one thread of a process that appends commands to a log; several processes take turns by the lock."""

    def __init__(
        self,
        log: str,
        connect: "Callable[[], psycopg.Connection[tuple[object, ...]]]",
        open_session: "Callable[[psycopg.Cursor[tuple[object, ...]], Sequence[Unit]], Session]",
        committed: Callable[[int, int], None],
    ) -> None:
        """``committed`` hears of each commit: how many units it held, and the head after it."""
        super().__init__(name=f"{log}-leader", daemon=True)
        self._connect, self._open_session, self._committed = connect, open_session, committed
        self._queue: queue.SimpleQueue[PendingUnit | None] = queue.SimpleQueue()
        self._conn: psycopg.Connection[tuple[object, ...]] | None = None
        self._closing = threading.Event()
        self._entrance = threading.Lock()

    def submit(self, unit: Unit) -> "Future[Outcome]":
        """Hand over a unit; the future holds its outcome once it is durable, or ``StoreUnavailable``."""
        future: Future[Outcome] = Future()
        self._take(PendingUnit(unit, future))
        return future

    def submit_async(self, unit: Unit) -> "asyncio.Future[Outcome]":
        """``submit`` for a coroutine: a future of the running event loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._take(PendingUnit(unit, future, loop))
        return future

    def _take(self, waiting: PendingUnit) -> None:
        with self._entrance:
            if self._closing.is_set():
                resolve([(waiting, StoreUnavailable("closed"))])
            else:
                self._queue.put(waiting)

    def waiting(self) -> int:
        """Units that no group has taken yet."""
        return self._queue.qsize()

    def stop(self) -> None:
        """Finish what is queued, then end; a database that is away is not waited for, and one that hangs not for long."""
        with self._entrance:
            # Under the lock: nothing is queued behind the end mark, where nobody would answer it.
            if not self._closing.is_set():
                self._closing.set()
                self._queue.put(None)
        if not leave_behind(self, STOPS_WITHIN):
            self._hang_up()

    def run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._drain(first)
            reach("append.drained")
            try:
                self._settle(group)
            except BaseException as broken:  # noqa: BLE001 - a dead leader would leave every command waiting for ever
                log.critical("leader_stumbled", service=self.name, kind=type(broken).__name__)
                self._hang_up()
                resolve((w, StoreUnavailable(type(broken).__name__)) for w in group)
            if last:
                return

    def _drain(self, first: PendingUnit) -> tuple[list[PendingUnit], bool]:
        group: list[PendingUnit] = []
        waiting: PendingUnit | None = first
        while waiting is not None:
            if waiting.taken():
                group.append(waiting)
            if len(group) >= LARGEST_GROUP:
                break
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
        return group, waiting is None

    def _settle(self, group: list[PendingUnit]) -> None:
        while group:
            try:
                head, results = self._commit(group)
            except (psycopg.OperationalError, psycopg.InterfaceError) as lost:
                self._hang_up()
                if _out_of_room(lost):
                    resolve((w, StoreFull()) for w in group)
                    return
                group = self._patient(group, lost)
                self._closing.wait(RETRY)
            except Exception as broken:
                # One unit's SQL aborted the transaction for all: run them apart, so that only the culprit fails.
                if len(group) == 1:
                    resolve([(group[0], broken)])
                    return
                for waiting in group:
                    self._settle([waiting])
                return
            else:
                # It is durable: from here on nothing may turn the answers into failures.
                resolve(zip(group, results, strict=True))
                self._committed(len(group), head)
                return

    def _patient(self, group: list[PendingUnit], lost: Exception) -> list[PendingUnit]:
        """Tell those who have waited long enough; returns the others."""
        latest = time.monotonic() if self._closing.is_set() else time.monotonic() - PATIENCE
        resolve((w, StoreUnavailable(type(lost).__name__)) for w in group if w.since <= latest)
        return [w for w in group if w.since > latest]

    def _hang_up(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    def _commit(self, group: list[PendingUnit]) -> tuple[int, list[Outcome | Exception]]:
        """One transaction for the group; the head after it, and what became of each unit."""
        if self._conn is None or self._conn.closed:
            self._conn = self._connect()
        with self._conn.cursor() as cur:
            try:
                session = self._open_session(cur, [w.unit for w in group])
                reach("append.locked")
                results = [_decide(session, waiting.unit) for waiting in group]
                reach("append.decided")
                session.flush(commit=True)
            except BaseException:
                # Closing rolls back; what happens once in a while may cost a new connection.
                self._hang_up()
                raise
        reach("append.committed")
        return session.head, results


def _out_of_room(lost: psycopg.Error) -> bool:
    """Whether a statement failed because the disk is full. A server that cannot write its own log says the same, but
    with another severity: it goes down, and what became of the commit is unknown."""
    return isinstance(lost, psycopg.errors.DiskFull) and lost.diag.severity_nonlocalized == "ERROR"


def former_outcome(session: Session, command: CommandRef) -> Outcome | None:
    """What became of this command before; a refusal where its key was used for another request."""
    if (before := session.answered.get(command.command_id)) is None:
        return None
    digest, outcome = before
    return outcome if digest == command.digest else Outcome(KEY_REUSED.status, KEY_REUSED.code, None, session.head)


def _decide(session: Session, unit: Unit) -> Outcome | Exception:
    command = unit.command
    if (before := former_outcome(session, command)) is not None:
        if before.code == KEY_REUSED.code:
            conflicts.labels(session.log, "key_reused").inc()
        return before
    tx = Tx(session, command.command_id, command.principal)
    try:
        reply = unit.work(tx)
    except Unavailable as later:
        tx.undo()  # and not remembered: sent again with the same key, it is decided then
        return later
    except Refused as no:
        tx.undo()
        outcome = Outcome.of_refusal(no, session.head)
    except psycopg.Error:
        raise
    except Exception as failure:
        tx.undo()
        if isinstance(failure, StreamMoved):
            conflicts.labels(session.log, "stream_moved").inc()
        return failure
    else:
        outcome = Outcome(reply.status, None, reply.location, tx.finish(), warnings=tuple(tx.warnings))
    if unit.remembered:
        session.answer(command, outcome)
    return outcome
