"""The months of a province, told one after the other. Pure: no clock, no file, no database, and a plan's whole story
from the plan alone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush

from lika.simulation import life_course as lives
from lika.simulation import rates as proportions
from lika.simulation import work_lists as worklists
from lika.simulation.context import World
from lika.simulation.event_buffer import REGISTRY, Act
from lika.simulation.household_state import Home, Process
from lika.simulation.plan import Plan
from lika.simulation.randomness import SeededRandom
from lika.simulation.registration import imported, new_home
from lika.simulation.regulations import Law
from lika.simulation.targets import Office
from services.registry.divisions.domain import stream_of as division_stream

OFFICES = 1 << 40
"""Beyond every household's number: whose rng a township's is."""


@dataclass(frozen=True, slots=True)
class Month:
    """``acts`` are told as they are taken, in the order of writing, and must be taken before the next month is asked
    for. All of them are entered on ``recorded_on``, the month's last day."""

    recorded_on: date
    acts: Iterator[Act]


def months(plan: Plan, law: Law) -> Iterator[Month]:
    """Every month of the plan, its quiet ones included."""
    province = _Told(plan, law)
    for month in range(plan.first * 12, (plan.last + 1) * 12):
        year, number = divmod(month, 12)
        following = date(year + (number == 11), (number + 1) % 12 + 1, 1)
        last_day = following - timedelta(1)
        yield Month(last_day, province.month(month, last_day))


class _Told:
    """The province between two months: who goes on when."""

    def __init__(self, plan: Plan, law: Law) -> None:
        self.world = World(plan, law)
        self._due: defaultdict[int, list[Home]] = defaultdict(list)
        self._arriving: defaultdict[int, list[tuple[int, date]]] = defaultdict(list)
        for number in range(plan.households):
            day = _surveyed_on(plan, number, self.world.rng)
            self._arriving[_month_of(day)].append((number, day))
        self._offices = [Office(place) for place in self.world.province.townships]
        for office in self._offices:
            office.start(worklists.years(self.world, office), date(plan.first, 1, 1))

    def month(self, month: int, last_day: date) -> Iterator[Act]:
        world = self.world
        world.turn(month, last_day)
        if month == world.plan.first * 12:
            yield from self._divisions()
        homes = self._due.pop(month, [])
        for number, day in self._arriving.pop(month, ()):
            home = new_home(world, number)
            home.start(lives.told(world, home, day), day)
            homes.append(home)
        homes.sort(key=lambda home: home.number)
        for home in homes:
            world.rng.reseed(home.number, month)
            _go_on(home.agenda, last_day)
            self._await(home)
            yield from world.book.taken()
        for home in world.formed:
            self._await(home)
        world.formed.clear()
        imported(world)
        for office in self._offices:
            world.rng.reseed(OFFICES + office.number, month)
            _go_on(office.agenda, last_day)
        yield from world.book.taken()

    def _await(self, home: Home) -> None:
        if home.agenda:
            self._due[_month_of(home.agenda[0][0])].append(home)

    def _divisions(self) -> Iterator[Act]:
        book = self.world.book
        for place, facts in self.world.province.declared(date(self.world.plan.first, 1, 2)):
            for before, fact in enumerate(facts):
                book.put(REGISTRY, division_stream(place.code), before, (fact,))
        yield from book.taken()


def _go_on(agenda: list[tuple[date, int, Process]], last_day: date) -> None:
    """Everything that is due by that day, in the order of days."""
    while agenda and agenda[0][0] <= last_day:
        _, number, process = heappop(agenda)
        later = next(process, None)
        if later is not None:
            heappush(agenda, (later, number, process))


def _surveyed_on(plan: Plan, number: int, rng: SeededRandom) -> date:
    """The first round goes from village to village in spring and summer; who comes in later years comes one by one."""
    rng.reseed(number, 0)
    later = rng.weighted_choice(proportions.ENTRY_PER_THOUSAND)
    year = min(plan.first + later, plan.last, proportions.LAST_ENTRY)
    return rng.day_in(date(year, 4, 1), 75) if year == plan.first else rng.day_in(date(year, 3, 1), 150)


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1
