"""Divisions in the log, their view, and queries of it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set

import anyio
from psycopg.rows import class_row

from contracts.facts import Recorded
from contracts.registry.divisions import DivisionDeclared, Level, PoorVillageDesignated
from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.views.view import Row, Table, View, view_of_streams
from services.registry.divisions.domain import Division, declare, designate, fold, stream_of

COLUMNS = ("code", "level", "name", "aliases", "declared_on", "poor_village", "designated_on")


class Divisions:
    def __init__(self, store: Store) -> None:
        self._store = store

    def declare_handler(self, fact: DivisionDeclared) -> Callable[[Tx], Reply]:
        """Handles ``POST /divisions``."""

        def work(tx: Tx) -> Reply:
            stream = stream_of(fact.code)
            tx.append(stream, *declare(fold(timeline(tx.load(stream))), fact))
            return Reply(location=f"/registry/divisions/{fact.code}")

        return work

    def designate_handler(self, fact: PoorVillageDesignated) -> Callable[[Tx], Reply]:
        """Handles ``POST /divisions/{code}/designations``."""

        def work(tx: Tx) -> Reply:
            stream = stream_of(fact.code)
            state = fold(timeline(tx.load(stream)))
            if state is None:
                raise Refused(NOT_FOUND)
            tx.append(stream, *designate(state, fact))
            return Reply(location=f"/registry/divisions/{fact.code}")

        return work

    async def find(self, code: str) -> Division | None:
        found = await anyio.to_thread.run_sync(lambda: self._select("code = %s", (code,), 1))
        return found[0] if found else None

    async def list_under(self, prefix: str, after: str, limit: int, codes: Sequence[str] = ()) -> list[Division]:
        """Divisions whose code begins with ``prefix``, by code; of ``codes`` alone where any is named."""
        where, params = "starts_with(code, %s) AND code > %s", list[object]([prefix, after])
        if codes:
            where, params = f"{where} AND code = ANY(%s)", [*params, list(codes)]
        return await anyio.to_thread.run_sync(lambda: self._select(where, params, limit))

    def _select(self, where: str, params: Sequence[object], limit: int) -> list[Division]:
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(Division)) as cur:
            columns = ", ".join(COLUMNS)
            cur.execute(
                f"SELECT {columns} FROM divisions WHERE {where} ORDER BY code LIMIT %s".encode(), (*params, limit)
            )
            return cur.fetchall()


def is_declared(tx: Tx, code: str) -> bool:
    """Whether there is a division under this code."""
    return bool(tx.load(stream_of(code)))


def divisions_named(
    store: Store, names: Set[str], area: str, level: Level | None = None
) -> Mapping[str, Sequence[str]]:
    """Names, or aliases, of divisions (of this level) → the codes within this area that have them. Blocking."""
    found: dict[str, list[str]] = defaultdict(list)
    query = (
        "SELECT name, aliases, code FROM divisions WHERE starts_with(code, %s) AND level = coalesce(%s, level)"
        " AND (name = ANY(%s) OR aliases && %s) ORDER BY code"
    )
    with store.reading() as conn:
        for name, aliases, code in conn.execute(query, (area, level, list(names), list(names))):
            for known in names & {name, *aliases}:
                found[known].append(code)
    return found


def province(store: Store) -> str | None:
    """The province of the first division ever declared: the installation's, where no setting names it. Blocking."""
    first = (
        "SELECT originator_id FROM log WHERE originator_id >= %s AND originator_id < %s"
        " ORDER BY notification_id LIMIT 1"
    )
    prefix = stream_of("")
    with store.reading() as conn:
        row = conn.execute(first, (prefix, prefix + "~")).fetchone()
    return None if row is None else str(row[0]).removeprefix(prefix)[:2]


def view() -> View[str]:
    """Keeps the table ``divisions``."""
    types = frozenset({DivisionDeclared.type_name, PoorVillageDesignated.type_name})
    return view_of_streams("divisions", (Table("divisions", "code", COLUMNS),), types, stream_of(""), str, _rows)


def _rows(_: str, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    state = fold(timeline(facts))
    return (
        [] if state is None else [tuple(list(v) if isinstance(v := getattr(state, c), tuple) else v for c in COLUMNS)],
    )
