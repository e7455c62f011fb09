"""One sound request for every operation of the registry."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.contracts.seeded_county import COUNTY, NEIGHBOUR, TOWNSHIP, VILLAGE, World, somebody
from tests.contracts.valid_requests import Make, Sound, at, reading, shared
from tests.registry.intake.import_requests import head_line, household_line, workbook_bytes

OCTETS = "application/octet-stream"
MONEY = dict.fromkeys(("wages", "business", "property", "transfers", "business_costs"), "100.00")
PERIOD = {"period_from": "2013-01-01", "period_to": "2013-12-31", "residents": 3}
SECURED = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True)


def _division(w: World) -> Sound:
    body = {"code": w.a_division(), "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    return Sound(w.operator, body=body)


def _at_household(form: Mapping[str, Any]) -> Make:
    return lambda w: Sound(w.village, {"household_id": w.household()}, {"effective_on": w.today, **form})


def _at_member(form: Mapping[str, Any]) -> Make:
    """About the spouse, who may go without a successor."""

    def make(w: World) -> Sound:
        household = w.household()
        path = {"household_id": household, "person_id": w.members(household)[1]}
        return Sound(w.village, path, {"effective_on": w.today, **form})

    return make


def _split(w: World) -> Sound:
    household = w.household()
    leaving = w.members(household)[1:3]
    form = {"effective_on": w.today, "person_ids": leaving, "head": leaving[0]}
    return Sound(w.village, {"household_id": household}, form)


def _correction(w: World) -> Sound:
    household = w.household()
    survey = {"effective_on": w.today, "address": "某组 3 号"}
    w.post(w.village, f"/registry/households/{household}/surveys", survey)
    wrong = w.village.get(f"/registry/households/{household}/facts").json()[-1]["id"]
    return Sound(w.village, {"household_id": household}, {"effective_on": w.today, "annuls": [wrong], "reason": "误登"})


def _opening(w: World) -> Sound:
    body = {"household_id": w.household(), "procedure": "identification", "on": w.today, "grounds": "情况属实"}
    return Sound(w.village, body=body)


def _fresh(step: str, *before: str) -> Make:
    """A step of a case that is opened for it."""

    def make(w: World) -> Sound:
        who, form = w.steps()[step]
        return Sound(who, {"case_id": w.case(*before)}, {"on": w.today, **form})

    return make


def _waiting(step: str) -> Make:
    """A step that a case waits for whose notices are over; a former case when there is none left."""

    def make(w: World) -> Sound:
        who, form = w.steps()[step]
        return Sound(who, {"case_id": w.next_waiting(step)}, {"on": w.today, **form})

    return make


def _consent(w: World) -> Sound:
    case = w.case("appraisals", "visits", household=w.leaving.pop(), procedure="exit")
    return Sound(w.village, {"case_id": case}, {"on": w.today, "agreed": True})


def _resolution(w: World) -> Sound:
    path = {"case_id": w.case("visits", "appraisals", "notices", "objections"), "objection_no": 1}
    return Sound(w.township, path, {"on": w.today, "upheld": False, "finding": "不属实"})


def _return(w: World) -> Sound:
    form = {"on": w.today, "back_to": "visit", "reason": "材料不全"}
    return Sound(w.village, {"case_id": w.case("visits")}, form)


def _workbook() -> bytes:
    number = uuid4().hex[:12]
    return workbook_bytes([household_line(number)], [head_line(number, uuid4().int % 500 * 2 + 1)])


def _batch(w: World) -> Sound:
    told = w.village.post("/registry/intake/workbooks", content=_workbook()).json()
    return Sound(w.village, {"batch_id": told["batch_id"]})


def _somewhere(w: World) -> Sound:
    members = [somebody("head", 1970, school="某校", phone="13900000001")]
    return Sound(w.village, body={"division": VILLAGE, "effective_on": w.today, "members": members})


REGISTRY: Mapping[str, Make] = {
    **shared("registry"),
    "declare_division": _division,
    "designate_poor_village": lambda w: Sound(
        w.operator, {"code": w.declared_division()}, {"grade": "省定贫困村", "effective_on": "2014-04-15"}
    ),
    "read_division": lambda w: Sound(w.village, {"code": VILLAGE}),
    "list_divisions": reading(),
    "record_household": _somewhere,
    "list_households": reading(division=TOWNSHIP),
    "survey_household": _at_household({"address": "某组 3 号", "arable_mu": "3.5", "main_cause": "illness"}),
    "survey_income": _at_household({**PERIOD, **MONEY}),
    "survey_conditions": _at_household(SECURED),
    "split_household": _split,
    "move_household": _at_household({"from_division": VILLAGE, "to_division": NEIGHBOUR}),
    "correct_facts": _correction,
    "survey_member": _at_member({"school_stage": "college", "health": "健康"}),
    "join_member": _at_household({"member": somebody("child", 2014), "reason": "birth"}),
    "part_member": _at_member({"reason": "marriage"}),
    "record_death": _at_member({}),
    "read_household": at("village", household_id=lambda w: w.registered[0]),
    "list_facts": at("village", household_id=lambda w: w.registered[0]),
    "read_totals": reading(division=COUNTY),
    "open_case": _opening,
    "list_cases": reading(open=True),
    "make_visit": _fresh("visits"),
    "hold_appraisal": _fresh("appraisals", "visits"),
    "give_consent": _consent,
    "post_notice": _fresh("notices", "visits", "appraisals"),
    "raise_objection": _fresh("objections", "visits", "appraisals", "notices"),
    "give_review": _waiting("reviews"),
    "make_comparison": _waiting("comparisons"),
    "decide_case": _waiting("decisions"),
    "announce_case": _waiting("announcements"),
    "return_case": _return,
    "withdraw_case": lambda w: Sound(w.village, {"case_id": w.case()}, {"on": w.today}),
    "resolve_objection": _resolution,
    "read_case": at("village", case_id=lambda w: w.waiting["reviews"][0]),
    "read_template": reading(),
    "import_workbook": lambda w: Sound(w.village, body=_workbook(), media_type=OCTETS),
    "annotate_workbook": lambda w: Sound(w.village, body=_workbook(), media_type=OCTETS),
    "read_batch": _batch,
    "disclose_personal_data": lambda w: Sound(
        w.village, body={"household_id": w.registered[0], "purpose": "case", "fields": ["name", "phone"]}
    ),
}
