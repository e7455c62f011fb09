"""A village road, as those who handle it enter it over HTTP: the clock is stepped to the day of each act."""

from collections.abc import Mapping
from typing import Any

from contracts.roles import Role
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika

VILLAGE, TOWNSHIP, COUNTY = "990001101201", "990001101", "990001"
PROJECTS, CASES = "/monitoring/projects", "/monitoring/cases"
DOCUMENT = {"organ": "县扶贫开发领导小组", "document_no": "扶组〔2016〕3号", "signer": "组长"}
VOTE = {"entitled": 60, "present": 50, "in_favour": 48, "against": 2, "abstained": 0, "evidence": on_paper("minutes")}
PHOTO, REPORT = on_paper("photo"), on_paper("evaluation_report")
DRAFTED = "2016-01-10"


def draft(**changed: Any) -> dict[str, Any]:
    """3 km of village road at 300,000 yuan a km, without a gap."""
    component = {
        "component": 1, "content": "村道硬化", "quantity": {"amount": "3", "unit": "km"}, "place": "青龙咀村",
        "deadline": "2016-10-31", "owners": [{"label": "副镇长"}], "cost": {"sum": "90", "money_unit": "wan_yuan"},
    }  # fmt: skip
    return {
        "effective_on": DRAFTED, "division": VILLAGE, "project_kind": "roads", "title": "青龙咀村道路", "plan": "2016年具体工作安排",
        "item": "W1", "components": [component], "total": {"sum": "90", "money_unit": "wan_yuan"}, **changed,
    }  # fmt: skip


def charter(on: str, **changed: Any) -> dict[str, Any]:
    return {
        "effective_on": on, "owner": "副镇长", "leader": "镇长", "goal": "通村道路硬化", "starts_on": on,
        "budget": [
            {"source": "中央财政专项", "level": "county", "brought": {"sum": "60", "money_unit": "wan_yuan"}},
            {"source": "县级配套", "level": "county", "brought": {"sum": "30", "money_unit": "wan_yuan"}},
        ],
        "decision": {**DOCUMENT, "decided_on": on}, **changed,
    }  # fmt: skip


class Handlers:
    """Those who handle a project, and the clock."""

    def __init__(self, running: Lika) -> None:
        self._running = running
        self.village = running.client_for("cadre-v", VILLAGE, Role.CADRE)
        self.township = running.client_for("cadre-t", TOWNSHIP, Role.CADRE)
        self.township_reviewer = running.client_for("reviewer-t", TOWNSHIP, Role.REVIEWER)
        self.county_reviewer = running.client_for("reviewer-c", COUNTY, Role.REVIEWER)
        self.supervisor = running.client_for("supervisor-c", COUNTY, Role.REVIEWER)
        self.decider = running.client_for("decider-c", COUNTY, Role.DECIDER)
        self.auditor = running.client_for("auditor-1", COUNTY, Role.AUDITOR)

    def advance(self, day: str) -> None:
        answer = self._step_clock(day)
        assert answer.status_code == 201, answer.text

    def reach(self, day: str) -> None:
        """Where no test before did."""
        answer = self._step_clock(day)
        assert answer.status_code == 201 or answer.json()["code"] == "clock_goes_forward", answer.text

    def _step_clock(self, day: str) -> Any:
        operator = self._running.client_for("op", "", Role.OPERATOR)
        return operator.post("/monitoring/clock/steps", {"to": f"{day}T09:00:00+08:00"})

    def project(self, **changed: Any) -> str:
        return done(self.village, PROJECTS, draft(**changed))

    def step(self, project: str, who: ApiClient, act: str, on: str, **form: Any) -> str:
        return done(who, f"{project}/{act}", {"effective_on": on, **form})

    def open(self, project: str, procedure: str, on: str, who: ApiClient) -> str:
        subject = project.rpartition("/")[2]
        form = {"subject": subject, "procedure": procedure, "on": on, "grounds": "村民会议提出"}
        return done(who, CASES, form)

    def into_the_library(self, project: str, on: str, first_over: str, second_over: str) -> str:
        """Voted on, posted twice, argued for and decided; the case. The days are the first ones after each notice."""
        case = self.open(project, "village_library", on, self.village)
        done(self.village, f"{case}/appraisals", {"on": on, **VOTE})
        done(self.village, f"{case}/notices", {"on": on})
        self.advance(first_over)
        done(self.township_reviewer, f"{case}/reviews", {"on": first_over, "outcome": "passed"})
        done(self.township, f"{case}/notices", {"on": first_over})
        self.advance(second_over)
        argued = {"on": second_over, "favourable": True, "evidence": on_paper("argument_report")}
        done(self.county_reviewer, f"{case}/opinions", argued)
        return case

    def decide(self, case: str, on: str) -> dict[str, Any]:
        """What the county's decision is answered with."""
        answer = self.decider.post(f"{case}/decisions", {"on": on, "approved": True, **DOCUMENT})
        return {"status": answer.status_code, **answer.json()}

    def chartered(self) -> str:
        """A road with a charter on 1 March 2016."""
        project = self.project()
        case = self.into_the_library(project, "2016-01-12", "2016-01-20", "2016-01-28")
        assert self.decide(case, "2016-01-28")["status"] == 201
        decision = {**DOCUMENT, "decided_on": "2016-02-05"}
        self.advance("2016-03-01")
        self.step(project, self.decider, "plans", "2016-02-05", year=2016, decision=decision)
        self.step(project, self.township, "baselines", "2016-01-11", evidence=REPORT)
        done(self.decider, f"{project}/charters", charter("2016-03-01"))
        return project


def done(who: ApiClient, path: str, form: Mapping[str, Any]) -> str:
    answer = who.post(path, form)
    assert answer.status_code == 201, (path, answer.text)
    return str(answer.headers["Location"])


def refused(who: ApiClient, path: str, form: Mapping[str, Any]) -> str:
    answer = who.post(path, form)
    assert answer.status_code == 409, (path, answer.text)
    return str(answer.json()["code"])
