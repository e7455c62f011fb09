"""The school roll of September: who goes on to which stage, and who applies for aid."""

from datetime import date
from functools import partial

from contracts.personal import Personal
from contracts.registry.households import MemberSurveyed, SchoolStage
from lika.fiction.life_stages import BOARDING_PERCENT, school_age
from lika.simulation import aid
from lika.simulation import aid_consequences as aid_follows
from lika.simulation.context import World, about
from lika.simulation.household_state import Home
from lika.simulation.people import SCHOOLS, Person
from lika.simulation.randomness import SeededRandom

OLDEST_PUPIL = 24
STOPS_BOARDING = 0.03


def has_pupils(home: Home, year: int) -> bool:
    return any(3 <= year - m.born.year <= OLDEST_PUPIL for m in home.members.values())


def roll(world: World, home: Home, day: date) -> None:
    """Entered household by household; an application follows within weeks."""
    for person in home.present:
        age = school_age(person.born, day.year)
        if not 3 <= age <= OLDEST_PUPIL:
            continue
        _goes_on(world, home, person, day, next_stage(person.stage, age, world.rng))
        if aid.hopes_for_aid(world, home, person, day):
            applied_on = world.rng.day_after(day, 5, 17)
            home.start(aid.apply(world, home, person, applied_on), applied_on)


def next_stage(stage: SchoolStage, age: int, rng: SeededRandom) -> SchoolStage:
    """At this age on 1 September, coming from that stage. Children of compulsory age are at school; who has left
    school does not come back."""
    if age <= 5:
        return SchoolStage.PRESCHOOL if stage is SchoolStage.PRESCHOOL or rng.chance(40) else SchoolStage.NONE
    if age <= 11:
        return SchoolStage.PRIMARY
    if age <= 14:
        return SchoolStage.JUNIOR
    if age == 15 and stage is SchoolStage.JUNIOR:
        return rng.weighted_choice({SchoolStage.SENIOR: 55, SchoolStage.VOCATIONAL: 35, SchoolStage.NONE: 10})
    if age <= 17:
        return stage
    if age == 18 and stage is SchoolStage.SENIOR:
        return SchoolStage.COLLEGE if rng.chance(55) else SchoolStage.NONE
    return SchoolStage.COLLEGE if stage is SchoolStage.COLLEGE and age <= 21 else SchoolStage.NONE


def _goes_on(world: World, home: Home, person: Person, day: date, stage: SchoolStage) -> None:
    rng = world.rng
    changed = stage is not person.stage
    boarder = person.boarder
    if changed:
        boarder = rng.chance(BOARDING_PERCENT.get(stage, 0))
    elif boarder and rng.random() < STOPS_BOARDING:
        boarder = False
    if not changed and boarder is person.boarder:
        return
    school = SCHOOLS.get(stage)
    survey = partial(MemberSurveyed, **about(home, day, f"cadre-{home.place.code}"), person_id=person.id)
    fact = survey(
        decided_from=world.book.known(),
        school_stage=stage if changed else None,
        boarder=boarder if boarder is not person.boarder else None,
        school=Personal(school) if changed and school else None,
    )
    person.stage, person.boarder, person.named_on = stage, boarder, day
    cause = world.register(home, (fact,))
    if changed:
        aid_follows.stage_changed(world, home, person, day, stage, cause)
    else:
        aid_follows.no_longer_boards(world, home, person, day, cause)
