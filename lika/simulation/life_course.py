"""A household's life course: recorded, identified or not, and then the events of each year until the household ends."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from contracts.registry.codes import PovertyCause, SchoolStage
from contracts.registry.members import Relation, Sex
from contracts.registry.poverty_status import PovertyStatus
from lika.simulation import arrivals, corrections, departures, moves, rates, school_roll, surveys
from lika.simulation.context import SimulationContext
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from lika.simulation.procedures import run_case
from lika.simulation.registration import record_household
from lika.simulation.schedule import Process
from lika.simulation.status_effects import StatusCase

LOOK_BACK = "look_back_removal"
GROUNDS = {
    "identification": "农户申请，人均收入低于标准",
    "exit": "收入稳定，两不愁三保障已实现",
    "return": "收入中断，生活困难",
    LOOK_BACK: "回头看发现识别时收入超过标准",
}


EventHandler = Callable[..., object]
"""Simulates an event of a household: called with the context, the household, the day and the event's own arguments."""
PlannedEvent = tuple[date, EventHandler, tuple[object, ...]]
"""The day, the handler and the event's own arguments. A plain tuple, since a province has millions of them."""


def life_course(context: SimulationContext, household: Household, day: date) -> Process:
    """From the first survey on."""
    rng = context.rng
    record_household(context, household, day)
    opened_on = rng.day_after(day, 3, 20)
    if opened_on > context.recorded_on:
        yield opened_on
    name = "identification"
    procedure = context.regulations.procedure(name, opened_on)
    case = StatusCase(context, household, procedure, household.main_cause)
    if (yield from run_case(case, opened_on, GROUNDS[name])):
        _schedule_years(context, household)


def _schedule_years(context: SimulationContext, household: Household) -> None:
    """A process of its own, from the day after the current month."""
    household.schedule.add(_years(context, household, context.recorded_on), context.recorded_on + timedelta(1))


def _years(context: SimulationContext, household: Household, after: date) -> Process:
    """The events of a year are drawn when the year before is over; an event that has become impossible by its day does
    not happen. ``after``: only events after that day."""
    for year in range(after.year, context.plan.last + 1):
        # Sorted by day alone: on one day events happen in the order in which they are listed.
        planned = sorted(_events_of_year(context, household, year), key=lambda event: event[0])
        planned.reverse()
        while planned:
            day, handler, arguments = planned.pop()
            if day <= after:
                continue
            if day > context.recorded_on:
                yield day
            handler(context, household, day, *arguments)
            if household.ended:
                return


def _events_of_year(context: SimulationContext, household: Household, year: int) -> Iterator[PlannedEvent]:
    rng, in_stock = context.rng, household.in_stock
    yield rng.day_in(date(year, 3, 5), 80), surveys.record_visit, ()
    if school_roll.has_pupils(household, year):
        yield rng.day_in(date(year, 9, 2), 7), school_roll.update_school_roll, ()
    yield rng.day_in(date(year, 9, 11), 19), _record_income_survey, ()
    if in_stock or year > rates.LAST_EXIT_YEAR:
        yield rng.day_in(date(year, 11, 10), 40), surveys.record_visit, ()
    yield from _demographic_events(context, household, year)
    yield from _case_openings(context, household, year)
    if rng.random() < rates.PERSONAL_DATA_READ_RATE:
        yield rng.day_in(date(year, 1, 5), 350), corrections.read_personal_data, ()


def _record_income_survey(context: SimulationContext, household: Household, day: date) -> None:
    wrong_fact, act = surveys.record_income_survey(context, household, day)
    if context.rng.random() < rates.WRONG_INCOME_RATE:
        noticed_on = context.rng.day_after(context.recorded_on, 10, 250)
        correction = corrections.correct_income(context, household, wrong_fact, act, day, noticed_on)
        household.schedule.add(correction, noticed_on)


def _case_openings(context: SimulationContext, household: Household, year: int) -> Iterator[PlannedEvent]:
    """Exits in the autumn, returns to poverty in the spring, the look-back in the summer of its year."""
    rng, plan = context.rng, context.plan
    if year > rates.LAST_EXIT_YEAR:
        household.income_ratio *= 0.97 + 0.1 * rng.random()
    elif household.in_stock:
        first_round = (
            household.status is PovertyStatus.REGISTERED
            and household.index < plan.households
            and household.since.year < year
        )
        if year == rates.LOOK_BACK_YEAR and first_round and rng.random() < rates.LOOK_BACK_RATE:
            household.look_back_on = rng.day_in(date(year, 6, 26), 10)
            yield household.look_back_on, _open_case, (LOOK_BACK,)
            return
        if rng.random() < rates.exit_case_rate(year - plan.first, len(household.members)):
            household.income_ratio = 1.05 + 0.5 * rng.random()
            yield rng.day_in(date(year, 10, 8), 29), _open_case, ("exit",)
        else:
            household.income_ratio = min(household.income_ratio * (1.0 + 0.08 * rng.random()), 0.98)
    elif household.status is PovertyStatus.EXITED:
        household.income_ratio *= 1.0 + 0.08 * rng.random()
        if household.since.year < year <= rates.LAST_ENTRY_YEAR and rng.random() < rates.RETURN_RATE:
            yield rng.day_in(date(year, 3, 1), 120), _open_case, ("return",)


