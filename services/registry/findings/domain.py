"""What is implausible about a household. Pure. Of a person's birth the register's plain facts know the year alone, so an age
is the one reached within the year."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.codes import SchoolStage
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import HeadSucceeded, MemberJoined, MemberSurveyed, Relation
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from services.casework.findings.domain import CheckRule, Ground, Limits
from services.registry.households.state import Household

KEY = "households"
"""Of the documents of these rules."""


class HouseholdCheck(StrEnum):
    HEAD_TOO_YOUNG = "head_too_young"
    SPOUSE_TOO_YOUNG = "spouse_too_young"
    AGE_IMPLAUSIBLE = "age_implausible"
    GENERATION_GAP_TOO_SMALL = "generation_gap_too_small"
    TOO_OLD_FOR_SCHOOL = "too_old_for_school"
    SEVERAL_SPOUSES = "several_spouses"
    TOO_MANY_MEMBERS = "too_many_members"
    WAGES_WITHOUT_WORKING_AGE = "wages_without_working_age"
    MORE_RESIDENTS_THAN_MEMBERS = "more_residents_than_members"


class CheckedMember(msgspec.Struct, frozen=True, array_like=True):
    person_id: UUID
    birth_year: int
    relation: Relation
    school_stage: SchoolStage


class CheckedIncome(msgspec.Struct, frozen=True, array_like=True):
    """Of the latest period surveyed. ``earns``: whether there are wages; ``residents``: typed on an older form, by hand."""

    period_from: date
    period_to: date
    earns: bool
    residents: int | None


class CheckedHousehold(msgspec.Struct, frozen=True, array_like=True):
    """Of a household that the register counts: what its rules read. ``members``: by id."""

    division: str
    members: tuple[CheckedMember, ...]
    income: CheckedIncome | None = None

    def with_relation(self, *relations: Relation) -> list[CheckedMember]:
        return [m for m in self.members if m.relation in relations]


NOT_CHECKED = frozenset({PovertyStatus.REMOVED, PovertyStatus.CANCELLED})
"""Nobody corrects what is no household of the register's any more."""
GENERATIONS: Mapping[Relation, int] = {
    Relation.CHILD: 1,
    Relation.GRANDCHILD: 2,
    Relation.PARENT: -1,
    Relation.GRANDPARENT: -2,
}
"""How many generations below the head. A child in law may be of any age."""


def checked(state: Household) -> CheckedHousehold | None:
    if state.status is None or state.status in NOT_CHECKED:
        return None
    members = sorted(state.members.values(), key=lambda m: m.person_id)
    return CheckedHousehold(
        state.division,
        tuple(CheckedMember(m.person_id, m.birth_year, m.relation, m.school_stage) for m in members),
        _checked_income(state),
    )


def _checked_income(state: Household) -> CheckedIncome | None:
    if (figures := state.latest_income) is None:
        return None
    income = figures.income
    return CheckedIncome(income.period_from, income.period_to, income.wages > 0, income.residents)


