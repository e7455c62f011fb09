"""A valid request for every operation on projects, and on cases about them."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.roles import Role
from tests.contracts.seeded_county import COUNTY, MINUTES, VOTE, SeededCounty
from tests.contracts.seeded_projects import DECIDED, REPORT, draft_form, drafted, opened
from tests.contracts.seeded_projects import PROJECTS as PROJECTS_PATH
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading, reading_at
from tests.support.evidence import on_paper

Find = Callable[[SeededCounty], str]


def _form(**form: Any) -> Callable[[SeededCounty], dict[str, Any]]:
    return lambda county: {"effective_on": county.today, **form}


def _about(client: str, find: Find, form: Callable[[SeededCounty], dict[str, Any]], **path: Any) -> MakeRequest:
    return lambda county: ValidRequest(getattr(county, client), {"project_id": find(county), **path}, form(county))


def _at_work(county: SeededCounty) -> str:
    return county.projects.at_work()


def _decided(county: SeededCounty) -> dict[str, Any]:
    return {**DECIDED, "decided_on": county.today}


def _accepted(county: SeededCounty) -> str:
    """Of a project that was accepted today."""
    return county.projects.made("accepted", lambda: _accept(county))


def _accept(county: SeededCounty) -> str:
    project = county.projects.complete()
    case = opened(county, project, "works_acceptance")
    county.projects.acceptance_step(case, "inspections")
    supervisor = county.client_for("supervisor-c", COUNTY, Role.REVIEWER)
    county.post(supervisor, f"{case}/signatures", {"on": county.today, "signed": True, "signer": "监督员"})
    county.projects.decide(case)
    return project


def _evaluated(county: SeededCounty) -> str:
    return county.projects.made("evaluated", lambda: _evaluate(county))


def _evaluate(county: SeededCounty) -> str:
    project = _accept(county)
    result = {"place": "村务公开栏", "until": "2014-07-31", "evidence": on_paper("notice_photo")}
    county.projects.act("township", project, "results", **result)
    final = {"stage": "final", "evaluator": "县扶贫办", "evidence": REPORT}
    county.projects.act("decider", project, "evaluations", **final)
    return project


def _case(county: SeededCounty, *steps: str) -> str:
    """A case about a new draft, with these steps of the village's taken; its id."""
    case = opened(county, drafted(county, "roads"), "village_library")
    forms: Mapping[str, Any] = {"appraisals": VOTE, "notices": {}, "objections": {"text": "造价不实"}}
    for step in steps:
        county.post(county.village, f"{case}/{step}", {"on": county.today, **forms[step]})
    return case.rpartition("/")[2]


def _hung(county: SeededCounty) -> str:
    """A case of which the notice is over."""
    return county.projects.waiting["opinions"][0].rpartition("/")[2]


def _of_case(client: str, case: Find, **form: Any) -> MakeRequest:
    return lambda county: ValidRequest(getattr(county, client), {"case_id": case(county)}, {"on": county.today, **form})


def _waiting(client: str, step: str, **form: Any) -> MakeRequest:
    return _of_case(client, lambda county: county.projects.next_waiting(step), **form)


def _new(client: str, *before: str, **form: Any) -> MakeRequest:
    return _of_case(client, lambda county: _case(county, *before), **form)


def _open(county: SeededCounty) -> ValidRequest:
    form = {"subject": drafted(county, "roads"), "procedure": "village_library", "on": county.today, "grounds": "申报"}
    return ValidRequest(county.village, body=form)


def _resolution(county: SeededCounty) -> ValidRequest:
    path = {"case_id": _case(county, "appraisals", "notices", "objections"), "objection_no": 1}
    return ValidRequest(county.township_reviewer, path, {"on": county.today, "upheld": False, "finding": "不属实"})


def _batch(county: SeededCounty) -> ValidRequest:
    form = {"on": county.today, **VOTE}
    cases = [{"case_id": _case(county)}]
    return ValidRequest(county.village, body={"act": "appraisals", "form": form, "cases": cases})


def _supervised(county: SeededCounty) -> ValidRequest:
    case = county.projects.made("inspected", lambda: county.projects.acceptance("inspections")).rpartition("/")[2]
    supervisor = county.client_for("supervisor-c", COUNTY, Role.REVIEWER)
    return ValidRequest(supervisor, {"case_id": case}, {"on": county.today, "signed": True, "signer": "监督员"})


