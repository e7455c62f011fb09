"""What one unit applied for and was granted, folded from the unit's stream."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import msgspec

from contracts.assistance import entitlements as facts
from contracts.facts import Recorded

STAGE_OVER = "stage_over"


class Residence(NamedTuple):
    """From ``since`` on the unit is in this household, in this division."""

    since: date
    household_id: UUID
    division: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """From ``since`` to the eve of ``until``. ``back_pay``: id of the resumption by which what fell into it is due after all."""

    since: date
    fact_id: str
    until: date | None = None
    back_pay: str | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Told(msgspec.Struct, frozen=True, gc=False):
    """What was told of a period, and when that was recorded."""

    said: facts.EntitlementQuantityTold
    fact_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted on an application. ``residences``: where the unit was since, in order; ``until``: first day without it;
    ``ending``: why; ``fact_id``: of the fact that granted it; ``continued_on``: day of the exit after which it went on; ``told``: what
    amounts are reckoned from, in the order in which it was told."""

    granted: facts.EntitlementGranted
    granted_at: datetime
    residences: tuple[Residence, ...]
    continued_on: date | None = None
    until: date | None = None
    ending: str | None = None
    review: facts.OverpaidReviewOpened | None = None
    suspensions: tuple[Suspension, ...] = ()
    told: tuple[Told, ...] = ()
    fact_id: str = ""

    @classmethod
    def of(cls, granted: facts.EntitlementGranted, at: datetime, fact_id: str = "") -> "Grant":
        first = Residence(granted.effective_on, granted.household_id, granted.division)
        return cls(granted, at, (first,), fact_id=fact_id)

    @property
    def household_id(self) -> UUID:
        """As of the last transfer."""
        return self.residences[-1].household_id

    @property
    def division(self) -> str:
        return self.residences[-1].division

    def residence_on(self, day: date) -> Residence:
        for residence in reversed(self.residences):
            if residence.since <= day:
                return residence
        return self.residences[0]

    def runs_on(self, day: date) -> bool:
        """Whether the unit is entitled on that day, suspended or not."""
        return self.granted.effective_on <= day and (self.until is None or day < self.until)

    def suspended_on(self, day: date) -> Suspension | None:
        return next((each for each in self.suspensions if each.covers(day)), None)

    def overlaps(self, other: "Grant") -> bool:
        """Whether the unit would be entitled to both on some day."""
        first, second = sorted((self, other), key=lambda grant: grant.granted.effective_on)
        return first.runs_on(second.granted.effective_on) and second.runs_on(second.granted.effective_on)


@dataclass(frozen=True, slots=True)
class UnitEntitlements:
    """By case id."""

    applications: dict[UUID, facts.EntitlementApplied] = field(default_factory=dict)
    grants: dict[UUID, Grant] = field(default_factory=dict)

    def of(self, programme: str) -> list[Grant]:
        return [grant for grant in self.grants.values() if grant.granted.programme == programme]

    def runs_on(self, programme: str, day: date) -> bool:
        return any(grant.runs_on(day) for grant in self.of(programme))

    def receiving(self, day: date) -> frozenset[str]:
        """The programmes that run on that day."""
        return frozenset(grant.granted.programme for grant in self.grants.values() if grant.runs_on(day))


def fold(timeline: Iterable[Recorded]) -> UnitEntitlements:
    unit, told = UnitEntitlements(), dict[UUID, list[Told]]()  # of what was granted before it was told
    for recorded in timeline:
        match recorded.fact:
            case facts.EntitlementApplied() as fact:
                unit.applications[fact.case_id] = fact
            case facts.EntitlementGranted() as fact:
                unit.grants[fact.case_id] = Grant.of(fact, recorded.recorded_at, recorded.id)
                told.setdefault(fact.case_id, [])
            case facts.EntitlementQuantityTold() as fact:
                if (of_case := told.get(fact.case_id)) is not None:
                    of_case.append(Told(fact, recorded.id, recorded.recorded_at))
            case facts.EntitlementFact() as fact if fact.case_id in unit.grants:
                unit.grants[fact.case_id] = evolve(unit.grants[fact.case_id], fact, recorded.id)
    for case, of_case in told.items():
        in_order = tuple(sorted(of_case, key=attrgetter("at")))
        unit.grants[case] = replace(unit.grants[case], told=in_order)
    return unit


def evolve(grant: Grant, fact: facts.EntitlementFact, fact_id: str = "") -> Grant:
    """The grant after one more of the facts that follow it."""
    day = fact.effective_on
    match fact:
        case facts.EntitlementTransferred():
            moved = Residence(day, fact.household_id, fact.to_division)
            return replace(grant, residences=(*grant.residences, moved))
        case facts.EntitlementContinued():
            return replace(grant, continued_on=day)
        case facts.EntitlementEndedAtStageChange() | facts.EntitlementStopped():
            ending = fact.reason.value if isinstance(fact, facts.EntitlementStopped) else STAGE_OVER
            return replace(grant, until=day, ending=ending)
        case facts.OverpaidReviewOpened():
            return replace(grant, review=fact)
        case facts.EntitlementSuspended() if grant.suspended_on(day) is None:
            return replace(grant, suspensions=(*grant.suspensions, Suspension(day, fact_id)))
        case facts.EntitlementResumed() if (running := grant.suspended_on(day)) is not None:
            resumed = replace(running, until=day, back_pay=fact_id if fact.back_pay else None)
            return replace(grant, suspensions=tuple(resumed if s is running else s for s in grant.suspensions))
    return grant
