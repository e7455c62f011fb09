"""Reading employment: one person's work from its facts; many, and totals, from the table ``employment_entries``."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.employment.domain import stream_of
from services.assistance.employment.wages import earned_months
from services.casework.people.queries import current_division
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.web.areas import code_range

TICK = timedelta(microseconds=1)
COUNTS: LiteralString = (
    "on_day <= %(day)s AND known_from <= %(known)s AND (known_until IS NULL OR known_until > %(known)s)"
)
OF_AREA: LiteralString = "division >= %(low)s AND division < %(high)s"
PLACEMENTS: LiteralString = f"""
SELECT placement_id, min(person_id::text)::uuid AS person_id, min(household_id::text)::uuid AS household_id,
       min(division) AS division, min(post_kind) AS post_kind, min(destination) AS destination,
       min(course_id::text)::uuid AS course_id, min(on_day) FILTER (WHERE entry = 'placed') AS since,
       min(on_day) FILTER (WHERE entry IN ('ended', 'term')) AS until,
       coalesce(max(months) FILTER (WHERE entry = 'kept'), 0) AS kept_months,
       coalesce(sum(amount) FILTER (WHERE entry = 'attended'), 0)::int AS days_attended,
       coalesce(sum(amount) FILTER (WHERE entry = 'earned'), 0) AS earned,
       bool_or(entry = 'handed_over') AS handed_over, bool_or(entry = 'accepted') AS accepted
  FROM employment_entries
 WHERE placement_id IN (SELECT placement_id FROM employment_entries
                         WHERE entry = 'placed' AND {COUNTS} AND {OF_AREA} AND (division, placement_id) > (%(after)s, %(placement)s)
                         ORDER BY division, placement_id LIMIT %(limit)s)
   AND {COUNTS}
 GROUP BY placement_id ORDER BY division, placement_id
"""
TOTALS: LiteralString = f"""
SELECT post_kind, count(DISTINCT person_id) FILTER (WHERE entry IN ('placed', 'business'))::int AS persons,
       count(DISTINCT person_id) FILTER (WHERE entry = 'placed' AND sex = 'female')::int AS women,
       count(DISTINCT household_id) FILTER (WHERE entry IN ('placed', 'business'))::int AS households,
       count(*) FILTER (WHERE entry = 'placed')::int AS placements,
       count(*) FILTER (WHERE entry = 'placed' AND destination IS NOT NULL)::int AS sent_out,
       count(DISTINCT person_id) FILTER (WHERE entry = 'kept' AND months >= 3)::int AS kept_three_months,
       count(DISTINCT person_id) FILTER (WHERE entry = 'kept' AND months >= 6)::int AS kept_six_months,
       coalesce(sum(amount) FILTER (WHERE entry = 'attended'), 0)::int AS days_attended,
       coalesce(sum(amount) FILTER (WHERE entry = 'earned'), 0) AS earned,
       count(*) FILTER (WHERE entry = 'business')::int AS businesses
  FROM employment_entries WHERE {COUNTS} AND {OF_AREA} AND on_day >= %(first)s AND entry <> 'matched'
 GROUP BY post_kind ORDER BY post_kind
"""
LISTED_OFFERS: LiteralString = f"""
SELECT offer_id, division, post_kind, employer, job_title, places, wage, fair, offered_on, closed_on,
       (SELECT count(*) FROM employment_entries AS taken
         WHERE taken.offer_id = job_offers.offer_id AND entry = 'placed' AND {COUNTS})::int AS placed
  FROM job_offers
 WHERE {OF_AREA} AND offered_on <= %(day)s AND (division, offer_id) > (%(after)s, %(offer)s)
 ORDER BY division, offer_id LIMIT %(limit)s
"""
HOUSEHOLD: LiteralString = "SELECT division FROM households WHERE household_id = %s"


class EmploymentQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def work(self, person_id: UUID, as_of: date | None, known_at: datetime | None) -> tuple[list[Recorded], str | None]:
        """What was told of the person's work, on a day as known before an instant; and where they live today, for the caller's
        scope."""
        told = self._store.stream(stream_of(person_id))
        with self._store.reading() as conn, conn.cursor() as cur:
            division = current_division(cur, person_id)
        return timeline(told, as_of=as_of, known_at=known_at), division

    def placements(
        self, division: str, day: date, known_at: datetime, after: tuple[str, UUID], limit: int
    ) -> list[dict[str, Any]]:
        given = {**_asked(division, day, known_at), "after": after[0], "placement": after[1], "limit": limit}
        return self._rows(PLACEMENTS, given)

    def offers(
        self, division: str, day: date, known_at: datetime, after: tuple[str, UUID], limit: int
    ) -> list[dict[str, Any]]:
        given = {**_asked(division, day, known_at), "after": after[0], "offer": after[1], "limit": limit}
        return self._rows(LISTED_OFFERS, given)

    def totals(self, division: str, first: date, day: date, known_at: datetime) -> list[dict[str, Any]]:
        return self._rows(TOTALS, {**_asked(division, day, known_at), "first": first})

    def earned(self, household_id: UUID, day: date, known_at: datetime) -> tuple[list[dict[str, Any]], str | None]:
        """What is reported of a household's wages, by person and year; and where the household is today."""
        by_year: defaultdict[tuple[int, UUID], list[Decimal]] = defaultdict(list)

        def read(tx: Tx) -> str | None:
            for each in earned_months(tx, [household_id], day, known_at):
                by_year[each.month.year, each.person_id].append(each.yuan)
            row = tx.cur.execute(HOUSEHOLD, (household_id,)).fetchone()
            return None if row is None else str(row[0])

        division = self._store.on_snapshot(read)
        found = [
            {"person_id": person, "year": year, "months": len(yuan), "earned": sum(yuan, Decimal(0))}
            for (year, person), yuan in sorted(by_year.items())
        ]
        return found, division

    def _rows(self, statement: LiteralString, given: dict[str, Any]) -> list[dict[str, Any]]:
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(statement, given).fetchall()


def _asked(division: str, day: date, known_at: datetime) -> dict[str, Any]:
    low, high = code_range(division)
    return {"day": day, "known": known_at - TICK, "low": low, "high": high}
