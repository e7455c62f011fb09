"""Deadlines: stored with the fact that set them, fired once, in order, each as a command of its own."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from contracts.civil import civil_day
from contracts.clock import ClockStepped
from services.chassis.clock import TICK, SimulatedClock
from services.chassis.consumer import AWAY
from services.chassis.store import Store
from services.chassis.unit import Timer, Tx

Handler = Callable[[Tx, Timer], None]
"""Runs when a deadline has come; a deadline that no longer matters is answered by doing nothing."""

CLOCK_STREAM = "clock"
POLL = 0.5
"""Seconds between two looks on the machine's own clock; deadlines are days."""

RETRY = 60.0
"""Seconds until a timer whose handler failed is tried again."""

TIDY = 3600.0
"""Seconds between two removals of answers that have expired."""

log = structlog.get_logger("lika.timers")


class Timers(threading.Thread):
    """The deadlines of one service. Several processes may run it: a timer is marked done in its own transaction."""

    def __init__(self, store: Store, handlers: Mapping[str, Handler]) -> None:
        super().__init__(name=f"{store.name}-timers", daemon=True)
        self._store, self._handlers = store, handlers
        self._halt = threading.Event()
        self._stepping = threading.Lock()
        self._failed: set[UUID] = set()
        self._retry_at = self._tidy_at = 0.0

    def halt(self) -> None:
        """Ask it to end; ``stop`` waits until it has."""
        self._halt.set()

    def stop(self) -> None:
        self.halt()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                self.look()
            except AWAY as away:
                log.warning("timers_wait", service=self._store.name, kind=type(away).__name__)
            except Exception as unexpected:  # noqa: BLE001 - deadlines must not end because of one bad moment
                log.error("timers_failing", service=self._store.name, kind=type(unexpected).__name__)
            self._halt.wait(POLL)

    def look(self) -> None:
        """Fire what is due now, and let an idle log's closed instant follow the clock. Failed ones have their turn
        again each ``RETRY`` seconds, so that they neither flood the log nor hold up the others; now and then, forget
        answers that nobody can ask for any more."""
        self._store.head()
        now = time.monotonic()
        if now >= self._retry_at:
            self._failed.clear()
            self._retry_at = now + RETRY
        self.fire_due(self._store.clock.now(), self._failed)
        if now >= self._tidy_at:
            # In portions, so that nobody waits long for a row or for this thread.
            while self._store.forget_answers() and not self._halt.is_set():
                pass
            self._tidy_at = now + TIDY

    def due(self, until: datetime, without: Collection[UUID] = ()) -> list[Timer]:
        """Open timers due by ``until``, earliest first, at most 1,000."""
        with self._store.reading() as conn:
            rows = conn.execute(
                "SELECT id, kind, stream, due_at, set_by FROM timers WHERE done_at IS NULL AND due_at <= %s"
                " AND id <> ALL(%s) ORDER BY due_at, id LIMIT 1000",
                (until, list(without)),
            ).fetchall()
        return [Timer(*row) for row in rows]

    def overdue(self) -> int:
        """Timers past their deadline that have not fired."""
        with self._store.reading() as conn:
            row = conn.execute(
                "SELECT count(*) FROM timers WHERE done_at IS NULL AND due_at <= %s", (self._store.clock.now(),)
            ).fetchone()
        return row[0] if row else 0

    def fire_due(self, until: datetime, failed: set[UUID] | None = None) -> int:
        """Fire what is due, and what that makes due; returns how many. One that fails stays open, is told to the
        operator and put into ``failed``, which also names those not to be tried."""
        tried = set() if failed is None else failed
        fired = 0
        while waiting := self.due(until, tried):
            for timer in waiting:
                try:
                    fired += self._store.transact(partial(self._fire, timer=timer), actor="timer", command_id=timer.id)
                except AWAY:
                    raise
                except Exception as failure:
                    tried.add(timer.id)
                    kind = type(failure).__name__
                    log.error("timer_failed", service=self._store.name, kind=timer.kind, error_type=kind)
        return fired

    def step(self, clock: SimulatedClock, to: datetime, entered_by: str) -> bool:
        """Move a simulated clock forward, stopping at each deadline on the way so that it fires on its own day; says
        whether there was anything to move. Whatever interrupts it, the same step can be asked for again."""
        with self._stepping:
            if to <= clock.now():
                return False
            failed: set[UUID] = set()
            while waiting := self.due(to, failed):
                clock.step(waiting[0].due_at)
                self.fire_due(waiting[0].due_at, failed)
            fact = ClockStepped(effective_on=civil_day(to), entered_by=entered_by, to=to)

            def work(tx: Tx) -> None:
                tx.after(to - TICK)
                tx.append(CLOCK_STREAM, fact)

            # On record first: a clock that stood later than its log says would have forgotten that after a restart.
            self._store.transact(work, actor=entered_by)
            clock.step(to)
            return True

    def _fire(self, tx: Tx, timer: Timer) -> bool:
        tx.cur.execute("SELECT 1 FROM timers WHERE id = %s AND done_at IS NULL", (timer.id,))
        if tx.cur.fetchone() is None:
            return False
        self._handlers[timer.kind](tx, timer)
        tx.cur.execute("UPDATE timers SET done_at = %s WHERE id = %s", (tx.instant, timer.id))
        return True
