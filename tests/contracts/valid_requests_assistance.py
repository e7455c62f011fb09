"""A valid request for every operation of assistance."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from services.assistance.document_kinds import FIRST_TEXTS
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.contracts.seeded_county import COUNTY, MINUTES, TOWNSHIP, VILLAGE, SeededCounty
from tests.contracts.valid_requests import (
    MakeRequest,
    ValidRequest,
    common_operations,
    evidence_operations,
    foretell,
    inbox_operations,
    reading,
    reading_at,
)
from tests.contracts.valid_requests_documents import document_operations
from tests.contracts.valid_requests_employment import EMPLOYMENT
from tests.contracts.valid_requests_entitlements import ENTITLEMENTS
from tests.contracts.valid_requests_loans import LOANS
from tests.contracts.valid_requests_measures import MEASURES
from tests.contracts.valid_requests_pairs import PAIRS
from tests.contracts.valid_requests_payments import PAYMENTS
from tests.contracts.valid_requests_records import RECORDS
from tests.contracts.valid_requests_training import TRAINING
from tests.contracts.valid_requests_unit_payments import UNIT_PAYMENTS
from tests.support.helper_forms import helper_form


def _apply(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.village, body=county.application_form(county.pupils.pop()))


def _about(step: str, county: SeededCounty, application: str) -> ValidRequest:
    client, form = county.aid_steps()[step]
    return ValidRequest(client, {"case_id": application}, {"on": county.today, **form})


def _at_new_application(step: str, *before: str) -> MakeRequest:
    """A step of a new application."""
    return lambda county: _about(step, county, county.application(*before))


def _at_waiting_application(step: str) -> MakeRequest:
    """A step of an application whose notice is over."""
    return lambda county: _about(step, county, county.next_application(step))


def _by_village(form: Mapping[str, Any], *before: str) -> MakeRequest:
    """What the village does about a new application."""
    return lambda county: ValidRequest(
        county.village, {"case_id": county.application(*before)}, {"on": county.today, **form}
    )


def _not_taken(form: Mapping[str, Any], client: str = "village") -> MakeRequest:
    """A step that no procedure of assistance has (``NOT_TAKEN``)."""
    return lambda county: ValidRequest(
        getattr(county, client), {"case_id": county.applications["reviews"][0]}, {"on": county.today, **form}
    )


def _resolution(county: SeededCounty) -> ValidRequest:
    path = {"case_id": county.application("appraisals", "notices", "objections"), "objection_no": 1}
    form = {"on": county.today, "upheld": False, "finding": "不属实"}
    return ValidRequest(county.township_reviewer, path, form)


def _batch(county: SeededCounty) -> ValidRequest:
    form = {"on": county.today, **county.aid_steps()["appraisals"][1]}
    return ValidRequest(
        county.village, body={"act": "appraisals", "form": form, "cases": [{"case_id": county.application()}]}
    )


def _caseload(county: SeededCounty) -> str:
    """Id of what was found about a helper with more households than the limit, and nobody has answered."""
    asked = {"division": COUNTY, "state": "open"}
    found = county.county_reviewer.get("/assistance/findings", **asked).json()["items"]
    if not found:
        helper = f"staff-{uuid4().hex[:12]}"
        for number in range(11):
            form = helper_form(county.registered[-1 - number], county.today, helper, additional=True)
            county.post(county.village, "/assistance/pairs", form)
        found = county.county_reviewer.get("/assistance/findings", **asked).json()["items"]
    return str(found[0]["finding_id"])


def _trial(county: SeededCounty) -> ValidRequest:
    text = (FIRST_TEXTS.folder / "programmes" / "education_aid-99-2014.yaml").read_text(encoding="utf-8")
    return ValidRequest(county.operator, body={"content": canonical_text(YamlText(text, "programme").content)})


ASSISTANCE: Mapping[str, MakeRequest] = {
    **common_operations("assistance"),
    **evidence_operations("assistance", lambda county: county.registered[0]),
    **inbox_operations(),
    **document_operations("assistance"),
    **RECORDS,
    **LOANS,
    **TRAINING,
    **EMPLOYMENT,
    **MEASURES,
    **PAYMENTS,
    **UNIT_PAYMENTS,
    **PAIRS,
    "foretell": foretell,
    "open_case": _apply,
    "list_cases": reading(division=TOWNSHIP),
    "list_due_steps": reading(),
    "list_notices": reading(),
    "read_case": reading_at("village", case_id=lambda county: county.applications["reviews"][0]),
    "read_case_steps": reading_at("village", case_id=lambda county: county.applications["reviews"][0]),
    "hold_appraisal": _at_new_application("appraisals"),
    "post_notice": _at_new_application("notices", "appraisals"),
    "take_down_notice": lambda county: ValidRequest(
        county.village, {"case_id": county.applications["reviews"][0]}, {"on": county.today, "step": "notice"}
    ),
    "raise_objection": _at_new_application("objections", "appraisals", "notices"),
    "resolve_objection": _resolution,
    "give_review": _at_waiting_application("reviews"),
    "decide_case": _at_waiting_application("decisions"),
    "return_case": _by_village({"back_to": "appraisal", "reason": "记录不完整"}, "appraisals"),
    "withdraw_case": _by_village({}),
    "close_case": lambda county: ValidRequest(
        county.decider,
        {"case_id": county.application()},
        {"on": county.today, "reason": "无法继续", "evidence": MINUTES},
    ),
    "take_step_in_batch": _batch,
    "make_visit": _not_taken({"confirmed": True}),
    "give_consent": _not_taken({"agreed": True}),
    "give_opinion": _not_taken({"favourable": True}),
    "give_signature": _not_taken({"signed": True, "signer": "镇长"}),
    "make_inspection": _not_taken({"passed": True}),
    "make_comparison": _not_taken({"clean": True, "departments": ["民政局"]}),
    "announce_case": _not_taken({}),
    "take_green_channel": _not_taken({"reason": "因灾"}, "township_reviewer"),
    "list_programmes": reading(division=VILLAGE),
    "try_programme": _trial,
    **ENTITLEMENTS,
    "list_duties": reading(division=COUNTY),
    "read_duty_calendar": reading(division=COUNTY),
    "assess_duties": reading(division=COUNTY, missed_in_a_row=2),
    "list_findings": reading(division=COUNTY),
    "read_finding": lambda county: ValidRequest(county.county_reviewer, {"finding_id": _caseload(county)}),
    "answer_finding": lambda county: ValidRequest(
        county.county_reviewer, {"finding_id": _caseload(county)}, {"reason": "两村相邻，均已走访"}
    ),
}
