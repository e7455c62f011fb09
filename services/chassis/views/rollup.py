"""Figures kept beside a bitemporal table, so that they cost the same however many rows it has.

A row is counted from ``valid_from`` up to ``valid_to`` by whoever asks for knowledge after ``known_from`` and up to ``known_to``: a
change of the figures at each of its four corners, of which the one or two that lie in the future for good are left out. The changes are
summed for every ancestor of the row's division, by the day they are valid on and by the block in which they became known
(``knowledge_blocks``). As known before an instant, a figure is the sum of the whole blocks before it and of the rows that became known
since; of divisions for which nothing is kept, of all their rows.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from psycopg import Connection, Cursor, sql

from contracts.quantities import Figures
from services.chassis.views import knowledge_blocks
from services.chassis.views.knowledge_blocks import BEGINNING, KnowledgeBlocks

LEVELS = {0: (0, 1, 2), 2: (0, 1, 2), 4: (0, 1, 2), 6: (1, 2)}
"""By the digits of a division's code (everything, province, city, county): on which levels blocks are summed, each of so many of the
level below (``KnowledgeBlocks.together``). Townships and villages are small enough to be summed from their rows."""
ALL = 2**31 - 1
"""More blocks than there are."""
COLUMNS = ("division", "measure", "value", "span", "block", "valid_on", "households", "persons")

CHANGES = """
{rows} AS r, LATERAL (VALUES {measures}) AS m (measure, value),
LATERAL (SELECT valid_on, known, side FROM (VALUES {corners}) AS v (valid_on, known, side)
    WHERE valid_on < '9999-01-01' AND known < '9999-01-01') AS c
"""
CELLS = """
INSERT INTO {rollup} AS kept (division, measure, value, span, block, valid_on, households, persons)
SELECT code, measure, value, span, block / span, valid_on,
    sum(sign * side * {households}), sum(sign * side * persons)
FROM {changes}, LATERAL ({block} OFFSET 0) AS b,
    LATERAL (SELECT left(r.division, digits) AS code, span FROM (VALUES {spans}) AS s (digits, span)
        WHERE length(r.division) >= digits) AS a
WHERE measure IS NOT NULL AND NOT {internal}
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(sign * side * {households}) <> 0 OR sum(sign * side * persons) <> 0
ORDER BY 1, 2, 4, 5, 6, 3
"""
"""The block is looked up once for each change, not for every sum that it is part of (``OFFSET 0``)."""
ADDED = """
ON CONFLICT (division, measure, span, block, valid_on, value)
DO UPDATE SET households = kept.households + excluded.households, persons = kept.persons + excluded.persons
"""
KEPT = """
WITH whole AS MATERIALIZED ({whole})
SELECT since, value, width_bucket(valid_on, %(boundaries)s::date[]), sum(households), sum(persons)
FROM whole CROSS JOIN unnest(%(spans)s::int[], %(coarser)s::int[]) AS asked (length, coarser)
LEFT JOIN {rollup} AS k ON k.division = %(code)s AND k.measure = %(measure)s AND k.span = asked.length
    AND k.block >= until / coarser * coarser / length AND k.block < until / length AND k.valid_on < %(last)s
GROUP BY 1, 2, 3
"""
SINCE = """
SELECT value, width_bucket(valid_on, %(boundaries)s::date[]), sum(side * {households}), sum(side * persons)
FROM {changes}, (SELECT %(code)s::text AS code) AS a
WHERE measure = %(measure)s AND known >= %(since)s AND known < %(before)s AND valid_on < %(last)s AND NOT {internal}
GROUP BY 1, 2
"""
ROWS_SINCE = """
(SELECT * FROM {table} WHERE division >= %(code)s AND division < %(code)s || '~'
    AND (known_from >= %(since)s AND known_from < %(before)s OR known_to >= %(since)s AND known_to < %(before)s))
