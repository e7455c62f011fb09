"""What assistance needs to know of the register: where a person lives, in which status, at which school stage.

Folded from copies of registry facts. A person may live in several households in the course of time, so a person's line
is folded over the facts of all of them together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from contracts.facts import Fact, Recorded
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
    Member,
    MemberDied,
    MemberJoined,
    MemberLeft,
    MemberSurveyed,
    PovertyStatus,
    SchoolStage,
)

STATUS_OF: Mapping[type[Fact], PovertyStatus] = {
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
class House:
    """``enjoys_policies``: after an exit, whether the grace rules still hold."""

    division: str
    status: PovertyStatus
    enjoys_policies: bool = True


@dataclass(frozen=True, slots=True)
class Register:
    """Some households of the register. ``home``: person → household; ``dead`` persons have none."""

    houses: Mapping[UUID, House] = field(default_factory=dict)
    home: Mapping[UUID, UUID] = field(default_factory=dict)
    schooling: Mapping[UUID, Schooling] = field(default_factory=dict)
    dead: frozenset[UUID] = frozenset()

    def members(self, household_id: UUID) -> list[UUID]:
        return [person for person, home in self.home.items() if home == household_id]


@dataclass(frozen=True, slots=True)
class Situation:
    """One person on one day. Without a household, division and status are ``None``."""

    alive: bool = True
    household_id: UUID | None = None
    division: str | None = None
    status: PovertyStatus | None = None
    enjoys_policies: bool = True
    stage: SchoolStage = SchoolStage.NONE
    boarder: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """From ``day`` on the person is in this situation, because of ``cause``."""

    day: date
    situation: Situation
    cause: Recorded


def evolve(before: Register, fact: Fact) -> Register:
    """The register after one more fact; facts that assistance does not need leave it as it is."""
    apply = EFFECTS.get(type(fact))
    return before if apply is None else apply(before, fact)


def fold(timeline: Iterable[Recorded]) -> Register:
    state = Register()
    for recorded in timeline:
        state = evolve(state, recorded.fact)
    return state


def situation(register: Register, person: UUID) -> Situation:
    household = register.home.get(person)
    house = register.houses.get(household) if household is not None else None
    schooling = register.schooling.get(person, Schooling(SchoolStage.NONE, boarder=False))
    return Situation(
        alive=person not in register.dead,
        household_id=household,
        division=house.division if house else None,
        status=house.status if house else None,
        enjoys_policies=house.enjoys_policies if house else True,
        stage=schooling.stage,
        boarder=schooling.boarder,
    )


def line_of(person: UUID, timeline: Iterable[Recorded]) -> list[Step]:
    """The person's situations in order. Who leaves one household and joins another on the same day never was without."""
    state, found, last = Register(), list[Step](), Situation()
    for day, of_day in groupby(timeline, key=lambda r: r.fact.effective_on):
        steps: list[Step] = []
        for recorded in of_day:
            state = evolve(state, recorded.fact)
            now = situation(state, person)
            if now != last:
                steps.append(Step(day, now, recorded))
            last = now
        housed_at_night = last.household_id is not None
        found += [s for s in steps if s.situation.household_id is not None or not housed_at_night]
    return found


def at(line: Iterable[Step], day: date) -> Situation:
    """The situation on that day."""
    return next((s.situation for s in reversed([*line]) if s.day <= day), Situation())


def _housed(before: Register, household_id: UUID, house: House, members: Iterable[Member]) -> Register:
    people = tuple(members)
    return replace(
        before,
        houses={**before.houses, household_id: house},
        home={**before.home, **{m.person_id: household_id for m in people}},
        schooling={**before.schooling, **{m.person_id: Schooling(m.school_stage, m.boarder) for m in people}},
    )


def _recorded(before: Register, fact: HouseholdRecorded) -> Register:
    return _housed(before, fact.household_id, House(fact.division, PovertyStatus.CANDIDATE), fact.members)


def _formed(before: Register, fact: HouseholdFormed) -> Register:
    origin = before.houses.get(fact.split_from)
    house = House(fact.division, fact.status, origin.enjoys_policies if origin else True)
    return _housed(before, fact.household_id, house, fact.members)


def _split(before: Register, fact: HouseholdSplit) -> Register:
    """The two halves of a split may arrive apart; the persons are never without a household in between."""
    origin = before.houses.get(fact.household_id)
    if origin is None:
        return before
    houses = {fact.new_household_id: origin, **before.houses}
    leaving = [p for p in fact.person_ids if before.home.get(p) == fact.household_id]
    return replace(before, houses=houses, home={**before.home, **dict.fromkeys(leaving, fact.new_household_id)})


def _joined(before: Register, fact: MemberJoined) -> Register:
    member = fact.member
    return replace(
        before,
        home={**before.home, member.person_id: fact.household_id},
        schooling={**before.schooling, member.person_id: Schooling(member.school_stage, member.boarder)},
    )


def _left(before: Register, fact: MemberLeft) -> Register:
    # Somebody who was taken in elsewhere meanwhile stays there.
    return _homeless(before, fact.person_id) if before.home.get(fact.person_id) == fact.household_id else before


def _died(before: Register, fact: MemberDied) -> Register:
    return replace(_homeless(before, fact.person_id), dead=before.dead | {fact.person_id})


def _homeless(before: Register, person: UUID) -> Register:
    return replace(before, home={p: h for p, h in before.home.items() if p != person})


def _surveyed(before: Register, fact: MemberSurveyed) -> Register:
    known = before.schooling.get(fact.person_id)
    if known is None:
        return before
    answered = Schooling(
        known.stage if fact.school_stage is None else fact.school_stage,
        known.boarder if fact.boarder is None else fact.boarder,
    )
    return replace(before, schooling={**before.schooling, fact.person_id: answered})


def _moved(before: Register, fact: HouseholdMoved) -> Register:
    return _changed(before, fact.household_id, division=fact.to_division)


def _restatused(before: Register, fact: Any) -> Register:
    enjoys = fact.enjoys_policies if isinstance(fact, HouseholdExited) else True
    return _changed(before, fact.household_id, status=STATUS_OF[type(fact)], enjoys_policies=enjoys)


def _changed(before: Register, household_id: UUID, **changes: Any) -> Register:
    house = before.houses.get(household_id)
    if house is None:
        return before
    return replace(before, houses={**before.houses, household_id: replace(house, **changes)})


EFFECTS: Mapping[type[Fact], Callable[[Register, Any], Register]] = {
    HouseholdRecorded: _recorded,
    HouseholdFormed: _formed,
    HouseholdSplit: _split,
    HouseholdMoved: _moved,
    MemberJoined: _joined,
    MemberLeft: _left,
    MemberDied: _died,
    MemberSurveyed: _surveyed,
    **dict.fromkeys(STATUS_OF, _restatused),
}

FOLLOWED: frozenset[str] = frozenset({FactsAnnulled.type_name, *(kind.type_name for kind in EFFECTS)})
"""The registry's facts that this service keeps and folds."""
