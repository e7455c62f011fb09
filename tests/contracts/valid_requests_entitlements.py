"""A valid request for every operation on what was granted: each about a new pupil with a grant."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.assistance.entitlements import EntitlementSuspended
from services.assistance.entitlements.domain import stream_of
from tests.contracts.seeded_county import VILLAGE, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading, reading_at
from tests.contracts.valid_requests_payments import case_of, granted_pupil, store_of

PAPER = {"paper": "停发通知2014-1"}


def _case(county: SeededCounty) -> tuple[UUID, UUID]:
    """A pupil with a grant that the view has; its case."""
    person = granted_pupil(county)
    county.client_for.__self__.positions["assistance"] = store_of(county).position()  # type: ignore[attr-defined]
    assert county.decider.get("/assistance/entitlements", division=VILLAGE).status_code == 200
    return person, case_of(county, person)


def _suspended(county: SeededCounty) -> tuple[UUID, int]:
    person, case = _case(county)
    body = {"on": county.today, "reason": "not_reached", **PAPER}
    county.post(county.county_reviewer, f"/assistance/entitlements/{case}/suspensions", body)
    own = store_of(county).stream(stream_of(person))
    return case, next(r.version for r in own if isinstance(r.fact, EntitlementSuspended))


def _suspension(county: SeededCounty) -> ValidRequest:
    body = {"on": county.today, "reason": "not_reached", **PAPER}
    return ValidRequest(county.county_reviewer, {"case_id": str(_case(county)[1])}, body)


def _resumption(county: SeededCounty) -> ValidRequest:
    body: dict[str, Any] = {"on": county.today, "back_pay": True, **PAPER}
    return ValidRequest(county.county_reviewer, {"case_id": str(_suspended(county)[0])}, body)


def _annulment(county: SeededCounty) -> ValidRequest:
    case, number = _suspended(county)
    return ValidRequest(county.county_reviewer, {"case_id": str(case), "number": number}, PAPER)


ENTITLEMENTS: Mapping[str, MakeRequest] = {
    "list_entitlements": reading(division=VILLAGE),
    "list_eligibility": reading(programme="education_aid", only="to_apply"),
    "explain_entitlements": reading_at("decider", household_id=lambda county: county.helped_household()),
    "list_suspensions": lambda county: ValidRequest(county.decider, {"case_id": str(_suspended(county)[0])}),
    "suspend_entitlement": _suspension,
    "resume_entitlement": _resumption,
    "annul_suspension": _annulment,
}