"""

Query = sql.Composed


@dataclass(frozen=True)
class Rollup:
    """How the rows of a bitemporal table are summed into the table ``name``, by ``blocks``. Implements ``KeptSums``.

    ``measures``: SQL rows (measure, value) over the columns of a row ``r``, each of which it is counted in, a null measure in none; a
    measure is read with all its values. ``valid``: the columns that say from when it counts, and up to when, if it ends. ``households``:
    SQL of how many. ``counterpart``: the column of the other end of a move, which is none where a division holds both."""

    name: str
    blocks: KnowledgeBlocks
    measures: str
    valid: tuple[str, ...] = ("valid_from", "valid_to")
    households: str = "1"
    counterpart: str | None = None

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        return {self.name: COLUMNS, self.blocks.name: knowledge_blocks.COLUMNS}

    def suffixed(self, suffix: str) -> "Rollup":
        blocks = replace(self.blocks, name=self.blocks.name + suffix)
        return replace(self, name=self.name + suffix, blocks=blocks)

    def fill(self, cur: Cursor[Any], table: str) -> None:
        self.blocks.fill(cur, table)
        rows = sql.SQL("(SELECT *, 1 AS sign FROM {})").format(sql.Identifier(table))
        cur.execute(self._cells(rows))

    def change(
        self, cur: Cursor[Any], table: str, columns: Sequence[str], former: Iterable[Any], rows: Iterable[Any]
    ) -> None:
        before, after = Counter(map(tuple, former)), Counter(map(tuple, rows))
        gone, new = (
            [dict(zip(columns, row, strict=True)) for row in (one - other).elements()]
            for one, other in ((before, after), (after, before))
        )
        if not gone and not new:
            return
        self.blocks.change(cur, gone, new)
        changed = sql.SQL(
            "(SELECT *, 1 AS sign FROM json_populate_recordset(NULL::{0}, %(new)s)"
            " UNION ALL SELECT *, -1 FROM json_populate_recordset(NULL::{0}, %(gone)s))"
        ).format(sql.Identifier(table))
        parameters = {"new": json.dumps(new, default=str), "gone": json.dumps(gone, default=str)}
        cur.execute(self._cells(changed) + sql.SQL(ADDED), parameters)

    def figures(
        self, conn: Connection[Any], table: str, code: str, measure: str, boundaries: Sequence[date], before: datetime
    ) -> dict[tuple[str, int], Figures]:
        """What changed in a division as known before an instant, by value and by interval: from boundary n - 1 up to boundary n
        (exclusive), with everything earlier in interval 0 and nothing later."""
        asked: dict[str, Any] = {
            "code": code, "measure": measure, "boundaries": list(boundaries), "last": boundaries[-1], "before": before,
        }  # fmt: skip
        found, since = dict[tuple[str, int], Figures](), BEGINNING
        if spans := self._spans(len(code)):
            asked["spans"], asked["coarser"] = spans, [*spans[1:], ALL]
            # At once: a rebuild may put other blocks, and their sums, in the place of these.
            for begins, value, *figures in conn.execute(self._kept(min(spans)), asked, prepare=False):
                since = before if begins is None else begins
                _add(found, value, *figures)
        if since < before:
            rows = sql.SQL(ROWS_SINCE).format(table=sql.Identifier(table))
            query = sql.SQL(SINCE).format(changes=self._changes(rows), **self._parts())
            for each in conn.execute(query, {**asked, "since": since}, prepare=False):
                _add(found, *each)
        return found

    def _spans(self, digits: int) -> list[int]:
        return [self.blocks.together**level for level in LEVELS.get(digits, ())]

    def _kept(self, finest: int) -> Query:
        whole = self.blocks.whole(sql.Placeholder("before"), finest)
        return sql.SQL(KEPT).format(rollup=sql.Identifier(self.name), whole=whole)

    def _cells(self, rows: Query) -> Query:
        spans = ((digits, span) for digits in LEVELS for span in self._spans(digits))
        return sql.SQL(CELLS).format(
            rollup=sql.Identifier(self.name),
            changes=self._changes(rows),
            block=self.blocks.block_of("known"),
            spans=sql.SQL(", ").join(sql.SQL("({}, {})").format(*span) for span in spans),
            **self._parts(),
        )

    def _changes(self, rows: Query) -> Query:
        corners = [
            sql.SQL("({}, {}, {})").format(sql.Identifier(day), sql.SQL(known), sql.Literal(side if known == "known_from" else -side))
            for day, side in zip(self.valid, (1, -1), strict=False)
            for known in ("known_from", "known_to")
        ]  # fmt: skip
        return sql.SQL(CHANGES).format(rows=rows, measures=sql.SQL(self.measures), corners=sql.SQL(", ").join(corners))

    def _parts(self) -> dict[str, sql.Composable]:
        internal: sql.Composable = sql.SQL("false")
        if self.counterpart is not None:
            internal = sql.SQL("coalesce(starts_with(r.{}, a.code), false)").format(sql.Identifier(self.counterpart))
        return {"households": sql.SQL(self.households), "internal": internal}


def _add(
    found: dict[tuple[str, int], Figures], value: str | None, interval: int, households: int, persons: int
) -> None:
    if value is not None:
        found[value, interval] = found.get((value, interval), Figures()) + Figures(int(households), int(persons))
