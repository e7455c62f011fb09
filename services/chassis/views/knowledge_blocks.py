"""Blocks of what became known of a bitemporal table, so that few rows are read beside the sums that are kept of it (``rollup``).

A row becomes known at ``known_from`` and is superseded at ``known_to``: two changes, where neither is for good. A block ends after
``size`` changes, however long that takes. An instant is in one block, and one of more than ``size`` changes (a county that is recoded)
has a block of its own. What becomes known before the newest block began, since it was taken up late, is added to the block where it
lies, so that no block after it moves; a rebuild cuts anew.

Blocks are numbered from 0, which begins before everything. ``latest`` is the last instant in a block: who knows more has all of it,
also of the newest.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import Cursor, sql

COLUMNS = ("block", "begins", "latest", "changes")
BEGINNING = datetime(1, 1, 2, tzinfo=UTC)  # in every time zone a day that Python knows
STILL_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)

LEARNED = """
SELECT known, count(*) AS changes FROM {table}, LATERAL (VALUES (known_from), (known_to)) AS k (known)
WHERE known < %(still_known)s GROUP BY known
"""
GIVEN = "SELECT known, changes FROM unnest(%(known)s::timestamptz[], %(changes)s::int[]) AS given (known, changes)"
PLACED = """
INSERT INTO {blocks} AS kept (block, begins, latest, changes)
WITH learned AS ({learned}), newest AS (
    SELECT block, coalesce(latest, %(beginning)s) AS latest, coalesce(changes, 0) AS changes
    FROM (SELECT coalesce(max(block), 0) AS block FROM {blocks}) AS n LEFT JOIN {blocks} USING (block)
), counted AS (
    SELECT known, added, greatest(sum(taken) OVER w - 1, 0)::bigint / %(size)s AS part,
        2 * count(*) FILTER (WHERE taken > %(size)s) OVER w - (taken > %(size)s)::int AS alone
    FROM (
        SELECT latest AS known, 0 AS added, least(changes, %(size)s) AS taken FROM newest
        UNION ALL SELECT known, l.changes, l.changes FROM learned AS l, newest WHERE known > latest
    ) AS t WINDOW w AS (ORDER BY known)
)
SELECT block, min(known), max(known), sum(added) FROM (
    SELECT newest.block + dense_rank() OVER (ORDER BY part, alone) - 1 AS block, known, added FROM counted, newest
    UNION ALL SELECT b.block, known, l.changes FROM newest, learned AS l, LATERAL ({block_of}) AS b
    WHERE known <= newest.latest
) AS placed GROUP BY block
"""
ADDED = """
ON CONFLICT (block) DO UPDATE SET latest = greatest(kept.latest, excluded.latest), changes = kept.changes + excluded.changes
"""
BLOCK_OF = "SELECT block FROM {blocks} WHERE begins <= {known} ORDER BY begins DESC LIMIT 1"
WHOLE = """
SELECT until, (SELECT begins FROM {blocks} WHERE block = until / {finest} * {finest}) AS since FROM (
    SELECT CASE WHEN latest < {before} THEN block + 1 ELSE block END AS until
    FROM {blocks} WHERE begins <= {before} ORDER BY begins DESC LIMIT 1
) AS reached
"""


@dataclass(frozen=True)
class KnowledgeBlocks:
    """The blocks in the table ``name``. Sums of ``together`` of them are kept, too, and of as many of those. Whoever writes is alone:
    a consumer holds its cursor."""

    name: str
    size: int = 2_000
    together: int = 16

    def fill(self, cur: Cursor[Any], table: str) -> None:
        """Cut what became known of all rows of ``table``; there are no blocks yet."""
        self._place(cur, sql.SQL(LEARNED).format(table=sql.Identifier(table)), sql.SQL(""))

    def change(self, cur: Cursor[Any], gone: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> None:
        """Rows stand in the place of others."""
        learned = Counter[datetime]()
        for rows, sign in ((new, 1), (gone, -1)):
            for row in rows:
                learned[row["known_from"]] += sign
                learned[row["known_to"]] += sign
        changes = {known: number for known, number in learned.items() if number and known < STILL_KNOWN}
        if changes:
            given = {"known": list(changes), "changes": list(changes.values())}
            self._place(cur, sql.SQL(GIVEN), sql.SQL(ADDED), **given)

    def block_of(self, known: str) -> sql.Composed:
        """SQL that finds the block that an instant is in."""
        return sql.SQL(BLOCK_OF).format(known=sql.SQL(known), blocks=sql.Identifier(self.name))

    def whole(self, before: sql.Composable, finest: int) -> sql.Composed:
        """SQL of up to which block (exclusive) all are whole as known before an instant, and since when they are not where
        ``finest`` are summed together at least: null, if nothing is left."""
        return sql.SQL(WHOLE).format(blocks=sql.Identifier(self.name), before=before, finest=sql.Literal(finest))

    def _place(self, cur: Cursor[Any], learned: sql.Composable, added: sql.Composable, **given: Any) -> None:
        placed = sql.SQL(PLACED).format(
            blocks=sql.Identifier(self.name), learned=learned, block_of=self.block_of("known")
        )
        cur.execute(placed + added, {"size": self.size, "beginning": BEGINNING, "still_known": STILL_KNOWN, **given})
