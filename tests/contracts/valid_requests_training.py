"""A valid request for every operation on training."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from typing import Any

from contracts.roles import Role
from services.chassis.law.content import canonical_text
from tests.assistance.training.rosters import roster_file
from tests.contracts.seeded_county import COUNTY, SeededCounty
from tests.contracts.valid_requests import OCTETS, MakeRequest, ValidRequest, reading, reading_at

NUMBERS = count(1)
COURSES = "/assistance/training/courses"


def _kind(county: SeededCounty) -> str:
    """A kind of the county in which everything may happen."""
    key = f"everything_{next(NUMBERS)}"
    text = {
        "course_kind": key, "edition": "1", "zh": "试验培训", "en": "course for trials", "jurisdiction": COUNTY, "source": "试验",
        "in_force": {"from": date(2010, 1, 1), "to": None}, "exam": True, "certificate": True,
    }  # fmt: skip
    other = county.client_for("operator-2", "", Role.OPERATOR)
    number = county.post(other, "/assistance/documents", {"content": canonical_text(text)}).rpartition("/")[2]
    assert county.operator.post(f"/assistance/documents/{number}/confirmations").status_code == 201
    return key


def _plan(county: SeededCounty) -> dict[str, Any]:
    return {
        "effective_on": county.today, "course_kind": _kind(county), "division": COUNTY, "title": "电工班", "trade": "电工",
        "organiser": "县就业局", "starts_on": county.today, "ends_on": county.today, "sessions": 3,
    }  # fmt: skip


def _planned(county: SeededCounty) -> str:
    return county.post(county.decider, COURSES, _plan(county)).rpartition("/")[2]


def _session(county: SeededCounty) -> dict[str, Any]:
    return {"effective_on": county.today, "session": 1, "topic": "安全用电", "place": "镇成人学校"}


def _held(county: SeededCounty) -> str:
    course = _planned(county)
    county.post(county.decider, f"{COURSES}/{course}/sessions", _session(county))
    return course


def _of_person(county: SeededCounty, **more: Any) -> dict[str, Any]:
    return {"effective_on": county.today, "person_id": county.pupils[0], **more}


def _enrolled(county: SeededCounty) -> str:
    course = _held(county)
    county.post(county.decider, f"{COURSES}/{course}/trainees", _of_person(county))
    return course


def _passed(county: SeededCounty) -> str:
    course = _enrolled(county)
    county.post(county.decider, f"{COURSES}/{course}/exams", _of_person(county, passed=True))
    return course


def _completed(county: SeededCounty) -> str:
    course = _held(county)
    county.post(county.decider, f"{COURSES}/{course}/completion", {"effective_on": county.today})
    return course


def _at(course: Callable[[SeededCounty], str], form: Callable[[SeededCounty], dict[str, Any]]) -> MakeRequest:
    return lambda county: ValidRequest(county.decider, {"course_id": course(county)}, form(county))


def _annulment(county: SeededCounty) -> ValidRequest:
    course = _held(county)
    form = {"effective_on": county.today, "facts": [f"assistance/course-{course}/2"], "reason": "录入有误"}
    return ValidRequest(county.decider, {"course_id": course}, form)


def _roster(county: SeededCounty) -> ValidRequest:
    file = roster_file([[county.pupils[0], county.today, None]])
    return ValidRequest(county.decider, {"course_id": _held(county)}, file, media_type=OCTETS)


TRAINING: Mapping[str, MakeRequest] = {
    "survey_training_need": lambda county: ValidRequest(
        county.township, body=_of_person(county, course_kind="order_training", trade="电工")
    ),
    "plan_course": lambda county: ValidRequest(county.decider, body=_plan(county)),
    "hold_course_session": _at(_planned, _session),
    "complete_course": _at(
        _held,
        lambda county: {
            "effective_on": county.today,
            "stated": [{"of": "trained", "quantity": {"amount": "3", "unit": "person"}}],
        },
    ),
    "evaluate_course": _at(
        _completed,
        lambda county: {"effective_on": county.today, "evaluator": "县扶贫办", "met": True, "findings": "达标"},
    ),
    "cancel_course": _at(_planned, lambda county: {"effective_on": county.today, "reason": "人数不足"}),
    "annul_course_entries": _annulment,
    "enrol_trainee": _at(_held, _of_person),
    "attend_session": _at(_enrolled, lambda county: _of_person(county, session=1)),
    "examine_trainee": _at(_enrolled, lambda county: _of_person(county, passed=True)),
    "certify_trainee": _at(
        _passed, lambda county: _of_person(county, certificate_no=f"DG-{next(NUMBERS)}", skill="电工")
    ),
    "leave_course": _at(_enrolled, lambda county: _of_person(county, reason="found_work")),
    "import_course_roster": _roster,
    "list_courses": reading(division=COUNTY),
    "read_course": reading_at("decider", course_id=_enrolled),
    "read_training_totals": reading(division=COUNTY),
    "read_stated_training_totals": reading(division=COUNTY),
    "list_household_skills": reading(division=COUNTY),
}
