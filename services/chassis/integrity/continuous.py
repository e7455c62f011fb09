"""The thread of a service that writes digests down and compares, at a small share of the time, as long as the service runs.

Of several replicas the one that holds a session lock does it, on the connection that holds it. In a round, every ``ROUND``
seconds, new entries' digests are written down; every ``NEWEST_EVERY`` seconds the newest stretches are compared again (at the
start many of them); in between a pass goes through the whole log, stretch by stretch, and goes on after a restart where it
stood. Where the database counts rows of these tables as rewritten, the pass begins anew and hurries.
"""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from services.chassis.ground.background import Background
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.integrity import record
from services.chassis.integrity.comparing import Copied, compare_copy, compare_log
from services.chassis.integrity.record import Progress
from services.chassis.integrity.verdicts import Difference
from services.chassis.integrity.writing import write_own, write_published
from services.chassis.log.digests import STRETCH, DatabaseConnection, written_through
from services.chassis.log.session import APPEND_LOCK
from services.chassis.log.store import Store

COMPARISON_LOCK = APPEND_LOCK + 2
"""Key of the session lock, beside that of the relay."""
ROUND = 5.0
"""Seconds from one look for new entries to the next: how long an entry stands without a digest while there is no rush."""
NEWEST_EVERY = 30.0
NEWEST, NEWEST_AT_START = 4, 64
"""Stretches at a log's end that are compared again and again, and once at the start."""
PASS_EVERY = 60.0
"""Seconds between the beginnings of two passes through a whole log, at least."""
HURRY = 0.5
"""Share of the time that comparing takes when rows were rewritten, and at the start."""
STANDBY = 5.0
"""Seconds between two tries to take the lead."""

log = structlog.get_logger("lika.integrity")


class Pause(Protocol):
    def __call__(self, worked: float, *, hurried: bool) -> bool: ...


class ContinuousComparison(Background):
    """Of one service. ``failing``: what keeps it from comparing, if anything; ``open_differences``: as of the last round,
    whichever replica found them."""

    def __init__(self, store: Store, copied: Sequence[Copied] = (), *, share: float = 0.01) -> None:
        """``share``: of the time, that it may spend on comparing what is older."""
        super().__init__(f"{store.name}-integrity")
        self._store, self._share = store, share
        self._parts: list[Part] = [Part(store, None), *(Part(store, c) for c in copied)]
        self.failing: str | None = None
        self.open_differences = 0

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                with self._store.connect() as conn:
                    self._take_turns(conn)
                self.failing = None
            except UNREACHABLE as away:
                log.info("integrity_waits", service=self._store.name, kind=type(away).__name__)
                self._halt.wait(1)
            except Exception as unexpected:  # noqa: BLE001 - a dead thread would go unnoticed; a failing one is told
                self.failing = type(unexpected).__name__
                log.error("integrity_failing", service=self._store.name, kind=self.failing)
                self._halt.wait(1)

    def _take_turns(self, conn: DatabaseConnection) -> None:
        while not self._leads(conn):
            self.open_differences = record.count_open(conn)
            if self._halt.wait(STANDBY):
                return
        for part in self._parts:
            part.begin(conn)
        while not self._halt.is_set():
            self.round(conn, ROUND)
        # Nothing that came last is to stand without a digest while the service is down.
        while write_own(conn, self._store.name)[0]:
            pass

    def _leads(self, conn: DatabaseConnection) -> bool:
        row = conn.execute("SELECT pg_try_advisory_lock(%s)", (COMPARISON_LOCK,)).fetchone()
        return bool(row and row[0])

    def round(self, conn: DatabaseConnection, seconds: float) -> None:
        """Write down what is new, compare what is due, and go on with the passes until the round is over, by one stretch of
        each log at least."""
        until = time.monotonic() + seconds
        for part in self._parts:
            self._unless_away(part, lambda p=part: p.newest(conn, self._pause))  # type: ignore[misc]
        self.open_differences = record.count_open(conn)
        while self._go_on(conn) and time.monotonic() < until:
            pass
        for part in self._parts:
            part.save(conn)
        self.open_differences = record.count_open(conn)
        self._halt.wait(max(0.0, until - time.monotonic()))

    def _go_on(self, conn: DatabaseConnection) -> bool:
        """The next stretch of every log's pass; whether there was any."""
        went = [self._unless_away(p, lambda p=p: p.older(conn, self._pause)) for p in self._parts]  # type: ignore[misc]
        return any(went)

    def _unless_away(self, part: "Part", work: Callable[[], bool]) -> bool:
        """A producer that is away keeps nobody from comparing the rest."""
        if self._halt.is_set():
            return False
        try:
            return work()
        except UNREACHABLE as away:
            if part.is_own:
                raise
            log.info("integrity_waits", service=self._store.name, log=part.log, kind=type(away).__name__)
            return False

    def _pause(self, worked: float, *, hurried: bool) -> bool:
        """Rest after so many seconds of work; whether to go on."""
        share = max(self._share, HURRY) if hurried else self._share
        return not self._halt.wait(worked * (1 / share - 1))


