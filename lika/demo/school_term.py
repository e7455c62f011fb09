"""A school term: forty class teachers, each with a pupil of a poor household, talk with them once a month for five months. Of two
hundred talks one has no topic and so is none; one teacher leaves in April and hands over; a bureau is moved from one village to
another in May, and what it gave stays told.

Synthetic: the sources say what is owed, not who did it (M086, R44, R45, R46).
"""

import asyncio
from datetime import date
from typing import Any

from lika.demo.client import OfficialsClient
from lika.demo.divisions import TOWNSHIP, village
from lika.demo.officials import AUDITOR, TOWNSHIP_CADRE
from lika.demo.session import SampleSession

TEACHERS = 40
BEGINS, ENDS, ASSESSED_ON = date(2015, 3, 2), date(2015, 7, 16), date(2015, 8, 31)
TALKS = (date(2015, 3, 2), date(2015, 4, 20), date(2015, 5, 20), date(2015, 6, 18), date(2015, 7, 10))
"""When the talks of each month are entered; they were held on these days, in April some days before."""
HANDED_OVER, REASSIGNED, WITHOUT_TOPIC = TALKS[1], TALKS[2], TALKS[2]
SCHOOL, BUREAU = "样例乡中心学校", "样例县水利局"
FIRST_VILLAGE, NEXT_VILLAGE = village("Qingshan").code, village("Shuanghe").code
TOPICS = ("学习习惯", "与父母通话", "课外阅读", "安全", "暑期打算")
NO_TOPIC = "record_field_missing"
NO_MEAL = {"field": "meal", "text": "none"}


async def teach_a_term(session: SampleSession) -> None:
    await session.advance_clocks(BEGINS)
    pupils = await _pupils(session)
    await asyncio.gather(*(_pair(session, pupil, n) for n, pupil in enumerate(pupils)))
    village_pair = await _station(session)
    for month, entered_on in enumerate(TALKS):
        await session.advance_clocks(entered_on)
        held_on = min(entered_on, entered_on.replace(day=15)) if entered_on == HANDED_OVER else entered_on
        if entered_on > HANDED_OVER:
            teachers = [*range(TEACHERS - 1), 0]  # the first took over from the last
        else:
            teachers = list(range(TEACHERS))
        await asyncio.gather(*(_talk(session, p, t, held_on, month) for p, t in zip(pupils, teachers, strict=True)))
        place = NEXT_VILLAGE if entered_on > REASSIGNED else FIRST_VILLAGE
        await _record(session, "designated_liaison", _place(place), entered_on, [NO_MEAL], _bureau())
        if entered_on == HANDED_OVER:
            await _hand_over(session)
        if entered_on == REASSIGNED:
            await _reassign(session, village_pair)


async def term_assessed(client: OfficialsClient) -> dict[str, int]:
    """How many talks of the term were held, and how many were not."""
    answer = await client.get(
        AUDITOR,
        "/assistance/duties/assessments",
        division=TOWNSHIP,
        since=BEGINS.isoformat(),
        as_of=ASSESSED_ON.isoformat(),
    )
    of_talks = [one for one in answer["assessments"] if one["duty_set"] == "class_teacher_talks"]
    return {figure: sum(one[figure] for one in of_talks) for figure in ("met", "missed")}


async def _pupils(session: SampleSession) -> list[str]:
    found = await session.client.get_all(
        AUDITOR, "/assistance/eligibility", programme="education_aid", division=TOWNSHIP, only="to_apply"
    )
    return [str(pupil["unit_id"]) for pupil in found[:TEACHERS]]


async def _pair(session: SampleSession, pupil: str, number: int) -> None:
    await session.client.post(TOWNSHIP_CADRE, "/assistance/pairs", {
        "kind": "class_teacher_pupil", "subject": _person(pupil), "helper": _teacher(number), "unit": SCHOOL,
        "effective_on": BEGINS.isoformat(), "ends_on": ENDS.isoformat(),
    })  # fmt: skip


