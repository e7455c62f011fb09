"""A valid request for every operation of the registry."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from services.casework.workbooks.writing.workbook_writer import write_form
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from tests.contracts.seeded_county import COUNTY, MINUTES, NEIGHBOUR, TOWNSHIP, VILLAGE, SeededCounty, member_form
from tests.contracts.valid_requests import (
    OCTETS,
    MakeRequest,
    ValidRequest,
    common_operations,
    evidence_operations,
    foretell,
    inbox_operations,
    reading,
    reading_at,
)
from tests.contracts.valid_requests_clues import CLUES
from tests.contracts.valid_requests_corrections import CORRECTIONS
from tests.contracts.valid_requests_divisions import DIVISIONS
from tests.contracts.valid_requests_documents import document_operations
from tests.contracts.valid_requests_history import HISTORY
from tests.contracts.valid_requests_identities import IDENTITIES
from tests.contracts.valid_requests_openings import OPENINGS
from tests.contracts.valid_requests_records import VISITS
from tests.contracts.valid_requests_schools import SCHOOLS
from tests.contracts.valid_requests_screenings import SCREENINGS
from tests.contracts.valid_requests_searches import SEARCHES
from tests.contracts.valid_requests_staff import STAFF
from tests.registry.intake.import_requests import head_line, household_line, workbook_bytes
from tests.registry.national_register.generated_households import FORM

MONEY = dict.fromkeys(("wages", "business", "property", "transfers", "business_costs"), "100.00")
PERIOD = {"period_from": "2013-01-01", "period_to": "2013-12-31"}
SECURED = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True)


def _disclosure(county: SeededCounty) -> ValidRequest:
    order = {"organ": "县扶贫办", "document_no": "申请1号"}
    body = {
        "household_ids": [county.registered[0]], "purpose": "access_request", "fields": ["name", "phone"], "order": order
    }  # fmt: skip
    return ValidRequest(county.village, body=body)


def _review_of_readings(county: SeededCounty) -> ValidRequest:
    disclosure = _disclosure(county)
    county.post(disclosure.client, "/registry/disclosures", dict(disclosure.body))
    path = {"day": county.today, "account": "cadre-v"}
    return ValidRequest(county.auditor, path, {"conclusion": "justified"})


def _at_household(form: Mapping[str, Any]) -> MakeRequest:
    return lambda county: ValidRequest(
        county.village, {"household_id": county.household()}, {"effective_on": county.today, **form}
    )


def _at_move(client: str, form: Mapping[str, Any]) -> MakeRequest:
    return lambda county: ValidRequest(getattr(county, client), {"move_id": county.move()}, form)


def _at_member(form: Mapping[str, Any]) -> MakeRequest:
    """About the spouse, who may leave without a successor."""

    def make(county: SeededCounty) -> ValidRequest:
        household = county.household()
        path = {"household_id": household, "person_id": county.members(household)[1]}
        return ValidRequest(county.village, path, {"effective_on": county.today, **form})

    return make


def _split(county: SeededCounty) -> ValidRequest:
    household = county.household()
    leaving = county.members(household)[1:3]
    form = {"effective_on": county.today, "person_ids": leaving, "head": leaving[0]}
    return ValidRequest(county.village, {"household_id": household}, form)


def _correction(county: SeededCounty) -> ValidRequest:
    household = county.household()
    survey = {"effective_on": county.today, "address": "某组 3 号"}
    county.post(county.village, f"/registry/households/{household}/surveys", survey)
    wrong = county.village.get(f"/registry/households/{household}/facts").json()[-1]["act"]
    return ValidRequest(
        county.village, {"household_id": household}, {"effective_on": county.today, "acts": [wrong], "reason": "误登"}
    )


def _opening(county: SeededCounty) -> ValidRequest:
    body = {
        "subject": county.household(),
        "procedure": "identification",
        "on": county.today,
        "grounds": "情况属实",
    }
    return ValidRequest(county.village, body=body)


def _at_new_case(step: str, *before: str) -> MakeRequest:
    """A step of a new case."""

    def make(county: SeededCounty) -> ValidRequest:
        client, form = county.steps()[step]
        return ValidRequest(client, {"case_id": county.case(*before)}, {"on": county.today, **form})

    return make


def _at_waiting_case(step: str) -> MakeRequest:
    """A step of a case whose notices are over; of one already used when none is left."""

    def make(county: SeededCounty) -> ValidRequest:
        client, form = county.steps()[step]
        return ValidRequest(client, {"case_id": county.next_waiting(step)}, {"on": county.today, **form})

    return make


def _consent(county: SeededCounty) -> ValidRequest:
    case = county.case("appraisals", "visits", household=county.leaving.pop(), procedure="exit")
    return ValidRequest(county.village, {"case_id": case}, {"on": county.today, "agreed": True})


def _resolution(county: SeededCounty) -> ValidRequest:
    path = {"case_id": county.case("visits", "appraisals", "notices", "objections"), "objection_no": 1}
    return ValidRequest(county.township, path, {"on": county.today, "upheld": False, "finding": "不属实"})


def _return(county: SeededCounty) -> ValidRequest:
    form = {"on": county.today, "back_to": "visit", "reason": "材料不全"}
    return ValidRequest(county.village, {"case_id": county.case("visits")}, form)


def _out_of_turn(form: Mapping[str, Any]) -> MakeRequest:
    """A step that no procedure of the registry has: well-formed, and refused by a rule."""
    return lambda county: ValidRequest(county.village, {"case_id": county.case()}, {"on": county.today, **form})


def _batch_of_visits(county: SeededCounty) -> ValidRequest:
    cases = [{"case_id": county.case()} for _ in range(2)]
    body = {"act": "visits", "form": {"on": county.today, "confirmed": True}, "cases": cases}
    return ValidRequest(county.village, body=body)


def _workbook() -> bytes:
    number = uuid4().hex[:12]
    return workbook_bytes([household_line(number)], [head_line(number, uuid4().int % 500 * 2 + 1)])


def _national_list(county: SeededCounty) -> bytes:
    """Of one household that is not on record."""
    line = {"national_no": uuid4().hex[:12], "division": VILLAGE, "surveyed_on": county.today}
    member = head_line(str(line["national_no"]), uuid4().int % 500 * 2 + 1)
    return write_form(FORM, {HOUSEHOLDS: [line], MEMBERS: [member]})  # type: ignore[list-item]


def _reconciliation(county: SeededCounty) -> ValidRequest:
    asked = {"compared_on": county.today}
    answer = county.county_reviewer.post("/registry/reconciliations", content=_national_list(county), params=asked)
    return ValidRequest(county.county_reviewer, {"reconciliation_id": answer.json()["batch_id"]})


def _batch(county: SeededCounty) -> ValidRequest:
    answer = county.village.post("/registry/intake/workbooks", content=_workbook()).json()
    return ValidRequest(county.village, {"batch_id": answer["batch_id"]})


def _finding(county: SeededCounty) -> str:
    """The id of one that nobody has answered."""
    household = county.household(members=[member_form("head", 2009)])
    (found,) = county.village.get("/registry/findings", subject=household).json()["items"]
    return str(found["finding_id"])


def _somewhere(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.village, body=_recording(county))


def _recording(county: SeededCounty) -> dict[str, Any]:
    members = [member_form("head", 1970, school="某校", phone="13900000001")]
    return {"division": VILLAGE, "effective_on": county.today, "members": members}


REGISTRY: Mapping[str, MakeRequest] = {
    **CLUES,
    **VISITS,
    **SCHOOLS,
    **CORRECTIONS,
    **HISTORY,
    **OPENINGS,
    **SCREENINGS,
    **common_operations("registry"),
    **evidence_operations("registry", lambda county: county.registered[0]),
    **inbox_operations(),
    **STAFF,
    **document_operations("registry"),
    **DIVISIONS,
    "list_divisions": reading(),
    "record_household": _somewhere,
    "correct_recording": lambda county: ValidRequest(
        county.village, {"household_id": county.household()}, _recording(county)
    ),
    "list_households": reading(division=TOWNSHIP, attribute="general_poor", open_case=True),
    "survey_household": _at_household({"address": "某组 3 号", "arable_mu": "3.5", "main_cause": "illness"}),
    "assign_category": _at_household({"attribute": "low_income_security"}),
    "record_common_residence": _at_member({"lives_in_common": True, "reason": "works_away"}),
    "survey_income": _at_household({**PERIOD, **MONEY}),
    "survey_conditions": _at_household(SECURED),
    "split_household": _split,
    "move_household": _at_household({"from_division": VILLAGE, "to_division": NEIGHBOUR}),
    "accept_move": _at_move("neighbour", {}),
    "decline_move": _at_move("neighbour", {"reason": "未迁来"}),
    "withdraw_move": _at_move("village", {"reason": "录错"}),
    "read_move": lambda county: ValidRequest(county.village, {"move_id": county.move()}),
    "list_moves": reading(open=True),
    "correct_facts": _correction,
    **IDENTITIES,
    "survey_member": _at_member({"school_stage": "college", "health": "健康"}),
    "join_member": _at_household({"member": member_form("child", 2014), "reason": "birth"}),
    "record_departure": _at_member({"reason": "marriage"}),
    "record_death": _at_member({}),
    "read_household": reading_at("village", household_id=lambda county: county.registered[0]),
    "list_household_periods": reading_at("village", household_id=lambda county: county.registered[0]),
    "read_dossier": reading_at("village", household_id=lambda county: county.registered[0]),
    "read_visit_sheet": reading_at("village", household_id=lambda county: county.registered[0]),
    "list_shown_consequences": reading_at("village", household_id=lambda county: county.registered[0]),
    "foretell": foretell,
    "list_facts": reading_at("village", household_id=lambda county: county.registered[0]),
    "read_totals": reading(division=COUNTY),
    "read_monitoring_totals": reading(division=COUNTY),
    "read_category_totals": reading(division=COUNTY),
    "list_findings": reading(division=TOWNSHIP),
    "read_finding": reading_at("village", finding_id=_finding),
    "answer_finding": lambda county: ValidRequest(
        county.township_reviewer, {"finding_id": _finding(county)}, {"reason": "父母双亡，情况属实"}
    ),
    "open_case": _opening,
    "list_cases": reading(open=True),
    "list_due_steps": reading(),
    "list_notices": reading(),
    "make_visit": _at_new_case("visits"),
    "hold_appraisal": _at_new_case("appraisals", "visits"),
    "give_consent": _consent,
    "post_notice": _at_new_case("notices", "visits", "appraisals"),
    "take_down_notice": lambda county: ValidRequest(
        county.village, {"case_id": county.waiting["comparisons"][0]}, {"on": county.today, "step": "village_notice"}
    ),
    "raise_objection": _at_new_case("objections", "visits", "appraisals", "notices"),
    "give_review": _at_waiting_case("reviews"),
    "make_comparison": _at_waiting_case("comparisons"),
    "decide_case": _at_waiting_case("decisions"),
    "announce_case": _at_waiting_case("announcements"),
    "give_opinion": _out_of_turn({"favourable": True}),
    "give_signature": _out_of_turn({"signed": True, "signer": "镇长"}),
    "make_inspection": _out_of_turn({"passed": True}),
    "take_green_channel": _out_of_turn({"reason": "因灾"}),
    "take_step_in_batch": _batch_of_visits,
    "return_case": _return,
    "close_case": lambda county: ValidRequest(
        county.decider, {"case_id": county.case()}, {"on": county.today, "reason": "无法继续", "evidence": MINUTES}
    ),
    "withdraw_case": lambda county: ValidRequest(county.village, {"case_id": county.case()}, {"on": county.today}),
    "resolve_objection": _resolution,
    "read_case": reading_at("village", case_id=lambda county: county.waiting["reviews"][0]),
    "read_case_steps": reading_at("village", case_id=lambda county: county.waiting["reviews"][0]),
    "read_template": reading(),
    "import_workbook": lambda county: ValidRequest(county.village, body=_workbook(), media_type=OCTETS),
    "annotate_workbook": lambda county: ValidRequest(county.village, body=_workbook(), media_type=OCTETS),
    "read_batch": _batch,
    "find_batches": lambda county: ValidRequest(county.village, query={"file_sha256": "0" * 64}),
    "export_national_layout": lambda county: ValidRequest(
        county.township_reviewer,
        body={
            "division": VILLAGE,
            "as_of": county.today,
            "order": {"organ": "县扶贫办", "document_no": "扶办〔2014〕3号"},
        },
    ),
    "reconcile_register": lambda county: ValidRequest(
        county.county_reviewer, query={"compared_on": county.today}, body=_national_list(county), media_type=OCTETS
    ),
    "list_reconciliations": reading(),
    "read_reconciliation": _reconciliation,
    "list_reconciled_households": _reconciliation,
    "disclose_personal_data": _disclosure,
    "list_disclosure_matters": lambda county: ValidRequest(
        county.village, query={"household_id": county.registered[0]}
    ),
    "review_readings": _review_of_readings,
    **SEARCHES,
}
