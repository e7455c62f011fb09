"""Queries of cases. A case is where its household is: it is listed there, and a former area reads it as it was then."""

from collections.abc import Sequence
from uuid import UUID

from psycopg.rows import class_row

from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.registry.cases.forms import CaseAnswer
from services.registry.cases.procedure_repository import ProcedureRepository
from services.registry.cases.state import fold
from services.registry.cases.store import CASES, case_rows, stream_of
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.visibility import left_area

SELECT = f"SELECT division, {', '.join(CASES.columns)} FROM cases JOIN household_divisions USING (household_id)"


class CaseQueries:
    """Blocking reads; endpoints run them in a worker thread."""

    def __init__(self, store: Store, procedures: ProcedureRepository) -> None:
        self._store, self._procedures = store, procedures

    def case(self, case_id: UUID, actor: Actor) -> CaseAnswer:
        """The case as it stands; for an area that its household has left, as it stood when the household was there last.
        Raises ``NOT_FOUND``."""
        found = self._select("case_id = %s", (case_id,), 1)
        if found and actor.covers(found[0].division):
            return found[0]
        return self._case_when_left(case_id, actor)

    def cases(
        self, prefix: str, procedure: str | None, is_open: bool | None, after: tuple[str, UUID], limit: int
    ) -> list[CaseAnswer]:
        """Cases of the households that live under a division prefix, by (division, id)."""
        # Only what is asked: a condition that may hold for all would hide from the planner how few rows are open, or how
        # soon a page is full.
        where = "division >= %s AND division < %s AND (division, case_id) > (%s, %s)"
        params: list[object] = [max(prefix, after[0]), prefix + "~", *after]
        if procedure is not None:
            where, params = f"{where} AND procedure = %s", [*params, procedure]
        if is_open is not None:
            where += " AND outcome IS NULL" if is_open else " AND outcome IS NOT NULL"
        return self._select(where, params, limit)

    def _select(self, where: str, params: Sequence[object], limit: int) -> list[CaseAnswer]:
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(CaseAnswer)) as cur:
            cur.execute(f"{SELECT} WHERE {where} ORDER BY division, case_id LIMIT %s".encode(), (*params, limit))
            return cur.fetchall()

    def _case_when_left(self, case_id: UUID, actor: Actor) -> CaseAnswer:
        facts = self._store.stream(stream_of(case_id))
        state = fold(timeline(facts))
        if state is None:
            raise Refused(NOT_FOUND)
        household = self._store.stream(household_stream(state.household_id))
        division, until = left_area(household, actor, lambda relative: self._store.stream(household_stream(relative)))
        (rows,) = case_rows(self._procedures, case_id, [r for r in facts if r.recorded_at < until])
        if not rows:
            raise Refused(NOT_FOUND)
        return CaseAnswer(division=division, **dict(zip(CASES.columns, rows[0], strict=True)))
