"""What the facts of every step have in common, which step is due, and how a case ends."""

from typing import Any

from contracts.accounts import TIMER
from contracts.casework import cases as facts
from contracts.facts import Fact
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.context import STEP_TAKEN_BY, DecisionContext
from services.casework.procedures.state import CaseState, before_closings, due_notice_end


def due_steps(state: CaseState, procedure: p.Procedure) -> tuple[p.AnyStep, ...]:
    """Those of which everything before is done, in the order of the document; what is to be made good after all others. None when
    the case has ended."""
    pending = [s for s in procedure.steps if s.key not in state.done] if state.is_open else []
    over = state.done | state.deferred
    due = [s for s in pending if s.key not in state.deferred and procedure.before(s.key) <= over]
    return tuple(due or pending[:1])


def due_step(state: CaseState, procedure: p.Procedure, kind: type[p.Step] | None = None) -> p.AnyStep | None:
    """Of the steps that are due the one of this kind, else the first of them, a notice that hangs after all others; ``None`` when
    the case has ended."""
    due, hanging = due_steps(state, procedure), state.running_notice
    if kind is not None and (wanted := next((s for s in due if isinstance(s, kind)), None)) is not None:
        return wanted
    return next((s for s in due if hanging is None or s.key != hanging.step), None) or next(iter(due), None)


def due_step_for(command: c.Command, state: CaseState, procedure: p.Procedure) -> p.AnyStep | None:
    """``due_step`` as the command takes it."""
    kind = STEP_TAKEN_BY.get(type(command)) if isinstance(command, c.StepCommand) else None
    return due_step(state, procedure, kind)


def due_notice_closing(command: c.Command, state: CaseState, procedure: p.Procedure) -> list[Fact]:
    """A step taken after a notice's end closes it first: the notice ends by the calendar, even when the timer is
    late."""
    notice, day = state.running_notice, due_notice_end(state)
    if notice is None or day is None or command.on < day or not isinstance(command, c.StepCommand | c.ReturnCase):
        return []
    level = procedure.step(notice.step).office.level
    # The calendar ends it, not whoever came next; nor does the command's evidence belong to the notice.
    common = {**common_fields(command, state), "effective_on": day, "entered_by": TIMER, "evidence": ()}
    return [facts.NoticeClosed(**common, step=notice.step, level=level)]


TOLD_LATE = c.RaiseObjection | c.ReturnCase | c.WithdrawCase | c.CloseCase | c.TakeGreenChannel


def as_on_its_day(command: c.Command, state: CaseState) -> CaseState:
    """An act that is no step may bear a day on which a notice was hanging still that the calendar has closed since."""
    return before_closings(state, command.on) if isinstance(command, TOLD_LATE) else state


def common_fields(command: c.Command, state: CaseState) -> dict[str, Any]:
    return {
        "case_id": state.case_id,
        "subject": state.subject,
        "household_id": state.household_id,
        "batch": command.batch,
        "effective_on": command.on,
        "entered_by": command.by,
        "evidence": command.evidence,
    }


def required_step(context: DecisionContext[Any]) -> p.AnyStep:
    if context.due is None:
        raise ValueError("no step is due")  # step_in_order has refused such a command before
    return context.due


def outcome_against(context: DecisionContext[Any]) -> facts.CaseOutcome:
    """What a case is called that ends against its subject by this command."""
    early = context.state.approved is None and not isinstance(context.command, c.DecideCase)
    return facts.CaseOutcome(context.procedure.ended_early) if early else facts.CaseOutcome.REJECTED


def case_ended(context: DecisionContext[Any], outcome: facts.CaseOutcome, step: str | None) -> facts.CaseEnded:
    return facts.CaseEnded(
        **{**common_fields(context.command, context.state), "evidence": ()}, outcome=outcome, step=step
    )
