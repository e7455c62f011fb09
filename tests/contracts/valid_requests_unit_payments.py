"""A valid request for every operation on what one beneficiary is due and was paid: each about a new pupil."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.assistance.entitlements import (
    EntitlementAnnulment,
    EntitlementFactsAnnulled,
    EntitlementStopped,
    StopReason,
)
from tests.contracts.seeded_county import SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest
from tests.contracts.valid_requests_payments import append_to, case_of, granted_pupil, with_outcome

SPRING = {"component": "primary", "period_from": "2014-02-15", "period_to": "2014-07-15"}
DECIDED = {"organ": "县财政局", "document_no": "示财〔2014〕3号", "signer": "局长"}


def _overpaid(county: SeededCounty) -> tuple[UUID, str]:
    """A pupil who was paid a term that is not due any more, and the fact by which it is not."""
    _, person = with_outcome(county, credited=True)
    stopped = EntitlementStopped(
        household_id=uuid4(), unit_id=person, programme="education_aid", case_id=case_of(county, person), effective_on=date(2014, 2, 20),
        entered_by="system", caused_by="registry/x/1", reason=StopReason.HOUSEHOLD_REMOVED,
    )  # fmt: skip
    return person, append_to(county, person, stopped)


def _due(county: SeededCounty) -> dict[str, Any]:
    return {"on": county.today, "programme": "education_aid", **SPRING}


def _of_overpaid(client: str, **form: Any) -> MakeRequest:
    return lambda county: ValidRequest(
        getattr(county, client), {"unit": str(_overpaid(county)[0])}, {**_due(county), **form}
    )


def _refund(county: SeededCounty) -> ValidRequest:
    person, stopped = _overpaid(county)
    body = {**_due(county), "amount": "100.00", "receipt_no": "R-1"}
    county.post(county.county_reviewer, f"/assistance/payments/units/{person}/recoveries", body)
    annulled = EntitlementFactsAnnulled(
        household_id=uuid4(), unit_id=person, effective_on=date(2014, 2, 20), entered_by="system",
        caused_by="registry/x/2", reason=EntitlementAnnulment.CAUSE_ANNULLED, annuls=(stopped,),
    )  # fmt: skip
    append_to(county, person, annulled)
    refund = {**_due(county), "amount": "100.00", "voucher_no": "V2"}
    return ValidRequest(county.decider, {"unit": str(person)}, refund)


def _entry_annulled(county: SeededCounty) -> ValidRequest:
    """A waiver of a moment ago."""
    person = granted_pupil(county)
    path = f"/assistance/payments/units/{person}"
    county.post(county.decider, f"{path}/waivers", {**_due(county), "amount": "100.00", **DECIDED})
    [*_, entry] = county.decider.get(path, programme="education_aid").json()["entries"]
    form = {"on": county.today, "facts": [entry["fact"]], "reason": "弄错了人"}
    return ValidRequest(county.decider, {"unit": str(person)}, form)


UNIT_PAYMENTS: Mapping[str, MakeRequest] = {
    "list_unit_facts": lambda county: ValidRequest(county.township, {"unit": str(granted_pupil(county))}),
    "read_unit_payments": lambda county: ValidRequest(
        county.township, {"unit": str(granted_pupil(county))}, query={"programme": "education_aid"}
    ),
    "waive_due": lambda county: ValidRequest(
        county.decider, {"unit": str(granted_pupil(county))}, {**_due(county), "amount": "100.00", **DECIDED}
    ),
    "plan_recovery": _of_overpaid("county_reviewer", instalments=[{"due_on": "2014-12-31", "amount": "500.00"}]),
    "record_recovery": _of_overpaid("county_reviewer", amount="100.00", receipt_no="R-1"),
    "refund_recovery": _refund,
    "annul_unit_entries": _entry_annulled,
    "write_off_overpayment": _of_overpaid("decider", amount="100.00", **DECIDED),
    "name_payee": lambda county: ValidRequest(
        county.county_reviewer,
        {"unit": str(granted_pupil(county))},
        {"on": county.today, "payee": str(uuid4()), "paper": "委托书2014-8"},
    ),
}
