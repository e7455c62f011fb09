"""Households and persons of the register as other services see them: what no key seals, and what their rules ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.members import Member, Sex
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus

SCHOOL_AGE, WORKING_AGE, OLD_AGE = 6, 16, 60


class AgeBand(StrEnum):
    """By the ages of 义务教育法 art. 11 (six), 劳动法 art. 15 (sixteen) and 老年人权益保障法 art. 2 (sixty)."""

    INFANT = "infant"
    SCHOOL_AGE = "school_age"
    WORKING_AGE = "working_age"
    ELDERLY = "elderly"


@dataclass(frozen=True, slots=True)
class Person:
    """``disability_level``: 1 is the gravest; ``None``: none on record. Nothing is said of somebody whom no fact has named yet."""

    sex: Sex | None = None
    birth_year: int | None = None
    stage: SchoolStage = SchoolStage.NONE
    boarder: bool = False
    disability_level: int | None = None
    labour_skill: LabourSkill | None = None

    def age_band(self, day: date) -> AgeBand | None:
        """By the age reached in the year of that day: the day of birth is sealed. ``None``: nobody said when born."""
        if self.birth_year is None:
            return None
        age = day.year - self.birth_year
        if age < SCHOOL_AGE:
            return AgeBand.INFANT
        if age < WORKING_AGE:
            return AgeBand.SCHOOL_AGE
        return AgeBand.WORKING_AGE if age < OLD_AGE else AgeBand.ELDERLY


PERSON_FIELDS = tuple(each.name for each in fields(Person))
UNKNOWN = Person()


def person_of(member: Member) -> Person:
    """What is not sealed of a member."""
    return Person(
        member.sex,
        member.birth_year,
        member.school_stage,
        member.boarder,
        member.disability_level,
        member.labour_skill or None,
    )


@dataclass(frozen=True, slots=True)
class Household:
    """``enjoys_policies``: whether policies continue after an exit (脱贫不脱政策); ``monitoring``: ``None`` where it was never
    monitored, ``monitoring_kind`` and ``monitoring_risks`` as taken in last; ``before_end``: what it was when it ended;
    ``successors``: of divisions that ended, as far as they concern it."""

    division: str
    status: PovertyStatus
    enjoys_policies: bool = True
    monitoring: MonitoringStatus | None = None
    monitoring_kind: str | None = None
    monitoring_risks: tuple[str, ...] = ()
    before_end: "Household | None" = None
    successors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegisterState:
    """Some households of the register. ``household_of``: person → household; the ``deceased`` have none. ``persons``:
    everybody ever named. ``same_as``: duplicate record of a person → the one that goes on. ``successors``: of divisions
    that ended, by a household that was not recorded yet."""

    households: Mapping[UUID, Household] = field(default_factory=dict)
    household_of: Mapping[UUID, UUID] = field(default_factory=dict)
    persons: Mapping[UUID, Person] = field(default_factory=dict)
    deceased: frozenset[UUID] = frozenset()
    same_as: Mapping[UUID, UUID] = field(default_factory=dict)
    successors: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)

    def members(self, household_id: UUID) -> list[UUID]:
        return [person for person, household in self.household_of.items() if household == household_id]


@dataclass(frozen=True, slots=True)
class PersonState(Person):
    """One person on one day. Without a household, division and status are ``None``."""

    alive: bool = True
    household_id: UUID | None = None
    division: str | None = None
    status: PovertyStatus | None = None
    enjoys_policies: bool = True


def person_state(register: RegisterState, person: UUID) -> PersonState:
    """The person's part of the register's state; of a duplicate, that of the person who goes on."""
    followed: set[UUID] = set()
    while person in register.same_as and person not in followed:
        followed.add(person)
        person = register.same_as[person]
    known = register.persons.get(person, UNKNOWN)
    household_id = register.household_of.get(person)
    household = register.households.get(household_id) if household_id is not None else None
    return PersonState(
        **{name: getattr(known, name) for name in PERSON_FIELDS},
        alive=person not in register.deceased,
        household_id=household_id,
        division=household.division if household else None,
        status=household.status if household else None,
        enjoys_policies=household.enjoys_policies if household else True,
    )


def household_state(register: RegisterState, household: UUID) -> PersonState:
    """What is true of everybody in the household as such: where it is and what its status is, and nothing of one person."""
    found = register.households.get(household)
    if found is None:
        return PersonState()
    return PersonState(
        household_id=household, division=found.division, status=found.status, enjoys_policies=found.enjoys_policies
    )
