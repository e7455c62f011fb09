"""The sample township: ten villages, 746 households and 2,073 persons identified in the 2014 round, and their fates.

The totals of 2014 and 2015 are published figures (M001, M006, P03, P04). The exits of 2016 and everything in the sequel
(a fall-back, a look-back removal, a split, a death, a move) are synthetic.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from contracts.registry.households import Attribute, PovertyCause, Relation, SchoolStage
from lika.demo.circumstances import Circumstances, circumstances
from lika.demo.divisions import DIVISIONS, VILLAGES, Division, village
from lika.demo.people import People, Person
from lika.demo.randomness import Draw
from lika.fiction.families import seats

GROUPS: dict[int | None, tuple[int, int]] = {
    2014: (160, 462),
    2015: (118, 419),
    2016: (97, 389),
    None: (371, 803),
}
"""Households and persons by the year of exit; ``None`` never exited before 2017."""

SIZES: dict[int | None, dict[int, int]] = {
    2014: {1: 15, 2: 25, 3: 30, 4: 20, 5: 8, 6: 2},
    2015: {1: 6, 2: 16, 3: 27, 4: 28, 5: 16, 6: 6, 7: 1},
    2016: {1: 3, 2: 10, 3: 22, 4: 31, 5: 22, 6: 10, 7: 2},
    None: {1: 38, 2: 31, 3: 17, 4: 8, 5: 5, 6: 1},
}
"""How often each household size is drawn, before the totals are made exact."""

LARGEST = 7
POOR_VILLAGE_WEIGHT, OTHER_VILLAGE_WEIGHT = 13, 5
FIRST_SURVEY = date(2014, 5, 5)
"""A Monday; one village a working day."""


@dataclass(frozen=True, slots=True)
class Household:
    """A household of the 2014 round. Persons at exit are persons at registration: no size changes before 2017.

    Sequel markers: ``falls_back`` in 2016, after its exit; ``never_qualified`` is found in 2017; ``splits`` lists the
    person numbers that leave in 2017, the new head first; ``dies`` in 2017; ``moves_to`` another village in 2017.
    """

    number: str
    village: str
    surveyed_on: date
    members: tuple[Person, ...]
    circumstances: Circumstances
    exit_year: int | None
    falls_back: bool = False
    never_qualified: bool = False
    splits: tuple[str, ...] = ()
    dies: str | None = None
    moves_to: str | None = None

    @property
    def attribute(self) -> Attribute:
        return self.circumstances.attribute

    @property
    def main_cause(self) -> PovertyCause:
        return self.circumstances.main_cause

    @property
    def in_sequel(self) -> bool:
        return self.falls_back or self.never_qualified or bool(self.splits or self.dies or self.moves_to)


@dataclass(frozen=True, slots=True)
class Township:
    divisions: tuple[Division, ...]
    households: tuple[Household, ...]

    def of_village(self, code: str) -> tuple[Household, ...]:
        return tuple(household for household in self.households if household.village == code)


def sample_township() -> Township:
    """The same township every time, households by village and number."""
    people = People()
    numbers: Counter[str] = Counter()
    settled = sorted(
        ((_village(index), index, exit_year, size) for index, (exit_year, size) in enumerate(_mixed())),
        key=lambda one: one[:2],
    )
    households = []
    for code, index, exit_year, size in settled:
        numbers[code] += 1
        number = f"{code}{numbers[code]:04}"
        draw = Draw(f"household/{index}")
        members = tuple(people.family(number, seats(size, draw), draw))
        households.append(Household(number, code, _surveyed_on(code), members, circumstances(members, draw), exit_year))
    return Township(DIVISIONS, tuple(_with_sequel(households)))


def _mixed() -> list[tuple[int | None, int]]:
    """Exit year and size of every household, the groups shuffled into one another."""
    drawn = [(exit_year, size) for exit_year in GROUPS for size in _sizes(exit_year)]
    order = Draw("order")
    return [pair for _, _, pair in sorted((order.below(1 << 30), place, pair) for place, pair in enumerate(drawn))]


def _sizes(exit_year: int | None) -> list[int]:
    """Sizes of one group: drawn, then moved by one here and there until the persons are exact."""
    households, persons = GROUPS[exit_year]
    draw = Draw(f"sizes/{exit_year}")
    sizes = [draw.weighted(SIZES[exit_year]) for _ in range(households)]
    while (missing := persons - sum(sizes)) != 0:
        step = 1 if missing > 0 else -1
        place = draw.below(households)
        if 1 <= sizes[place] + step <= LARGEST:
            sizes[place] += step
    return sizes


def _village(index: int) -> str:
    weights = {one.code: POOR_VILLAGE_WEIGHT if one.poor else OTHER_VILLAGE_WEIGHT for one in VILLAGES}
    return Draw(f"village/{index}").weighted(weights)


def _surveyed_on(code: str) -> date:
    place = [one.code for one in VILLAGES].index(code)
    weeks, days = divmod(place, 5)
    return FIRST_SURVEY + timedelta(weeks=weeks, days=days)


def _with_sequel(households: list[Household]) -> list[Household]:
    """Mark the first household that fits each fate; no household has two."""
    told = list(households)
    for fits, mark in SEQUEL:
        place = next(at for at, one in enumerate(told) if not one.in_sequel and fits(one))
        told[place] = mark(told[place])
    return told


def _young_boarder(one: Household) -> bool:
    """A pupil who boards, and so is aided, and is young enough to be in primary school still when the household falls
    back in 2016."""
    return any(m.stage is SchoolStage.PRIMARY and m.boarder and m.born.year >= 2004 for m in one.members)


def _young_couple(one: Household) -> tuple[str, ...]:
    """Married child, spouse and children of a three-generation household, in that order; empty when there is none."""
    order = (Relation.CHILD, Relation.CHILD_IN_LAW, Relation.GRANDCHILD)
    if not all(any(member.relation is relation for member in one.members) for relation in order):
        return ()
    return tuple(member.number for relation in order for member in one.members if member.relation is relation)


def _oldest_but_the_head(one: Household) -> Person:
    return min(one.members[1:], key=lambda member: member.born)


def _never_exited(one: Household) -> bool:
    return one.exit_year is None


Fate = tuple[Callable[[Household], bool], Callable[[Household], Household]]

SEQUEL: tuple[Fate, ...] = (
    (
        lambda one: one.exit_year == 2014 and len(one.members) == 3 and _young_boarder(one),
        lambda one: replace(one, falls_back=True),
    ),
    (
        lambda one: _never_exited(one) and len(one.members) == 3,
        lambda one: replace(one, never_qualified=True),
    ),
    (
        lambda one: _never_exited(one) and len(one.members) - len(_young_couple(one)) >= 2 and bool(_young_couple(one)),
        lambda one: replace(one, splits=_young_couple(one)),
    ),
    (
        lambda one: _never_exited(one) and len(one.members) >= 2 and _oldest_but_the_head(one).born.year < 1945,
        lambda one: replace(one, dies=_oldest_but_the_head(one).number),
    ),
    (
        lambda one: _never_exited(one) and len(one.members) >= 2 and one.village == village("Qingshan").code,
        lambda one: replace(one, moves_to=village("Guihua").code),
    ),
)
