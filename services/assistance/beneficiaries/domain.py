"""The register as assistance sees it: in which household a person lives, its status, and the person's school stage.

Folded from copies of registry facts. A person may live in several households in the course of time, so a person's
history is folded over the facts of all of them together, with those of all households that they started from: one that
split off begins as what its parent was just before the split.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.households import (
    FactsAnnulled,
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
    MemberSurveyed,
    PovertyStatus,
)

STATUS_AFTER: Mapping[type[Fact], PovertyStatus] = {
    HouseholdEnrolled: PovertyStatus.REGISTERED,
    HouseholdExited: PovertyStatus.EXITED,
    HouseholdReturned: PovertyStatus.RETURNED,
    HouseholdRemoved: PovertyStatus.REMOVED,
    HouseholdCancelled: PovertyStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Schooling:
    stage: SchoolStage
    boarder: bool


@dataclass(frozen=True, slots=True)
class Household:
    """``enjoys_policies``: whether policies continue after an exit (脱贫不脱政策)."""

    division: str
    status: PovertyStatus
    enjoys_policies: bool = True


@dataclass(frozen=True, slots=True)
class RegistryState:
    """Some households of the register. ``household_of``: person → household; the ``deceased`` have none."""

    households: Mapping[UUID, Household] = field(default_factory=dict)
    household_of: Mapping[UUID, UUID] = field(default_factory=dict)
    schooling: Mapping[UUID, Schooling] = field(default_factory=dict)
    deceased: frozenset[UUID] = frozenset()

    def members(self, household_id: UUID) -> list[UUID]:
        return [person for person, household in self.household_of.items() if household == household_id]


@dataclass(frozen=True, slots=True)
class PersonState:
    """One person on one day. Without a household, division and status are ``None``."""

    alive: bool = True
    household_id: UUID | None = None
    division: str | None = None
    status: PovertyStatus | None = None
    enjoys_policies: bool = True
    stage: SchoolStage = SchoolStage.NONE
    boarder: bool = False


@dataclass(frozen=True, slots=True)
class PersonStateChange:
    """From ``day`` on the person is in this state, because of ``cause``."""

    day: date
    state: PersonState
    cause: Recorded


def evolve(before: RegistryState, fact: Fact) -> RegistryState:
    """The state after one more fact; facts that assistance does not need leave it as it is."""
    transition = TRANSITION_FUNCTIONS.get(type(fact))
    return before if transition is None else transition(before, fact)


def fold(timeline: Iterable[Recorded]) -> RegistryState:
    """The state at the end of a timeline (see ``contracts.selection.timeline``)."""
    state = RegistryState()
    for recorded in timeline:
        state = evolve(state, recorded.fact)
    return state


def person_state(registry: RegistryState, person: UUID) -> PersonState:
    """The person's part of the registry's state."""
    household_id = registry.household_of.get(person)
    household = registry.households.get(household_id) if household_id is not None else None
    schooling = registry.schooling.get(person, Schooling(SchoolStage.NONE, boarder=False))
    return PersonState(
        alive=person not in registry.deceased,
        household_id=household_id,
        division=household.division if household else None,
        status=household.status if household else None,
        enjoys_policies=household.enjoys_policies if household else True,
        stage=schooling.stage,
        boarder=schooling.boarder,
    )


def person_history(person: UUID, timeline: Iterable[Recorded]) -> list[PersonStateChange]:
    """The person's state changes in order. Leaving one household and joining another on the same day makes no state
    without a household in between."""
    registry, history, state = RegistryState(), list[PersonStateChange](), PersonState()
    for day, facts_of_day in groupby(timeline, key=lambda r: r.fact.effective_on):
        changes: list[PersonStateChange] = []
        for recorded in facts_of_day:
            registry = evolve(registry, recorded.fact)
            new_state = person_state(registry, person)
            if new_state != state:
                changes.append(PersonStateChange(day, new_state, recorded))
            state = new_state
        has_household_at_day_end = state.household_id is not None
        history += [c for c in changes if c.state.household_id is not None or not has_household_at_day_end]
    return history


def state_on(history: Iterable[PersonStateChange], day: date) -> PersonState:
    """The person's state at the end of that day."""
    return next((change.state for change in reversed([*history]) if change.day <= day), PersonState())


