"""Rebuild a view from its log while everybody goes on: new tables are filled beside the live ones, caught up, compared
and swapped in.

Nobody waits: writers are not concerned, readers read the live tables until a renaming that takes milliseconds, and the
consumer waits for that moment only. Killed at any point, it leaves the live tables as they were.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import psycopg
from psycopg import Cursor

from contracts.canonical import UnknownType
from services.chassis.ground.failpoints import reach
from services.chassis.ground.messages import CHASSIS
from services.chassis.log.session import APPEND_LOCK
from services.chassis.views import blue_green, editions
from services.chassis.views.blue_green import Comparison, shadow
from services.chassis.views.folding import Folded, FoldTask
from services.chassis.views.rebuild_report import Compared, NotMigrated, OnProgress, RebuildRunning, Report, SwapRefused
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool

LOCK = 0x6C6B7262
"""First half of the advisory lock ("lkrb"); the second half is the view's name."""
PART = 20_000
"""Facts that a process folds at a time, about."""
FEW = 500
"""So few subjects left to catch up are folded while the consumer waits."""
MANY = 200_000
"""So many subjects that the live view does not know yet: there is nothing worth comparing."""
LOCK_TIMEOUT = 100
"""Milliseconds that readers may wait behind the swap while it waits for a longer reader."""
PATIENCE = 600.0
"""Seconds to try the swap again before giving up."""
GHOSTS_LEAVE = 2.0
"""Seconds given to the connection of a rebuild that was killed."""
PAUSE = 0.5
"""Seconds between two attempts."""


