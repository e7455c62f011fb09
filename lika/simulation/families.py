"""Families whose record is kept in memory as long as the simulation runs, so that assistance can conclude from all of it: they borrow,
learn and work. Of a large province these are few, of a small one one in eight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.households import HouseholdFormed
from contracts.registry.members import MemberJoined, MemberSurveyed
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from services.casework.people.domain import FOLLOWED_TYPES

ONE_IN, MOST = 8, 2_000
"""One household in so many, and about so many at most."""
REST = 3


def is_followed(index: int, households: int) -> bool:
    """Whether the household of this index, or the one that it split off from, is such a family's; ``households``: of the plan."""
    return index % households % max(ONE_IN, households // MOST) == REST


@dataclass(eq=False)
class Family:
    """A household of the first round and the one that splits off from it. ``known``: the register's facts about both, as far as
    assistance follows them; ``followers``: what is to be concluded anew whenever there
    is more; ``changed_on``: the latest day of a fact that anything can follow from."""

    root: Household
    known: list[Recorded] = field(default_factory=list)
    followers: list[Callable[[], None]] = field(default_factory=list)
    changed: bool = False
    changed_on: date = date.min

    def learn(self, recorded: Sequence[Recorded]) -> None:
        followed = [r for r in recorded if r.fact.type_name in FOLLOWED_TYPES]
        self.known += followed
        # A survey changes nobody's household, status or life, and most of what is told are surveys.
        for each in followed:
            if not isinstance(each.fact, MemberSurveyed):
                self.changed, self.changed_on = True, max(self.changed_on, each.fact.effective_on)

    def conclude(self) -> None:
        if self.changed:
            self.changed = False
            for follower in self.followers:
                follower()

    def about_person(self, person: UUID) -> list[Recorded]:
        """All about every household that names them, and about those that these split off from."""
        naming = {self.root.id, *(_household(r.fact) for r in self.known if _names(r.fact, person))}
        return [r for r in self.known if _household(r.fact) in naming]

    def about_household(self, household: UUID) -> list[Recorded]:
        wanted = {self.root.id, household}
        return [r for r in self.known if _household(r.fact) in wanted]

    def adults(self, year: int) -> list[Person]:
        """Of the first household, at work's age, the eldest first."""
        there = (m for m in self.root.present_members if 18 <= year - m.born.year <= 60)
        return sorted(there, key=lambda m: (m.born, m.national_no))


def _household(fact: Fact) -> UUID | None:
    return fact.household_id if isinstance(fact, HouseholdFact) else None


def _names(fact: Fact, person: UUID) -> bool:
    if isinstance(fact, HouseholdFormed):
        return person in fact.person_ids
    return isinstance(fact, MemberJoined) and fact.member.person_id == person
