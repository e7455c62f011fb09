"""A procedure taken through for one household, step by step as its document says, with the engine's own facts."""

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any

from contracts.facts import Fact
from contracts.personal import Personal
from contracts.registry import cases as facts
from contracts.registry.households import PovertyCause
from lika.simulation.case import Case, Course
from lika.simulation.context import TIMER, World
from lika.simulation.documents import DEPARTMENTS, decision
from lika.simulation.event_buffer import Claimed
from lika.simulation.household_state import Home
from lika.simulation.status_effects import took_effect
from services.registry.cases import procedures as p
from services.registry.cases.notice_days import Calendar, DayCount
from services.registry.cases.store import OPEN_CASE

Running = Generator[date, None, bool]
"""Ends with whether the case was approved."""

GAPS: dict[type[p.Step], tuple[int, int]] = {
    p.Visit: (0, 2), p.Appraisal: (1, 4), p.Consent: (0, 1), p.Notice: (0, 1), p.Review: (1, 4),
    p.Comparison: (2, 7), p.Decision: (1, 5), p.Announcement: (1, 4),
}  # fmt: skip
"""Days between a step and the one before."""


def run(
    world: World, home: Home, name: str, opened_on: date, grounds: str, ills: Course, cause: PovertyCause | None = None
) -> Running:
    """From the opening to the end. ``cause``: why the household is poor, where the case is opened with it."""
    procedure = world.law.procedure(name, opened_on)
    case = Case(world, home, procedure, ills, cause)
    opening = facts.CaseOpened(
        **case.about(opened_on, case.place.account(procedure.opening.office)),
        procedure=procedure.procedure, edition=procedure.edition, division=case.place.code, grounds=Personal(grounds),
        cause=cause,
    )  # fmt: skip
    case.put(opening, claims=(Claimed(OPEN_CASE, home.id, case.id),))
    day, place, steps = opened_on, 0, procedure.steps
    while place < len(steps):
        step = steps[place]
        kind = type(step)
        day = world.chance.day_after(day, *GAPS[kind])
        if day > world.recorded_on:
            yield day
        by = case.place.account(step.office)
        if case.ills.withdrawn and kind is p.Appraisal:
            opener = case.place.account(procedure.opening.office)
            case.put(case.ended(facts.CaseOutcome.WITHDRAWN, day, opener, step.key), claims=case.closed)
            return False
        if case.ills.returned and kind is p.Review:
            place = _returned(case, step, day, by)
            continue
        if isinstance(step, p.Notice):
            day = yield from _notice(case, step, day, by)
            if not home.busy:
                return False
        elif isinstance(step, p.Decision):
            case.decided = decision(case.place, day, "扶组")
            home.decided_on = day
        if not isinstance(step, p.Notice) and not _taken(case, step, day, by):
            return False
        case.done.append(step.key)
        place += 1
    return True


def _taken(case: Case, step: p.AnyStep, day: date, by: str) -> bool:
    """The step's own fact, the end of the case where it brings it about, and what the case does to the household.
    Returns whether the case goes on (or came to its good end)."""
    refused = case.ills.refused_at
    yes = refused is not type(step) and not (refused is p.Comparison and isinstance(step, p.Decision))
    basis = case.world.book.known(case.world.law.library.digest)
    told = _fact(case, step, case.about(day, by), yes)
    goes_on = yes or isinstance(step, p.Comparison)
    last = case.procedure.steps[-1] is step
    if not goes_on:
        case.put(told, case.ended(facts.CaseOutcome.REJECTED, day, by, step.key), claims=case.closed)
        return False
    cause = (
        case.put(told, case.ended(facts.CaseOutcome.COMPLETED, day, by, step.key), claims=case.closed)
        if last
        else case.put(told)
    )
    if step.key == case.procedure.effect.at and case.decided is not None:
        took_effect(case.world, case.home, case.procedure.effect, case.id, case.decided, by, cause, basis, case.cause)
    return True


def _fact(case: Case, step: p.AnyStep, common: dict[str, Any], yes: bool) -> Fact:
    """What taking a step leaves, where it is no notice."""
    match step:
        case p.Visit():
            findings = None if yes else Personal("与实际不符")
            return facts.VisitMade(**common, step=step.key, confirmed=yes, findings=findings)
        case p.Appraisal():
            return _appraisal(case, step, common, yes)
        case p.Consent():
            return facts.ConsentGiven(**common, step=step.key, agreed=yes)
        case p.Review():
            outcome = facts.ReviewOutcome.PASSED if yes else facts.ReviewOutcome.REJECTED
            return facts.ReviewGiven(**common, step=step.key, outcome=outcome)
        case p.Comparison():
            findings = None if yes else Personal("名下有经营主体")
            return facts.ComparisonMade(**common, step=step.key, clean=yes, departments=DEPARTMENTS, findings=findings)
        case p.Decision():
            basis = case.world.book.known(case.world.law.library.digest)
            return facts.CaseDecided(**common, decided_from=basis, decision=case.decided, step=step.key, approved=yes)
    return facts.CaseAnnounced(**common, step=step.key)


