"""Households and their members today, as tables of a service that mounts this room."""

from collections.abc import Iterable, Sequence
from typing import LiteralString
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit
from contracts.registry.members import MemberJoined
from contracts.registry.merges import DuplicatePersonFound, PersonsMerged
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import timeline
from services.casework.people.domain import FOLLOWED_TYPES, fold
from services.casework.people.state import RegisterState, person_state
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_households

REGISTRY: LiteralString = "registry"
"""The log that the register stands in."""
HOUSEHOLDS = Table("households", "household_id", ("household_id", "division", "status"))
MEMBERS = Table("members", "household_id", ("household_id", "person_id", "present", "stage", "boarder"))


def view() -> View[UUID]:
    """Keeps ``households`` and ``members``. Applied before the reactions, which query them."""
    return view_of_households("households", (HOUSEHOLDS, MEMBERS), FOLLOWED_TYPES, REGISTRY, _rows)


def _rows(household_id: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    register = fold(timeline(facts, of=household_id))
    return _household_rows(household_id, register), _member_rows(household_id, register, facts)


def _household_rows(household_id: UUID, register: RegisterState) -> Iterable[Row]:
    household = register.households.get(household_id)
    if household is not None:
        yield household_id, household.division, household.status


def _member_rows(household_id: UUID, register: RegisterState, facts: Iterable[Recorded]) -> Iterable[Row]:
    named = (p for recorded in facts if _is_about(recorded, household_id) for p in _persons_named(recorded))
    for person in dict.fromkeys(named):
        state = person_state(register, person)
        present = state.household_id == household_id and state.status is not PovertyStatus.CANCELLED
        yield household_id, person, present and person not in register.same_as, state.stage, state.boarder


def _is_about(recorded: Recorded, household_id: UUID) -> bool:
    return isinstance(recorded.fact, HouseholdFact) and recorded.fact.household_id == household_id


def _persons_named(recorded: Recorded) -> tuple[UUID, ...]:
    match recorded.fact:
        case HouseholdRecorded(members=members):
            return tuple(m.person_id for m in members)
        case MemberJoined(member=member):
            return (member.person_id,)
        case HouseholdFormed(person_ids=persons) | HouseholdSplit(person_ids=persons):
            return persons
        case (
            PersonsMerged(person_id=duplicate, same_as=person)
            | DuplicatePersonFound(person_id=person, duplicate=duplicate)
        ):
            return duplicate, person
    return ()
