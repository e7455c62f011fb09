"""What each command yields once the rules have let it pass."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.facts import Decision, Fact
from contracts.personal import Personal
from contracts.registry import cases as facts
from services.registry.cases import commands as c
from services.registry.cases import procedures as p
from services.registry.cases.context import Act
from services.registry.cases.notice_days import ONE_DAY, DayCount
from services.registry.cases.state import CaseState, due_notice_end

ENDS_WHEN_REFUSED: frozenset[type[p.Step]] = frozenset({p.Visit, p.Appraisal, p.Consent, p.Review, p.Deciding})
"""Steps whose "no" ends the case as rejected. A comparison that is not clean only stands in the way of an approval."""


def due_step(state: CaseState, procedure: p.Procedure) -> p.AnyStep | None:
    """The first step that is not done; ``None`` when the case has ended."""
    return next((s for s in procedure.steps if s.key not in state.done), None) if state.is_open else None


def open_case(command: c.OpenCase, procedure: p.Procedure) -> list[Fact]:
    return [
        facts.CaseOpened(
            case_id=command.case_id,
            household_id=command.household_id,
            effective_on=command.on,
            entered_by=command.by,
            evidence=command.evidence,
            source_recorded_on=command.source_recorded_on,
            procedure=procedure.procedure,
            edition=procedure.edition,
            division=command.division,
            grounds=command.grounds,
            cause=command.cause,
        )
    ]


def overtaken_closing(command: c.Command, state: CaseState, procedure: p.Procedure) -> list[Fact]:
    """A notice ends by the calendar, not by the timer's punctuality: a step taken after its end closes it first."""
    notice, day = state.running_notice, due_notice_end(state)
    if notice is None or day is None or command.on < day or not isinstance(command, c.StepCommand | c.ReturnCase):
        return []
    level = procedure.step(notice.step).office.level
    # The papers of the command are not the notice's own.
    common = {**_common(command, state), "effective_on": day, "evidence": ()}
    return [facts.NoticeClosed(**common, step=notice.step, level=level)]


def _common(command: c.Command, state: CaseState) -> dict[str, Any]:
    return {
        "case_id": state.case_id,
        "household_id": state.household_id,
        "effective_on": command.on,
        "entered_by": command.by,
        "evidence": command.evidence,
        "source_recorded_on": command.source_recorded_on,
    }


def _due(act: Act[Any]) -> p.AnyStep:
    if act.due is None:
        raise ValueError("no step is due")  # step_in_order has refused such a command before
    return act.due


def _ended(act: Act[Any], outcome: facts.CaseOutcome, step: str | None) -> facts.CaseEnded:
    return facts.CaseEnded(**{**_common(act.command, act.state), "evidence": ()}, outcome=outcome, step=step)


def _taken(act: Act[Any], fact: Fact, yes: bool) -> list[Fact]:
    """The step's own fact, and the end of the case where the step's answer or its place brings it about."""
    step = _due(act)
    if not yes and type(step) in ENDS_WHEN_REFUSED:
        return [fact, _ended(act, facts.CaseOutcome.REJECTED, step.key)]
    if act.procedure.steps[-1] is step:
        return [fact, _ended(act, facts.CaseOutcome.COMPLETED, step.key)]
    return [fact]


def _visit(act: Act[c.MakeVisit]) -> list[Fact]:
    command = act.command
    made = facts.VisitMade(
        **_common(command, act.state), step=_due(act).key, confirmed=command.confirmed, findings=command.findings
    )
    return _taken(act, made, command.confirmed)


def _appraisal(act: Act[c.HoldAppraisal]) -> list[Fact]:
    command, step = act.command, _due(act)
    held = facts.AppraisalHeld(
        **_common(command, act.state),
        step=step.key,
        entitled=command.entitled,
        present=command.present,
        in_favour=command.in_favour,
        against=command.against,
        abstained=command.abstained,
    )
    return _taken(act, held, isinstance(step, p.Appraisal) and command.in_favour > step.majority * command.present)


def _consent(act: Act[c.GiveConsent]) -> list[Fact]:
    given = facts.ConsentGiven(**_common(act.command, act.state), step=_due(act).key, agreed=act.command.agreed)
    return _taken(act, given, act.command.agreed)


def _review(act: Act[c.GiveReview]) -> list[Fact]:
    given = facts.ReviewGiven(**_common(act.command, act.state), step=_due(act).key, outcome=act.command.outcome)
    return _taken(act, given, act.command.outcome is facts.ReviewOutcome.PASSED)


