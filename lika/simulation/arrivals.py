"""Who comes into a household: children, brides, those who come home, those who had been overlooked."""

from datetime import date

from contracts.registry.households import JoinReason, LabourSkill, MemberJoined, Relation, SchoolStage, Sex
from lika.fiction.families import MemberProfile
from lika.fiction.names import SURNAMES
from lika.simulation import rates as proportions
from lika.simulation.context import World, about, lives
from lika.simulation.event_buffer import Claimed
from lika.simulation.household_state import Home, Process
from lika.simulation.people import Person, settle
from services.registry.households.claims import RESIDENT_ID

MOTHERS = (Relation.SPOUSE, Relation.CHILD_IN_LAW)


def mother(home: Home, year: int) -> Person | None:
    """A woman of this household who may bear a child in that year."""
    for person in home.members.values():
        young = person.sex is Sex.FEMALE and 20 <= year - person.born.year <= 40
        if young and person.relation in MOTHERS and not person.gone:
            return person
    return None


def born(world: World, home: Home, day: date) -> None:
    """On its birthday; or entered months later, as the papers come in."""
    parent = mother(home, day.year)
    if parent is None or home.births.full or home.births.birthday(day.year) != day:
        return
    relation = Relation.CHILD if parent.relation is Relation.SPOUSE else Relation.GRANDCHILD
    profile = MemberProfile(relation, 0, Sex.MALE if world.rng.chance(52) else Sex.FEMALE)
    child = home.births.person(profile, day.year, home.head.name[0], world.rng)
    if world.rng.random() < proportions.LATE_BIRTHS:
        entered_on = world.rng.day_after(world.recorded_on, 1, 280)
        home.start(_entered_late(world, home, child), entered_on)
    else:
        join(world, home, child, day, JoinReason.BIRTH)


def married(world: World, home: Home, day: date) -> None:
    """A son brings a bride home."""
    son = unmarried_son(home, day.year)
    if son is None or home.births.full:
        return
    surname = world.rng.choice(SURNAMES)
    age = min(max(son.age(day) - world.rng.randint(-1, 4), 20), 38)
    profile = MemberProfile(Relation.CHILD_IN_LAW, age, Sex.FEMALE)
    bride = settle(home.births.person(profile, day.year, surname, world.rng), day, world.rng)
    join(world, home, bride, day, JoinReason.MARRIAGE)


def unmarried_son(home: Home, year: int) -> Person | None:
    people = home.present
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


def adopted_or_overlooked(world: World, home: Home, day: date) -> None:
    """An old relative whom nobody had written down, or a child taken in."""
    if home.births.full:
        return
    rng = world.rng
    taken_in = rng.chance(25)
    age = rng.randint(0, 2) if taken_in else rng.randint(60, 85)
    profile = MemberProfile(Relation.OTHER, age, Sex.MALE if rng.chance(50) else Sex.FEMALE)
    name = home.head.name[0] if taken_in else rng.choice(SURNAMES)
    person = settle(home.births.person(profile, day.year - 1, name, rng), day, rng)
    join(world, home, person, day, JoinReason.ADOPTION if taken_in else JoinReason.OVERLOOKED)


def comes_home(world: World, home: Home, person: Person, day: date) -> Process:
    """Back from service: the same person, with the same numbers."""
    yield from ()
    if person.id not in home.members:
        person.relation = Relation.CHILD
        person.skill = LabourSkill.ORDINARY
        join(world, home, person, day, JoinReason.RETURNED_HOME, known=True)


def _entered_late(world: World, home: Home, child: Person) -> Process:
    yield from ()
    join(world, home, child, child.born, JoinReason.BIRTH)


def join(world: World, home: Home, person: Person, day: date, reason: JoinReason, *, known: bool = False) -> None:
    """One more member; the ID number is claimed with the first joining."""
    home.members[person.id] = person
    person.named_on = day
    number = () if known else (Claimed(RESIDENT_ID, person.identity, person.id),)
    common = about(home, day, f"cadre-{home.place.code}", decided_from=world.book.known())
    world.register(
        home, (MemberJoined(**common, member=person.member(), reason=reason),), (*number, lives(home, person.id))
    )
    world.counted_persons(home, day, 1)
