"""A road from the village's vote to its published evaluation, with an inspection that failed: no gate is passed without its fact."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.projects.road import (
    CASES,
    DOCUMENT,
    PHOTO,
    PROJECTS,
    REPORT,
    Handlers,
    charter,
    done,
    draft,
    refused,
)
from tests.monitoring.registry_stub import registry_stub
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, lika

OFFICE = ("survey_baseline", "apply_for_project_funding")


@pytest.fixture
def handlers(database: Callable[[str], str], tmp_path: Path) -> Iterator[Handlers]:
    with lika([registry_stub, monitoring], database, tmp_path, datetime(2016, 1, 12, 2, tzinfo=UTC)) as started:
        yield Handlers(started)


def offered(who: ApiClient, project: str) -> dict[str, dict[str, Any]]:
    """Act → what is settled in its form, of what is open on a project to somebody."""
    (found,) = who.get("/monitoring/acts", subject=project).json()
    return {each["act"]: each["form"] for each in found["acts"]}


def test_a_road_from_the_vote_to_the_published_evaluation(handlers: Handlers) -> None:
    h = handlers
    project = h.project()
    opening = {"subject": project.rpartition("/")[2], "procedure": "village_library"}
    assert offered(h.village, project) == {
        "open_case": opening, "redraft_project": {}, "survey_baseline": {}, "apply_for_project_funding": {},
    }  # fmt: skip
    assert "open_case" not in offered(h.decider, project)  # the village's to open
    # Nothing before the library, and the library not before its notices.
    plan = {"year": 2016, "decision": {**DOCUMENT, "decided_on": "2016-01-12"}, "effective_on": "2016-01-12"}
    assert refused(h.decider, f"{project}/plans", plan) == "project_not_in_library"
    case = h.into_the_library(project, "2016-01-12", "2016-01-20", "2016-01-28")
    assert h.decide(case, "2016-01-28")["status"] == 201
    assert h.auditor.get(project).json()["stage"] == "listed"
    assert offered(h.decider, project).keys() == {"plan_project", *OFFICE, "withdraw_project", "annul_project_acts"}
    assert refused(h.village, f"{project}/drafts", draft()) == "project_already_listed"
    # The charter: not before the yearly plan, the needs survey, one owner and a budget that adds up.
    h.advance("2016-03-01")
    assert refused(h.decider, f"{project}/charters", charter("2016-03-01")) == "project_not_in_yearly_plan"
    done(h.decider, f"{project}/plans", {**plan, "effective_on": "2016-02-05"})
    assert refused(h.decider, f"{project}/charters", charter("2016-03-01")) == "project_without_baseline"
    assert "charter_project" not in offered(h.decider, project)
    h.step(project, h.township, "baselines", "2016-01-11", evidence=REPORT)
    assert "charter_project" in offered(h.decider, project)
    cut, alone = charter("2016-03-01", owner="张…"), charter("2016-03-01", leader="副镇长")
    assert refused(h.decider, f"{project}/charters", cut) == "project_owner_incomplete"
    assert refused(h.decider, f"{project}/charters", alone) == "project_owner_is_leader"
    short = charter("2016-03-01")
    short["budget"] = short["budget"][:1]
    assert refused(h.decider, f"{project}/charters", short) == "project_budget_does_not_add"
    late = charter("2016-03-01", starts_on="2016-11-01")
    assert refused(h.decider, f"{project}/charters", late) == "project_deadline_before_start"
    done(h.decider, f"{project}/charters", charter("2016-03-01"))

    supervise(h, project)
    accept_and_close(h, project)


def supervise(h: Handlers, project: str) -> None:
    """Progress, an unannounced inspection that fails, an issue that is put right, an interview, another owner."""
    progress = {"component": 1, "amount": "1.5", "unit": "km"}
    h.advance("2016-06-01")
    done(h.township, f"{project}/progress", {"effective_on": "2016-06-01", **progress})
    metres = {"effective_on": "2016-06-01", **progress, "unit": "m"}
    assert refused(h.township, f"{project}/progress", metres) == "project_unit_differs"
    less = {"effective_on": "2016-06-01", **progress, "amount": "1"}
    assert refused(h.township, f"{project}/progress", less) == "project_progress_would_fall"
    unseen = {
        "subject": project.rpartition("/")[2],
        "procedure": "works_acceptance",
        "on": "2016-06-01",
        "grounds": "完工",
    }
    assert refused(h.township, CASES, unseen) == "project_not_inspected"
    assert "open_case" not in offered(h.township, project)
    h.step(project, h.township_reviewer, "inspections", "2016-06-01", hidden=True, passed=False, evidence=PHOTO)
    issue = {"content": "路面厚度不足", "due_on": "2016-07-01"}
    h.step(project, h.township_reviewer, "issues", "2016-06-01", **issue)
    h.step(project, h.township_reviewer, "interviews", "2016-06-01", post="owner", issue=1)
    h.step(project, h.decider, "successions", "2016-06-01", post="owner", label="镇扶贫办主任")
    assert refused(h.township, CASES, unseen) == "project_not_inspected"
    h.advance("2016-10-20")
    done(h.township, f"{project}/progress", {"effective_on": "2016-10-20", **progress, "amount": "3"})
    h.step(project, h.township_reviewer, "inspections", "2016-10-20", hidden=False, passed=True, evidence=PHOTO)
    assert refused(h.township, CASES, {**unseen, "on": "2016-10-20"}) == "project_issues_open"
    unproved = {"effective_on": "2016-10-20"}
    assert refused(h.township, f"{project}/issues/1/rectifications", unproved) == "project_evidence_missing"
    assert "rectify_project_issue" in offered(h.township, project)
    h.step(project, h.township, "issues/1/rectifications", "2016-10-20", evidence=PHOTO)
    ready = offered(h.township, project)
    assert ready["open_case"] == {"subject": project.rpartition("/")[2], "procedure": "works_acceptance"}
    assert "rectify_project_issue" not in ready


def accept_and_close(h: Handlers, project: str) -> None:
    on, evaluator = "2016-10-20", "县扶贫开发领导小组办公室"
    final = {"effective_on": on, "stage": "final", "evaluator": evaluator, "evidence": REPORT}
    assert refused(h.decider, f"{project}/evaluations", final) == "project_result_not_published"
    case = h.open(project, "works_acceptance", on, h.township)
    # The engine's own inspection may fail, too, and is made again.
    sheet = on_paper("acceptance")
    done(h.county_reviewer, f"{case}/inspections", {"on": on, "passed": False, "evidence": sheet})
    done(h.county_reviewer, f"{case}/inspections", {"on": on, "passed": True, "evidence": sheet})
    signed = {"on": on, "signed": True, "signer": "县监委办主任"}
    assert refused(h.county_reviewer, f"{case}/signatures", signed) == "approves_own_entry"
    done(h.supervisor, f"{case}/signatures", signed)
    assert h.decide(case, on)["status"] == 201
    assert h.auditor.get(project).json()["stage"] == "accepted"
    assert refused(h.decider, f"{project}/closing", {"effective_on": on}) == "project_result_not_published"
    shown = {"effective_on": on, "place": "村务公开栏", "evidence": on_paper("notice_photo")}
    backwards = {**shown, "until": "2016-01-01"}
    assert refused(h.township, f"{project}/results", backwards) == "project_notice_ends_before_it_hangs"
    h.step(
        project, h.township, "results", on, place="村务公开栏", until="2016-10-27", evidence=on_paper("notice_photo")
    )
    assert refused(h.decider, f"{project}/closing", {"effective_on": on}) == "project_not_evaluated"
    done(h.decider, f"{project}/evaluations", final)
    # The works began on 1 March: of the half-year until 31 August a report is asked for.
    assert refused(h.decider, f"{project}/closing", {"effective_on": on}) == "project_stage_evaluation_missing"
    done(h.decider, f"{project}/evaluations", {**final, "stage": "stage"})
    h.step(project, h.decider, "closing", on)

    assert offered(h.decider, project).keys() == {"annul_project_acts", "observe_asset_use"}
    closed = h.auditor.get(project).json()
    assert (closed["stage"], closed["charter"]["owner"], closed["components"][0]["done"]) == (
        "closed",
        "镇扶贫办主任",
        "3",
    )
    assert [(i["hidden"], i["passed"]) for i in closed["inspections"]] == [(True, False), (False, True)]
    before = h.auditor.get(project, as_of="2016-05-31").json()
    assert (before["stage"], before["charter"]["owner"], before["inspections"]) == ("chartered", "副镇长", [])
    assert h.auditor.get(project, known_at="2016-02-01").json()["stage"] == "listed"
    more = {"effective_on": on, "component": 1, "amount": "3", "unit": "km"}
    assert refused(h.township, f"{project}/progress", more) == "project_closed"
    # What was built remains, and is looked at.
    h.advance("2017-05-01")
    h.step(project, h.township, "asset-uses", "2017-05-01", component=1, use="idle", evidence=PHOTO)
    assert [p["project_id"] for p in h.auditor.get(PROJECTS, attention="assets").json()["items"]] == [
        closed["project_id"]
    ]
    h.step(project, h.township, "asset-uses", "2017-05-01", component=1, use="as_built")
    assert h.auditor.get(PROJECTS, attention="assets").json()["items"] == []


def test_gaps_are_listed_and_keep_a_draft_out_of_the_library(handlers: Handlers) -> None:
    h = handlers
    unknown = draft()
    unknown["components"][0].update(deadline=None, owners=[{"label": "张"}])
    assert refused(h.village, PROJECTS, unknown) == "project_gap_unlisted"
    unknown["gaps"] = [
        {"component": 1, "gap_field": "deadline", "gap": "unknown", "as_written": "？"},
        {"component": 1, "gap_field": "owner", "gap": "truncated", "as_written": "张"},
    ]
    project = done(h.village, PROJECTS, unknown)
    assert [p["gaps"] for p in h.auditor.get(PROJECTS, attention="gaps").json()["items"]] == [
        [{**gap, "with_components": []} for gap in unknown["gaps"]]
    ]
    case = h.into_the_library(project, "2016-01-12", "2016-01-20", "2016-01-28")
    no = h.decide(case, "2016-01-28")
    assert (no["status"], no["code"], no["facts"]["because"]["code"]) == (
        409,
        "effect_cannot_stand",
        "project_has_gaps",
    )
    # While the case is open the draft stays what was posted; a later one is posted anew.
    assert refused(h.village, f"{project}/drafts", draft()) == "project_case_open"
    done(h.village, f"{case}/withdrawals", {"on": "2016-01-28"})
    done(h.village, f"{project}/drafts", draft(effective_on="2016-01-28"))
    assert h.auditor.get(project).json()["gaps"] == []


def test_sums_name_their_unit_add_up_and_are_exact(handlers: Handlers) -> None:
    h = handlers
    small = draft(total=None)
    small["components"][0]["cost"] = {"sum": "90", "money_unit": "yuan"}
    assert refused(h.village, PROJECTS, small) == "project_cost_implausible"
    done(h.village, PROJECTS, {**small, "cost_confirmed": True})
    differs = draft(total={"sum": "91", "money_unit": "wan_yuan"})
    assert refused(h.village, PROJECTS, differs) == "project_parts_do_not_add"
    gap = {"component": 1, "gap_field": "cost", "gap": "conflict", "as_written": "90；合计91"}
    done(h.village, PROJECTS, {**differs, "gaps": [gap]})
    fraction = draft()
    fraction["components"][0]["cost"] = {"sum": "90.000001", "money_unit": "yuan"}
    assert h.village.post(PROJECTS, fraction).status_code == 422
    unitless = draft()
    del unitless["components"][0]["quantity"]["unit"]
    assert h.village.post(PROJECTS, unitless).status_code == 422
    masked = draft()
    masked["components"][0]["deadline"] = "20xx-10-31"
    assert h.village.post(PROJECTS, masked).status_code == 422
    half = draft()
    half["components"][0]["quantity"] = {"amount": "2.5", "unit": "village"}
    assert refused(h.village, PROJECTS, half) == "project_amount_not_whole"


def test_the_same_work_planned_or_done_twice_is_said_with_the_other_project(handlers: Handlers) -> None:
    h = handlers
    first, second = h.project(), h.project(title="另一份计划", item="N4")
    one = first.rpartition("/")[2]
    assert h.auditor.get(second).json()["same_works"] == [
        {"component": 1, "other": one, "other_title": draft()["title"], "done": False}
    ]
    h.step(first, h.decider, "withdrawal", "2016-01-12", reason="重复")
    third = h.project(item="N5")
    assert h.auditor.get(third).json()["same_works"] == []
