"""Work and plans of a few of the sample's households: from the need for a course that an employer ordered to a job kept for six
months; a relocation; a plan in which one cause has no measure against it. Synthetic, told in August 2017 of the year before."""

from datetime import date
from typing import Any

from lika.demo.borrowers import Borrower, women_of_working_age
from lika.demo.divisions import TOWNSHIP
from lika.demo.officials import AUDITOR, COUNTY_REVIEWER, village_cadre
from lika.demo.session import SampleSession

SESSIONS = (date(2016, 3, 5), date(2016, 3, 12), date(2016, 3, 19), date(2016, 3, 26), date(2016, 4, 2))
COURSE = {
    "effective_on": "2016-03-01", "course_kind": "order_training", "division": TOWNSHIP, "title": "缝纫订单班", "trade": "缝纫",
    "organiser": "样例县就业局", "employer": "样例县服装厂", "starts_on": "2016-03-05", "ends_on": "2016-04-30",
    "sessions": len(SESSIONS),
}  # fmt: skip
RELOCATION: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("applied", "2016-03-02", {"evidence": [{"kind": "application", "held_on_paper": True}]}),
    (
        "approved",
        "2016-03-10",
        {
            "decision": {
                "organ": "样例县扶贫开发领导小组", "decided_on": "2016-03-10", "document_no": "样扶组〔2016〕9号", "signer": "组长",
            }
        },
    ),
    ("home_ready", "2016-10-01", {}),
    ("moved_in", "2016-12-01", {}),
    ("old_house_given_up", "2017-03-01", {}),
    ("followed_up", "2017-06-01", {}),
)  # fmt: skip
PLAN = {
    "effective_on": "2016-02-01", "causes": ["no_skill", "illness"], "planned": ["skill_training"], "through": "2018-12-31",
    "village_set": "一村一套",
}  # fmt: skip


async def work_and_plans(session: SampleSession) -> None:
    """Each of another household."""
    worker, mover, planned = (await women_of_working_age(session, 3))[:3]
    # Who is entered must be in the register here: this read waits until assistance has consumed it.
    await session.client.get(AUDITOR, "/assistance/duties", limit=1)
    await _place(session, worker, await _train(session, worker))
    await _relocate(session, mover)
    await session.client.post(COUNTY_REVIEWER, f"/assistance/measures/households/{planned.household_id}/plans", PLAN)


async def _train(session: SampleSession, worker: Borrower) -> str:
    """The course's path."""
    post, person = session.client.post, {"person_id": worker.person_id}
    need = {"effective_on": "2016-02-20", "course_kind": "order_training", "trade": "缝纫", **person}
    await post(village_cadre(worker.village), "/assistance/training/needs", need)
    course = str((await post(COUNTY_REVIEWER, "/assistance/training/courses", COURSE))["location"])

    async def told(what: str, on: str, **fields: Any) -> None:
        await post(COUNTY_REVIEWER, f"{course}/{what}", {"effective_on": on, **fields})

    await told("trainees", "2016-03-05", **person)
    for number, day in enumerate(SESSIONS, 1):
        await told("sessions", day.isoformat(), session=number, topic="缝纫", place="乡成人学校")
        if number != 3:
            await told("attendance", day.isoformat(), session=number, **person)
    await told("exams", "2016-04-29", passed=True, **person)
    await told("certificates", "2016-04-30", certificate_no="样职2016-001", skill="缝纫", **person)
    await told("completion", "2016-05-02")
    await told("evaluations", "2016-05-20", evaluator="样例县扶贫办", met=True, findings="结业一人，上岗一人")
    return course


async def _place(session: SampleSession, worker: Borrower, course: str) -> None:
    path = f"/assistance/employment/persons/{worker.person_id}"

    async def told(what: str, on: str, **fields: Any) -> None:
        await session.client.post(COUNTY_REVIEWER, f"{path}/{what}", {"effective_on": on, **fields})

    await told(
        "placements", "2016-05-09", post_kind="job", employer="样例县服装厂", course_id=course.rpartition("/")[2]
    )
    placed = (await session.client.get(AUDITOR, path))["placements"][0]["placement_id"]
    await told("wages", "2016-07-01", placement_id=placed, month="2016-06-01", amount="2400.00")
    for months, day in ((3, "2016-08-09"), (6, "2016-11-09")):
        await told("kept", day, placement_id=placed, months=months)


async def _relocate(session: SampleSession, mover: Borrower) -> None:
    path = f"/assistance/measures/households/{mover.household_id}"
    begun = {"effective_on": "2016-03-01", "measure_kind": "relocation"}
    await session.client.post(COUNTY_REVIEWER, f"{path}/measures", begun)
    measure = (await session.client.get(AUDITOR, path))["measures"][0]["measure_id"]
    for step, day, fields in RELOCATION:
        told = {"effective_on": day, "measure_id": measure, "step": step, **fields}
        await session.client.post(COUNTY_REVIEWER, f"{path}/steps", told)