@dataclass
class Rebuild:
    """One view's rebuild. ``consumer``: the service's name, which is also its log's; ``log``: the one the view folds.
    ``prefetched_through``: the position up to which copies of that log are known to be complete, beyond the consumer's."""

    conninfo: str
    consumer: str
    log: str
    view: View[Any]
    workers: WorkerPool
    on_progress: OnProgress
    prefetched_through: int = 0

    def run(self, *, confirmed: bool) -> Report:
        """Raises ``RebuildRunning``, ``NotMigrated``, ``SwapRefused``, ``blue_green.NotRebuildable``,
        ``workers.FoldingFailed`` and ``UnknownType``. Differences that are not ``confirmed`` leave everything as it is,
        and are in the report."""
        started = time.perf_counter()
        view = self.view
        self._new = replace(view, tables=tuple(map(shadow, view.tables)))
        self._done, self._position = Folded(), 0
        with psycopg.connect(self.conninfo, autocommit=True) as conn, conn.cursor() as cur:
            cur.execute(
                "SET statement_timeout = 0"
            )  # sorting and comparing a province takes longer than any request may
            self._only_one(cur)
            same = self._same_columns(cur)
            blue_green.drop_shadows(cur, view.stored)
            try:
                self._fill(conn, cur)
                self._catch_up(conn, cur)
                for table in self._new.stored:
                    # Visible to all: lists and sums by index alone need not look at the table.
                    cur.execute(f'VACUUM (ANALYZE) "{table.name}"'.encode())
                reach("rebuild.caught_up")
                compared, found, waiting = self._compare(conn, cur, same=same)
                reach("rebuild.compared")
                swapped = confirmed or not found.rows
                if swapped:
                    found, waiting, swapped = self._swap(
                        conn, cur, found, waiting, compared=compared == "compared", confirmed=confirmed
                    )
                if swapped:
                    reach("rebuild.swapped")
                else:
                    blue_green.drop_shadows(cur, view.stored)
            except (Exception, KeyboardInterrupt):
                if not conn.closed:
                    blue_green.drop_shadows(cur, view.stored)
                raise
        done = self._done
        seconds = time.perf_counter() - started
        return Report(
            view.name, self._position, done.events, done.subjects, done.rows, seconds, compared,
            len(waiting), found, len(done.failed), swapped,
        )  # fmt: skip

    def _only_one(self, cur: Cursor[Any]) -> None:
        # What a rebuild that was killed is doing in the database ends within a second, and its lock with it.
        cur.execute("SET client_connection_check_interval = '1s'")
        deadline, pause = time.monotonic() + GHOSTS_LEAVE, threading.Event()
        while True:
            cur.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (LOCK, self.view.name))
            if (cur.fetchone() or (False,))[0]:
                return
            if time.monotonic() > deadline:
                raise RebuildRunning(CHASSIS.say("rebuild_running", view=self.view.name))
            pause.wait(0.1)

    def _same_columns(self, cur: Cursor[Any]) -> bool:
        """Whether the live tables are of this release's version."""
        there = [(blue_green.columns_of(cur, table), set(table.columns)) for table in self.view.stored]
        if lacking := sorted(column for has, wants in there for column in wants - has):
            raise NotMigrated(CHASSIS.say("rebuild_not_migrated", view=self.view.name, columns=", ".join(lacking)))
        return all(has == wants for has, wants in there)

    def _fill(self, conn: psycopg.Connection[Any], cur: Cursor[Any]) -> None:
        with conn.transaction():
            oids = blue_green.create_shadows(cur, self.view.stored)
        reach("rebuild.created")
        self._position = self._reached(cur)
        total, parts = self.view.reader.ranges(cur, self._position, PART)
        task = FoldTask(
            self.conninfo, self.consumer, self.view, self._position, self._new.tables, oids[: len(self._new.tables)]
        )
        self.on_progress(self.view.name, "folding", 0, total)
        for folded in self.workers.fold(task, parts):
            self._done.add(folded)
            self.on_progress(self.view.name, "folding", self._done.events, max(total, self._done.events))
        self.on_progress(self.view.name, "folding", self._done.events, self._done.events)
        self.on_progress(self.view.name, "indexing", 0, 1)
        for table in self._new.tables:
            if table.rollup is not None:
                table.rollup.fill(cur, table.name)
        blue_green.build_indexes(cur, self.view.stored)
        for key in self._done.failed:
            self._carry_over(cur, key)
        reach("rebuild.filled")

    def _reached(self, cur: Cursor[Any]) -> int:
        """As far as every fact of the log is at hand: in the log itself, or in the copies."""
        if self.view.reader.log is None:
            return self.view.reader.complete_through(cur)
        return max(self._cursor(cur), self.prefetched_through)

    def _cursor(self, cur: Cursor[Any]) -> int:
        """How far the live rows have come: with the log itself where commands write them."""
        if self.view.appended:
            return self.view.reader.complete_through(cur)
        cur.execute("SELECT position FROM cursors WHERE consumer = %s AND log = %s", (self.consumer, self.log))
        row = cur.fetchone()
        return int(row[0]) if row else 0

    def _catch_up(self, conn: psycopg.Connection[Any], cur: Cursor[Any]) -> None:
        """Fold what was said meanwhile, until little is left; each round has less than the one before."""
        before = 2**31
        while True:
            with conn.transaction():
                upto = self._reached(cur)
                keys = self.view.reader.changed_subjects(cur, self._position, upto, 2**31)
                self.on_progress(self.view.name, "catching_up", 0, len(keys))
                self._refold(conn, cur, keys, upto)
            self._position = upto
            if len(keys) <= FEW or len(keys) >= before:
                return
            before = len(keys)

    def _refold(self, conn: psycopg.Connection[Any], cur: Cursor[Any], keys: Sequence[Any], upto: int) -> None:
        left = iter(keys)
        while some := list(islice(left, FEW)):
            try:
                with conn.transaction():
                    self._done.events += self._new.refold(cur, self.consumer, some, upto)
            except (UnknownType, psycopg.OperationalError):
                raise
            except Exception as indigestible:  # noqa: BLE001 - somebody among them; alone it is known who
                if len(some) > 1:
                    for key in some:
                        self._refold(conn, cur, (key,), upto)
                else:
                    self._done.failed[some[0]] = type(indigestible).__name__
                    self._carry_over(cur, some[0])
            else:
                for key in some:
                    self._done.failed.pop(key, None)

    def _carry_over(self, cur: Cursor[Any], key: Any) -> None:
        subject = self.view.subject_of(key)
        for table in self.view.tables:
            shadow(table).replace(cur, [subject], ())
            shadow(table).copy(cur, table, [subject])

    def _waiting(self, cur: Cursor[Any], cursor: int, most: int) -> list[Any]:
        """Whose newest facts the live view does not know: the consumer will write them again."""
        cur.execute("SELECT position FROM parked WHERE consumer = %s AND log = %s", (self.consumer, self.log))
        parked = [] if self.view.appended else [position for (position,) in cur]
        found = self.view.reader.changed_subjects(cur, cursor, None, most, parked)
        return found if len(found) >= most else self.view.with_descendants(cur, found)

    def _compare(
        self, conn: psycopg.Connection[Any], cur: Cursor[Any], *, same: bool
    ) -> tuple[Compared, Comparison, list[Any]]:
        """With the live view, at one moment; the keys that could not be compared at it."""
        self.on_progress(self.view.name, "comparing", 0, 1)
        if not same:
            return "columns", Comparison(), []
        with conn.transaction():
            cur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor = self._cursor(cur)
            if cursor == 0 and self._position > 0:
                return "unread", Comparison(), []
            waiting = self._waiting(cur, min(cursor, self._position), MANY)
            if len(waiting) >= MANY:
                return "behind", Comparison(), []
            without = list(map(self.view.subject_of, waiting))
            found = sum((blue_green.compare(cur, t, without=without) for t in self.view.tables), Comparison())
        return "compared", found, waiting

    def _swap(
        self,
        conn: psycopg.Connection[Any],
        cur: Cursor[Any],
        found: Comparison,
        waiting: Sequence[Any],
        *,
        compared: bool,
        confirmed: bool,
    ) -> tuple[Comparison, list[Any], bool]:
        """Try until nobody reads for long. What differs then among those who could not be compared before, who still
        cannot, and whether it was swapped."""
        deadline, pause = time.monotonic() + PATIENCE, threading.Event()
        while True:
            try:
                with conn.transaction() as last:
                    self.on_progress(self.view.name, "swapping", 0, 1)
                    position, late, still = self._finish(conn, cur, waiting, compared=compared)
                    if late.rows and not confirmed:
                        raise psycopg.Rollback(last)
                    blue_green.swap(cur, self.view.stored)
                    if not self._done.failed:
                        editions.rebuilt(cur, self.view)
                self._position = max(self._position, position)
                return found + late, still, not late.rows or confirmed
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, _FarBehind) as busy:
                if isinstance(busy, _FarBehind):
                    self._catch_up(conn, cur)
                if time.monotonic() > deadline:
                    raise SwapRefused(CHASSIS.say("rebuild_swap_refused", view=self.view.name)) from None
                pause.wait(PAUSE)

    def _finish(
        self, conn: psycopg.Connection[Any], cur: Cursor[Any], waiting: Sequence[Any], *, compared: bool
    ) -> tuple[int, Comparison, list[Any]]:
        """In the last transaction: hold the consumer, fold what it has digested since, and compare those who could not
        be compared before. Whoever waits still is left out: the consumer will write them again."""
        cur.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT}".encode())
        cursor = self._hold(cur)
        touched = (
            self.view.reader.changed_subjects(cur, self._position, cursor, FEW + 1) if cursor > self._position else []
        )
        if len(touched) > FEW:
            raise _FarBehind
        self._refold(conn, cur, touched, cursor)
        if not compared:
            return cursor, Comparison(), []
        still = set(self._waiting(cur, cursor, MANY))
        changed = self.view.with_descendants(cur, touched, cursor)
        known = [key for key in dict.fromkeys((*waiting, *changed)) if key not in still]
        subjects = list(map(self.view.subject_of, known))
        late = sum((blue_green.compare(cur, t, only=subjects) for t in self.view.tables), Comparison())
        return cursor, late, list(still)

    def _hold(self, cur: Cursor[Any]) -> int:
        """Hold whoever writes the live rows until this transaction ends; how far they have come."""
        if self.view.appended:
            cur.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
            return self._cursor(cur)
        cur.execute("INSERT INTO cursors VALUES (%s, %s, 0) ON CONFLICT DO NOTHING", (self.consumer, self.log))
        cur.execute(
            "SELECT position FROM cursors WHERE consumer = %s AND log = %s FOR UPDATE", (self.consumer, self.log)
        )
        return int((cur.fetchone() or (0,))[0])


class _FarBehind(Exception):
    """More was said since the last round than should be folded while the consumer waits."""
