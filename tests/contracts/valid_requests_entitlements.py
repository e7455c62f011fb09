"""A valid request for every operation on what was granted: each about a new pupil with a grant."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.assistance.entitlements import EntitlementSuspended
from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS
from services.assistance.entitlements.domain import stream_of
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.entitlements.quantity_books import book, row
from tests.contracts.seeded_county import COUNTY, VILLAGE, SeededCounty
from tests.contracts.valid_requests import OCTETS, MakeRequest, ValidRequest, reading, reading_at
from tests.contracts.valid_requests_collections import COLLECTIONS
from tests.contracts.valid_requests_payments import case_of, granted_pupil, store_of

FEW_PLACES = (
    (FIRST_TEXTS.folder / "programmes" / "tea_machines-99-2016.yaml")
    .read_text(encoding="utf-8")
    .replace('jurisdiction: "99"', f'jurisdiction: "{COUNTY}"')
    .replace("programme: tea_machines", "programme: few_places\nquota: {units: 2}")
    .replace("2016", "2014")
)
"""A programme of which there are two places."""
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


def _proposal(county: SeededCounty) -> ValidRequest:
    body: dict[str, Any] = {
        "programme": "education_aid", "procedure": "education_aid", "division": VILLAGE, "on": county.today,
        "grounds": "秋季名单", "units": [county.pupils.pop()],
        "exceptions": [{"unit_id": county.pupils[0], "reason": "declined"}],
    }  # fmt: skip
    return ValidRequest(county.village, body=body)


def _queue(county: SeededCounty) -> ValidRequest:
    """The county's own edition has a quota."""
    if county.decider.get("/assistance/entitlements/queue", programme="few_places", division=COUNTY).status_code == 404:
        content = canonical_text(YamlText(FEW_PLACES, "a county's").content)
        adopted = county.post(county.operator, "/assistance/documents", {"content": content})
        other = county.client_for("operator-2", "", Role.OPERATOR)
        assert other.post(f"{adopted}/confirmations").status_code == 201
    return ValidRequest(county.decider, query={"programme": "few_places", "division": COUNTY})


def _quantity(county: SeededCounty) -> ValidRequest:
    """Of a student whose ceiling other grants count into."""
    person = granted_pupil(county, SchoolStage.COLLEGE)
    county.client_for.__self__.positions["assistance"] = store_of(county).position()  # type: ignore[attr-defined]
    case = case_of(county, person)
    (found,) = county.decider.get("/assistance/entitlements", person_id=str(person)).json()["items"]
    body: dict[str, Any] = {
        "on": county.today, "component": "college", "period_from": found["due"][0]["first"], "other_grants": "6000.00",
        **PAPER,
    }  # fmt: skip
    return ValidRequest(county.county_reviewer, {"case_id": str(case)}, body)


def _quantity_list(county: SeededCounty) -> bytes:
    """One row, about a student whom nobody else's list names."""
    told, case = _quantity(county), None
    case = told.path["case_id"] if isinstance(told.path, dict) else case
    (found,) = [
        e for e in county.decider.get("/assistance/entitlements", limit=200).json()["items"] if e["case_id"] == case
    ]
    assert isinstance(told.body, dict)
    return book(
        row(found["unit_id"], "education_aid", "college", told.body["period_from"], county.today, 其他资助="6000.00")
    )


def _quantity_import(county: SeededCounty) -> ValidRequest:
    content = _quantity_list(county)
    answer = county.county_reviewer.post("/assistance/quantity-lists/workbooks", content=content).json()
    return ValidRequest(county.county_reviewer, {"batch_id": answer["batch_id"]})


def _quantity_file(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.county_reviewer, body=_quantity_list(county), media_type=OCTETS)


ENTITLEMENTS: Mapping[str, MakeRequest] = {
    **COLLECTIONS,
    "list_entitlements": reading(division=VILLAGE),
    "list_eligibility": reading(programme="education_aid", only="to_apply"),
    "explain_entitlements": reading_at("decider", household_id=lambda county: county.helped_household()),
    "propose_all": _proposal,
    "read_queue": _queue,
    "list_quantities": lambda county: ValidRequest(county.decider, {"case_id": str(_case(county)[1])}),
    "tell_quantity": _quantity,
    "read_quantity_list_template": lambda county: ValidRequest(county.county_reviewer),
    "import_quantity_list": _quantity_file,
    "annotate_quantity_list": _quantity_file,
    "find_quantity_list_imports": lambda county: ValidRequest(county.county_reviewer, query={"file_sha256": "0" * 64}),
    "read_quantity_list_import": _quantity_import,
    "list_proposals": reading(division=VILLAGE),
    "list_suspensions": lambda county: ValidRequest(county.decider, {"case_id": str(_suspended(county)[0])}),
    "suspend_entitlement": _suspension,
    "resume_entitlement": _resumption,
    "annul_suspension": _annulment,
}
