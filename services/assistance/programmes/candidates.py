"""Units of the register as predicates see them. Pure."""

from collections.abc import Iterable, Set
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.programmes.predicates import Candidate
from services.casework.people.domain import fold
from services.casework.people.state import Household, PersonState, RegisterState, person_state

NONE: Set[str] = frozenset()


def person_candidate(
    person: UUID, facts: Iterable[Recorded], day: date, *, income: Decimal | None = None,
    receiving: Set[str] = NONE, proved: Set[str] = NONE,
) -> Candidate:  # fmt: skip
    """A person at the end of that day. ``facts``: as for ``person_on``."""
    register = fold(timeline(facts, as_of=day))
    state = person_state(register, person)
    household = register.households.get(state.household_id) if state.household_id is not None else None
    return Candidate(state, day, household.monitoring if household else None, income, receiving, proved)


def household_candidate(
    household: UUID, facts: Iterable[Recorded], day: date, *, income: Decimal | None = None,
    receiving: Set[str] = NONE, proved: Set[str] = NONE,
) -> Candidate:  # fmt: skip
    """A household at the end of that day. ``facts``: of it and of its ancestors."""
    register = fold(timeline(facts, of=household, as_of=day))
    found = register.households.get(household)
    monitoring = found.monitoring if found else None
    return Candidate(household_state(household, register), day, monitoring, income, receiving, proved)


def household_state(household: UUID, register: RegisterState) -> PersonState:
    """The household as if it were one of its own members: where it is and what its status is, and nothing of a person."""
    found: Household | None = register.households.get(household)
    if found is None:
        return PersonState()
    return PersonState(
        household_id=household, division=found.division, status=found.status, enjoys_policies=found.enjoys_policies
    )
