"""Identification and exit of a household, over HTTP, on a simulated clock (M001, M002, M005)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.roles import Role
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.service import registry
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, lika

VILLAGE = "990001101201"
TOWNSHIP, COUNTY = VILLAGE[:9], VILLAGE[:6]
MINUTES = on_paper("minutes")
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": MINUTES}
DOCUMENT = {"approved": True, "organ": "县扶贫开发领导小组", "document_no": "扶组〔2014〕3号", "signer": "组长"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("lika")
    with lika([registry], module_database, folder, datetime(2014, 5, 1, tzinfo=UTC)) as started:
        operator = started.client_for("op-1", "", Role.OPERATOR)
        village = {"code": VILLAGE, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
        assert operator.post("/registry/divisions", village).status_code == 201
        yield started


class Clients:
    def __init__(self, running: Lika) -> None:
        self.operator = running.client_for("op-1", "", Role.OPERATOR)
        self.village = running.client_for("cadre-v", VILLAGE, Role.CADRE)
        self.township = running.client_for("cadre-t", TOWNSHIP, Role.CADRE)
        self.township_reviewer = running.client_for("reviewer-t", TOWNSHIP, Role.REVIEWER)
        self.county = running.client_for("reviewer-c", COUNTY, Role.REVIEWER)
        self.decider = running.client_for("decider-c", COUNTY, Role.DECIDER)

    def advance_to(self, day: str) -> None:
        answer = self.operator.post("/registry/clock/steps", {"to": f"{day}T09:00:00+08:00"})
        assert answer.status_code == 201, answer.text

    def household(self, name: str) -> str:
        head = {"name": name, "sex": "male", "birth_year": 1970, "relation": "head"}
        body = {"division": VILLAGE, "effective_on": "2014-05-01", "members": [head]}
        return str(accepted(self.village.post("/registry/households", body)).headers["Location"])

    def open(self, household: str, procedure: str, on: str, **more: Any) -> str:
        body = {
            "subject": household.rpartition("/")[2],
            "procedure": procedure,
            "on": on,
            "grounds": "情况属实",
            **more,
        }
        return str(accepted(self.village.post("/registry/cases", body)).headers["Location"])


def accepted(answer: Any) -> Any:
    assert answer.status_code == 201, answer.text
    return answer


def shipped(key: str) -> str:
    """Id of the edition of a procedure that this release ships."""
    states = FIRST_TEXTS.register("registry").as_known().states.values()
    return next(state.edition.id for state in states if state.edition.fact.key == key)


def step(client: ApiClient, case: str, path: str, on: str, **body: Any) -> None:
    accepted(client.post(f"{case}/{path}", {"on": on, **body}))


def test_identified_in_2014_and_exited_only_after_an_objection_free_notice(running: Lika) -> None:
    clients = Clients(running)
    clients.advance_to("2014-05-10")
    household = clients.household("王某")
    case = clients.open(household, "identification", "2014-05-10")
    step(clients.village, case, "visits", "2014-05-10", confirmed=True)
    step(clients.village, case, "appraisals", "2014-05-10", **VOTE)
    step(clients.village, case, "notices", "2014-05-10")
    early = clients.township_reviewer.post(f"{case}/reviews", {"on": "2014-05-10", "outcome": "passed"})
    assert (early.status_code, early.json()["source"]) != (201, "")
    assert clients.village.get(case).json()["notice_ends"] == "2014-05-18"
    clients.advance_to("2014-05-18")
    assert clients.village.get(case).json()["due"] == "township_review"
    wrong_office = clients.village.post(f"{case}/reviews", {"on": "2014-05-18", "outcome": "passed"})
    assert (wrong_office.status_code, wrong_office.json()["code"]) == (403, "office_not_allowed")
    step(clients.township_reviewer, case, "reviews", "2014-05-18", outcome="passed")
    step(clients.township, case, "notices", "2014-05-18")
    clients.advance_to("2014-05-26")
    step(clients.county, case, "comparisons", "2014-05-26", clean=True, departments=["民政局", "公安局"])
    step(clients.decider, case, "decisions", "2014-05-26", **DOCUMENT)
    assert clients.village.get(household).json()["status"] == "candidate"
    step(clients.county, case, "announcements", "2014-05-26")
    assert clients.village.get(household).json()["status"] == "registered"
    assert clients.village.get(household, as_of="2014-05-25").json()["status"] == "candidate"
    assert clients.village.get(case).json()["outcome"] == "completed"
    facts = running.services["registry"].store.stream(f"household-{household.rpartition('/')[2]}")
    enrolled = facts[-1].fact
    assert enrolled.decision is not None
    assert enrolled.decision.document_no == "扶组〔2014〕3号"
    assert (enrolled.caused_by or "").startswith(f"registry/case-{case.rpartition('/')[2]}/")
    assert enrolled.decided_from is not None
    assert enrolled.decided_from.documents == (shipped("identification"),)

    leaving = clients.open(household, "exit", "2014-05-26")
    second = clients.village.post(
        "/registry/cases",
        {"subject": household.rpartition("/")[2], "procedure": "exit", "on": "2014-05-26", "grounds": "重复"},
    )
    assert (second.status_code, second.json()["code"]) == (409, "other_case_open")
    step(clients.village, leaving, "appraisals", "2014-05-26", **VOTE)
    step(clients.village, leaving, "visits", "2014-05-26", confirmed=True)
    step(clients.village, leaving, "consents", "2014-05-26", agreed=True)
    step(clients.village, leaving, "notices", "2014-05-26")
    assert clients.village.get(leaving).json()["notice_ends"] == "2014-06-03"
    step(clients.village, leaving, "objections", "2014-05-26", text="收入不实")
    clients.advance_to("2014-06-10")
    assert clients.village.get(leaving).json()["due"] == "village_notice"
    step(clients.township, leaving, "objections/1/resolutions", "2014-06-10", upheld=True, finding="属实")
    assert clients.village.get(leaving).json()["outcome"] == "rejected"
    assert clients.village.get(household).json()["status"] == "registered"

    again = clients.open(household, "exit", "2014-06-10")
    assert [taken["key"] for taken in clients.village.get(f"{again}/steps").json()["steps"]] == [
        "appraisal", "check", "consent", "village_notice", "township_review", "decision", "announcement",
    ]  # fmt: skip
    step(clients.village, again, "appraisals", "2014-06-10", **VOTE)
    step(clients.village, again, "visits", "2014-06-10", confirmed=True)
    step(clients.village, again, "consents", "2014-06-10", agreed=True)
    step(clients.village, again, "notices", "2014-06-10")
    clients.advance_to("2014-06-18")
    step(clients.township_reviewer, again, "reviews", "2014-06-18", outcome="passed")
    step(clients.decider, again, "decisions", "2014-06-18", **DOCUMENT)
    assert clients.village.get(household).json()["status"] == "registered"
    step(clients.county, again, "announcements", "2014-06-18")
    assert clients.village.get(household).json()["status"] == "exited"
