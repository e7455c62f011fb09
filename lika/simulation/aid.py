"""A pupil's application for education aid: appraised, posted, reviewed and decided in the autumn (M112)."""

from collections.abc import Generator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from contracts.assistance import aid as facts
from contracts.facts import Fact
from contracts.registry.codes import SchoolStage
from contracts.registry.divisions import Level
from contracts.roles import Role
from lika.simulation import rates
from lika.simulation.aid_state import AidRecord, PupilStream
from lika.simulation.context import TIMER_ACCOUNT, SimulationContext
from lika.simulation.documents import decision
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from lika.simulation.schedule import Process
from services.casework.procedures.document import Office

CADRE = Office(level=Level.VILLAGE, role=Role.CADRE)
REVIEWER = Office(level=Level.TOWNSHIP, role=Role.REVIEWER)
DECIDER = Office(level=Level.COUNTY, role=Role.DECIDER)
REJECTION_RATE, OBJECTION_RATE, UPHELD_RATE = 0.02, 0.01, 0.25
NoticeProcess = Generator[date, None, date | None]
COLLEGE_GRANTS = (Decimal(0), Decimal(2000), Decimal(3000))
"""Other public grants of a student, which count towards the ceiling (§5 rule 24)."""


def will_apply(context: SimulationContext, household: Household, person: Person, day: date) -> bool:
    """Whether somebody applies: the household is in the register, the stage has a standard that covers this pupil,
    and there is neither aid nor an application."""
    if not household.in_stock or person.stage is SchoolStage.NONE:
        return False
    if any(aid.open or aid.is_active_on(day) for aid in person.aids):
        return False
    standard = context.regulations.aid_standard(person.stage, day)
    covered = standard is not None and (person.boarder or not standard.boarders_only)
    return covered and context.rng.random() < rates.AID_TAKE_UP_RATE


class Application:
    """An application that is not decided yet."""

    def __init__(self, context: SimulationContext, household: Household, person: Person) -> None:
        self.context, self.household, self.person, self.division = context, household, person, household.division
        stream = person.aids[0].stream if person.aids else PupilStream(person.id)
        self.aid = AidRecord(person.id, stream, len(person.aids) + 1, person.stage)
        person.aids = (*person.aids, self.aid)

    def append(self, *new: Fact) -> str:
        """Append one command's facts. Returns the id of the first."""
        return self.aid.stream.fact_id(self.aid.stream.append(self.context.events, new))

    def common_fields(self, day: date, by: str) -> dict[str, Any]:
        return {
            "household_id": self.household.id,
            "person_id": self.person.id,
            "application_no": self.aid.number,
            "effective_on": day,
            "entered_by": by,
        }

    def end(self, day: date, by: str, outcome: facts.AidOutcome) -> facts.AidApplicationEnded:
        self.aid.open = False
        return facts.AidApplicationEnded(**self.common_fields(day, by), outcome=outcome)

    def has_lapsed(self) -> bool:
        """The pupil has left, or the household is no longer in the register."""
        return self.household.ended or self.person.id not in self.household.members or not self.household.in_stock


def process_application(context: SimulationContext, household: Household, person: Person, day: date) -> Process:
    """From the application to the county's decision. It is not made where the pupil has left by then."""
    if person.id not in household.members or not household.in_stock:
        return
    application, rng = Application(context, household, person), context.rng
    cadre, reviewer = application.division.account(CADRE), application.division.account(REVIEWER)
    other_grants = rng.choice(COLLEGE_GRANTS) if person.stage is SchoolStage.COLLEGE else Decimal(0)
    outcome = rng.random()
    application.append(
        facts.AidApplied(
            **application.common_fields(day, cadre), decided_from=context.assistance_basis("education_aid"),
            division=application.division.code, stage=person.stage, boarder=person.boarder,
            other_grants_per_year=other_grants,
        )
    )  # fmt: skip
    day = rng.day_after(day, 0, 2)
    if day > context.recorded_on:
        yield day
    if not _appraise(application, day, cadre, passed=outcome >= REJECTION_RATE):
        return
    closed_on = yield from _post_notice(application, day, cadre, reviewer, objected=outcome > 1 - OBJECTION_RATE)
    if closed_on is None:
        return
    day = rng.day_after(closed_on, 1, 4)
    if day > context.recorded_on:
        yield day
    if application.has_lapsed():
        application.append(application.end(day, cadre, facts.AidOutcome.WITHDRAWN))
        return
    application.append(facts.AidReviewed(**application.common_fields(day, reviewer), passed=True))
    day = rng.day_after(day, 1, 6)
    if day > context.recorded_on:
        yield day
    if application.has_lapsed():
        application.append(application.end(day, cadre, facts.AidOutcome.WITHDRAWN))
    else:
        _grant(application, day, other_grants)


