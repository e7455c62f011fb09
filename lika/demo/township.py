"""The sample township: ten villages, 746 households and 2,073 persons identified in the 2014 round, and what happens to
each of them later.

The totals of 2014 and 2015 are published figures (M001, M006, P03, P04). The exits of 2016 and the scenarios (a return
to poverty, a look-back removal, a split, a death, a move) are synthetic.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from contracts.registry.codes import PovertyCause, SchoolStage
from contracts.registry.households import Attribute
from contracts.registry.members import Relation
from lika.demo.circumstances import Circumstances, draw_circumstances
from lika.demo.divisions import DIVISIONS, VILLAGES, Division, village
from lika.demo.people import Person, PersonFactory
from lika.demo.randomness import HashRandom
from lika.fiction.families import draw_family

COHORTS: dict[int | None, tuple[int, int]] = {
    2014: (160, 462),
    2015: (118, 419),
    2016: (97, 389),
    None: (371, 803),
}
"""Households and persons by the year of exit; ``None`` never exited before 2017."""

SIZE_WEIGHTS: dict[int | None, dict[int, int]] = {
    2014: {1: 15, 2: 25, 3: 30, 4: 20, 5: 8, 6: 2},
    2015: {1: 6, 2: 16, 3: 27, 4: 28, 5: 16, 6: 6, 7: 1},
    2016: {1: 3, 2: 10, 3: 22, 4: 31, 5: 22, 6: 10, 7: 2},
    None: {1: 38, 2: 31, 3: 17, 4: 8, 5: 5, 6: 1},
}
"""How often each household size is drawn, before the totals are made exact."""

MAX_SIZE = 7
POOR_VILLAGE_WEIGHT, OTHER_VILLAGE_WEIGHT = 13, 5
FIRST_SURVEY = date(2014, 5, 5)
"""A Monday; one village a working day."""


@dataclass(frozen=True, slots=True)
class Household:
    """A household of the 2014 round. Persons at exit are persons at registration: no size changes before 2017.

    Scenario fields: ``returns_to_poverty`` in 2016, after its exit; ``never_qualified`` is found in 2017;
    ``split_members`` are the person numbers that leave in 2017, the new head first; ``dying_member`` is the number of
    who dies in 2017; ``moves_to`` is another village's code, in 2017.
    """

    number: str
    village: str
    surveyed_on: date
    members: tuple[Person, ...]
    circumstances: Circumstances
    exit_year: int | None
    returns_to_poverty: bool = False
    never_qualified: bool = False
    split_members: tuple[str, ...] = ()
    dying_member: str | None = None
    moves_to: str | None = None

    @property
    def attribute(self) -> Attribute:
        return self.circumstances.attribute

    @property
    def main_cause(self) -> PovertyCause:
        return self.circumstances.main_cause

    @property
    def has_scenario(self) -> bool:
        return (
            self.returns_to_poverty
            or self.never_qualified
            or bool(self.split_members or self.dying_member or self.moves_to)
        )


@dataclass(frozen=True, slots=True)
class Township:
    divisions: tuple[Division, ...]
    households: tuple[Household, ...]

    def of_village(self, code: str) -> tuple[Household, ...]:
        return tuple(household for household in self.households if household.village == code)

    @property
    def returning_household(self) -> Household:
        """The one that returns to poverty."""
        return next(household for household in self.households if household.returns_to_poverty)


def sample_township() -> Township:
    """The same township every time, households by village and number."""
    people = PersonFactory()
    numbers: Counter[str] = Counter()
    by_village = sorted(
        ((_draw_village(index), index, exit_year, size) for index, (exit_year, size) in enumerate(_shuffled_cohorts())),
        key=lambda row: row[:2],
    )
    households = []
    for code, index, exit_year, size in by_village:
        numbers[code] += 1
        number = f"{code}{numbers[code]:04}"
        rng = HashRandom(f"household/{index}")
        members = tuple(people.create_members(number, draw_family(size, rng), rng))
        circumstances = draw_circumstances(members, rng)
        households.append(Household(number, code, _surveyed_on(code), members, circumstances, exit_year))
    return Township(DIVISIONS, tuple(_with_scenarios(households)))


def _shuffled_cohorts() -> list[tuple[int | None, int]]:
    """Exit year and size of every household, in random order."""
    drawn = [(exit_year, size) for exit_year in COHORTS for size in _draw_sizes(exit_year)]
    order = HashRandom("order")
    keyed = sorted((order.randbelow(1 << 30), index, pair) for index, pair in enumerate(drawn))
    return [pair for _, _, pair in keyed]


def _draw_sizes(exit_year: int | None) -> list[int]:
    """Sizes of one cohort: drawn, then adjusted by one here and there until the persons are exact."""
    households, persons = COHORTS[exit_year]
    rng = HashRandom(f"sizes/{exit_year}")
    sizes = [rng.weighted_choice(SIZE_WEIGHTS[exit_year]) for _ in range(households)]
    while (missing := persons - sum(sizes)) != 0:
        step = 1 if missing > 0 else -1
        index = rng.randbelow(households)
        if 1 <= sizes[index] + step <= MAX_SIZE:
            sizes[index] += step
    return sizes


def _draw_village(index: int) -> str:
    weights = {v.code: POOR_VILLAGE_WEIGHT if v.poor else OTHER_VILLAGE_WEIGHT for v in VILLAGES}
    return HashRandom(f"village/{index}").weighted_choice(weights)


def _surveyed_on(code: str) -> date:
    index = [v.code for v in VILLAGES].index(code)
    weeks, days = divmod(index, 5)
    return FIRST_SURVEY + timedelta(weeks=weeks, days=days)


def _with_scenarios(households: Sequence[Household]) -> list[Household]:
    """Assign each scenario to the first household that it applies to; no household has two."""
    result = list(households)
    for scenario in SCENARIOS:
        index = next(i for i, h in enumerate(result) if not h.has_scenario and scenario.applies_to(h))
        result[index] = scenario.assign_to(result[index])
    return result


def _has_young_boarder(household: Household) -> bool:
    """A pupil who boards, and so is aided, and is young enough to be in primary school still when the household returns
    to poverty in 2016."""
    return any(m.stage is SchoolStage.PRIMARY and m.boarder and m.born.year >= 2004 for m in household.members)


def _young_family(household: Household) -> tuple[str, ...]:
    """Married child, spouse and children of a three-generation household, in that order; empty when there is none."""
    order = (Relation.CHILD, Relation.CHILD_IN_LAW, Relation.GRANDCHILD)
    if not all(any(member.relation is relation for member in household.members) for relation in order):
        return ()
    return tuple(member.number for relation in order for member in household.members if member.relation is relation)


IN_YOUNG_FAMILY = {Relation.CHILD_IN_LAW: Relation.SPOUSE, Relation.GRANDCHILD: Relation.CHILD}
"""What they were to the former head → what they are to the married child."""


def _can_split(household: Household) -> bool:
    leaving = _young_family(household)
    return bool(leaving) and len(household.members) - len(leaving) >= 2


def _oldest_but_the_head(household: Household) -> Person:
    return min(household.members[1:], key=lambda member: member.born)


def _never_exited(household: Household) -> bool:
    return household.exit_year is None


class Scenario(NamedTuple):
    applies_to: Callable[[Household], bool]
    assign_to: Callable[[Household], Household]


SCENARIOS = (
    Scenario(
        lambda h: h.exit_year == 2014 and len(h.members) == 3 and _has_young_boarder(h),
        lambda h: replace(h, returns_to_poverty=True),
    ),
    Scenario(
        lambda h: _never_exited(h) and len(h.members) == 3,
        lambda h: replace(h, never_qualified=True),
    ),
    Scenario(
        lambda h: _never_exited(h) and _can_split(h),
        lambda h: replace(h, split_members=_young_family(h)),
    ),
    Scenario(
        lambda h: _never_exited(h) and len(h.members) >= 2 and _oldest_but_the_head(h).born.year < 1945,
        lambda h: replace(h, dying_member=_oldest_but_the_head(h).number),
    ),
    Scenario(
        lambda h: _never_exited(h) and len(h.members) >= 2 and h.village == village("Qingshan").code,
        lambda h: replace(h, moves_to=village("Guihua").code),
    ),
)
