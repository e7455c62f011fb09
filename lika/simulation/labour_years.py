"""Training and work in a township year by year: in one year a course that an employer orders, from the need to the job (M147, M149,
M151), in the next a skill course for the poor and a public-welfare post (M151, M153)."""

from collections.abc import Generator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from contracts.assistance import employment as work
from contracts.assistance.training import StatedFigure, StatedOf, TraineeLeavingReason
from contracts.quantities import Quantity, Unit
from lika.simulation import rates
from lika.simulation.context import SimulationContext
from lika.simulation.documents import on_paper
from lika.simulation.employment import SimulatedWorker, offer_jobs
from lika.simulation.families import Family
from lika.simulation.labour_desk import LabourDesk
from lika.simulation.lending import families_of
from lika.simulation.schedule import Process
from lika.simulation.training import SimulatedCourse, survey_need
from services.casework.dates import months_later

EMPLOYER, TRADE, FARM_TRADE = "样例服装有限公司", "缝纫", "果树栽培"
SESSIONS, TRAINEES, TERM_MONTHS = 5, 12, 12
Candidates = list[tuple[Family, SimulatedWorker]]


def yearly_labour(context: SimulationContext, desk: LabourDesk) -> Process:
    """Courses run in spring, when the fields can wait."""
    for year in range(context.plan.first + 1, context.plan.last + 1):
        yield date(year, 2, 10)
        candidates = _candidates(context, desk, year)
        if not candidates:
            continue
        if year % 2:
            desk.schedule.add(_ordered_course(context, desk, candidates, year), date(year, 2, 12))
        else:
            desk.schedule.add(_skill_course(context, desk, candidates, year), date(year, 2, 20))
            _, worker = context.rng.choice(candidates)
            desk.schedule.add(_public_post(context, worker, date(year, 6, 1)), date(year, 6, 1))


def _candidates(context: SimulationContext, desk: LabourDesk, year: int) -> Candidates:
    """One of each followed family, the spouse rather than the head."""
    found: Candidates = []
    for family in families_of(context, desk.township.code):
        if adults := family.adults(year):
            person = adults[min(1, len(adults) - 1)]
            found.append((family, SimulatedWorker(context, desk, family, person.id)))
    first = context.rng.randbelow(max(len(found) - TRAINEES, 1))
    return found[first : first + TRAINEES]


def _ordered_course(context: SimulationContext, desk: LabourDesk, candidates: Candidates, year: int) -> Process:
    """From the need to the job: surveyed, planned, held, examined, certified, placed."""
    yield from ()
    for family, worker in candidates:
        survey_need(desk, family, worker.person_id, date(year, 2, 12), "order_training", TRADE)
    yield date(year, 3, 1)
    course = SimulatedCourse(context, desk)
    course.plan(
        date(year, 3, 1), need_known=True, course_kind="order_training", title=f"{year}年缝纫工订单培训", trade=TRADE,
        organiser="县妇女联合会", starts_on=date(year, 3, 10), ends_on=date(year, 4, 20), sessions=SESSIONS, employer=EMPLOYER,
    )  # fmt: skip
    yield from _hold(context, course, candidates, date(year, 3, 10), TRADE)
    yield (examined := date(year, 4, 21))
    passed = [id_ for id_ in course.taking_part(examined) if course.examine(examined, id_)]
    certified = yield from _close(context, course, passed, examined, TRADE)
    if not certified:
        return
    yield (offered := date(year, 5, 12))
    places = len(certified) + context.rng.randbelow(3)
    offer = offer_jobs(
        context, desk, offered, "job", EMPLOYER, places, job_title="缝纫工",
        wage=Decimal(context.rng.randint(22, 34) * 100),
    )  # fmt: skip
    for _, worker in candidates:
        if worker.person_id in certified:
            desk.schedule.add(_job(context, worker, offer, course, offered), offered)


def _skill_course(context: SimulationContext, desk: LabourDesk, candidates: Candidates, year: int) -> Process:
    yield from ()
    course = SimulatedCourse(context, desk)
    course.plan(
        date(year, 2, 20), need_known=False, course_kind="poor_target_skill", title=f"{year}年贫困对象技能培训",
        trade=FARM_TRADE, organiser="县扶贫开发办公室", starts_on=date(year, 3, 10), ends_on=date(year, 4, 20),
        sessions=SESSIONS,
    )  # fmt: skip
    yield from _hold(context, course, candidates, date(year, 3, 10), FARM_TRADE)
    yield (over := date(year, 4, 21))
    yield from _close(context, course, course.taking_part(over), over, FARM_TRADE)