def _open_case(context: SimulationContext, household: Household, day: date, name: str) -> None:
    """If the household's status still allows it and no other case is open."""
    returns = name == "return"
    status_allows = household.status is PovertyStatus.EXITED if returns else household.in_stock
    # A look-back case is opened only where a helper was assigned before the month, and nobody has split off: a removal
    # from the entry on would be one of the household that split off, too, whatever has been decided about it since.
    no_helper = household.helper is None or household.helper_since >= day.replace(day=1)
    no_look_back = no_helper or household.numbers.has_split_off
    if household.has_open_case or not status_allows or (name == LOOK_BACK and no_look_back):
        household.look_back_on = None
        return
    cause = context.rng.weighted_choice(rates.RETURN_CAUSES) if returns else None
    if cause is not None:
        household.income_ratio = 0.6 + 0.35 * context.rng.random()
    household.schedule.add(_run_case(context, household, name, day, cause), day)


def _run_case(
    context: SimulationContext, household: Household, name: str, day: date, cause: PovertyCause | None
) -> Process:
    case = StatusCase(context, household, context.regulations.procedure(name, day), cause)
    yield from run_case(case, day, GROUNDS[name])
    household.look_back_on = None


def _demographic_events(context: SimulationContext, household: Household, year: int) -> Iterator[PlannedEvent]:
    """Births, marriages, deaths, departures, moves, splits."""
    rng = context.rng
    random = rng.random
    for person in household.members.values():
        age = year - person.born.year
        if random() < departures.mortality(age):
            yield _demographic_event(rng.randbelow(360), year, departures.record_death, person)
        elif 18 <= age <= 35 and person.relation is Relation.CHILD:
            yield from _departure_of_adult_child(context, person, age, year)
    if arrivals.potential_mother(household, year) is not None and random() < rates.BIRTH_RATE:
        yield household.numbers.next_birthday(year), _unless_decided, (arrivals.record_birth,)
    if random() < rates.MARRIAGE_IN_RATE and arrivals.unmarried_son(household, year) is not None:
        yield _demographic_event(rng.randbelow(330), year, arrivals.record_marriage)
    if random() < rates.OVERLOOKED_MEMBER_RATE:
        yield _demographic_event(rng.randbelow(330), year, arrivals.record_adoption_or_omission)
    remaining = random()
    split_rate = rates.SPLIT_RATE if len(household.members) >= 4 and moves.young_family(household) else 0.0
    move_rate = rates.RESETTLEMENT_RATE if year in rates.RESETTLEMENT_YEARS else rates.MOVE_RATE
    exclusive_events = (
        (move_rate, moves.record_move),
        (split_rate, _record_split),
        (rates.OUT_OF_PROVINCE_RATE, departures.record_leaving_province),
        (rates.MERGER_RATE, departures.record_merger),
    )
    for rate, handler in exclusive_events:
        if remaining < rate:
            # Not in the months of applications and look-backs: an application stays with one household.
            yield _demographic_event(rng.randbelow(170), year, handler)
            return
        remaining -= rate


def _departure_of_adult_child(
    context: SimulationContext, person: Person, age: int, year: int
) -> Iterator[PlannedEvent]:
    rng = context.rng
    draw, day = rng.random(), rng.randbelow(330)
    if person.stage is not SchoolStage.NONE:
        if draw < rates.PUPIL_MOVE_OUT_RATE:
            yield _demographic_event(day, year, departures.record_moving_out, person)
    elif person.sex is Sex.FEMALE and age >= 20 and draw < rates.MARRIAGE_OUT_RATE:
        yield _demographic_event(day, year, departures.record_marriage_out, person)
    elif person.sex is Sex.MALE and age <= 22 and draw < rates.ENLISTMENT_RATE:
        yield _demographic_event(day, year, departures.record_enlistment, person)
    elif draw > 1 - rates.MOVE_OUT_RATE:
        yield _demographic_event(day, year, departures.record_moving_out, person)


def _demographic_event(day_of_year: int, year: int, handler: EventHandler, *arguments: object) -> PlannedEvent:
    return date(year, 1, 3) + timedelta(day_of_year), _unless_decided, (handler, *arguments)


def _unless_decided(
    context: SimulationContext, household: Household, day: date, handler: EventHandler, *arguments: object
) -> None:
    """Between decision and announcement the members stay the same: who exits is counted on the decision's day."""
    if household.decided_on is None:
        handler(context, household, day, *arguments)


def _record_split(context: SimulationContext, household: Household, day: date) -> None:
    new = moves.split(context, household, day)
    if new is not None:
        _schedule_years(context, new)
        context.new_households.append(new)
