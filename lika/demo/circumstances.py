"""What the survey of 2014 found about a household: why it is poor, its land and house, its income of 2013."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.registry.codes import PovertyCause
from contracts.registry.households import Attribute
from lika.demo.people import Person
from lika.demo.randomness import HashRandom
from lika.fiction.poverty import can_work, poverty_attribute, poverty_causes

INCOME_YEAR = 2013
MIN_INCOME, MAX_INCOME = 1400, 2650
"""Net income per head in yuan; the line of 2013 was 2,736."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Land in mu, housing in m², money in yuan of 2013. The phone's 100 prefix and the account's 99 are not in use."""

    attribute: Attribute
    main_cause: PovertyCause
    other_causes: tuple[PovertyCause, ...]
    phone: str
    account: str
    arable_mu: Decimal
    forest_mu: Decimal
    housing_m2: Decimal
    wages: Decimal
    business: Decimal
    property: Decimal
    transfers: Decimal
    business_costs: Decimal
    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool


def draw_circumstances(members: Sequence[Person], rng: HashRandom) -> Circumstances:
    """At random, so that causes agree with the members and the income lies below the poverty line."""
    causes = poverty_causes(members, rng)
    size = len(members)
    net = size * rng.randint(MIN_INCOME, MAX_INCOME)
    transfers = net * rng.randint(15, 35) // 100
    wages = (net - transfers) * rng.randint(0, 70) // 100 if can_work(members) else 0
    assets = rng.randint(0, 60)
    costs = rng.randint(100, 900)
    return Circumstances(
        attribute=poverty_attribute(members, rng),
        main_cause=causes[0],
        other_causes=causes[1:],
        phone=f"100{rng.randbelow(10**8):08}",
        account=f"990001{rng.randbelow(10**13):013}",
        arable_mu=Decimal(rng.randint(5, 12 + 9 * size)) / 10,
        forest_mu=Decimal(rng.randint(0, 80)) / 10,
        housing_m2=Decimal(rng.randint(30, 60 + 15 * size)),
        wages=Decimal(wages),
        business=Decimal(net - transfers - wages - assets + costs),
        property=Decimal(assets),
        transfers=Decimal(transfers),
        business_costs=Decimal(costs),
        food=True,
        clothing=True,
        # Every child of compulsory age is at school (see ``people``).
        education=True,
        medical=rng.chance(70),
        housing=rng.chance(60),
        water=rng.chance(55),
    )
