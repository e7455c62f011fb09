"""Group commit: a leader drains the units that are waiting into one transaction and answers each on its own.

Units are decided one after the other under the append lock, so none of them can lose a race; a refused or failing unit
leaves nothing and disturbs nobody. A commit whose connection broke is ambiguous: the batch is run again, and a command
that did get through is found by its record instead of being decided twice.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import psycopg

from services.chassis.refusals import Refused, rule
from services.chassis.unit import Outcome, Session, Unit

KEY_REUSED = rule(
    "idempotency_key_reused",
    zh="同一个 Idempotency-Key 已用于内容不同的请求，请换一个新的键。",
    en="This Idempotency-Key was used for a different request; use a fresh key.",
    source="Lika idempotency rules",
)

LARGEST_GROUP = 256
PATIENCE = 30.0
"""Seconds for which a broken connection is retried before the waiting commands are told."""


class StoreUnavailable(Exception):
    """The database could not be reached for ``PATIENCE`` seconds; the command may be sent again with the same key."""


@dataclass(slots=True)
class _Waiting:
    unit: Unit
    future: "Future[Outcome]"


class Leader(threading.Thread):
    """The one thread of a process that appends commands to a log; several processes take turns by the lock."""

    def __init__(
        self,
        log: str,
        connect: "Callable[[], psycopg.Connection[tuple[object, ...]]]",
        open_session: "Callable[[psycopg.Cursor[tuple[object, ...]]], Session]",
        committed: Callable[[int, int], None],
    ) -> None:
        super().__init__(name=f"{log}-leader", daemon=True)
        self._connect, self._open_session, self._committed = connect, open_session, committed
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._conn: psycopg.Connection[tuple[object, ...]] | None = None

    def submit(self, unit: Unit) -> "Future[Outcome]":
        """Hand over a unit; the future holds its outcome once it is durable."""
        waiting = _Waiting(unit, Future())
        self._queue.put(waiting)
        return waiting.future

    def stop(self) -> None:
        """Finish what is queued, then end."""
        self._queue.put(None)
        self.join()
        if self._conn is not None:
            self._conn.close()

    def run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._drain(first)
            if group:
                self._settle(group)
            if last:
                return

    def _drain(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group: list[_Waiting] = []
        waiting: _Waiting | None = first
        while waiting is not None:
            # From here on it can no longer be cancelled; one that was cancelled while it waited is dropped.
            if waiting.future.set_running_or_notify_cancel():
                group.append(waiting)
            if len(group) >= LARGEST_GROUP:
                break
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
        return group, waiting is None

    def _settle(self, group: list[_Waiting]) -> None:
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                self._commit(group)
            except (psycopg.OperationalError, psycopg.InterfaceError) as lost:
                self._conn = None
                if time.monotonic() > give_up:
                    self._tell(group, StoreUnavailable(type(lost).__name__))
                    return
                time.sleep(0.05)
            except Exception as broken:
                # One unit's SQL aborted the transaction for all: run them apart, so that only the culprit fails.
                if len(group) == 1:
                    self._tell(group, broken)
                    return
                for waiting in group:
                    self._settle([waiting])
                return
            else:
                return

    def _commit(self, group: list[_Waiting]) -> None:
        if self._conn is None or self._conn.closed:
            self._conn = self._connect()
        results: list[tuple[_Waiting, Outcome | Exception]] = []
        with self._conn.transaction(), self._conn.cursor() as cur:
            session = self._open_session(cur)
            before = session.head
            answered = session.answered([w.unit for w in group])
            session.fetch(s for w in group for s in w.unit.streams)
            for waiting in group:
                results.append((waiting, _decide(session, waiting.unit, answered)))
            session.flush()
            head = session.head
        self._committed(before, head)
        for waiting, result in results:
            if isinstance(result, Exception):
                waiting.future.set_exception(result)
            else:
                waiting.future.set_result(result)

    @staticmethod
    def _tell(group: list[_Waiting], error: Exception) -> None:
        for waiting in group:
            waiting.future.set_exception(error)


def _decide(
    session: Session, unit: Unit, answered: dict[tuple[str, str, str], tuple[bytes, Outcome]]
) -> Outcome | Exception:
    command = unit.command
    if (before := answered.get(command.address)) is not None:
        digest, outcome = before
        same = digest == command.digest
        return outcome if same else Outcome(KEY_REUSED.status, KEY_REUSED.code, None, session.head)
    tx = session.begin(command.command_id, command.principal)
    try:
        reply = unit.work(tx)
    except Refused as no:
        outcome = Outcome(no.rule.status, no.rule.code, None, session.head, facts=no.facts)
    except psycopg.Error:
        raise
    except Exception as failure:
        return failure
    else:
        outcome = Outcome(reply.status, None, reply.location, session.absorb(tx))
    session.answer(command, outcome)
    # The same key twice in one group is the same request twice.
    answered[command.address] = (
        command.digest,
        Outcome(outcome.status, outcome.code, outcome.location, outcome.position, True),
    )
    return outcome
