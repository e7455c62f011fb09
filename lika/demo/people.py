"""Persons of the sample: their names, birthdays, schools and numbers. ID numbers belong to nobody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.registry.households import LabourSkill, Relation, SchoolStage, Sex
from lika.demo.divisions import COUNTY, COUNTY_NAME, TOWNSHIP_NAME
from lika.demo.randomness import Draw
from lika.fiction.families import Seat
from lika.fiction.life_stages import BOARDING_PERCENT, health_at, school_age, skill_of, stage_at
from lika.fiction.names import SURNAMES, given_name, surname_of
from services.registry.households.resident_id import check_character
from services.registry.intake.codes import Health

LAST_YEAR = 2013
"""Ages are those at the end of the year before the survey."""

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


class People:
    """Gives seats a name, a birthday and a number; no number is given twice."""

    def __init__(self) -> None:
        self._born: Counter[tuple[date, Sex]] = Counter()

    def family(self, household: str, taken: list[Seat], draw: Draw) -> Iterator[Person]:
        """The persons of one household, numbered from 01."""
        surname = draw.one_of(SURNAMES)
        for order, seat in enumerate(taken, start=1):
            yield self._person(f"{household}-{order:02}", seat, surname_of(surname, seat, taken[0], draw), draw)

    def _person(self, number: str, seat: Seat, surname: str, draw: Draw) -> Person:
        born = date(LAST_YEAR - seat.age, draw.between(1, 12), draw.between(1, 28))
        stage = stage_at(school_age(born, LAST_YEAR), draw)
        health = health_at(seat.age, draw)
        return Person(
            number=number,
            name=surname + given_name(seat, draw),
            id_number=self._id_number(born, seat.sex),
            sex=seat.sex,
            born=born,
            relation=seat.relation,
            stage=stage,
            boarder=draw.chance(BOARDING_PERCENT.get(stage, 0)),
            school=SCHOOLS.get(stage),
            health=health,
            disability_level=draw.between(1, 4) if health is Health.DISABLED else None,
            skill=skill_of(seat.age, stage, health, draw),
        )

    def _id_number(self, born: date, sex: Sex) -> str:
        """The next sequence of that birthday; odd is male."""
        self._born[born, sex] += 1
        sequence = 2 * self._born[born, sex] - (1 if sex is Sex.MALE else 0)
        seventeen = f"{COUNTY}{born:%Y%m%d}{sequence:03}"
        return seventeen + check_character(seventeen)
