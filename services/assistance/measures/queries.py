"""Reading measures: one household's from its facts; many, and totals, from the tables ``measure_entries`` and ``household_plans``."""

from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.measures.domain import stream_of
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

TICK = timedelta(microseconds=1)
COUNTS: LiteralString = (
    "on_day <= %(day)s AND known_from <= %(known)s AND (known_until IS NULL OR known_until > %(known)s)"
    " AND division >= %(low)s AND division < %(high)s"
)
TOTALS: LiteralString = f"""
SELECT measure_kind, help, grade, count(DISTINCT household_id)::int AS households, coalesce(sum(persons), 0)::int AS persons,
       count(DISTINCT household_id) FILTER (WHERE completed)::int AS completed_households,
       coalesce(sum(persons) FILTER (WHERE completed), 0)::int AS completed_persons,
       (count(*) FILTER (WHERE withdrawn))::int AS withdrawn
  FROM (SELECT measure_kind, help, grade, household_id, max(persons) AS persons, bool_or(completed) AS completed,
               bool_or(withdrawn) AS withdrawn
          FROM (SELECT measure_kind, help, grade, household_id, measure_id, max(persons) AS persons,
                       bool_or(last_step) AND NOT bool_or(entry = 'withdrawn') AS completed,
                       bool_or(entry = 'withdrawn') AS withdrawn
                  FROM measure_entries WHERE {COUNTS}
                 GROUP BY measure_kind, help, grade, household_id, measure_id) AS of_measure
         GROUP BY measure_kind, help, grade, household_id) AS of_household
 GROUP BY measure_kind, help, grade ORDER BY measure_kind, grade NULLS FIRST
"""
"""A household counts once, with its persons, however many measures of the kind it has."""
DELIVERED: LiteralString = f"""
SELECT measure_kind, unit, count(DISTINCT household_id)::int AS households, count(*)::int AS deliveries, sum(amount) AS amount
  FROM measure_entries WHERE entry = 'delivered' AND {COUNTS} GROUP BY measure_kind, unit ORDER BY measure_kind, unit
"""
PLANS: LiteralString = """
SELECT household_id, division, drawn_on, through, label, causes, unplanned, not_begun
  FROM household_plans
 WHERE division >= %(low)s AND division < %(high)s AND (division, household_id) > (%(after)s, %(household)s)
   AND (NOT %(missing)s OR unplanned <> '{}')
 ORDER BY division, household_id LIMIT %(limit)s
"""
HOUSEHOLD: LiteralString = "SELECT division FROM households WHERE household_id = %s"


class MeasureQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def household(
        self, household_id: UUID, as_of: date | None, known_at: datetime | None
    ) -> tuple[list[Recorded], str | None]:
        """What was told, on a day as known before an instant; and where the household is today, for the caller's scope."""
        with self._store.reading() as conn:
            row = conn.execute(HOUSEHOLD, (household_id,)).fetchone()
        told = self._store.stream(stream_of(household_id))
        return timeline(told, as_of=as_of, known_at=known_at), None if row is None else str(row[0])

    def plans(self, division: str, after: tuple[str, UUID], limit: int, *, missing: bool) -> list[dict[str, Any]]:
        low, high = code_range(division)
        given = {"low": low, "high": high, "after": after[0], "household": after[1], "limit": limit, "missing": missing}
        return self._rows(PLANS, given)

    def totals(self, division: str, day: date, known_at: datetime) -> list[dict[str, Any]]:
        return self._rows(TOTALS, _asked(division, day, known_at))

    def delivered(self, division: str, day: date, known_at: datetime) -> list[dict[str, Any]]:
        return self._rows(DELIVERED, _asked(division, day, known_at))

    def _rows(self, statement: LiteralString, given: dict[str, Any]) -> list[dict[str, Any]]:
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(statement, given).fetchall()


def _asked(division: str, day: date, known_at: datetime) -> dict[str, Any]:
    low, high = code_range(division)
    return {"day": day, "known": known_at - TICK, "low": low, "high": high}
