"""A pupil's application for education aid: appraised, posted, reviewed and decided in the autumn (M112)."""

from collections.abc import Generator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from contracts.assistance import aid as facts
from contracts.facts import Fact
from contracts.registry.divisions import Level
from contracts.registry.households import SchoolStage
from contracts.roles import Role
from lika.simulation import rates as proportions
from lika.simulation.aid_state import Aid, PupilStream
from lika.simulation.context import TIMER, World
from lika.simulation.documents import decision
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.household_state import Home, Process
from lika.simulation.people import Person
from services.registry.cases.procedures import Office

CADRE = Office(level=Level.VILLAGE, role=Role.CADRE)
REVIEWER = Office(level=Level.TOWNSHIP, role=Role.REVIEWER)
DECIDER = Office(level=Level.COUNTY, role=Role.DECIDER)
REJECTED, OBJECTED, UPHELD = 0.02, 0.01, 0.25
Posted = Generator[date, None, date | None]
COLLEGE_GRANTS = (Decimal(0), Decimal(2000), Decimal(3000))
"""Other public grants of a student, which count towards the ceiling (§5 rule 24)."""


def hopes_for_aid(world: World, home: Home, person: Person, day: date) -> bool:
    """Whether somebody applies: the household is in the register, the stage has a standard that covers this pupil,
    and there is neither aid nor an application."""
    if not home.in_stock or person.stage is SchoolStage.NONE or any(a.open or a.runs_on(day) for a in person.aids):
        return False
    law = world.law.standard(person.stage, day)
    covered = law is not None and (person.boarder or not law.boarders_only)
    return covered and world.rng.random() < proportions.AID_TAKEN_UP


class Application:
    """One application under way."""

    def __init__(self, world: World, home: Home, person: Person) -> None:
        self.world, self.home, self.person, self.place = world, home, person, home.place
        stream = person.aids[0].stream if person.aids else PupilStream(person.id)
        self.aid = Aid(person.id, stream, len(person.aids) + 1, person.stage)
        person.aids = (*person.aids, self.aid)

    def put(self, *told: Fact) -> str:
        """One command's facts; the id of the first."""
        stream = self.aid.stream
        before = stream.version
        stream.version = before + len(told)
        self.world.book.put(ASSISTANCE, stream.name, before, told)
        return f"{ASSISTANCE}/{stream.name}/{before + 1}"

    def about(self, day: date, by: str) -> dict[str, Any]:
        return {
            "household_id": self.home.id,
            "person_id": self.person.id,
            "application_no": self.aid.number,
            "effective_on": day,
            "entered_by": by,
        }

    def ended(self, day: date, by: str, outcome: facts.AidOutcome) -> facts.AidApplicationEnded:
        self.aid.open = False
        return facts.AidApplicationEnded(**self.about(day, by), outcome=outcome)

    def lost(self) -> bool:
        """The pupil is no longer there, or the household no longer in the register."""
        return self.home.over or self.person.id not in self.home.members or not self.home.in_stock


def apply(world: World, home: Home, person: Person, day: date) -> Process:
    """From the application to the county's decision; nobody applies for who is gone by then."""
    if person.id not in home.members or not home.in_stock:
        return
    case, rng = Application(world, home, person), world.rng
    cadre, reviewer = case.place.account(CADRE), case.place.account(REVIEWER)
    other = rng.choice(COLLEGE_GRANTS) if person.stage is SchoolStage.COLLEGE else Decimal(0)
    ill = rng.random()
    case.put(
        facts.AidApplied(
            **case.about(day, cadre), decided_from=world.book.known(world.law.assistance.digest),
            division=case.place.code, stage=person.stage, boarder=person.boarder, other_grants_per_year=other,
        )
    )  # fmt: skip
    day = rng.day_after(day, 0, 2)
    if day > world.recorded_on:
        yield day
    if not _appraised(case, day, cadre, passed=ill >= REJECTED):
        return
    closing = yield from _posted(case, day, cadre, reviewer, objected=ill > 1 - OBJECTED)
    if closing is None:
        return
    day = rng.day_after(closing, 1, 4)
    if day > world.recorded_on:
        yield day
    if case.lost():
        case.put(case.ended(day, cadre, facts.AidOutcome.WITHDRAWN))
        return
    case.put(facts.AidReviewed(**case.about(day, reviewer), passed=True))
    day = rng.day_after(day, 1, 6)
    if day > world.recorded_on:
        yield day
    if case.lost():
        case.put(case.ended(day, cadre, facts.AidOutcome.WITHDRAWN))
    else:
        _granted(case, day, other)


def _appraised(case: Application, day: date, cadre: str, *, passed: bool) -> bool:
    rng = case.world.rng
    present = rng.randint(20, 40)
    for_it = rng.randint(present // 2 + 1, present) if passed else present // 3
    held = facts.AidAppraised(
        **case.about(day, cadre),
        evidence=(case.world.paper("minutes", f"{case.place.name}{day.year}年{day.month}月教育资助评议会"),),
        entitled=present + rng.randbelow(8), present=present, in_favour=for_it, against=present - for_it, abstained=0,
    )  # fmt: skip
    if passed:
        case.put(held)
    else:
        case.put(held, case.ended(day, cadre, facts.AidOutcome.REJECTED))
    return passed


def _posted(case: Application, day: date, cadre: str, reviewer: str, *, objected: bool) -> Posted:
    """The list hangs its days; the calendar closes it, or whoever dismisses an objection after its last day. Returns
    the day of closing; ``None`` when an objection was right."""
    world, rng = case.world, case.world.rng
    last_day = day + timedelta(world.law.aid_process.notice_days)
    posted = case.put(facts.AidNoticePosted(**case.about(day, cadre), posted_on=day, last_day=last_day))
    closing = last_day + timedelta(1)
    if objected:
        raised = rng.day_after(day, 1, 5)
        if raised > world.recorded_on:
            yield raised
        case.put(facts.AidObjectionRaised(**case.about(raised, cadre), objection_no=1))
        resolved = rng.day_after(raised, 1, 4)
        if resolved > world.recorded_on:
            yield resolved
        upheld = rng.random() < UPHELD
        told = facts.AidObjectionResolved(**case.about(resolved, reviewer), objection_no=1, upheld=upheld)
        if upheld:
            case.put(told, case.ended(resolved, reviewer, facts.AidOutcome.REJECTED))
            return None
        if world.recorded_on > last_day:
            closing = max(resolved, closing)
            case.put(told, facts.AidNoticeClosed(**case.about(closing, reviewer)))
            return closing
        case.put(told)
    if closing > world.recorded_on:
        yield closing
    case.put(facts.AidNoticeClosed(**case.about(closing, TIMER), caused_by=posted))
    return closing


def _granted(case: Application, day: date, other: Decimal) -> None:
    """The amount is the standard of the decision's day."""
    world, aid, decider = case.world, case.aid, case.place.account(DECIDER)
    law = world.law.standard(aid.stage, day)
    assert law is not None  # nobody applies where no standard covers them
    aid.open, aid.granted_on, aid.amount = False, day, law.payable(other)
    case.home.aided.append(aid)
    case.put(
        facts.AidGranted(
            **case.about(day, decider), decision=decision(case.place, day, "教资"),
            decided_from=world.book.known(world.law.assistance.digest), division=case.place.code, stage=aid.stage,
            amount_per_year=aid.amount, standard_since=law.since,
        )
    )  # fmt: skip
