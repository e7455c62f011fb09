"""Every form of the registry that carries evidence, found in its OpenAPI document."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.roles import Role
from tests.casework.records.requests import correction_of, visit
from tests.contracts.valid_requests_divisions import INCOME, PROFILE
from tests.registry.households.example_requests import (
    NEIGHBOUR,
    VILLAGE,
    household_body,
    record_household,
    registry_with_villages,
    status_and_code,
)
from tests.support.running import ApiClient, Lika

UUID_IN_PATH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def household(cadre: ApiClient) -> str:
    return record_household(cadre)


def unknown() -> list[dict[str, Any]]:
    return [{"kind": "minutes", "file": {"id": str(uuid4()), "sha256": "0" * 64}}]


def test_every_form_that_carries_evidence_has_it_checked(running: Lika, cadre: ApiClient, household: str) -> None:
    """Found in the OpenAPI document, so that a form of tomorrow is not forgotten."""
    document = cadre.get("/registry/openapi.json").json()
    schemas = document["components"]["schemas"]
    bodies = {
        path: operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for path, operations in document["paths"].items()
        if "application/json" in (operation := operations.get("post", {})).get("requestBody", {}).get("content", {})
    }
    carrying = {path for path, body in bodies.items() if "evidence" in schemas[body]["properties"]}
    operator = running.client_for("operator-1", "", Role.OPERATOR)
    reviewer = running.client_for("reviewer-c", VILLAGE[:6], Role.REVIEWER)
    tried = [(cadre, *form) for form in forms(cadre, household)] + [(operator, *form) for form in staff_forms(operator)]
    tried += [(operator, *form) for form in division_forms(household)]
    tried += [(cadre, *form) for form in village_forms()]
    tried += [(reviewer, *form) for form in (*review_forms(household), recertification_form(operator))]
    tried += [(cadre, *form) for form in (*clue_forms(), *authorisation_forms(cadre, household))]
    tried += [(cadre, *form) for form in record_forms(cadre, household)]
    educator = running.client_for("educator-1", VILLAGE[:6], Role.EDUCATION)
    tried += [(educator, *form) for form in (*school_forms(), *enrolment_forms(cadre, household))]
    assert {template for _, template, _, _ in tried} == carrying
    for person, _, path, form in tried:
        body = {**form, "evidence": unknown()}
        answer = person.post(f"/registry{path}", body)
        assert status_and_code(answer) == (409, "evidence_unknown"), (path, answer.text)
        dry = person.post(f"/registry{path}", body, params={"dry_run": True})
        assert [no["code"] for no in dry.json()["refused"]] == ["evidence_unknown"], (path, dry.text)


def clue_forms() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """As ``forms``."""
    on, clue = {"on": "2014-05-25"}, f"/clues/{uuid4()}"
    told = {"explanation": "已当面告知"}
    alert = {"department": "health", "item": "disability", "reference": "WJ-17"}
    received = {"self-reports": {"channel": "app"}, "rounds": {}, "screenings": {}, "alerts": alert}
    for path, form in received.items():
        yield f"/clues/{path}", f"/clues/{path}", {**on, "division": VILLAGE, "name": "王某", **form}
    handled: dict[str, dict[str, Any]] = {
        "acceptances": on, "refusals": {**on, **told, "reason": "not_rural"},
        "forwardings": {**on, "to_division": NEIGHBOUR}, "identifications": {**on, "household_id": str(uuid4())},
        "answers": {**on, **told, "answer": "not_qualified"}, "households": household_body(),
    }  # fmt: skip
    for path, form in handled.items():
        yield f"/clues/{{clue_id}}/{path}", f"{clue}/{path}", form


def record_forms(cadre: ApiClient, household: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """As ``forms``."""
    subject = household.rpartition("/")[2]
    seen = visit(UUID(subject), "2014-05-25")
    yield "/records", "/records", seen
    made = cadre.post("/registry/records", seen).headers["Location"].removeprefix("/registry")
    yield "/records/{subject}/{year}/{number}/corrections", f"{made}/corrections", correction_of(seen)
    told = {"effective_on": "2014-05-24", "seen": {"topic": "routine", "situation": "情况属实"}}
    yield "/households/{household_id}/visits", f"{household.removeprefix('/registry')}/visits", told


def authorisation_forms(cadre: ApiClient, household: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """As ``forms``."""
    person = cadre.get(household).json()["members"][0]["person_id"]
    for path in ("authorisations", "authorisation-refusals", "authorisation-withdrawals"):
        yield (
            f"/households/{{household_id}}/members/{{person_id}}/{path}",
            f"{household.removeprefix('/registry')}/members/{person}/{path}", {"effective_on": "2014-05-25"},
        )  # fmt: skip


def division_forms(household: str) -> list[tuple[str, str, dict[str, Any]]]:
    paper = {"organ": "县人民政府", "decided_on": "2014-05-20", "document_no": "县政复〔2014〕7号", "signer": "县长"}
    part = {"code": NEIGHBOUR, "household_ids": [household.rpartition("/")[2]]}
    said: dict[str, dict[str, Any]] = {
        "mergers": {"into": NEIGHBOUR}, "code-changes": {"to_code": f"{VILLAGE[:9]}299"}, "splits": {"parts": [part]},
        "endings": {}, "annulments": {"acts": [str(uuid4())]},
    }  # fmt: skip
    common = {"effective_on": "2014-05-25", "decision": paper}
    return [
        (f"/divisions/{{code}}/{what}", f"/divisions/{VILLAGE}/{what}", {**common, **form})
        for what, form in said.items()
    ]


def village_forms() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (f"/divisions/{{code}}/{what}", f"/divisions/{VILLAGE}/{what}", form)
        for what, form in (("profiles", PROFILE), ("incomes", INCOME))
    ]


def school_forms() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """As ``forms``."""
    paper = {"organ": "县教育局", "decided_on": "2014-05-20", "document_no": "县教〔2014〕7号", "signer": "局长"}
    common = {"effective_on": "2014-05-25", "decision": paper}
    acts: dict[str, dict[str, Any]] = {
        "closures": {}, "mergers": {"into_school": "2199000102"}, "annulments": {"acts": [str(uuid4())]},
    }  # fmt: skip
    for what, form in acts.items():
        yield f"/schools/{{school_code}}/{what}", f"/schools/2199000101/{what}", {**common, **form}


def enrolment_forms(cadre: ApiClient, household: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """As ``forms``."""
    person, on = cadre.get(household).json()["members"][0]["person_id"], {"effective_on": "2014-05-25"}
    template, path = (
        "/households/{household_id}/members/{person_id}",
        f"{household.removeprefix('/registry')}/members/{person}",
    )
    yield f"{template}/enrolments", f"{path}/enrolments", {**on, "school_code": "2199000101", "stage": "primary"}
    yield f"{template}/enrolment-annulments", f"{path}/enrolment-annulments", {**on, "acts": [str(uuid4())]}
    acts: dict[str, dict[str, Any]] = {
        "placements": {}, "endings": {"reason": "graduated"},
        "attendance": {"school_year": 2013, "term": "spring", "missed_days": 3},
    }  # fmt: skip
    for what, form in acts.items():
        yield f"{template}/enrolments/{{enrolment_id}}/{what}", f"{path}/enrolments/{uuid4()}/{what}", {**on, **form}


def forms(cadre: ApiClient, household: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Path template, path, a well-formed body. The evidence is checked before anything is decided."""
    members = [m["person_id"] for m in cadre.get(household).json()["members"]]
    opening = {"subject": household.rpartition("/")[2], "procedure": "identification", "on": "2014-05-25"}
    case = cadre.post("/registry/cases", {**opening, "grounds": "情况属实"}).headers["Location"].rpartition("/")[2]
    at = household.removeprefix("/registry")
    day, on = {"effective_on": "2014-05-25"}, {"on": "2014-05-25"}
    votes = dict.fromkeys(("entitled", "present", "in_favour"), 3) | dict.fromkeys(("against", "abstained"), 0)
    money = dict.fromkeys(("wages", "business", "property", "transfers", "business_costs"), "1.00")
    period = {"period_from": "2013-01-01", "period_to": "2013-12-31"}
    conditions = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True)
    member = {"name": "王某", "sex": "male", "birth_year": 2014, "relation": "child"}
    household_forms: dict[str, dict[str, Any]] = {
        "recordings": household_body(),
        "surveys": day,
        "incomes": {**day, **money, **period},
        "categories": {**day, "attribute": "low_income_security"},
        "conditions": {**day, **conditions},
        "splits": {**day, "person_ids": members[1:2], "head": members[1]},
        "heads": {**day, "person_id": members[1]},
        "moves": {**day, "from_division": VILLAGE, "to_division": NEIGHBOUR},
        "corrections": {**day, "acts": [str(uuid4())], "reason": "误录"},
        "members": {**day, "member": member, "reason": "birth"},
        "reported-births": {**day, "member": member, "reason": "birth"},
    }
    member_forms: dict[str, dict[str, Any]] = {
        "surveys": day,
        "common-residence": {**day, "lives_in_common": True, "reason": "works_away"},
        "departures": {**day, "reason": "marriage"},
        "deaths": day,
        "documents": {**day, "document": {"kind": "passport", "number": "E12345678"}},
        "reported-departures": {**day, "reason": "marriage"},
        "reported-deaths": day,
    }
    case_forms: dict[str, dict[str, Any]] = {
        "visits": {"confirmed": True}, "appraisals": votes,
        "consents": {"agreed": True}, "notices": {}, "takings-down": {"step": "village_notice"},
        "objections": {"text": "不实"}, "reviews": {"outcome": "passed"}, "announcements": {}, "withdrawals": {},
        "comparisons": {"clean": True, "departments": ["民政局"]}, "returns": {"back_to": "visit", "reason": "补正"},
        "decisions": {"approved": True, "organ": "组", "document_no": "1", "signer": "组长"},
        "objections/1/resolutions": {"upheld": False, "finding": "属实"}, "opinions": {"favourable": True},
        "signatures": {"signed": True, "signer": "副县长"}, "inspections": {"passed": True},
        "green-channel": {"reason": "急难"}, "closings": {"reason": "无法继续"},
    }  # fmt: skip
    person = f"members/{members[1]}"
    new_home = cadre.post(f"{record_household(cadre)}/moves", household_forms["moves"]).headers["Location"]
    proposal = new_home.removeprefix("/registry")
    young = record_household(cadre, members=[{**member, "birth_year": 2009, "relation": "head"}]).rpartition("/")[2]
    finding = cadre.get("/registry/findings", subject=young).json()["items"][0]["finding_id"]
    return [
        ("/findings/{finding_id}/answers", f"/findings/{finding}/answers", {"reason": "父母双亡"}),
        ("/households", "/households", household_body()),
        ("/moves/{move_id}/acceptances", f"{proposal}/acceptances", {}),
        *(
            (f"/moves/{{move_id}}/{end}", f"{proposal}/{end}", {"reason": "录错"})
            for end in ("refusals", "withdrawals")
        ),
        ("/cases", "/cases", {**opening, "grounds": "情况属实"}),
        *((f"/households/{{household_id}}/{step}", f"{at}/{step}", form) for step, form in household_forms.items()),
        *(
            (f"/households/{{household_id}}/members/{{person_id}}/{step}", f"{at}/{person}/{step}", form)
            for step, form in member_forms.items()
        ),
        *(
            (f"/cases/{{case_id}}/{step.replace('/1/', '/{objection_no}/')}", f"/cases/{case}/{step}", {**on, **form})
            for step, form in case_forms.items()
        ),
    ]


