"""Persons of a simulated household: made from draw_family at a table, numbered so that no two share a number."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from contracts.personal import Personal
from contracts.registry.households import LabourSkill, Member, SchoolStage, Sex
from lika.fiction.families import MemberProfile
from lika.fiction.life_stages import BOARDING_PERCENT, health_at, labour_skill_of, school_age, school_stage_at
from lika.fiction.names import SURNAMES, given_name, member_surname
from lika.simulation.aid_state import Aid
from lika.simulation.divisions import HOUSEHOLDS_OF_A_COUNTY
from lika.simulation.ids import person_id
from lika.simulation.randomness import SeededRandom
from services.registry.households.resident_id import check_character
from services.registry.intake.codes import Health

PERSONS_OF_A_HOUSEHOLD = 25
"""Everybody who is ever born or marries into it, and into the household that splits from it."""
BRANCH_FROM = 17
"""The first of these numbers that a household gives away when it splits."""
DAYS, SEQUENCES = 12 * 28, 500
"""Birthdays in a year (none after the 28th) and numbers of one sex on one day: as many as a county has persons."""
SCATTER = 100_003
"""Shares no factor with ``DAYS * SEQUENCES``: neighbours get birthdays and numbers that look unrelated."""
assert HOUSEHOLDS_OF_A_COUNTY * PERSONS_OF_A_HOUSEHOLD == DAYS * SEQUENCES

SCHOOLS = {
    SchoolStage.PRESCHOOL: "样例中心幼儿园",
    SchoolStage.PRIMARY: "样例中心小学",
    SchoolStage.JUNIOR: "样例初级中学",
    SchoolStage.SENIOR: "样例第一中学",
    SchoolStage.VOCATIONAL: "样例职业技术学校",
    SchoolStage.COLLEGE: "样例师范学院",
}


class Person:
    """``births`` and ``ordinal``: whose numbers, and which of them, this person bears. ``named_on``: the last day for
    which a fact names this person. ``gone``: dead or away, and nobody has told."""

    __slots__ = (
        "aids", "births", "boarder", "born", "disability", "gone", "health", "id", "name", "named_on", "ordinal",
        "relation", "sex", "skill", "stage",
    )  # fmt: skip

    def __init__(self, births: "Births", ordinal: int, name: str, profile: MemberProfile, born: date) -> None:
        self.births, self.ordinal, self.name, self.born = births, ordinal, name, born
        self.id = births.person_id(ordinal)
        self.sex, self.relation = profile.sex, profile.relation
        self.stage, self.boarder = SchoolStage.NONE, False
        self.health, self.disability, self.skill = Health.HEALTHY, None, LabourSkill.NONE
        self.named_on, self.gone = born, False
        self.aids: tuple[Aid, ...] = ()

    health: Health
    disability: int | None
    skill: LabourSkill
    stage: SchoolStage
    boarder: bool
    named_on: date
    gone: bool

    @property
    def number(self) -> str:
        """The national person number."""
        return f"{self.births.number}-{self.ordinal:02}"

    @property
    def identity(self) -> str:
        """The citizen's number."""
        return self.births.identity(self.ordinal, self.born, self.sex)

    def age(self, day: date) -> int:
        """In the year of that day, as the register counts."""
        return day.year - self.born.year

    def member(self) -> Member:
        """As a form takes this person down, in plain."""
        school = SCHOOLS.get(self.stage)
        return Member(
            person_id=self.id,
            national_no=self.number,
            name=Personal(self.name),
            id_number=Personal(self.identity),
            sex=self.sex,
            birth_year=self.born.year,
            relation=self.relation,
            school_stage=self.stage,
            boarder=self.boarder,
            school=None if school is None else Personal(school),
            health=Personal(self.health.value),
            disability_level=self.disability,
            labour_skill=self.skill,
        )


class Births:
    """Gives out a household's numbers: persons one after the other, each with a birthday and a citizen's number."""

    __slots__ = ("_county", "_household", "_most", "_plan", "number", "taken")

    def __init__(self, plan: str, household: int, number: str, county: str) -> None:
        """``household`` counts from 0 in the province, ``number`` is its national one, ``county`` a code."""
        self._plan, self._household, self._county, self.number = plan, household, county, number
        self.taken, self._most = 0, PERSONS_OF_A_HOUSEHOLD

    def branch(self, number: str) -> "Births | None":
        """The numbers of a household that splits from this one; ``None`` when there are none left to give."""
        if self._most < PERSONS_OF_A_HOUSEHOLD or self.taken > BRANCH_FROM:
            return None
        self._most = BRANCH_FROM
        other = Births(self._plan, self._household, number, self._county)
        other.taken = BRANCH_FROM
        return other

    @property
    def full(self) -> bool:
        return self.taken >= self._most

    def person_id(self, ordinal: int) -> UUID:
        return person_id(self._plan, self._household, ordinal)

    def birthday(self, year: int) -> date:
        """The day on which the next person is born, in a year."""
        day, _ = self._slot(self.taken + 1)
        return date(year, 1 + day // 28, 1 + day % 28)

    def identity(self, ordinal: int, born: date, sex: Sex) -> str:
        """The citizen's number of a person: its sequence's last digit is odd for men, so each pair holds either sex."""
        _, sequence = self._slot(ordinal)
        digits = f"{self._county}{born:%Y%m%d}{2 * sequence + (sex is Sex.MALE):03}"
        return digits + check_character(digits)

    def person(self, profile: MemberProfile, year: int, surname: str, rng: SeededRandom) -> Person:
        """Somebody who is ``profile.age`` at the end of ``year``."""
        born = self.birthday(year - profile.age)
        self.taken += 1
        return Person(self, self.taken, surname + given_name(profile, rng), profile, born)

    def _slot(self, ordinal: int) -> tuple[int, int]:
        """The day in the year and the pair of sequences of the person of this ordinal."""
        place = self._household % HOUSEHOLDS_OF_A_COUNTY * PERSONS_OF_A_HOUSEHOLD + ordinal - 1
        sequence, day = divmod(place * SCATTER % (DAYS * SEQUENCES), DAYS)
        return day, sequence


def settle(person: Person, day: date, rng: SeededRandom) -> Person:
    """At school or at work, in some health, as befits the age."""
    age = person.age(day)
    last_september = day.year if day.month >= 9 else day.year - 1
    person.stage = school_stage_at(school_age(person.born, last_september), rng)
    person.boarder = rng.chance(BOARDING_PERCENT.get(person.stage, 0))
    person.health = health_at(age, rng)
    person.disability = rng.randint(1, 4) if person.health is Health.DISABLED else None
    person.skill = labour_skill_of(age, person.stage, person.health, rng)
    return person


def family(births: Births, taken: list[MemberProfile], day: date, rng: SeededRandom) -> Iterator[Person]:
    """The persons of one household on that day, the head first."""
    surname = rng.choice(SURNAMES)
    for profile in taken:
        name = member_surname(surname, profile, taken[0], rng)
        yield settle(births.person(profile, day.year - 1, name, rng), day, rng)
