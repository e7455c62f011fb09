"""The register as other services see it, folded from their copies of its facts, as of any day and as known at any instant.

A household is folded from its own timeline, which begins with its ancestors': one that split off begins as what its parent
was just before the split. A person may live in several households in the course of time, so a person is folded from the
facts of all of them together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.divisions import HouseholdTransferred, current_code
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.households import (
    FactsAnnulled,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdSplit,
)
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import Member, MemberDied, MemberJoined, MemberLeft, MemberSurveyed
from contracts.registry.merges import DuplicatePersonFound, PersonsMerged
from contracts.registry.monitoring import EliminationWithdrawn, MonitoringStarted, MonitoringStatus, RiskEliminated
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyStatus,
)
from contracts.selection import timeline
from services.casework.people.state import Household, PersonState, RegisterState, person_of, person_state

STATUS_AFTER: Mapping[type[Fact], PovertyStatus] = {
    HouseholdEnrolled: PovertyStatus.REGISTERED,
    HouseholdExited: PovertyStatus.EXITED,
    HouseholdReturned: PovertyStatus.RETURNED,
    HouseholdRemoved: PovertyStatus.REMOVED,
}
MONITORING_AFTER: Mapping[type[Fact], MonitoringStatus] = {
    MonitoringStarted: MonitoringStatus.MONITORED,
    RiskEliminated: MonitoringStatus.ELIMINATED,
    EliminationWithdrawn: MonitoringStatus.MONITORED,
}
STATUS_FACTS: tuple[type[Fact], ...] = (*STATUS_AFTER, HouseholdCancelled, HouseholdReinstated)
"""Facts after which a household has another poverty status, or none any more."""
SURVEYED = {
    "school_stage": "stage", "boarder": "boarder", "disability_level": "disability_level", "labour_skill": "labour_skill",
}  # fmt: skip
"""Field of a survey → of the person."""


def household_on(
    facts: Iterable[Recorded], household: UUID, *, as_of: date | None = None, known_at: datetime | None = None
) -> Household | None:
    """The household at the end of that day, as known then; ``None`` where it was not recorded or formed. ``facts``: of it and
    of its ancestors."""
    return fold(timeline(facts, of=household, as_of=as_of, known_at=known_at)).households.get(household)


def person_on(
    facts: Iterable[Recorded], person: UUID, *, as_of: date | None = None, known_at: datetime | None = None
) -> PersonState:
    """The person at the end of that day, as known then. ``facts``: of every household that names them, and of its
    ancestors."""
    return person_state(fold(timeline(facts, as_of=as_of, known_at=known_at)), person)


def fold(timeline: Iterable[Recorded]) -> RegisterState:
    """The state at the end of a timeline (see ``contracts.selection.timeline``)."""
    state = RegisterState()
    for recorded in timeline:
        state = evolve(state, recorded.fact)
    return state


def evolve(before: RegisterState, fact: Fact) -> RegisterState:
    """The state after one more fact; facts that nobody outside the register asks for leave it as it is."""
    transition = TRANSITION_FUNCTIONS.get(type(fact))
    return before if transition is None else transition(before, fact)


def _household_recorded(before: RegisterState, fact: HouseholdRecorded) -> RegisterState:
    successors = before.successors.get(fact.household_id, {})
    division = current_code(fact.division, successors)
    household = Household(division, PovertyStatus.CANDIDATE, successors=successors)
    recorded = replace(before, households={**before.households, fact.household_id: household})
    return _with_members(recorded, fact.household_id, fact.members)


def _with_members(before: RegisterState, household_id: UUID, members: Iterable[Member]) -> RegisterState:
    new = {member.person_id: person_of(member) for member in members}
    return replace(
        before,
        household_of={**before.household_of, **dict.fromkeys(new, household_id)},
        persons={**before.persons, **new},
    )


def _household_split(before: RegisterState, fact: HouseholdSplit) -> RegisterState:
    """The two facts of a split may arrive apart; its persons are never without a household in between."""
    return _with_split_off(before, fact.household_id, fact.new_household_id, fact.person_ids)


def _household_formed(before: RegisterState, fact: HouseholdFormed) -> RegisterState:
    return _with_split_off(before, fact.split_from, fact.household_id, fact.person_ids)


def _with_split_off(
    before: RegisterState, parent_id: UUID, household_id: UUID, persons: Iterable[UUID]
) -> RegisterState:
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


def _member_joined(before: RegisterState, fact: MemberJoined) -> RegisterState:
    return _with_members(before, fact.household_id, (fact.member,))


def _member_left(before: RegisterState, fact: MemberLeft | PersonsMerged) -> RegisterState:
    # Somebody who joined another household meanwhile stays there.
    if before.household_of.get(fact.person_id) != fact.household_id:
        return before
    return _without_household(before, fact.person_id)


def _member_died(before: RegisterState, fact: MemberDied) -> RegisterState:
    return replace(_without_household(before, fact.person_id), deceased=before.deceased | {fact.person_id})


def _persons_merged(before: RegisterState, fact: PersonsMerged) -> RegisterState:
    left = _member_left(before, fact)
    return replace(left, same_as={**left.same_as, fact.person_id: fact.same_as})


def _without_household(before: RegisterState, person: UUID) -> RegisterState:
    return replace(before, household_of={p: h for p, h in before.household_of.items() if p != person})


def _member_surveyed(before: RegisterState, fact: MemberSurveyed) -> RegisterState:
    """A household's survey says nothing of somebody who joined another one on the day."""
    if before.household_of.get(fact.person_id) != fact.household_id:
        return before
    said = {of_person: value for name, of_person in SURVEYED.items() if (value := getattr(fact, name)) is not None}
    return replace(before, persons={**before.persons, fact.person_id: replace(before.persons[fact.person_id], **said)})


