"""The decider of each command: its facts, once every rule allows it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any, NamedTuple

import msgspec

from contracts.casework import cases as facts
from contracts.facts import Decision, Fact
from services.casework.calendars.day_count import ONE_DAY, DayCount, Holidays
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import (
    case_ended,
    common_fields,
    due_step,
    outcome_against,
    required_step,
)
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.notice_deciders import (
    close_notice,
    post_notice,
    raise_objection,
    resolve_objection,
    return_case,
)
from services.casework.procedures.state import CaseState, Subject, evolve
from services.casework.procedures.taking_down import take_down_notice

ENDS_WHEN_REFUSED: frozenset[type[p.Step]] = frozenset(
    {p.Visit, p.Appraisal, p.Consent, p.Review, p.Signature, p.Decision}
)
"""Step types whose negative result ends the case as rejected."""


def ends_case(step: p.AnyStep, *, approved: bool) -> bool:
    """Whether a negative result of the step ends the case. ``approved``: decided first, by the green channel: a comparison that
    must be clean, and otherwise only prevents an approval, then brings it down."""
    return type(step) in ENDS_WHEN_REFUSED or (approved and isinstance(step, p.Comparison) and step.must_be_clean)


def open_case(
    command: c.OpenCase, procedure: p.Procedure, subject: Subject, holidays: Holidays | None = None
) -> list[Fact]:
    return [
        facts.CaseOpened(
            case_id=command.case_id,
            subject=subject.id,
            household_id=subject.household_id,
            effective_on=command.on,
            entered_by=command.by,
            evidence=command.evidence,
            standing=procedure.standing,
            procedure=procedure.procedure,
            edition=procedure.edition,
            division=subject.area or "",
            grounds=command.grounds,
            cause=command.cause,
            clue_id=command.clue_id,
            due_by=_due_by(command.counts_from or command.on, procedure.term, holidays),
        )
    ]


def _due_by(day: date, term: p.Term | None, holidays: Holidays | None) -> date | None:
    if term is None:
        return None
    return DayCount(term.calendar, holidays).last_day(term.days, day if term.first_day_counts else day + ONE_DAY)


def case_completed(command: c.Command, state: CaseState, procedure: p.Procedure, new: Sequence[Fact]) -> list[Fact]:
    """The end of a case of which every step is done."""
    after = reduce(evolve, new, state)
    if not after.is_open or due_step(after, procedure) is not None:
        return []
    last = next((fact for fact in reversed(new) if hasattr(fact, "step")), None)
    ended = {**common_fields(command, state), "evidence": (), "effective_on": after.stands_since}
    return [facts.CaseEnded(**ended, outcome=facts.CaseOutcome.COMPLETED, step=getattr(last, "step", None))]


def _step_facts(context: DecisionContext[Any], fact: Fact, positive: bool) -> list[Fact]:
    """The step's fact, and the end of the case after a negative result."""
    step = required_step(context)
    if not positive and ends_case(step, approved=bool(context.state.approved)):
        return [fact, case_ended(context, outcome_against(context), step.key)]
    return [fact]


class PlainStep(NamedTuple):
    """A step whose fact says what its command says. ``positive``: whether that lets the case go on."""

    fact: Callable[..., Fact]
    fields: tuple[str, ...]
    positive: Callable[[Any], bool]


PLAIN_STEPS: Mapping[type[c.Command], PlainStep] = {
    c.MakeVisit: PlainStep(facts.VisitMade, ("confirmed", "findings"), lambda visit: visit.confirmed),
    c.GiveConsent: PlainStep(facts.ConsentGiven, ("agreed",), lambda consent: consent.agreed),
    c.GiveReview: PlainStep(
        facts.ReviewGiven, ("outcome",), lambda review: review.outcome is facts.ReviewOutcome.PASSED
    ),
    c.GiveOpinion: PlainStep(facts.OpinionGiven, ("favourable", "opinion"), lambda given: given.favourable),
    c.GiveSignature: PlainStep(facts.SignatureGiven, ("signed", "signer"), lambda given: given.signed),
    c.MakeInspection: PlainStep(facts.InspectionMade, ("passed", "findings"), lambda made: made.passed),
    c.MakeComparison: PlainStep(
        facts.ComparisonMade, ("clean", "departments", "findings", "results"), lambda comparison: comparison.clean
    ),
    c.AnnounceCase: PlainStep(facts.CaseAnnounced, (), lambda _: True),
}


