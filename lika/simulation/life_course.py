"""A household's life: taken down, identified or not, and then year by year until it ends."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from contracts.registry.households import PovertyCause, PovertyStatus, Relation, SchoolStage, Sex
from lika.simulation import arrivals, corrections, moves
from lika.simulation import departures as partings
from lika.simulation import procedures as cases
from lika.simulation import rates as proportions
from lika.simulation import school_roll as school
from lika.simulation import surveys as incomes
from lika.simulation.case import course
from lika.simulation.context import World
from lika.simulation.household_state import Home, Process
from lika.simulation.people import Person
from lika.simulation.registration import take_down

LOOK_BACK = "look_back_removal"
GROUNDS = {
    "identification": "农户申请，人均收入低于标准",
    "exit": "收入稳定，两不愁三保障已实现",
    "return": "收入中断，生活困难",
    LOOK_BACK: "回头看发现识别时收入超过标准",
}


Deed = Callable[..., object]
"""Something that happens to a household on a day: called with the world, the household, the day and what else belongs
to it."""
Planned = tuple[date, Deed, tuple[object, ...]]
"""The day, the deed and what else belongs to it. Plain, since a province has millions of them."""


def told(world: World, home: Home, day: date) -> Process:
    """From the first survey on."""
    rng = world.rng
    take_down(world, home, day)
    opened = rng.day_after(day, 3, 20)
    if opened > world.recorded_on:
        yield opened
    grounds = GROUNDS["identification"]
    if (yield from cases.run(world, home, "identification", opened, grounds, course(rng), home.cause)):
        # A process of its own: this one has told its story.
        following = world.recorded_on + timedelta(1)
        home.start(years(world, home, world.recorded_on), following)


def years(world: World, home: Home, begun: date) -> Process:
    """What a year brings is drawn when the year before has run out; what has become impossible by its day does not
    happen. ``begun``: the last day of the month that is told already."""
    for year in range(begun.year, world.plan.last + 1):
        # Sorted by day alone: on one day things happen in the order in which they are listed.
        planned = sorted(_year(world, home, year), key=lambda one: one[0])
        planned.reverse()
        while planned:
            day, deed, more = planned.pop()
            if day <= begun:
                continue
            if day > world.recorded_on:
                yield day
            deed(world, home, day, *more)
            if home.over:
                return


def _year(world: World, home: Home, year: int) -> Iterator[Planned]:
    rng, in_stock = world.rng, home.in_stock
    yield rng.day_in(date(year, 3, 5), 80), incomes.visited, ()
    if school.has_pupils(home, year):
        yield rng.day_in(date(year, 9, 2), 7), school.roll, ()
    yield rng.day_in(date(year, 9, 11), 19), _income_surveyed, ()
    if in_stock or year > proportions.LAST_YEAR_OF_EXITS:
        yield rng.day_in(date(year, 11, 10), 40), incomes.visited, ()
    yield from _passages(world, home, year)
    yield from _procedures(world, home, year)
    if rng.random() < proportions.READINGS:
        yield rng.day_in(date(year, 1, 5), 350), corrections.read, ()


def _income_surveyed(world: World, home: Home, day: date) -> None:
    incomes.surveyed(world, home, day)
    if world.rng.random() < proportions.WRONG_INCOMES:
        noticed = world.rng.day_after(world.recorded_on, 10, 250)
        home.start(corrections.income_corrected(world, home, home.fact_id(home.last_income), day, noticed), noticed)


def _procedures(world: World, home: Home, year: int) -> Iterator[Planned]:
    """Exits in the autumn, falls back in the spring, the look-back in the summer of its year."""
    rng, plan = world.rng, world.plan
    if year > proportions.LAST_YEAR_OF_EXITS:
        home.wealth *= 0.97 + 0.1 * rng.random()
    elif home.in_stock:
        first_round = (
            home.status is PovertyStatus.REGISTERED and home.number < plan.households and home.since.year < year
        )
        if year == proportions.LOOK_BACK_YEAR and first_round and rng.random() < _look_back_share():
            home.doubted = rng.day_in(date(year, 6, 26), 10)
            yield home.doubted, _begin, (LOOK_BACK,)
            return
        if rng.random() < _exit_share(year - plan.first, len(home.members)):
            home.wealth = 1.05 + 0.5 * rng.random()
            yield rng.day_in(date(year, 10, 8), 29), _begin, ("exit",)
        else:
            home.wealth = min(home.wealth * (1.0 + 0.08 * rng.random()), 0.98)
    elif home.status is PovertyStatus.EXITED:
        home.wealth *= 1.0 + 0.08 * rng.random()
        if home.since.year < year <= proportions.LAST_ENTRY and rng.random() < proportions.RETURN_SHARE:
            yield rng.day_in(date(year, 3, 1), 120), _begin, ("return",)


def _look_back_share() -> float:
    """Some of those whom the look-back doubts are found to have qualified after all: the share is of removals."""
    return proportions.LOOK_BACK_SHARE / 0.93


def _exit_share(round_: int, persons: int) -> float:
    share = proportions.EXIT_SHARE.get(round_, proportions.EXIT_SHARE_LATER)
    return min(share * (1 + proportions.BIG_FIRST * (persons - 2.8)) / 0.93, 0.98)


def _begin(world: World, home: Home, day: date, name: str) -> None:
    """Open a case, if the household's status still allows it and no other is open."""
    allowed = PovertyStatus.EXITED if name == "return" else home.status
    # Whoever is about to be given a helper is no case for this look-back.
    helpless = name == LOOK_BACK and (home.helper is None or home.helper_since >= day.replace(day=1))
    if home.busy or helpless or home.status is not allowed or (name != "return" and not home.in_stock):
        home.doubted = None
        return
    cause = world.rng.weighted_choice(proportions.RETURN_CAUSES) if name == "return" else None
    if cause is not None:
        home.wealth = 0.6 + 0.35 * world.rng.random()
    home.start(_run(world, home, name, day, cause), day)