def _person_corrected(before: RegisterState, fact: PersonCorrected) -> RegisterState:
    """In the household that the person is in on the day; each other one has a fact of its own."""
    if before.household_of.get(fact.person_id) != fact.household_id:
        return before
    said = {name: value for name in ("sex", "birth_year") if (value := getattr(fact, name)) is not None}
    person = replace(before.persons[fact.person_id], **said)
    return replace(before, persons={**before.persons, fact.person_id: person})


def _household_moved(before: RegisterState, fact: HouseholdMoved) -> RegisterState:
    household = before.households.get(fact.household_id)
    if household is None:
        return before
    here = current_code(fact.to_division, household.successors)
    return _replace_household(before, fact.household_id, division=here)


def _household_transferred(before: RegisterState, fact: HouseholdTransferred) -> RegisterState:
    household = before.households.get(fact.household_id)
    if household is None:
        successors = before.successors.get(fact.household_id, {})
        if not fact.ended:
            return before
        told = {**successors, fact.from_division: fact.to_division}
        return replace(before, successors={**before.successors, fact.household_id: told})
    to, here = current_code(fact.to_division, household.successors), household.division
    successors = {**household.successors, fact.from_division: fact.to_division} if fact.ended else household.successors
    return _replace_household(
        before, fact.household_id, division=to if here == fact.from_division else here, successors=successors
    )


def _status_changed(before: RegisterState, fact: Any) -> RegisterState:
    enjoys = fact.enjoys_policies if isinstance(fact, HouseholdExited) else True
    return _replace_household(before, fact.household_id, status=STATUS_AFTER[type(fact)], enjoys_policies=enjoys)


def _monitoring_changed(before: RegisterState, fact: Any) -> RegisterState:
    taken_in = isinstance(fact, MonitoringStarted)
    told: dict[str, Any] = {"monitoring_kind": fact.kind, "monitoring_risks": fact.risks} if taken_in else {}
    return _replace_household(before, fact.household_id, monitoring=MONITORING_AFTER[type(fact)], **told)


def _household_cancelled(before: RegisterState, fact: HouseholdCancelled) -> RegisterState:
    """Who has no other household yet is still found in the one that ended."""
    former = before.households.get(fact.household_id)
    return _replace_household(
        before, fact.household_id, status=PovertyStatus.CANCELLED, enjoys_policies=True, monitoring=None,
        monitoring_kind=None, monitoring_risks=(), before_end=former,
    )  # fmt: skip


def _household_reinstated(before: RegisterState, fact: HouseholdReinstated) -> RegisterState:
    ended = before.households.get(fact.household_id)
    former = ended.before_end if ended is not None else None
    if ended is None or former is None:
        return before
    if fact.status is ReinstatedAs.CANDIDATE:
        former = Household(ended.division, PovertyStatus.CANDIDATE)
    former = replace(former, division=ended.division, successors=ended.successors)
    elsewhere = {p: h for p, h in before.household_of.items() if h != fact.household_id}
    return replace(
        before,
        households={**before.households, fact.household_id: former},
        household_of={**elsewhere, **dict.fromkeys(fact.person_ids, fact.household_id)},
    )


def _replace_household(before: RegisterState, household_id: UUID, **changes: Any) -> RegisterState:
    household = before.households.get(household_id)
    if household is None:
        return before
    return replace(before, households={**before.households, household_id: replace(household, **changes)})


TRANSITION_FUNCTIONS: Mapping[type[Fact], Callable[[RegisterState, Any], RegisterState]] = {
    HouseholdRecorded: _household_recorded,
    HouseholdFormed: _household_formed,
    HouseholdSplit: _household_split,
    HouseholdMoved: _household_moved,
    HouseholdTransferred: _household_transferred,
    MemberJoined: _member_joined,
    MemberLeft: _member_left,
    MemberDied: _member_died,
    MemberSurveyed: _member_surveyed,
    PersonsMerged: _persons_merged,
    HouseholdCancelled: _household_cancelled,
    HouseholdReinstated: _household_reinstated,
    PersonCorrected: _person_corrected,
    **dict.fromkeys(STATUS_AFTER, _status_changed),
    **dict.fromkeys(MONITORING_AFTER, _monitoring_changed),
}

FOLLOWED_FACTS: tuple[type[Fact], ...] = (FactsAnnulled, DuplicatePersonFound, *TRANSITION_FUNCTIONS)
FOLLOWED_TYPES = frozenset(kind.type_name for kind in FOLLOWED_FACTS)
"""The register's facts that a service keeps and folds."""
