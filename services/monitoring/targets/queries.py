"""Queries: one target with its progress, targets by deadline, and the workload of each owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Recorded
from contracts.monitoring.targets import ProgressReported
from contracts.quantities import Figures
from contracts.selection import timeline
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.store import Store
from services.monitoring.targets.domain import stream_of
from services.monitoring.targets.state import Target, TargetState, fold, target_from_json
from services.monitoring.targets.store import count_exits, exits_to_date

READ_POSITIONS = ", ".join(
    f"coalesce((SELECT position FROM cursors WHERE consumer = 'monitoring' AND log = '{log}'), 0)"
    for log in ("monitoring", "registry")
)


@dataclass(frozen=True, slots=True)
class TargetReadModel:
    """A target, the exits it counts, and the log positions that both were computed from."""

    target: Target
    exits: Figures
    positions: dict[str, int]
    known_at: datetime | None = None

    @property
    def state(self) -> TargetState:
        return self.target.state(met=not self.target.missing(self.exits))


@dataclass(frozen=True, slots=True)
class AssignedItem:
    """An item of a work list that an owner answers for."""

    target_id: UUID
    item: str
    work_list: str
    deadline: date
    state: TargetState


@dataclass(frozen=True, slots=True)
class Workload:
    """What one owner answers for. Labels are posts and recur from place to place: an owner is a label within a division."""

    division: str
    owner: str
    duties: tuple[AssignedItem, ...]


@dataclass(frozen=True, slots=True)
class ExitsToDate:
    """How many had exited by the end of that day, of the target's year and division."""

    on: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class TargetPath:
    """How a target came to its progress: the reports that stand, by the day they are true of, or the exits that count."""

    model: TargetReadModel
    reports: Sequence[Recorded]
    exits: Sequence[ExitsToDate]


class TargetQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def path(self, target_id: UUID, known_at: datetime | None) -> tuple[TargetPath | None, str | None]:
        """The target as known before ``known_at``, how it came there, and its division as known now, for the caller's scope."""
        with self._store.snapshot() as snapshot, snapshot.connection.cursor() as cur:
            cur.execute(
                f"SELECT {COLUMNS} FROM log WHERE originator_id = %s ORDER BY originator_version".encode(),
                (stream_of(target_id),),
            )
            facts = [decode_row(self._store.name, row) for row in cur]
            known = list(timeline(facts, known_at=known_at))
            current, target = fold(timeline(facts)), fold(known)
            if current is None or target is None:
                return None, None if current is None else current.division
            figures, registry = count_exits(cur, target, known_at=known_at)
            exits = exits_to_date(cur, target, known_at)
            positions = {self._store.name: _head(cur), "registry": registry}
        model = TargetReadModel(target, figures, positions, known_at)
        reports = [r for r in known if isinstance(r.fact, ProgressReported)]
        return TargetPath(model, reports, [ExitsToDate(*each) for each in exits]), current.division

    def targets(
        self, prefix: str, year: int | None, state: TargetState | None, after: tuple[date, str, UUID], limit: int
    ) -> list[TargetReadModel]:
        """Targets under a division prefix, by deadline, item and id."""
        with self._store.reading() as conn:
            rows = conn.execute(
                f"SELECT target_json::text, exited_households, exited_persons, {READ_POSITIONS} FROM target_states"
                " WHERE division >= %s AND division < %s AND year = coalesce(%s, year) AND state = coalesce(%s, state)"
                " AND (deadline, item, target_id) > (%s, %s, %s)"
                " ORDER BY deadline, item, target_id LIMIT %s".encode(),
                (prefix, prefix + "~", year, state, *after, limit),
            ).fetchall()
        return [
            TargetReadModel(
                target_from_json(target_json), Figures(households, persons), {"monitoring": own, "registry": registry}
            )
            for target_json, households, persons, own, registry in rows
        ]

    def workloads(self, prefix: str, year: int | None, after: tuple[str, str], limit: int) -> list[Workload]:
        """Who answers for what, by division and owner; withdrawn targets do not count."""
        with self._store.reading() as conn:
            rows: Sequence[tuple[str, str, list[str], list[int], list[int]]] = conn.execute(
                "SELECT o.division, o.owner, array_agg(s.target_json::text ORDER BY s.item, s.deadline, s.target_id),"
                " array_agg(s.exited_households ORDER BY s.item, s.deadline, s.target_id),"
                " array_agg(s.exited_persons ORDER BY s.item, s.deadline, s.target_id)"
                " FROM target_owners o JOIN target_states s USING (target_id)"
                " WHERE o.division >= %s AND o.division < %s AND s.year = coalesce(%s, s.year)"
                " AND s.state <> 'withdrawn' AND (o.division, o.owner) > (%s, %s)"
                " GROUP BY o.division, o.owner ORDER BY o.division, o.owner LIMIT %s",
                (prefix, prefix + "~", year, *after, limit),
            ).fetchall()
        return [
            Workload(
                division,
                owner,
                tuple(_assigned_item(*each) for each in zip(targets, households, persons, strict=True)),
            )
            for division, owner, targets, households, persons in rows
        ]


def _assigned_item(target_json: str, households: int, persons: int) -> AssignedItem:
    target = target_from_json(target_json)
    state = TargetReadModel(target, Figures(households, persons), {}).state
    return AssignedItem(target.target_id, target.item, target.work_list, target.deadline, state)


def _head(cur: Cursor[Any]) -> int:
    cur.execute("SELECT coalesce(max(notification_id), 0) FROM log")
    row = cur.fetchone()
    return row[0] if row else 0
