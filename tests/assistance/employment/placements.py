"""Families at work, told over HTTP."""

from typing import Any

import msgspec

from contracts.registry.codes import LabourSkill
from contracts.registry.members import Sex
from tests.assistance.harness import TOWNSHIP, AssistanceHarness, Family

START = "2016-12-05"


PAPERS = [{"kind": "certificate", "held_on_paper": True}]


def family(harness: AssistanceHarness, born: int = 1976) -> Family:
    """Registered, two adults able to work."""
    new = Family.new()
    new.head = msgspec.structs.replace(new.head, birth_year=born, sex=Sex.FEMALE, labour_skill=LabourSkill.ORDINARY)
    new.pupil = msgspec.structs.replace(new.pupil, birth_year=born, sex=Sex.MALE)
    harness.record(new.recorded("2014-01-05"), new.enrolled("2014-06-01"))
    return new


def of(person: Any) -> str:
    return f"/employment/persons/{person.person_id}"


def placement(on: str = "2016-05-09", **otherwise: Any) -> dict[str, Any]:
    return {"effective_on": on, "post_kind": "job", "employer": "县电机厂", **otherwise}


def public(on: str = "2016-05-09", **otherwise: Any) -> dict[str, Any]:
    given = {
        "post_kind": "public_post",
        "employer": "青山村",
        "term_ends": "2018-05-08",
        "proved": ["no_cadre_relative"],
    }
    return placement(on, **{**given, "evidence": PAPERS, **otherwise})


def placed(harness: AssistanceHarness, person: Any, form: dict[str, Any]) -> str:
    """The id of the placement."""
    harness.post(harness.reviewer, f"{of(person)}/placements", form)
    found = harness.get(of(person))["placements"]
    return str(next(p["placement_id"] for p in found if p["since"] == form["effective_on"]))


def trained(harness: AssistanceHarness, one: Family, certified: str) -> str:
    """A trainee of a Yulu course, with a certificate of that day."""
    office = harness.reviewer
    person = {"person_id": str(one.head.person_id)}
    plan = {
        "effective_on": "2016-03-01", "course_kind": "yulu_training", "division": TOWNSHIP, "title": "电工班", "trade": "电工",
        "organiser": "县就业局", "starts_on": "2016-03-05", "ends_on": "2016-03-31", "sessions": 1,
    }  # fmt: skip
    course = harness.post(office, "/training/courses", plan)
    held = {"effective_on": "2016-03-05", "session": 1, "topic": "安全用电", "place": "镇成人学校"}
    harness.post(office, f"{course}/sessions", held)
    harness.post(office, f"{course}/trainees", {"effective_on": "2016-03-05", **person})
    harness.post(office, f"{course}/attendance", {"effective_on": "2016-03-05", "session": 1, **person})
    harness.post(office, f"{course}/exams", {"effective_on": "2016-04-01", "passed": True, **person})
    number = {"certificate_no": f"YL-{one.household}", "skill": "电工"}
    harness.post(office, f"{course}/certificates", {"effective_on": certified, **number, **person})
    return course.rpartition("/")[2]
