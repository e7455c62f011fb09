"""A county with something in every state: what a fuzzer needs so that its requests get past "not found".

Everything is entered over HTTP by those whose office it is; the clock is simulated and stepped from notice to notice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from contracts.roles import Role
from lika.house import build
from services.chassis.ground.settings import Settings
from tests.support.running import Lika, Person
from tests.support.serving import serving

VILLAGE, NEIGHBOUR, ELSEWHERE = "990001101201", "990001101202", "990001102201"
TOWNSHIP, COUNTY = VILLAGE[:9], VILLAGE[:6]
SERVICES = ("registry", "assistance", "monitoring", "audit")
BEGINS, FIRST_NOTICE_OVER, SECOND_NOTICE_OVER, TODAY = "2014-05-10", "2014-05-18", "2014-05-26", "2014-06-10"
MINUTES = [{"sha256": "0" * 64, "kind": "minutes", "name": "民主评议记录"}]
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": MINUTES}
DOCUMENT = {"approved": True, "organ": "县扶贫开发领导小组", "document_no": "扶组〔2014〕3号", "signer": "组长"}
COMPARED = {"clean": True, "departments": ["民政局", "公安局"]}
SPARE = 2
"""Cases that are left waiting at each step, so that a fuzzed request may succeed more than once."""


class World:
    """The county. Whatever is asked for has not been given away before, or is made on the spot."""

    def __init__(self, running: Lika, url: str) -> None:
        self.who = who = running.who
        self.url, self.client = url, running.client
        self.operator = who("operator", "", Role.OPERATOR)
        self.auditor = who("auditor", "", Role.AUDITOR)
        self.village = who("cadre-v", VILLAGE, Role.CADRE)
        self.neighbour = who("cadre-n", NEIGHBOUR, Role.CADRE)
        self.township = who("cadre-t", TOWNSHIP, Role.CADRE)
        self.township_reviewer = who("reviewer-t", TOWNSHIP, Role.REVIEWER)
        self.county_reviewer = who("reviewer-c", COUNTY, Role.REVIEWER)
        self.decider = who("decider-c", COUNTY, Role.DECIDER)
        self.today = BEGINS
        self.waiting: dict[str, list[str]] = {}
        self.registered: list[str] = []
        self.pupils: list[str] = []
        self.applications: dict[str, list[str]] = {}
        self.leaving: list[str] = []
        self.unhelped: list[str] = []
        self._helped = ""
        self._numbers = count(1)

    @property
    def everybody(self) -> tuple[Person, ...]:
        return (
            self.operator, self.auditor, self.village, self.neighbour, self.township, self.township_reviewer,
            self.county_reviewer, self.decider,
        )  # fmt: skip

    def post(self, who: Person, path: str, body: dict[str, Any]) -> str:
        """Where the result can be read. Fails when the request is refused: a world half built tests nothing."""
        answer = who.post(path, body)
        assert answer.status_code == 201, f"{path}: {answer.text}"
        return str(answer.headers.get("Location", ""))

    def until(self, day: str) -> None:
        """Nine in the morning of that day, in every log; what follows from the day before is read first."""
        self.settle()
        for service in SERVICES:
            self.post(self.operator, f"/{service}/clock/steps", {"to": f"{day}T09:00:00+08:00"})
        self.today = day

    def settle(self) -> None:
        """Every service knows what the others have recorded."""
        for list_of in ("/registry/cases", "/assistance/inbox", "/monitoring/targets"):
            assert self.auditor.get(list_of).status_code == 200
        assert self.auditor.get("/audit/stock", as_of=self.today).status_code == 200

    def clock(self, service: str) -> datetime:
        return datetime.fromisoformat(self.operator.get(f"/{service}/clock").json()["now"])

    def a_division(self) -> str:
        """The code of a village that nobody has declared yet."""
        return f"990001103{next(self._numbers):03}"

    def declared_division(self) -> str:
        body = {"code": self.a_division(), "level": "village", "name": "某村", "effective_on": "2014-01-01"}
        self.post(self.operator, "/registry/divisions", body)
        return str(body["code"])

    def an_item(self) -> str:
        """A code that no work list has yet."""
        return f"W{next(self._numbers)}"

    def household(self, **more: Any) -> str:
        """A candidate's id: a head, a spouse and three boarding pupils."""
        members = [somebody("head", 1970), somebody("spouse", 1972)]
        members += [somebody("child", 2003, school_stage="primary", boarder=True) for _ in range(3)]
        body = {"division": VILLAGE, "effective_on": BEGINS, "members": members, **more}
        return self.post(self.village, "/registry/households", body).rpartition("/")[2]

    def members(self, household: str) -> list[str]:
        """Person ids: the head, the spouse, the pupils."""
        told = self.village.get(f"/registry/households/{household}").json()
        return [member["person_id"] for member in told["members"]]

    def case(self, *steps: str, household: str | None = None, procedure: str = "identification") -> str:
        """A case of today that has taken these steps of the village's own."""
        body = {
            "household_id": household or self.household(), "procedure": procedure, "on": self.today, "grounds": "情况属实",
        }  # fmt: skip
        case = self.post(self.village, "/registry/cases", body).rpartition("/")[2]
        for step in steps:
            self.step(case, step)
        return case

    def noticed(self) -> str:
        return self.case("visits", "appraisals", "notices")

    def step(self, case: str, step: str) -> None:
        who, form = self.steps()[step]
        self.post(who, f"/registry/cases/{case}/{step.rpartition(' ')[2]}", {"on": self.today, **form})

    def steps(self) -> dict[str, tuple[Person, dict[str, Any]]]:
        """Who takes a step of a case, and what they say of it besides the day."""
        return {
            "visits": (self.village, {"confirmed": True}),
            "appraisals": (self.village, VOTE),
            "consents": (self.village, {"agreed": True}),
            "notices": (self.village, {}),
            "township notices": (self.township, {}),
            "objections": (self.village, {"text": "收入不实"}),
            "reviews": (self.township_reviewer, {"outcome": "passed"}),
            "comparisons": (self.county_reviewer, COMPARED),
            "decisions": (self.decider, DOCUMENT),
            "announcements": (self.county_reviewer, {}),
        }

    def next_waiting(self, step: str) -> str:
        """A case left waiting for this step; the last one is given again and again."""
        cases = self.waiting[step]
        return cases.pop() if len(cases) > 1 else cases[0]

    def next_application(self, step: str) -> str:
        left = self.applications[step]
        return left.pop() if len(left) > 1 else left[0]

    def helped(self) -> str:
        """A registered household with a helper, always the same."""
        if not self._helped:
            self._helped = self.unhelped.pop()
            body = {
                "household_id": self._helped,
                "effective_on": self.today,
                "helper": "staff-0101",
                "unit": "县农业局",
            }
            self.post(self.village, "/assistance/pairings", body)
        return self._helped

    def application(self, *steps: str, pupil: str | None = None) -> str:
        """An application for aid, ``person/number``, that has taken these steps today."""
        body = {"person_id": pupil or self.pupils.pop(), "effective_on": self.today}
        where = self.post(self.village, "/assistance/aid/applications", body)
        for step in steps:
            self.aid_step(where.removeprefix("/assistance/aid/applications/"), step)
        return where.removeprefix("/assistance/aid/applications/")

    def aid_step(self, application: str, step: str) -> None:
        who, form = self.aid_steps()[step]
        self.post(who, f"/assistance/aid/applications/{application}/{step}", {"effective_on": self.today, **form})

    def aid_steps(self) -> dict[str, tuple[Person, dict[str, Any]]]:
        return {
            "appraisals": (self.village, {"entitled": 20, "present": 15, "in_favour": 14, "abstained": 1}),
            "notices": (self.village, {}),
            "objections": (self.village, {}),
            "reviews": (self.township_reviewer, {"passed": True}),
            "decisions": (self.decider, DOCUMENT),
        }

    def declare_divisions(self) -> None:
        """A county, two townships, three villages."""
        levels = {6: "county", 9: "township", 12: "village"}
        for code in (COUNTY, TOWNSHIP, ELSEWHERE[:9], VILLAGE, NEIGHBOUR, ELSEWHERE):
            body = {"code": code, "level": levels[len(code)], "name": "某地", "effective_on": "2014-01-01"}
            self.post(self.operator, "/registry/divisions", body)

    def populate(self) -> None:
        """Candidates at every step of their identification, registered households, applications for aid."""
        candidates = [self.household() for _ in range(4 * SPARE + 8)]
        cases = [self.case("visits", "appraisals", "notices", household=one) for one in candidates]
        self.until(FIRST_NOTICE_OVER)
        cases = self._go_on(cases, "reviews")
        for case in cases:
            self.step(case, "township notices")
        self.until(SECOND_NOTICE_OVER)
        for step in ("comparisons", "decisions", "announcements"):
            cases = self._go_on(cases, step)
        self.registered = candidates[-len(cases) :]
        self.leaving, self.unhelped = list(self.registered), list(self.registered)
        self.pupils = [pupil for one in self.registered for pupil in self.members(one)[2:]]
        self.settle()
        applications = [self.application("appraisals", "notices") for _ in range(2 * SPARE)]
        self.until(TODAY)
        self.applications = {"reviews": applications[:SPARE], "decisions": applications[SPARE:]}
        for application in self.applications["decisions"]:
            self.aid_step(application, "reviews")

    def _go_on(self, cases: list[str], step: str) -> list[str]:
        """Leave a few cases waiting at this step; the others take it."""
        self.waiting[step], others = cases[:SPARE], cases[SPARE:]
        for case in others:
            self.step(case, step)
        return others


def somebody(relation: str, born: int, **more: Any) -> dict[str, Any]:
    return {"name": "王某", "sex": "male", "birth_year": born, "relation": relation, **more}


@contextmanager
def started(database: Callable[[str], str], folder: Path) -> Iterator[World]:
    """The four services as `lika up` starts them, behind a real socket, and a county in which nobody lives yet."""
    conninfos: dict[str, str] = {}
    house = build(
        Settings(data_dir=folder, database_url=None),
        lambda name: conninfos.setdefault(name, database(name)),
        datetime.combine(date.fromisoformat(BEGINS), time(1), UTC),
    )
    with serving(house.app) as url, httpx.Client(base_url=url, timeout=60) as client:
        made = World(Lika(client, house.key, house.services), url)
        made.declare_divisions()
        yield made


@contextmanager
def world(database: Callable[[str], str], folder: Path) -> Iterator[World]:
    """The same with something in every state."""
    with started(database, folder) as made:
        made.populate()
        yield made
