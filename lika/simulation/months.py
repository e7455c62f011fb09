"""The months of a simulated province, one after the other. Pure: no clock and no database, and everything follows from
the plan and the regulations."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lika.simulation import rates
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import REGISTRY, EventBatch
from lika.simulation.household_state import Household
from lika.simulation.life_course import life_course
from lika.simulation.offices import offices_of
from lika.simulation.plan import Plan
from lika.simulation.randomness import SeededRandom
from lika.simulation.registration import append_workbook_imports, new_household
from lika.simulation.regulations import Regulations
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.registry.divisions.domain import stream_of as division_stream


@dataclass(frozen=True, slots=True)
class Month:
    """``batches`` are simulated as they are iterated, in the order of appending, and must be consumed before the next
    month is asked for. All of them are entered on ``recorded_on``, the month's last day."""

    recorded_on: date
    batches: Iterator[EventBatch]


def simulated_months(plan: Plan, regulations: Regulations) -> Iterator[Month]:
    """Every month of the plan, those without events included."""
    province = _ProvinceSimulation(plan, regulations)
    for month in range(plan.first * 12, (plan.last + 1) * 12):
        year, number = divmod(month, 12)
        following = date(year + (number == 11), (number + 1) % 12 + 1, 1)
        last_day = following - timedelta(1)
        yield Month(last_day, province.run_month(month, last_day))


class _ProvinceSimulation:
    """``_scheduled``: month → households that have something due in it; ``_entrants``: month → index and day of first
    survey of the households that are recorded in it. Months count from the year 0."""

    def __init__(self, plan: Plan, regulations: Regulations) -> None:
        self.context = SimulationContext(plan, regulations)
        self._scheduled: defaultdict[int, list[Household]] = defaultdict(list)
        self._entrants: defaultdict[int, list[tuple[int, date]]] = defaultdict(list)
        for index in range(plan.households):
            day = _first_survey(plan, index, self.context.rng)
            self._entrants[_month_of(day)].append((index, day))
        self._offices = offices_of(self.context)

    def run_month(self, month: int, last_day: date) -> Iterator[EventBatch]:
        context = self.context
        context.begin_month(month, last_day)
        if month == context.plan.first * 12:
            yield from self._adopt_documents()
            yield from self._declare_divisions()
        households = self._scheduled.pop(month, [])
        for index, day in self._entrants.pop(month, ()):
            household = new_household(context, index)
            household.schedule.add(life_course(context, household, day), day)
            households.append(household)
        households.sort(key=lambda household: household.index)
        for household in households:
            context.rng.reseed(household.index, month)
            household.schedule.run_until(last_day)
            self._schedule_next(household)
            yield from context.events.drain()
        for household in context.new_households:
            self._schedule_next(household)
        context.new_households.clear()
        append_workbook_imports(context)
        for family in context.families.values():
            family.conclude()
        for office in self._offices:
            if (due := office.schedule.next_day) is not None and due <= last_day:
                context.rng.reseed(office.entity, month)
                office.schedule.run_until(last_day)
        yield from context.events.drain()

    def _schedule_next(self, household: Household) -> None:
        if (day := household.schedule.next_day) is not None:
            self._scheduled[_month_of(day)].append(household)

    def _adopt_documents(self) -> Iterator[EventBatch]:
        for log, facts in self.context.regulations.adoptions.items():
            self.context.events.append(log, DOCUMENTS, 0, tuple(facts))
        yield from self.context.events.drain()

    def _declare_divisions(self) -> Iterator[EventBatch]:
        events, province = self.context.events, self.context.province
        for division, facts in province.declarations(date(self.context.plan.first, 1, 2)):
            for version, fact in enumerate(facts):
                events.append(REGISTRY, division_stream(division.code), version, (fact,))
        yield from events.drain()


def _first_survey(plan: Plan, index: int, rng: SeededRandom) -> date:
    """The first round goes from village to village in spring and summer; later households come one by one."""
    rng.reseed(index, 0)
    later = rng.weighted_choice(rates.ENTRY_PER_THOUSAND)
    year = min(plan.first + later, plan.last, rates.LAST_ENTRY_YEAR)
    return rng.day_in(date(year, 4, 1), 75) if year == plan.first else rng.day_in(date(year, 3, 1), 150)


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1
