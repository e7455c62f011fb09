"""The school roll of September: which stage each pupil goes on to, and who applies for aid."""

from datetime import date

from contracts.personal import Personal
from contracts.registry.codes import SchoolStage
from contracts.registry.members import MemberSurveyed
from lika.fiction.life_stages import BOARDING_PERCENT, school_age
from lika.simulation import aid, aid_consequences
from lika.simulation.context import SimulationContext
from lika.simulation.household_state import Household
from lika.simulation.people import SCHOOLS, Person
from lika.simulation.randomness import SeededRandom

OLDEST_PUPIL = 24
BOARDING_END_RATE = 0.03


def has_pupils(household: Household, year: int) -> bool:
    return any(3 <= year - m.born.year <= OLDEST_PUPIL for m in household.members.values())


def update_school_roll(context: SimulationContext, household: Household, day: date) -> None:
    """Entered household by household; an application follows within weeks."""
    for person in household.present_members:
        age = school_age(person.born, day.year)
        if not 3 <= age <= OLDEST_PUPIL:
            continue
        _record_stage(context, household, person, day, next_stage(person.stage, age, context.rng))
        if aid.will_apply(context, household, person, day):
            applied_on = context.rng.day_after(day, 5, 17)
            household.schedule.add(aid.process_application(context, household, person, applied_on), applied_on)


def next_stage(stage: SchoolStage, age: int, rng: SeededRandom) -> SchoolStage:
    """The stage at this age on 1 September, after that stage. Children of compulsory age are at school; who has left
    school does not return."""
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


def _record_stage(
    context: SimulationContext, household: Household, person: Person, day: date, stage: SchoolStage
) -> None:
    """Appends a survey where stage or boarding changes."""
    rng = context.rng
    changed = stage is not person.stage
    boarder = person.boarder
    if changed:
        boarder = rng.chance(BOARDING_PERCENT.get(stage, 0))
    elif boarder and rng.random() < BOARDING_END_RATE:
        boarder = False
    if not changed and boarder is person.boarder:
        return
    school = SCHOOLS.get(stage)
    survey = MemberSurveyed(
        **context.cadre_entry(household, day),
        person_id=person.id,
        school_stage=stage if changed else None,
        boarder=boarder if boarder is not person.boarder else None,
        school=Personal(school) if changed and school else None,
    )
    person.stage, person.boarder, person.last_named_on = stage, boarder, day
    cause = context.append_to_household(household, survey)
    if changed:
        aid_consequences.of_stage_change(context, household, person, day, stage, cause)
    else:
        aid_consequences.of_boarding_end(context, household, person, day, cause)