def _appraisal(case: Case, step: p.AnyStep, common: dict[str, Any], yes: bool) -> Fact:
    """More than two thirds come; a minute is kept for the whole meeting."""
    chance, day = case.world.chance, common["effective_on"]
    entitled = chance.between(24, 60)
    present = entitled - chance.below(entitled // 3)
    wins = chance.between(present // 2 + 1, present)
    votes = wins if yes else present - wins
    against = chance.between(0, present - votes)
    minutes = f"{case.place.name}{day.year}年{day.month}月{case.procedure.zh}评议会"
    return facts.AppraisalHeld(
        **common,
        evidence=tuple(case.world.paper(kind, minutes) for kind in step.evidence),
        step=step.key, entitled=entitled, present=present, in_favour=votes, against=against,
        abstained=present - votes - against,
    )  # fmt: skip


def _notice(case: Case, step: p.Notice, day: date, by: str) -> Generator[date, None, date]:
    """Hangs its days, longer where somebody objects; the calendar closes it. Returns the day on which that happens."""
    world, about = case.world, case.about
    first = day if step.first_day_counts else day + timedelta(1)
    count = DayCount(step.calendar, world.law.library.holidays(day) if step.calendar is Calendar.WORKING_DAYS else None)
    last_day = count.last_day(step.days, first)
    common = about(day, by)
    case.put(facts.NoticePosted(**common, step=step.key, level=step.office.level, posted_on=day, last_day=last_day))
    closing = last_day + timedelta(1)
    if case.ills.objected and not case.objections:
        case.objections = 1
        raised = world.chance.day_after(day, 1, 5)
        if raised > world.recorded_on:
            yield raised
        common = about(raised, by)
        case.put(facts.ObjectionRaised(**common, step=step.key, objection_no=1, text=Personal("群众反映收入不实")))
        resolved = world.chance.day_after(raised, 2, 6)
        if resolved > world.recorded_on:
            yield resolved
        last_day, goes_on = _resolved(case, step, resolved, raised, last_day, count)
        if not goes_on:
            return resolved
        closing = max(last_day + timedelta(1), resolved)
    if closing > world.recorded_on:
        yield closing
    common = about(closing, TIMER)
    case.put(facts.NoticeClosed(**common, step=step.key, level=step.office.level))
    return closing


def _resolved(
    case: Case, step: p.Notice, day: date, raised: date, last_day: date, count: DayCount
) -> tuple[date, bool]:
    """The objection is looked into. The notice's last day, and whether the case goes on."""
    by, upheld = case.place.account(step.objections.heard_by), case.ills.upheld
    suspended = step.objections.while_open is p.WhileObjected.SUSPEND and not upheld
    longer = count.resumed(raised, last_day, day) if suspended else None
    told = facts.ObjectionResolved(
        **case.about(day, by), step=step.key, objection_no=1, upheld=upheld,
        finding=Personal("经查属实" if upheld else "经查不属实"), notice_last_day=longer,
    )  # fmt: skip
    if upheld:
        case.put(told, case.ended(facts.CaseOutcome.REJECTED, day, by, step.key), claims=case.closed)
    else:
        case.put(told)
    return longer or last_day, not upheld


def _returned(case: Case, step: p.AnyStep, day: date, by: str) -> int:
    """Sent back to the appraisal, once; the place of the step at which it goes on."""
    case.ills = case.ills._replace(returned=False)
    keys = [s.key for s in case.procedure.steps]
    place = next(n for n, s in enumerate(case.procedure.steps) if isinstance(s, p.Appraisal))
    undone = tuple(
        s.key
        for s in case.procedure.steps[place:]
        if s.key in case.done
        and (s.key == keys[place] or not (isinstance(s, p.Notice) and s.on_return is p.OnReturn.CONTINUE))
    )
    case.put(
        facts.CaseReturned(
            **case.about(day, by), step=step.key, back_to=keys[place], undone=undone,
            reason=Personal("评议记录不完整"),
        )
    )  # fmt: skip
    case.done = [key for key in case.done if key not in undone]
    return place