async def _talk(session: SampleSession, pupil: str, teacher: int, day: date, month: int) -> None:
    """Whoever names no topic is told to; nobody did it later."""
    values = [{"field": "topic", "text": TOPICS[month]}, {"field": "content", "text": "谈心，情况正常"}]
    unsaid = day == WITHOUT_TOPIC and teacher == TEACHERS - 2
    said = values[1:] if unsaid else values
    await _record(
        session,
        "class_teacher_talk",
        _person(pupil),
        day,
        said,
        _teacher(teacher),
        refused=NO_TOPIC if unsaid else None,
    )


async def _hand_over(session: SampleSession) -> None:
    leaver, day = _teacher(TEACHERS - 1), HANDED_OVER.isoformat()
    opened = await session.client.post(TOWNSHIP_CADRE, "/assistance/handovers", {
        "helper": leaver, "leader": "principal-1", "leader_unit": SCHOOL, "accept_by": HANDED_OVER.replace(day=30).isoformat(),
        "effective_on": day,
    })  # fmt: skip
    lines = (await session.client.get(AUDITOR, opened["location"]))["lines"]
    await session.client.post(TOWNSHIP_CADRE, f"{opened['location']}/acceptances", {
        "helper": _teacher(0), "unit": SCHOOL, "effective_on": day,
        "lines": [{"subject": line["subject"], "pair": line["pair"]} for line in lines],
    })  # fmt: skip


async def _station(session: SampleSession) -> str:
    """A bureau helps a village: a survey before the plan, then money. Where the pair can be read."""
    party = await session.client.post(TOWNSHIP_CADRE, "/assistance/parties", {
        "kind": "bureau", "division": TOWNSHIP, "name": BUREAU, "account": _bureau(), "effective_on": BEGINS.isoformat(),
    })  # fmt: skip
    pair = await session.client.post(TOWNSHIP_CADRE, "/assistance/pairs", {
        "kind": "designated_village", "subject": _place(FIRST_VILLAGE), "helper": _bureau(), "unit": BUREAU,
        "helper_subject": party["location"].rsplit("/", 1)[1], "effective_on": BEGINS.isoformat(), "ends_on": ENDS.isoformat(),
    })  # fmt: skip
    await _survey_and_plan(session, FIRST_VILLAGE, BEGINS)
    funds = [{"field": "amount", "number": "30000"}, {"field": "use", "text": "修复水渠"}]
    await _record(session, "designated_funds", _place(FIRST_VILLAGE), BEGINS, funds, _bureau())
    return str(pair["location"])


async def _reassign(session: SampleSession, pair: str) -> None:
    to = {"place": NEXT_VILLAGE, "effective_on": REASSIGNED.isoformat()}
    await session.client.post(TOWNSHIP_CADRE, f"{pair}/reassignments", to)
    await _survey_and_plan(session, NEXT_VILLAGE, REASSIGNED)


async def _survey_and_plan(session: SampleSession, place: str, day: date) -> None:
    needs = [NO_MEAL, {"field": "needs", "text": "缺水、缺技术"}]
    await _record(session, "needs_survey", _place(place), day, needs, _bureau())
    plan = [{"field": "goals", "text": "通水"}, {"field": "measures", "text": "修渠、培训"}]
    await _record(session, "village_help_plan", _place(place), day, plan, _bureau())


async def _record(
    session: SampleSession, kind: str, subject: dict[str, str], day: date, values: list[dict[str, Any]], by: str,
    refused: str | None = None,
) -> None:  # fmt: skip
    """``refused``: the code with which it is."""
    body = {
        "kind": kind, "subject": subject, "effective_on": day.isoformat(), "done_by": by, "values": values,
    }  # fmt: skip
    await session.client.post(TOWNSHIP_CADRE, "/assistance/records", body, accepted_refusal=refused)


def _person(pupil: str) -> dict[str, str]:
    return {"kind": "person", "id": pupil}


def _place(code: str) -> dict[str, str]:
    return {"kind": "division", "place": code}


def _teacher(number: int) -> str:
    return f"teacher-{number + 1:02}"


def _bureau() -> str:
    return "bureau-water"
