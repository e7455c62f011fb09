"""Rules for public notices: their period, and objections."""

from datetime import date
from typing import Any

from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.notice_terms import ObjectionsUntil, WhileObjected
from services.casework.procedures.sequence_rules import case_still_open
from services.casework.procedures.state import CaseState, PostedNotice, due_notice_end
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import checks

OBJECTION_OPEN = rule(
    "objection_open",
    zh="公示有异议尚未处理完毕。",
    en="An objection to the notice is still open.",
    source="M005 公示无异议; source facts §5 A rule 2",
)


@checks(OBJECTION_OPEN, given=(case_still_open,))
def no_objection_open(context: DecisionContext[Any]) -> None:
    if context.state.open_objections:
        raise Refused(OBJECTION_OPEN, objections=tuple(o.no for o in context.state.open_objections))


NOTICE_NOT_OVER = rule(
    "notice_not_over",
    zh="公示期未满。",
    en="The notice period is not over.",
    source="M005: an exit without a completed notice is invalid; source facts §5 A rules 2 and 8",
)


@checks(NOTICE_NOT_OVER, given=(case_still_open,))
def notice_over(context: DecisionContext[Any]) -> None:
    notice = context.state.running_notice
    if notice is not None and context.due is not None and notice.step == context.due.key:
        raise Refused(NOTICE_NOT_OVER, last_day=notice.last_day)


NO_NOTICE_POSTED = rule(
    "no_notice_to_object_to",
    zh="没有可提出异议的公示。",
    en="No notice has been posted that could be objected to.",
    source="M002: an objection is raised to what was posted",
)
OBJECTION_AFTER_NOTICE = rule(
    "objection_after_notice",
    zh="公示期已满，不再受理对该公示的异议。",
    en="The notice is over: objections to it are no longer taken.",
    source="objections.until of the notice in the procedure document",
)


def latest_notice(context: DecisionContext[Any]) -> tuple[p.Notice, PostedNotice] | None:
    """The notice posted last, with its step."""
    if not context.state.notices:
        return None
    posted = context.state.notices[-1]
    step = context.procedure.step(posted.step)
    return (step, posted) if isinstance(step, p.Notice) else None


@checks(NO_NOTICE_POSTED, OBJECTION_AFTER_NOTICE, given=(case_still_open,))
def objection_in_time(context: DecisionContext[c.RaiseObjection]) -> None:
    found = latest_notice(context)
    if found is None:
        raise Refused(NO_NOTICE_POSTED)
    step, posted = found
    suspended = posted.objected_since is not None and step.objections.while_open is WhileObjected.SUSPEND
    in_notice = context.command.on <= posted.last_day or (suspended and not posted.closed)
    before_decision = step.objections.until is ObjectionsUntil.DECISION and context.state.approved is None
    if not (in_notice or before_decision):
        raise Refused(OBJECTION_AFTER_NOTICE, on=context.command.on, last_day=posted.last_day)


OBJECTION_OVERTAKEN = rule(
    "objection_overtaken",
    zh="该公示期满后已办理后续步骤（最近日期 former），不能直接补录异议：未作决定的，请先退回该公示（退回补正），重新公示后受理；"
    "已作决定的，请办理下一步骤或由县级终止，已生效的按更正程序处理。",
    en="Steps were taken since this notice ended free of objection (the latest on ``former``), so an objection of an earlier day is no"
    " longer simply entered: have the case returned to the notice, which is posted anew and objected to; what is decided already is"
    " closed by the county or, once it has taken effect, corrected.",
    source="M005 公示无异议: what follows a notice rests on it",
)


def latest_step_after(notice: PostedNotice, state: CaseState, procedure: p.Procedure) -> date | None:
    """The day of the latest step that was taken after this one, which rests on it."""
    return max((day for key, day in state.days.items() if notice.step in procedure.before(key)), default=None)


@checks(OBJECTION_OVERTAKEN, given=(objection_in_time,))
def objection_not_overtaken(context: DecisionContext[c.RaiseObjection]) -> None:
    if (found := latest_notice(context)) is None:
        return
    former = latest_step_after(found[1], context.state, context.procedure)
    if former is not None and context.command.on < former:
        raise Refused(OBJECTION_OVERTAKEN, on=context.command.on, former=former)


OBJECTION_NOT_OPEN = rule(
    "objection_not_open",
    zh="没有这一编号的未处理异议。",
    en="No open objection has this number.",
    source="Lika: an objection is resolved once",
)


@checks(OBJECTION_NOT_OPEN, given=(case_still_open,))
def objection_is_open(context: DecisionContext[c.ResolveObjection]) -> None:
    if context.command.objection_no not in {o.no for o in context.state.open_objections}:
        raise Refused(OBJECTION_NOT_OPEN, objection=context.command.objection_no)


@checks(NOTICE_NOT_OVER, given=(case_still_open,))
def last_day_over(context: DecisionContext[c.CloseNotice]) -> None:
    notice, day = context.state.running_notice, due_notice_end(context.state)
    if notice is not None and day is not None and context.command.on < day:
        raise Refused(NOTICE_NOT_OVER, last_day=notice.last_day)
