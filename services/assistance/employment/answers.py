"""Answers about work."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from contracts.assistance.employment import EndOfPlacement
from contracts.facts import Recorded
from services.assistance.employment.work import Placement, work_of
from services.casework.fact_forms import PlainDecimal
from services.casework.standing_facts import StandingFactAnswer


class WorkMonthAnswer(BaseModel):
    """``days``: in a public post; ``earned``: yuan, reported."""

    month: date
    days: int | None
    earned: PlainDecimal | None


class PlacementAnswer(BaseModel):
    """``until``: last day, of the placement or of its term; ``kept``: months after which the job was still kept."""

    placement_id: UUID
    post_kind: str
    employer: str
    full_time: bool
    public_post: bool
    offer_id: UUID | None
    course_id: UUID | None
    destination: str | None
    since: date
    until: date | None
    end_reason: EndOfPlacement | None
    kept: list[int]
    tutor: str | None
    handed_to: str | None
    contact: str | None
    months: list[WorkMonthAnswer]

    @classmethod
    def of(cls, placement: Placement) -> Self:
        placed = placement.placed
        return cls(
            placement_id=placed.placement_id, post_kind=placed.post_kind, employer=placed.employer,
            full_time=placed.full_time, public_post=placed.public_post, offer_id=placed.offer_id,
            course_id=placed.course_id, destination=placed.destination, since=placement.since, until=placement.last_day,
            end_reason=placement.reason, kept=sorted(placement.kept), tutor=placement.tutor,
            handed_to=placement.handed_to, contact=placement.contact,
            months=[
                WorkMonthAnswer(month=m, days=placement.attended.get(m), earned=placement.wages.get(m))
                for m in sorted({*placement.attended, *placement.wages})
            ],
        )  # fmt: skip


class WorkContradictionAnswer(BaseModel):
    """An entry that counts for nothing, and why."""

    fact: str
    because: str


class BusinessAnswer(BaseModel):
    business: str
    trade: str
    started_on: date
    jobs: int
    course_id: UUID | None
    support: str | None


class WorkAnswer(BaseModel):
    """One person's work on a day, as known on another."""

    person_id: UUID
    died_on: date | None
    offers_matched: list[UUID]
    placements: list[PlacementAnswer]
    businesses: list[BusinessAnswer]
    contradictions: list[WorkContradictionAnswer]
    history: list[StandingFactAnswer]

    @classmethod
    def of(cls, person_id: UUID, facts: Sequence[Recorded]) -> Self:
        """``facts``: the timeline of the person's work."""
        work = work_of(facts)
        return cls(
            person_id=person_id, died_on=work.died_on, offers_matched=[match.offer_id for match in work.matches],
            placements=[
                PlacementAnswer.of(p) for p in sorted(work.placements.values(), key=lambda p: (p.since, p.placed.placement_id))
            ],
            businesses=[
                BusinessAnswer(
                    business=b.business, trade=b.trade, started_on=b.effective_on, jobs=b.jobs, course_id=b.course_id,
                    support=b.support,
                )
                for b in work.businesses
            ],
            contradictions=[
                WorkContradictionAnswer(fact=fact, because=why.rule.code) for fact, why in work.contradictions.items()
            ],
            history=StandingFactAnswer.of_all(facts),
        )  # fmt: skip


class ListedPlacementAnswer(BaseModel):
    """``kept_months``: the most after which the job was still kept."""

    placement_id: UUID
    person_id: UUID
    household_id: UUID
    division: str
    post_kind: str
    destination: str | None
    course_id: UUID | None
    since: date
    until: date | None
    kept_months: int
    days_attended: int
    earned: PlainDecimal
    handed_over: bool
    accepted: bool


class JobOfferAnswer(BaseModel):
    """``placed``: how many were placed through it, on the day asked about."""

    offer_id: UUID
    division: str
    post_kind: str
    employer: str
    job_title: str
    places: int
    placed: int
    wage: PlainDecimal | None
    fair: str | None
    offered_on: date
    closed_on: date | None


class EmploymentTotalAnswer(BaseModel):
    """Of one kind of post in an area. A person placed twice is one of ``persons`` and two of ``placements``; ``businesses`` stand
    under a kind of their own."""

    post_kind: str
    persons: int
    women: int
    households: int
    placements: int
    sent_out: int
    kept_three_months: int
    kept_six_months: int
    days_attended: int
    earned: PlainDecimal
    businesses: int


class EarnedAnswer(BaseModel):
    """What is reported of somebody's wages in a year: income once the household's survey confirms it."""

    person_id: UUID
    year: int
    months: int
    earned: PlainDecimal


class ProposedPersonAnswer(BaseModel):
    """``rank``: the place of the ground of priority in the document of the kind of post; ``placed``: whether through this offer."""

    person_id: UUID
    matched_on: date
    rank: int
    priority: str | None
    placed: bool


class SeveralPostsAnswer(BaseModel):
    """A household with more posts than the one that it is to have."""

    household_id: UUID
    division: str
    persons: int
    placements: list[UUID]
