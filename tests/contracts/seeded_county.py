"""A county with households and cases in every state, so that a fuzzer's requests get further than "not found".

Everything is entered over HTTP by clients with the right roles; the clock is simulated and stepped from notice to notice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from fastapi.testclient import TestClient

from contracts.roles import Role
from lika.house import build
from services.chassis.ground.settings import Settings
from services.chassis.security.service_keys import ServiceKey
from tests.contracts.seeded_projects import SeededProjects
from tests.support.evidence import on_paper
from tests.support.helper_forms import helper_form
from tests.support.running import LIMITS, ApiClient, Lika, look_rarely
from tests.support.services import services_set
from tests.support.serving import serving

VILLAGE, NEIGHBOUR, ELSEWHERE = "990001101201", "990001101202", "990001102201"
TOWNSHIP, COUNTY = VILLAGE[:9], VILLAGE[:6]
SERVICES = ("registry", "assistance", "monitoring", "audit")
FIRST_DAY, FIRST_NOTICE_OVER, SECOND_NOTICE_OVER, TODAY = "2014-05-10", "2014-05-18", "2014-05-26", "2014-06-10"
MINUTES = on_paper("minutes")
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": MINUTES}
DOCUMENT = {"approved": True, "organ": "县扶贫开发领导小组", "document_no": "扶组〔2014〕3号", "signer": "组长"}
COMPARISON = {"clean": True, "departments": ["民政局", "公安局"]}
SPARE_CASES = 2
"""Cases left waiting at each step, so that a fuzzed request may succeed more than once."""


class SeededCounty:
    """Clients of every role, and objects for requests: each is handed out once, or created when it is needed."""

    def __init__(self, running: Lika, url: str) -> None:
        self.client_for = client_for = running.client_for
        self.url, self.client, self.app = url, running.client, running.app
        self.operator = client_for("operator-1", "", Role.OPERATOR)
        self.auditor = client_for("auditor-1", "", Role.AUDITOR)
        self.village = client_for("cadre-v", VILLAGE, Role.CADRE)
        self.neighbour = client_for("cadre-n", NEIGHBOUR, Role.CADRE)
        self.township = client_for("cadre-t", TOWNSHIP, Role.CADRE)
        self.township_reviewer = client_for("reviewer-t", TOWNSHIP, Role.REVIEWER)
        self.county_reviewer = client_for("reviewer-c", COUNTY, Role.REVIEWER)
        self.decider = client_for("decider-c", COUNTY, Role.DECIDER)
        self.education = client_for("education-c", COUNTY, Role.EDUCATION)
        self.today = FIRST_DAY
        self.waiting: dict[str, list[str]] = {}
        self.registered: list[str] = []
        self.pupils: list[str] = []
        self.applications: dict[str, list[str]] = {}
        self.leaving: list[str] = []
        self.unhelped: list[str] = []
        self._projects: list[SeededProjects] = []
        self._helped_household = ""
        self._numbers = count(1)

    @property
    def clients(self) -> tuple[ApiClient, ...]:
        return (
            self.operator, self.auditor, self.village, self.neighbour, self.township, self.township_reviewer,
            self.county_reviewer, self.decider, self.education,
        )  # fmt: skip

    @property
    def projects(self) -> SeededProjects:
        """Raises ``IndexError`` in a county that has none yet."""
        return self._projects[0]

    def post(self, client: ApiClient, path: str, body: dict[str, Any]) -> str:
        """The location of what was created. Asserts that the request was accepted: a half-built county tests nothing."""
        answer = client.post(path, body)
        assert answer.status_code == 201, f"{path}: {answer.text}"
        return str(answer.headers.get("Location", ""))

    def advance_to(self, day: str) -> None:
        """Step every clock to nine in the morning of that day, once the services have consumed one another's logs."""
        self.wait_for_services()
        for service in SERVICES:
            self.post(self.operator, f"/{service}/clock/steps", {"to": f"{day}T09:00:00+08:00"})
        self.today = day

    def wait_for_services(self) -> None:
        """Wait until every service has consumed what the others have recorded."""
        for path in ("/registry/cases", "/assistance/cases", "/monitoring/targets"):
            assert self.auditor.get(path, limit=1).status_code == 200
        assert self.auditor.get("/audit/stock", as_of=self.today, limit=1).status_code == 200

    def clock(self, service: str) -> datetime:
        return datetime.fromisoformat(self.operator.get(f"/{service}/clock").json()["now"])

    def new_division_code(self) -> str:
        """The code of an undeclared village."""
        return f"990001103{next(self._numbers):03}"

    def declared_division(self) -> str:
        body = {"code": self.new_division_code(), "level": "village", "name": "某村", "effective_on": "2014-01-01"}
        self.post(self.operator, "/registry/divisions", body)
        return str(body["code"])

    def new_school_code(self) -> str:
        """The code of a school that was never declared."""
        return f"2190{next(self._numbers):06}"

    def new_item_code(self) -> str:
        """An item code that no work list has."""
        return f"W{next(self._numbers)}"

    def household(self, **more: Any) -> str:
        """Record a candidate with a head, a spouse and three boarding pupils; its id."""
        members = [member_form("head", 1970), member_form("spouse", 1972)]
        members += [member_form("child", 2003, school_stage="primary", boarder=True) for _ in range(3)]
        body = {"division": VILLAGE, "effective_on": FIRST_DAY, "members": members, **more}
        return self.post(self.village, "/registry/households", body).rpartition("/")[2]

    def move(self) -> str:
        """Propose that a household moves to the neighbouring village; the proposal's id."""
        body = {"effective_on": self.today, "from_division": VILLAGE, "to_division": NEIGHBOUR}
        return self.post(self.village, f"/registry/households/{self.household()}/moves", body).rpartition("/")[2]

    def members(self, household: str) -> list[str]:
        """Person ids: the head, the spouse, the pupils."""
        answer = self.village.get(f"/registry/households/{household}").json()
        return [member["person_id"] for member in answer["members"]]

    def case(self, *steps: str, household: str | None = None, procedure: str = "identification") -> str:
        """Open a case today and take these steps; its id."""
        body = {
            "subject": household or self.household(), "procedure": procedure, "on": self.today, "grounds": "情况属实",
        }  # fmt: skip
        case = self.post(self.village, "/registry/cases", body).rpartition("/")[2]
        for step in steps:
            self.step(case, step)
        return case

    def case_under_notice(self) -> str:
        return self.case("visits", "appraisals", "notices")

    def step(self, case: str, step: str) -> None:
        client, form = self.steps()[step]
        self.post(client, f"/registry/cases/{case}/{step.rpartition(' ')[2]}", {"on": self.today, **form})

    def steps(self) -> dict[str, tuple[ApiClient, dict[str, Any]]]:
        """Per step of a case: the client that takes it, and the form without its day."""
        return {
            "visits": (self.village, {"confirmed": True}),
            "appraisals": (self.village, VOTE),
            "consents": (self.village, {"agreed": True}),
            "notices": (self.village, {}),
            "township notices": (self.township, {}),
            "objections": (self.village, {"text": "收入不实"}),
            "reviews": (self.township_reviewer, {"outcome": "passed"}),
            "comparisons": (self.county_reviewer, COMPARISON),
            "decisions": (self.decider, DOCUMENT),
            "announcements": (self.county_reviewer, {}),
        }

    def next_waiting(self, step: str) -> str:
        """A case left waiting for this step; the last one is handed out repeatedly."""
        cases = self.waiting[step]
        return cases.pop() if len(cases) > 1 else cases[0]

    def next_application(self, step: str) -> str:
        left = self.applications[step]
        return left.pop() if len(left) > 1 else left[0]

    def helped_household(self) -> str:
        """A registered household with a helper; always the same."""
        if not self._helped_household:
            self._helped_household = self.unhelped.pop()
            self.post(self.village, "/assistance/pairs", helper_form(self._helped_household, self.today, "staff-0101"))
        return self._helped_household

    def application(self, *steps: str, pupil: str | None = None) -> str:
        """Apply for aid today and take these steps; the case's id."""
        application = self.post(self.village, "/assistance/cases", self.application_form(pupil or self.pupils.pop()))
        for step in steps:
            self.aid_step(application.rpartition("/")[2], step)
        return application.rpartition("/")[2]

    def application_form(self, pupil: str) -> dict[str, Any]:
        terms = {"other_grants": "500.00"}
        form = {"subject": pupil, "procedure": "education_aid", "terms": terms, "grounds": "家庭困难"}
        return {"on": self.today, **form}

    def aid_step(self, application: str, step: str) -> None:
        client, form = self.aid_steps()[step]
        self.post(client, f"/assistance/cases/{application}/{step}", {"on": self.today, **form})

    def aid_steps(self) -> dict[str, tuple[ApiClient, dict[str, Any]]]:
        return {
            "appraisals": (self.village, VOTE),
            "notices": (self.village, {}),
            "objections": (self.village, {"text": "家境不困难"}),
            "reviews": (self.township_reviewer, {"outcome": "passed"}),
            "decisions": (self.decider, DOCUMENT),
        }

    def declare_divisions(self) -> None:
        """A county, two townships, three villages."""
        levels = {6: "county", 9: "township", 12: "village"}
        for code in (COUNTY, TOWNSHIP, ELSEWHERE[:9], VILLAGE, NEIGHBOUR, ELSEWHERE):
            body = {"code": code, "level": levels[len(code)], "name": "某地", "effective_on": "2014-01-01"}
            self.post(self.operator, "/registry/divisions", body)

    def populate(self) -> None:
        """Create candidates at every step of identification, registered households, and applications for aid."""
        candidates = [self.household() for _ in range(4 * SPARE_CASES + 16)]
        cases = [self.case("visits", "appraisals", "notices", household=candidate) for candidate in candidates]
        self._projects.append(SeededProjects(self))
        self.advance_to(FIRST_NOTICE_OVER)
        self.projects.notices_over()
        cases = self._advance_cases(cases, "reviews")
        for case in cases:
            self.step(case, "township notices")
        self.advance_to(SECOND_NOTICE_OVER)
        for step in ("comparisons", "decisions", "announcements"):
            cases = self._advance_cases(cases, step)
        self.registered = candidates[-len(cases) :]
        self.leaving, self.unhelped = list(self.registered), list(self.registered)
        self.pupils = [pupil for household in self.registered for pupil in self.members(household)[2:]]
        self.wait_for_services()
        applications = [self.application("appraisals", "notices") for _ in range(2 * SPARE_CASES)]
        self.advance_to(TODAY)
        self.applications = {"reviews": applications[:SPARE_CASES], "decisions": applications[SPARE_CASES:]}
        for application in self.applications["decisions"]:
            self.aid_step(application, "reviews")

    def _advance_cases(self, cases: list[str], step: str) -> list[str]:
        """Leave some cases waiting at this step, and take it in the others; those."""
        self.waiting[step], others = cases[:SPARE_CASES], cases[SPARE_CASES:]
        for case in others:
            self.step(case, step)
        return others


def member_form(relation: str, born: int, **more: Any) -> dict[str, Any]:
    return {"name": "王某", "sex": "male", "birth_year": born, "relation": relation, **more}


@contextmanager
def empty_county(database: Callable[[str], str], folder: Path) -> Iterator[SeededCounty]:
    """The four services as `lika up` starts them, behind a real socket, and a county without households."""
    conninfos: dict[str, str] = {}
    peer = ServiceKey.generate("peer")
    house = build(
        Settings(data_dir=folder, database_url=None, limits=LIMITS, services_jwks_file=services_set(folder, [peer])),
        lambda name: conninfos.setdefault(name, database(name)),
        datetime.combine(date.fromisoformat(FIRST_DAY), time(1), UTC),
    )
    look_rarely(house.services)
    with serving(house.app) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert house.operations is not None
        operations = TestClient(house.operations)
        county = SeededCounty(Lika(house.root, client, operations, house.key, peer, house.services), url)
        county.declare_divisions()
        yield county


@contextmanager
def seeded_county(database: Callable[[str], str], folder: Path) -> Iterator[SeededCounty]:
    """The same with households and cases in every state."""
    with empty_county(database, folder) as county:
        county.populate()
        yield county
