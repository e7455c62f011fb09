"""Projects of a seeded county at every stage that a request may be about: what their notices wait for is entered day by day."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tests.support.evidence import on_paper
from tests.support.running import ApiClient

PROJECTS, CASES = "/monitoring/projects", "/monitoring/cases"
DECIDED = {"organ": "县扶贫开发领导小组", "document_no": "扶组〔2014〕3号", "signer": "组长"}
REPORT = on_paper("evaluation_report")
LISTED, WAITING = 14, 2
KIND = "school_works"


class Entering(Protocol):
    """The part of a county that is asked here."""

    today: str
    village: ApiClient
    township: ApiClient
    township_reviewer: ApiClient
    county_reviewer: ApiClient
    decider: ApiClient

    def post(self, client: ApiClient, path: str, body: dict[str, Any]) -> str: ...
    def new_item_code(self) -> str: ...


def draft_form(county: Entering, kind: str = KIND) -> dict[str, Any]:
    component = {
        "component": 1, "content": "校舍维修", "quantity": {"amount": "1", "unit": "building"}, "each": {"amount": "30", "unit": "m2"},
        "place": f"某校{county.new_item_code()}", "deadline": "2014-12-31", "owners": [{"label": "副镇长"}],
        "cost": {"sum": "9", "money_unit": "wan_yuan"},
    }  # fmt: skip
    return {
        "effective_on": county.today, "division": "990001101201", "project_kind": kind, "title": "某村项目", "plan": "2014年计划",
        "item": county.new_item_code(), "components": [component],
    }  # fmt: skip


def drafted(county: Entering, kind: str = KIND) -> str:
    """Its id."""
    return county.post(county.village, PROJECTS, draft_form(county, kind)).rpartition("/")[2]


def opened(county: Entering, project: str, procedure: str) -> str:
    """The case's location."""
    who = county.village if procedure == "village_library" else county.township
    form = {"subject": project, "procedure": procedure, "on": county.today, "grounds": "项目申报"}
    return county.post(who, CASES, form)


class SeededProjects:
    """``listed``: in the library. ``waiting``: step → cases that wait for it."""

    def __init__(self, county: Entering) -> None:
        """Drafts are posted: what becomes of them is entered once their notices are over."""
        self._county = county
        self.listed: list[str] = []
        self.waiting: dict[str, list[str]] = {}
        self._posted = [self._post_notice(drafted(county)) for _ in range(LISTED + 2 * WAITING)]
        self._voted = [self._post_vote(drafted(county, "roads")) for _ in range(WAITING)]
        self._chartered: list[str] = []
        self._made: dict[str, str] = {}

    def notices_over(self) -> None:
        c = self._county
        self.waiting["reviews"] = [case for case, _ in self._voted]
        self.waiting["opinions"] = [case for case, _ in self._posted[:WAITING]]
        argued = {"on": c.today, "favourable": True, "evidence": on_paper("argument_report")}
        for case, _ in self._posted[WAITING:]:
            c.post(c.county_reviewer, f"{case}/opinions", argued)
        self.waiting["decisions"] = [case for case, _ in self._posted[WAITING : 2 * WAITING]]
        for case, project in self._posted[2 * WAITING :]:
            self.decide(case)
            self.listed.append(project)

    def decide(self, case: str) -> None:
        c = self._county
        c.post(c.decider, f"{case}/decisions", {"on": c.today, "approved": True, **DECIDED})

    def next_waiting(self, step: str) -> str:
        """A case that waits for this step; the last one is handed out repeatedly."""
        cases = self.waiting[step]
        return (cases.pop() if len(cases) > 1 else cases[0]).rpartition("/")[2]

    def next_listed(self) -> str:
        return self.listed.pop() if len(self.listed) > 1 else self.listed[0]

    def made(self, what: str, make: Callable[[], str]) -> str:
        """Of a project that is made so, as long as there are any to make it of; then the last one again."""
        if len(self.listed) > 1 or what not in self._made:
            self._made[what] = make()
        return self._made[what]

    def planned(self) -> str:
        """In the year's plan, its needs surveyed."""
        project = self.next_listed()
        decision = {**DECIDED, "decided_on": self._county.today}
        self.act("decider", project, "plans", year=2014, decision=decision)
        self.act("township", project, "baselines", evidence=REPORT)
        return project

    def chartered(self) -> str:
        project = self.planned()
        self.act("decider", project, "charters", **self.charter())
        return project

    def at_work(self) -> str:
        """A chartered project, always the same."""
        if not self._chartered:
            self._chartered.append(self.chartered())
        return self._chartered[0]

    def with_issue(self) -> str:
        """With an open issue, number 1."""
        project = self.at_work()
        self.act("township_reviewer", project, "issues", content="墙体开裂", due_on="2014-07-31")
        return project

    def complete(self) -> str:
        """Chartered, done and inspected."""
        project = self.chartered()
        self.act("township", project, "progress", component=1, amount="1", unit="building")
        passed = {"hidden": False, "passed": True, "evidence": on_paper("photo")}
        self.act("township_reviewer", project, "inspections", **passed)
        return project

    def acceptance(self, *steps: str) -> str:
        """A case about the acceptance of a complete project, with these steps taken; its location."""
        case = opened(self._county, self.complete(), "works_acceptance")
        for step in steps:
            self.acceptance_step(case, step)
        return case

    def acceptance_step(self, case: str, step: str) -> None:
        c = self._county
        sheet = {"on": c.today, "passed": True, "evidence": on_paper("acceptance")}
        c.post(c.county_reviewer, f"{case}/{step}", sheet)

    def act(self, client: str, project: str, act: str, **form: Any) -> None:
        c = self._county
        c.post(getattr(c, client), f"{PROJECTS}/{project}/{act}", {"effective_on": c.today, **form})

    def charter(self) -> Mapping[str, Any]:
        budget = [{"source": "县级财政", "level": "county", "brought": {"sum": "9", "money_unit": "wan_yuan"}}]
        decision = {**DECIDED, "decided_on": self._county.today}
        return {
            "owner": "副镇长", "leader": "镇长", "goal": "校舍安全", "starts_on": self._county.today, "budget": budget,
            "decision": decision,
        }  # fmt: skip

    def _post_notice(self, project: str) -> tuple[str, str]:
        c = self._county
        case = opened(c, project, "department_library")
        c.post(c.township, f"{case}/notices", {"on": c.today})
        return case, project

    def _post_vote(self, project: str) -> tuple[str, str]:
        c = self._county
        case = opened(c, project, "village_library")
        vote = {
            "entitled": 30,
            "present": 25,
            "in_favour": 24,
            "against": 1,
            "abstained": 0,
            "evidence": on_paper("minutes"),
        }
        c.post(c.village, f"{case}/appraisals", {"on": c.today, **vote})
        c.post(c.village, f"{case}/notices", {"on": c.today})
        return case, project
