"""School stage, health and labour skill by age."""

from datetime import date

from contracts.registry.codes import Health, LabourSkill, SchoolStage
from lika.fiction.randomness import RandomSource

BOARDING_PERCENT = {
    SchoolStage.PRIMARY: 15,
    SchoolStage.JUNIOR: 70,
    SchoolStage.SENIOR: 95,
    SchoolStage.VOCATIONAL: 90,
    SchoolStage.COLLEGE: 100,
}


def school_age(born: date, year: int) -> int:
    """Full years on 1 September, when a school year begins."""
    return year - born.year - (1 if (born.month, born.day) > (9, 1) else 0)


def school_stage_at(age: int, rng: RandomSource) -> SchoolStage:
    """Children of compulsory age are at school."""
    if 6 <= age <= 11:
        return SchoolStage.PRIMARY
    if 12 <= age <= 14:
        return SchoolStage.JUNIOR
    if 3 <= age <= 5:
        return SchoolStage.PRESCHOOL if rng.chance(60) else SchoolStage.NONE
    if 15 <= age <= 17:
        return rng.weighted_choice({SchoolStage.SENIOR: 55, SchoolStage.VOCATIONAL: 35, SchoolStage.NONE: 10})
    if 18 <= age <= 21:
        return SchoolStage.COLLEGE if rng.chance(30) else SchoolStage.NONE
    return SchoolStage.NONE


def health_at(age: int, rng: RandomSource) -> Health:
    if age < 18:
        return Health.HEALTHY if rng.chance(97) else Health.DISABLED
    if age < 60:
        return rng.weighted_choice({Health.HEALTHY: 80, Health.CHRONIC: 11, Health.SERIOUS: 5, Health.DISABLED: 4})
    return rng.weighted_choice({Health.HEALTHY: 50, Health.CHRONIC: 37, Health.SERIOUS: 7, Health.DISABLED: 6})


def labour_skill_of(age: int, stage: SchoolStage, health: Health, rng: RandomSource) -> LabourSkill:
    if age < 16 or stage is not SchoolStage.NONE:
        return LabourSkill.NONE
    if age >= 75:
        return LabourSkill.LOST
    if health in (Health.SERIOUS, Health.DISABLED):
        return LabourSkill.WEAK if rng.chance(60) else LabourSkill.LOST
    if age >= 62:
        return rng.weighted_choice({LabourSkill.WEAK: 65, LabourSkill.ORDINARY: 25, LabourSkill.LOST: 10})
    return LabourSkill.SKILLED if rng.chance(12) else LabourSkill.ORDINARY


def disability_card(id_number: str, level: int) -> str:
    """The number of a disabled person's card for a disability of the limbs."""
    return f"{id_number}4{level}"
