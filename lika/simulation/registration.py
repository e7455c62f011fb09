"""A household is taken down with its first surveys, out of its village's workbook."""

from datetime import date
from decimal import Decimal

from contracts.facts import Evidence, Fact
from contracts.personal import Personal
from contracts.registry import households as h
from contracts.registry.intake import WorkbookImported
from lika.fiction.families import draw_family
from lika.fiction.poverty import poverty_attribute, poverty_causes
from lika.simulation import rates as proportions
from lika.simulation.context import World, about, lives
from lika.simulation.divisions import HOUSEHOLDS_OF_A_VILLAGE, Place
from lika.simulation.event_buffer import REGISTRY, Claimed
from lika.simulation.household_state import Home
from lika.simulation.ids import batch_id, household_id
from lika.simulation.people import Births, family
from lika.simulation.surveys import conditions, income, tenths
from services.registry.households.claims import HOUSEHOLD_NO, RESIDENT_ID


def new_home(world: World, number: int) -> Home:
    """The household of this number, before anybody has seen it."""
    place = world.province.village_of(number)
    no = f"{place.code}{number % HOUSEHOLDS_OF_A_VILLAGE + 1:04}"
    births = Births(world.digest, number, no, place.county)
    return Home(number, household_id(world.digest, number), no, place, births)


def take_down(world: World, home: Home, day: date) -> None:
    """The first facts of a household: itself, its income of last year and its conditions."""
    rng, births = world.rng, home.births
    people = list(family(births, draw_family(rng.weighted_choice(proportions.SIZES), rng), day, rng))
    home.members = {person.id: person for person in people}
    home.attribute = poverty_attribute(people, rng)
    home.cause, *others = poverty_causes(people, rng)
    home.other_causes = tuple(others)
    home.wealth = 0.5 + 0.45 * rng.random()
    home.land = rng.randint(5, 12 + 9 * len(people))
    workbook = _noted(world, home)
    by = f"cadre-{home.place.code}"
    common = about(home, day, by, evidence=(workbook,), decided_from=world.book.known())
    recorded = h.HouseholdRecorded(
        **common,
        national_no=home.no,
        division=home.place.code,
        address=Personal(f"{home.place.name}{1 + rng.randbelow(12)}组"),
        phone=Personal(phone(world)),
        account=Personal(account(world)),
        attribute=home.attribute,
        main_cause=home.cause,
        other_causes=home.other_causes,
        arable_mu=tenths(home.land),
        forest_mu=tenths(rng.randint(0, 80)),
        housing_m2=Decimal(rng.randint(30, 60 + 15 * len(people))),
        members=tuple(person.member() for person in people),
    )
    told: tuple[Fact, ...] = (
        recorded,
        income(world, home, common, (date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))),
        conditions(world, home, common),
    )
    home.last_income = home.version + 2
    numbers = (Claimed(RESIDENT_ID, person.identity, person.id) for person in people)
    number = Claimed(HOUSEHOLD_NO, home.no, home.id)
    world.register(home, told, (*numbers, number, *(lives(home, person.id) for person in people)))
    home.status = h.PovertyStatus.CANDIDATE
    for person in people:
        person.named_on = day


def phone(world: World) -> str:
    """The prefix 100 is not in use."""
    return f"100{world.rng.randbelow(10**8):08}"


def account(world: World) -> str:
    """No bank's card begins with 99."""
    return f"990000{world.rng.randbelow(10**13):013}"


def _noted(world: World, home: Home) -> Evidence:
    """The village's workbook of the month, with this household in it."""
    count = world.workbooks.setdefault(home.place, [0, 0])
    count[0] += 1
    count[1] += len(home.members)
    return _workbook(world, home.place)


def _workbook(world: World, place: Place) -> Evidence:
    day = world.recorded_on
    return world.paper("workbook", f"{place.code}{place.name}{day.year}年{day.month}月.xlsx")


def imported(world: World) -> None:
    """The workbooks of the month that is ending: one import for each village that took somebody down."""
    for place, (households, members) in sorted(world.workbooks.items(), key=lambda one: one[0].number):
        batch = batch_id(world.digest, place.number, world.month)
        fact = WorkbookImported(
            effective_on=world.recorded_on, entered_by=f"cadre-{place.code}", evidence=(_workbook(world, place),),
            batch_id=batch, division=place.code, households_seen=households, members_seen=members,
            recorded=households, updated=0, unchanged=0, refused=0,
        )  # fmt: skip
        world.book.put(REGISTRY, f"intake-{batch}", 0, (fact,))
