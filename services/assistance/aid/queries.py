"""Queries of entitlements and eligibility."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any, LiteralString, TypeVar

from psycopg.rows import dict_row

from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.aid.answers import (
    DueAnswer,
    EligibilityAnswer,
    EntitlementAnswer,
    PupilAnswer,
    ReasonAnswer,
    ReviewAnswer,
)
from services.assistance.aid.domain import EDUCATION_AID
from services.assistance.aid.eligibility import reasons_against
from services.assistance.aid.standards import school_year_month, standard
from services.assistance.programmes.reasons import Reason
from services.casework.calendars.school_years import years_due
from services.casework.documents.reading import Documents
from services.casework.exports.numbers import RegisteredNumbers
from services.casework.people.lists import After, Filter, members_today
from services.casework.people.state import PersonState
from services.chassis.law.parameters import ParameterSource
from services.chassis.log.store import Store

GRANTS: LiteralString = (
    "SELECT case_id, person_id, household_id, division, stage, amount_per_year, granted_from AS from_,"
    " granted_until AS until, ending, continued_on AS continued_after_exit_on, review_years, review_amount"
    " FROM aid_grants WHERE starts_with(division, %s) AND household_id = coalesce(%s, household_id)"
    " AND person_id = coalesce(%s, person_id) AND (division, person_id, case_id) > (%s, %s, %s)"
    " ORDER BY division, person_id, case_id LIMIT %s"
)
IN_SCHOOL: LiteralString = "m.stage <> 'none'"
APPLIED_AND_RUNNING: LiteralString = (
    "(SELECT case_id FROM cases c WHERE c.subject = m.person_id AND c.standing = %s AND c.outcome IS NULL)"
    " AS open_application,"
    " (SELECT case_id FROM aid_grants g WHERE g.person_id = m.person_id AND g.granted_from <= %s"
    " AND (g.granted_until IS NULL OR g.granted_until > %s) LIMIT 1) AS running_entitlement"
)

NUMBERS = RegisteredNumbers(copied=True)
Pupil = TypeVar("Pupil", bound=PupilAnswer)


class AidQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def entitlements(self, filters: Filter, day: date, after: After, limit: int) -> list[EntitlementAnswer]:
        """What was granted, past and present, with what is due through that day; by division, pupil and case."""
        parameters = self._documents.current()
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            granted = cur.execute(GRANTS, (*filters, *after, limit)).fetchall()
        return self._numbered(_entitlement(row, day, parameters) for row in granted)

    def eligibility(
        self, filters: Filter, day: date, after: After, limit: int, only_to_apply: bool
    ) -> list[EligibilityAnswer]:
        """Pupils with their eligibility on that day, by division, household and person."""
        parameters, given = self._documents.current(), (EDUCATION_AID, day, day)
        pupils = members_today(self._store, filters, after, only=IN_SCHOOL, also=APPLIED_AND_RUNNING, given=given)
        answers = (_eligibility(pupil, day, parameters) for pupil in pupils)
        return self._numbered(islice((a for a in answers if a.to_apply or not only_to_apply), limit))

    def _numbered(self, pupils: Iterable[Pupil]) -> list[Pupil]:
        """With the numbers that people know them and their households by."""
        found = list(pupils)
        with self._store.reading() as conn:
            numbers = NUMBERS(conn, {each for pupil in found for each in (pupil.household_id, pupil.person_id)})
        for pupil in found:
            pupil.national_no, pupil.person_no = numbers.get(pupil.household_id), numbers.get(pupil.person_id)
        return found


def _entitlement(row: dict[str, Any], day: date, parameters: ParameterSource) -> EntitlementAnswer:
    month = school_year_month(parameters, day, row["division"])
    years = years_due(row["from_"], row["until"], day, month)
    review_years, review_amount = row.pop("review_years"), row.pop("review_amount")
    return EntitlementAnswer(
        **row,
        due=[DueAnswer(school_year=year, amount=row["amount_per_year"]) for year in years],
        review=None if review_years is None else ReviewAnswer(school_years=review_years, amount=review_amount),
    )


def _eligibility(row: Mapping[str, Any], day: date, parameters: ParameterSource) -> EligibilityAnswer:
    stage, division = SchoolStage(row["stage"]), row["division"]
    in_force = standard(parameters, stage, day, division)
    pupil = PersonState(
        division=division, status=PovertyStatus(row["status"]), stage=stage, boarder=row["boarder"]
    )  # fmt: skip
    against = reasons_against(pupil, in_force)
    is_new = row["open_application"] is None and row["running_entitlement"] is None
    return EligibilityAnswer(
        **row,
        as_of=day,
        eligible=not against,
        reasons=[ReasonAnswer.of(reason) for reason in against or (Reason.ELIGIBLE,)],
        amount_per_year=in_force.amount if in_force else None,
        is_ceiling=in_force.is_ceiling if in_force else None,
        to_apply=is_new and not against,
    )
