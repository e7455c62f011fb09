"""The decider of each command: its facts, once every rule allows it."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.facts import Decision, Fact
from contracts.personal import Personal
from contracts.registry import cases as facts
from services.registry.cases import commands as c
from services.registry.cases import procedures as p
from services.registry.cases.context import DecisionContext
from services.registry.cases.notice_days import ONE_DAY, DayCount
from services.registry.cases.state import CaseState, due_notice_end

ENDS_WHEN_REFUSED: frozenset[type[p.Step]] = frozenset({p.Visit, p.Appraisal, p.Consent, p.Review, p.Decision})
"""Step types whose negative result ends the case as rejected. A comparison that is not clean only prevents an
approval."""


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


def due_notice_closing(command: c.Command, state: CaseState, procedure: p.Procedure) -> list[Fact]:
    """A step taken after a notice's end closes it first: the notice ends by the calendar, even when the timer is
    late."""
    notice, day = state.running_notice, due_notice_end(state)
    if notice is None or day is None or command.on < day or not isinstance(command, c.StepCommand | c.ReturnCase):
        return []
    level = procedure.step(notice.step).office.level
    # The command's evidence does not belong to the notice.
    common = {**_common_fields(command, state), "effective_on": day, "evidence": ()}
    return [facts.NoticeClosed(**common, step=notice.step, level=level)]


def _common_fields(command: c.Command, state: CaseState) -> dict[str, Any]:
    return {
        "case_id": state.case_id,
        "household_id": state.household_id,
        "effective_on": command.on,
        "entered_by": command.by,
        "evidence": command.evidence,
        "source_recorded_on": command.source_recorded_on,
    }


def _due_step(context: DecisionContext[Any]) -> p.AnyStep:
    if context.due is None:
        raise ValueError("no step is due")  # step_in_order has refused such a command before
    return context.due


def _case_ended(context: DecisionContext[Any], outcome: facts.CaseOutcome, step: str | None) -> facts.CaseEnded:
    return facts.CaseEnded(
        **{**_common_fields(context.command, context.state), "evidence": ()}, outcome=outcome, step=step
    )


def _step_facts(context: DecisionContext[Any], fact: Fact, positive: bool) -> list[Fact]:
    """The step's fact, and the end of the case after a negative result or after the last step."""
    step = _due_step(context)
    if not positive and type(step) in ENDS_WHEN_REFUSED:
        return [fact, _case_ended(context, facts.CaseOutcome.REJECTED, step.key)]
    if context.procedure.steps[-1] is step:
        return [fact, _case_ended(context, facts.CaseOutcome.COMPLETED, step.key)]
    return [fact]


def _make_visit(context: DecisionContext[c.MakeVisit]) -> list[Fact]:
    command = context.command
    made = facts.VisitMade(
        **_common_fields(command, context.state),
        step=_due_step(context).key,
        confirmed=command.confirmed,
        findings=command.findings,
    )
    return _step_facts(context, made, command.confirmed)


def _hold_appraisal(context: DecisionContext[c.HoldAppraisal]) -> list[Fact]:
    command, step = context.command, _due_step(context)
    held = facts.AppraisalHeld(
        **_common_fields(command, context.state),
        step=step.key,
        entitled=command.entitled,
        present=command.present,
        in_favour=command.in_favour,
        against=command.against,
        abstained=command.abstained,
    )
    return _step_facts(
        context, held, isinstance(step, p.Appraisal) and command.in_favour > step.majority * command.present
    )


def _give_consent(context: DecisionContext[c.GiveConsent]) -> list[Fact]:
    given = facts.ConsentGiven(
        **_common_fields(context.command, context.state), step=_due_step(context).key, agreed=context.command.agreed
    )
    return _step_facts(context, given, context.command.agreed)


def _give_review(context: DecisionContext[c.GiveReview]) -> list[Fact]:
    given = facts.ReviewGiven(
        **_common_fields(context.command, context.state), step=_due_step(context).key, outcome=context.command.outcome
    )
    return _step_facts(context, given, context.command.outcome is facts.ReviewOutcome.PASSED)


def _make_comparison(context: DecisionContext[c.MakeComparison]) -> list[Fact]:
    command = context.command
    made = facts.ComparisonMade(
        **_common_fields(command, context.state),
        step=_due_step(context).key,
        clean=command.clean,
        departments=command.departments,
        findings=command.findings,
    )
    return _step_facts(context, made, command.clean)


