"""A federation's project: bid for before its charter, its needs surveyed, evaluated after each half-year and year while the works go
on, and in the end; every report is filed."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.monitoring.projects.evaluations import evaluated_periods
from services.monitoring.service import monitoring
from tests.monitoring.funds.money import FUNDS, Money, fund, wan
from tests.monitoring.projects.road import (
    DOCUMENT,
    PHOTO,
    PROJECTS,
    REPORT,
    VILLAGE,
    Handlers,
    charter,
    done,
    draft,
    refused,
)
from tests.monitoring.registry_stub import registry_stub
from tests.support.evidence import on_paper
from tests.support.running import lika

LETTER = on_paper("application")


@pytest.fixture(scope="module")
def handlers(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handlers]:
    folder = tmp_path_factory.mktemp("federation")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2016, 1, 12, 2, tzinfo=UTC)) as started:
        yield Handlers(started)


def waiting(h: Handlers) -> list[str]:
    return [p["item"] for p in h.auditor.get(PROJECTS, attention="applications").json()["items"]]


@pytest.fixture(scope="module")
def chartered(handlers: Handlers) -> str:
    """M210: what was routine work becomes a project, bid for with four kinds of bodies; one grants it, one refuses."""
    h = handlers
    project = h.project()
    asked = {"asked_for": {"sum": "60", "money_unit": "wan_yuan"}, "evidence": LETTER}
    for origin in ("upper_level", "transferred", "social", "international"):
        body = {"effective_on": "2016-01-12", "origin": origin, "applied_to": f"{origin}项目办", **asked}
        done(h.township, f"{project}/funding-applications", body)
    body = {"effective_on": "2016-01-12", "origin": "social", "applied_to": "某基金会", **asked}
    assert (
        refused(h.township, f"{project}/funding-applications", {**body, "evidence": []}) == "project_evidence_missing"
    )
    assert h.township.post(f"{project}/funding-applications", {**body, "origin": "friends"}).status_code == 422
    case = h.into_the_library(project, "2016-01-12", "2016-01-20", "2016-01-28")
    assert h.decide(case, "2016-01-28")["status"] == 201
    h.advance("2016-03-01")
    h.step(project, h.decider, "plans", "2016-02-05", year=2016, decision={**DOCUMENT, "decided_on": "2016-02-05"})
    # The first of the three evaluations is before approval: needs are surveyed.
    assert refused(h.decider, f"{project}/charters", charter("2016-03-01")) == "project_without_baseline"
    unfiled = {"effective_on": "2016-01-11"}
    assert refused(h.township, f"{project}/baselines", unfiled) == "project_evidence_missing"
    h.step(project, h.township, "baselines", "2016-01-11", evidence=REPORT)
    assert refused(h.decider, f"{project}/charters", charter("2016-03-01")) == "project_application_open"
    assert waiting(h) == ["W1"]
    decisions = f"{project}/funding-applications/{{}}/decisions".format
    granted = {"effective_on": "2016-02-20", "granted": {"sum": "60", "money_unit": "wan_yuan"}, "evidence": REPORT}
    more = {**granted, "granted": {"sum": "60.000001", "money_unit": "wan_yuan"}}
    assert refused(h.decider, decisions(1), more) == "project_granted_more_than_asked"
    assert refused(h.decider, decisions(1), {**granted, "effective_on": "2016-01-11"}) == "project_day_too_early"
    done(h.decider, decisions(1), granted)
    no = {"effective_on": "2016-02-21", "evidence": REPORT}
    assert refused(h.decider, decisions(2), no) == "project_refusal_unexplained"
    for number in (2, 3, 4):
        done(h.decider, decisions(number), {**no, "reason": "名额已满"})
    assert refused(h.decider, decisions(2), {**no, "reason": "再次"}) == "project_has_no_such_application"
    done(h.decider, f"{project}/charters", charter("2016-03-01"))
    assert refused(h.township, f"{project}/funding-applications", {**body, "effective_on": "2016-03-01"}) == (
        "project_already_chartered"
    )
    return project


def test_a_project_is_bid_for_and_its_money_granted_or_refused(handlers: Handlers, chartered: str) -> None:
    h = handlers
    assert waiting(h) == []
    found = h.auditor.get(chartered).json()["applications"]
    assert [(a["origin"], a["asked"], a["granted"], a["reason"]) for a in found] == [
        ("upper_level", "600000", "600000", None), ("transferred", "600000", None, "名额已满"),
        ("social", "600000", None, "名额已满"), ("international", "600000", None, "名额已满"),
    ]  # fmt: skip
    (before,) = [
        a for a in h.auditor.get(chartered, as_of="2016-02-19").json()["applications"] if a["application"] == 1
    ]
    assert (before["decided_on"], before["granted"]) == (None, None)
    # An answer entered wrongly is taken back with the charter that rests on it.
    facts = h.auditor.get(chartered).json()["history"]
    decided = [f["id"] for f in facts if f["type"] == "ProjectFundingDecided"]
    void = {"effective_on": "2016-03-01", "annuls": decided[:1], "reason": "误填"}
    assert refused(h.decider, f"{chartered}/annulments", void) == "project_later_step_rests_on_it"


def missing(h: Handlers, project: str, day: str) -> list[str]:
    """What the findings of evaluations say on a day, in Chinese."""
    asked = {"subject": project.rpartition("/")[2], "as_of": day}
    found = h.auditor.get("/monitoring/findings", **asked).json()["items"]
    return [f["zh"][:15] for f in found if f["rule"] == "project_evaluation_missing"]


def test_a_rounds_village_fund_serves_a_project_that_is_told_of_by_stages_and_put_right(
    handlers: Handlers, chartered: str
) -> None:
    """M200: 20,000 yuan for a village of the round; what a stage finds is ordered to be put right by a day."""
    h = handlers
    h.advance("2016-09-10")
    promised = fund(
        "2016-03-01", division=VILLAGE, source="unit", source_label="市教育局", level=None, document_no=None, purposes=[],
        due_on="2016-12-31", promised=wan("2"), village_fund=True, title="第六轮三万",
    )  # fmt: skip
    money = Money(h, done(h.decider, FUNDS, promised), chartered)
    money.receive("2016-04-01", "2", "三万-1")
    money.allocate("2016-04-01", "2")
    assert money.read()["uses"][0]["allocated"] == "20000"
    (floor,) = h.auditor.get("/monitoring/village-fund-floors", year=2016, division=VILLAGE).json()
    assert (floor["received"], floor["short"]) == ("20000", "0")
    order = {"content": "未按六不准要求公示", "due_on": "2016-06-30"}
    h.step(chartered, h.county_reviewer, "issues", "2016-06-01", **order)

    def overdue(day: str) -> list[str]:
        found = h.auditor.get("/monitoring/findings", subject=chartered.rpartition("/")[2], as_of=day).json()["items"]
        return [f["due_by"] for f in found if f["rule"] == "project_issue_overdue"]

    assert (overdue("2016-06-30"), overdue("2016-07-01")) == ([], ["2016-09-25"])
    h.step(chartered, h.township, "issues/1/rectifications", "2016-07-05", evidence=PHOTO)
    assert overdue("2016-07-05") == []
    listed = h.auditor.get("/monitoring/funds", division=VILLAGE).json()["items"]
    assert [f["title"] for f in listed if f["village_fund"]] == ["第六轮三万"]


def test_half_years_and_years_are_evaluated_while_it_runs_and_the_end_by_the_funder(
    handlers: Handlers, chartered: str
) -> None:
    """M196, rule 54: works from 1 March 2016 until 10 March 2017."""
    h, project = handlers, chartered
    h.advance("2016-10-02")
    # The half-year ends on 31 August; thirty days later its report is missing.
    days = ("2016-09-30", "2016-10-01")
    assert [missing(h, project, day) for day in days] == [[], ["截至2016-08-31的半年"]]
    stage: dict[str, Any] = {"effective_on": "2016-08-31", "stage": "stage", "evaluator": "县妇联"}
    assert refused(h.decider, f"{project}/evaluations", stage) == "project_evidence_missing"
    done(h.decider, f"{project}/evaluations", {**stage, "evidence": REPORT})  # before it was over: about no half-year
    assert missing(h, project, "2016-10-01") == ["截至2016-08-31的半年"]
    done(h.decider, f"{project}/evaluations", {**stage, "effective_on": "2016-09-01", "evidence": REPORT})
    assert missing(h, project, "2016-10-01") == []
    h.advance("2017-04-05")
    assert [missing(h, project, day) for day in ("2017-03-30", "2017-03-31")] == [[], ["截至2017-02-28的年度"]]
    close_without_the_years_report(h, project)
    filed = [(e["on"], e["stage"]) for e in h.auditor.get(project).json()["evaluations"]]
    assert filed == [
        ("2016-08-31", "stage"), ("2016-09-01", "stage"), ("2017-03-31", "stage"), ("2017-04-05", "final")
    ]  # fmt: skip
    assert missing(h, project, "2017-04-05") == []


def close_without_the_years_report(h: Handlers, project: str) -> None:
    h.step(project, h.township, "progress", "2017-03-10", component=1, amount="3", unit="km")
    h.step(project, h.township_reviewer, "inspections", "2017-03-10", hidden=False, passed=True, evidence=PHOTO)
    case = h.open(project, "works_acceptance", "2017-03-10", h.township)
    done(
        h.county_reviewer,
        f"{case}/inspections",
        {"on": "2017-03-10", "passed": True, "evidence": on_paper("acceptance")},
    )
    done(h.supervisor, f"{case}/signatures", {"on": "2017-03-10", "signed": True, "signer": "县监委办主任"})
    assert h.decide(case, "2017-03-10")["status"] == 201
    h.step(project, h.township, "results", "2017-03-10", place="公开栏", until="2017-03-17", evidence=PHOTO)
    final = {"effective_on": "2017-04-05", "stage": "final", "evaluator": "出资方", "evidence": REPORT}
    late = {**final, "effective_on": "2017-03-31", "stage": "stage"}
    done(h.decider, f"{project}/evaluations", final)
    closing = {"effective_on": "2017-04-05"}
    answer = h.decider.post(f"{project}/closing", closing).json()
    assert (answer["code"], answer["facts"]["periods_to"]) == ("project_stage_evaluation_missing", ["2017-02-28"])
    # Told after the final one, it was filed before it.
    done(h.decider, f"{project}/evaluations", late)
    done(h.decider, f"{project}/closing", closing)


@pytest.mark.parametrize(
    ("filed", "found"),
    [
        ((), [None, None]), (("2016-09-01",), ["2016-09-01", None]), (("2016-08-31",), [None, None]),
        (("2017-03-01", "2017-03-01"), ["2017-03-01", "2017-03-01"]), (("2016-09-01", "2016-09-02"), ["2016-09-01", None]),
    ],
)  # fmt: skip
def test_a_report_is_about_the_first_period_that_was_over_and_has_none(
    filed: tuple[str, ...], found: list[str]
) -> None:
    began, days = date(2016, 3, 1), [date.fromisoformat(each) for each in filed]
    told = list(evaluated_periods(began, None, days, 6, date(2017, 3, 1)))
    assert [(p.last.isoformat(), p.yearly) for p in told] == [("2016-08-31", False), ("2017-02-28", True)]
    assert [p.filed_on and p.filed_on.isoformat() for p in told] == found
    # On its last day a period is not over; nor is one in which the works were accepted.
    assert len(list(evaluated_periods(began, None, days, 6, date(2017, 2, 28)))) == 1
    accepted = date(2017, 2, 28)
    assert len(list(evaluated_periods(began, accepted, days, 6, date(2018, 1, 1)))) == 1
    assert len(list(evaluated_periods(began, accepted + timedelta(1), days, 6, date(2018, 1, 1)))) == 2


def test_a_draft_anew_keeps_what_it_was_bid_for(handlers: Handlers) -> None:
    h = handlers
    project = h.project(item="W2")
    asked = {"asked_for": {"sum": "1", "money_unit": "wan_yuan"}, "evidence": LETTER}
    body = {"effective_on": "2017-04-05", "origin": "social", "applied_to": "公益创投", **asked}
    done(h.township, f"{project}/funding-applications", body)
    done(h.village, f"{project}/drafts", draft(item="W2", effective_on="2017-04-05"))
    assert [a["applied_to"] for a in h.auditor.get(project).json()["applications"]] == ["公益创投"]