def _comparison(act: Act[c.MakeComparison]) -> list[Fact]:
    command = act.command
    made = facts.ComparisonMade(
        **_common(command, act.state),
        step=_due(act).key,
        clean=command.clean,
        departments=command.departments,
        findings=command.findings,
    )
    return _taken(act, made, command.clean)


def _decision(act: Act[c.DecideCase]) -> list[Fact]:
    command = act.command
    paper = Decision(
        organ=command.organ.strip(),
        decided_on=command.on,
        document_no=command.document_no.strip(),
        signer=command.signer.strip(),
    )
    decided = facts.CaseDecided(
        **_common(command, act.state), decision=paper, step=_due(act).key, approved=command.approved
    )
    return _taken(act, decided, command.approved)


def _announcement(act: Act[c.AnnounceCase]) -> list[Fact]:
    return _taken(act, facts.CaseAnnounced(**_common(act.command, act.state), step=_due(act).key), yes=True)


def _notice(act: Act[c.PostNotice]) -> list[Fact]:
    step, posted_on = _due(act), act.command.on
    if not isinstance(step, p.Notice):
        raise ValueError("only a notice is posted")
    start = posted_on if step.first_day_counts else posted_on + ONE_DAY
    last_day = DayCount(step.calendar, act.holidays).last_of(step.days, start)
    return [
        facts.NoticePosted(
            **_common(act.command, act.state),
            step=step.key,
            level=step.office.level,
            posted_on=posted_on,
            last_day=last_day,
        )
    ]


def _notice_closed(act: Act[c.CloseNotice]) -> list[Fact]:
    notice = act.state.running_notice
    if notice is None:
        return []
    level = act.procedure.step(notice.step).office.level
    return [facts.NoticeClosed(**_common(act.command, act.state), step=notice.step, level=level)]


def _objection(act: Act[c.RaiseObjection]) -> list[Fact]:
    return [
        facts.ObjectionRaised(
            **_common(act.command, act.state),
            step=act.state.notices[-1].step,
            objection_no=len(act.state.objections) + 1,
            objector=act.command.objector,
            text=act.command.text,
        )
    ]


def _objection_resolved(act: Act[c.ResolveObjection]) -> list[Fact]:
    command, state = act.command, act.state
    objection = next(o for o in state.open_objections if o.no == command.objection_no)
    step, posted = act.procedure.step(objection.step), state.notice(objection.step)
    if not isinstance(step, p.Notice):
        raise ValueError("only a notice is objected to")
    last_day = None
    stood_still = step.objections.while_open is p.WhileObjected.SUSPEND and len(state.open_objections) == 1
    if not command.upheld and stood_still and posted and not posted.closed and posted.objected_since:
        count = DayCount(step.calendar, act.holidays)
        last_day = count.resumed(posted.objected_since, posted.last_day, command.on)
    resolved = facts.ObjectionResolved(
        **_common(command, state),
        step=step.key,
        objection_no=command.objection_no,
        upheld=command.upheld,
        finding=command.finding,
        notice_last_day=last_day,
    )
    if not command.upheld:
        return [resolved]
    if step.objections.when_upheld is p.WhenUpheld.END:
        return [resolved, _ended(act, facts.CaseOutcome.REJECTED, step.key)]
    return [resolved, _returned(act, step.key, command.finding)]


def _returned(act: Act[Any], back_to: str, reason: Personal[str]) -> facts.CaseReturned:
    state = act.state
    undone = tuple(
        s.key
        for s in act.procedure.from_step(back_to)
        if (s.key in state.done or state.notice(s.key))
        and (s.key == back_to or not (isinstance(s, p.Notice) and s.on_return is p.OnReturn.CONTINUE))
    )
    return facts.CaseReturned(
        **_common(act.command, state), step=_due(act).key, back_to=back_to, undone=undone, reason=reason
    )


def _return(act: Act[c.ReturnCase]) -> list[Fact]:
    return [_returned(act, act.command.back_to, act.command.reason)]


def _withdrawal(act: Act[c.WithdrawCase]) -> list[Fact]:
    return [_ended(act, facts.CaseOutcome.WITHDRAWN, act.due.key if act.due else None)]


YIELDS: Mapping[type[c.Command], Callable[[Act[Any]], list[Fact]]] = {
    c.MakeVisit: _visit,
    c.HoldAppraisal: _appraisal,
    c.GiveConsent: _consent,
    c.PostNotice: _notice,
    c.GiveReview: _review,
    c.MakeComparison: _comparison,
    c.DecideCase: _decision,
    c.AnnounceCase: _announcement,
    c.RaiseObjection: _objection,
    c.ResolveObjection: _objection_resolved,
    c.CloseNotice: _notice_closed,
    c.ReturnCase: _return,
    c.WithdrawCase: _withdrawal,
}
