"""Reports, listed where their household is today."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.divisions import Level
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.registry.corrections.reports import ReportState


def listed_in(areas: str) -> str:
    """SQL of all reports with their division. ``areas``: SQL of the relation (subject, division)."""
    return f"SELECT r.*, areas.division FROM reports r JOIN ({areas}) areas ON areas.subject = r.household_id"


@dataclass(frozen=True, slots=True)
class ListedReport:
    """``fact``: type of the fact that reports it; ``answer_by``: last day for the office of ``level``."""

    household_id: UUID
    report_id: UUID
    fact: str
    effective_on: date
    reported_on: date
    answer_by: date
    level: Level
    entered_by: str
    state: ReportState
    division: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """``division``: prefix within the caller's area; ``overdue_on``: only those that wait on this day although their last day
    is over."""

    division: str
    household: UUID | None = None
    state: ReportState | None = None
    overdue_on: date | None = None


class ReportQueries:
    """Blocking reads. ``areas``: SQL of the relation (subject, division) of where each household is today."""

    def __init__(self, store: Store, areas: str) -> None:
        self._store, self._listed = store, listed_in(areas)

    def listed(self, asked: ReportFilter, after: tuple[date, UUID], limit: int) -> list[ListedReport]:
        """By last day."""
        low, high = code_range(asked.division)
        where = "division >= %(low)s AND division < %(high)s AND (answer_by, report_id) > (%(day)s, %(report)s)"
        if asked.household is not None:
            where += " AND household_id = %(household)s"
        if asked.state is not None:
            where += " AND state = %(state)s"
        if asked.overdue_on is not None:
            where += " AND state = 'open' AND answer_by < %(overdue_on)s"
        params = {
            "low": low, "high": high, "day": after[0], "report": after[1], "household": asked.household,
            "state": asked.state, "overdue_on": asked.overdue_on, "limit": limit,
        }  # fmt: skip
        sql = f"SELECT * FROM ({self._listed}) listed WHERE {where} ORDER BY answer_by, report_id LIMIT %(limit)s"
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ListedReport)) as cur:
            return cur.execute(sql.encode(), params).fetchall()

    def waits(self, household: UUID, report: UUID, prefix: str) -> bool:
        """Whether this report of a household under a division waits for its answer."""
        low, high = code_range(prefix)
        sql = (
            f"SELECT FROM ({self._listed}) listed WHERE household_id = %s AND report_id = %s AND state = 'open'"
            " AND division >= %s AND division < %s"
        )
        with self._store.reading() as conn:
            return conn.execute(sql.encode(), (household, report, low, high)).fetchone() is not None
