"""Deadlines: stored with the fact that set them, fired once, in order, each as a command of its own."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import structlog

from contracts.civil import civil_day
from contracts.clock import ClockStepped
from services.chassis.clock import SimulatedClock
from services.chassis.consumer import AWAY
from services.chassis.store import Store
from services.chassis.unit import Timer, Tx

Handler = Callable[[Tx, Timer], None]
"""Runs when a deadline has come; a deadline that no longer matters is answered by doing nothing."""

CLOCK_STREAM = "clock"
POLL = 0.5
"""Seconds between two looks on the machine's own clock; deadlines are days."""

log = structlog.get_logger("lika.timers")


class Timers(threading.Thread):
    """The deadlines of one service. Several processes may run it: a timer is marked done in its own transaction."""

    def __init__(self, store: Store, handlers: Mapping[str, Handler]) -> None:
        super().__init__(name=f"{store.name}-timers", daemon=True)
        self._store, self._handlers = store, handlers
        self._halt = threading.Event()

    def stop(self) -> None:
        self._halt.set()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                self.fire_due(self._store.clock.now())
            except AWAY as away:
                log.warning("timers_wait", service=self._store.name, kind=type(away).__name__)
            self._halt.wait(POLL)

    def due(self, until: datetime) -> list[Timer]:
        """Open timers due by ``until``, earliest first, at most 1,000."""
        with self._store.reading() as conn:
            rows = conn.execute(
                "SELECT id, kind, stream, due_at, set_by FROM timers WHERE done_at IS NULL AND due_at <= %s"
                " ORDER BY due_at, id LIMIT 1000",
                (until,),
            ).fetchall()
        return [Timer(*row) for row in rows]

    def fire_due(self, until: datetime) -> int:
        """Fire what is due; returns how many. One that fails stays open and is told to the operator."""
        fired = 0
        for timer in self.due(until):
            try:
                self._store.transact(partial(self._fire, timer=timer), actor="timer")
                fired += 1
            except AWAY:
                raise
            except Exception as failure:
                log.error("timer_failed", service=self._store.name, kind=timer.kind, error_type=type(failure).__name__)
        return fired

    def step(self, clock: SimulatedClock, to: datetime, entered_by: str) -> None:
        """Move a simulated clock forward, stopping at each deadline on the way so that it fires on its own day."""
        while waiting := self.due(to):
            clock.step(waiting[0].due_at)
            if not self.fire_due(waiting[0].due_at):
                break  # only failing ones are left; they have been told
        clock.step(to)
        fact = ClockStepped(effective_on=civil_day(to), entered_by=entered_by, to=to)
        self._store.transact(lambda tx: tx.append(CLOCK_STREAM, fact), actor=entered_by)

    def _fire(self, tx: Tx, timer: Timer) -> None:
        tx.cur.execute("SELECT 1 FROM timers WHERE id = %s AND done_at IS NULL", (timer.id,))
        if tx.cur.fetchone() is None:
            return
        self._handlers[timer.kind](tx, timer)
        tx.cur.execute("UPDATE timers SET done_at = %s WHERE id = %s", (tx.instant, timer.id))
