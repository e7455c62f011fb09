"""The store of one service: its append-only log behind the eventsourcing library's recorder, read pool and leader."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import tuple_row

from contracts.accounts import SYSTEM_ACTOR
from contracts.facts import Recorded
from services.chassis.ground.clock import TICK, Clock
from services.chassis.ground.metrics import commit_group_size, commit_seconds, log_head
from services.chassis.log.command_record import Outcome
from services.chassis.log.dry_run import DryRun, dry_run
from services.chassis.log.entries import COLUMNS, Entry, decode_row
from services.chassis.log.formats import AdmittedFormats
from services.chassis.log.group_commit import Leader
from services.chassis.log.head_poller import POLL_INTERVAL, HeadPoller
from services.chassis.log.needs import Claim, Needs
from services.chassis.log.pipeline import keep_prepared
from services.chassis.log.recorder import LogRecorder, checking_pool
from services.chassis.log.session import APPEND_LOCK, Session
from services.chassis.log.snapshot import Snapshot, held_snapshot, holding
from services.chassis.log.unit import Tx, Unit
from services.chassis.postgres.accounts import LOG_SCHEMA

R = TypeVar("R")

CLOSING_STEP = timedelta(seconds=1)
"""How coarsely an idle log's closed instant moves; each move is a commit."""

WAIT = 10.0
"""Seconds to wait for a pooled connection before the database counts as away."""

CONNECT = 5
"""Seconds to wait for a new connection."""

STREAM = f"SELECT {COLUMNS} FROM log WHERE originator_id = %s ORDER BY originator_version".encode()
PAGE = (
    "SELECT greatest(closed_through, (SELECT recorded_at FROM log ORDER BY notification_id DESC LIMIT 1) + %s),"
    f" entries.* FROM closing LEFT JOIN LATERAL (SELECT {COLUMNS} FROM log"
    " WHERE notification_id > %s ORDER BY notification_id LIMIT %s) AS entries ON true ORDER BY notification_id"
).encode()


@dataclass(frozen=True, slots=True)
class Head:
    """``position`` of the last fact, and the instant before which nothing will ever be added."""

    position: int
    closed_through: datetime