def _hold(
    context: SimulationContext, course: SimulatedCourse, candidates: Candidates, begins: date, topic: str
) -> Process:
    """Enrolled on the first day; one session a week. Some miss one, some leave."""
    yield begins
    for family, worker in candidates:
        course.enrol(begins, family, worker.person_id)
    for session in range(1, SESSIONS + 1):
        yield (day := begins + timedelta(7 * (session - 1)))
        course.hold_session(day, session, f"{topic}第{session}课")
        there = course.taking_part(day)
        missing = [person for person in there if context.rng.random() < rates.ABSENCE_RATE]
        if came := [person for person in there if person not in missing]:
            course.attend(day, session, came)
        for person in missing:
            if context.rng.random() < rates.TRAINEE_LEAVING_RATE:
                course.leave(day, person, TraineeLeavingReason.FOUND_WORK)


def _close(
    context: SimulationContext, course: SimulatedCourse, passed: list[UUID], day: date, skill: str
) -> Generator[date, None, list[UUID]]:
    """Certificates, the paper with its figures, the evaluation. Returns who was certified."""
    yield (issued := day + timedelta(5))
    certified = [person for person in passed if course.certify(issued, person, skill)]
    state = course.state
    stated = (
        _stated(StatedOf.TRAINED, state.persons, Unit.PERSON), _stated(StatedOf.TRAINED, state.person_times, Unit.ATTENDANCE),
        _stated(StatedOf.CERTIFIED, len(certified), Unit.PERSON),
    )  # fmt: skip
    yield (completed := issued + timedelta(2))
    course.complete(completed, stated)
    yield (evaluated := context.rng.day_after(completed, 10, 30))
    course.evaluate(evaluated, met=2 * len(certified) >= len(state.trainees))
    return certified


def _stated(of: StatedOf, count: int, unit: Unit) -> StatedFigure:
    return StatedFigure(of=of, quantity=Quantity(amount=Decimal(count), unit=unit))


def _job(
    context: SimulationContext, worker: SimulatedWorker, offer: UUID, course: SimulatedCourse, offered: date
) -> Process:
    """Matched, placed, asked after three and six months; two months' wages are told; some go home."""
    yield from ()
    rng = context.rng
    if not worker.match(offered, offer):
        return
    yield (begins := rng.day_after(offered, 5, 20))
    placement = worker.place(begins, "job", EMPLOYER, offer_id=offer, course_id=course.id)
    if placement is None:
        return
    stays = rng.random() >= rates.JOB_LEFT_RATE
    for months in (3, 6):
        if months == 6 and not stays:
            yield (ended := rng.day_after(begins, 100, 150))
            worker.tell(ended, work.PlacementEnded, placement, reason=work.EndOfPlacement.RETURNED_HOME)
            return
        yield (asked := months_later(begins, months) + timedelta(rng.randbelow(8)))
        if not worker.tell(asked, work.PlacementKept, placement, months=months):
            return
        month = date(asked.year, asked.month, 1) - timedelta(1)
        month = month.replace(day=1)
        worker.tell(asked, work.WageReported, placement, month=month, amount=Decimal(rng.randint(20, 38) * 100))
    yield (ended := rng.day_after(begins, 300, 900))
    worker.tell(ended, work.PlacementEnded, placement, reason=work.EndOfPlacement.OTHER_JOB)


def _public_post(context: SimulationContext, worker: SimulatedWorker, day: date) -> Process:
    """For a year; attendance is told by the month."""
    yield from ()
    placement = worker.place(
        day, "public_post", "村民委员会", (on_paper("certificate"),), proved=("no_cadre_relative",),
        term_ends=months_later(day, TERM_MONTHS) - timedelta(1),
    )  # fmt: skip
    if placement is None:
        return
    for number in range(TERM_MONTHS):
        month = months_later(day, number)
        yield (told := months_later(month, 1) + timedelta(context.rng.randint(1, 5)))
        if not worker.tell(told, work.PostAttended, placement, month=month, days=context.rng.randint(18, 24)):
            return
