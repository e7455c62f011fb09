"""Queries of a target on a day as known on another: with its parts, its path and pace, and the projects that do its lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Recorded
from contracts.monitoring.targets import Direction, TargetLine
from contracts.selection import timeline
from services.chassis.log.store import Store
from services.monitoring.projects.domain import stream_of as project_stream
from services.monitoring.projects.state import Project
from services.monitoring.projects.state import fold as fold_project
from services.monitoring.targets.domain import stream_of
from services.monitoring.targets.forecasts import path_of
from services.monitoring.targets.state import Target, TargetState, fold
from services.monitoring.targets.store import count_exits

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
SPENT = (
    b"SELECT use, coalesce(sum(fen) FILTER (WHERE account IN ('allocated', 'reserved', 'retained', 'spent')), 0),"
    b" coalesce(sum(fen) FILTER (WHERE account = 'spent'), 0) FROM fund_entries WHERE use = ANY(%s) AND on_day <= %s"
    b" AND known_from < %s AND (known_until IS NULL OR known_until >= %s) GROUP BY use"
)


@dataclass(frozen=True, slots=True)
class Position:
    """A target on a day, and what is done of each of its lines."""

    target: Target
    done: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What was to be reached by the end of a year, and what was; ``None`` while the year runs."""

    line: int
    year: int
    planned: Decimal
    done: Decimal | None
    direction: Direction

    @property
    def short(self) -> Decimal | None:
        """What was missing of a floor, or beyond a ceiling."""
        if self.done is None:
            return None
        below = self.planned - self.done
        return max(below if self.direction is Direction.AT_LEAST else -below, Decimal(0))


@dataclass(frozen=True, slots=True)
class WorkingProject:
    """A project that does lines: as it stood, what funds gave it and was paid, in fen, and its acts that cite evidence."""

    project: Project
    given: int
    paid: int
    on_paper: Sequence[Recorded]


class CascadeQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def position(self, target_id: UUID, as_of: date, known_at: datetime | None) -> Position | None:
        with self._store.snapshot() as snapshot, snapshot.connection.cursor() as cur:
            return self._position(cur, self._store.stream(stream_of(target_id)), as_of, known_at)

    def parts(self, target_id: UUID, as_of: date, known_at: datetime | None) -> list[Position]:
        """Its parts that stood, by division."""
        with self._store.snapshot() as snapshot, snapshot.connection.cursor() as cur:
            rows = cur.execute(b"SELECT target_id FROM targets WHERE part_of = %s ORDER BY division", (target_id,))
            found = [
                self._position(cur, self._store.stream(stream_of(id_)), as_of, known_at) for (id_,) in rows.fetchall()
            ]
        return [p for p in found if p is not None and p.target.closed is not TargetState.WITHDRAWN]

    def year_ends(self, target_id: UUID, as_of: date, known_at: datetime | None) -> list[YearEnd]:
        """Line by line, year by year."""
        with self._store.snapshot() as snapshot, snapshot.connection.cursor() as cur:
            facts = self._store.stream(stream_of(target_id))
            now = self._position(cur, facts, as_of, known_at)
            if now is None:
                return []
            years = sorted({year for line in now.target.lines for year, _ in path_of(now.target, line)})
            ends = {
                year: self._position(cur, facts, date(year, 12, 31), known_at) for year in years if year < as_of.year
            }
        return [
            YearEnd(line.line, year, planned, _done(ends.get(year), line), line.direction)
            for line in now.target.lines
            for year, planned in path_of(now.target, line)
        ]

    def projects(self, target: Target, as_of: date, known_at: datetime | None) -> list[WorkingProject]:
        """Those named, in the order of their first line."""
        ids = list(dict.fromkeys(work.project_id for work in sorted(target.works, key=lambda w: (w.line, w.component))))
        at = known_at or END_OF_TIME
        with self._store.snapshot() as snapshot, snapshot.connection.cursor() as cur:
            rows = cur.execute(SPENT, ([f"project:{id_}" for id_ in ids], as_of, at, at)).fetchall()
            streams = {id_: self._store.stream(project_stream(id_)) for id_ in ids}
        money: Mapping[str, tuple[int, int]] = {use: (int(given), int(paid)) for use, given, paid in rows}
        found = []
        for id_, facts in streams.items():
            standing = timeline(facts, as_of=as_of, known_at=known_at)
            if (project := fold_project(standing)) is not None:
                on_paper = [r for r in standing if r.fact.evidence]
                found.append(WorkingProject(project, *money.get(f"project:{id_}", (0, 0)), on_paper))
        return found

    def _position(
        self, cur: Cursor[tuple[object, ...]], facts: Iterable[Recorded], as_of: date, known_at: datetime | None
    ) -> Position | None:
        target = fold(timeline(facts, as_of=as_of, known_at=known_at))
        if target is None:
            return None
        figures, _ = count_exits(cur, target, as_of, known_at)
        return Position(target, target.done(figures))


def _done(position: Position | None, line: TargetLine) -> Decimal | None:
    if position is None:
        return None
    numbers = [each.line for each in position.target.lines]
    return position.done[numbers.index(line.line)]
