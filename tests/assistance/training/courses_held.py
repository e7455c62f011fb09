"""Courses of a county, told from the need to the certificate."""

from typing import Any

import msgspec

from contracts.registry.members import Sex
from tests.assistance.harness import COUNTY, TOWNSHIP, AssistanceHarness, Family

START = "2016-12-05"


HELD = "2016-03-08"


def shares(total: int, parts: int) -> list[int]:
    """What a paper says of all courses together, of each: the last takes the rest."""
    each = total // parts
    return [*[each] * (parts - 1), total - each * (parts - 1)]


def woman(harness: AssistanceHarness) -> dict[str, Any]:
    """The form that names her, in a registered household."""
    one = Family.new()
    one.head = msgspec.structs.replace(one.head, birth_year=1980, sex=Sex.FEMALE)
    harness.record(one.recorded("2014-01-05"), one.enrolled("2014-06-01"))
    return {"effective_on": HELD, "person_id": str(one.head.person_id)}


def certified(harness: AssistanceHarness, of: str, named: dict[str, Any]) -> None:
    """Enrolled, there, examined and certified."""
    office = harness.reviewer
    harness.post(office, f"{of}/trainees", named)
    harness.post(office, f"{of}/attendance", {**named, "session": 1})
    certificate = {**named, "certificate_no": f"ZS-{of[-8:]}", "skill": "冶金"}
    assert harness.refused(office, f"{of}/certificates", certificate) == (409, "training_exam_not_passed")
    harness.post(office, f"{of}/exams", {**named, "passed": True})
    harness.post(office, f"{of}/certificates", certificate)


def course(
    harness: AssistanceHarness, kind: str, trade: str = "综合", sessions: int = 1, organiser: str = "县妇联"
) -> str:
    plan = {
        "effective_on": "2016-03-01", "course_kind": kind, "division": TOWNSHIP, "title": trade, "trade": trade, "organiser": organiser,
        "starts_on": "2016-03-05", "ends_on": "2016-12-01", "sessions": sessions,
    }  # fmt: skip
    return harness.post(harness.reviewer, "/training/courses", plan)


def held(harness: AssistanceHarness, of: str, number: int = 1, heads: int | None = None, topic: str = "课") -> None:
    form = {"effective_on": HELD, "session": number, "topic": topic, "place": "镇成人学校"}
    told = {} if heads is None else {"heads": {"amount": str(heads), "unit": "attendance"}}
    harness.post(harness.reviewer, f"{of}/sessions", {**form, **told})


def completed(harness: AssistanceHarness, of: str, *stated: tuple[str, int, str]) -> None:
    figures = [{"of": what, "quantity": {"amount": str(amount), "unit": unit}} for what, amount, unit in stated]
    harness.post(harness.reviewer, f"{of}/completion", {"effective_on": "2016-04-01", "stated": figures})


def stated(harness: AssistanceHarness, kind: str) -> dict[tuple[str, str], tuple[int, str]]:
    found = harness.get("/training/stated-totals", division=COUNTY)
    return {(t["of"], t["unit"]): (t["courses"], t["amount"]) for t in found if t["course_kind"] == kind}


def counted(harness: AssistanceHarness, kind: str) -> dict[str, Any]:
    return next(t for t in harness.get("/training/totals", division=COUNTY) if t["course_kind"] == kind)


def courses_of(harness: AssistanceHarness, kind: str) -> list[dict[str, Any]]:
    found = harness.get("/training/courses", division=COUNTY, limit=200)["items"]
    return [each for each in found if each["course_kind"] == kind]
