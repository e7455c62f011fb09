"""One pupil's applications and what was granted on them, folded from the pupil's stream."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from contracts.assistance import aid as facts
from contracts.facts import Recorded

STAGE_OVER = "stage_over"


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted on an application. ``household_id`` and ``division``: as of the last transfer; ``until``: first
    day without aid; ``ending``: why; ``fact_id``: of the fact that granted it; ``continued_on``: day of the exit after which it went on."""

    granted: facts.AidGranted
    granted_at: datetime
    household_id: UUID
    division: str
    continued_on: date | None = None
    until: date | None = None
    ending: str | None = None
    review: facts.PaidAidReviewOpened | None = None
    fact_id: str = ""

    def runs_on(self, day: date) -> bool:
        """Whether the pupil is entitled on that day."""
        return self.granted.effective_on <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Grant") -> bool:
        """Whether the pupil would be entitled to both on some day."""
        first, second = sorted((self, other), key=lambda grant: grant.granted.effective_on)
        return first.runs_on(second.granted.effective_on) and second.runs_on(second.granted.effective_on)


@dataclass(frozen=True, slots=True)
class PupilAid:
    """By case id."""

    applications: dict[UUID, facts.AidApplied]
    grants: dict[UUID, Grant]

    def runs_on(self, day: date) -> bool:
        return any(grant.runs_on(day) for grant in self.grants.values())


def fold(timeline: Iterable[Recorded]) -> PupilAid:
    aid = PupilAid({}, {})
    for recorded in timeline:
        match recorded.fact:
            case facts.AidApplied() as fact:
                aid.applications[fact.case_id] = fact
            case facts.AidGranted() as fact:
                aid.grants[fact.case_id] = Grant(
                    fact, recorded.recorded_at, fact.household_id, fact.division, fact_id=recorded.id
                )  # fmt: skip
            case facts.AidFact() as fact if fact.case_id in aid.grants:
                aid.grants[fact.case_id] = evolve(aid.grants[fact.case_id], fact)
    return aid


def evolve(grant: Grant, fact: facts.AidFact) -> Grant:
    """The grant after one more of the facts that follow it."""
    day = fact.effective_on
    match fact:
        case facts.AidTransferred():
            return replace(grant, household_id=fact.household_id, division=fact.to_division)
        case facts.AidContinuedAfterExit():
            return replace(grant, continued_on=day)
        case facts.AidEndedAtStageChange() | facts.AidStopped():
            ending = fact.reason.value if isinstance(fact, facts.AidStopped) else STAGE_OVER
            return replace(grant, until=day, ending=ending)
        case facts.PaidAidReviewOpened():
            return replace(grant, review=fact)
    return grant
