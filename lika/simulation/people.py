"""Persons of a simulated household: created from member profiles, numbered so that no two share a number."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from contracts.personal import Personal
from contracts.registry.codes import DisabilityCategory, Health, LabourSkill, SchoolStage
from contracts.registry.members import Member, Sex
from lika.fiction.families import MemberProfile
from lika.fiction.life_stages import (
    BOARDING_PERCENT,
    disability_card,
    health_at,
    labour_skill_of,
    school_age,
    school_stage_at,
)
from lika.fiction.names import SURNAMES, given_name, member_surname
from lika.simulation.aid_state import AidRecord
from lika.simulation.divisions import HOUSEHOLDS_PER_COUNTY
from lika.simulation.ids import person_id
from lika.simulation.randomness import SeededRandom
from services.chassis.log.periods import Period
from services.registry.households.resident_id import check_character

PERSONS_PER_HOUSEHOLD = 25
"""Enough for all who are ever born or marry into it and into the household that splits off."""
SPLIT_FROM = 17
"""Of these ordinals, those above this one go to the household that splits off."""
DAYS, SEQUENCES = 12 * 28, 500
"""Birthdays in a year (none after the 28th) and numbers of one sex on one day: as many as a county has persons."""
MULTIPLIER = 100_003
"""Coprime with ``DAYS * SEQUENCES``: consecutive ordinals get birthdays and numbers that look unrelated."""
assert HOUSEHOLDS_PER_COUNTY * PERSONS_PER_HOUSEHOLD == DAYS * SEQUENCES

SCHOOLS = {
    SchoolStage.PRESCHOOL: "样例中心幼儿园",
    SchoolStage.PRIMARY: "样例中心小学",
    SchoolStage.JUNIOR: "样例初级中学",
    SchoolStage.SENIOR: "样例第一中学",
    SchoolStage.VOCATIONAL: "样例职业技术学校",
    SchoolStage.COLLEGE: "样例师范学院",
}


class Person:
    """``numbers`` and ``ordinal``: the household whose numbers this person bears, and which of them. ``last_named_on``:
    the last day for which a fact names this person. ``absent``: dead or away, and the register does not know.
    ``member_since``: the day since which the person belongs to the household; ``former_periods``: in which they did
    before."""

    __slots__ = (
        "absent", "aids", "boarder", "born", "disability", "former_periods", "health", "id", "last_named_on",
        "member_since", "name", "numbers", "ordinal", "relation", "sex", "skill", "stage",
    )  # fmt: skip

    def __init__(self, numbers: "PersonNumbers", ordinal: int, name: str, profile: MemberProfile, born: date) -> None:
        self.numbers, self.ordinal, self.name, self.born = numbers, ordinal, name, born
        self.id = numbers.person_id(ordinal)
        self.sex, self.relation = profile.sex, profile.relation
        self.stage, self.boarder = SchoolStage.NONE, False
        self.health, self.disability, self.skill = Health.HEALTHY, None, LabourSkill.NONE
        self.last_named_on, self.absent = born, False
        self.aids: tuple[AidRecord, ...] = ()
        self.member_since, self.former_periods = born, ()

    health: Health
    disability: int | None
    skill: LabourSkill
    stage: SchoolStage
    boarder: bool
    last_named_on: date
    absent: bool
    member_since: date
    former_periods: tuple[Period, ...]

    @property
    def national_no(self) -> str:
        return f"{self.numbers.household_no}-{self.ordinal:02}"

    @property
    def id_number(self) -> str:
        return self.numbers.id_number(self.ordinal, self.born, self.sex)

    def age(self, day: date) -> int:
        """At the end of that day's year, as the register counts."""
        return day.year - self.born.year

    def as_member(self) -> Member:
        """What a form says of this person; personal values are plain."""
        school = SCHOOLS.get(self.stage)
        return Member(
            person_id=self.id,
            national_no=self.national_no,
            name=Personal(self.name),
            id_number=Personal(self.id_number),
            sex=self.sex,
            birth_year=self.born.year,
            relation=self.relation,
            school_stage=self.stage,
            boarder=self.boarder,
            school=None if school is None else Personal(school),
            health=Personal(self.health.value),
            labour_skill=self.skill,
            **self.disability_fields,
        )

    @property
    def disability_fields(self) -> dict[str, Any]:
        """Of a fact."""
        if self.disability is None:
            return {}
        return {
            "disability_level": self.disability,
            "disability_category": Personal(DisabilityCategory.LIMB.value),
            "disability_card": Personal(disability_card(self.id_number, self.disability)),
        }


