"""One pupil's applications and entitlements, folded from the pupil's stream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from contracts.assistance.aid import (
    AidApplicationEnded,
    AidApplied,
    AidAppraised,
    AidContinuedAfterExit,
    AidEndedAtStageChange,
    AidFact,
    AidGranted,
    AidNoticeClosed,
    AidNoticePosted,
    AidObjectionRaised,
    AidObjectionResolved,
    AidOutcome,
    AidReviewed,
    AidStopped,
    AidTransferred,
    PaidAidReviewOpened,
)
from contracts.facts import Recorded


class AidStep(StrEnum):
    """How far an application has come."""

    APPLIED = "applied"
    APPRAISED = "appraised"
    NOTICE_POSTED = "notice_posted"
    OBJECTED = "objected"
    NOTICE_CLOSED = "notice_closed"
    REVIEWED = "reviewed"
    GRANTED = "granted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


CLOSED_STEPS = frozenset({AidStep.GRANTED, AidStep.REJECTED, AidStep.WITHDRAWN})
STAGE_OVER = "stage_over"


@dataclass(frozen=True, slots=True)
class AidCase:
    """One application and its outcome. ``entered_by``: who entered it; ``reviewed_by``: who gave the township's opinion;
    ``step_on``: day of the last step; ``until``: first day without aid; ``ending``: why; ``ended_on``: when it failed."""

    applied: AidApplied
    applied_at: datetime
    household_id: UUID
    division: str
    step: AidStep
    step_on: date
    entered_by: frozenset[str]
    reviewed_by: frozenset[str] = frozenset()
    notice: AidNoticePosted | None = None
    objections: int = 0
    open_objections: frozenset[int] = frozenset()
    ended_on: date | None = None
    granted: AidGranted | None = None
    continued_on: date | None = None
    until: date | None = None
    ending: str | None = None
    review: PaidAidReviewOpened | None = None

    @property
    def number(self) -> int:
        return self.applied.application_no

    @property
    def is_open(self) -> bool:
        return self.step not in CLOSED_STEPS

    def runs_on(self, day: date) -> bool:
        """Whether the pupil is entitled on that day."""
        return (
            self.granted is not None and self.granted.effective_on <= day and (self.until is None or day < self.until)
        )


def fold(timeline: Iterable[Recorded]) -> dict[int, AidCase]:
    """Application number → case, oldest first."""
    cases: dict[int, AidCase] = {}
    for recorded in timeline:
        fact = recorded.fact
        if isinstance(fact, AidApplied):
            cases[fact.application_no] = _applied(fact, recorded.recorded_at)
        elif isinstance(fact, AidFact) and fact.application_no in cases:
            cases[fact.application_no] = evolve(cases[fact.application_no], fact)
    return cases


def _applied(fact: AidApplied, at: datetime) -> AidCase:
    return AidCase(
        applied=fact,
        applied_at=at,
        household_id=fact.household_id,
        division=fact.division,
        step=AidStep.APPLIED,
        step_on=fact.effective_on,
        entered_by=frozenset({fact.entered_by}),
    )


def evolve(case: AidCase, fact: AidFact) -> AidCase:
    """The case after one more fact."""
    return _with_decision(case, fact) if type(fact) in STEP_AFTER else _with_derived_fact(case, fact)


STEP_AFTER: Mapping[type[AidFact], AidStep] = {
    AidAppraised: AidStep.APPRAISED,
    AidNoticePosted: AidStep.NOTICE_POSTED,
    AidObjectionRaised: AidStep.OBJECTED,
    AidObjectionResolved: AidStep.NOTICE_POSTED,
    AidNoticeClosed: AidStep.NOTICE_CLOSED,
    AidReviewed: AidStep.REVIEWED,
    AidApplicationEnded: AidStep.REJECTED,
    AidGranted: AidStep.GRANTED,
}


def _with_decision(case: AidCase, fact: AidFact) -> AidCase:
    case = replace(case, step=STEP_AFTER[type(fact)], step_on=fact.effective_on)
    match fact:
        case AidAppraised():
            return _with_entered_by(case, fact)
        case AidNoticePosted():
            return replace(_with_entered_by(case, fact), notice=fact)
        case AidObjectionRaised(objection_no=no):
            return replace(_with_entered_by(case, fact), objections=no, open_objections=case.open_objections | {no})
        case AidObjectionResolved(objection_no=no):
            still = case.open_objections - {no}
            step = AidStep.OBJECTED if still else AidStep.NOTICE_POSTED
            return replace(case, open_objections=still, step=step)
        case AidReviewed():
            return replace(case, reviewed_by=case.reviewed_by | {fact.entered_by})
        case AidApplicationEnded(outcome=outcome):
            step = AidStep.WITHDRAWN if outcome is AidOutcome.WITHDRAWN else AidStep.REJECTED
            return replace(case, step=step, ended_on=fact.effective_on, open_objections=frozenset())
        case AidGranted():
            return replace(case, granted=fact)
    return case


def _with_entered_by(case: AidCase, fact: AidFact) -> AidCase:
    return replace(case, entered_by=case.entered_by | {fact.entered_by})


def _with_derived_fact(case: AidCase, fact: AidFact) -> AidCase:
    match fact:
        case AidTransferred(household_id=household, to_division=division):
            return replace(case, household_id=household, division=division)
        case AidContinuedAfterExit():
            return replace(case, continued_on=fact.effective_on)
        case AidEndedAtStageChange():
            return replace(case, until=fact.effective_on, ending=STAGE_OVER)
        case AidStopped(reason=reason):
            return replace(case, until=fact.effective_on, ending=reason.value)
        case PaidAidReviewOpened():
            return replace(case, review=fact)
    return case