def _household_recorded(before: RegistryState, fact: HouseholdRecorded) -> RegistryState:
    household = Household(fact.division, PovertyStatus.CANDIDATE)
    return replace(
        before,
        households={**before.households, fact.household_id: household},
        household_of={**before.household_of, **{m.person_id: fact.household_id for m in fact.members}},
        schooling={**before.schooling, **{m.person_id: Schooling(m.school_stage, m.boarder) for m in fact.members}},
    )


def _household_split(before: RegistryState, fact: HouseholdSplit) -> RegistryState:
    """The two facts of a split may arrive apart; its persons are never without a household in between."""
    return _with_split_off(before, fact.household_id, fact.new_household_id, fact.person_ids)


def _household_formed(before: RegistryState, fact: HouseholdFormed) -> RegistryState:
    return _with_split_off(before, fact.split_from, fact.household_id, fact.person_ids)


def _with_split_off(
    before: RegistryState, parent_id: UUID, household_id: UUID, persons: Iterable[UUID]
) -> RegistryState:
    """The new household is what its parent is, with those of its members who came along."""
    parent = before.households.get(parent_id)
    if parent is None:
        return before
    leaving = [p for p in persons if before.household_of.get(p) == parent_id]
    return replace(
        before,
        households={household_id: parent, **before.households},
        household_of={**before.household_of, **dict.fromkeys(leaving, household_id)},
    )


def _member_joined(before: RegistryState, fact: MemberJoined) -> RegistryState:
    member = fact.member
    return replace(
        before,
        household_of={**before.household_of, member.person_id: fact.household_id},
        schooling={**before.schooling, member.person_id: Schooling(member.school_stage, member.boarder)},
    )


def _member_left(before: RegistryState, fact: MemberLeft) -> RegistryState:
    # Somebody who joined another household meanwhile stays there.
    if before.household_of.get(fact.person_id) != fact.household_id:
        return before
    return _without_household(before, fact.person_id)


def _member_died(before: RegistryState, fact: MemberDied) -> RegistryState:
    return replace(_without_household(before, fact.person_id), deceased=before.deceased | {fact.person_id})


def _without_household(before: RegistryState, person: UUID) -> RegistryState:
    return replace(before, household_of={p: h for p, h in before.household_of.items() if p != person})


def _member_surveyed(before: RegistryState, fact: MemberSurveyed) -> RegistryState:
    schooling = before.schooling.get(fact.person_id)
    if schooling is None:
        return before
    surveyed = Schooling(
        schooling.stage if fact.school_stage is None else fact.school_stage,
        schooling.boarder if fact.boarder is None else fact.boarder,
    )
    return replace(before, schooling={**before.schooling, fact.person_id: surveyed})


def _household_moved(before: RegistryState, fact: HouseholdMoved) -> RegistryState:
    return _replace_household(before, fact.household_id, division=fact.to_division)


def _status_changed(before: RegistryState, fact: Any) -> RegistryState:
    enjoys = fact.enjoys_policies if isinstance(fact, HouseholdExited) else True
    return _replace_household(before, fact.household_id, status=STATUS_AFTER[type(fact)], enjoys_policies=enjoys)


def _replace_household(before: RegistryState, household_id: UUID, **changes: Any) -> RegistryState:
    household = before.households.get(household_id)
    if household is None:
        return before
    return replace(before, households={**before.households, household_id: replace(household, **changes)})


TRANSITION_FUNCTIONS: Mapping[type[Fact], Callable[[RegistryState, Any], RegistryState]] = {
    HouseholdRecorded: _household_recorded,
    HouseholdFormed: _household_formed,
    HouseholdSplit: _household_split,
    HouseholdMoved: _household_moved,
    MemberJoined: _member_joined,
    MemberLeft: _member_left,
    MemberDied: _member_died,
    MemberSurveyed: _member_surveyed,
    **dict.fromkeys(STATUS_AFTER, _status_changed),
}

SUBSCRIBED_TYPES = frozenset({FactsAnnulled.type_name, *(kind.type_name for kind in TRANSITION_FUNCTIONS)})
"""The registry's facts that this service keeps and folds."""
