"""Units of the register as predicates see them. Pure."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.programmes.predicates import Candidate
from services.casework.people.domain import fold
from services.casework.people.state import PersonState, RegisterState, household_state, person_state


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known of a unit besides the register. ``income``: yuan a head and month; ``receiving``: programmes that run for it;
    ``proved``: what papers prove."""

    income: Decimal | None = None
    receiving: Set[str] = frozenset()
    proved: Set[str] = frozenset()


NOTHING_STATED = Stated()


def person_candidate(
    person: UUID, facts: Iterable[Recorded], day: date, stated: Stated = NOTHING_STATED
) -> Candidate:  # fmt: skip
    """A person at the end of that day. ``facts``: as for ``person_on``."""
    register = fold(timeline(facts, as_of=day))
    return candidate_in(register, person_state(register, person), day, stated)


def household_candidate(
    household: UUID, facts: Iterable[Recorded], day: date, stated: Stated = NOTHING_STATED
) -> Candidate:
    """A household at the end of that day. ``facts``: of it and of its ancestors."""
    register = fold(timeline(facts, of=household, as_of=day))
    return candidate_in(register, household_state(register, household), day, stated)


def persons_in(household: UUID, facts: Iterable[Recorded], day: date) -> int:
    """How many live in the household at the end of that day."""
    register = fold(timeline(facts, of=household, as_of=day))
    return sum(lives_in == household for lives_in in register.household_of.values())


def candidate_in(register: RegisterState, state: PersonState, day: date, stated: Stated) -> Candidate:
    """A unit that is in this state in the register of that day."""
    household = register.households.get(state.household_id) if state.household_id is not None else None
    monitoring = household.monitoring if household else None
    return Candidate(state, day, monitoring, stated.income, stated.receiving, stated.proved)
