"""Deadlines: stored with the fact that set them, fired once, in order, each as a command of its own."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from contracts.canonical import decode
from contracts.civil import civil_day
from contracts.clock import ClockStepped
from services.chassis.ground.background import Background
from services.chassis.ground.clock import TICK, SimulatedClock, SystemClock
from services.chassis.ground.failpoints import reach
from services.chassis.ground.refusals import Refused
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.log.availability import StoreUnavailable, UpgradeUnderWay
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.entries import topic_of
from services.chassis.log.needs import Timer
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit

Handler = Callable[[Tx, Timer], None]
"""Runs when a deadline has come; a deadline that no longer matters is answered by doing nothing."""

CLOCK_STREAM = "clock"
POLL = 0.5
"""Seconds between two looks on the machine's own clock; deadlines are days."""

RETRY = 60.0
"""Seconds until a timer whose handler failed is tried again."""

ANSWERS_KEPT = timedelta(days=30)
"""How long the answer to a command can be had again; automated commands' answers never expire."""

TIDY = 3600.0
"""Seconds between two removals of answers that have expired."""

LATEST_STEP = "SELECT state FROM log WHERE originator_id = %s AND topic = %s ORDER BY originator_version DESC LIMIT 1"

log = structlog.get_logger("lika.timers")


class DeadlineRefused(Exception):
    """A rule refused what a deadline brings about: a deadline is no request, so this is a failure to be told."""


class Timers(Background):
    """The deadlines of one service. Several processes may run it: each deadline is a command with an id of its own."""

    def __init__(self, store: Store, handlers: Mapping[str, Handler]) -> None:
        super().__init__(f"{store.name}-timers")
        self._store, self._handlers = store, handlers
        self._stepping = threading.Lock()
        self._failed: set[UUID] = set()
        self._retry_at = self._tidy_at = 0.0

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                self.look()
            except (*UNREACHABLE, StoreUnavailable) as away:
                log.warning("timers_wait", service=self._store.name, kind=type(away).__name__)
            except Exception as unexpected:  # noqa: BLE001 - deadlines must not end because of one bad moment
                log.error("timers_failing", service=self._store.name, kind=type(unexpected).__name__)
            self._halt.wait(POLL)

    def look(self) -> None:
        """Fire what is due now, and let an idle log's closed instant follow the clock. Failed ones have their turn
        again each ``RETRY`` seconds, so that they neither flood the log nor hold up the others; now and then, forget
        answers that nobody can ask for any more."""
        if isinstance(self._store.clock, SimulatedClock):
            self._follow(self._store.clock)
        self._store.head()
        now = time.monotonic()
        if now >= self._retry_at:
            self._failed.clear()
            self._retry_at = now + RETRY
        self.fire_due(self._store.clock.now(), self._failed)
        if now >= self._tidy_at:
            # In portions, so that nobody waits long for a row or for this thread.
            while delete_expired_answers(self._store) and not self._halt.is_set():
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

    @property
    def failing(self) -> int:
        """Timers whose handler failed when it was last tried."""
        return len(self._failed)

    def fire_due(self, until: datetime, failed: set[UUID] | None = None) -> int:
        """Fire what is due, and what that makes due; returns how many. One that fails stays open, is told to the
        operator and put into ``failed``, which also names those not to be tried. Raises ``UpgradeUnderWay``, after all
        others, for one that has to wait for the end of an upgrade."""
        tried = set() if failed is None else failed
        waits: dict[UUID, UpgradeUnderWay] = {}
        fired = 0
        while waiting := self.due(until, {*tried, *waits}):
            reach("timer.found")
            # Handed over together, so that group commit makes few transactions of them; decided one after the other.
            handed = [(timer, self._store.submit(self._unit(timer))) for timer in waiting]
            done: list[UUID] = []
            for timer, future in handed:
                failure = future.exception()
                if failure is None:
                    done.append(timer.id)
                    fired += not future.result().replayed
                elif isinstance(failure, UpgradeUnderWay):
                    waits[timer.id] = failure
                elif isinstance(failure, (*UNREACHABLE, StoreUnavailable)):
                    raise failure
                else:
                    tried.add(timer.id)
                    kind = type(failure).__name__
                    log.error("timer_failed", service=self._store.name, kind=timer.kind, error_type=kind)
            reach("timer.fired")
            self._mark(done)
            reach("timer.marked")
        for postponed in waits.values():
            raise postponed
        return fired

    def _unit(self, timer: Timer) -> Unit:
        """A deadline is a command whose id is its own: fired twice, by whomever, it has one effect."""

        def work(tx: Tx) -> Reply:
            try:
                self._handlers[timer.kind](tx, timer)
            except Refused as no:
                raise DeadlineRefused(no.rule.code) from no
            return Reply()

        command = CommandRef(timer.id, "timer", timer.kind, str(timer.id), b"")
        return Unit(command, work, (timer.stream,))

    def _mark(self, done: Sequence[UUID]) -> None:
        """What has fired is not looked at again. If this is lost, the commands' records say that it has fired."""
        with self._store.reading() as conn:
            conn.execute(
                "UPDATE timers SET done_at = %s WHERE id = ANY(%s) AND done_at IS NULL",
                (self._store.clock.now(), list(done)),
            )

    def _follow(self, clock: SimulatedClock) -> None:
        """Go where another replica has stepped the log's clock to."""
        with self._store.reading() as conn:
            row = conn.execute(LATEST_STEP, (CLOCK_STREAM, topic_of(ClockStepped))).fetchone()
        if row is not None:
            stepped = decode(ClockStepped.type_name, ClockStepped.type_version, row[0])
            assert isinstance(stepped, ClockStepped)
            clock.step(stepped.to)

    def step(self, clock: SimulatedClock, to: datetime, entered_by: str) -> bool:
        """Move a simulated clock forward, stopping at each deadline on the way so that it fires on its own day; says
        whether there was anything to move. Whatever interrupts it, the same step can be asked for again."""
        with self._stepping:
            self._follow(clock)
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


def delete_expired_answers(store: Store, most: int = 10_000) -> int:
    """Delete answers to people's commands that are older than ``ANSWERS_KEPT``; returns how many. The age is real:
    whoever repeats a request does not live on the log's simulated clock."""
    with store.reading() as conn:
        return conn.execute(
            "DELETE FROM commands WHERE ctid = ANY(ARRAY(SELECT ctid FROM commands"
            " WHERE decided_at < %s AND principal NOT IN ('lika', 'timer') LIMIT %s))",
            (SystemClock().now() - ANSWERS_KEPT, most),
        ).rowcount
