"""How far a case has come, step by step: what was taken, what is due, and why somebody may take it or not. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from contracts.casework import cases as facts
from contracts.facts import Evidence, Fact, Recorded
from contracts.personal import Personal
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.approval_rules import not_own_entry, not_own_notice
from services.casework.procedures.case_facts import due_step, due_steps
from services.casework.procedures.clocks import explain_make_good, explain_notice
from services.casework.procedures.context import STEP_TAKEN_BY, AccountsOf, DecisionContext, no_other_account
from services.casework.procedures.forms import COMMANDS, STEPS, StepRoute
from services.casework.procedures.notice_rules import no_objection_open, notice_over
from services.casework.procedures.offices import CLOSED_BY, offices_of, require_office
from services.casework.procedures.rules import RULES_FOR
from services.casework.procedures.sequence_rules import OUT_OF_ORDER, case_still_open
from services.casework.procedures.state import CaseState, PostedNotice, Subject
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused

TAKEN_BY = {step: command for command, step in STEP_TAKEN_BY.items()}
STEP_ROUTES: Mapping[type[p.Step], StepRoute] = {
    step: next(route for route in STEPS if COMMANDS[route.form] is command) for command, step in STEP_TAKEN_BY.items()
}
"""Type of a step → the request that takes it."""
INDEPENDENT_OF_FORM = (case_still_open, no_objection_open, notice_over, not_own_entry)
"""Rules that ask who takes a step and when, not what is entered."""
RESULTS: Mapping[type[Fact], str] = {
    facts.VisitMade: "confirmed",
    facts.ConsentGiven: "agreed",
    facts.ReviewGiven: "outcome",
    facts.OpinionGiven: "favourable",
    facts.SignatureGiven: "signed",
    facts.InspectionMade: "passed",
    facts.ComparisonMade: "clean",
    facts.CaseDecided: "approved",
}
"""Fact of a step → its field that says how it went."""


class StepState(StrEnum):
    """``posted``: a notice that is running; ``deferred``: to be made good after the green channel."""

    DONE = "done"
    DUE = "due"
    POSTED = "posted"
    DEFERRED = "deferred"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as it was taken last. ``result``: as the fact says it under ``result_field``; ``votes``: persons;
    ``document_no``: of a decision."""

    fact_id: str
    on: date
    by: str
    result_field: str | None
    result: bool | str | None
    votes: Mapping[str, int] | None
    document_no: str | None
    papers: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ObjectionProgress:
    no: int
    raised_on: date
    resolved_on: date | None = None
    upheld: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """``refused``: the first rule by which the caller may not take this step now; ``None`` where they may. ``posted``: of a notice, as
    it hangs or hung."""

    step: p.AnyStep
    state: StepState
    taken: Taken | None
    clock: Message | None
    objections: tuple[ObjectionProgress, ...]
    refused: Refused | None
    posted: PostedNotice | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: account, roles, level of office; ``on``: today; ``accounts_of``: which accounts are one person's."""

    account: str
    roles: frozenset[Role]
    level: Level
    on: date
    accounts_of: AccountsOf = no_other_account


def kind_of(step: p.AnyStep) -> str:
    """As procedure documents name it."""
    return str(type(step).__struct_config__.tag)


def progress(
    timeline: Iterable[Recorded], state: CaseState, procedure: p.Procedure, subject: Subject, caller: Caller
) -> list[StepProgress]:
    """Every step of the case's edition, in order."""
    taken, objections = _history(timeline)
    due = due_steps(state, procedure)
    return [
        StepProgress(
            step=step,
            state=_state_of(step, state, due),
            taken=taken.get(step.key),
            clock=_clock_of(step, state, procedure),
            objections=tuple(o for key, o in objections.values() if key == step.key),
            posted=state.notice(step.key),
            refused=_refusal(step, due, state, procedure, subject, caller),
        )
        for step in procedure.steps
    ]