def _decide_case(context: DecisionContext[c.DecideCase]) -> list[Fact]:
    command = context.command
    decision = Decision(
        organ=command.organ.strip(),
        decided_on=command.on,
        document_no=command.document_no.strip(),
        signer=command.signer.strip(),
    )
    decided = facts.CaseDecided(
        **_common_fields(command, context.state),
        decision=decision,
        step=_due_step(context).key,
        approved=command.approved,
    )
    return _step_facts(context, decided, command.approved)


def _announce_case(context: DecisionContext[c.AnnounceCase]) -> list[Fact]:
    return _step_facts(
        context,
        facts.CaseAnnounced(**_common_fields(context.command, context.state), step=_due_step(context).key),
        positive=True,
    )


def _post_notice(context: DecisionContext[c.PostNotice]) -> list[Fact]:
    step, posted_on = _due_step(context), context.command.on
    if not isinstance(step, p.Notice):
        raise ValueError("only a notice is posted")
    start = posted_on if step.first_day_counts else posted_on + ONE_DAY
    last_day = DayCount(step.calendar, context.holidays).last_day(step.days, start)
    return [
        facts.NoticePosted(
            **_common_fields(context.command, context.state),
            step=step.key,
            level=step.office.level,
            posted_on=posted_on,
            last_day=last_day,
        )
    ]


def _close_notice(context: DecisionContext[c.CloseNotice]) -> list[Fact]:
    notice = context.state.running_notice
    if notice is None:
        return []
    level = context.procedure.step(notice.step).office.level
    return [facts.NoticeClosed(**_common_fields(context.command, context.state), step=notice.step, level=level)]


def _raise_objection(context: DecisionContext[c.RaiseObjection]) -> list[Fact]:
    return [
        facts.ObjectionRaised(
            **_common_fields(context.command, context.state),
            step=context.state.notices[-1].step,
            objection_no=len(context.state.objections) + 1,
            objector=context.command.objector,
            text=context.command.text,
        )
    ]


def _resolve_objection(context: DecisionContext[c.ResolveObjection]) -> list[Fact]:
    command, state = context.command, context.state
    objection = next(o for o in state.open_objections if o.no == command.objection_no)
    step, posted = context.procedure.step(objection.step), state.notice(objection.step)
    if not isinstance(step, p.Notice):
        raise ValueError("only a notice is objected to")
    last_day = None
    suspended = step.objections.while_open is p.WhileObjected.SUSPEND and len(state.open_objections) == 1
    if not command.upheld and suspended and posted and not posted.closed and posted.objected_since:
        count = DayCount(step.calendar, context.holidays)
        last_day = count.resumed(posted.objected_since, posted.last_day, command.on)
    resolved = facts.ObjectionResolved(
        **_common_fields(command, state),
        step=step.key,
        objection_no=command.objection_no,
        upheld=command.upheld,
        finding=command.finding,
        notice_last_day=last_day,
    )
    if not command.upheld:
        return [resolved]
    if step.objections.when_upheld is p.WhenUpheld.END:
        return [resolved, _case_ended(context, facts.CaseOutcome.REJECTED, step.key)]
    return [resolved, _case_returned(context, step.key, command.finding)]


def _case_returned(context: DecisionContext[Any], back_to: str, reason: Personal[str]) -> facts.CaseReturned:
    state = context.state
    undone = tuple(
        s.key
        for s in context.procedure.from_step(back_to)
        if (s.key in state.done or state.notice(s.key))
        and (s.key == back_to or not (isinstance(s, p.Notice) and s.on_return is p.OnReturn.CONTINUE))
    )
    return facts.CaseReturned(
        **_common_fields(context.command, state),
        step=_due_step(context).key,
        back_to=back_to,
        undone=undone,
        reason=reason,
    )


def _return_case(context: DecisionContext[c.ReturnCase]) -> list[Fact]:
    return [_case_returned(context, context.command.back_to, context.command.reason)]


def _withdraw_case(context: DecisionContext[c.WithdrawCase]) -> list[Fact]:
    return [_case_ended(context, facts.CaseOutcome.WITHDRAWN, context.due.key if context.due else None)]


DECIDERS: Mapping[type[c.Command], Callable[[DecisionContext[Any]], list[Fact]]] = {
    c.MakeVisit: _make_visit,
    c.HoldAppraisal: _hold_appraisal,
    c.GiveConsent: _give_consent,
    c.PostNotice: _post_notice,
    c.GiveReview: _give_review,
    c.MakeComparison: _make_comparison,
    c.DecideCase: _decide_case,
    c.AnnounceCase: _announce_case,
    c.RaiseObjection: _raise_objection,
    c.ResolveObjection: _resolve_objection,
    c.CloseNotice: _close_notice,
    c.ReturnCase: _return_case,
    c.WithdrawCase: _withdraw_case,
}
