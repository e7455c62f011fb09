"""From which position of another log on a service has copies of each type that it follows.

A release may follow a type that the one before did not: what was said of it until then was read and not kept. It is copied by the
next rebuild of a view of that log (``views/prefetch.py``); until then its absence is no sign that somebody took it away.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from psycopg import Connection

from services.chassis.following.reactions import Reaction

NOTE = """
INSERT INTO copied_types (log, type_name, since)
SELECT %(log)s, name, coalesce((SELECT position FROM cursors WHERE consumer = %(consumer)s AND log = %(log)s), 0)
FROM unnest(%(types)s::text[]) AS name
ON CONFLICT (log, type_name) DO UPDATE SET since = greatest(copied_types.since, excluded.since) WHERE copied_types.since > 0
"""
GONE = "DELETE FROM copied_types WHERE log = %(log)s AND type_name <> ALL (%(types)s::text[])"
"""What a release follows no more it does not copy: of a type that is followed again, what was said meanwhile is lacking."""
LACKING = "SELECT type_name, since FROM copied_types WHERE log = %s AND since > 0"
COPIED = "UPDATE copied_types SET since = 0 WHERE log = %s AND type_name = ANY (%s)"


def followed_types(reactions: Sequence[Reaction]) -> frozenset[str] | None:
    """The types that these follow; ``None`` where one of them follows all."""
    return frozenset[str]().union(*(r.types for r in reactions)) if all(r.types for r in reactions) else None


def note_copied_types(conn: Connection[Any], consumer: str, reads: Mapping[str, Sequence[Reaction]]) -> None:
    """Types that are followed for the first time are copied from where the consumer stands. To be called at the start, and again when
    no replica is left of a release that passes them over."""
    for log, reactions in reads.items():
        of_log = {"log": log, "consumer": consumer, "types": sorted(followed_types(reactions) or ())}
        conn.execute(GONE, of_log)
        conn.execute(NOTE, of_log)


def lacking_copies(conn: Connection[Any], log: str) -> dict[str, int]:
    """Types of which the entries up to a position were not kept."""
    return dict(conn.execute(LACKING, (log,)).fetchall())


def note_whole(conn: Connection[Any], log: str, types: Collection[str]) -> None:
    """All that the log holds of these types is copied, up to where the consumer stands."""
    conn.execute(COPIED, (log, sorted(types)))
