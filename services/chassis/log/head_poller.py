"""Seeing what another process appended: a look at the head of the log every ``POLL_INTERVAL`` seconds.

Not LISTEN: a commit that notifies holds a lock of the whole PostgreSQL server until it is on disk, so that the services'
appends would wait for one another. A look is one prepared statement on a connection of its own, straight on libpq (as a
reader's page or through psycopg it costs twice to four times as much), and all who wait in a process share it: measured
at rest, one consumer alone takes 1.2 % of a core for everything, half of it in PostgreSQL, and four take 0.6 % each.
"""

import threading
import time
from collections.abc import Callable

import psycopg
from psycopg.pq import ExecStatus

POLL_INTERVAL = 0.05
"""Seconds from one look to the next, while anybody waits."""
HEAD = b"SELECT coalesce(max(notification_id), 0) FROM log"
NAME = b"lika_head"


class HeadPoller:
    """The head of one log, as of the latest look. For all threads of a process."""

    def __init__(self, connect: "Callable[[], psycopg.Connection[tuple[object, ...]]]") -> None:
        self._connect = connect
        self._conn: psycopg.Connection[tuple[object, ...]] | None = None
        self._looking = threading.Lock()
        self._head = 0
        self.polled_at = 0.0
        """When the latest look began, by the monotonic clock."""

    def poll(self, unless_since: float) -> int:
        """Position of the last entry. Nothing is asked where somebody has looked after ``unless_since``. Raises
        psycopg's errors where the database is away."""
        with self._looking:
            if self.polled_at <= unless_since:
                self.polled_at = time.monotonic()
                self._head = self._ask()
            return self._head

    def _ask(self) -> int:
        try:
            if self._conn is None:
                self._conn = self._connect()
                self._conn.pgconn.prepare(NAME, HEAD)
            answer = self._conn.pgconn.exec_prepared(NAME, [])
            if answer.status != ExecStatus.TUPLES_OK:
                raise psycopg.OperationalError("the head of the log could not be read")
        except psycopg.Error:
            self._hang_up()
            raise
        return int(answer.get_value(0, 0) or 0)

    def close(self) -> None:
        with self._looking:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None
