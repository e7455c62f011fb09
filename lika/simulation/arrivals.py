"""Members who join a household: births, marriages, returns from service, and members who had been overlooked."""

from datetime import date

from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.members import MemberJoined, Relation, Sex
from contracts.registry.reasons import JoinReason
from lika.fiction.families import MemberProfile
from lika.fiction.names import SURNAMES
from lika.simulation import memberships, rates
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import ClaimChange
from lika.simulation.household_state import Household
from lika.simulation.people import Person, assign_traits
from lika.simulation.schedule import Process
from services.registry.households.claims import RESIDENT_ID

MOTHERS = (Relation.SPOUSE, Relation.CHILD_IN_LAW)


def potential_mother(household: Household, year: int) -> Person | None:
    """A woman of this household who may bear a child in that year."""
    for person in household.members.values():
        young = person.sex is Sex.FEMALE and 20 <= year - person.born.year <= 40
        if young and person.relation in MOTHERS and not person.absent:
            return person
    return None


def record_birth(context: SimulationContext, household: Household, day: date) -> None:
    """Entered in the month of the birth, or up to 280 days later."""
    parent = potential_mother(household, day.year)
    if parent is None or household.numbers.exhausted or household.numbers.next_birthday(day.year) != day:
        return
    relation = Relation.CHILD if parent.relation is Relation.SPOUSE else Relation.GRANDCHILD
    profile = MemberProfile(relation, 0, Sex.MALE if context.rng.chance(52) else Sex.FEMALE)
    child = household.numbers.create_person(profile, day.year, household.head.name[0], context.rng)
    if context.rng.random() < rates.LATE_BIRTH_RATE:
        entered_on = context.rng.day_after(context.recorded_on, 1, 280)
        household.schedule.add(_late_birth(context, household, child), entered_on)
    else:
        _join(context, household, child, day, JoinReason.BIRTH)


def record_marriage(context: SimulationContext, household: Household, day: date) -> None:
    """A son's wife joins the household."""
    son = unmarried_son(household, day.year)
    if son is None or household.numbers.exhausted:
        return
    surname = context.rng.choice(SURNAMES)
    age = min(max(son.age(day) - context.rng.randint(-1, 4), 20), 38)
    profile = MemberProfile(Relation.CHILD_IN_LAW, age, Sex.FEMALE)
    bride = assign_traits(household.numbers.create_person(profile, day.year, surname, context.rng), day, context.rng)
    _join(context, household, bride, day, JoinReason.MARRIAGE)


def unmarried_son(household: Household, year: int) -> Person | None:
    """A son of marriageable age, in a household without a child-in-law."""
    people = household.present_members
    if any(person.relation is Relation.CHILD_IN_LAW for person in people):
        return None
    return next(
        (
            person
            for person in people
            if person.relation is Relation.CHILD and person.sex is Sex.MALE
            and 22 <= year - person.born.year <= 36 and person.stage is SchoolStage.NONE
        ),
        None,
    )  # fmt: skip


def record_adoption_or_omission(context: SimulationContext, household: Household, day: date) -> None:
    """A small child is adopted, or an old relative is recorded who had been overlooked."""
    if household.numbers.exhausted:
        return
    rng = context.rng
    adopted = rng.chance(25)
    age = rng.randint(0, 2) if adopted else rng.randint(60, 85)
    profile = MemberProfile(Relation.OTHER, age, Sex.MALE if rng.chance(50) else Sex.FEMALE)
    surname = household.head.name[0] if adopted else rng.choice(SURNAMES)
    person = assign_traits(household.numbers.create_person(profile, day.year - 1, surname, rng), day, rng)
    _join(context, household, person, day, JoinReason.ADOPTION if adopted else JoinReason.OVERLOOKED)


def return_home(context: SimulationContext, household: Household, person: Person, day: date) -> Process:
    """Back from military service: the same person, with the same numbers."""
    yield from ()
    if person.id not in household.members:
        person.relation = Relation.CHILD
        person.skill = LabourSkill.ORDINARY
        _join(context, household, person, day, JoinReason.RETURNED_HOME)


def _late_birth(context: SimulationContext, household: Household, child: Person) -> Process:
    yield from ()
    _join(context, household, child, child.born, JoinReason.BIRTH)


def _join(context: SimulationContext, household: Household, person: Person, day: date, reason: JoinReason) -> None:
    """The ID number is claimed when a person joins for the first time."""
    household.members[person.id] = person
    person.last_named_on = day
    first_time = reason is not JoinReason.RETURNED_HOME
    number = (ClaimChange(RESIDENT_ID, person.id_number, person.id),) if first_time else ()
    joined = MemberJoined(**context.cadre_entry(household, day), member=person.as_member(), reason=reason)
    member = memberships.begin(household, person, day)
    context.append_to_household(household, joined, claims=number, memberships=(member,))
    context.adjust_persons(household, day, 1)
