"""Reading applications, entitlements and eligibility from the views."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.households import PovertyStatus, SchoolStage
from services.assistance.aid.eligibility import Eligibility, judge
from services.assistance.aid.standards import Standard, standard
from services.assistance.beneficiaries.domain import PersonState
from services.chassis.law.parameters import Parameters
from services.chassis.log.store import Store

CASE = "person_id, number, household_id, division, stage, step, applied_on, notice_last_day, open_objections"
GRANT = (
    "person_id, number, household_id, division, stage, amount_per_year, granted_from, granted_until, ending,"
    " continued_on, review_years, review_amount"
)
FIRST: tuple[str, UUID, int] = ("", UUID(int=0), 0)
FIRST_PUPIL: tuple[str, UUID, UUID] = ("", UUID(int=0), UUID(int=0))
CHUNK = 500


@dataclass(frozen=True, slots=True)
class CaseLine:
    person_id: UUID
    number: int
    household_id: UUID
    division: str
    stage: SchoolStage
    step: str
    applied_on: date
    notice_last_day: date | None
    open_objections: list[int]


@dataclass(frozen=True, slots=True)
class GrantLine:
    person_id: UUID
    number: int
    household_id: UUID
    division: str
    stage: SchoolStage
    amount_per_year: Decimal
    granted_from: date
    granted_until: date | None
    ending: str | None
    continued_on: date | None
    review_years: list[int] | None
    review_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class PupilLine:
    person_id: UUID
    household_id: UUID
    division: str
    status: PovertyStatus
    stage: SchoolStage
    boarder: bool
    open_application: int | None
    running_entitlement: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    pupil: PupilLine
    verdict: Eligibility
    standard: Standard | None

    @property
    def to_apply(self) -> bool:
        pupil = self.pupil
        return self.verdict.eligible and pupil.open_application is None and pupil.running_entitlement is None


@dataclass(frozen=True, slots=True)
class Where:
    """What a list is narrowed to; ``division`` is a prefix within the reader's area."""

    division: str
    household_id: UUID | None = None
    person_id: UUID | None = None


class AidReading:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, parameters: Parameters) -> None:
        self._store, self._parameters = store, parameters

    def cases(self, where: Where, step: str | None, after: tuple[str, UUID, int], limit: int) -> list[CaseLine]:
        """Applications by place, pupil and number."""
        sql = (
            f"SELECT {CASE} FROM aid_cases WHERE starts_with(division, %s) AND household_id = coalesce(%s, household_id)"
            " AND person_id = coalesce(%s, person_id) AND step = coalesce(%s, step)"
            " AND (division, person_id, number) > (%s, %s, %s) ORDER BY division, person_id, number LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(CaseLine)) as cur:
            cur.execute(sql.encode(), (*_narrowed(where), step, *after, limit))
            return cur.fetchall()

    def case(self, person: UUID, number: int) -> CaseLine | None:
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(CaseLine)) as cur:
            cur.execute(f"SELECT {CASE} FROM aid_cases WHERE person_id = %s AND number = %s".encode(), (person, number))
            return cur.fetchone()

    def grants(self, where: Where, after: tuple[str, UUID, int], limit: int) -> list[GrantLine]:
        """Entitlements, past and present, by place, pupil and number."""
        sql = (
            f"SELECT {GRANT} FROM aid_cases WHERE granted_from IS NOT NULL AND starts_with(division, %s)"
            " AND household_id = coalesce(%s, household_id) AND person_id = coalesce(%s, person_id)"
            " AND (division, person_id, number) > (%s, %s, %s) ORDER BY division, person_id, number LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(GrantLine)) as cur:
            cur.execute(sql.encode(), (*_narrowed(where), *after, limit))
            return cur.fetchall()

    def eligibility(
        self, where: Where, day: date, after: tuple[str, UUID, UUID], limit: int, *, only_to_apply: bool
    ) -> list[Judged]:
        """Pupils with the verdict of that day, by place, household and person."""
        found: list[Judged] = []
        for pupil in self._pupils(where, day, after):
            judged = self._judge(pupil, day)
            if judged.to_apply or not only_to_apply:
                found.append(judged)
            if len(found) == limit:
                break
        return found

    def _judge(self, pupil: PupilLine, day: date) -> Judged:
        law = standard(self._parameters, SchoolStage(pupil.stage), day, pupil.division)
        situation = PersonState(
            household_id=pupil.household_id,
            division=pupil.division,
            status=PovertyStatus(pupil.status),
            stage=SchoolStage(pupil.stage),
            boarder=pupil.boarder,
        )
        return Judged(pupil, judge(situation, law), law)

    def _pupils(self, where: Where, day: date, after: tuple[str, UUID, UUID]) -> Iterator[PupilLine]:
        """Everybody in school, chunk by chunk."""
        sql = (
            "SELECT m.person_id, m.household_id, h.division, h.status, m.stage, m.boarder,"
            " (SELECT max(number) FROM aid_cases c WHERE c.person_id = m.person_id AND c.open) AS open_application,"
            " (SELECT max(number) FROM aid_cases c WHERE c.person_id = m.person_id AND c.granted_from <= %s"
            "  AND (c.granted_until IS NULL OR c.granted_until > %s)) AS running_entitlement"
            " FROM households h JOIN members m USING (household_id)"
            " WHERE m.present AND m.stage <> 'none' AND starts_with(h.division, %s)"
            " AND m.household_id = coalesce(%s, m.household_id) AND m.person_id = coalesce(%s, m.person_id)"
            " AND (h.division, m.household_id, m.person_id) > (%s, %s, %s)"
            " ORDER BY h.division, m.household_id, m.person_id LIMIT %s"
        )
        while True:
            with self._store.reading() as conn, conn.cursor(row_factory=class_row(PupilLine)) as cur:
                cur.execute(sql.encode(), (day, day, *_narrowed(where), *after, CHUNK))
                pupils = cur.fetchall()
            yield from pupils
            if len(pupils) < CHUNK:
                return
            last = pupils[-1]
            after = (last.division, last.household_id, last.person_id)


def _narrowed(where: Where) -> tuple[Any, ...]:
    return where.division, where.household_id, where.person_id
