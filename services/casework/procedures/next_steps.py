"""What may be done next when a command about a case is refused: the step that is due, or what ends the case, and by whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from msgspec import structs

from services.casework.dates import FUTURE_DAY
from services.casework.procedures import approval_rules as approval
from services.casework.procedures import commands as c
from services.casework.procedures import comparison_rules as comparisons
from services.casework.procedures import document as p
from services.casework.procedures import notice_rules as notices
from services.casework.procedures import opening_rules as opening
from services.casework.procedures import paper_rules as papers
from services.casework.procedures import sequence_rules as sequence
from services.casework.procedures import taking_down
from services.casework.procedures.case_facts import due_notice_closing, due_step, due_step_for, due_steps
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.context import STEP_TAKEN_BY
from services.casework.procedures.effects import EFFECT_CANNOT_STAND, effect_taken
from services.casework.procedures.forms import COMMANDS, STEPS
from services.casework.procedures.offices import CLOSED_BY, OFFICE_NOT_ALLOWED, offices_of
from services.casework.procedures.sequence_rules import earliest_day, earliest_day_of
from services.casework.procedures.state import CaseState, Subject, due_notice_end, evolve
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Others, Refused, Rule

ACTS: Mapping[type[c.Command], str] = {
    c.OpenCase: "open_case",
    c.ResolveObjection: "resolve_objection",
    **{COMMANDS[route.form]: route.operation for route in STEPS},
}
"""Command → operation id of its route."""
TAKEN_BY = {step: command for command, step in STEP_TAKEN_BY.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """In which a command was refused. ``other``: state and edition of another case; ``instead``: procedures about the same
    standing that may be opened on the day of the command."""

    command: c.Command
    state: CaseState | None
    procedure: p.Procedure
    subject: Subject | None
    other: Callable[[UUID], tuple[CaseState, p.Procedure]]
    instead: Callable[[], Iterable[p.Procedure]]


@contextmanager
def advising(at: Situation) -> Iterator[None]:
    """What is refused within says what may be done next, and so does what a dry run is refused by besides."""
    try:
        yield
    except Refused as no:
        raise _advised(no, at) from no.__cause__


def _advised(no: Refused, at: Situation) -> Refused:
    find, others = NEXT.get(no.rule), no.others
    if find is not None:
        no.advising(*find(at, no))

    def advised_others() -> Others:
        found = others()
        return replace(found, refused=tuple(_advised(other, at) for other in found.refused))

    no.others = advised_others
    return no


def office_among(offices: Iterable[CompetentOffice], *, another_person: bool = False) -> Office:
    """These offices of a procedure as one."""
    named = tuple(offices)
    roles, levels = (role for o in named for role in o.roles), (level for o in named for level in o.levels)
    return Office(tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(levels)), another_person)


def steps_due(state: CaseState, procedure: p.Procedure) -> tuple[NextStep, ...]:
    """The resolution of each open objection, else the step that is due, or comes after the notice that is running; none where
    a notice is the last of all, which ends by the calendar."""
    if state.open_objections:
        return tuple(_resolution(o.no, state, procedure) for o in state.open_objections)
    hanging = state.running_notice
    beside = [s for s in due_steps(state, procedure) if hanging is None or s.key != hanging.step]
    if beside:
        return tuple(_step(step, state, earliest_day(step, state, procedure)) for step in beside)
    if (over := due_notice_end(state)) is not None and (running := state.running_notice):
        state = structs.replace(state, done=state.done | {running.step}, days={**state.days, running.step: over})
    step = due_step(state, procedure)
    return () if step is None else (_step(step, state, earliest_day(step, state, procedure)),)


def _step(step: p.AnyStep, state: CaseState, first_day: date) -> NextStep:
    office = office_among((step.office,))
    return NextStep(ACTS[TAKEN_BY[type(step)]], office, {"case_id": state.case_id}, first_day=first_day)


def _resolution(no: int, state: CaseState, procedure: p.Procedure) -> NextStep:
    ids = {"case_id": state.case_id, "objection_no": no}
    step = procedure.step(next(o.step for o in state.open_objections if o.no == no))
    assert isinstance(step, p.Notice)
    office = office_among((step.objections.heard_by,), another_person=True)
    posted = state.notice(step.key)
    return NextStep("resolve_objection", office, ids, first_day=posted.latest_on if posted else state.latest_on)


def endings(state: CaseState, procedure: p.Procedure) -> tuple[NextStep, ...]:
    """What ends the case before its steps are done: withdrawn until it is decided, closed by the county until it has an
    effect."""
    if not state.is_open or effect_taken(state, procedure):
        return ()
    closing = _about_case("close_case", CLOSED_BY, state)
    return (closing,) if state.approved else (_about_case("withdraw_case", (procedure.opening.office,), state), closing)


def _about_case(act: str, offices: Iterable[CompetentOffice], state: CaseState, **form: Any) -> NextStep:
    return NextStep(act, office_among(offices), {"case_id": state.case_id}, form, state.latest_on)


Find = Callable[[Situation, Refused], tuple[NextStep, ...]]


def _due(at: Situation, _: Refused) -> tuple[NextStep, ...]:
    return () if at.state is None else steps_due(_with_notice_closed(at.state, at), at.procedure)


def _due_or_end(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    return (*_due(at, no), *_end(at, no))


def _end(at: Situation, _: Refused) -> tuple[NextStep, ...]:
    return () if at.state is None else endings(at.state, at.procedure)


def _same(at: Situation, _: Refused) -> tuple[NextStep, ...]:
    return (_again(at),)


def _same_later_or_end(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """Once the day has come; where it was mistyped in a step before, the case may end instead."""
    return (_again(at), *_end(at, no))


def _of_the_office(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """A step out of turn is for its own office no more than for others: what is due comes first."""
    due = _due(at, no)
    if isinstance(at.command, c.StepCommand) and due and due[0].act != ACTS[type(at.command)]:
        return due
    return _same(at, no)


def _by_another(at: Situation, _: Refused) -> tuple[NextStep, ...]:
    return (_again(at, another_person=True),)


def _again(at: Situation, *, another_person: bool = False) -> NextStep:
    command, offices = at.command, offices_of(at.command, at.state, at.procedure)
    office, act = office_among(offices, another_person=another_person), ACTS[type(command)]
    if isinstance(command, c.OpenCase):
        form = {"subject": command.subject, "procedure": at.procedure.procedure}
        return NextStep(act, office, form=form, first_day=command.on)
    about = {"objection_no": command.objection_no} if isinstance(command, c.ResolveObjection) else {}
    first_day = command.on
    if (state := at.state) is not None:
        state = _with_notice_closed(state, at)
        due = due_step_for(command, state, at.procedure)
        first_day = max(first_day, earliest_day_of(command, due, state, at.procedure))
    return NextStep(act, office, {"case_id": command.case_id, **about}, first_day=first_day)


def _end_without_subject(at: Situation, _: Refused) -> tuple[NextStep, ...]:
    """What the case brought about went with its subject."""
    if at.state is None:
        return ()
    return endings(at.state, at.procedure) or (_about_case("close_case", CLOSED_BY, at.state),)


def _reject_or_end(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """Of an approval that cannot be. An opening has nothing to reject, and an announcement comes too late for it."""
    if at.state is None:
        return ()
    if not isinstance(at.command, c.DecideCase):
        return _end(at, no)
    offices = offices_of(at.command, at.state, at.procedure)
    return (_about_case(ACTS[c.DecideCase], offices, at.state, approved=False), *_end(at, no))


def _open_instead(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """Of a standing that forbids an approval, or another procedure for an opening."""
    command, subject = at.command, at.subject
    if not isinstance(command, c.OpenCase) or subject is None:
        return _reject_or_end(at, no)
    others = (other for other in at.instead() if subject.standing in other.statuses)
    return tuple(opening_of(other, command.subject) for other in others)


def _once_in_force(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """Of an opening: from the first day on, or another procedure about the same standing; an approval comes too late."""
    if not isinstance(at.command, c.OpenCase):
        return _reject_or_end(at, no)
    first_day = at.procedure.in_force.starts
    again = (replace(_again(at), first_day=first_day),) if at.command.on < first_day else ()
    return (*again, *_open_instead(at, no))


def opening_of(procedure: p.Procedure, subject: UUID | None = None) -> NextStep:
    """The opening of a case."""
    about = {} if subject is None else {"subject": subject}
    return NextStep(
        ACTS[c.OpenCase], office_among((procedure.opening.office,)), form={**about, "procedure": procedure.procedure}
    )


def _compare_or_reject(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    unclean = no.facts.get("steps")
    if at.state is None or at.state.approved is not None or not isinstance(unclean, tuple):
        return ()
    offices = offices_of(at.command, at.state, at.procedure)
    back = tuple(_about_case(ACTS[c.ReturnCase], offices, at.state, back_to=step) for step in unclean)
    return (*back, *_reject_or_end(at, no))


def _authorise(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """Each adult whose authorisation is missing signs, or the case ends."""
    adults = () if at.subject is None else at.subject.adults
    return (*(adult.authorise for adult in adults if adult.authorise is not None), *_end(at, no))


def _return_to_notice(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """Of an objection that later steps have overtaken: the case goes back to the notice; what is decided goes on, or ends."""
    if at.state is None or at.state.approved is not None or (due := due_step(at.state, at.procedure)) is None:
        return _due_or_end(at, no)
    back = _about_case(ACTS[c.ReturnCase], (due.office,), at.state, back_to=at.state.notices[-1].step)
    return (back, *_end(at, no))


def _finish_other(at: Situation, _: Refused) -> tuple[NextStep, ...]:
    holder = None if at.subject is None else at.subject.open_case_id
    if holder is None:
        return ()
    state, procedure = at.other(holder)
    return (*steps_due(state, procedure), *endings(state, procedure))


def _open_again(at: Situation, _: Refused) -> tuple[NextStep, ...]:
    return () if at.state is None or at.state.approved else (opening_of(at.procedure, at.state.subject),)


def _once_over(at: Situation, no: Refused) -> tuple[NextStep, ...]:
    """The same, from the first day after the notice on."""
    first_day = no.facts.get("first_day")
    return tuple(replace(step, first_day=first_day) for step in _same(at, no) if isinstance(first_day, date))


def _with_notice_closed(state: CaseState, at: Situation) -> CaseState:
    return reduce(evolve, due_notice_closing(at.command, state, at.procedure), state)


NEXT: Mapping[Rule, Find] = {
    OFFICE_NOT_ALLOWED: _of_the_office,
    approval.OWN_ENTRY: _by_another,
    FUTURE_DAY: _same,
    sequence.BEFORE_PREVIOUS_STEP: _same_later_or_end,
    **dict.fromkeys(
        (
            papers.EVIDENCE_MISSING, papers.EVIDENCE_ON_PAPER, sequence.CLOSING_PAPER_MISSING, approval.VOTES_DO_NOT_ADD_UP,
            approval.NO_QUORUM, comparisons.COMPARISON_INCOMPLETE, approval.DOCUMENT_REQUIRED, opening.CAUSE_REQUIRED,
            opening.UNKNOWN_CAUSE,
        ),
        _same,
    ),
    **dict.fromkeys(
        (
            sequence.OUT_OF_ORDER, sequence.ANNOUNCED_BEFORE_DECISION, sequence.NO_GREEN_CHANNEL, sequence.STEP_NOT_TAKEN,
            notices.OBJECTION_OPEN, notices.NOTICE_NOT_OVER, notices.NO_NOTICE_POSTED, notices.OBJECTION_AFTER_NOTICE,
            notices.OBJECTION_NOT_OPEN,
        ),
        _due,
    ),
    sequence.ALREADY_DECIDED: _due_or_end,
    notices.OBJECTION_OVERTAKEN: _return_to_notice,
    sequence.EFFECT_STANDS: _due,
    taking_down.STILL_RUNS: _once_over,
    comparisons.AUTHORISATION_MISSING: _authorise,
    EFFECT_CANNOT_STAND: _reject_or_end,
    opening.SUBJECT_NOT_ON_RECORD: _end_without_subject,
    opening.NOT_IN_FORCE: _once_in_force,
    opening.STATUS_NOT_ALLOWED: _open_instead,
    approval.COMPARISON_NOT_CLEAN: _compare_or_reject,
    opening.OTHER_CASE_OPEN: _finish_other,
    sequence.CASE_CLOSED: _open_again,
}  # fmt: skip
"""Rule → what is next. Rules that no lawful act follows (a case opened twice) are left out."""
