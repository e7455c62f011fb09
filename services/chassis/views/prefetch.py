"""Copying another service's log in bulk, ahead of the consumer that reads it: what a rebuild does before it folds a log
that was loaded in bulk and that nobody has followed yet.

The rule: only where no reaction of that consumer appends. One cursor stands for all of a consumer's reactions; to move
it past facts that an appending reaction has not seen would lose for good what should have followed from them, and to
show that reaction copies from beyond the cursor would let it decide on facts that it has yet to be given. So where
something appends, nothing is copied ahead: the consumer goes through the log fact by fact, and a rebuild folds as far
as it has come. Where all reactions are views, copies may run ahead of the cursor, since folding always takes all that
is known of a subject; the cursor follows when every view reflects them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import Cursor

from contracts.canonical import decoder
from services.chassis.following.consumer import CursorMoved, LogHasGap
from services.chassis.following.copied_types import followed_types, lacking_copies, note_whole
from services.chassis.following.reactions import Reaction
from services.chassis.following.sources import Page, Source
from services.chassis.log.entries import COLUMNS, Entry, household_of

PAGE = 10_000
"""Entries read and written at a time, each time in a transaction of its own."""

LANDING = f"CREATE TEMPORARY TABLE landing ON COMMIT DELETE ROWS AS SELECT log, {COLUMNS}, subject FROM copies LIMIT 0"
LAND = f"COPY landing (log, {COLUMNS}, subject) FROM STDIN (FORMAT binary)"
KEEP = (
    f"INSERT INTO copies (log, {COLUMNS}, subject) SELECT * FROM landing ON CONFLICT (log, notification_id) DO NOTHING"
)
TYPES = ("text", "int8", "text", "int8", "text", "bytea", "timestamptz", "uuid", "text", "uuid")


def may_prefetch(reactions: Sequence[Reaction]) -> bool:
    """Whether copies may stand beyond the cursor of the consumer that has these reactions."""
    return not any(r.appends for r in reactions)


def prefetch(
    conn: psycopg.Connection[Any],
    consumer: str,
    source: Source,
    reactions: Sequence[Reaction],
    *,
    keeps_all: bool,
    on_progress: Callable[[int, int], None],
) -> int:
    """Bring ``copies`` up to the head of a log, and return the position up to which they are complete. Where there are
    no reactions at all the cursor moves with them. May be repeated after a kill, and while the consumer runs. ``on_progress``
    hears the position and the head. Raises ``UnknownType`` and what says that the producer is away."""
    if not may_prefetch(reactions):
        raise ValueError("an appending reaction must see every fact in its turn")
    types = followed_types(reactions)
    with conn.cursor() as cur:
        at, head = _complete_through(cur, consumer, source.log), source.head()
        cur.execute("DROP TABLE IF EXISTS landing")
        cur.execute(LANDING.encode())
        while at < head and (page := source.read(at, PAGE)).entries:
            subscribed = _subscribed(source.log, page, at, types)
            for topic in {e.topic for e in subscribed} if reactions else ():
                _require_readable(topic)
            with conn.transaction():
                _keep(cur, source.log, page.entries if keeps_all else subscribed)
                if not reactions:
                    _move(cur, consumer, source.log, at, page.end)
            at = page.end
            on_progress(at, max(at, head))
    return at


def backfill(conn: psycopg.Connection[Any], source: Source, on_progress: Callable[[int, int], None]) -> None:
    """Copy what was said of types before this service followed them. May be repeated after a kill, and while the consumer runs: it
    is behind the cursor, so nobody reacts to it. Raises as ``prefetch`` does."""
    lacking = lacking_copies(conn, source.log)
    if not lacking:
        return
    with conn.cursor() as cur:
        cur.execute("DROP TABLE IF EXISTS landing")
        cur.execute(LANDING.encode())
        at, end = 0, max(lacking.values())
        while at < end and (page := source.read(at, PAGE)).entries:
            wanted = _subscribed(source.log, page, at, frozenset(lacking))
            for topic in {e.topic for e in wanted}:
                _require_readable(topic)
            with conn.transaction():
                _keep(cur, source.log, [e for e in wanted if e.position <= lacking[e.type_name]])
            at = page.end
            on_progress(min(at, end), end)
    note_whole(conn, source.log, lacking)


def _subscribed(log: str, page: Page, at: int, types: frozenset[str] | None) -> list[Entry]:
    if (page.start, page.end) != (at, at + len(page.entries)):
        raise LogHasGap(f"{log}: {len(page.entries)} entries from {page.start} to {page.end}")
    return [e for e in page.entries if types is None or e.type_name in types]


def _require_readable(topic: str) -> None:
    name, _, version = topic.partition("/")
    decoder(name, int(version))


def _complete_through(cur: Cursor[Any], consumer: str, log: str) -> int:
    """All entries up to the consumer's cursor are copied, and from there on those of earlier runs, page after page."""
    cur.execute(
        "SELECT greatest((SELECT max(position) FROM cursors WHERE consumer = %s AND log = %s),"
        " (SELECT max(notification_id) FROM copies WHERE log = %s), 0)",
        (consumer, log, log),
    )
    return int((cur.fetchone() or (0,))[0])


def _keep(cur: Cursor[Any], log: str, entries: Sequence[Entry]) -> None:
    with cur.copy(LAND.encode()) as copy:
        copy.set_types(TYPES)
        for e in entries:
            copy.write_row((
                log, e.position, e.stream, e.version, e.topic, e.state, e.recorded_at, e.command_id, e.actor, household_of(e),
            ))  # fmt: skip
    cur.execute(KEEP.encode())


def _move(cur: Cursor[Any], consumer: str, log: str, start: int, end: int) -> None:
    if start == 0:
        cur.execute("INSERT INTO cursors VALUES (%s, %s, 0) ON CONFLICT DO NOTHING", (consumer, log))
    cur.execute(
        "UPDATE cursors SET position = %s WHERE consumer = %s AND log = %s AND position = %s",
        (end, consumer, log, start),
    )
    if cur.rowcount != 1:
        raise CursorMoved(f"{log} is no longer at {start}")
