"""Pupils, as departments of education say: those of a school, and those of a household. Blocking."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.civil import civil_day, start_of_day
from contracts.facts import Recorded
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.registry.households.bitemporal import FOREVER, UNTIL_CHANGED
from services.registry.households.member_answers import SchoolingAnswer
from services.registry.schooling.domain import Schooling, periods_of
from services.registry.schooling.store import HOLDS, SAID, schooling_of
from services.registry.schools.store import Schools

OF_SCHOOLS = f"""
SELECT h.division, h.household_id, e.person_id, {", ".join(f"e.{name}" for name in SAID)} FROM enrolment_periods e
JOIN LATERAL (
    SELECT holder FROM exclusive_periods x WHERE x.subject = e.person_id ORDER BY valid_to DESC, valid_from DESC LIMIT 1
) lives ON true JOIN household_divisions h ON h.household_id = lives.holder
WHERE e.school_code = ANY(%(codes)s) AND {HOLDS.format(row="e")} AND e.ended_on IS NULL
  AND h.division >= %(low)s AND h.division < %(high)s AND (h.division, e.person_id) > (%(division)s, %(after)s)
ORDER BY h.division, e.person_id LIMIT %(limit)s
"""
"""A person is where their household is today."""


@dataclass(frozen=True, slots=True)
class Pupil:
    division: str
    household_id: UUID
    person_id: UUID
    schooling: Schooling


@dataclass(frozen=True, slots=True)
class SchoolingPeriod:
    """Days to before ``valid_to``, known at the end of the days to before ``known_to``; ``None``: without end."""

    person_id: UUID
    schooling: SchoolingAnswer
    valid_from: date
    valid_to: date | None
    known_from: date
    known_to: date | None


class PupilQueries:
    def __init__(self, store: Store) -> None:
        self._store, self.schools = store, Schools(store)

    def of_school(
        self, code: str, prefix: str, as_of: date, known_at: datetime, after: tuple[str, UUID], limit: int
    ) -> list[Pupil]:
        """Those enrolled on a day, of households under a division, by division and person."""
        low, high = code_range(prefix)
        asked = {
            "codes": self.schools.whose_pupils(code, as_of, known_at), "low": low, "high": high, "as_of": as_of,
            "known_at": known_at, "division": after[0], "after": after[1], "limit": limit,
        }  # fmt: skip
        with self._store.reading() as conn:
            rows = conn.execute(OF_SCHOOLS.encode(), asked).fetchall()
        return [Pupil(division, household, person, Schooling(*said)) for division, household, person, *said in rows]

    def schooling(self, persons: Collection[UUID], as_of: date, known_at: datetime) -> Mapping[UUID, SchoolingAnswer]:
        """Implements ``SchoolingOf``."""
        with self._store.reading() as conn:
            found = schooling_of(conn, persons, as_of, known_at)
        return {person: self.answer(said, as_of, known_at) for person, said in found.items()}

    def answer(self, said: Schooling, as_of: date, known_at: datetime | None) -> SchoolingAnswer:
        """At the school that the pupil is at on that day: the one of the enrolment, or what it was merged into while that ran."""
        last = as_of if said.ended_on is None else min(as_of, said.ended_on)
        code, name = self.schools.attended(said.school_code, last, known_at)
        fields = {field: getattr(said, field) for field in SAID}
        return SchoolingAnswer(**{**fields, "school_code": code}, school_name=name)

    def periods(self, person_id: UUID, facts: Sequence[Recorded]) -> Iterator[SchoolingPeriod]:
        """For every day as known at the end of any other; divided where the school changed, or that was learned."""
        for each in periods_of(facts):
            turns, learned = self.schools.turns(each.value.school_code)
            known_to = None if each.known_to == UNTIL_CHANGED else civil_day(each.known_to)
            for since, until in cut(civil_day(each.known_from), known_to, learned):
                at = None if until is None else start_of_day(until)
                for first, end in cut(each.valid_from, None if each.valid_to == FOREVER else each.valid_to, turns):
                    said = self.answer(each.value, first, at)
                    yield SchoolingPeriod(person_id, said, first, end, since, until)


def cut(first: date, end: date | None, days: Collection[date]) -> list[tuple[date, date | None]]:
    """The parts of a period from its first day to before its end that these days make."""
    starts = [first, *sorted({day for day in days if first < day and (end is None or day < end)})]
    return [] if first == end else list(zip(starts, [*starts[1:], end], strict=True))
