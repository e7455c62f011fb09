"""Deciders of notices, objections and returns for correction."""

from datetime import date
from typing import Any

from contracts.casework import cases as facts
from contracts.facts import Fact
from contracts.personal import Personal
from services.casework.calendars.day_count import ONE_DAY, DayCount
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import case_ended, common_fields, outcome_against, required_step
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.notice_terms import OnReturn, WhenUpheld, WhileObjected


def post_notice(context: DecisionContext[c.PostNotice]) -> list[Fact]:
    step, posted_on = required_step(context), context.command.on
    if not isinstance(step, p.Notice):
        raise ValueError("only a notice is posted")
    start = posted_on if step.first_day_counts else posted_on + ONE_DAY
    last_day = DayCount(step.calendar, context.holidays).last_day(step.days, start)
    return [
        facts.NoticePosted(
            **common_fields(context.command, context.state),
            step=step.key,
            level=step.office.level,
            posted_on=posted_on,
            last_day=last_day,
        )
    ]


def close_notice(context: DecisionContext[c.CloseNotice]) -> list[Fact]:
    notice = context.state.running_notice
    if notice is None:
        return []
    level = context.procedure.step(notice.step).office.level
    return [facts.NoticeClosed(**common_fields(context.command, context.state), step=notice.step, level=level)]


def raise_objection(context: DecisionContext[c.RaiseObjection]) -> list[Fact]:
    return [
        facts.ObjectionRaised(
            **common_fields(context.command, context.state),
            step=context.state.notices[-1].step,
            objection_no=len(context.state.objections) + 1,
            objector=context.command.objector,
            text=context.command.text,
        )
    ]


def resolve_objection(context: DecisionContext[c.ResolveObjection]) -> list[Fact]:
    command, state = context.command, context.state
    objection = next(o for o in state.open_objections if o.no == command.objection_no)
    step, posted = context.procedure.step(objection.step), state.notice(objection.step)
    if not isinstance(step, p.Notice):
        raise ValueError("only a notice is objected to")
    last_day = None
    suspended = step.objections.while_open is WhileObjected.SUSPEND and len(state.open_objections) == 1
    if not command.upheld and suspended and posted and not posted.closed and posted.objected_since:
        count = DayCount(step.calendar, context.holidays)
        last_day = count.resumed(posted.objected_since, posted.last_day, command.on)
    resolved = facts.ObjectionResolved(
        **common_fields(command, state),
        step=step.key,
        objection_no=command.objection_no,
        upheld=command.upheld,
        finding=command.finding,
        notice_last_day=last_day,
        due_by=_due_by_after(context) if len(state.open_objections) == 1 else None,
    )
    if not command.upheld:
        return [resolved]
    if step.objections.when_upheld is WhenUpheld.END:
        return [resolved, case_ended(context, outcome_against(context), step.key)]
    return [resolved, _case_returned(context, step.key, command.finding)]


def _due_by_after(context: DecisionContext[c.ResolveObjection]) -> date | None:
    """The last day of the case's term, where it stood still while the objection was open."""
    term, since, due_by = context.procedure.term, context.state.objected_since, context.state.due_by
    if term is None or due_by is None or since is None or since > due_by or term.until in context.state.done:
        return None
    suspended = term.while_objected is WhileObjected.SUSPEND
    return DayCount(term.calendar, context.holidays).resumed(since, due_by, context.command.on) if suspended else None


def _case_returned(context: DecisionContext[Any], back_to: str, reason: Personal[str]) -> facts.CaseReturned:
    state = context.state
    undone = tuple(
        s.key
        for s in context.procedure.from_step(back_to)
        # What was decided first stands with all it was decided from; only what is to be made good is done again.
        if (state.approved is None or s.key in state.deferred)
        and (s.key in state.done or state.notice(s.key))
        and (s.key == back_to or not (isinstance(s, p.Notice) and s.on_return is OnReturn.CONTINUE))
    )
    return facts.CaseReturned(
        **common_fields(context.command, state),
        step=required_step(context).key,
        back_to=back_to,
        undone=undone,
        reason=reason,
    )


def return_case(context: DecisionContext[c.ReturnCase]) -> list[Fact]:
    return [_case_returned(context, context.command.back_to, context.command.reason)]
