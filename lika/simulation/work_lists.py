"""The targets of a township, year by year: an exit target while there are exits (M006) and a work list of four items
(M189), each reported and struck off by milestone (M008), overdue or withdrawn."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from contracts.monitoring import targets as facts
from contracts.quantities import Quantity, Unit
from lika.simulation import rates
from lika.simulation.context import TIMER_ACCOUNT, SimulationContext
from lika.simulation.schedule import Process
from lika.simulation.targets import Target, TownshipOffice


class WorkItem(NamedTuple):
    """An item of a work list, its unit, and the range of its amount."""

    content: str
    unit: Unit
    least: int
    most: int


ITEMS = (
    WorkItem("村道公路改建", Unit.KILOMETRE, 2, 16), WorkItem("饮水管网入户", Unit.VILLAGE_GROUP, 2, 8),
    WorkItem("农网改造", Unit.VILLAGE, 1, 6), WorkItem("宽带入户", Unit.VILLAGE, 1, 6),
    WorkItem("活动室建设", Unit.BUILDING, 1, 3), WorkItem("危房改造", Unit.HOUSEHOLD, 10, 60),
    WorkItem("烟叶种植", Unit.MU, 200, 1500), WorkItem("技能培训", Unit.ATTENDANCE, 40, 300),
)  # fmt: skip
"""Contents and units as in table 4.1."""
ITEMS_PER_YEAR = 4
OWNERS = ("分管副乡长", "水利站长", "驻村第一书记", "农业服务中心主任", "扶贫专干")
DEADLINES = ((3, 31), (5, 31), (8, 31), (10, 31), (12, 31))
"""Ends of months, as most of table 4.1: what is done by then is entered by then."""
WITHDRAWAL_RATE, LATE_RATE, UNFINISHED_RATE, CORRECTION_RATE = 0.01, 0.14, 0.06, 0.05
"""Of items, those withdrawn, completed after their deadline, never completed; of reports, those corrected."""


def yearly_targets(context: SimulationContext, office: TownshipOffice) -> Process:
    """Set in January; the exit target of the first year in September, when there are households in the register."""
    for year in range(context.plan.first, context.plan.last + 1):
        set_on = date(year, 1, 5)
        if set_on > context.recorded_on:
            yield set_on
        first = context.rng.randbelow(len(ITEMS))
        for number in range(1, ITEMS_PER_YEAR + 1):
            item = ITEMS[(first + 3 * number) % len(ITEMS)]
            office.schedule.add(_work_item(context, office, item, number, set_on), set_on)
        if year <= rates.LAST_EXIT_YEAR:
            day = set_on if year > context.plan.first else date(year, 9, 1)
            office.schedule.add(_exit_target(context, office, day), day)


def _work_item(context: SimulationContext, office: TownshipOffice, item: WorkItem, number: int, day: date) -> Process:
    yield from ()
    rng, target = context.rng, Target(context, office)
    villages = context.province.villages_of(office.division)
    chosen = dict.fromkeys(rng.choice(villages) for _ in range(1 + rng.randbelow(2)))
    lines = tuple(
        facts.TargetLine(
            line=line, quantity=Quantity(amount=Decimal(rng.randint(item.least, item.most)), unit=item.unit),
            place=village.code, direction=facts.Direction.AT_LEAST,
        )
        for line, village in enumerate(chosen, start=1)
    )  # fmt: skip
    deadline = date(day.year, *rng.choice(DEADLINES))
    target_set = facts.TargetSet(
        **target.common_fields(day, office.planner), division=office.division.code, year=day.year,
        work_list=f"{day.year}年具体工作安排", item=f"W{number}", content=item.content,
        kind=facts.TargetKind.REPORTED, lines=lines, deadline=deadline, owners=_owners(context),
    )  # fmt: skip
    set_by = target.set(target_set)
    target.plan_milestone(day, "竣工验收", deadline)
    outcome = rng.random()
    if outcome < WITHDRAWAL_RATE:
        withdrawn_on = rng.day_after(day, 20, 50)
        yield withdrawn_on
        target.withdraw(withdrawn_on)
        return
    outcome -= WITHDRAWAL_RATE
    late, unfinished = outcome < LATE_RATE, LATE_RATE <= outcome < LATE_RATE + UNFINISHED_RATE
    yield from _report_half(context, target, day, deadline)
    if late or unfinished:
        yield from _pass_deadline(target, deadline, set_by)
    if not unfinished:
        completed_on = rng.day_after(deadline, 10, 150) if late else deadline - timedelta(rng.randbelow(20))
        yield from _complete(context, target, completed_on)


def _report_half(context: SimulationContext, target: Target, day: date, deadline: date) -> Process:
    """An interim report; some are wrong and corrected."""
    days = (deadline - day).days
    reported_on = context.rng.day_after(day, days // 4, days // 2)
    if reported_on > context.recorded_on:
        yield reported_on
    for line in target.lines:
        half = Decimal(int(line.quantity.amount) // 2)
        if not half:
            continue
        # A wrong report that reached the whole amount would claim the work as completed.
        wrong = context.rng.random() < CORRECTION_RATE and half + 1 < line.quantity.amount
        if wrong:
            report = target.report(reported_on, line, half + 1)
            target.report(reported_on, line, half, correction="误报", annuls=(report,))
        else:
            target.report(reported_on, line, half)


def _pass_deadline(target: Target, deadline: date, set_by: str) -> Process:
    """Overdue on the day after, with half of each line done."""
    day = deadline + timedelta(1)
    yield day
    missing = tuple(
        facts.Shortfall(
            line=line.line,
            missing=Quantity(amount=line.quantity.amount - int(line.quantity.amount) // 2, unit=line.quantity.unit),
        )
        for line in target.lines
    )
    common = target.common_fields(day, TIMER_ACCOUNT, caused_by=set_by)
    target.append(facts.TargetOverdue(**common, missing=missing))


def _complete(context: SimulationContext, target: Target, day: date) -> Process:
    """All lines are reported and accepted; the target is struck off within weeks."""
    if day > context.recorded_on:
        yield day
    for line in target.lines:
        target.report(day, line, line.quantity.amount)
    target.reach_milestone(day)
    struck_off_on = context.rng.day_after(day, 2, 25)
    if struck_off_on > context.recorded_on:
        yield struck_off_on
    target.strike_off(struck_off_on)


def _exit_target(context: SimulationContext, office: TownshipOffice, day: date) -> Process:
    """Households and persons that are to exit this year. Exits are not reported: they follow from the register, and are
    judged by what was known at the end of the year."""
    yield from ()
    township = office.division.code
    households, persons = context.stock[township]
    rate = rates.EXIT_RATES.get(day.year - context.plan.first, rates.LATER_EXIT_RATE)
    amounts = {Unit.HOUSEHOLD: int(households * rate), Unit.PERSON: int(persons * rate)}
    if not all(amounts.values()):
        return
    target, deadline = Target(context, office), date(day.year, 12, 31)
    lines = tuple(
        facts.TargetLine(
            line=line, quantity=Quantity(amount=Decimal(amount), unit=unit), place=township,
            direction=facts.Direction.AT_LEAST,
        )
        for line, (unit, amount) in enumerate(amounts.items(), start=1)
    )  # fmt: skip
    target_set = facts.TargetSet(
        **target.common_fields(day, office.planner), division=township, year=day.year, work_list="年度减贫计划",
        item="T1", content="脱贫", kind=facts.TargetKind.EXIT, lines=lines, deadline=deadline,
        owners=_owners(context),
    )  # fmt: skip
    set_by = target.set(target_set)
    target.plan_milestone(day, "年度脱贫验收", deadline)
    yield deadline
    exited = dict(zip(amounts, context.exits[township, day.year], strict=True))
    basis = context.events.decided_from()
    day = deadline + timedelta(1)
    yield day
    missing = tuple(
        facts.Shortfall(
            line=line.line,
            missing=Quantity(amount=line.quantity.amount - exited[line.quantity.unit], unit=line.quantity.unit),
        )
        for line in lines
        if exited[line.quantity.unit] < line.quantity.amount
    )
    if missing:
        common = target.common_fields(day, TIMER_ACCOUNT, caused_by=set_by, decided_from=basis)
        target.append(facts.TargetOverdue(**common, missing=missing))
    else:
        accepted_on = context.rng.day_after(day, 5, 18)
        target.reach_milestone(accepted_on)
        target.strike_off(context.rng.day_after(accepted_on, 1, 8), decided_from=basis)


def _owners(context: SimulationContext) -> tuple[facts.Owner, ...]:
    first = context.rng.randbelow(len(OWNERS))
    return tuple(facts.Owner(label=OWNERS[(first + n) % len(OWNERS)]) for n in range(1 + context.rng.randbelow(2)))
