"""The bitemporal projection of a household: one row per period of valid time and period of transaction time.

A query (as_of V, known_at T) matches exactly one row of a household, or none.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Generic, TypeVar
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.households import Attribute
from contracts.registry.identities import PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import HeadSucceeded, MemberSurveyed
from contracts.registry.merges import (
    DuplicatePersonFound,
    HouseholdEndProposed,
    PersonsMergeProposed,
    ReinstatementProposed,
)
from contracts.registry.monitoring import EliminationProposed, MonitoringProposed, MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from contracts.selection import Order, order_of, timeline
from services.registry.households.categories import lapsed
from services.registry.households.state import Household, evolve

FOREVER = date.max
"""Valid time without an end."""
UNTIL_CHANGED = datetime(9999, 1, 1, tzinfo=UTC)
"""Transaction time without an end: what is still believed."""

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class HouseholdSummary:
    """The attributes that the register's figures are counted by."""

    status: PovertyStatus
    division: str
    persons: int
    attribute: Attribute
    monitoring: MonitoringStatus | None = None
    monitoring_kind: str | None = None


@dataclass(frozen=True, slots=True)
class BitemporalPeriod(Generic[Value]):
    """A value in a period of valid time, known in a period of transaction time; both upper ends are exclusive."""

    value: Value
    valid_from: date
    valid_to: date
    known_from: datetime
    known_to: datetime


ChangePoint = tuple[date, Value | None]
"""The value from this day on, until the next change point."""
ValidPeriod = tuple[date, date, Value | None]
"""First day, the day after the last one, value."""

IGNORED_TYPES = (
    MemberSurveyed, IncomeSurveyed, ConditionsSurveyed, CommonResidenceRecorded, HeadSucceeded, PersonCorrected,
    PersonDocumentRecorded, DuplicatePersonFound, HouseholdEndProposed, PersonsMergeProposed, ReinstatementProposed,
    MonitoringProposed, EliminationProposed,
)  # fmt: skip
"""Fact types that leave a household's summary as it is, unless they annul something: most of its facts."""


def summary_of(state: Household) -> HouseholdSummary | None:
    if state.status is None:
        return None
    monitored = state.monitoring
    return HouseholdSummary(
        state.status, state.division, state.persons, state.attribute,
        None if monitored is None else monitored.status, None if monitored is None else monitored.kind,
    )  # fmt: skip


class _ValidTimeline(Generic[Value]):
    """The change points of one timeline, folded fact by fact. ``changed``: index of the first change point that may
    differ from when this was last reset. ``household``: whose, where its ancestors' facts come first."""

    def __init__(
        self, value_of: Callable[[Household], Value | None], facts: Iterable[Recorded] = (),
        household: UUID | None = None,
    ) -> None:  # fmt: skip
        self.points: list[ChangePoint[Value]] = []
        self.state, self.changed = Household(), 0
        self.applied_until: Order = date.min, 0
        self._value_of, self._household = value_of, household
        for recorded in facts:
            self.apply(recorded)

    def apply(self, recorded: Recorded) -> None:
        """The next fact of the timeline. The value of a day is the one at its end; equal neighbours are merged."""
        day, lapses_on = recorded.fact.effective_on, self.state.attribute_lapses_on
        if lapses_on is not None and lapses_on < day:
            self.state = lapsed(self.state, lapses_on)
            self._note(lapses_on)
        self.state = evolve(self.state, recorded)
        if self._household is None or self.state.id == self._household:  # else an ancestor's
            self.applied_until = order_of(recorded)
            self._note(day)

    def _note(self, day: date) -> None:
        if self._household is not None and self.state.id != self._household:
            return
        if self.points and self.points[-1][0] == day:
            self.points.pop()
        self.changed = min(self.changed, len(self.points))
        value = self._value_of(self.state)
        if value != (self.points[-1][1] if self.points else None):
            self.points.append((day, value))

    def periods(self, first: int) -> list[ValidPeriod[Value]]:
        """From each change point, beginning with the one at index ``first``, to the next one; what ends by itself after the last
        fact changes then."""
        points, lapses_on = self.points[first:], self.state.attribute_lapses_on
        if points and lapses_on is not None:
            value = self._value_of(lapsed(self.state, lapses_on))
            points += [(lapses_on, value)] if value != points[-1][1] else []
        return [(day, end, value) for (day, value), (end, _) in pairwise([*points, (FOREVER, None)])]


def project(
    facts: Iterable[Recorded], household: UUID | None = None
) -> tuple[Household, list[BitemporalPeriod[HouseholdSummary]]]:
    """The household's current state (its surveys left out) and its bitemporal periods, from all its facts.
    ``household``: whose, where the facts of its ancestors are among them."""
    return project_values(facts, household, summary_of, affects_periods)


def project_values(
    facts: Iterable[Recorded],
    household: UUID | None,
    value_of: Callable[[Household], Value | None],
    affects: Callable[[Fact], bool],
) -> tuple[Household, list[BitemporalPeriod[Value]]]:
    """As ``project``, of another value than the summary. ``affects``: whether a fact that annuls nothing can change it; the
    state is folded from those alone."""
    ordered = sorted((r for r in facts if r.fact.annuls or affects(r.fact)), key=lambda r: r.position)
    valid: _ValidTimeline[Value] | None
    valid, known = _ValidTimeline(value_of), list[Recorded]()
    believed: list[tuple[ValidPeriod[Value], datetime]] = []  # every valid period, and since when it is known
    closed: list[BitemporalPeriod[Value]] = []
    for instant, learned in groupby(ordered, key=lambda r: r.recorded_at):
        for recorded in learned:
            known.append(recorded)
            # Only a fact that is last in the timeline may be applied to what was folded before.
            in_order = household is None and valid is not None and order_of(recorded) >= valid.applied_until
            if valid is not None and in_order and not recorded.fact.annuls:
                valid.apply(recorded)
            else:
                valid = None
        if valid is None:
            valid, kept = _ValidTimeline(value_of, timeline(known, of=household), household), 0
        else:
            kept = max(valid.changed - 1, 0)
        before = {period[0]: (period, since) for period, since in believed[kept:]}
        now = {period[0]: period for period in valid.periods(kept)}
        for day, (period, since) in before.items():
            if period[2] is not None and period != now.get(day):
                closed.append(_bitemporal_period(period, since, instant))
        believed[kept:] = [(p, before[d][1] if d in before and before[d][0] == p else instant) for d, p in now.items()]
        valid.changed = len(valid.points)
    return valid.state, [
        *closed,
        *(_bitemporal_period(period, since, UNTIL_CHANGED) for period, since in believed if period[2] is not None),
    ]


def divisions_in_turn(periods: Iterable[BitemporalPeriod[HouseholdSummary]]) -> list[tuple[datetime, str]]:
    """Where the household was believed to live, each time since when: what its facts then came to, by transaction time. The
    last is where it lives as known now, or, where nothing of it stands, was believed to live last."""
    return sorted((p.known_from, p.value.division) for p in periods if p.valid_to == FOREVER)


def affects_periods(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change a household's bitemporal periods."""
    if isinstance(fact, HouseholdSurveyed):
        return fact.attribute is not None
    return not isinstance(fact, IGNORED_TYPES)


def _bitemporal_period(period: ValidPeriod[Value], known_from: datetime, known_to: datetime) -> BitemporalPeriod[Value]:
    valid_from, valid_to, value = period
    assert value is not None
    return BitemporalPeriod(value, valid_from, valid_to, known_from, known_to)