def reads(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change what is checked."""
    if isinstance(fact, MemberSurveyed):
        return fact.school_stage is not None
    return not isinstance(
        fact, HouseholdSurveyed | ConditionsSurveyed | HouseholdCategoryAssigned | CommonResidenceRecorded
    )


def _younger_than(age: int, member: CheckedMember, day: date) -> Iterator[Ground]:
    if day.year - member.birth_year < age:
        yield Ground((member.person_id,), {"birth_year": member.birth_year})


def _head_too_young(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for head in household.with_relation(Relation.HEAD):
        yield from _younger_than(limits["min_age"], head, day)


def _head_comes_of_age(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    return (_birthday(m, limits["min_age"]) for m in household.with_relation(Relation.HEAD))


def _spouse_too_young(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for spouse in household.with_relation(Relation.SPOUSE):
        yield from _younger_than(limits["min_age"], spouse, day)


def _spouse_comes_of_age(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    return (_birthday(m, limits["min_age"]) for m in household.with_relation(Relation.SPOUSE))


def _age_implausible(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for member in household.members:
        if day.year - member.birth_year > limits["max_age"]:
            yield Ground((member.person_id,), {"birth_year": member.birth_year})


def _grows_implausible(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    return (_birthday(m, limits["max_age"] + 1) for m in household.members)


def _generation_gap_too_small(household: CheckedHousehold, _: date, limits: Limits) -> Iterator[Ground]:
    for head in household.with_relation(Relation.HEAD):
        for member in household.with_relation(*GENERATIONS):
            generations = GENERATIONS[member.relation]
            younger_by = member.birth_year - head.birth_year
            gap = younger_by if generations > 0 else -younger_by
            if gap < abs(generations) * limits["min_years"]:
                yield Ground(
                    (head.person_id, member.person_id),
                    {
                        "relation": member.relation.value, "head_birth_year": head.birth_year,
                        "birth_year": member.birth_year,
                    },
                )  # fmt: skip


def _too_old_for_school(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for member in household.members:
        if member.school_stage is not SchoolStage.NONE and day.year - member.birth_year > limits[member.school_stage]:
            yield Ground(
                (member.person_id,), {"school_stage": member.school_stage.value, "birth_year": member.birth_year}
            )


def _outgrows_school(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    at_school = (m for m in household.members if m.school_stage is not SchoolStage.NONE)
    return (_birthday(m, limits[m.school_stage] + 1) for m in at_school)


def _several_spouses(household: CheckedHousehold, _: date, limits: Limits) -> Iterator[Ground]:
    spouses = household.with_relation(Relation.SPOUSE)
    if len(spouses) > limits["most"]:
        yield Ground(tuple(m.person_id for m in spouses), {"count": len(spouses)})


def _too_many_members(household: CheckedHousehold, _: date, limits: Limits) -> Iterator[Ground]:
    if len(household.members) > limits["most"]:
        yield Ground((), {"count": len(household.members)})


def _wages_without_working_age(household: CheckedHousehold, _: date, limits: Limits) -> Iterator[Ground]:
    """Ages within the period, in which some may have been of either age."""
    income = household.income
    if income is None or not income.earns or not household.members:
        return
    first, last = income.period_from.year, income.period_to.year
    if not any(
        m.birth_year <= last - limits["min_age"] and m.birth_year >= first - limits["max_age"]
        for m in household.members
    ):
        yield Ground((), {"period_from": income.period_from.isoformat(), "period_to": income.period_to.isoformat()})


def _more_residents_than_members(household: CheckedHousehold, _: date, limits: Limits) -> Iterator[Ground]:
    income = household.income
    if (
        income is not None
        and income.residents is not None
        and income.residents > len(household.members) + limits["more"]
    ):
        yield Ground((), {"residents": income.residents, "count": len(household.members)})


def _says_income(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, IncomeSurveyed)


def _birthday(member: CheckedMember, age: int) -> date:
    """The first day of the year in which the age is reached."""
    return date(min(max(member.birth_year + age, 1), 9998), 1, 1)


def _names_persons(about: Sequence[UUID], fact: Fact) -> bool:
    """Whether the fact says who a person is, or which relation they have to the head."""
    match fact:
        case HouseholdRecorded(members=members):
            return any(m.person_id in about for m in members)
        case MemberJoined(member=member):
            return member.person_id in about
        case HouseholdFormed(person_ids=persons):
            return any(person in about for person in persons)
        case HeadSucceeded(person_id=person, relations=relations):
            return person in about or any(r.person_id in about for r in relations)
        case PersonCorrected(person_id=person):
            return person in about
    return False


def _names_pupils(about: Sequence[UUID], fact: Fact) -> bool:
    if isinstance(fact, MemberSurveyed):
        return fact.school_stage is not None and fact.person_id in about
    return _names_persons(about, fact)


def _adds_members(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, HouseholdRecorded | MemberJoined | HouseholdFormed)


C = HouseholdCheck
RULES: Mapping[str, CheckRule[CheckedHousehold]] = {
    rule.code: rule
    for rule in (
        CheckRule(C.HEAD_TOO_YOUNG, _head_too_young, _names_persons, ("min_age",), _head_comes_of_age),
        CheckRule(C.SPOUSE_TOO_YOUNG, _spouse_too_young, _names_persons, ("min_age",), _spouse_comes_of_age),
        CheckRule(C.AGE_IMPLAUSIBLE, _age_implausible, _names_persons, ("max_age",), _grows_implausible),
        CheckRule(C.GENERATION_GAP_TOO_SMALL, _generation_gap_too_small, _names_persons, ("min_years",)),
        CheckRule(
            C.TOO_OLD_FOR_SCHOOL, _too_old_for_school, _names_pupils,
            tuple(stage.value for stage in SchoolStage if stage is not SchoolStage.NONE), _outgrows_school,
        ),
        CheckRule(C.SEVERAL_SPOUSES, _several_spouses, _names_persons, ("most",)),
        CheckRule(C.TOO_MANY_MEMBERS, _too_many_members, _adds_members, ("most",)),
        CheckRule(
            C.WAGES_WITHOUT_WORKING_AGE, _wages_without_working_age, _says_income, ("min_age", "max_age"),
        ),
        CheckRule(C.MORE_RESIDENTS_THAN_MEMBERS, _more_residents_than_members, _says_income, ("more",)),
    )
}  # fmt: skip
