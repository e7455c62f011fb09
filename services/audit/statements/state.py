"""Audit's own fold of a household. Written independently of the registry's, which it checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.quantities import Figures
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.households import HouseholdFormed, HouseholdMoved, HouseholdRecorded, HouseholdSplit
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft
from contracts.registry.merges import PersonsMerged
from contracts.registry.monitoring import EliminationWithdrawn, MonitoringStarted, MonitoringStatus, RiskEliminated
from contracts.registry.poverty_status import (
    STOCK,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyStatus,
)

REGISTRY = "registry"
"""The log that decides a household's state; what other services record about it does not change the stock."""


@dataclass(frozen=True, slots=True)
class HouseholdState:
    """``status`` is ``None`` before the household was recorded; ``since``: the day from which it has this status;
    ``kind``: as which it is monitored, or was before its risk was eliminated; ``…_at_end``: what it was just before it ended;
    ``ended_divisions``: code → the one that its households went to."""

    status: PovertyStatus | None = None
    division: str = ""
    persons: frozenset[UUID] = frozenset()
    since: date | None = None
    status_at_end: PovertyStatus | None = None
    monitoring: MonitoringStatus | None = None
    kind: str | None = None
    monitoring_at_end: MonitoringStatus | None = None
    ended_divisions: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_stock(self) -> bool:
        """Registered and not exited."""
        return self.status in STOCK

    @property
    def monitored(self) -> bool:
        return self.monitoring is MonitoringStatus.MONITORED

    @property
    def size(self) -> Figures:
        """One household with its persons."""
        return Figures(1, len(self.persons))

    @property
    def figures(self) -> Figures:
        """What it adds to the stock of poor households: its size, or nothing."""
        return self.size if self.in_stock else Figures()


@dataclass(frozen=True, slots=True)
class Transition:
    """One fact of a timeline, with the states before and after it."""

    before: HouseholdState
    recorded: Recorded
    after: HouseholdState


INITIAL_STATE = HouseholdState()


def _recorded(before: HouseholdState, fact: HouseholdRecorded) -> HouseholdState:
    persons, gone = frozenset(m.person_id for m in fact.members), before.ended_divisions
    division = _standing_division(fact.division, gone)
    return HouseholdState(PovertyStatus.CANDIDATE, division, persons, fact.effective_on, ended_divisions=gone)


def _formed(parent: HouseholdState, fact: HouseholdFormed) -> HouseholdState:
    """What its parent was just before the split, with those who came along."""
    return replace(parent, persons=parent.persons.intersection(fact.person_ids), since=fact.effective_on)


def _member_joined(before: HouseholdState, fact: MemberJoined) -> HouseholdState:
    return replace(before, persons=before.persons | {fact.member.person_id})


def _member_left(before: HouseholdState, fact: MemberLeft | MemberDied | PersonsMerged) -> HouseholdState:
    return replace(before, persons=before.persons - {fact.person_id})


def _split(before: HouseholdState, fact: HouseholdSplit) -> HouseholdState:
    return replace(before, persons=before.persons.difference(fact.person_ids))


def _moved(before: HouseholdState, fact: HouseholdMoved) -> HouseholdState:
    return replace(before, division=_standing_division(fact.to_division, before.ended_divisions))


def _transferred(before: HouseholdState, fact: HouseholdTransferred) -> HouseholdState:
    """Its village was merged, split or got another code."""
    gone = before.ended_divisions
    division = _standing_division(fact.to_division, gone) if before.division == fact.from_division else before.division
    if fact.ended:
        gone = {**gone, fact.from_division: fact.to_division}
    return replace(before, division=division, ended_divisions=gone)


def _standing_division(code: str, gone: Mapping[str, str]) -> str:
    """Where households of this division are, after all that ended. Raises ``ValueError`` where that leads in a circle."""
    for _ in range(len(gone) + 1):
        if code not in gone:
            return code
        code = gone[code]
    raise ValueError(f"{code} succeeds itself")


def _cancelled(before: HouseholdState, fact: HouseholdCancelled) -> HouseholdState:
    """Nobody belongs to a household that has ended."""
    return replace(
        before, status=PovertyStatus.CANCELLED, persons=frozenset(), since=fact.effective_on,
        status_at_end=before.status_at_end or before.status, monitoring=None,
        monitoring_at_end=before.monitoring_at_end or before.monitoring,
    )  # fmt: skip


