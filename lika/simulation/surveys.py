"""What surveys find: income, conditions, changes of house and land, health and labour skill of members."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from contracts.personal import Personal
from contracts.registry import households as facts
from contracts.registry.codes import Health
from contracts.registry.members import MemberSurveyed
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomePeriod, IncomeSurveyed
from lika.fiction.life_stages import health_at, labour_skill_of
from lika.simulation.context import SimulationContext
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from lika.simulation.randomness import SeededRandom
from lika.simulation.rates import poverty_line

MEMBER_SURVEY_RATE = 0.42
"""How often a visit finds something new about a member."""


@lru_cache(maxsize=65_536)
def yuan(amount: int) -> Decimal:
    return Decimal(amount)


@lru_cache(maxsize=4_096)
def tenths(amount: int) -> Decimal:
    return Decimal(amount) / 10


def phone_number(rng: SeededRandom) -> str:
    """The prefix 100 is not in use."""
    return f"100{rng.randbelow(10**8):08}"


def preceding_twelve_months(day: date) -> tuple[date, date]:
    """The twelve months before the month of that day."""
    return date(day.year - 1, day.month, 1), date(day.year, day.month, 1) - timedelta(1)


def income_fact(
    context: SimulationContext, household: Household, common: dict[str, Any], period: tuple[date, date]
) -> IncomeSurveyed:
    """Income of twelve months in yuan; every member lives in common."""
    random = context.rng.random
    net = int(len(household.members) * poverty_line(period[1].year) * household.income_ratio * (0.97 + 0.06 * random()))
    transfers = int(net * (0.12 + 0.2 * random()))
    wages = int((net - transfers) * 0.8 * random())
    rents, costs = int(60 * random()), 100 + int(800 * random())
    return IncomeSurveyed(
        **common,
        period_from=period[0],
        period_to=period[1],
        wages=yuan(wages),
        business=yuan(net - transfers - wages - rents + costs),
        property=yuan(rents),
        transfers=yuan(transfers),
        business_costs=yuan(costs),
        period=IncomePeriod.TWELVE_MONTHS_BEFORE,
    )


def conditions_fact(context: SimulationContext, household: Household, common: dict[str, Any]) -> ConditionsSurveyed:
    """The higher the income, the less often something is lacking; above the poverty line nothing is."""
    random, deficit = context.rng.random, max(0.0, 1.0 - household.income_ratio)
    return ConditionsSurveyed(
        **common, food=True, clothing=True, education=True,
        medical=random() >= deficit, housing=random() >= deficit * 1.4, water=random() >= deficit * 1.6,
    )  # fmt: skip


def record_visit(context: SimulationContext, household: Household, day: date) -> None:
    """House, land and members; what was not asked stays as it was."""
    rng = context.rng
    change = rng.random()
    if change < 0.3:
        household.arable_tenths = max(household.arable_tenths + rng.randint(-5, 6), 0)
    survey = HouseholdSurveyed(
        **context.cadre_entry(household, day),
        arable_mu=tenths(household.arable_tenths),
        housing_m2=Decimal(rng.randint(45, 140)) if change > 0.9 else None,
        phone=Personal(phone_number(rng)) if 0.3 < change < 0.42 else None,
        attribute=facts.Attribute.LOW_INCOME_SECURITY_POOR if 0.42 < change < 0.45 and household.in_stock else None,
    )
    context.append_to_household(household, survey)
    for person in household.present_members:
        if rng.random() < MEMBER_SURVEY_RATE:
            _record_member_survey(context, household, person, day)


def record_income_survey(context: SimulationContext, household: Household, day: date) -> tuple[str, UUID]:
    """Income of the last twelve months and the conditions, in one entry each. Returns the income's id and act."""
    period = preceding_twelve_months(day)
    income = income_fact(context, household, context.cadre_entry(household, day), period)
    income_id, act = context.append_to_household(household, income), context.last_act
    context.append_to_household(household, conditions_fact(context, household, context.cadre_entry(household, day)))
    return income_id, act


def _record_member_survey(context: SimulationContext, household: Household, person: Person, day: date) -> None:
    """Health and labour skill of one member."""
    rng = context.rng
    person.health = health_at(person.age(day), rng) if person.health is Health.HEALTHY else person.health
    person.skill = labour_skill_of(person.age(day), person.stage, person.health, rng)
    if person.health is Health.DISABLED and person.disability is None:
        person.disability = rng.randint(1, 4)
    survey = MemberSurveyed(
        **context.cadre_entry(household, day),
        person_id=person.id,
        health=Personal(person.health.value),
        labour_skill=person.skill,
        **person.disability_fields,
    )
    person.last_named_on = day
    context.append_to_household(household, survey)
