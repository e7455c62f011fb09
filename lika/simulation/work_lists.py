"""A township's years of work: an exit target while there are exits (M006), a work list of four items (M189), and what
becomes of each: reported, struck off by milestone (M008), overdue, withdrawn."""

from datetime import date, timedelta
from decimal import Decimal

from contracts.facts import DecidedFrom, LogPosition
from contracts.monitoring import targets as facts
from contracts.quantities import Quantity, Unit
from lika.simulation import rates as proportions
from lika.simulation.context import TIMER, World
from lika.simulation.event_buffer import REGISTRY
from lika.simulation.household_state import Process
from lika.simulation.targets import Item, Office, Target

ITEMS = (
    Item("村道公路改建", Unit.KILOMETRE, 2, 16), Item("饮水管网入户", Unit.VILLAGE_GROUP, 2, 8),
    Item("农网改造", Unit.VILLAGE, 1, 6), Item("宽带入户", Unit.VILLAGE, 1, 6),
    Item("活动室建设", Unit.BUILDING, 1, 3), Item("危房改造", Unit.HOUSEHOLD, 10, 60),
    Item("烟叶种植", Unit.MU, 200, 1500), Item("技能培训", Unit.ATTENDANCE, 40, 300),
)  # fmt: skip
"""Table 4.1 and its like: contents and units of a township's work list."""
ITEMS_A_YEAR = 4
OWNERS = ("分管副乡长", "水利站长", "驻村第一书记", "农业服务中心主任", "扶贫专干")
DEADLINES = ((3, 31), (5, 31), (8, 31), (10, 31), (12, 31))
"""Ends of months, as most of table 4.1: what is done by then is entered by then."""
WITHDRAWN, LATE, NEVER, CORRECTED = 0.01, 0.14, 0.06, 0.05
"""Of items, those given up, done after their deadline, never done; of reports, those put right."""


def years(world: World, office: Office) -> Process:
    """January by January. The first exit target waits until somebody is in the register."""
    for year in range(world.plan.first, world.plan.last + 1):
        set_on = date(year, 1, 5)
        if set_on > world.recorded_on:
            yield set_on
        first = world.rng.randbelow(len(ITEMS))
        for number in range(1, ITEMS_A_YEAR + 1):
            item = ITEMS[(first + 3 * number) % len(ITEMS)]
            office.start(_item(world, office, item, number, set_on), set_on)
        if year <= proportions.LAST_YEAR_OF_EXITS:
            day = set_on if year > world.plan.first else date(year, 9, 1)
            office.start(_exits(world, office, day), day)


def _item(world: World, office: Office, item: Item, number: int, day: date) -> Process:
    yield from ()
    rng, target = world.rng, Target(world, office)
    villages = world.province.villages_of(office.place)
    places = dict.fromkeys(rng.choice(villages) for _ in range(1 + rng.randbelow(2)))
    lines = tuple(
        facts.TargetLine(
            line=line, quantity=Quantity(amount=Decimal(rng.randint(item.least, item.most)), unit=item.unit),
            place=place.code, direction=facts.Direction.AT_LEAST,
        )
        for line, place in enumerate(places, start=1)
    )  # fmt: skip
    deadline = date(day.year, *rng.choice(DEADLINES))
    setting = facts.TargetSet(
        **target.about(day, office.planner), division=office.place.code, year=day.year,
        work_list=f"{day.year}年具体工作安排", item=f"W{number}", content=item.content,
        kind=facts.TargetKind.REPORTED, lines=lines, deadline=deadline, owners=_owners(world),
    )  # fmt: skip
    set_by = target.set(setting)
    target.plan(day, "竣工验收", deadline)
    fate = rng.random()
    if fate < WITHDRAWN:
        yield from _withdrawn(world, target, day)
        return
    fate -= WITHDRAWN
    late, never = fate < LATE, LATE <= fate < LATE + NEVER
    yield from _halfway(world, target, day, deadline)
    if late or never:
        yield from _overdue(target, deadline, set_by)
    if not never:
        done_on = rng.day_after(deadline, 10, 150) if late else deadline - timedelta(rng.randbelow(20))
        yield from _finished(world, target, done_on)


