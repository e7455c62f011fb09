"""Every act that applies to a case now, for whoever asks: whether they may, or by which rule not. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contracts.personal import Personal
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import due_step
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.next_steps import ACTS, office_among
from services.casework.procedures.notice_rules import (
    latest_step_after,
    objection_in_time,
    objection_is_open,
    objection_not_overtaken,
)
from services.casework.procedures.offices import offices_of, require_office
from services.casework.procedures.progress import TAKEN_BY, Caller, StepProgress, StepState, refusal_of_resolution
from services.casework.procedures.rules import CaseRule
from services.casework.procedures.sequence_rules import (
    earliest_day,
    earliest_day_of,
    effect_not_standing,
    green_channel_offered,
    not_before_previous_step,
    not_decided,
)
from services.casework.procedures.state import CaseState, PostedNotice, Subject
from services.casework.procedures.taking_down import first_day_down, hanging_over_time
from services.chassis.ground.next_steps import NextStep
from services.chassis.ground.refusals import Refused

UNSAID = Personal("")


@dataclass(frozen=True, slots=True)
class ApplicableAct:
    """``refused``: the first rule by which the caller may not, whatever they would enter; ``None`` where they may."""

    step: NextStep
    refused: Refused | None


def applicable_acts(
    steps: Iterable[StepProgress], state: CaseState, procedure: p.Procedure, subject: Subject, caller: Caller
) -> list[ApplicableAct]:
    """The step that is due first; about a case that has ended that a notice comes down. What no rule but of somebody's office is against is
    named, so that it is seen whose it is."""
    hanging = [(step, posted) for step, posted in hanging_over_time(state, procedure) if step.taking_down is not None]
    down = [_taking_down(step, posted, state, caller) for step, posted in hanging]
    if not state.is_open:
        return down
    due = [_due(each, state, procedure) for each in steps if each.state is StepState.DUE and not state.open_objections]
    return [*due, *down, *_others(state, procedure, subject, caller)]


def _taking_down(step: p.Notice, posted: PostedNotice, state: CaseState, caller: Caller) -> ApplicableAct:
    """Which notice, and the photo that it needs, are settled in its form."""
    papers = () if step.taking_down is None else step.taking_down.evidence
    form = {"step": step.key, **({"evidence": [{"kind": kind} for kind in papers]} if papers else {})}
    act = NextStep(
        ACTS[c.TakeDownNotice], office_among((step.office,)), {"case_id": state.case_id}, form,
        first_day_down(posted, state),
    )  # fmt: skip
    try:
        require_office((step.office,), caller.roles, caller.level)
    except Refused as refused:
        return ApplicableAct(act, refused)
    return ApplicableAct(act, None)


def _due(found: StepProgress, state: CaseState, procedure: p.Procedure) -> ApplicableAct:
    """The papers that it needs are settled in its form."""
    step = found.step
    form = {"evidence": [{"kind": kind} for kind in step.evidence]} if step.evidence else {}
    act, first_day = ACTS[TAKEN_BY[type(step)]], earliest_day(step, state, procedure)
    return ApplicableAct(
        NextStep(act, office_among((step.office,)), {"case_id": state.case_id}, form, first_day), found.refused
    )


def _others(state: CaseState, procedure: p.Procedure, subject: Subject, caller: Caller) -> Iterator[ApplicableAct]:
    due = due_step(state, procedure)
    for command, applying in _commands(state, procedure, caller):
        context = DecisionContext(command, state, procedure, subject, None, due, caller.accounts_of)
        try:
            for rule in applying:
                rule(context)
        except Refused:
            continue  # it does not apply
        offices = offices_of(command, state, procedure)
        ids: dict[str, object] = {"case_id": state.case_id}
        if isinstance(command, c.ResolveObjection):
            ids["objection_no"] = command.objection_no
        first_day = earliest_day_of(command, None, state, procedure)
        step = NextStep(ACTS[type(command)], office_among(offices), ids, first_day=first_day)
        yield ApplicableAct(step, _refusal(command, offices, state, procedure, subject, caller))


def _refusal(
    command: c.Command, offices: tuple[CompetentOffice, ...], state: CaseState, procedure: p.Procedure,
    subject: Subject, caller: Caller,
) -> Refused | None:  # fmt: skip
    if isinstance(command, c.ResolveObjection):
        return refusal_of_resolution(command.objection_no, state, procedure, subject, caller)
    try:
        require_office(offices, caller.roles, caller.level)
    except Refused as refused:
        return refused
    return None


def _commands(
    state: CaseState, procedure: p.Procedure, caller: Caller
) -> Iterator[tuple[c.Command, tuple[CaseRule, ...]]]:
    """Each command but a step's, with the rules by which it applies. What is entered is left open, also the day of an objection
    that is told late."""
    said: dict[str, Any] = {
        "case_id": state.case_id, "on": max(caller.on, state.latest_on), "today": caller.on, "by": caller.account,
    }  # fmt: skip
    for objection in state.open_objections:
        yield c.ResolveObjection(**said, objection_no=objection.no, upheld=False, finding=UNSAID), (objection_is_open,)
    posted = next(reversed(state.notices), None)
    late = posted is not None and latest_step_after(posted, state, procedure) is None
    told = {**said, "on": min(said["on"], posted.last_day)} if late and posted is not None else said
    yield (
        c.RaiseObjection(**told, text=UNSAID),
        (
            objection_in_time,
            objection_not_overtaken,
            not_before_previous_step,
        ),
    )
    yield c.TakeGreenChannel(**said, reason=UNSAID), (not_decided, green_channel_offered)
    if state.done or state.notices:
        yield c.ReturnCase(**said, back_to="", reason=UNSAID), (not_decided,)
    yield c.WithdrawCase(**said), (not_decided,)
    yield c.CloseCase(**said, reason=UNSAID), (effect_not_standing,)