PROJECT_CASES: Mapping[str, MakeRequest] = {
    "open_case": _open,
    "list_cases": reading(division=COUNTY),
    "list_due_steps": reading(),
    "list_notices": reading(),
    "read_case": reading_at("village", case_id=_case),
    "read_case_steps": reading_at("village", case_id=_case),
    "hold_appraisal": _new("village", **VOTE),
    "post_notice": _new("village", "appraisals"),
    "take_down_notice": _of_case("township", _hung, step="township_notice"),
    "raise_objection": _new("village", "appraisals", "notices", text="造价不实"),
    "resolve_objection": _resolution,
    "give_review": _waiting("township_reviewer", "reviews", outcome="passed"),
    "give_opinion": _waiting("county_reviewer", "opinions", favourable=True, evidence=on_paper("argument_report")),
    "decide_case": _waiting("decider", "decisions", approved=True, **DECIDED),
    "make_inspection": _of_case(
        "county_reviewer", lambda county: county.projects.made("complete", county.projects.acceptance).rpartition("/")[2], passed=True,
        evidence=on_paper("acceptance"),
    ),
    "give_signature": _supervised,
    "return_case": _new("village", "appraisals", back_to="vote", reason="记录不完整"),
    "withdraw_case": _new("village"),
    "close_case": _new("decider", reason="无法继续", evidence=MINUTES),
    "take_step_in_batch": _batch,
    "make_visit": _new("village", confirmed=True),
    "give_consent": _new("village", agreed=True),
    "make_comparison": _new("village", clean=True, departments=["财政局"]),
    "announce_case": _new("village"),
    "take_green_channel": _new("village", reason="因灾"),
}  # fmt: skip


def _annulment(county: SeededCounty) -> ValidRequest:
    """Of a survey of needs."""
    project = drafted(county)
    county.projects.act("township", project, "baselines", evidence=REPORT)
    surveyed = county.auditor.get(f"/monitoring/projects/{project}").json()["history"][-1]
    assert surveyed["type"] == "BaselineSurveyed"
    form = {"effective_on": county.today, "annuls": [surveyed["id"]], "reason": "误填"}
    return ValidRequest(county.decider, {"project_id": project}, form)


def _twice(county: SeededCounty) -> str:
    """Id of what was found about a draft of what another plans, and nobody has answered."""
    form = draft_form(county)
    county.post(county.village, PROJECTS_PATH, form)
    second = county.post(county.village, PROJECTS_PATH, {**form, "item": county.new_item_code()}).rpartition("/")[2]
    found = county.county_reviewer.get("/monitoring/findings", subject=second).json()["items"]
    return str(found[0]["finding_id"])


SUM = {"sum": "5", "money_unit": "wan_yuan"}


def _applied(county: SeededCounty) -> dict[str, Any]:
    return {
        "effective_on": county.today, "origin": "social", "applied_to": "公益创投办", "asked_for": SUM,
        "evidence": on_paper("application"),
    }  # fmt: skip


def _bid_for(county: SeededCounty) -> str:
    project = drafted(county)
    county.post(county.township, f"{PROJECTS_PATH}/{project}/funding-applications", _applied(county))
    return project


PROJECTS: Mapping[str, MakeRequest] = {
    **PROJECT_CASES,
    "draft_project": lambda county: ValidRequest(county.village, body=draft_form(county)),
    "redraft_project": _about("village", drafted, draft_form),
    "plan_project": lambda county: ValidRequest(
        county.decider, {"project_id": county.projects.next_listed()},
        {"effective_on": county.today, "year": 2014, "decision": _decided(county)},
    ),
    "survey_baseline": _about("township", drafted, _form(evidence=REPORT)),
    "apply_for_project_funding": _about("township", drafted, _applied),
    "decide_project_funding": _about("decider", _bid_for, _form(granted=SUM, evidence=REPORT), application=1),
    "charter_project": _about(
        "decider", lambda county: county.projects.made("planned", county.projects.planned),
        lambda county: {"effective_on": county.today, **county.projects.charter()},
    ),
    "succeed_owner": _about("decider", _at_work, lambda county: {
        "effective_on": county.today, "post": "owner", "label": f"副镇长{county.new_item_code()}",
    }),
    "report_component_progress": _about("township", _at_work, _form(component=1, amount="1", unit="building")),
    "inspect_project": _about("township_reviewer", _at_work, _form(hidden=True, passed=True, evidence=on_paper("photo"))),
    "find_project_issue": _about("township_reviewer", _at_work, _form(content="墙体开裂", due_on="2014-07-31")),
    "rectify_project_issue": _about(
        "township", lambda county: county.projects.with_issue(), _form(evidence=on_paper("photo")), issue=1
    ),
    "interview_responsible": _about("township_reviewer", _at_work, _form(post="owner")),
    "publish_acceptance": _about(
        "township", _accepted, _form(place="村务公开栏", until="2014-07-31", evidence=on_paper("notice_photo"))
    ),
    "evaluate_project": _about("decider", _at_work, _form(stage="stage", evaluator="县扶贫办", evidence=REPORT)),
    "close_project": _about("decider", _evaluated, _form()),
    "withdraw_project": _about("decider", drafted, _form(reason="不再实施")),
    "annul_project_acts": _annulment,
    "observe_asset_use": _about("township", _accepted, _form(component=1, use="idle", evidence=on_paper("photo"))),
    "list_findings": reading(division=COUNTY),
    "read_finding": reading_at("county_reviewer", finding_id=_twice),
    "answer_finding": lambda county: ValidRequest(
        county.county_reviewer, {"finding_id": _twice(county)}, {"reason": "两处相邻的校舍"}
    ),
    "list_projects": reading(division=COUNTY),
    "list_project_figures": reading(division=COUNTY, level="township"),
    "read_project": reading_at("auditor", project_id=drafted),
}  # fmt: skip
