"""Audit's own fold of a household. Written independently of the registry's, which it checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.quantities import Figures
from contracts.registry.households import (
    STOCK,
    HouseholdCancelled,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdRemoved,
    HouseholdReturned,
    HouseholdSplit,
    MemberDied,
    MemberJoined,
    MemberLeft,
    PovertyStatus,
)

REGISTRY = "registry"
"""The log that decides a household's state; what other services record about it does not change the stock."""


@dataclass(frozen=True, slots=True)
class HouseholdState:
    """``status`` is ``None`` before the household was recorded; ``since``: the day from which it has this status."""

    status: PovertyStatus | None = None
    division: str = ""
    persons: frozenset[UUID] = frozenset()
    since: date | None = None

    @property
    def in_stock(self) -> bool:
        """Registered and not exited."""
        return self.status in STOCK

    @property
    def figures(self) -> Figures:
        """What it adds to the stock: one household with its persons, or nothing."""
        return Figures(1, len(self.persons)) if self.in_stock else Figures()


@dataclass(frozen=True, slots=True)
class Transition:
    """One fact of a timeline, with the states before and after it."""

    before: HouseholdState
    recorded: Recorded
    after: HouseholdState


INITIAL_STATE = HouseholdState()


def _recorded(_: HouseholdState, fact: HouseholdRecorded) -> HouseholdState:
    persons = frozenset(m.person_id for m in fact.members)
    return HouseholdState(PovertyStatus.CANDIDATE, fact.division, persons, fact.effective_on)


def _formed(_: HouseholdState, fact: HouseholdFormed) -> HouseholdState:
    persons = frozenset(m.person_id for m in fact.members)
    return HouseholdState(fact.status, fact.division, persons, fact.effective_on)


def _member_joined(before: HouseholdState, fact: MemberJoined) -> HouseholdState:
    return replace(before, persons=before.persons | {fact.member.person_id})


def _member_left(before: HouseholdState, fact: MemberLeft | MemberDied) -> HouseholdState:
    return replace(before, persons=before.persons - {fact.person_id})


def _split(before: HouseholdState, fact: HouseholdSplit) -> HouseholdState:
    return replace(before, persons=before.persons.difference(fact.person_ids))


def _moved(before: HouseholdState, fact: HouseholdMoved) -> HouseholdState:
    return replace(before, division=fact.to_division)


def _set_status(status: PovertyStatus) -> Callable[[HouseholdState, Fact], HouseholdState]:
    return lambda before, fact: replace(before, status=status, since=fact.effective_on)


TRANSITION_FUNCTIONS: Mapping[type[Fact], Callable[[HouseholdState, Any], HouseholdState]] = {
    HouseholdRecorded: _recorded,
    HouseholdFormed: _formed,
    MemberJoined: _member_joined,
    MemberLeft: _member_left,
    MemberDied: _member_left,
    HouseholdSplit: _split,
    HouseholdMoved: _moved,
    HouseholdEnrolled: _set_status(PovertyStatus.REGISTERED),
    HouseholdExited: _set_status(PovertyStatus.EXITED),
    HouseholdReturned: _set_status(PovertyStatus.RETURNED),
    HouseholdRemoved: _set_status(PovertyStatus.REMOVED),
    HouseholdCancelled: _set_status(PovertyStatus.CANCELLED),
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


def fold(timeline: Iterable[Recorded]) -> HouseholdState:
    """The household's state at the end of its timeline."""
    state = INITIAL_STATE
    for transition in transitions(timeline):
        state = transition.after
    return state
