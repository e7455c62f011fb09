"""A case, taken step by step through its procedure as the document says, with the facts that the case
engine would append."""

from collections.abc import Generator
from datetime import date, timedelta
from typing import Any

from contracts.casework import cases as facts
from contracts.facts import DecidedFrom, Fact
from contracts.personal import Personal
from lika.simulation.case import Case
from lika.simulation.context import TIMER_ACCOUNT
from lika.simulation.divisions import PROVINCE
from lika.simulation.documents import DEPARTMENTS, on_paper
from services.casework.calendars.day_count import Calendar, DayCount
from services.casework.procedures import document as p
from services.casework.procedures.notice_terms import OnReturn, WhileObjected

CaseProcess = Generator[date, None, bool]
"""Returns whether the case was completed."""

STEP_DELAYS: dict[type[p.Step], tuple[int, int]] = {
    p.Visit: (0, 2), p.Appraisal: (1, 4), p.Consent: (0, 1), p.Notice: (0, 1), p.Review: (1, 4),
    p.Comparison: (2, 7), p.Decision: (1, 5), p.Announcement: (1, 4),
}  # fmt: skip
"""Days after the step before: at least, at most."""


def run_case(case: Case, opened_on: date, grounds: str) -> CaseProcess:
    """From the opening to the end."""
    context, procedure = case.context, case.procedure
    opener = case.division.account(procedure.opening.office)
    opening = facts.CaseOpened(
        **case.common_fields(opened_on, opener), standing=procedure.standing, procedure=procedure.procedure, edition=procedure.edition,
        division=case.division.code, grounds=Personal(grounds), cause=case.cause,
    )  # fmt: skip
    case.open(opening)
    day, index, steps = opened_on, 0, procedure.steps
    while index < len(steps):
        step = steps[index]
        kind = type(step)
        day = context.rng.day_after(day, *STEP_DELAYS[kind])
        if day > context.recorded_on:
            yield day
        by = case.division.account(step.office)
        if case.has_lapsed() or (case.scenario.withdrawn and kind is p.Appraisal):
            case.withdraw(day, opener, step.key)
            return False
        if case.scenario.returned and kind is p.Review:
            index = _return_to_appraisal(case, step, day, by)
            continue
        if isinstance(step, p.Notice):
            day = yield from _post_notice(case, step, day, by)
            if not case.is_open:
                return False
        elif isinstance(step, p.Decision):
            case.decide(day)
        if not isinstance(step, p.Notice) and not _take_step(case, step, day, by):
            return False
        case.completed.append(step.key)
        index += 1
    return True


def _take_step(case: Case, step: p.AnyStep, day: date, by: str) -> bool:
    """Append the step's fact, the end of the case where the step is the last or fails, and its effect.
    Returns whether the case was not rejected."""
    rejected_at = case.scenario.rejected_at
    positive = rejected_at is not type(step) and not (rejected_at is p.Comparison and isinstance(step, p.Decision))
    basis = case.basis()
    fact = _step_fact(case, step, case.common_fields(day, by), basis, positive=positive)
    if not positive and not isinstance(step, p.Comparison):
        early = not isinstance(step, p.Decision)
        outcome = facts.CaseOutcome(case.procedure.ended_early if early else facts.CaseOutcome.REJECTED)
        case.append_with_end(fact, outcome, day, by, step.key)
        return False
    if case.procedure.steps[-1] is step:
        cause = case.append_with_end(fact, facts.CaseOutcome.COMPLETED, day, by, step.key)
    else:
        cause = case.append(fact)
    if step.key == case.procedure.effect.at and case.decision is not None:
        case.take_effect(by, cause, basis)
    return True


def _step_fact(case: Case, step: p.AnyStep, common: dict[str, Any], basis: DecidedFrom, *, positive: bool) -> Fact:
    """The fact of a step that is no notice."""
    match step:
        case p.Visit():
            findings = None if positive else Personal("与实际不符")
            return facts.VisitMade(**common, step=step.key, confirmed=positive, findings=findings)
        case p.Appraisal():
            return _appraisal(case, step, common, passed=positive)
        case p.Consent():
            return facts.ConsentGiven(**common, step=step.key, agreed=positive)
        case p.Review():
            outcome = facts.ReviewOutcome.PASSED if positive else facts.ReviewOutcome.REJECTED
            return facts.ReviewGiven(**common, step=step.key, outcome=outcome)
        case p.Comparison():
            findings = None if positive else Personal("名下有经营主体")
            return facts.ComparisonMade(
                **common, step=step.key, clean=positive, departments=DEPARTMENTS, findings=findings
            )
        case p.Decision():
            return facts.CaseDecided(
                **common, decided_from=basis, decision=case.decision, step=step.key, approved=positive
            )
    return facts.CaseAnnounced(**common, step=step.key)