def _history(timeline: Iterable[Recorded]) -> tuple[dict[str, Taken], dict[int, tuple[str, ObjectionProgress]]]:
    taken: dict[str, Taken] = {}
    objections: dict[int, tuple[str, ObjectionProgress]] = {}
    for recorded in timeline:
        match recorded.fact:
            case facts.CaseReturned(undone=undone):
                for key in undone:
                    taken.pop(key, None)
            case facts.ObjectionRaised(step=step, objection_no=no) as raised:
                objections[no] = step, ObjectionProgress(no, raised.effective_on)
            case facts.ObjectionResolved(step=step, objection_no=no) as fact:
                raised_on = objections[no][1].raised_on
                objections[no] = step, ObjectionProgress(no, raised_on, fact.effective_on, fact.upheld)
            case facts.CaseOpened() | facts.CaseEnded() | facts.NoticeClosed() | facts.NoticeTakenDown():
                pass
            case facts.CaseFact() as fact if hasattr(fact, "step"):
                taken[fact.step] = _taken(recorded.id, fact)
    return taken, objections


def _taken(fact_id: str, fact: Any) -> Taken:
    votes = (
        {name: getattr(fact, name) for name in ("entitled", "present", "in_favour", "against", "abstained")}
        if isinstance(fact, facts.AppraisalHeld)
        else None
    )
    field = RESULTS.get(type(fact))
    result = None if field is None else getattr(fact, field)
    document_no = fact.decision.document_no if fact.decision else None
    return Taken(fact_id, fact.effective_on, fact.entered_by, field, result, votes, document_no, fact.evidence)


def _state_of(step: p.AnyStep, state: CaseState, due: Sequence[p.AnyStep]) -> StepState:
    if step.key in state.done:
        return StepState.DONE
    if state.is_open and state.running_notice is not None and state.running_notice.step == step.key:
        return StepState.POSTED
    if step in due:
        return StepState.DUE
    return StepState.DEFERRED if step.key in state.deferred else StepState.LATER


def _clock_of(step: p.AnyStep, state: CaseState, procedure: p.Procedure) -> Message | None:
    posted = state.notice(step.key)
    if isinstance(step, p.Notice) and posted is not None:
        return explain_notice(step, posted, state)
    if step.key in state.deferred - state.done and procedure.green_channel and state.green_channel_on:
        assert state.make_good_by is not None
        return explain_make_good(procedure.green_channel, state.green_channel_on, state.make_good_by)
    return None


def refusal_of_resolution(
    objection_no: int, state: CaseState, procedure: p.Procedure, subject: Subject, caller: Caller
) -> Refused | None:
    """The first rule by which the caller may not resolve this open objection, whatever was found."""
    command = c.ResolveObjection(
        case_id=state.case_id, on=max(caller.on, state.latest_on), today=caller.on, by=caller.account,
        objection_no=objection_no, upheld=False, finding=Personal(""),
    )  # fmt: skip
    context = DecisionContext(command, state, procedure, subject, None, due_step(state, procedure), caller.accounts_of)
    try:
        require_office(offices_of(command, state, procedure), caller.roles, caller.level)
        not_own_notice(context)
    except Refused as refused:
        return refused
    return None


def refusal_of_closing(caller: Caller) -> Refused | None:
    """Whether the caller's office closes no cases."""
    try:
        require_office(CLOSED_BY, caller.roles, caller.level)
    except Refused as refused:
        return refused
    return None


def _refusal(
    step: p.AnyStep,
    due: Sequence[p.AnyStep],
    state: CaseState,
    procedure: p.Procedure,
    subject: Subject,
    caller: Caller,
) -> Refused | None:
    """The first rule that refuses whatever would be entered."""
    kind = TAKEN_BY[type(step)]
    command = c.StepCommand(
        case_id=state.case_id, on=max(caller.on, state.latest_on), today=caller.on, by=caller.account
    )
    at = step if step in due else due_step(state, procedure)
    context = DecisionContext(command, state, procedure, subject, None, at, caller.accounts_of)
    try:
        require_office((step.office,), caller.roles, caller.level)
        for rule in INDEPENDENT_OF_FORM:
            if rule in RULES_FOR[kind]:
                rule(context)
        if step not in due:
            raise Refused(OUT_OF_ORDER, due=at and at.named)
    except Refused as refused:
        return refused
    return None
