"""Reading training: one course from its facts; many, and totals, from the table ``training_entries``."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from contracts.facts import Recorded
from contracts.registry.codes import LabourSkill
from contracts.selection import timeline
from services.assistance.training.course import Course, course_of, standing_or_planned
from services.assistance.training.domain import stream_of
from services.casework.people.domain import fold
from services.casework.people.queries import facts_about_households
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

TICK = timedelta(microseconds=1)
ABLE = frozenset({LabourSkill.ORDINARY, LabourSkill.SKILLED})
COURSE_AREAS: LiteralString = (
    "SELECT DISTINCT course_id AS subject, division FROM training_entries"
    " WHERE entry = 'planned' AND known_until IS NULL"
)
"""SQL of the relation (subject, division)."""
COUNTS: LiteralString = (
    "on_day <= %(day)s AND known_from <= %(known)s AND (known_until IS NULL OR known_until > %(known)s)"
)
LISTED: LiteralString = f"""
SELECT course_id, min(course_kind) AS course_kind, min(division) AS division,
       min(on_day) FILTER (WHERE entry = 'planned') AS planned_on,
       min(on_day) FILTER (WHERE entry = 'completed') AS completed_on,
       count(*) FILTER (WHERE entry = 'session')::int AS sessions,
       count(DISTINCT person_id) FILTER (WHERE entry = 'enrolled')::int AS enrolled,
       count(DISTINCT person_id) FILTER (WHERE entry = 'attended')::int AS persons,
       count(*) FILTER (WHERE entry = 'attended')::int AS person_times,
       coalesce(sum(amount) FILTER (WHERE entry = 'session'), 0) AS heads_counted,
       count(DISTINCT person_id) FILTER (WHERE entry = 'certified')::int AS certified
  FROM training_entries
 WHERE course_id IN (SELECT course_id FROM training_entries
                      WHERE entry = 'planned' AND {COUNTS} AND (division, course_id) > (%(after)s, %(course)s)
                        AND division >= %(low)s AND division < %(high)s
                      ORDER BY division, course_id LIMIT %(limit)s)
   AND {COUNTS}
 GROUP BY course_id ORDER BY division, course_id
"""
OF_YEARS: LiteralString = "on_day >= %(first)s AND division >= %(low)s AND division < %(high)s"
TOTALS: LiteralString = f"""
SELECT course_kind, count(DISTINCT course_id)::int AS courses,
       count(*) FILTER (WHERE entry = 'session')::int AS sessions,
       count(DISTINCT person_id) FILTER (WHERE entry = 'enrolled')::int AS enrolled,
       count(DISTINCT person_id) FILTER (WHERE entry = 'attended')::int AS persons,
       count(DISTINCT (course_id, person_id)) FILTER (WHERE entry = 'attended')::int AS participations,
       count(*) FILTER (WHERE entry = 'attended')::int AS person_times,
       coalesce(sum(amount) FILTER (WHERE entry = 'session'), 0) AS heads_counted,
       count(DISTINCT person_id) FILTER (WHERE entry = 'certified')::int AS certified,
       count(*) FILTER (WHERE entry = 'certified')::int AS certificates
  FROM training_entries WHERE {COUNTS} AND {OF_YEARS} GROUP BY course_kind ORDER BY course_kind
"""
STATED: LiteralString = f"""
SELECT course_kind, substr(entry, 8) AS of, unit, count(DISTINCT course_id)::int AS courses, sum(amount) AS amount
  FROM training_entries WHERE starts_with(entry, 'stated_') AND {COUNTS} AND {OF_YEARS}
 GROUP BY course_kind, entry, unit ORDER BY course_kind, entry, unit
"""
LEARNED: LiteralString = f"""
SELECT person_id, count(*) FILTER (WHERE entry = 'certified' AND NOT technique)::int AS certificates,
       count(DISTINCT course_id) FILTER (WHERE entry = 'attended' AND technique)::int AS techniques
  FROM training_entries WHERE person_id = ANY(%(persons)s) AND {COUNTS} GROUP BY person_id
"""
HOUSEHOLDS: LiteralString = (
    "SELECT household_id FROM households WHERE division >= %s AND division < %s AND household_id > %s"
    " ORDER BY household_id LIMIT %s"
)


class TrainingQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def course(
        self, course_id: UUID, as_of: date | None, known_at: datetime | None
    ) -> tuple[list[Recorded], str | None]:
        """The course's timeline on a day as known before an instant; and its division as known now, for the caller's scope."""
        told = self._store.stream(stream_of(course_id))
        now = course_of(timeline(told))
        return timeline(told, as_of=as_of, known_at=known_at), None if now is None else now.planned.division

    def to_act_on(self, course_id: UUID) -> tuple[Course | None, bool]:
        """As it is known now, or as it was planned where that is void; and whether it stands."""
        told = self._store.stream(stream_of(course_id))
        return standing_or_planned(told), course_of(timeline(told)) is not None

    def courses(
        self, division: str, day: date, known_at: datetime, after: tuple[str, UUID], limit: int
    ) -> list[dict[str, Any]]:
        low, high = code_range(division)
        given = {
            **_asked(day, known_at),
            "low": low,
            "high": high,
            "after": after[0],
            "course": after[1],
            "limit": limit,
        }
        return self._rows(LISTED, given)

    def totals(self, division: str, first: date, day: date, known_at: datetime) -> list[dict[str, Any]]:
        low, high = code_range(division)
        return self._rows(TOTALS, {**_asked(day, known_at), "first": first, "low": low, "high": high})

    def stated(self, division: str, first: date, day: date, known_at: datetime) -> list[dict[str, Any]]:
        low, high = code_range(division)
        return self._rows(STATED, {**_asked(day, known_at), "first": first, "low": low, "high": high})

    def skills(
        self, division: str, day: date, known_at: datetime, after: UUID, limit: int
    ) -> list[tuple[UUID, Sequence[UUID], dict[UUID, dict[str, Any]]]]:
        """Households of an area, by id: who of each is able to work on that day, and what everybody in it learned by then."""
        with self._store.reading() as conn, conn.cursor() as cur:
            found = cur.execute(HOUSEHOLDS, (*code_range(division), after, limit)).fetchall()
            households = [row[0] for row in found]
            about = facts_about_households(cur, households)
        states = {h: fold(timeline(about[h], of=h, as_of=day, known_at=known_at)) for h in households}
        members = {h: states[h].members(h) for h in households}
        persons = [person for of_household in members.values() for person in of_household]
        learned = {row["person_id"]: row for row in self._rows(LEARNED, {**_asked(day, known_at), "persons": persons})}
        return [
            (
                household,
                [person for person in members[household] if states[household].persons[person].labour_skill in ABLE],
                {person: learned[person] for person in members[household] if person in learned},
            )
            for household in households
        ]

    def _rows(self, statement: LiteralString, given: dict[str, Any]) -> list[dict[str, Any]]:
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(statement, given).fetchall()


def _asked(day: date, known_at: datetime) -> dict[str, Any]:
    return {"day": day, "known": known_at - TICK}
