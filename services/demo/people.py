"""Families of the sample: who lives together, how old, at which school. Names are made up, ID numbers belong to nobody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.registry.households import LabourSkill, Relation, SchoolStage, Sex
from services.demo.draw import Draw
from services.demo.places import COUNTY, COUNTY_NAME, TOWNSHIP_NAME
from services.registry.households.resident_id import check_character
from services.registry.intake.codes import Health

LAST_YEAR = 2013
"""Ages are those at the end of the year before the survey."""

SURNAMES = "陈林黄吴李王张刘杨赵周徐孙马朱胡郭何高罗"
MALE = "国建志明文德永福根生贵富平安成立新春田山"
FEMALE = "秀玉兰英梅芳琴珍凤桂花素云霞莲翠香菊淑红"
YOUNG = "子雨欣佳思宇浩晨涵婷雪梦萱悦阳轩睿瑶"

SCHOOLS = {
    SchoolStage.PRESCHOOL: f"{TOWNSHIP_NAME}中心幼儿园",
    SchoolStage.PRIMARY: f"{TOWNSHIP_NAME}中心小学",
    SchoolStage.JUNIOR: f"{TOWNSHIP_NAME}初级中学",
    SchoolStage.SENIOR: f"{COUNTY_NAME}第一中学",
    SchoolStage.VOCATIONAL: f"{COUNTY_NAME}职业技术学校",
    SchoolStage.COLLEGE: "样例师范学院",
}
BOARDING_PERCENT = {
    SchoolStage.PRIMARY: 15,
    SchoolStage.JUNIOR: 70,
    SchoolStage.SENIOR: 95,
    SchoolStage.VOCATIONAL: 90,
    SchoolStage.COLLEGE: 100,
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


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a family before it has a name."""

    relation: Relation
    age: int
    sex: Sex


def seats(size: int, draw: Draw) -> list[Seat]:
    """The relations, ages and sexes of a family of 1 to 7, the head first."""
    if size == 1:
        return [Seat(Relation.HEAD, draw.between(62, 84) if draw.chance(70) else draw.between(45, 61), _sex(draw, 70))]
    if size == 2:
        return _pair(draw)
    if size >= 4 and draw.chance(25):
        return _three_generations(size, draw)
    return _parents_and_children(size, draw)


def _pair(draw: Draw) -> list[Seat]:
    kind = draw.weighted({"couple": 50, "child": 30, "grandchild": 20})
    if kind == "couple":
        return _couple(draw.between(58, 80), draw)
    if kind == "child":
        head = Seat(Relation.HEAD, draw.between(32, 48), _sex(draw, 60))
        return [head, Seat(Relation.CHILD, draw.between(6, min(17, head.age - 22)), _sex(draw, 52))]
    head = Seat(Relation.HEAD, draw.between(58, 72), _sex(draw, 50))
    return [head, Seat(Relation.GRANDCHILD, draw.between(5, 15), _sex(draw, 52))]


def _three_generations(size: int, draw: Draw) -> list[Seat]:
    """An old head, a married son, his children; the head's spouse from five persons on."""
    old = _couple(draw.between(56, 68), draw, always_male=True)
    family = old if size >= 5 else old[:1]
    son = draw.between(30, min(40, old[0].age - 21))
    family += [Seat(Relation.CHILD, son, Sex.MALE), Seat(Relation.CHILD_IN_LAW, son - draw.between(0, 4), Sex.FEMALE)]
    return family + _children(size - len(family), min(15, son - 23), Relation.GRANDCHILD, draw)


def _parents_and_children(size: int, draw: Draw) -> list[Seat]:
    couple = _couple(draw.between(33, 54), draw)
    parents = {3: 0, 4: draw.below(2), 5: draw.between(0, 1), 6: 2, 7: 2}[size]
    children = _children(size - 2 - parents, min(20, couple[0].age - 25), Relation.CHILD, draw)
    return couple + children + _parents(couple[0], parents, draw)


def _couple(age: int, draw: Draw, *, always_male: bool = False) -> list[Seat]:
    sex = Sex.MALE if always_male else _sex(draw, 88)
    other = Sex.FEMALE if sex is Sex.MALE else Sex.MALE
    return [Seat(Relation.HEAD, age, sex), Seat(Relation.SPOUSE, age - draw.between(-2, 5), other)]


def _children(number: int, eldest: int, relation: Relation, draw: Draw) -> list[Seat]:
    found: list[Seat] = []
    age = draw.between(min(3, eldest), eldest)
    for _ in range(number):
        found.append(Seat(relation, max(age, 0), _sex(draw, 52)))
        age -= draw.between(2, 5)
    return found


