"""A village of its own for a test, what its offices do, and what is read there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from contracts.roles import Role
from tests.registry.households.example_requests import (
    TOWNSHIP,
    household_body,
    member_body,
    registry_with_villages,
)
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika

TODAY = "2018-06-01"
MINUTES = on_paper("minutes")
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": MINUTES}
DOCUMENT = {"approved": True, "organ": "县扶贫开发领导小组", "document_no": "扶组〔2018〕3号", "signer": "组长"}
_villages = count(301)


@contextmanager
def registry_of_2018(database: Callable[[str], str], folder: Path) -> Iterator[Lika]:
    """The registry on a clock that stands at 9 o'clock of ``TODAY`` in Shanghai: everything is entered late."""
    with registry_with_villages(database, folder) as started:
        step = {"to": f"{TODAY}T09:00:00+08:00"}
        assert (
            started.client_for("operator-1", "", Role.OPERATOR).post("/registry/clock/steps", step).status_code == 201
        )
        yield started


class Village:
    """A village of its own, and the offices above it."""

    def __init__(self, running: Lika) -> None:
        self.code = f"{TOWNSHIP}{next(_villages)}"
        body = {"code": self.code, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
        done(running.client_for("operator-1", "", Role.OPERATOR).post("/registry/divisions", body))
        self.running, self.cadre_account = running, f"cadre-{self.code}"
        self.cadre = running.client_for(self.cadre_account, self.code, Role.CADRE)
        self.township = running.client_for("cadre-t", TOWNSHIP, Role.CADRE)
        self.township_reviewer = running.client_for("reviewer-t", TOWNSHIP, Role.REVIEWER)
        self.county_reviewer = running.client_for("reviewer-c", TOWNSHIP[:6], Role.REVIEWER)
        self.decider = running.client_for("decider-c", TOWNSHIP[:6], Role.DECIDER)

    def household(self, on: str, **more: Any) -> str:
        body = household_body(self.code, **{"effective_on": on, **more})
        return str(done(self.cadre.post("/registry/households", body)).headers["Location"])

    def totals(self, as_of: str, **params: str) -> dict[str, tuple[int, int]]:
        found = self.cadre.get("/registry/totals", as_of=as_of, **params).json()["by_status"]
        return {status: (figures["households"], figures["persons"]) for status, figures in found.items()}

    def split(self, household: str, on: str, *persons: str, **more: Any) -> str:
        body = {"effective_on": on, "person_ids": persons, "head": persons[0], **more}
        return str(done(self.cadre.post(f"{household}/splits", body)).headers["Location"])

    def join(self, household: str, person: str, resident_id: str, on: str, **more: Any) -> Any:
        member = member_body("other", id_number=resident_id)
        body = {"effective_on": on, "person_id": person, "member": member, "reason": "marriage", **more}
        return self.cadre.post(f"{household}/members", body)

    def leave(self, household: str, person: str, on: str) -> None:
        body = {"effective_on": on, "reason": "marriage"}
        done(self.cadre.post(f"{household}/members/{person}/departures", body))

    def open_case(self, who: ApiClient, household: str, procedure: str, on: str, **more: Any) -> str:
        return str(done(self.ask_to_open_case(who, household, procedure, on, **more)).headers["Location"])

    def ask_to_open_case(self, who: ApiClient, household: str, procedure: str, on: str, **more: Any) -> Any:
        body = {"subject": id_of(household), "procedure": procedure, "on": on, "grounds": "情况属实", **more}
        return who.post("/registry/cases", body)

    def enrol(self, household: str, decided_on: str) -> None:
        self._take_in(self.open_case(self.cadre, household, "identification", day(decided_on, -17)), decided_on)

    def take_in_again(self, household: str, decided_on: str) -> None:
        case = self.open_case(self.cadre, household, "return", day(decided_on, -17), cause="illness")
        self._take_in(case, decided_on)

    def _take_in(self, case: str, decided_on: str) -> None:
        begun, reviewed = day(decided_on, -17), day(decided_on, -9)
        step(self.cadre, case, "visits", begun, confirmed=True)
        step(self.cadre, case, "appraisals", begun, **VOTE)
        step(self.cadre, case, "notices", begun)
        step(self.township_reviewer, case, "reviews", reviewed, outcome="passed")
        step(self.township, case, "notices", reviewed)
        step(self.county_reviewer, case, "comparisons", day(decided_on, -1), clean=True, departments=["民政局"])
        step(self.decider, case, "decisions", decided_on, **DOCUMENT)
        step(self.county_reviewer, case, "announcements", decided_on)

    def exit(self, household: str, decided_on: str) -> None:
        step(self.county_reviewer, self.decide_exit(household, decided_on), "announcements", decided_on)

    def decide_exit(self, household: str, decided_on: str) -> str:
        """The case, decided and not yet announced."""
        begun = day(decided_on, -9)
        case = self.open_case(self.cadre, household, "exit", begun)
        step(self.cadre, case, "appraisals", begun, **VOTE)
        step(self.cadre, case, "visits", begun, confirmed=True)
        step(self.cadre, case, "consents", begun, agreed=True)
        step(self.cadre, case, "notices", begun)
        step(self.township_reviewer, case, "reviews", day(decided_on, -1), outcome="passed")
        step(self.decider, case, "decisions", decided_on, **DOCUMENT)
        return case

    def remove(self, household: str, decided_on: str) -> None:
        """Effective from the wrongful entry."""
        begun = day(decided_on, -9)
        case = self.open_case(self.township, household, "look_back_removal", begun)
        step(self.township, case, "visits", begun, confirmed=True)
        step(self.cadre, case, "appraisals", begun, **VOTE)
        step(self.cadre, case, "notices", begun)
        step(self.decider, case, "decisions", decided_on, **DOCUMENT)


def done(answer: Any) -> Any:
    assert answer.status_code == 201, answer.text
    return answer


def day(on: str, off: int) -> str:
    return (date.fromisoformat(on) + timedelta(off)).isoformat()


def step(who: ApiClient, case: str, path: str, on: str, **body: Any) -> None:
    done(who.post(f"{case}/{path}", {"on": on, **body}))


def id_of(location: str) -> str:
    return location.rpartition("/")[2]


def facts_of(who: ApiClient, household: str) -> list[dict[str, Any]]:
    answer = who.get(f"{household}/facts")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def act_of(who: ApiClient, household: str, kind: str) -> str:
    """The latest act that recorded a fact of this type."""
    return str([fact["act"] for fact in facts_of(who, household) if fact["type"] == kind][-1])


def annul(who: ApiClient, household: str, *acts: str, key: str | None = None) -> Any:
    """Annul acts, or restore them where they annulled others."""
    body = {"effective_on": TODAY, "acts": acts, "reason": "录入有误"}
    return who.post(f"{household}/corrections", body, key=key)
