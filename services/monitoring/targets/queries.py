"""Reading targets: one with what is done of it, lists by deadline, and the load of each owner. Blocking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.quantities import Figures
from contracts.selection import timeline
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.store import Store
from services.monitoring.targets.domain import stream_of
from services.monitoring.targets.state import Target, TargetState, depicted, fold
from services.monitoring.targets.store import exited

SEEN = ", ".join(
    f"coalesce((SELECT position FROM cursors WHERE consumer = 'monitoring' AND log = '{log}'), 0)"
    for log in ("monitoring", "registry")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A target, what the register says was achieved of it, and the log positions that both rest on."""

    target: Target
    exited: Figures
    positions: dict[str, int]
    known_at: datetime | None = None

    @property
    def state(self) -> TargetState:
        return self.target.state(met=not self.target.missing(self.exited))


@dataclass(frozen=True, slots=True)
class Duty:
    """An item in an owner's load."""

    target_id: UUID
    item: str
    work_list: str
    deadline: date
    state: TargetState


@dataclass(frozen=True, slots=True)
class Load:
    """Labels are posts and recur from place to place: an owner is a label within a division."""

    division: str
    owner: str
    duties: tuple[Duty, ...]


class Reading:
    def __init__(self, store: Store) -> None:
        self._store = store

    def one(self, target_id: UUID, known_at: datetime | None) -> tuple[Standing | None, str | None]:
        """The target as known before ``known_at``, and its division by all that is known, for the caller's scope."""
        with self._store.reading() as conn, conn.transaction(), conn.cursor() as cur:
            cur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cur.execute(
                f"SELECT {COLUMNS} FROM log WHERE originator_id = %s ORDER BY originator_version".encode(),
                (stream_of(target_id),),
            )
            facts = [decode_row(self._store.name, row) for row in cur]
            now, target = fold(timeline(facts)), fold(timeline(facts, known_at=known_at))
            if now is None or target is None:
                return None, None if now is None else now.division
            figures, registry = exited(cur, target, known_at=known_at)
            positions = {self._store.name: _head(cur), "registry": registry}
        return Standing(target, figures, positions, known_at), now.division

    def listed(
        self, prefix: str, year: int | None, state: TargetState | None, after: tuple[date, str, UUID], limit: int
    ) -> list[Standing]:
        """Targets under a division prefix, by deadline, item and id."""
        with self._store.reading() as conn:
            rows = conn.execute(
                f"SELECT picture::text, exited_households, exited_persons, {SEEN} FROM standing"
                " WHERE division >= %s AND division < %s AND year = coalesce(%s, year) AND state = coalesce(%s, state)"
                " AND (deadline, item, target_id) > (%s, %s, %s)"
                " ORDER BY deadline, item, target_id LIMIT %s".encode(),
                (prefix, prefix + "~", year, state, *after, limit),
            ).fetchall()
        return [
            Standing(depicted(picture), Figures(households, persons), {"monitoring": own, "registry": registry})
            for picture, households, persons, own, registry in rows
        ]

    def loads(self, prefix: str, year: int | None, after: tuple[str, str], limit: int) -> list[Load]:
        """Who answers for what, by division and owner; withdrawn targets burden nobody."""
        with self._store.reading() as conn:
            rows: Sequence[tuple[str, str, list[str], list[int], list[int]]] = conn.execute(
                "SELECT o.division, o.owner, array_agg(s.picture::text ORDER BY s.item, s.deadline, s.target_id),"
                " array_agg(s.exited_households ORDER BY s.item, s.deadline, s.target_id),"
                " array_agg(s.exited_persons ORDER BY s.item, s.deadline, s.target_id)"
                " FROM target_owners o JOIN standing s USING (target_id)"
                " WHERE o.division >= %s AND o.division < %s AND s.year = coalesce(%s, s.year)"
                " AND s.state <> 'withdrawn' AND (o.division, o.owner) > (%s, %s)"
                " GROUP BY o.division, o.owner ORDER BY o.division, o.owner LIMIT %s",
                (prefix, prefix + "~", year, *after, limit),
            ).fetchall()
        return [
            Load(division, owner, tuple(_duty(*each) for each in zip(pictures, households, persons, strict=True)))
            for division, owner, pictures, households, persons in rows
        ]


def _duty(picture: str, households: int, persons: int) -> Duty:
    target = depicted(picture)
    state = Standing(target, Figures(households, persons), {}).state
    return Duty(target.target_id, target.item, target.work_list, target.deadline, state)


def _head(cur: Cursor[Any]) -> int:
    cur.execute("SELECT coalesce(max(notification_id), 0) FROM log")
    row = cur.fetchone()
    return row[0] if row else 0
