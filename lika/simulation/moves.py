"""A household moves to another village, or splits into two."""

from datetime import date

from contracts.registry.households import HouseholdFormed, HouseholdMoved, HouseholdSplit, PovertyStatus, Relation
from lika.simulation import aid_consequences as aid_follows
from lika.simulation import pairing as helpers
from lika.simulation.context import World, about, leaves, lives
from lika.simulation.divisions import HOUSEHOLDS_OF_A_VILLAGE
from lika.simulation.event_buffer import Claimed
from lika.simulation.household_state import Home
from lika.simulation.ids import household_id
from lika.simulation.people import Person
from services.registry.households.claims import HOUSEHOLD_NO

SPLIT_NUMBERS = 9000
"""Added to the number in the village of a household that split: sequences of the register's years after the round."""


def moved(world: World, home: Home, day: date) -> None:
    """Resettled within the township (M179). Waits for an open case to end."""
    former = home.place
    place = world.province.neighbour(former, home.number + day.year)
    if home.busy or place is former:
        return
    common = about(home, day, f"cadre-{former.code}", decided_from=world.book.known())
    cause = world.register(home, (HouseholdMoved(**common, from_division=former.code, to_division=place.code),))
    home.place = place
    for person in home.members.values():
        aid_follows.transferred(world, home, person, day, cause, origin=home, former=former.code)


def split(world: World, home: Home, day: date) -> Home | None:
    """The married child founds a household with spouse and children; number, helper and aid go along."""
    leaving = young_family(home)
    no = f"{home.no[:12]}{SPLIT_NUMBERS + home.number % HOUSEHOLDS_OF_A_VILLAGE + 1:04}"
    births = None if home.busy or not leaving or len(leaving) >= len(home.present) else home.births.branch(no)
    if births is None:
        return None
    number = home.number + world.plan.households
    other = Home(number, household_id(world.digest, number), no, home.place, births)
    basis = world.book.known()
    by = f"cadre-{home.place.code}"
    order = HouseholdSplit(
        **about(home, day, by, decided_from=basis), new_household_id=other.id,
        person_ids=tuple(person.id for person in leaving),
    )  # fmt: skip
    cause = world.register(home, (order,), tuple(leaves(person.id) for person in leaving))
    for person in leaving:
        del home.members[person.id]
        other.members[person.id] = person
        person.relation, person.named_on = _in_own_house(person, leaving[0]), day
    _formed(world, home, other, day, cause)
    for person in leaving:
        aid_follows.transferred(world, other, person, day, cause, origin=home, former=home.place.code)
    return other


def _formed(world: World, home: Home, other: Home, day: date, cause: str) -> None:
    assert home.status is not None
    formed = HouseholdFormed(
        **about(other, day, f"cadre-{home.place.code}", decided_from=world.book.known(), caused_by=cause),
        split_from=home.id, national_no=other.no, division=home.place.code, attribute=home.attribute,
        status=home.status, members=tuple(person.member() for person in other.members.values()),
    )  # fmt: skip
    claims = (Claimed(HOUSEHOLD_NO, other.no, other.id), *(lives(other, person) for person in other.members))
    fact_id = world.register(other, (formed,), claims)
    other.status, other.since, other.attribute = home.status, day, home.attribute
    other.cause, other.other_causes, other.wealth, other.land = home.cause, home.other_causes, home.wealth, home.land
    other.exited_by = fact_id if home.status is PovertyStatus.EXITED else ""
    if other.in_stock:
        world.stock[home.place.township][0] += 1
    helpers.went_along(world, other, home, day, fact_id)


def young_family(home: Home) -> list[Person]:
    """The married child, the spouse and their children, the new head first; empty where there is none."""
    people = home.present
    bride = next((m for m in people if m.relation is Relation.CHILD_IN_LAW), None)
    son = next((m for m in people if m.relation is Relation.CHILD and bride and m.sex is not bride.sex), None)
    if bride is None or son is None or son.born.year > bride.born.year + 10:
        return []
    return [son, bride, *(m for m in people if m.relation is Relation.GRANDCHILD)]


def _in_own_house(person: Person, head: Person) -> Relation:
    """Kinship as the register carries it over: only the head's word changes by itself."""
    return Relation.HEAD if person is head else person.relation