class Part:
    """One log that a service compares: its own, or its copy of another's."""

    def __init__(self, store: Store, copied: Copied | None) -> None:
        self._store, self._copied = store, copied
        self.log = copied.log if copied else store.name
        self.is_own = copied is None
        self._progress: Progress | None = None
        self._newest_due = 0.0
        self._at_start = True
        self._hurried = False

    def begin(self, conn: DatabaseConnection) -> None:
        """Take up where the comparison stood."""
        self._progress = record.load_progress(conn, self.log, SystemClock().now())
        self.save(conn)
        self._at_start, self._newest_due = True, 0.0

    def save(self, conn: DatabaseConnection) -> None:
        if self._progress is not None:
            record.save_progress(conn, self._progress)

    def newest(self, conn: DatabaseConnection, pause: Pause) -> bool:
        """Write down digests of what is new, and compare the log's newest end where that is due."""
        progress = self._loaded()
        if (counted := record.rewritten(conn)) != progress.rewritten:
            log.warning("append_only_rows_rewritten", service=self._store.name, log=self.log)
            progress.rewritten, self._hurried, self._newest_due = counted, True, 0.0
            progress.stretch, progress.pass_began = 0, SystemClock().now()
            progress.pass_completed = None
        began, going = time.monotonic(), True
        while going and self._write(conn):
            worked, began = time.monotonic() - began, time.monotonic()
            going = pause(worked, hurried=True)
        if began < self._newest_due:
            return True
        through = written_through(conn, self.log)
        last = (through - 1) // STRETCH
        for stretch in range(last, max(-1, last - (NEWEST_AT_START if self._at_start else NEWEST)), -1):
            began = time.monotonic()
            self._compare(conn, stretch, read_entries=False)
            if not pause(time.monotonic() - began, hurried=True):
                return False
        self._at_start, self._newest_due = False, time.monotonic() + NEWEST_EVERY
        progress.newest_compared, progress.compared_through = SystemClock().now(), through
        return True

    def older(self, conn: DatabaseConnection, pause: Pause) -> bool:
        """Compare the next stretch of the pass through the whole log; whether there was one."""
        progress, now = self._loaded(), SystemClock().now()
        if progress.stretch == 0:
            if progress.pass_completed and (now - progress.pass_began).total_seconds() < PASS_EVERY:
                return False
            progress.pass_began = now
        began = time.monotonic()
        self._compare(conn, progress.stretch, read_entries=True)
        progress.stretch += 1
        if progress.stretch * STRETCH >= written_through(conn, self.log):
            progress.pass_completed, progress.stretch, self._hurried = SystemClock().now(), 0, False
        pause(time.monotonic() - began, hurried=self._hurried)
        return True

    def _write(self, conn: DatabaseConnection) -> bool:
        if self._copied is None:
            written, gap = write_own(conn, self.log)
            if gap:
                self._report(conn, gap[0].position - 1, gap[0].position, gap)
            return written > 0 and not gap
        after, through, found = write_published(conn, self._copied, self._cursor(conn))
        if through > after:
            self._report(conn, after, through, found)
        return through > after

    def _compare(self, conn: DatabaseConnection, stretch: int, *, read_entries: bool) -> None:
        after = stretch * STRETCH
        through = min(after + STRETCH, written_through(conn, self.log))
        if self._copied is None:
            found = compare_log(conn, self.log, stretch)
        else:
            found = compare_copy(conn, self._copied, stretch, read_entries=read_entries)
        self._report(conn, after, through, found)

    def _report(self, conn: DatabaseConnection, after: int, through: int, found: Sequence[Difference]) -> None:
        for new in record.record_differences(conn, self.log, after, through, found, SystemClock().now()):
            log.error(
                "log_differs", service=self._store.name, log=new.log, position=new.position, kind=str(new.altered)
            )

    def _cursor(self, conn: DatabaseConnection) -> int:
        row = conn.execute(
            "SELECT position FROM cursors WHERE consumer = %s AND log = %s", (self._store.name, self.log)
        ).fetchone()
        return int(row[0]) if row else 0

    def _loaded(self) -> Progress:
        assert self._progress is not None
        return self._progress
