"""Persons of the sample: names, birthdays, schools and numbers. The ID numbers belong to nobody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.registry.codes import Health, LabourSkill, SchoolStage
from contracts.registry.members import Relation, Sex
from lika.demo.divisions import COUNTY, COUNTY_NAME, TOWNSHIP_NAME
from lika.demo.randomness import HashRandom
from lika.fiction.families import MemberProfile
from lika.fiction.life_stages import BOARDING_PERCENT, health_at, labour_skill_of, school_age, school_stage_at
from lika.fiction.names import SURNAMES, given_name, member_surname
from services.registry.households.resident_id import check_character

REFERENCE_YEAR = 2013
"""A member profile's age is that at the end of this year, the one before the survey."""

SCHOOLS = {
    SchoolStage.PRESCHOOL: f"{TOWNSHIP_NAME}中心幼儿园",
    SchoolStage.PRIMARY: f"{TOWNSHIP_NAME}中心小学",
    SchoolStage.JUNIOR: f"{TOWNSHIP_NAME}初级中学",
    SchoolStage.SENIOR: f"{COUNTY_NAME}第一中学",
    SchoolStage.VOCATIONAL: f"{COUNTY_NAME}职业技术学校",
    SchoolStage.COLLEGE: "样例师范学院",
}


@dataclass(frozen=True, slots=True)
class Person:
    """``number`` is the national person number. ``disability_level`` 1 to 4, ``None`` for none."""

    number: str
    name: str
    id_number: str
    sex: Sex
    born: date
    relation: Relation
    stage: SchoolStage
    boarder: bool
    school: str | None
    health: Health
    disability_level: int | None
    skill: LabourSkill


class PersonFactory:
    """Creates persons from member profiles; no ID number is given twice."""

    def __init__(self) -> None:
        self._sequences: Counter[tuple[date, Sex]] = Counter()

    def create_members(self, household_no: str, profiles: list[MemberProfile], rng: HashRandom) -> Iterator[Person]:
        """The persons of one household, numbered from 01."""
        surname = rng.choice(SURNAMES)
        for order, profile in enumerate(profiles, start=1):
            yield self._create_person(
                f"{household_no}-{order:02}", profile, member_surname(surname, profile, profiles[0], rng), rng
            )

    def _create_person(self, number: str, profile: MemberProfile, surname: str, rng: HashRandom) -> Person:
        born = date(REFERENCE_YEAR - profile.age, rng.randint(1, 12), rng.randint(1, 28))
        stage = school_stage_at(school_age(born, REFERENCE_YEAR), rng)
        health = health_at(profile.age, rng)
        return Person(
            number=number,
            name=surname + given_name(profile, rng),
            id_number=self._id_number(born, profile.sex),
            sex=profile.sex,
            born=born,
            relation=profile.relation,
            stage=stage,
            boarder=rng.chance(BOARDING_PERCENT.get(stage, 0)),
            school=SCHOOLS.get(stage),
            health=health,
            disability_level=rng.randint(1, 4) if health is Health.DISABLED else None,
            skill=labour_skill_of(profile.age, stage, health, rng),
        )

    def _id_number(self, born: date, sex: Sex) -> str:
        """With the next sequence number of that birthday; odd is male."""
        self._sequences[born, sex] += 1
        sequence = 2 * self._sequences[born, sex] - (1 if sex is Sex.MALE else 0)
        digits = f"{COUNTY}{born:%Y%m%d}{sequence:03}"
        return digits + check_character(digits)