def _withdrawn(world: World, target: Target, day: date) -> Process:
    later = world.rng.day_after(day, 20, 50)
    yield later
    target.withdraw(later)


def _halfway(world: World, target: Target, day: date, deadline: date) -> Process:
    """A report on the way; now and then somebody typed too much."""
    days = (deadline - day).days
    reported_on = world.rng.day_after(day, days // 4, days // 2)
    if reported_on > world.recorded_on:
        yield reported_on
    for line in target.lines:
        half = Decimal(int(line.quantity.amount) // 2)
        if half and world.rng.random() < CORRECTED:
            wrong = target.report(reported_on, line, half + 1 if half + 1 < line.quantity.amount else half)
            if half + 1 < line.quantity.amount:
                target.report(reported_on, line, half, correction="误报", annuls=(wrong,))
        elif half:
            target.report(reported_on, line, half)


def _overdue(target: Target, deadline: date, set_by: str) -> Process:
    """The calendar tells on the day after."""
    day = deadline + timedelta(1)
    yield day
    missing = tuple(
        facts.Shortfall(
            line=line.line,
            missing=Quantity(amount=line.quantity.amount - int(line.quantity.amount) // 2, unit=line.quantity.unit),
        )
        for line in target.lines
    )
    target.put(facts.TargetOverdue(**target.about(day, TIMER, caused_by=set_by), missing=missing))


def _finished(world: World, target: Target, day: date) -> Process:
    """All reported and accepted; struck off within weeks."""
    if day > world.recorded_on:
        yield day
    for line in target.lines:
        target.report(day, line, line.quantity.amount)
    target.reach(day)
    struck = world.rng.day_after(day, 2, 25)
    if struck > world.recorded_on:
        yield struck
    target.strike_off(struck)


def _exits(world: World, office: Office, day: date) -> Process:
    """So many households and persons are to exit this year. What is achieved is never reported: it follows from the
    register, and is judged by what was known at the end of the year."""
    yield from ()
    township = office.place.code
    households, persons = world.stock[township]
    share = proportions.EXIT_SHARE.get(day.year - world.plan.first, proportions.EXIT_SHARE_LATER)
    wanted = {Unit.HOUSEHOLD: int(households * share), Unit.PERSON: int(persons * share)}
    if not all(wanted.values()):
        return
    target, deadline = Target(world, office), date(day.year, 12, 31)
    lines = tuple(
        facts.TargetLine(
            line=line, quantity=Quantity(amount=Decimal(amount), unit=unit), place=township,
            direction=facts.Direction.AT_LEAST,
        )
        for line, (unit, amount) in enumerate(wanted.items(), start=1)
    )  # fmt: skip
    setting = facts.TargetSet(
        **target.about(day, office.planner), division=township, year=day.year, work_list="年度减贫计划", item="T1",
        content="脱贫", kind=facts.TargetKind.EXIT, lines=lines, deadline=deadline, owners=_owners(world),
    )  # fmt: skip
    set_by = target.set(setting)
    target.plan(day, "年度脱贫验收", deadline)
    yield deadline
    done = dict(zip(wanted, world.exits[township, day.year], strict=True))
    rests_on = DecidedFrom(logs=(LogPosition(log=REGISTRY, position=world.book.heads[REGISTRY]),))
    yield deadline + timedelta(1)
    missing = tuple(
        facts.Shortfall(
            line=line.line,
            missing=Quantity(amount=line.quantity.amount - done[line.quantity.unit], unit=line.quantity.unit),
        )
        for line in lines
        if done[line.quantity.unit] < line.quantity.amount
    )
    day = deadline + timedelta(1)
    if missing:
        common = target.about(day, TIMER, caused_by=set_by, decided_from=rests_on)
        target.put(facts.TargetOverdue(**common, missing=missing))
    else:
        accepted = world.rng.day_after(day, 5, 18)
        target.reach(accepted)
        target.strike_off(world.rng.day_after(accepted, 1, 8), decided_from=rests_on)


def _owners(world: World) -> tuple[facts.Owner, ...]:
    first = world.rng.randbelow(len(OWNERS))
    return tuple(facts.Owner(label=OWNERS[(first + n) % len(OWNERS)]) for n in range(1 + world.rng.randbelow(2)))
