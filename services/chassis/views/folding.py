"""Folding a part of a view's subjects into tables that nobody reads yet. A rebuild does it in several processes: each
runs this module, gets what to fold over a pipe, and ends when the other end of the pipe is gone."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import psycopg

from contracts.canonical import UnknownType
from contracts.publishing.catalogue import load
from services.chassis.log.lineage import ancestors
from services.chassis.views.subject_reader import Row
from services.chassis.views.table import Table
from services.chassis.views.view import View

ROWS_AT_ONCE = 5_000
"""Rows gathered before they are written."""


@dataclass(frozen=True)
class FoldTask:
    """Fold ``view`` as of position ``upto`` of its log into ``tables``, which have these ``oids``; ``own`` is the name
    of the service's log."""

    conninfo: str
    own: str
    view: View[Any]
    upto: int
    tables: tuple[Table, ...]
    oids: tuple[int, ...]


@dataclass
class Folded:
    """What a part came to. ``failed``: the keys whose facts could not be folded, and the kind of error."""

    events: int = 0
    subjects: int = 0
    rows: int = 0
    failed: dict[Any, str] = field(default_factory=dict)

    def add(self, other: "Folded") -> None:
        self.events += other.events
        self.subjects += other.subjects
        self.rows += other.rows
        self.failed.update(other.failed)


@dataclass(frozen=True)
class FoldFailed:
    """A part could not be folded at all: ``kind`` of the error (its text may quote a payload), and the topic that this
    release does not know, if that is why."""

    kind: str
    topic: str | None = None


class Superseded(RuntimeError):
    """The tables are no longer those that this rebuild made: another one has begun since."""


def fold_range(conn: psycopg.Connection[Any], task: FoldTask, low: Any, high: Any) -> Folded:
    """Fold the subjects from ``low`` up to ``high``, all of them or none. Raises ``UnknownType`` and ``Superseded``."""
    folded = Folded()
    with conn.transaction(), conn.cursor() as cur:
        _require_same(cur, task)
        waiting: list[list[Row]] = [[] for _ in task.tables]
        for key, of_key in task.view.by_key(task.view.reader.read_range(conn, low, high, task.upto)):
            read = list(of_key)
            folded.events += len(read)
            try:
                made = task.view.rows(task.own, key, read, _of_ancestors(conn, task, read))
                new = None if made is None else [list(rows) for rows in made]
            except UnknownType:
                raise
            except Exception as indigestible:  # noqa: BLE001 - whatever a broken entry or a fold raises is that subject's
                folded.failed[key] = type(indigestible).__name__
                continue
            if new is None:
                continue
            folded.subjects += 1
            for number, rows in enumerate(new):
                waiting[number] += rows
                folded.rows += len(rows)
            if sum(map(len, waiting)) >= ROWS_AT_ONCE:
                _write(cur, task.tables, waiting)
        _write(cur, task.tables, waiting)
    return folded


def _of_ancestors(conn: psycopg.Connection[Any], task: FoldTask, rows: Sequence[Row]) -> list[Row]:
    """The facts of those that a subject starts from, wherever they stand: few, and out of this part mostly."""
    view = task.view
    if view.key_of is None:
        return []
    return ancestors(
        rows, view.key_of, lambda keys: {k: list(of) for k, of in view.by_key(view.reader.read(conn, keys, task.upto))}
    )


def _write(cur: psycopg.Cursor[Any], tables: Sequence[Table], waiting: list[list[Row]]) -> None:
    for table, rows in zip(tables, waiting, strict=True):
        if rows:
            table.add(cur, rows)
            rows.clear()


def _require_same(cur: psycopg.Cursor[Any], task: FoldTask) -> None:
    """A process that outlived its rebuild must not write into the tables of the next one."""
    for table, oid in zip(task.tables, task.oids, strict=True):
        cur.execute("SELECT to_regclass(%s)::oid", (table.name,))
        row = cur.fetchone()
        if row is None or row[0] != oid:
            raise Superseded(table.name)
        cur.execute(f'LOCK TABLE "{table.name}" IN ROW EXCLUSIVE MODE'.encode())


def connected(task: FoldTask) -> psycopg.Connection[Any]:
    """A connection for folding. It walks a reader's index page by page: a plan made for no range in particular expects
    so few rows that it would sort the whole part for each of its pages."""
    conn = psycopg.connect(task.conninfo, autocommit=True)
    conn.execute("SET statement_timeout = 0")
    conn.execute("SET random_page_cost = 1.1")
    conn.execute("SET plan_cache_mode = force_custom_plan")
    return conn


def serve_folding(handle: int) -> None:
    """Answer parts of tasks until the other end of the pipe with this file descriptor is gone."""
    pipe: Connection[Any, Any] = Connection(handle)
    load()
    # What lives now lives as long as the process; what is folded dies young and has no cycles worth looking for.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    task: FoldTask | None = None
    conn: psycopg.Connection[Any] | None = None
    while True:
        try:
            said = pipe.recv()
            if isinstance(said, FoldTask):
                task = said
                if conn is not None:
                    conn.close()
                conn = connected(task)
                continue
            assert task is not None
            assert conn is not None
            pipe.send(_answer(conn, task, *said))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _answer(conn: psycopg.Connection[Any], task: FoldTask, low: Any, high: Any) -> Folded | FoldFailed:
    try:
        return fold_range(conn, task, low, high)
    except UnknownType as unknown:
        return FoldFailed("UnknownType", str(unknown))
    except Exception as broken:  # noqa: BLE001 - reported to the one process that can act on it
        return FoldFailed(type(broken).__name__)
