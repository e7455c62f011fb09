"""The eventsourcing library's recorder over our log: its interfaces kept, its traps left out (no table lock, no second
way to append: what it is given goes through group commit like everything else)."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import IntegrityError, InterfaceError, Notification, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.unit import StreamMoved, Tx, Unit


@contextmanager
def checking_pool(pool: ConnectionPool[Any]) -> Iterator[None]:
    """A connection that broke is rarely alone: the others are looked at before the next reader is given one."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError):
        pool.check()
        raise


class LogRecorder(PostgresApplicationRecorder):
    """What the library's applications, projections and tools can be put on."""

    def __init__(self, datastore: PostgresDatastore, submit: Callable[[Unit], "Future[Outcome]"]) -> None:
        super().__init__(datastore, events_table_name="log")
        self._submit = submit

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append stored events at their versions; raises ``IntegrityError`` when a stream has moved on."""
        if not stored_events:
            return []
        command = CommandRef(uuid4(), "recorder", "insert_events", "", b"")
        stream, version = str(stored_events[0].originator_id), stored_events[0].originator_version
        first: list[int] = []

        def work(tx: Tx) -> Reply:
            # Its versions are record enough: a commit whose answer was lost has left this very command there.
            if tx.version(stream) >= version and (there := tx.load(stream)[version - 1]).command_id == tx.command_id:
                first.append(there.position)
                return Reply()
            first.append(tx.head + 1)
            for stored in stored_events:
                tx.append_stored(stored)
            return Reply()

        extends = tuple(str(e.originator_id) for e in stored_events)
        try:
            self._submit(Unit(command, work, extends=extends, remembered=False)).result()
        except StreamMoved as moved:
            raise IntegrityError(str(moved)) from moved
        return range(first[-1], first[-1] + len(stored_events))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """One stream, oldest first unless ``desc``."""
        return self._select(
            "originator_id = %s AND originator_version > %s AND originator_version <= %s"
            f" ORDER BY originator_version {'DESC' if desc else 'ASC'} LIMIT %s",
            (str(originator_id), gt or 0, lte if lte is not None else 2**62, limit),
        )

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The log from ``start``, in position order, at most ``limit`` entries."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        wanted, params = "", [after, stop if stop is not None else 2**62]
        if topics:
            wanted = " AND topic = ANY(%s)"
        return self._select(
            f"notification_id > %s AND notification_id <= %s{wanted} ORDER BY notification_id LIMIT %s",
            (*params, *([list(topics)] if topics else []), limit),
        )

    def _select(self, where: str, params: Sequence[Any]) -> list[Notification]:
        pool = self.datastore.pool
        with checking_pool(pool), self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cur:
            cur.execute(
                "SELECT originator_id, originator_version, topic, state, notification_id FROM log"
                f" WHERE {where}".encode(),
                params,
                prepare=True,
            )
            return [Notification(*row) for row in cur]
