"""The living replicas of a service: each registers in the service's database with what it can read, and is seen there by
its heartbeat. All of it is on the database's clock; a process compares nothing but durations of its own.

A replica that was not seen for ``FORGOTTEN`` seconds is dead for the others. It knows that by itself before they do:
whatever it reads or writes after ``LEASE`` seconds without a heartbeat waits for one, so a process that stood still
registers again before it goes on, or finds that its release has been left behind.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import structlog

from services.chassis.ground.background import Background
from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.ground.refusals import Unavailable, rule
from services.chassis.ground.release import release
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.log.session import APPEND_LOCK
from services.chassis.log.store import Store
from services.chassis.postgres.heartbeats import FORGOTTEN, LIVES

HEARTBEAT = 1.0
"""Seconds from one heartbeat to the next."""
LEASE = FORGOTTEN / 2
"""Seconds after the latest heartbeat, from when it was sent, for which a replica may believe that others see it."""
LOCK_SECONDS = 30
"""How long registering waits for the append lock; a process that stands still with it loses it sooner."""

REGISTER = """
INSERT INTO replicas (id, release, formats, started_at, seen_at)
VALUES (%(id)s, %(release)s, %(formats)s, clock_timestamp(), clock_timestamp())
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
"""
UNREADABLE = "SELECT format FROM admitted_formats WHERE NOT format = ANY (%s) ORDER BY format"
OTHERS = f"SELECT count(*) FROM replicas WHERE {LIVES} AND (release <> %(release)s OR NOT %(formats)s <@ formats)"
BEAT = f"""
WITH mine AS (UPDATE replicas SET seen_at = clock_timestamp() WHERE id = %(id)s AND {LIVES} RETURNING formats)
SELECT (SELECT array_agg(format) FROM admitted_formats WHERE NOT format = ANY (mine.formats)),
    ({OTHERS}), clock_timestamp() FROM mine
"""

RELEASE_OUTDATED = rule(
    "release_outdated",
    zh="应答的副本版本较旧，读不懂此后记录的内容；请重试，由其他副本处理。管理员须停止或升级这个副本。",
    en="The replica that answered is of a former release and cannot read what has been recorded since. Try again, for another"
    " one to answer; the operator has to stop or upgrade this one.",
    source="docs/decisions/0046-replicas-and-upgrades.md",
    status=503,
)

CLOCK_AHEAD = rule(
    "clock_ahead",
    zh="应答的副本所在机器的时钟走快了：照它记录会把日志关到将来，所以它暂不办理；请稍后重试。管理员须校准这台机器的时钟。",
    en="The machine of the replica that answered has a clock that is ahead: recording by it would close the log into the future, so it"
    " does nothing. Try again later; the operator has to set the machine's clock.",
    source="docs/decisions/0046-replicas-and-upgrades.md",
    status=503,
)
MOST_AHEAD = timedelta(seconds=30)
"""By how much a machine's clock may be before the database's. One that is behind does no harm: nothing is recorded before what the
log ends with."""

log = structlog.get_logger("lika.replicas")


class ReleaseOutdated(ExplainedError):
    """This release cannot read formats that are in use in a service's database."""

    def __init__(self, service: str, formats: Iterable[str]) -> None:
        self.formats = tuple(formats)
        super().__init__(CHASSIS.say("release_too_old", service=service, formats=list(self.formats), release=release()))


class ClockAhead(ExplainedError):
    """This machine's clock is so far ahead of the database's that the log would be closed into the future."""

    def __init__(self, service: str, ahead: timedelta) -> None:
        super().__init__(CHASSIS.say("clock_ahead_of_database", service=service, seconds=int(ahead.total_seconds())))


def require_readable(store: Store, formats: frozenset[str]) -> None:
    """Raises ``ReleaseOutdated`` where a format is in use that is not among these."""
    with store.reading() as conn:
        _require_readable(conn, store.name, formats)


def _require_readable(conn: "psycopg.Connection[Any]", service: str, formats: Iterable[str]) -> None:
    if unreadable := [name for (name,) in conn.execute(UNREADABLE, (list(formats),))]:
        raise ReleaseOutdated(service, unreadable)


def replicas_of_other_releases(conn: "psycopg.Connection[Any]", formats: frozenset[str]) -> int:
    """How many living replicas are of another release, or cannot read all of these formats."""
    row = conn.execute(OTHERS, {"release": release(), "formats": sorted(formats)}).fetchone()
    return row[0] if row else 0