def _appraisal(case: Case, step: p.AnyStep, common: dict[str, Any], *, passed: bool) -> Fact:
    """More than two thirds are present; the minutes are those of a whole meeting."""
    rng = case.context.rng
    entitled = rng.randint(24, 60)
    present = entitled - rng.randbelow(entitled // 3)
    majority = rng.randint(present // 2 + 1, present)
    in_favour = majority if passed else present - majority
    against = rng.randint(0, present - in_favour)
    return facts.AppraisalHeld(
        **common,
        evidence=tuple(map(on_paper, step.evidence)),
        step=step.key, entitled=entitled, present=present, in_favour=in_favour, against=against,
        abstained=present - in_favour - against,
    )  # fmt: skip


def _post_notice(case: Case, step: p.Notice, day: date, by: str) -> Generator[date, None, date]:
    """The notice is posted for its days, longer where somebody objects, and closed by its deadline. Returns the day of
    closing."""
    context, level = case.context, step.office.level
    first = day if step.first_day_counts else day + timedelta(1)
    holidays = (
        context.regulations.library(case.log).holidays(day, PROVINCE)
        if step.calendar is Calendar.WORKING_DAYS
        else None
    )
    count = DayCount(step.calendar, holidays)
    last_day = count.last_day(step.days, first)
    common = case.common_fields(day, by)
    case.append(facts.NoticePosted(**common, step=step.key, level=level, posted_on=day, last_day=last_day))
    closed_on = last_day + timedelta(1)
    if case.scenario.objected and not case.objections:
        case.objections = 1
        raised_on = context.rng.day_after(day, 1, 5)
        if raised_on > context.recorded_on:
            yield raised_on
        common = case.common_fields(raised_on, by)
        case.append(facts.ObjectionRaised(**common, step=step.key, objection_no=1, text=Personal("群众反映收入不实")))
        resolved_on = context.rng.day_after(raised_on, 2, 6)
        if resolved_on > context.recorded_on:
            yield resolved_on
        last_day = _resolve_objection(case, step, resolved_on, raised_on, last_day, count)
        if case.scenario.upheld:
            return resolved_on
        closed_on = max(last_day + timedelta(1), resolved_on)
    if closed_on > context.recorded_on:
        yield closed_on
    common = case.common_fields(closed_on, TIMER_ACCOUNT)
    case.append(facts.NoticeClosed(**common, step=step.key, level=level))
    return closed_on


def _resolve_objection(
    case: Case, step: p.Notice, day: date, raised_on: date, last_day: date, count: DayCount
) -> date:  # fmt: skip
    """An objection that is upheld ends the case; another may extend the notice. Returns the notice's last day."""
    heard_by, upheld = step.objections.heard_by, case.scenario.upheld
    takes_steps = any(heard_by == other.office for other in case.procedure.steps)
    by = case.division.deputy(heard_by) if takes_steps else case.division.account(heard_by)
    suspended = step.objections.while_open is WhileObjected.SUSPEND and not upheld
    extended = count.resumed(raised_on, last_day, day) if suspended else None
    resolution = facts.ObjectionResolved(
        **case.common_fields(day, by), step=step.key, objection_no=1, upheld=upheld,
        finding=Personal("经查属实" if upheld else "经查不属实"), notice_last_day=extended,
    )  # fmt: skip
    if upheld:
        case.append_with_end(resolution, facts.CaseOutcome(case.procedure.ended_early), day, by, step.key)
    else:
        case.append(resolution)
    return extended or last_day


def _return_to_appraisal(case: Case, step: p.AnyStep, day: date, by: str) -> int:
    """Returned for correction, once. Returns the index of the step at which the case goes on."""
    case.scenario = case.scenario._replace(returned=False)
    steps = case.procedure.steps
    index = next(n for n, s in enumerate(steps) if isinstance(s, p.Appraisal))
    appraisal = steps[index].key
    undone = tuple(
        s.key
        for s in steps[index:]
        if s.key in case.completed
        and (s.key == appraisal or not (isinstance(s, p.Notice) and s.on_return is OnReturn.CONTINUE))
    )
    case.append(
        facts.CaseReturned(
            **case.common_fields(day, by), step=step.key, back_to=appraisal, undone=undone,
            reason=Personal("评议记录不完整"),
        )
    )  # fmt: skip
    case.completed = [key for key in case.completed if key not in undone]
    return index
