"""A village with a family, the county's department of education, and schools of their own, for tests."""

from itertools import count
from typing import Any

from contracts.roles import Role
from tests.registry.households.example_requests import TOWNSHIP, VILLAGE, member_body, member_ids
from tests.registry.households.example_villages import Village, done
from tests.support.running import ApiClient, Lika

COUNTY = TOWNSHIP[:6]
PAPER = {"organ": "县教育局", "decided_on": "2017-06-20", "document_no": "教〔2017〕7号", "signer": "局长"}
_codes = count(2199000101)
HEAD, PUPIL, YOUNGER = range(3)


def education_of(running: Lika, area: str = COUNTY) -> ApiClient:
    return running.client_for("education-1", area, Role.EDUCATION)


def school(education: ApiClient, name: str = "样例乡中心小学", on: str = "2014-09-01", *stages: str) -> str:
    code = str(next(_codes))
    body = {
        "school_code": code, "name": name, "division": VILLAGE, "stages": stages or ["primary"], "effective_on": on,
    }  # fmt: skip
    done(education.post("/registry/schools", body))
    return code


class Family:
    """A head, a pupil born in 2008 of whom the household says that they board at a primary school, and one born in 2013."""

    def __init__(self, running: Lika, on: str = "2014-09-01") -> None:
        self.running, self.village, self.education = running, Village(running), education_of(running)
        members = [
            member_body("head", 1975),
            member_body("child", 2008, school_stage="primary", boarder=True),
            member_body("child", 2013),
        ]
        self.household = self.village.household(on, members=members)
        self.persons = member_ids(self.village.cadre, self.household)

    def at(self, person: int, path: str = "") -> str:
        return f"{self.household}/members/{self.persons[person]}/enrolments{path}"

    def ask(self, on: str, at: str, person: int = PUPIL, by: ApiClient | None = None, **more: Any) -> Any:
        body = {"effective_on": on, "school_code": at, "stage": "primary", **more}
        return (by or self.education).post(self.at(person), body)

    def enrol(self, on: str, at: str, person: int = PUPIL, **more: Any) -> str:
        """The id of the enrolment that runs since."""
        done(self.ask(on, at, person, **more))
        return str(self.read(on, person)["enrolment_id"])

    def say(self, enrolment: str, what: str, on: str, person: int = PUPIL, **more: Any) -> Any:
        return self.education.post(self.at(person, f"/{enrolment}/{what}"), {"effective_on": on, **more})

    def read(self, on: str, person: int = PUPIL, **params: str) -> Any:
        return self.village.cadre.get(self.at(person), as_of=on, **params).json()["schooling"]

    def member(self, on: str, person: int = PUPIL, **params: str) -> Any:
        found = self.village.cadre.get(self.household, as_of=on, **params).json()["members"]
        return next(m for m in found if m["person_id"] == self.persons[person])

    def acts(self, kind: str, person: int = PUPIL) -> list[str]:
        facts = self.village.cadre.get(self.at(person)).json()["facts"]
        return [f["act"] for f in facts if f["type"] == kind]

    def annul(self, *acts: str, person: int = PUPIL) -> Any:
        path = f"{self.household}/members/{self.persons[person]}/enrolment-annulments"
        return self.education.post(path, {"effective_on": "2018-06-01", "acts": acts})
