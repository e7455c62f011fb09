"""The forms of a course in the spring of 2016."""

from typing import Any

from tests.assistance.harness import TOWNSHIP

PLANNED = "2016-03-01"


def plan(**otherwise: Any) -> dict[str, Any]:
    form = {
        "effective_on": PLANNED, "course_kind": "poor_target_skill", "division": TOWNSHIP, "title": "电工班", "trade": "电工",
        "organiser": "县就业局", "starts_on": "2016-03-05", "ends_on": "2016-04-30", "sessions": 5,
    }  # fmt: skip
    return {**form, **otherwise}


def session(number: int, on: str, **more: Any) -> dict[str, Any]:
    return {"effective_on": on, "session": number, "topic": "安全用电", "place": "镇成人学校", **more}