class Store:
    """Opened once per process and service; closed with ``close``. ``name`` is the log's name."""

    def __init__(self, name: str, conninfo: str, clock: Clock, *, readers: int = 8) -> None:
        self.name, self.clock = name, clock
        where = {"connect_timeout": CONNECT, **conninfo_to_dict(conninfo)}
        self._conninfo = make_conninfo("", **where)
        self._datastore = PostgresDatastore(
            dbname=str(where.get("dbname", name)),
            host=str(where.get("host", "")),
            port=str(where.get("port") or "5432"),
            user=str(where.get("user", "postgres")),
            password=str(where.get("password") or ""),
            pool_size=2,
            max_overflow=readers,
            connect_timeout=WAIT,
            originator_id_type="text",
            schema=LOG_SCHEMA,
        )
        # What else the connection string says (TLS, options) holds for readers as it does for the leader; and after an
        # outage the pool asks again soon instead of waiting as long as the outage was.
        assert isinstance(self._datastore.pool.kwargs, dict)
        self._datastore.pool.kwargs.update(where)
        self._datastore.pool.reconnect_timeout = WAIT
        self._appended = threading.Condition()
        self._head = 0
        self._opened = 0.0  # when the leader began its latest transaction
        self._head_poller = HeadPoller(self.connect)
        self.poll_interval = POLL_INTERVAL  # of what other processes append
        self._admitted = AdmittedFormats()
        self.confirm_replica: Callable[[], None] = lambda: None  # before each use, by whoever registered a replica
        self._leader = Leader(name, self._leading_connection, self._open_session, self._committed)
        self.recorder = LogRecorder(self._datastore, self._leader.submit)
        self._leader.start()

    def close(self) -> None:
        self._leader.stop()
        self._head_poller.close()
        self._datastore.close()

    def waiting(self) -> int:
        """Commands that wait for the next commit."""
        return self._leader.waiting()

    def submit(self, unit: Unit) -> "Future[Outcome]":
        """Hand a command's unit to group commit."""
        return self._leader.submit(unit)

    def submit_async(self, unit: Unit) -> "asyncio.Future[Outcome]":
        """``submit`` for a coroutine, which holds neither thread nor connection while it waits."""
        return self._leader.submit_async(unit)

    def transact(
        self,
        work: Callable[[Tx], R],
        *,
        actor: str = SYSTEM_ACTOR,
        appends: bool = True,
        command_id: UUID | None = None,
        first: Callable[["psycopg.Cursor[Any]"], None] | None = None,
    ) -> R:
        """Run one unit in a transaction of its own, for consumers and timers. Raises what ``work`` raises.
        A unit that only moves views says ``appends=False`` and does not hold up the writers. ``first`` comes before the
        append lock is asked for: what it waits for, the writers do not."""
        with self.reading() as conn:
            with conn.transaction(), conn.cursor() as cur:
                if first is not None:
                    first(cur)
                session = Session(self.name, cur, self.clock, appends=appends, admitted=self._admitted)
                tx = Tx(session, command_id or uuid4(), actor)
                result = work(tx)
                tx.finish()
                session.flush()
            self._moved(session.head)
        return result

    def dry_run(self, unit: Unit) -> DryRun:
        """What would become of a unit now. On a snapshot, so that it waits for nobody and nobody for it."""
        with self.reading() as conn:
            return dry_run(self.name, conn, self.clock, unit, self._admitted)

    def on_snapshot(
        self, work: Callable[[Tx], R], *streams: str, claims: tuple[Claim, ...] = (), versions: tuple[str, ...] = ()
    ) -> R:
        """What a unit reads now, on one snapshot and without the lock; what is named is fetched at once. Raises what ``work`` raises."""
        with self.reading() as conn:
            try:
                with conn.cursor() as cur:
                    needs = [Needs(None, streams, claims, versions)]
                    session = Session(self.name, cur, self.clock, needs=needs, dry_run=True, admitted=self._admitted)
                    return work(Tx(session, uuid4(), "reader"))
            finally:
                if held_snapshot(self.name) is None:
                    conn.commit()  # nothing can be written on it, and after a rollback every statement would be prepared anew

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """All that this context reads of this store within is of one instant. To be short: PostgreSQL cannot clean up behind it."""
        if (held := held_snapshot(self.name)) is not None:
            yield held
            return
        with self.reading() as conn, holding(self.name, conn, self._now) as snapshot:
            yield snapshot

    @contextmanager
    def reading(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        """A pooled connection with tuple rows, autocommit until a transaction is opened; within a ``snapshot``, its own.
        Raises psycopg's errors as they are (the library's would hide whether the database is away)."""
        if (held := held_snapshot(self.name)) is not None:
            yield held.connection
            return
        self.confirm_replica()
        with self.pooled() as conn:
            yield conn

    @contextmanager
    def pooled(self, timeout: float | None = None) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        """``reading`` for whoever confirms the replica. ``timeout``: seconds to wait for it."""
        with checking_pool(self._datastore.pool), self._datastore.pool.connection(timeout) as conn:
            plain: psycopg.Connection[Any] = conn
            usual = plain.row_factory
            plain.row_factory = tuple_row
            try:
                yield plain
            finally:
                plain.row_factory = usual

    def stream(self, stream: str) -> tuple[Recorded, ...]:
        """One stream as it stands."""
        with self.reading() as conn, conn.cursor(binary=True) as cur:
            # All at once: psycopg hands out single rows at twice the cost.
            rows = cur.execute(STREAM, (stream,), prepare=True).fetchall()
        return tuple([decode_row(self.name, row) for row in rows])

    def first(self) -> Entry | None:
        """The log's first entry; of a simulated log it declares the clock. Whether this release can read it is another
        question: a log that a later one began must not keep the house shut."""
        entries, _ = self.page(0, 1)
        return entries[0] if entries else None

    def head(self) -> Head:
        """The end of the log. When nobody is appending, the closed instant moves up to now and is kept, so that no
        later fact can be recorded before it even if the machine's clock jumps back."""
        with self.reading() as conn, conn.transaction(), conn.cursor() as cur:
            cur.execute("SELECT pg_try_advisory_xact_lock(%s)", (APPEND_LOCK,))
            idle = bool((cur.fetchone() or (False,))[0])
            cur.execute(
                "SELECT coalesce(max(notification_id), 0), max(recorded_at), (SELECT closed_through FROM closing)"
                " FROM (SELECT * FROM log ORDER BY notification_id DESC LIMIT 1) AS last"
            )
            row = cur.fetchone()
            assert row is not None
            closed: datetime = max(i for i in (row[1] and row[1] + TICK, row[2]) if i is not None)
            now = self.clock.now()
            if idle and now - closed > CLOSING_STEP:
                cur.execute("UPDATE closing SET closed_through = %s", (now,))
                closed = now
            return Head(row[0], closed)

    def now(self) -> datetime:
        """Now, or the instant of the last fact where that is later: under a clock that stands still, what was recorded
        before midnight can bear an instant after it."""
        if (held := held_snapshot(self.name)) is not None:
            return held.instant
        with self.reading() as conn:
            return self._now(conn)

    def _now(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> datetime:
        last = conn.execute("SELECT recorded_at FROM log ORDER BY notification_id DESC LIMIT 1").fetchone()
        return max(self.clock.now(), last[0]) if last else self.clock.now()

    def page(self, after: int, limit: int) -> tuple[list[Entry], datetime]:
        """At most ``limit`` entries after a position, and the instant up to which they are all there will ever be. One
        statement, so one snapshot: what it calls closed is among what it shows."""
        with self.reading() as conn, conn.cursor(binary=True) as cur:
            rows = cur.execute(PAGE, (TICK, after, limit), prepare=True).fetchall()
        entries = [Entry(*row[1:]) for row in rows if row[1] is not None]
        if not entries:
            return entries, rows[0][0]
        return entries, entries[-1].recorded_at if len(entries) == limit else rows[0][0]

    def wait_beyond(self, position: int, timeout: float, stop: threading.Event | None = None) -> None:
        """Block until the log goes beyond ``position``, at most ``timeout`` seconds; ``wake`` ends it where ``stop`` is
        set. What this process commits is known at once, what another one does after ``poll_interval`` seconds at the latest.
        Raises psycopg's errors where the database is away."""

        def over() -> bool:
            return self._head > position or (stop is not None and stop.is_set())

        began = time.monotonic()
        while True:
            latest = max(began, self._head_poller.polled_at)
            with self._appended:
                until = min(latest + self.poll_interval, began + timeout)
                if self._appended.wait_for(over, max(0.0, until - time.monotonic())) or until >= began + timeout:
                    return
            self._moved(self._head_poller.poll(unless_since=latest))

    def wake(self) -> None:
        """Let those who wait look at their ``stop``."""
        with self._appended:
            self._appended.notify_all()

    def position(self) -> int:
        """Position of the last fact; cheaper than ``head``, and moves nothing."""
        with self.reading() as conn:
            row = conn.execute("SELECT coalesce(max(notification_id), 0) FROM log").fetchone()
        assert row is not None
        return int(row[0])

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection outside the pool, for who keeps one."""
        return psycopg.connect(self._conninfo, autocommit=True)

    def _leading_connection(self) -> "psycopg.Connection[tuple[Any, ...]]":
        conn = self.connect()
        # The leader asks the same few questions by index over and over; planning each anew costs more than answering.
        conn.execute("SET plan_cache_mode = force_generic_plan")
        conn.execute("SET enable_seqscan = off")
        keep_prepared(conn)
        return conn

    def _open_session(self, cur: "psycopg.Cursor[Any]", units: Sequence[Unit]) -> Session:
        self.confirm_replica()
        self._opened = time.perf_counter()
        return Session(self.name, cur, self.clock, needs=[unit.needs for unit in units], admitted=self._admitted)

    def _committed(self, units: int, head: int) -> None:
        commit_group_size.labels(self.name).observe(units)
        commit_seconds.labels(self.name).observe(time.perf_counter() - self._opened)
        self._moved(head)

    def _moved(self, head: int) -> None:
        with self._appended:
            self._head = max(self._head, head)
            log_head.labels(self.name).set(self._head)
            self._appended.notify_all()
