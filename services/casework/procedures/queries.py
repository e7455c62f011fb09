"""Queries of cases. A case is where its subject is: it is listed there, and a former area reads it as it was then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from contracts.casework.cases import CaseOpened
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.exports.lists import NumbersOf, no_numbers
from services.casework.procedures.answers import CaseAnswer, DueStepAnswer, SentenceAnswer
from services.casework.procedures.batches import Act
from services.casework.procedures.case_findings import FindingsFlag, no_flag
from services.casework.procedures.document import Procedure
from services.casework.procedures.flags import CaseFlag
from services.casework.procedures.progress import STEP_ROUTES
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import fold
from services.casework.procedures.store import stream_of
from services.casework.procedures.view import CASES, case_rows
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

WAITING = (
    "(SELECT case_id, due, waits_for_level, waits_for_role FROM cases"
    " UNION ALL SELECT case_id, step, waits_for_level, waits_for_role FROM case_steps_beside)"
)
DUE_STEPS = (
    "SELECT procedure, w.due, max(edition), count(*)"
    f" FROM cases JOIN ({{areas}}) areas USING (subject) JOIN {WAITING} w USING (case_id)"
    " WHERE outcome IS NULL AND w.due IS NOT NULL AND objections = 0 AND w.waits_for_level = %s"
    " AND w.waits_for_role = ANY(%s) AND division >= %s AND division < %s"
    " GROUP BY procedure, w.due ORDER BY procedure, w.due"
)
SHOWN = tuple(column for column in CASES.columns if column != "reviewed_at")
MAX_CACHED = 50_000
"""Cases whose subject is cached; it never changes."""


@dataclass(frozen=True, slots=True)
class CaseKey:
    """What of a case never changes."""

    subject: UUID
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """``is_open``: ``None`` for both. ``exceptions_first``: flagged ones before the others. ``noticed``: only those of which a
    notice may hang: one that is running, or that an open objection holds."""

    division: str
    subject: UUID | None = None
    procedure: str | None = None
    due: str | None = None
    is_open: bool | None = None
    exceptions_first: bool = False
    noticed: bool = False


LeftArea = Callable[[UUID, Actor], tuple[str, datetime]]
"""Of a subject: where it was when it was in the actor's area last, and since when it is known not to be. Raises
``NOT_FOUND`` where it never was, or is there now."""


def areas_of_cases(areas: str) -> str:
    """The relation of ``areas`` (see ``CaseQueries``) for cases: each is where its subject is."""
    return f"SELECT case_id AS subject, division FROM cases JOIN ({areas}) areas USING (subject)"


class CaseQueries:
    """Blocking reads; endpoints run them in a worker thread. ``areas``: SQL of the relation (subject, division) of where
    each subject is today or was last, with a row for every subject that ever was; ``changed``: SQL of whether something
    was recorded about ``cases.subject`` since ``cases.reviewed_at``; ``findings``: SQL of whether check rules found something
    about it that nobody has answered; ``numbers``: the 户编号 of households."""

    def __init__(
        self, store: Store, procedures: ProcedureRepository, areas: str, left_area: LeftArea, changed: str,
        findings: FindingsFlag = no_flag, numbers: NumbersOf = no_numbers,
    ) -> None:  # fmt: skip
        self._store, self._procedures, self._left_area = store, procedures, left_area
        self._areas, self._changed, self._findings, self._numbers = areas, changed, findings, numbers
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

    def cases(self, asked: CaseFilter, after: tuple[bool, str, UUID], limit: int) -> list[CaseAnswer]:
        """Cases of the subjects under a division, by (division, id); exceptions first where that is asked. ``after``: whether
        the last one before was no exception, its division and id."""
        # Only what is asked: a condition that may hold for all would hide from the planner how few rows are open, or how
        # soon a page is full.
        low, high = code_range(asked.division)
        plain, division, case_id = after
        where, params = "division >= %s AND division < %s", list[object]([low, high])
        if not asked.exceptions_first:
            where, params = f"{where} AND (division, case_id) > (%s, %s)", [max(low, division), high, division, case_id]
        for column in ("subject", "procedure", "due"):
            if (value := getattr(asked, column)) is not None:
                where, params = f"{where} AND {column} = %s", [*params, value]
        if asked.is_open is not None:
            where += " AND outcome IS NULL" if asked.is_open else " AND outcome IS NOT NULL"
        if asked.noticed:
            where += " AND (notice_ends IS NOT NULL OR objections > 0)"
        if not asked.exceptions_first:
            return self._select(where, params, limit)
        key = "(cardinality(flags) = 0, division, case_id)"
        sql = f"SELECT * FROM ({self._select_sql} WHERE {where}) listed WHERE {key} > (%s, %s, %s) ORDER BY {key} LIMIT %s"
        return self._rows(sql, (*params, plain, division, case_id, limit))

    def due_steps(self, actor: Actor, division: str) -> list[DueStepAnswer]:
        """What waits for the actor's office under a division, by procedure and step."""
        low, high = code_range(division)
        params = (actor.level, sorted(actor.roles), low, high)
        with self._store.reading() as conn:
            rows = conn.execute(DUE_STEPS.format(areas=self._areas).encode(), params).fetchall()
        return [_due_step(self._procedures.edition(name, edition), due, count) for name, due, edition, count in rows]

    @property
    def _select_sql(self) -> str:
        columns = ", ".join(f"cases.{column}" for column in SHOWN if column != "flags")
        found = self._findings("cases.subject", civil_day(self._store.clock.now()))
        flags = "".join(
            f" || CASE WHEN {holds} THEN ARRAY['{flag}'] ELSE '{{}}'::text[] END"
            for holds, flag in ((self._changed, CaseFlag.CHANGED_SINCE_REVIEW), (found, CaseFlag.OPEN_FINDINGS))
        )
        return f"SELECT division, {columns}, cases.flags{flags} AS flags FROM cases JOIN ({self._areas}) areas USING (subject)"

    def _select(self, where: str, params: Sequence[object], limit: int) -> list[CaseAnswer]:
        return self._rows(f"{self._select_sql} WHERE {where} ORDER BY division, case_id LIMIT %s", (*params, limit))

    def _rows(self, sql: str, params: Sequence[object]) -> list[CaseAnswer]:
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(CaseAnswer)) as cur:
            found = cur.execute(sql.encode(), params).fetchall()
            return self._numbered(found, conn)

    def _case_when_left(self, case_id: UUID, actor: Actor) -> CaseAnswer:
        facts = self.facts(case_id)
        state = fold(timeline(facts))
        if state is None:
            raise Refused(NOT_FOUND)
        division, until = self._left_area(state.subject, actor)
        rows, _ = case_rows(self._procedures, case_id, [r for r in facts if r.recorded_at < until])
        if not rows:
            raise Refused(NOT_FOUND)
        shown = {column: value for column, value in zip(CASES.columns, rows[0], strict=True) if column in SHOWN}
        with self._store.reading() as conn:
            return self._numbered([CaseAnswer(division=division, **shown)], conn)[0]

    def _numbered(self, found: list[CaseAnswer], conn: Connection) -> list[CaseAnswer]:
        numbers = self._numbers(conn, {each.household_id for each in found if each.household_id is not None})
        for each in found:
            each.national_no = numbers.get(each.household_id) if each.household_id is not None else None
        return found


def never_leaves(_: UUID, __: Actor) -> tuple[str, datetime]:
    """``left_area`` of subjects that are always in one place."""
    raise Refused(NOT_FOUND)


def _due_step(procedure: Procedure, due: str, cases: int) -> DueStepAnswer:
    step = procedure.step(due)
    route = STEP_ROUTES[type(step)]
    return DueStepAnswer(
        procedure=procedure.procedure, procedure_name=SentenceAnswer(zh=procedure.zh, en=procedure.en), due=due,
        step_name=SentenceAnswer(zh=step.zh, en=step.en), act=Act(route.path), operation=route.operation, cases=cases,
    )  # fmt: skip
