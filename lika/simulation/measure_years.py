"""Plans and measures of followed families year by year: a plan against the causes of their poverty (M012, M013), its measures step by
step, repair of unsafe houses (M180), and the relocation of who moved to another village (M179)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from contracts.assistance.measures import PlanCause
from contracts.registry.households import HouseholdMoved
from contracts.selection import surviving
from lika.simulation import rates
from lika.simulation.context import SimulationContext
from lika.simulation.families import Family
from lika.simulation.lending import families_of
from lika.simulation.measures import FamilyMeasures, MeasureDesk
from lika.simulation.schedule import Process

ANSWERS = {
    PlanCause.ILLNESS: "medical_aid", PlanCause.DISABILITY: "medical_aid", PlanCause.SCHOOLING: "schooling_aid",
    PlanCause.NO_SKILL: "skill_training", PlanCause.NO_LABOUR: "minimum_living",
    PlanCause.NO_CAPITAL: "production_in_kind", PlanCause.NO_WATER: "piped_water",
    PlanCause.WEAK_MOTIVATION: "encouragement", PlanCause.UNSAFE_HOUSING: "housing_repair",
}  # fmt: skip
"""Cause → kind of measure; against a disaster, land that is missing and the like no kind is meant."""
DELIVERED = {"production_in_kind": ("种羊", 2)}
PLAN_YEARS = 4
BEFORE_THE_MOVE = (300, 270, 200, 20)
"""Days before a household moved: begun, applied for, approved, the new home ready."""


def yearly_measures(context: SimulationContext, desk: MeasureDesk) -> Process:
    for year in range(context.plan.first + 1, context.plan.last + 1):
        yield date(year, 1, 15)
        for family in families_of(context, desk.township.code):
            measures = FamilyMeasures(context, desk, family)
            _take_up_moves(context, desk, family, measures, date(year, 1, 15))
            due = desk.plans.get(family.root.id, 0) + PLAN_YEARS <= year
            if due and (family.root.in_stock or family.root.id in desk.plans):
                desk.plans[family.root.id] = year
                day = context.rng.day_in(date(year, 2, 1), 40)
                desk.schedule.add(_plan(context, desk, family, measures, day), day)


def _plan(
    context: SimulationContext, desk: MeasureDesk, family: Family, measures: FamilyMeasures, day: date
) -> Process:
    """A plan for the years to come; some leave a cause without a measure. Of a kind that helps already none begins anew."""
    yield from ()
    rng, household = context.rng, family.root
    told = [cause for cause in (household.main_cause, *household.other_causes) if cause is not None]
    causes = [PlanCause(cause.value) for cause in told]
    if rng.random() < rates.UNSAFE_HOUSING_RATE:
        causes.append(PlanCause.UNSAFE_HOUSING)
    kinds = list(dict.fromkeys(ANSWERS[cause] for cause in causes if cause in ANSWERS))
    if kinds and rng.random() < rates.CAUSE_FORGOTTEN_RATE:
        kinds.pop()
    through = date(day.year + PLAN_YEARS - 1, 12, 31)
    if not measures.draw_plan(day, causes, kinds, through, "一户一策"):
        return
    helping = {each.begun.measure_kind for each in measures.state.measures.values()}
    for kind in kinds:
        if kind not in helping:
            begins = rng.day_after(day, 15, 90)
            desk.schedule.add(_measure(context, measures, kind, begins), begins)


def _measure(context: SimulationContext, measures: FamilyMeasures, kind: str, day: date) -> Process:
    yield from ()
    rng = context.rng
    grade = rng.choice(("C", "D")) if kind == "housing_repair" else None
    measure = measures.begin(day, kind, grade)
    if measure is None:
        return
    if rng.random() < rates.MEASURE_WITHDRAWN_RATE:
        yield (gone := rng.day_after(day, 20, 60))
        measures.withdraw(gone, measure, "农户自愿放弃")
        return
    while measures.state.measures[measure].open_step is not None:
        yield (day := rng.day_after(day, 15, 60))
        if not measures.take_step(day, measure):
            return
    if kind in DELIVERED:
        item, amount = DELIVERED[kind]
        yield (day := rng.day_after(day, 5, 30))
        measures.deliver(day, measure, item, Decimal(amount))


def _take_up_moves(
    context: SimulationContext, desk: MeasureDesk, family: Family, measures: FamilyMeasures, today: date
) -> None:
    """Who moved has been relocated: what came before the move is entered late, what follows as it comes."""
    for recorded in surviving(family.about_household(family.root.id)):
        fact = recorded.fact
        moved = isinstance(fact, HouseholdMoved) and fact.household_id == family.root.id
        if not moved or recorded.id in desk.moves or fact.effective_on >= today:
            continue
        desk.moves.add(recorded.id)
        begun, *steps = (fact.effective_on - timedelta(days) for days in BEFORE_THE_MOVE)
        measure = measures.begin(begun, "relocation")
        if measure is None:
            continue
        if all(measures.take_step(day, measure) for day in (*steps, fact.effective_on)):
            desk.schedule.add(_settle_in(context, measures, measure, today), today)


def _settle_in(context: SimulationContext, measures: FamilyMeasures, measure: UUID, today: date) -> Process:
    """The old house is given up, and somebody asks how the family does."""
    day = today
    while measures.state.measures[measure].open_step is not None:
        yield (day := context.rng.day_after(day, 40, 160))
        if not measures.take_step(day, measure):
            return
