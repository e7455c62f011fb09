"""What a visit finds out: income, conditions, what changed in house and land, how members are."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from contracts.personal import Personal
from contracts.registry import households as h
from lika.fiction.life_stages import health_at, labour_skill_of
from lika.simulation.context import World, about
from lika.simulation.household_state import Home
from lika.simulation.people import Person
from lika.simulation.rates import line
from services.registry.intake.codes import Health

TELLS_NEW = 0.42
"""How often a visit finds something new about a member."""


@lru_cache(maxsize=65_536)
def yuan(amount: int) -> Decimal:
    return Decimal(amount)


@lru_cache(maxsize=4_096)
def tenths(amount: int) -> Decimal:
    return Decimal(amount) / 10


def year_before(day: date) -> tuple[date, date]:
    """The twelve months before the month of that day."""
    return date(day.year - 1, day.month, 1), date(day.year, day.month, 1) - timedelta(1)


def income(world: World, home: Home, common: dict[str, Any], period: tuple[date, date]) -> h.IncomeSurveyed:
    """Of twelve months, in yuan; those who are there share it."""
    random = world.rng.random
    residents = len(home.members)
    net = int(residents * line(period[1].year) * home.wealth * (0.97 + 0.06 * random()))
    transfers = int(net * (0.12 + 0.2 * random()))
    wages = int((net - transfers) * 0.8 * random())
    rents, costs = int(60 * random()), 100 + int(800 * random())
    return h.IncomeSurveyed(
        **common,
        period_from=period[0],
        period_to=period[1],
        wages=yuan(wages),
        business=yuan(net - transfers - wages - rents + costs),
        property=yuan(rents),
        transfers=yuan(transfers),
        business_costs=yuan(costs),
        residents=residents,
    )


def conditions(world: World, home: Home, common: dict[str, Any]) -> h.ConditionsSurveyed:
    """What the better-off lack less often; who has exited lacks nothing."""
    random, lacks = world.rng.random, max(0.0, 1.0 - home.wealth)
    return h.ConditionsSurveyed(
        **common, food=True, clothing=True, education=True,
        medical=random() >= lacks, housing=random() >= lacks * 1.4, water=random() >= lacks * 1.6,
    )  # fmt: skip


def visited(world: World, home: Home, day: date) -> None:
    """A visit's answers on house, land and members; whatever was not asked stands as it was."""
    rng, by = world.rng, f"cadre-{home.place.code}"
    news = rng.random()
    if news < 0.3:
        home.land = max(home.land + rng.randint(-5, 6), 0)
    household = h.HouseholdSurveyed(
        **about(home, day, by, decided_from=world.book.known()),
        arable_mu=tenths(home.land),
        housing_m2=Decimal(rng.randint(45, 140)) if news > 0.9 else None,
        phone=Personal(f"100{rng.randbelow(10**8):08}") if 0.3 < news < 0.42 else None,
        attribute=h.Attribute.LOW_INCOME_SECURITY_POOR if 0.42 < news < 0.45 and home.in_stock else None,
    )
    world.register(home, (household,))
    for person in home.present:
        if rng.random() < TELLS_NEW:
            member_visited(world, home, person, day, by)


def surveyed(world: World, home: Home, day: date) -> None:
    """Income of the last twelve months and what is secured, in one entry each."""
    by = f"cadre-{home.place.code}"
    common = about(home, day, by, decided_from=world.book.known())
    world.register(home, (income(world, home, common, year_before(day)),))
    home.last_income = home.version
    world.register(home, (conditions(world, home, about(home, day, by, decided_from=world.book.known())),))


def member_visited(world: World, home: Home, person: Person, day: date, by: str) -> None:
    """Health and ability of one member."""
    rng = world.rng
    person.health = health_at(person.age(day), rng) if person.health is Health.HEALTHY else person.health
    person.skill = labour_skill_of(person.age(day), person.stage, person.health, rng)
    if person.health is Health.DISABLED and person.disability is None:
        person.disability = rng.randint(1, 4)
    fact = h.MemberSurveyed(
        **about(home, day, by, decided_from=world.book.known()),
        person_id=person.id,
        health=Personal(person.health.value),
        disability_level=person.disability,
        labour_skill=person.skill,
    )
    person.named_on = day
    world.register(home, (fact,))