def _parents(head: Seat, number: int, draw: Draw) -> list[Seat]:
    """One parent is the mother: women grow older."""
    mother = Seat(Relation.PARENT, min(head.age + draw.between(20, 30), 88), Sex.FEMALE)
    return [mother, Seat(Relation.PARENT, min(mother.age + draw.between(0, 5), 90), Sex.MALE)][:number]


def _sex(draw: Draw, male_percent: int) -> Sex:
    return Sex.MALE if draw.chance(male_percent) else Sex.FEMALE


class People:
    """Gives seats a name, a birthday and a number; no number is given twice."""

    def __init__(self) -> None:
        self._born: Counter[tuple[date, Sex]] = Counter()

    def family(self, household: str, taken: list[Seat], draw: Draw) -> Iterator[Person]:
        """The persons of one household, numbered from 01."""
        surname = draw.one_of(SURNAMES)
        for order, seat in enumerate(taken, start=1):
            yield self._person(f"{household}-{order:02}", seat, self._surname(surname, seat, taken[0], draw), draw)

    @staticmethod
    def _surname(surname: str, seat: Seat, head: Seat, draw: Draw) -> str:
        """The head's own line bears one name; who married in bears another."""
        blood = seat.relation in (Relation.HEAD, Relation.CHILD, Relation.GRANDCHILD) or (
            seat.relation is Relation.PARENT and seat.sex is head.sex is Sex.MALE
        )
        return surname if blood else draw.one_of(SURNAMES.replace(surname, ""))

    def _person(self, number: str, seat: Seat, surname: str, draw: Draw) -> Person:
        born = date(LAST_YEAR - seat.age, draw.between(1, 12), draw.between(1, 28))
        stage = _stage(born, draw)
        health = _health(seat.age, draw)
        return Person(
            number=number,
            name=surname + _given(seat, draw),
            id_number=self._id_number(born, seat.sex),
            sex=seat.sex,
            born=born,
            relation=seat.relation,
            stage=stage,
            boarder=draw.chance(BOARDING_PERCENT.get(stage, 0)),
            school=SCHOOLS.get(stage),
            health=health,
            disability_level=draw.between(1, 4) if health is Health.DISABLED else None,
            skill=_skill(seat.age, stage, health, draw),
        )

    def _id_number(self, born: date, sex: Sex) -> str:
        """The next sequence of that birthday; odd is male."""
        self._born[born, sex] += 1
        sequence = 2 * self._born[born, sex] - (1 if sex is Sex.MALE else 0)
        seventeen = f"{COUNTY}{born:%Y%m%d}{sequence:03}"
        return seventeen + check_character(seventeen)


def _given(seat: Seat, draw: Draw) -> str:
    older = MALE if seat.sex is Sex.MALE else FEMALE
    pool = older if seat.age > 25 else YOUNG
    return draw.one_of(pool) if draw.chance(15) else draw.one_of(pool) + draw.one_of(pool)


def _stage(born: date, draw: Draw) -> SchoolStage:
    """The school year began on 2013-09-01; children of compulsory age are at school."""
    age = LAST_YEAR - born.year - (1 if (born.month, born.day) > (9, 1) else 0)
    if 6 <= age <= 11:
        return SchoolStage.PRIMARY
    if 12 <= age <= 14:
        return SchoolStage.JUNIOR
    if 3 <= age <= 5:
        return SchoolStage.PRESCHOOL if draw.chance(60) else SchoolStage.NONE
    if 15 <= age <= 17:
        return draw.weighted({SchoolStage.SENIOR: 55, SchoolStage.VOCATIONAL: 35, SchoolStage.NONE: 10})
    if 18 <= age <= 21:
        return SchoolStage.COLLEGE if draw.chance(30) else SchoolStage.NONE
    return SchoolStage.NONE


def _health(age: int, draw: Draw) -> Health:
    if age < 18:
        return Health.HEALTHY if draw.chance(97) else Health.DISABLED
    if age < 60:
        return draw.weighted({Health.HEALTHY: 80, Health.CHRONIC: 11, Health.SERIOUS: 5, Health.DISABLED: 4})
    return draw.weighted({Health.HEALTHY: 50, Health.CHRONIC: 37, Health.SERIOUS: 7, Health.DISABLED: 6})


def _skill(age: int, stage: SchoolStage, health: Health, draw: Draw) -> LabourSkill:
    if age < 16 or stage is not SchoolStage.NONE:
        return LabourSkill.NONE
    if age >= 75:
        return LabourSkill.LOST
    if health in (Health.SERIOUS, Health.DISABLED):
        return LabourSkill.WEAK if draw.chance(60) else LabourSkill.LOST
    if age >= 62:
        return draw.weighted({LabourSkill.WEAK: 65, LabourSkill.ORDINARY: 25, LabourSkill.LOST: 10})
    return LabourSkill.SKILLED if draw.chance(12) else LabourSkill.ORDINARY