def _run(world: World, home: Home, name: str, day: date, cause: PovertyCause | None) -> Process:
    yield from cases.run(world, home, name, day, GROUNDS[name], course(world.rng), cause)
    home.doubted = None


def _passages(world: World, home: Home, year: int) -> Iterator[Planned]:
    """Births, marriages, deaths, departures, moves, splits."""
    rng = world.rng
    random = rng.random
    for person in home.members.values():
        age = year - person.born.year
        if random() < partings.mortality(age):
            yield _passage(rng.randbelow(360), year, partings.died, person)
        elif 18 <= age <= 35 and person.relation is Relation.CHILD:
            yield from _grown_up(world, person, age, year)
    if arrivals.mother(home, year) is not None and random() < proportions.BIRTH_SHARE:
        yield home.births.birthday(year), _unless_decided, (arrivals.born,)
    if random() < proportions.BRIDE_SHARE and arrivals.unmarried_son(home, year) is not None:
        yield _passage(rng.randbelow(330), year, arrivals.married)
    if random() < proportions.OVERLOOKED:
        yield _passage(rng.randbelow(330), year, arrivals.adopted_or_overlooked)
    left = random()
    splits = proportions.SPLIT_SHARE if len(home.members) >= 4 and moves.young_family(home) else 0.0
    moved = proportions.MOVE_SHARE_RESETTLEMENT if year in proportions.RESETTLEMENT else proportions.MOVE_SHARE
    fates = ((moved, moves.moved), (splits, _split), (proportions.LEAVES_PROVINCE, partings.left_province),
             (proportions.MERGES, partings.merged))  # fmt: skip
    for share, deed in fates:
        if left < share:
            # Not in the months of applications and look-backs: aid under way stays with one household.
            yield _passage(rng.randbelow(170), year, deed)
            return
        left -= share


def _grown_up(world: World, person: Person, age: int, year: int) -> Iterator[Planned]:
    rng = world.rng
    fate, day = rng.random(), rng.randbelow(330)
    if person.stage is not SchoolStage.NONE:
        if fate < proportions.PUPIL_LEAVES:
            yield _passage(day, year, partings.moved_away, person)
    elif person.sex is Sex.FEMALE and age >= 20 and fate < proportions.MARRIES_AWAY:
        yield _passage(day, year, partings.married_away, person)
    elif person.sex is Sex.MALE and age <= 22 and fate < proportions.ENLISTS:
        yield _passage(day, year, partings.enlisted, person)
    elif fate > 1 - proportions.LEAVES_HOME:
        yield _passage(day, year, partings.moved_away, person)


def _passage(day: int, year: int, deed: Deed, *more: object) -> Planned:
    return date(year, 1, 3) + timedelta(day), _unless_decided, (deed, *more)


def _unless_decided(world: World, home: Home, day: date, deed: Deed, *more: object) -> None:
    """Between decision and announcement nobody comes or goes: who exits is counted on the decision's day."""
    if home.decided_on is None:
        deed(world, home, day, *more)


def _split(world: World, home: Home, day: date) -> None:
    other = moves.split(world, home, day)
    if other is not None:
        following = world.recorded_on + timedelta(1)
        other.start(years(world, other, world.recorded_on), following)
        world.formed.append(other)