class PersonNumbers:
    """Assigns a household's numbers: ordinals one after the other, each with a birthday and an ID number."""

    __slots__ = ("_assigned", "_county", "_household_index", "_limit", "_plan", "household_no")

    def __init__(self, plan: str, household_index: int, household_no: str, county: str) -> None:
        """``household_index`` counts from 0 in the province; ``household_no``: national number; ``county``: code."""
        self._plan, self._household_index, self._county, self.household_no = plan, household_index, county, household_no
        self._assigned, self._limit = 0, PERSONS_PER_HOUSEHOLD

    def split_off(self, household_no: str) -> "PersonNumbers | None":
        """The numbers of a household that splits off from this one; ``None`` when too few are left."""
        if self.has_split_off or self._assigned > SPLIT_FROM:
            return None
        self._limit = SPLIT_FROM
        other = PersonNumbers(self._plan, self._household_index, household_no, self._county)
        other._assigned = SPLIT_FROM
        return other

    @property
    def has_split_off(self) -> bool:
        """Whether a household has split off from this one."""
        return self._limit < PERSONS_PER_HOUSEHOLD

    @property
    def exhausted(self) -> bool:
        return self._assigned >= self._limit

    def person_id(self, ordinal: int) -> UUID:
        return person_id(self._plan, self._household_index, ordinal)

    def next_birthday(self, year: int) -> date:
        """The day on which the next person is born, in a year."""
        day, _ = self._slot(self._assigned + 1)
        return date(year, 1 + day // 28, 1 + day % 28)

    def id_number(self, ordinal: int, born: date, sex: Sex) -> str:
        """The last digit of the sequence is odd for men, so each pair of sequences serves either sex."""
        _, sequence = self._slot(ordinal)
        digits = f"{self._county}{born:%Y%m%d}{2 * sequence + (sex is Sex.MALE):03}"
        return digits + check_character(digits)

    def create_person(self, profile: MemberProfile, year: int, surname: str, rng: SeededRandom) -> Person:
        """A person who is ``profile.age`` at the end of ``year``."""
        born = self.next_birthday(year - profile.age)
        self._assigned += 1
        return Person(self, self._assigned, surname + given_name(profile, rng), profile, born)

    def _slot(self, ordinal: int) -> tuple[int, int]:
        """The day in the year and the pair of sequences that belong to an ordinal."""
        slot = self._household_index % HOUSEHOLDS_PER_COUNTY * PERSONS_PER_HOUSEHOLD + ordinal - 1
        sequence, day = divmod(slot * MULTIPLIER % (DAYS * SEQUENCES), DAYS)
        return day, sequence


def assign_traits(person: Person, day: date, rng: SeededRandom) -> Person:
    """School stage, health and labour skill, by age on that day."""
    age = person.age(day)
    last_september = day.year if day.month >= 9 else day.year - 1
    person.stage = school_stage_at(school_age(person.born, last_september), rng)
    person.boarder = rng.chance(BOARDING_PERCENT.get(person.stage, 0))
    person.health = health_at(age, rng)
    person.disability = rng.randint(1, 4) if person.health is Health.DISABLED else None
    person.skill = labour_skill_of(age, person.stage, person.health, rng)
    return person


def create_members(
    numbers: PersonNumbers, profiles: list[MemberProfile], day: date, rng: SeededRandom
) -> Iterator[Person]:
    """The persons of one household on that day, the head first."""
    surname = rng.choice(SURNAMES)
    for profile in profiles:
        name = member_surname(surname, profile, profiles[0], rng)
        yield assign_traits(numbers.create_person(profile, day.year - 1, name, rng), day, rng)
