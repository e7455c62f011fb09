"""Rules for the sequence of steps, their dates and their evidence."""

from datetime import date
from typing import Any

from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.context import STEP_TAKEN_BY, DecisionContext
from services.casework.procedures.paper_rules import (
    EVIDENCE_MISSING,
    EVIDENCE_ON_PAPER,
    require_attached,
    require_uploaded,
)
from services.casework.procedures.state import CaseState
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import checks

CASE_CLOSED = rule(
    "case_closed", zh="该程序已经办结。", en="This case has ended.", source="Lika: an ended case is never reopened"
)


@checks(CASE_CLOSED)
def case_still_open(context: DecisionContext[Any]) -> None:
    if context.state.outcome is not None:
        raise Refused(CASE_CLOSED, outcome=context.state.outcome)


BEFORE_PREVIOUS_STEP = rule(
    "day_before_former_step",
    zh="日期早于上一步骤的日期。",
    en="The day lies before the former step of this case.",
    source="M002, M005: the steps follow one another",
)


def earliest_day(step: p.AnyStep | None, state: CaseState, procedure: p.Procedure) -> date:
    """On which the step that is due may have been taken: not before what comes before it, and the end of a notice among that;
    what runs beside it is of no account."""
    if step is None:
        return state.latest_on
    before = procedure.before(step.key)
    days = [day for key, day in state.days.items() if key in before]
    beside = state.days.keys() - before - {step.key}
    if not any(key not in before and step.key not in procedure.before(key) for key in beside):
        return max([state.latest_on, *days])
    return max([state.opened_on, state.returned_on or state.opened_on, *days])


def earliest_day_of(command: c.Command, due: p.AnyStep | None, state: CaseState, procedure: p.Procedure) -> date:
    """On which a command may be dated. What concerns a notice is compared with that alone: it may be told late."""
    if isinstance(command, c.StepCommand):
        return earliest_day(due, state, procedure)
    notice = None
    if isinstance(command, c.RaiseObjection):
        notice = next(reversed(state.notices), None)
    if isinstance(command, c.ResolveObjection):
        notice = next((state.notice(o.step) for o in state.open_objections if o.no == command.objection_no), None)
    return state.latest_on if notice is None else notice.latest_on


@checks(BEFORE_PREVIOUS_STEP)
def not_before_previous_step(context: DecisionContext[Any]) -> None:
    first = earliest_day_of(context.command, context.due, context.state, context.procedure)
    if context.command.on < first:
        raise Refused(BEFORE_PREVIOUS_STEP, on=context.command.on, former=first)


OUT_OF_ORDER = rule(
    "step_out_of_order",
    zh="未到该步骤，请先完成前一步骤。",
    en="It is not yet the turn of this step.",
    source="M002, M005, M007: the steps of the procedure document, in their order",
)
ANNOUNCED_BEFORE_DECISION = rule(
    "announced_before_decision",
    zh="尚未作出决定，不能公告。",
    en="Nothing has been decided yet that could be announced.",
    source="公示 (open to objection) comes before, 公告 (final) after the decision",
)


@checks(OUT_OF_ORDER, ANNOUNCED_BEFORE_DECISION, given=(case_still_open,))
def step_in_order(context: DecisionContext[Any]) -> None:
    kind = STEP_TAKEN_BY[type(context.command)]
    if isinstance(context.due, kind):
        return
    if kind is p.Announcement and context.state.approved is None:
        raise Refused(ANNOUNCED_BEFORE_DECISION, due=context.due and context.due.named)
    raise Refused(OUT_OF_ORDER, due=context.due and context.due.named)


@checks(EVIDENCE_MISSING, given=(step_in_order,))
def evidence_attached(context: DecisionContext[Any]) -> None:
    require_attached(context.due.evidence if context.due else (), context.command.evidence)


@checks(EVIDENCE_ON_PAPER, given=(step_in_order,))
def evidence_uploaded(context: DecisionContext[Any]) -> None:
    require_uploaded(context.due.uploaded if context.due else (), context.command.evidence)


ALREADY_DECIDED = rule(
    "case_already_decided",
    zh="已经作出决定，不能退回或撤回；请办理下一步骤，决定不能生效的，由县级终止。",
    en="The case is decided: it can no longer be returned or withdrawn. Take the next step; where the decision can take no"
    " effect, the county closes the case.",
    source="Lika: a decision is corrected by annulment, not by walking back",
)


@checks(ALREADY_DECIDED, given=(case_still_open,))
def not_decided(context: DecisionContext[Any]) -> None:
    if context.state.approved is not None:
        raise Refused(ALREADY_DECIDED)


EFFECT_STANDS = rule(
    "case_effect_stands",
    zh="该程序批准的结果仍然有效，不能终止；请办理应补办的步骤，结果有误的，先更正结果。",
    en="What this case brought about stands, so it is not closed: take the steps that are to be made good, or correct what it"
    " brought about first.",
    source="Lika: a decision is corrected by annulment, not by ending its case",
)


@checks(EFFECT_STANDS, given=(case_still_open,))
def effect_not_standing(context: DecisionContext[c.CloseCase]) -> None:
    if context.subject.effect_stands:
        raise Refused(EFFECT_STANDS)


CLOSING_PAPER_MISSING = rule(
    "closing_paper_missing",
    zh="终止程序须附上依据材料（“evidence”）。",
    en="A case is closed with the paper that it rests on (``evidence``).",
    source="Lika access rules: who ends what others began says why",
)


@checks(CLOSING_PAPER_MISSING)
def closing_paper_attached(context: DecisionContext[c.CloseCase]) -> None:
    if not context.command.evidence:
        raise Refused(CLOSING_PAPER_MISSING)


STEP_NOT_TAKEN = rule(
    "return_to_step_not_taken",
    zh="只能退回到已经办理过的步骤。",
    en="A case can only be returned to a step that was already taken.",
    source="退回补正: what was done is done again",
)


@checks(STEP_NOT_TAKEN, given=(case_still_open,))
def returns_to_step_taken(context: DecisionContext[c.ReturnCase]) -> None:
    back_to = context.command.back_to
    if back_to not in context.state.done and context.state.notice(back_to) is None:
        raise Refused(STEP_NOT_TAKEN, back_to=context.procedure.named(back_to))


NO_GREEN_CHANNEL = rule(
    "no_green_channel",
    zh="该程序没有绿色通道，或已经走了绿色通道，或可缓办的步骤均已办理；请依次办理当前步骤。",
    en="This procedure has no green channel, or it was taken already, or nothing is left that it defers; take the step that"
    " is due.",
    source="green_channel of the procedure document",
)


@checks(NO_GREEN_CHANNEL, given=(case_still_open,))
def green_channel_offered(context: DecisionContext[c.TakeGreenChannel]) -> None:
    channel, state = context.procedure.green_channel, context.state
    if channel is None or state.green_channel_on is not None or state.done.issuperset(channel.deferred):
        raise Refused(NO_GREEN_CHANNEL)
