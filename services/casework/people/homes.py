"""In which household somebody lived from when to when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.people.domain import evolve
from services.casework.people.state import RegisterState


@dataclass(frozen=True, slots=True)
class HomeStay:
    """From ``first`` to before ``end``; ``None``: they live there still."""

    household_id: UUID
    first: date
    end: date | None = None


def homes_of(facts: Iterable[Recorded], person: UUID) -> list[HomeStay]:
    """In order, as known now; the days on which they lived in no household of the register are in none. ``facts``: of every
    household that names them, and of its ancestors."""
    state, found = RegisterState(), list[HomeStay]()
    for recorded in timeline(facts):
        state, day = evolve(state, recorded.fact), recorded.fact.effective_on
        home = state.household_of.get(person)
        last = found[-1] if found and found[-1].end is None else None
        if home == (last.household_id if last else None):
            continue
        if last is not None:
            found[-1] = replace(last, end=day)
        if home is not None:
            found.append(HomeStay(home, day))
    return [stay for stay in found if stay.end is None or stay.first < stay.end]
