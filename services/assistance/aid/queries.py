"""Queries of entitlements and eligibility."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from contracts.registry.codes import SchoolStage
from contracts.registry.households import PovertyStatus
from services.assistance.aid.answers import DueAnswer, EligibilityAnswer, EntitlementAnswer, ReasonAnswer, ReviewAnswer
from services.assistance.aid.domain import EDUCATION_AID
from services.assistance.aid.eligibility import Reason, reasons_against
from services.assistance.aid.school_years import years_due
from services.assistance.aid.standards import school_year_month, standard
from services.assistance.beneficiaries.domain import PersonState
from services.casework.documents.reading import Documents
from services.chassis.law.parameters import ParameterSource
from services.chassis.log.store import Store

Filter = tuple[str, UUID | None, UUID | None]
"""Prefix of the division within the reader's area, household, person."""
After = tuple[str, UUID, UUID]
BEFORE_FIRST: After = ("", UUID(int=0), UUID(int=0))
CHUNK = 500
GRANTS: LiteralString = (
    "SELECT case_id, person_id, household_id, division, stage, amount_per_year, granted_from AS from_,"
    " granted_until AS until, ending, continued_on AS continued_after_exit_on, review_years, review_amount"
    " FROM aid_grants WHERE starts_with(division, %s) AND household_id = coalesce(%s, household_id)"
    " AND person_id = coalesce(%s, person_id) AND (division, person_id, case_id) > (%s, %s, %s)"
    " ORDER BY division, person_id, case_id LIMIT %s"
)
PUPILS: LiteralString = (
    "SELECT m.person_id, m.household_id, h.division, h.status, m.stage, m.boarder,"
    " (SELECT case_id FROM cases c WHERE c.subject = m.person_id AND c.standing = %s AND c.outcome IS NULL)"
    "  AS open_application,"
    " (SELECT case_id FROM aid_grants g WHERE g.person_id = m.person_id AND g.granted_from <= %s"
    "  AND (g.granted_until IS NULL OR g.granted_until > %s) LIMIT 1) AS running_entitlement"
    " FROM households h JOIN members m USING (household_id)"
    " WHERE m.present AND m.stage <> 'none' AND starts_with(h.division, %s)"
    " AND m.household_id = coalesce(%s, m.household_id) AND m.person_id = coalesce(%s, m.person_id)"
    " AND (h.division, m.household_id, m.person_id) > (%s, %s, %s)"
    " ORDER BY h.division, m.household_id, m.person_id LIMIT %s"
)


class AidQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def entitlements(self, filters: Filter, day: date, after: After, limit: int) -> list[EntitlementAnswer]:
        """What was granted, past and present, with what is due through that day; by division, pupil and case."""
        parameters = self._documents.current()
        return [_entitlement(row, day, parameters) for row in self._rows(GRANTS, *filters, *after, limit)]

    def eligibility(
        self, filters: Filter, day: date, after: After, limit: int, only_to_apply: bool
    ) -> list[EligibilityAnswer]:
        """Pupils with their eligibility on that day, by division, household and person."""
        found: list[EligibilityAnswer] = []
        parameters = self._documents.current()
        for pupil in self._pupils(filters, day, after):
            answer = _eligibility(pupil, day, parameters)
            if answer.to_apply or not only_to_apply:
                found.append(answer)
            if len(found) == limit:
                break
        return found

    def _pupils(self, filters: Filter, day: date, after: After) -> Iterator[dict[str, Any]]:
        """Everybody in school, chunk by chunk."""
        while True:
            pupils = self._rows(PUPILS, EDUCATION_AID, day, day, *filters, *after, CHUNK)
            yield from pupils
            if len(pupils) < CHUNK:
                return
            last = pupils[-1]
            after = (last["division"], last["household_id"], last["person_id"])

    def _rows(self, sql: LiteralString, *given: Any) -> list[dict[str, Any]]:
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(sql, given).fetchall()


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
        reasons=[ReasonAnswer.of(reason) for reason in against or (Reason.REGISTERED_PUPIL,)],
        amount_per_year=in_force.amount if in_force else None,
        is_ceiling=in_force.is_ceiling if in_force else None,
        to_apply=is_new and not against,
    )
