"""One snapshot of a service's database for whoever reads it many times: all of its answers are of one instant, however the log
moves meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from services.chassis.log.statements import SNAPSHOT

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``database``: of which service; ``instant``: at which it was taken, on the clock of the service's log."""

    database: str
    connection: Connection
    instant: datetime


_held: ContextVar[Snapshot | None] = ContextVar("snapshot", default=None)


def held_snapshot(database: str) -> Snapshot | None:
    """The snapshot of this database that whatever runs now has to read."""
    held = _held.get()
    return held if held is not None and held.database == database else None


@contextmanager
def holding(database: str, conn: Connection, now: Callable[[Connection], datetime]) -> Iterator[Snapshot]:
    """Take a snapshot on this connection, and have everybody in this context read it."""
    conn.execute(SNAPSHOT.text)
    try:
        snapshot = Snapshot(database, conn, now(conn))
        token = _held.set(snapshot)
        try:
            yield snapshot
        finally:
            _held.reset(token)
    finally:
        conn.commit()  # as in ``Store.on_snapshot``
