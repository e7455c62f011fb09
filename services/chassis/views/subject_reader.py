"""Where the facts of a view's subjects stand, and how they are taken down: a few subjects at a time while a view is
kept, or all of them in order of subject while it is rebuilt."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg import Connection, Cursor

from services.chassis.log.entries import COLUMNS

Row = tuple[Any, ...]
"""A row of ``COLUMNS``, with the subject behind it where that is no stream."""

PAGE = 5_000
"""Rows fetched at a time; each page is a statement of its own, so that no snapshot outlives it."""
SAMPLE = 3_000
"""Rows looked at to divide a reader into parts of about equal size."""


@dataclass(frozen=True)
class SubjectReader:
    """``table``, or another relation, holds the facts; those with the same ``key`` are one subject's, in the ``order`` of their positions.
    ``log``: whose facts they are, in ``copies``; ``prefix``: how the streams that count begin; ``known_at``: what was recorded before
    that instant alone."""

    table: str
    key: Literal["originator_id", "subject"]
    order: Literal["originator_version", "notification_id"]
    log: str | None = None
    prefix: str = ""
    known_at: datetime | None = None

    @property
    def key_at(self) -> int:
        """Where in a row its key stands."""
        return 1 if self.key == "originator_id" else 8

    @property
    def _type(self) -> str:
        return "text" if self.key == "originator_id" else "uuid"

    @property
    def _columns(self) -> str:
        return COLUMNS if self.key == "originator_id" else f"{COLUMNS}, subject"

    @property
    def _mine(self) -> tuple[str, list[Any]]:
        parts, params = ["true"], list[Any]()
        if self.log is not None:
            parts, params = [*parts, "log = %s"], [*params, self.log]
        if self.key == "subject":
            parts = [*parts, "subject IS NOT NULL"]
        if self.known_at is not None:
            parts, params = [*parts, "recorded_at < %s"], [*params, self.known_at]
        if self.prefix:
            beyond = self.prefix[:-1] + chr(ord(self.prefix[-1]) + 1)
            parts, params = [*parts, "originator_id >= %s", "originator_id < %s"], [*params, self.prefix, beyond]
        return " AND ".join(parts), params

    def read(
        self, conn: Connection[Any], keys: Sequence[Any], upto: int | None = None, topics: Sequence[str] | None = None
    ) -> list[Row]:
        """The rows of these subjects up to a position, of these topics only where named, subject by subject and each
        one's in order."""
        with closing(self.asked(conn, keys, upto, topics)) as cur:
            return cur.fetchall()

    def asked(
        self, conn: Connection[Any], keys: Sequence[Any], upto: int | None = None, topics: Sequence[str] | None = None
    ) -> Cursor[Row]:
        """``read`` with its rows still to be fetched: within a pipeline of the connection other questions go along."""
        mine, params = self._mine
        until, last = ("", list[Any]()) if upto is None else (" AND notification_id <= %s", [upto])
        if topics is not None:
            until, last = f"{until} AND topic = ANY(%s)", [*last, list(topics)]
        # Of an array of unknown length PostgreSQL would make a plan each time, which for one key takes as long as its answer.
        equals, key = ("%s", keys[0]) if len(keys) == 1 else (f"ANY(%s::{self._type}[])", list(keys))
        query = (
            f"SELECT {self._columns} FROM {self.table} WHERE {mine} AND {self.key} = {equals}{until}"
            f" ORDER BY {self.key}, {self.order}"
        )
        return conn.cursor(binary=True).execute(query.encode(), (*params, key, *last), prepare=True)

    def read_range(self, conn: Connection[Any], low: Any, high: Any, upto: int) -> Iterator[Row]:
        """The rows of all subjects from ``low`` up to ``high`` (exclusive; ``None``: to the end), as ``of`` has them.
        One page is in memory at a time."""
        mine, params = self._mine
        type_, order = self._type, (self.key, self.order)
        until = "" if high is None else f" AND {self.key} < %s::{type_}"
        query = (
            f"SELECT {self._columns} FROM {self.table} WHERE {mine} AND notification_id <= %s{until}"
            f" AND ({', '.join(order)}) > (%s::{type_}, %s) ORDER BY {', '.join(order)} LIMIT {PAGE}"
        ).encode()
        at = 2 if self.order == "originator_version" else 0
        after: tuple[Any, int] = (low, -1)
        while True:
            with conn.cursor(binary=True) as cur:
                cur.execute(query, (*params, upto, *([] if high is None else [high]), *after), prepare=True)
                page = cur.fetchall()
            yield from page
            if len(page) < PAGE:
                return
            after = (page[-1][self.key_at], page[-1][at])

    def changed_subjects(
        self, cur: Cursor[Any], after: int, upto: int | None, most: int, also: Sequence[int] = ()
    ) -> list[Any]:
        """Keys with facts after a position up to another, or at one of these others; at most so many."""
        mine, params = self._mine
        here = f"SELECT {self.key} FROM {self.table} WHERE {mine} AND notification_id"
        cur.execute(
            f"SELECT * FROM ({here} > %s AND notification_id <= %s UNION {here} = ANY(%s)) AS touched LIMIT %s".encode(),
            (*params, after, 2**62 if upto is None else upto, *params, list(also), most),
        )
        return [key for (key,) in cur]

    def complete_through(self, cur: Cursor[Any]) -> int:
        """The last position on the reader's table of this log; of a log of one's own there are no gaps before it."""
        where, params = ("log = %s", [self.log]) if self.log is not None else ("true", [])
        cur.execute(
            f"SELECT coalesce(max(notification_id), 0) FROM {self.table} WHERE {where}".encode(), params, prepare=True
        )
        row = cur.fetchone()
        return int(row[0]) if row else 0

    def ranges(self, cur: Cursor[Any], upto: int, size: int) -> tuple[int, list[tuple[Any, Any]]]:
        """About how many rows there are, and the ranges of keys that hold about ``size`` of them each."""
        cur.execute("SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", (self.table,))
        pages = (cur.fetchone() or (0,))[0]
        share = min(100.0, 100.0 * SAMPLE / max(1.0, pages * 4.0))
        mine, params = self._mine
        cur.execute(
            f"SELECT {self.key} FROM {self.table} TABLESAMPLE SYSTEM (%s) WHERE {mine} AND notification_id <= %s"
            " ORDER BY 1".encode(),
            (share, *params, upto),
        )
        seen = [key for (key,) in cur]
        total = round(len(seen) * 100 / share)
        count = max(1, min(len(seen), total // size))
        cuts = [key for key in dict.fromkeys(seen[len(seen) * n // count] for n in range(1, count)) if key != seen[0]]
        return total, list(zip([self._least, *cuts], [*cuts, None], strict=True))

    @property
    def _least(self) -> str:
        return "" if self._type == "text" else "00000000-0000-0000-0000-000000000000"