def _appraise(application: Application, day: date, cadre: str, *, passed: bool) -> bool:
    rng = application.context.rng
    present = rng.randint(20, 40)
    in_favour = rng.randint(present // 2 + 1, present) if passed else present // 3
    meeting = f"{application.division.name}{day.year}年{day.month}月教育资助评议会"
    appraisal = facts.AidAppraised(
        **application.common_fields(day, cadre), evidence=(application.context.evidence("minutes", meeting),),
        entitled=present + rng.randbelow(8), present=present, in_favour=in_favour, against=present - in_favour,
        abstained=0,
    )  # fmt: skip
    if passed:
        application.append(appraisal)
    else:
        application.append(appraisal, application.end(day, cadre, facts.AidOutcome.REJECTED))
    return passed


def _post_notice(application: Application, day: date, cadre: str, reviewer: str, *, objected: bool) -> NoticeProcess:
    """The notice is closed by its deadline, or by whoever dismisses an objection after its last day. Returns the day of
    closing; ``None`` when an objection was upheld."""
    context, rng = application.context, application.context.rng
    last_day = day + timedelta(context.regulations.aid_process.notice_days)
    notice = facts.AidNoticePosted(**application.common_fields(day, cadre), posted_on=day, last_day=last_day)
    notice_id = application.append(notice)
    closed_on = last_day + timedelta(1)
    if objected:
        raised_on = rng.day_after(day, 1, 5)
        if raised_on > context.recorded_on:
            yield raised_on
        application.append(facts.AidObjectionRaised(**application.common_fields(raised_on, cadre), objection_no=1))
        resolved_on = rng.day_after(raised_on, 1, 4)
        if resolved_on > context.recorded_on:
            yield resolved_on
        upheld = rng.random() < UPHELD_RATE
        common = application.common_fields(resolved_on, reviewer)
        resolution = facts.AidObjectionResolved(**common, objection_no=1, upheld=upheld)
        if upheld:
            application.append(resolution, application.end(resolved_on, reviewer, facts.AidOutcome.REJECTED))
            return None
        if context.recorded_on > last_day:
            closed_on = max(resolved_on, closed_on)
            closing = facts.AidNoticeClosed(**application.common_fields(closed_on, reviewer))
            application.append(resolution, closing)
            return closed_on
        application.append(resolution)
    if closed_on > context.recorded_on:
        yield closed_on
    common = application.common_fields(closed_on, TIMER_ACCOUNT)
    application.append(facts.AidNoticeClosed(**common, caused_by=notice_id))
    return closed_on


def _grant(application: Application, day: date, other_grants: Decimal) -> None:
    """The amount is the standard of the decision's day."""
    context, aid, division = application.context, application.aid, application.division
    standard = context.regulations.aid_standard(aid.stage, day)
    assert standard is not None  # nobody applies where no standard covers them
    aid.open, aid.granted_on, aid.amount = False, day, standard.payable(other_grants)
    application.household.granted_aid.append(aid)
    application.append(
        facts.AidGranted(
            **application.common_fields(day, division.account(DECIDER)), decision=decision(division, day, "教资"),
            decided_from=context.assistance_basis("education_aid"), division=division.code, stage=aid.stage,
            amount_per_year=aid.amount, standard_since=standard.since,
        )
    )  # fmt: skip