class Replica(Background):
    """This process, as one of the replicas of a service. ``alone_in_release``: whether no living replica is of another
    release, as of the latest heartbeat; ``on_beat`` hears of each, ``on_outdated`` when the release has been left behind."""

    def __init__(
        self, store: Store, formats: frozenset[str], on_beat: Callable[[], None], on_outdated: Callable[[], None]
    ) -> None:
        super().__init__(f"{store.name}-replica")
        self._store, self._formats = store, formats
        self._on_beat, self._on_outdated = on_beat, on_outdated
        self._mine = {"id": uuid4(), "release": release(), "formats": sorted(formats)}
        self._beating = threading.Lock()
        self._sent = 0.0
        self._failed: tuple[float, psycopg.Error] | None = None
        self._outdated = False
        self._ahead = timedelta(0)
        self.alone_in_release = False

    def register(self) -> None:
        """From now on the others count with this replica, and its store works only while they do. Raises
        ``ReleaseOutdated``, ``ClockAhead``, and psycopg's errors."""
        with self._beating:
            self._register()
            self._beat()
        if self._ahead > MOST_AHEAD:
            raise ClockAhead(self._store.name, self._ahead)
        self._store.confirm_replica = self.confirm

    def run(self) -> None:
        try:
            self._beat_until_halted()
        finally:
            self._leave()

    def _beat_until_halted(self) -> None:
        while not self._halt.wait(HEARTBEAT):
            try:
                with self._beating:
                    self._beat()
                self._on_beat()
            except ReleaseOutdated:
                return
            except UNREACHABLE as away:
                log.warning("heartbeat_waits", service=self._store.name, kind=type(away).__name__)
            except Exception as unexpected:  # noqa: BLE001 - without its heartbeat the replica would not exist
                log.error("heartbeat_failing", service=self._store.name, kind=type(unexpected).__name__)

    def stop(self) -> None:
        super().stop()
        if self.ident is None:  # it never began
            self._leave()

    def _leave(self) -> None:
        """Those who wait for a former release to go need not wait until it is forgotten. By the thread itself, which is left
        behind where the database hangs."""
        with suppress(*UNREACHABLE), self._store.pooled(1.0) as conn:
            conn.execute("DELETE FROM replicas WHERE id = %(id)s", self._mine)

    def confirm(self) -> None:
        """Others see this replica, or this raises: psycopg's errors, or ``Unavailable`` where its release is outdated or its
        clock ahead. Whoever
        waited while a heartbeat failed shares its failure: each with an attempt of its own, they would wait in a row."""
        asked = time.monotonic()
        if asked - self._sent > LEASE and not self._outdated:
            with suppress(ReleaseOutdated), self._beating:
                if self._failed is not None and self._failed[0] >= asked:
                    raise type(self._failed[1])(str(self._failed[1])) from self._failed[1]
                if time.monotonic() - self._sent > LEASE:
                    self._beat()
        if self._outdated:
            raise Unavailable(RELEASE_OUTDATED)
        if self._ahead > MOST_AHEAD:
            raise Unavailable(CLOCK_AHEAD, seconds=int(self._ahead.total_seconds()))

    def _beat(self) -> None:
        sent, asked = time.monotonic(), self._store.clock.now()
        try:
            with self._store.pooled(FORGOTTEN) as conn:
                row = conn.execute(BEAT, self._mine).fetchone()
        except psycopg.Error as away:
            self._failed = (time.monotonic(), away)
            raise
        if row is None:
            # Forgotten, or the table is that of a backup.
            log.warning("replica_registers_again", service=self._store.name)
            self._register()
            return
        unreadable, others, now = row
        # The database looked at its clock after this one was looked at: however long the answer took, none seems ahead that is not.
        self._ahead = timedelta(0) if self._store.clock.simulated else asked - now
        if unreadable:
            self._withdraw(ReleaseOutdated(self._store.name, unreadable))
        self.alone_in_release, self._sent = not others, sent

    def _register(self) -> None:
        sent = time.monotonic()
        with self._store.pooled() as conn, conn.transaction():
            conn.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            # Nobody appends meanwhile: what is admitted after this was admitted knowing of this replica.
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
            try:
                _require_readable(conn, self._store.name, self._formats)
            except ReleaseOutdated as outdated:
                self._withdraw(outdated)
            conn.execute(f"DELETE FROM replicas WHERE NOT ({LIVES})")
            conn.execute(REGISTER, self._mine)
        self._sent = sent

    def _withdraw(self, outdated: ReleaseOutdated) -> None:
        self._outdated = True
        log.critical("release_outdated", service=self._store.name, count=len(outdated.formats))
        self._on_outdated()
        raise outdated