def _take_plain_step(context: DecisionContext[Any]) -> list[Fact]:
    command, plain = context.command, PLAIN_STEPS[type(context.command)]
    said = {name: getattr(command, name) for name in plain.fields}
    common = common_fields(command, context.state)
    return _step_facts(context, plain.fact(**common, step=required_step(context).key, **said), plain.positive(command))


def _hold_appraisal(context: DecisionContext[c.HoldAppraisal]) -> list[Fact]:
    command, step = context.command, required_step(context)
    held = facts.AppraisalHeld(
        **common_fields(command, context.state),
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


def _decide_case(context: DecisionContext[c.DecideCase]) -> list[Fact]:
    command = context.command
    decision = Decision(
        organ=command.organ.strip(),
        decided_on=command.on,
        document_no=command.document_no.strip(),
        signer=command.signer.strip(),
    )
    decided = facts.CaseDecided(
        **common_fields(command, context.state),
        decision=decision,
        step=required_step(context).key,
        approved=command.approved,
    )
    return _step_facts(context, decided, command.approved)


def _withdraw_case(context: DecisionContext[c.WithdrawCase]) -> list[Fact]:
    return [case_ended(context, facts.CaseOutcome.WITHDRAWN, context.due.key if context.due else None)]


def _close_case(context: DecisionContext[c.CloseCase]) -> list[Fact]:
    ended = case_ended(context, facts.CaseOutcome.CLOSED, context.due.key if context.due else None)
    return [msgspec.structs.replace(ended, evidence=context.command.evidence, reason=context.command.reason)]


def _take_green_channel(context: DecisionContext[c.TakeGreenChannel]) -> list[Fact]:
    channel = context.procedure.green_channel
    assert channel is not None  # green_channel_offered
    taken_on = context.command.on
    return [
        facts.GreenChannelTaken(
            **common_fields(context.command, context.state),
            deferred=tuple(key for key in channel.deferred if key not in context.state.done),
            make_good_by=DayCount(channel.calendar, context.holidays).last_day(channel.days, taken_on + ONE_DAY),
            reason=context.command.reason,
        )
    ]


def _miss_make_good(context: DecisionContext[c.MissMakeGood]) -> list[Fact]:
    missing = tuple(s.key for s in context.procedure.steps if s.key in context.state.deferred - context.state.done)
    return [facts.MakeGoodMissed(**common_fields(context.command, context.state), missing=missing)] if missing else []


def _exceed_term(context: DecisionContext[c.ExceedTerm]) -> list[Fact]:
    term, state = context.procedure.term, context.state
    if term is None or state.due_by is None or term.until in state.done:
        return []
    return [facts.TermExceeded(**common_fields(context.command, state), due_by=state.due_by)]


DECIDERS: Mapping[type[c.Command], Callable[[DecisionContext[Any]], list[Fact]]] = {
    **dict.fromkeys(PLAIN_STEPS, _take_plain_step),
    c.HoldAppraisal: _hold_appraisal,
    c.PostNotice: post_notice,
    c.DecideCase: _decide_case,
    c.RaiseObjection: raise_objection,
    c.ResolveObjection: resolve_objection,
    c.CloseNotice: close_notice,
    c.TakeDownNotice: take_down_notice,
    c.ReturnCase: return_case,
    c.WithdrawCase: _withdraw_case,
    c.CloseCase: _close_case,
    c.TakeGreenChannel: _take_green_channel,
    c.MissMakeGood: _miss_make_good,
    c.ExceedTerm: _exceed_term,
}