def _reinstated(before: HouseholdState, fact: HouseholdReinstated) -> HouseholdState:
    anew = fact.status is ReinstatedAs.CANDIDATE or before.status_at_end is None
    status = PovertyStatus.CANDIDATE if anew else before.status_at_end
    persons, gone = frozenset(fact.person_ids), before.ended_divisions
    back = HouseholdState(status, before.division, persons, fact.effective_on, ended_divisions=gone)
    # What it is monitored as goes with what else it was when it ended.
    kept = fact.status is ReinstatedAs.FORMER_STATUS
    return replace(back, monitoring=before.monitoring_at_end, kind=before.kind) if kept else back


def _monitoring_started(before: HouseholdState, fact: MonitoringStarted) -> HouseholdState:
    return replace(before, monitoring=MonitoringStatus.MONITORED, kind=fact.kind)


def _set_monitoring(status: MonitoringStatus) -> Callable[[HouseholdState, Fact], HouseholdState]:
    return lambda before, _: replace(before, monitoring=status if before.monitoring is not None else None)


def _set_status(status: PovertyStatus) -> Callable[[HouseholdState, Fact], HouseholdState]:
    return lambda before, fact: replace(before, status=status, since=fact.effective_on)


TRANSITION_FUNCTIONS: Mapping[type[Fact], Callable[[HouseholdState, Any], HouseholdState]] = {
    HouseholdRecorded: _recorded,
    HouseholdFormed: _formed,
    MemberJoined: _member_joined,
    MemberLeft: _member_left,
    MemberDied: _member_left,
    PersonsMerged: _member_left,
    HouseholdSplit: _split,
    HouseholdMoved: _moved,
    HouseholdTransferred: _transferred,
    HouseholdEnrolled: _set_status(PovertyStatus.REGISTERED),
    HouseholdExited: _set_status(PovertyStatus.EXITED),
    HouseholdReturned: _set_status(PovertyStatus.RETURNED),
    HouseholdRemoved: _set_status(PovertyStatus.REMOVED),
    MonitoringStarted: _monitoring_started,
    RiskEliminated: _set_monitoring(MonitoringStatus.ELIMINATED),
    EliminationWithdrawn: _set_monitoring(MonitoringStatus.MONITORED),
    HouseholdCancelled: _cancelled,
    HouseholdReinstated: _reinstated,
}
"""By type, for the facts that change a household's state; every other fact leaves it as it is."""


def is_relevant(fact: Fact) -> bool:
    """Whether a fact can change what the statements count, by itself or by what it annuls."""
    return type(fact) in TRANSITION_FUNCTIONS or bool(fact.annuls)


def transitions(timeline: Iterable[Recorded], state: HouseholdState = INITIAL_STATE) -> Iterator[Transition]:
    """The transitions that a timeline (see ``contracts.selection.timeline``) makes from a state on; facts that change
    nothing are passed over."""
    for recorded in timeline:
        transition = TRANSITION_FUNCTIONS.get(type(recorded.fact))
        if transition is not None:
            before, state = state, transition(state, recorded.fact)
            yield Transition(before, recorded, state)


def is_about(recorded: Recorded, household: UUID) -> bool:
    """Whether it is the household's own fact, not one of an ancestor."""
    return isinstance(recorded.fact, HouseholdFact) and recorded.fact.household_id == household


def end_of(timeline: Iterable[Recorded], state: HouseholdState = INITIAL_STATE) -> HouseholdState:
    """The state after the last of these facts."""
    for transition in transitions(timeline, state):
        state = transition.after
    return state


def starting_state(timeline: Sequence[Recorded], household: UUID) -> tuple[HouseholdState, list[Recorded]]:
    """The state in which a household's own facts begin, and those facts. Of a household that split off, the timeline
    begins with its ancestors' facts: they come to what its parent was just before the split, and to nothing else."""
    own = [r for r in timeline if is_about(r, household)]
    return end_of(r for r in timeline if not is_about(r, household)), own


def fold(timeline: Sequence[Recorded], household: UUID) -> HouseholdState:
    """The household's state at the end of its timeline; the initial one before its own facts."""
    state, own = starting_state(timeline, household)
    return end_of(own, state) if any(type(r.fact) in TRANSITION_FUNCTIONS for r in own) else INITIAL_STATE
