"""Queries of cases. A case is where its subject is: it is listed there, and a former area reads it as it was then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from contracts.casework.cases import CaseOpened
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.procedures.answers import CaseAnswer
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import fold
from services.casework.procedures.store import CASES, case_rows, stream_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

MAX_CACHED = 50_000
"""Cases whose subject is cached; it never changes."""


@dataclass(frozen=True, slots=True)
class CaseKey:
    """What of a case never changes."""

    subject: UUID
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """``is_open``: ``None`` for both."""

    division: str
    subject: UUID | None = None
    procedure: str | None = None
    due: str | None = None
    is_open: bool | None = None


LeftArea = Callable[[UUID, Actor], tuple[str, datetime]]
"""Of a subject: where it was when it was in the actor's area last, and since when it is known not to be. Raises
``NOT_FOUND`` where it never was, or is there now."""


class CaseQueries:
    """Blocking reads; endpoints run them in a worker thread. ``areas``: SQL of the relation (subject, division) of where
    each subject is today or was last, with a row for every subject that ever was."""

    def __init__(self, store: Store, procedures: ProcedureRepository, areas: str, left_area: LeftArea) -> None:
        self._store, self._procedures, self._left_area = store, procedures, left_area
        self._select_sql = (
            f"SELECT division, {', '.join(CASES.columns)} FROM cases JOIN ({areas}) areas USING (subject)"
        )
        self._keys: dict[UUID, CaseKey] = {}

    def key(self, case_id: UUID) -> CaseKey:
        """Raises ``NOT_FOUND`` for a case that was never opened."""
        if case_id not in self._keys:
            opened = next((r.fact for r in self.facts(case_id) if isinstance(r.fact, CaseOpened)), None)
            if opened is None:
                raise Refused(NOT_FOUND)
            if len(self._keys) >= MAX_CACHED:
                self._keys.clear()
            self._keys[case_id] = CaseKey(opened.subject, opened.standing)
        return self._keys[case_id]

    def cached_key(self, case_id: UUID) -> CaseKey | None:
        """``key`` without blocking; ``None`` when it has to be looked up."""
        return self._keys.get(case_id)

    def facts(self, case_id: UUID) -> tuple[Recorded, ...]:
        return self._store.stream(stream_of(case_id))

    def case(self, case_id: UUID, actor: Actor) -> CaseAnswer:
        """The case as it stands; for an area that its subject has left, as it stood when the subject was there last. Raises
        ``NOT_FOUND``."""
        found = self._select("case_id = %s", (case_id,), 1)
        if found and actor.covers(found[0].division):
            return found[0]
        return self._case_when_left(case_id, actor)

    def cases(self, asked: CaseFilter, after: tuple[str, UUID], limit: int) -> list[CaseAnswer]:
        """Cases of the subjects under a division, by (division, id)."""
        # Only what is asked: a condition that may hold for all would hide from the planner how few rows are open, or how
        # soon a page is full.
        low, high = code_range(asked.division)
        where = "division >= %s AND division < %s AND (division, case_id) > (%s, %s)"
        params: list[object] = [max(low, after[0]), high, *after]
        for column in ("subject", "procedure", "due"):
            if (value := getattr(asked, column)) is not None:
                where, params = f"{where} AND {column} = %s", [*params, value]
        if asked.is_open is not None:
            where += " AND outcome IS NULL" if asked.is_open else " AND outcome IS NOT NULL"
        return self._select(where, params, limit)

    def _select(self, where: str, params: Sequence[object], limit: int) -> list[CaseAnswer]:
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(CaseAnswer)) as cur:
            cur.execute(
                f"{self._select_sql} WHERE {where} ORDER BY division, case_id LIMIT %s".encode(), (*params, limit)
            )
            return cur.fetchall()

    def _case_when_left(self, case_id: UUID, actor: Actor) -> CaseAnswer:
        facts = self.facts(case_id)
        state = fold(timeline(facts))
        if state is None:
            raise Refused(NOT_FOUND)
        division, until = self._left_area(state.subject, actor)
        (rows,) = case_rows(self._procedures, case_id, [r for r in facts if r.recorded_at < until])
        if not rows:
            raise Refused(NOT_FOUND)
        return CaseAnswer(division=division, **dict(zip(CASES.columns, rows[0], strict=True)))


def never_leaves(_: UUID, __: Actor) -> tuple[str, datetime]:
    """``left_area`` of subjects that are always in one place."""
    raise Refused(NOT_FOUND)
