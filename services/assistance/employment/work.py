"""What one person's work comes to, told from its timeline, and which facts contradict others. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance import employment as facts
from contracts.assistance.employment import BusinessStarted, JobPlaced
from contracts.facts import Fact, Recorded
from services.assistance.employment import rules
from services.casework.dates import months_later
from services.chassis.ground.refusals import Refused


@dataclass(slots=True)
class Placement:
    """``until``: last day, once it ended; ``ends_by``: last day of its term."""

    placed: JobPlaced
    until: date | None = None
    reason: facts.EndOfPlacement | None = None
    kept: list[int] = field(default_factory=list)
    attended: dict[date, int] = field(default_factory=dict)
    wages: dict[date, Decimal] = field(default_factory=dict)
    tutor: str | None = None
    handed_to: str | None = None
    contact: str | None = None

    @property
    def since(self) -> date:
        return self.placed.effective_on

    @property
    def last_day(self) -> date | None:
        """``None`` while nothing ends it."""
        ends = [day for day in (self.until, self.placed.term_ends) if day is not None]
        return min(ends, default=None)

    def runs_on(self, day: date) -> bool:
        return self.since <= day and (self.last_day is None or day <= self.last_day)

    def days_in(self, month: date) -> int:
        """Days of the month on which the placement ran."""
        first, end = max(month, self.since), next_month(month) - timedelta(days=1)
        last = end if self.last_day is None else min(end, self.last_day)
        return max((last - first).days + 1, 0)


@dataclass(slots=True)
class Work:
    """All work of one person. ``contradictions``: by id of the fact."""

    placements: dict[UUID, Placement] = field(default_factory=dict)
    matches: list[facts.JobMatched] = field(default_factory=list)
    businesses: list[BusinessStarted] = field(default_factory=list)
    died_on: date | None = None
    contradictions: dict[str, Refused] = field(default_factory=dict)

    def placement_on(self, placement_id: UUID, day: date) -> Placement:
        """Raises ``Refused``."""
        self.require_alive(day)
        found = self.placements.get(placement_id)
        if found is None or not found.runs_on(day):
            raise Refused(rules.NOT_AT_WORK)
        return found

    def require_alive(self, day: date) -> None:
        if self.died_on is not None and day > self.died_on:
            raise Refused(rules.DEAD, on=self.died_on)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def work_of(timeline: Sequence[Recorded]) -> Work:
    work = Work()
    for recorded in timeline:
        tell = TELLS.get(type(recorded.fact))
        if tell is not None:
            try:
                tell(work, recorded.fact)
            except Refused as why:
                work.contradictions[recorded.id] = why
    return work


def contradictions(timeline: Sequence[Recorded]) -> Mapping[str, Refused]:
    """A ``Telling``."""
    return work_of(timeline).contradictions


def _matched(work: Work, fact: facts.JobMatched) -> None:
    work.require_alive(fact.effective_on)
    work.matches.append(fact)


def _placed(work: Work, fact: JobPlaced) -> None:
    work.require_alive(fact.effective_on)
    for other in work.placements.values():
        if fact.full_time and other.placed.full_time and other.runs_on(fact.effective_on):
            raise Refused(rules.TWO_FULL_TIME, since=other.since)
    work.placements[fact.placement_id] = Placement(fact)


def _kept(work: Work, fact: facts.PlacementKept) -> None:
    placement = work.placement_on(fact.placement_id, fact.effective_on)
    first_day = months_later(placement.since, fact.months)
    if fact.effective_on < first_day:
        raise Refused(rules.KEPT_TOO_EARLY, first_day=first_day)
    if fact.months in placement.kept:
        raise Refused(rules.KEPT_ALREADY)
    placement.kept.append(fact.months)


def _attended(work: Work, fact: facts.PostAttended) -> None:
    placement = _of_month(work, fact)
    if fact.month in placement.attended:
        raise Refused(rules.MONTH_TOLD_ALREADY)
    if fact.days > placement.days_in(fact.month):
        raise Refused(rules.MORE_DAYS_THAN_HELD, days=placement.days_in(fact.month))
    placement.attended[fact.month] = fact.days


def _earned(work: Work, fact: facts.WageReported) -> None:
    placement = _of_month(work, fact)
    if fact.month in placement.wages:
        raise Refused(rules.MONTH_TOLD_ALREADY)
    placement.wages[fact.month] = fact.amount


def _of_month(work: Work, fact: facts.PostAttended | facts.WageReported) -> Placement:
    placement = work.placements.get(fact.placement_id)
    if placement is None:
        raise Refused(rules.NOT_AT_WORK)
    if work.died_on is not None and fact.month > work.died_on:
        raise Refused(rules.DEAD, on=work.died_on)
    over = next_month(fact.month) <= fact.effective_on
    if fact.month.day != 1 or not over or not placement.days_in(fact.month):
        raise Refused(rules.MONTH_OUTSIDE, month=fact.month)
    return placement


def _tutored(work: Work, fact: facts.WorkTutorAssigned) -> None:
    work.placement_on(fact.placement_id, fact.effective_on).tutor = fact.tutor


def _handed_over(work: Work, fact: facts.WorkerHandedOver) -> None:
    placement = work.placement_on(fact.placement_id, fact.effective_on)
    if placement.placed.destination is None:
        raise Refused(rules.NOT_SENT_OUT)
    placement.handed_to, placement.contact = fact.to_organisation, None


def _accepted(work: Work, fact: facts.HandOverAccepted) -> None:
    placement = work.placement_on(fact.placement_id, fact.effective_on)
    if placement.handed_to is None or placement.contact is not None:
        raise Refused(rules.NOT_HANDED_OVER)
    placement.contact = fact.contact


def _ended(work: Work, fact: facts.PlacementEnded) -> None:
    placement = work.placement_on(fact.placement_id, fact.effective_on)
    if placement.reason is not None:  # on this very day: it ran still
        raise Refused(rules.ENDED_ALREADY)
    placement.until, placement.reason = fact.effective_on, fact.reason


def _started(work: Work, fact: BusinessStarted) -> None:
    work.require_alive(fact.effective_on)
    work.businesses.append(fact)


def _died(work: Work, fact: facts.WorkerDied) -> None:
    work.died_on = fact.effective_on
    for placement in work.placements.values():
        if placement.until is None:
            placement.until = fact.effective_on


TELLS: Mapping[type[Fact], Callable[[Work, Any], None]] = {
    facts.JobMatched: _matched,
    JobPlaced: _placed,
    facts.PlacementKept: _kept,
    facts.PostAttended: _attended,
    facts.WageReported: _earned,
    facts.WorkTutorAssigned: _tutored,
    facts.WorkerHandedOver: _handed_over,
    facts.HandOverAccepted: _accepted,
    facts.PlacementEnded: _ended,
    BusinessStarted: _started,
    facts.WorkerDied: _died,
}
