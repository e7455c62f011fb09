"""Queries of cases. A case is listed where its subject is today; one of whose subject nothing stands, where it was opened."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import class_row

from contracts.casework.cases import CaseFact, CaseOpened
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.procedures.answers import CaseAnswer
from services.casework.procedures.state import CaseState, fold
from services.casework.procedures.store import CASES, stream_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

MAX_CACHED = 50_000
"""Cases whose subject is cached; it never changes."""
COLUMNS = ", ".join(f"c.{column}" for column in CASES.columns if column != "division")


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


class CaseQueries:
    """Blocking reads; endpoints run them in a worker thread. ``areas``: SQL of the relation (subject, division) of where
    each subject is today."""

    def __init__(self, store: Store, areas: str) -> None:
        self._store, self._areas = store, areas
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
        return tuple(r for r in self._store.stream(stream_of(case_id)) if isinstance(r.fact, CaseFact))

    def state(self, case_id: UUID) -> CaseState:
        """Raises ``NOT_FOUND``."""
        state = fold(timeline(self.facts(case_id)))
        if state is None:
            raise Refused(NOT_FOUND)
        return state

    def case(self, case_id: UUID) -> CaseAnswer | None:
        """As the view shows it; ``None`` where it was never opened."""
        sql = (
            f"SELECT {COLUMNS}, coalesce(a.division, c.division) AS division"
            f" FROM cases c LEFT JOIN ({self._areas}) a ON a.subject = c.subject WHERE c.case_id = %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(CaseAnswer)) as cur:
            return cur.execute(sql.encode(), (case_id,)).fetchone()

    def cases(self, asked: CaseFilter, after: tuple[str, UUID], limit: int) -> list[CaseAnswer]:
        """Cases under a division, by division and id."""
        low, high = code_range(asked.division)
        matches = (
            "c.procedure = coalesce(%(procedure)s, c.procedure) AND c.subject = coalesce(%(subject)s, c.subject)"
            " AND (%(due)s::text IS NULL OR c.due = %(due)s)"
            " AND (c.outcome IS NULL) = coalesce(%(is_open)s, c.outcome IS NULL)"
        )
        in_range = "{0}.division >= %(low)s AND {0}.division < %(high)s"
        in_range += " AND ({0}.division, c.case_id) > (%(after)s, %(after_id)s)"
        sql = (
            f"SELECT {COLUMNS}, a.division FROM ({self._areas}) a JOIN cases c ON c.subject = a.subject"
            f" WHERE {in_range.format('a')} AND {matches}"
            # Open cases alone: those of a void subject that can still be acted on.
            f" UNION ALL SELECT {COLUMNS}, c.division FROM cases c WHERE c.outcome IS NULL"
            f" AND {in_range.format('c')} AND {matches}"
            f" AND NOT EXISTS (SELECT FROM ({self._areas}) a WHERE a.subject = c.subject)"
            " ORDER BY division, case_id LIMIT %(limit)s"
        )
        given = {
            "low": low, "high": high, "after": after[0], "after_id": after[1], "limit": limit,
            "procedure": asked.procedure, "subject": asked.subject, "due": asked.due, "is_open": asked.is_open,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(CaseAnswer)) as cur:
            return cur.execute(sql.encode(), given).fetchall()
