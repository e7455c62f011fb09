"""Divisions in the log, their view, and queries of it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

import anyio
from psycopg.rows import class_row

from contracts.facts import Recorded
from contracts.registry.divisions import (
    DivisionAliasesAdded,
    DivisionDeclared,
    DivisionFact,
    DivisionRenamed,
    Level,
    PoorVillageDesignated,
    PoorVillageExited,
)
from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.chassis.web.areas import code_range
from services.registry.divisions.domain import DIVISION_TYPES, Division, fold, stream_of
from services.registry.divisions.rules import REGISTER_BEHIND, declare, designate, exit_list, require_exists

COLUMNS = (
    "code", "level", "name", "aliases", "declared_on", "ended_on", "successors", "predecessors", "poor_village",
    "designated_on", "exited_on",
)  # fmt: skip
NAME_COLUMNS = ("code", "name", "level", "valid_from", "valid_to")
FOREVER = date.max
MOST_BEHIND = 50_000
"""Entries that the views may lack and still be made good for here."""
SINCE_THE_VIEWS: LiteralString = """
SELECT DISTINCT originator_id FROM log WHERE originator_id >= %(low)s AND originator_id < %(high)s
  AND (notification_id > %(cursor)s OR notification_id IN (
    SELECT position FROM parked WHERE consumer = %(log)s AND log = %(log)s))
"""


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division as it is known now, at the end of its history."""

    code: str
    level: Level
    name: str
    aliases: list[str]
    declared_on: date
    ended_on: date | None
    successors: list[str]
    predecessors: list[str]
    poor_village: str | None
    designated_on: date | None
    exited_on: date | None


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

    def handler(self, fact: DivisionFact) -> Callable[[Tx], Reply]:
        """Handles what is said of a division that is on record: another name, aliases, on or off the list of poor villages."""

        def work(tx: Tx) -> Reply:
            stream = stream_of(fact.code)
            state = fold(timeline(tx.load(stream)))
            if state is None:
                raise Refused(NOT_FOUND)
            tx.append(stream, *_accepted(state, fact))
            return Reply(location=f"/registry/divisions/{fact.code}")

        return work

    def on(self, code: str, as_of: date, known_at: datetime | None) -> Division | None:
        """The division at the end of that day, as known then; ``None`` where it was not declared yet. Blocking."""
        return fold(timeline(self._store.stream(stream_of(code)), as_of=as_of, known_at=known_at))

    async def find(self, code: str) -> DivisionRow | None:
        found = await anyio.to_thread.run_sync(lambda: self._select("code = %s", (code,), 1))
        return found[0] if found else None

    async def list_under(self, prefix: str, after: str, limit: int, codes: Sequence[str] = ()) -> list[DivisionRow]:
        """Divisions whose code begins with ``prefix``, by code; of ``codes`` alone where any is named."""
        where, params = "starts_with(code, %s) AND code > %s", list[object]([prefix, after])
        if codes:
            where, params = f"{where} AND code = ANY(%s)", [*params, list(codes)]
        return await anyio.to_thread.run_sync(lambda: self._select(where, params, limit))

    def _select(self, where: str, params: Sequence[object], limit: int) -> list[DivisionRow]:
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(DivisionRow)) as cur:
            columns = ", ".join(COLUMNS)
            cur.execute(
                f"SELECT {columns} FROM divisions WHERE {where} ORDER BY code LIMIT %s".encode(), (*params, limit)
            )
            return cur.fetchall()


def is_declared(tx: Tx, code: str, on: date) -> bool:
    """Whether a division was declared under this code and had not ended by that day. Posts may be older than the register,
    which declares what it finds when it begins."""
    state = fold(timeline(tx.load(stream_of(code))))
    return state is not None and (state.ended_on is None or on < state.ended_on)


def divisions_named(
    store: Store, names: Set[str], area: str, level: Level | None = None
) -> Mapping[str, Sequence[str]]:
    """Names, former names or aliases of divisions (of this level) that have not ended → the codes within this area that have
    them: of those that have it as their name now, where there are any. Blocking."""
    present, otherwise = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    query = (
        "SELECT n.name, n.code, n.name = d.name FROM division_names n JOIN divisions d USING (code)"
        " WHERE starts_with(n.code, %s) AND n.level = coalesce(%s, n.level) AND d.ended_on IS NULL"
        " AND n.name = ANY(%s) ORDER BY n.code"
    )
    with store.reading() as conn:
        for name, code, is_present in conn.execute(query, (area, level, list(names))):
            found = present if is_present else otherwise
            if code not in found[name]:
                found[name].append(code)
    return {**otherwise, **present}


def streams_since_the_views(tx: Tx, prefix: str) -> set[str]:
    """Streams that begin so and have facts that the views do not show yet. Raises ``Refused`` where they are too far behind."""
    tx.cur.execute("SELECT position FROM cursors WHERE consumer = %s AND log = %s", (tx.log, tx.log))
    cursor = (tx.cur.fetchone() or (0,))[0]
    if tx.head - cursor > MOST_BEHIND:
        raise Refused(REGISTER_BEHIND)
    low, high = code_range(prefix)
    tx.cur.execute(SINCE_THE_VIEWS, {"low": low, "high": high, "cursor": cursor, "log": tx.log})
    return {stream for (stream,) in tx.cur} | tx.streams_of_transaction(prefix)


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
    """Keeps the tables ``divisions`` and ``division_names``."""
    tables = (Table("divisions", "code", COLUMNS), Table("division_names", "code", NAME_COLUMNS))
    return view_of_streams("divisions", tables, DIVISION_TYPES, stream_of(""), str, _rows)


def _rows(_: str, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    state = fold(timeline(facts))
    if state is None:
        return [], []
    values = [getattr(state, column) for column in COLUMNS]
    ends = [*(day for day, _ in state.names[1:]), FOREVER]
    names = [(state.code, n, state.level, day, end) for (day, n), end in zip(state.names, ends, strict=True)]
    aliases = [(state.code, alias, state.level, date.min, FOREVER) for alias in state.aliases]
    return [tuple(list(v) if isinstance(v, tuple) else v for v in values)], [*names, *aliases]


def _accepted(state: Division, fact: DivisionFact) -> Sequence[DivisionFact]:
    match fact:
        case DivisionRenamed():
            require_exists(state, fact.code, fact.effective_on)
            return [] if state.name == fact.name else [fact]
        case DivisionAliasesAdded():
            return [] if {*fact.aliases} <= {*state.aliases} else [fact]
        case PoorVillageDesignated():
            return designate(state, fact)
        case PoorVillageExited():
            return exit_list(state, fact)
    raise TypeError(fact.type_name)
