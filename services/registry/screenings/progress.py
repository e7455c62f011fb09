"""How far the screening of a round is on a day, as known then: group by group, and per area. Blocking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.divisions import DIGITS, Level
from contracts.registry.screenings import GroupKind
from services.casework.calendars.periods import Period
from services.casework.duties.repository import DutySetRepository
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.registry.screenings.duty_matters import round_on
from services.registry.screenings.rules import NO_ROUND

KNOWN = "known_from < %(known_at)s AND known_to >= %(known_at)s"
LISTED = f"""
SELECT g.group_id, g.division, g.name, g.kind, g.since, s.day AS screened_on, s.fact AS screening,
    coalesce(s.households, 0) AS households, coalesce(s.persons, 0) AS persons,
    coalesce(s.missed_households, 0) AS missed_households, coalesce(s.missed_persons, 0) AS missed_persons,
    coalesce(s.clues, 0) AS clues_found
FROM (SELECT * FROM village_groups WHERE division >= %(low)s AND division < %(high)s AND {KNOWN}
    AND since <= %(day)s AND (until IS NULL OR until > %(day)s)) g
LEFT JOIN LATERAL (SELECT * FROM group_screenings WHERE group_id = g.group_id AND {KNOWN}
    AND day >= %(first)s AND day <= %(day)s ORDER BY day LIMIT 1) s ON true
"""
PAGE = f"{LISTED} WHERE (g.division, g.group_id) > (%(division)s, %(group)s) ORDER BY g.division, g.group_id LIMIT %(limit)s"
SUMS = f"""
SELECT left(division, %(digits)s) AS division, count(*)::int AS groups, count(screened_on)::int AS groups_screened,
    sum(households)::int AS households, sum(persons)::int AS persons, sum(missed_households)::int AS missed_households,
    sum(missed_persons)::int AS missed_persons, sum(clues_found)::int AS clues_found
FROM ({LISTED}) listed GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class ScreenedGroup:
    """``screened_on``, ``screening``: ``None`` while it is not; the figures are zero then."""

    group_id: UUID
    division: str
    name: str
    kind: GroupKind
    since: date
    screened_on: date | None
    screening: str | None
    households: int
    persons: int
    missed_households: int
    missed_persons: int
    clues_found: int


@dataclass(frozen=True, slots=True)
class AreaProgress:
    division: str
    groups: int = 0
    groups_screened: int = 0
    households: int = 0
    persons: int = 0
    missed_households: int = 0
    missed_persons: int = 0
    clues_found: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    round: Period
    total: AreaProgress
    areas: Sequence[AreaProgress]


class ScreeningQueries:
    def __init__(self, store: Store, duty_sets: DutySetRepository) -> None:
        self._store, self._duty_sets = store, duty_sets

    def round(self, division: str, day: date, known_at: datetime) -> Period:
        """Raises ``Refused`` where no document sets one."""
        found = round_on(self._duty_sets.known_at(known_at), division, day)
        if found is None:
            raise Refused(NO_ROUND, on=day)
        return found

    def groups(
        self, division: str, day: date, known_at: datetime, after: tuple[str, UUID], limit: int
    ) -> list[ScreenedGroup]:
        """By village and id. Where no round is set none of them is screened."""
        round_ = round_on(self._duty_sets.known_at(known_at), division, day)
        params = {
            **_params(division, day, known_at, Period(day, day) if round_ is None else round_), "division": after[0],
            "group": after[1], "limit": limit,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ScreenedGroup)) as cur:
            return cur.execute(PAGE.encode(), params).fetchall()

    def progress(self, division: str, day: date, known_at: datetime) -> Progress:
        round_ = self.round(division, day, known_at)
        asked = _params(division, day, known_at, round_)
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(AreaProgress)) as cur:
            total = cur.execute(SUMS.encode(), {**asked, "digits": len(division)}).fetchone()
            areas = cur.execute(SUMS.encode(), {**asked, "digits": _digits_below(division)}).fetchall()
        return Progress(round_, total or AreaProgress(division), areas)


def _digits_below(division: str) -> int:
    """Of the divisions by which the progress of this one is shown."""
    return next((digits for digits in DIGITS.values() if digits > len(division)), DIGITS[Level.VILLAGE])


def _params(division: str, day: date, known_at: datetime, round_: Period) -> dict[str, object]:
    low, high = code_range(division)
    return {"low": low, "high": high, "day": day, "first": round_.start, "known_at": known_at}
