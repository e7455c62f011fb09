"""Queries of applications, entitlements and eligibility."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.codes import SchoolStage
from contracts.registry.households import PovertyStatus
from services.assistance.aid.eligibility import Eligibility, assess_eligibility
from services.assistance.aid.standards import Standard, standard
from services.assistance.beneficiaries.domain import PersonState
from services.casework.documents.reading import Documents
from services.chassis.law.parameters import ParameterSource
from services.chassis.log.store import Store

APPLICATION_COLUMNS = (
    "person_id, number, household_id, division, stage, step, applied_on, notice_last_day, open_objections"
)
ENTITLEMENT_COLUMNS = (
    "person_id, number, household_id, division, stage, amount_per_year, granted_from, granted_until, ending,"
    " continued_on, review_years, review_amount"
)
BEFORE_FIRST: tuple[str, UUID, int] = ("", UUID(int=0), 0)
BEFORE_FIRST_PUPIL: tuple[str, UUID, UUID] = ("", UUID(int=0), UUID(int=0))
CHUNK = 500


@dataclass(frozen=True, slots=True)
class ApplicationRow:
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
class EntitlementRow:
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
class PupilRow:
    person_id: UUID
    household_id: UUID
    division: str
    status: PovertyStatus
    stage: SchoolStage
    boarder: bool
    open_application: int | None
    running_entitlement: int | None


@dataclass(frozen=True, slots=True)
class PupilEligibility:
    pupil: PupilRow
    eligibility: Eligibility
    standard: Standard | None

    @property
    def to_apply(self) -> bool:
        pupil = self.pupil
        return self.eligibility.eligible and pupil.open_application is None and pupil.running_entitlement is None


@dataclass(frozen=True, slots=True)
class ListFilter:
    """``division`` is a prefix within the reader's area."""

    division: str
    household_id: UUID | None = None
    person_id: UUID | None = None


class AidQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def cases(
        self, filters: ListFilter, step: str | None, after: tuple[str, UUID, int], limit: int
    ) -> list[ApplicationRow]:
        """Applications by division, pupil and number."""
        sql = (
            f"SELECT {APPLICATION_COLUMNS} FROM aid_cases WHERE starts_with(division, %s) AND household_id = coalesce(%s, household_id)"
            " AND person_id = coalesce(%s, person_id) AND step = coalesce(%s, step)"
            " AND (division, person_id, number) > (%s, %s, %s) ORDER BY division, person_id, number LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ApplicationRow)) as cur:
            cur.execute(sql.encode(), (*_filter_values(filters), step, *after, limit))
            return cur.fetchall()

    def case(self, person: UUID, number: int) -> ApplicationRow | None:
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ApplicationRow)) as cur:
            cur.execute(
                f"SELECT {APPLICATION_COLUMNS} FROM aid_cases WHERE person_id = %s AND number = %s".encode(),
                (person, number),
            )
            return cur.fetchone()

    def grants(self, filters: ListFilter, after: tuple[str, UUID, int], limit: int) -> list[EntitlementRow]:
        """Entitlements, past and present, by division, pupil and number."""
        sql = (
            f"SELECT {ENTITLEMENT_COLUMNS} FROM aid_cases WHERE granted_from IS NOT NULL AND starts_with(division, %s)"
            " AND household_id = coalesce(%s, household_id) AND person_id = coalesce(%s, person_id)"
            " AND (division, person_id, number) > (%s, %s, %s) ORDER BY division, person_id, number LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(EntitlementRow)) as cur:
            cur.execute(sql.encode(), (*_filter_values(filters), *after, limit))
            return cur.fetchall()

    def eligibility(
        self, filters: ListFilter, day: date, after: tuple[str, UUID, UUID], limit: int, *, only_to_apply: bool
    ) -> list[PupilEligibility]:
        """Pupils with their eligibility on that day, by division, household and person."""
        found: list[PupilEligibility] = []
        lookup = self._documents.current()
        for pupil in self._pupils(filters, day, after):
            eligibility = _assess(pupil, lookup, day)
            if eligibility.to_apply or not only_to_apply:
                found.append(eligibility)
            if len(found) == limit:
                break
        return found

    def _pupils(self, filters: ListFilter, day: date, after: tuple[str, UUID, UUID]) -> Iterator[PupilRow]:
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
            with self._store.reading() as conn, conn.cursor(row_factory=class_row(PupilRow)) as cur:
                cur.execute(sql.encode(), (day, day, *_filter_values(filters), *after, CHUNK))
                pupils = cur.fetchall()
            yield from pupils
            if len(pupils) < CHUNK:
                return
            last = pupils[-1]
            after = (last.division, last.household_id, last.person_id)


def _filter_values(filters: ListFilter) -> tuple[Any, ...]:
    return filters.division, filters.household_id, filters.person_id


def _assess(pupil: PupilRow, parameters: ParameterSource, day: date) -> PupilEligibility:
    in_force = standard(parameters, SchoolStage(pupil.stage), day, pupil.division)
    state = PersonState(
        household_id=pupil.household_id,
        division=pupil.division,
        status=PovertyStatus(pupil.status),
        stage=SchoolStage(pupil.stage),
        boarder=pupil.boarder,
    )
    return PupilEligibility(pupil, assess_eligibility(state, in_force), in_force)