POST = {"role": "cadre", "title": "村支书", "division": VILLAGE, "appointment": "elected"}


def review_forms(household: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Of what somebody above looks at. The evidence is checked before that is looked up."""
    at = household.removeprefix("/registry")
    refusals = "/households/{household_id}/reports/{report_id}/refusals"
    return [
        (refusals, f"{at}/reports/{uuid4()}/refusals", {"reason": "查无此事"}),
        ("/number-reviews/{person_id}/decisions", f"/number-reviews/{uuid4()}/decisions", {"outcome": "confirmed"}),
    ]


def recertification_form(operator: ApiClient) -> tuple[str, str, dict[str, Any]]:
    """Of a post that is held: it is looked up first."""
    day = {"effective_on": "2014-05-25"}
    staff = operator.post("/registry/staff", {**day, "name": "某某"}).headers["Location"]
    operator.post(f"{staff}/posts", {**day, **POST})
    (held,) = operator.get(staff).json()["posts"]
    path = f"/staff/posts/{held['post_id']}/recertifications"
    return "/staff/posts/{post_id}/recertifications", path, {**day, "holds": True}


def staff_forms(operator: ApiClient) -> list[tuple[str, str, dict[str, Any]]]:
    day = {"effective_on": "2014-05-25"}
    staff = operator.post("/registry/staff", {**day, "name": "某某"}).headers["Location"].removeprefix("/registry")
    forms: dict[str, dict[str, Any]] = {
        "numbers": {"staff_no": "E-1"},
        "accounts": {"account": "staff-of-evidence"},
        "account-endings": {"account": "staff-of-evidence"},
        "posts": POST,
        f"posts/{uuid4()}/leavings": {"reason": "lost_election"},
        "absences": {"until": "2014-05-31"},
        "delegations": {
            "until": "2014-05-31",
            "post_ids": [str(uuid4())],
            "deputy": str(uuid4()),
            "ordered_by": str(uuid4()),
        },
        "corrections": {"acts": [str(uuid4())], "reason": "误录"},
    }
    return [
        ("/staff", "/staff", {**day, "name": "某某"}),
        *(
            (f"/staff/{{staff_id}}/{UUID_IN_PATH.sub('{post_id}', step)}", f"{staff}/{step}", {**day, **form})
            for step, form in forms.items()
        ),
    ]
