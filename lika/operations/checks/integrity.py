"""Whether logs and copies still are what they were: what the services' own comparison found and how current it is; with
``--thorough``, everything compared here and now."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from lika.messages import say
from lika.operations.checks.consumers import COPIES_EVERY_ENTRY, LOGS_READ, cursor_position
from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.following.sources import Page
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.integrity import record
from services.chassis.integrity.comparing import Copied
from services.chassis.integrity.verdicts import Difference
from services.chassis.integrity.whole import copy_differences, log_differences
from services.chassis.log.digests import DatabaseConnection, PublishedDigests, published
from services.chassis.log.entries import COLUMNS, Entry

NEVER = datetime(1900, 1, 1, tzinfo=UTC)
STALE = timedelta(minutes=15)
"""Age of a comparison of the newest entries above which a running house is asked about it."""

MOST_NAMED = 20
MOST_FOUND = 1_000
"""Differences of one log after which no more are looked for."""


def integrity(installation: Installation, name: str) -> Finding:
    named = f"{name}.integrity"
    conn = installation.connection(name)
    known = [f.difference for f in record.differences(conn, ("", 0), MOST_FOUND) if f.gone_at is None]
    found = dict.fromkeys([*known, *(_everything(installation, name) if installation.thorough else ())])
    if found:
        return broken(named, "entries_differ", count=len(found), differences=_messages(found))
    progress = record.all_progress(conn)
    if installation.thorough:
        return ok(named, "integrity_compared_all", logs=[name, *_at_hand(installation, name)])
    if installation.is_running:
        now = installation.clock.now()
        stale = [p.log for p in progress if now - (p.newest_compared or p.pass_began) > STALE]
        if stale:
            return warning(named, "integrity_stale", logs=stale)
    return ok(named, "integrity_unbroken", logs=[p.log for p in progress])


def _everything(installation: Installation, name: str) -> Iterator[Difference]:
    conn = installation.connection(name)
    yield from islice(log_differences(conn, name), MOST_FOUND)
    for log in _at_hand(installation, name):
        types = None if name in COPIES_EVERY_ENTRY else _copied_types(installation, name, log)
        copied = Copied(log, _Database(installation.connection(log), log), types)
        cursor = cursor_position(installation, name, log)
        yield from islice(copy_differences(conn, copied, cursor), MOST_FOUND)


def _at_hand(installation: Installation, name: str) -> list[str]:
    """The other logs that can be compared here; a running service compares those elsewhere by itself."""
    return [log for log in LOGS_READ[name] if log in installation.present_databases]


def _copied_types(installation: Installation, name: str, log: str) -> frozenset[str]:
    """Of whatever type one entry is copied, all are."""
    rows = installation.query(name, "SELECT DISTINCT split_part(topic, '/', 1) FROM copies WHERE log = %s", log)
    return frozenset(type_name for (type_name,) in rows)


class _Database:
    """A producer's log in its database."""

    def __init__(self, conn: DatabaseConnection, log: str) -> None:
        self._conn, self._log = conn, log

    def read(self, cursor: int, limit: int) -> Page:
        rows = self._conn.execute(
            f"SELECT {COLUMNS} FROM log WHERE notification_id > %s ORDER BY notification_id LIMIT %s".encode(),
            (cursor, limit),
        )
        entries = tuple(Entry(*row) for row in rows)
        end = entries[-1] if entries else None
        return Page(entries, cursor, end.position if end else cursor, end.recorded_at if end else NEVER)

    def digests(self, stretch: int) -> PublishedDigests:
        return published(self._conn, self._log, stretch)


def _messages(found: Iterable[Difference]) -> list[Message]:
    """Each position with what was altered there, and how many more there are."""
    listed = list(found)
    said = [say("entry_differs", log=d.log, position=d.position, altered=LABELS.code(d.altered)) for d in listed]
    if len(said) <= MOST_NAMED:
        return said
    logs = Counter(d.log for d in listed[MOST_NAMED:])
    return said[:MOST_NAMED] + [say("more_entries_differ", log=log, count=count) for log, count in logs.items()]
