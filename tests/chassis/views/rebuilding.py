"""Rebuilds of the sample's view, and the definition of a table as PostgreSQL's catalogue shows it."""

from collections.abc import Callable
from typing import Any

import psycopg

from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.log.store import Store
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.rebuild_report import Report, Step
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool
from tests.chassis.sample import rows, view

TABLE_DEFINITION = """
SELECT 'column', attname::text, format_type(atttypid, atttypmod), attnotnull::text FROM pg_attribute
WHERE attrelid = %(t)s::regclass AND attnum > 0
UNION ALL SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid::text FROM pg_index
WHERE indrelid = %(t)s::regclass
UNION ALL SELECT 'constraint', conname::text, pg_get_constraintdef(oid), contype::text FROM pg_constraint
WHERE conrelid = %(t)s::regclass
UNION ALL SELECT 'table', relname::text, coalesce(reloptions::text, ''), coalesce(relacl::text, '') FROM pg_class
WHERE oid = %(t)s::regclass
ORDER BY 1, 2
"""


def table_definition(conninfo: str, table: str) -> list[tuple[Any, ...]]:
    """Columns, indexes, constraints and grants of a table, with their names."""
    with psycopg.connect(conninfo) as conn:
        return conn.execute(TABLE_DEFINITION, {"t": table}).fetchall()


def table_names(conninfo: str) -> set[str]:
    with psycopg.connect(conninfo) as conn:
        return {
            name
            for (name,) in conn.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'service'::regnamespace"
            )
        }


def view_rows(store: Store) -> list[tuple[Any, ...]]:
    return rows(store, "SELECT household, status, since FROM standing ORDER BY household")


def catch_up(store: Store) -> None:
    consumer = Consumer(store, LocalSource(store), [view()])
    while consumer.step():
        pass


def rebuild(
    conninfo: str,
    *,
    confirmed: bool = False,
    during: Callable[[Step], object] = lambda _: None,
    of: View[Any] | None = None,
    workers: int = 1,
) -> Report:
    """Rebuild the view; ``during`` is called with each step as it begins."""
    steps_seen: list[Step] = []

    def on_progress(_: str, step: Step, done: int, of: int) -> None:
        if not steps_seen or steps_seen[-1] != step:
            steps_seen.append(step)
            during(step)

    with WorkerPool(workers) as processes:
        return Rebuild(conninfo, "sample", "sample", of or view(), processes, on_progress).run(confirmed=confirmed)
