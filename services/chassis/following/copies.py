"""What a service keeps of the logs it reads: the entries themselves, so that their subjects can be folded again."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.canonical import UnknownType
from contracts.facts import PUBLISHED, Recorded
from services.chassis.log.array_literals import TYPES
from services.chassis.log.entries import COLUMNS, Entry, decode_entry, household_of

FIELDS = ("text", "bigint", "text", "bigint", "text", "bytea", "timestamptz", "uuid", "text", "uuid")
KEEP = (
    f"INSERT INTO copies (log, {COLUMNS}, subject) SELECT * FROM unnest({', '.join(f'%s::{f}[]' for f in FIELDS)})"
    " ON CONFLICT (log, notification_id) DO NOTHING"
).encode()


def store_copies(cur: Cursor[tuple[Any, ...]], log: str, entries: Iterable[Entry]) -> None:
    """Store entries as received, each once however often the log is read again. A type that this release does not know
    is kept too, under its household, for the release that will know it."""
    rows = [
        (
            log, e.position, e.stream, e.version, e.topic, e.state,
            e.recorded_at, e.command_id, e.actor, household_of(e),
        )
        for e in entries
    ]  # fmt: skip
    if rows:
        columns = zip(*rows, strict=True)
        cur.execute(KEEP, [TYPES[f](column) for f, column in zip(FIELDS, columns, strict=True)], prepare=True)


def copies_about(
    cur: Cursor[tuple[Any, ...]], households: Sequence[UUID], log: str | None = None
) -> dict[UUID, list[Recorded]]:
    """Everything kept about these households, from one log or from all, in (log, position) order. Unknown types are
    left out, an unknown version of a known one raises ``UnknownType``. Every household asked for has a list."""
    found: dict[UUID, list[Recorded]] = {h: [] for h in households}
    cur.execute(
        f"SELECT subject, log, {COLUMNS} FROM copies WHERE subject = ANY(%s) AND log = coalesce(%s, log)"
        " ORDER BY subject, log, notification_id".encode(),
        (list(households), log),
        prepare=True,
        binary=True,
    )
    for subject, of_log, *row in cur:
        stored = Entry(*row)
        try:
            found[subject].append(decode_entry(of_log, stored))
        except UnknownType:
            # A newer version of a type we do fold: leaving it out would make the figures silently wrong.
            if any(stored.type_name == name for name, _ in PUBLISHED):
                raise
    return found


def copies_of_streams(
    cur: Cursor[tuple[Any, ...]], log: str, prefixes: Sequence[str]
) -> dict[str, dict[str, list[Recorded]]]:
    """Everything kept of another log's streams whose names begin so: prefix → stream → its entries in order."""
    found: dict[str, dict[str, list[Recorded]]] = {prefix: {} for prefix in prefixes}
    cur.execute(
        f"SELECT p.prefix, {COLUMNS} FROM unnest(%s::text[]) p (prefix) JOIN copies c ON c.log = %s"
        " AND c.originator_id >= p.prefix AND c.originator_id < p.prefix || chr(127)"
        " ORDER BY c.originator_id, c.originator_version".encode(),
        (list(prefixes), log),
        prepare=True,
    )
    for prefix, *row in cur:
        recorded = decode_entry(log, Entry(*row))
        found[prefix].setdefault(recorded.stream, []).append(recorded)
    return found
