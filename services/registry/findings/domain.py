"""What is implausible about a household. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.facts import Fact
from contracts.registry.codes import SchoolStage
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.registry.members import MemberJoined, MemberSurveyed, Relation
from contracts.registry.surveys import IncomeSurveyed
from services.casework.findings.domain import CheckRule, Ground, Limits
from services.registry.findings import member_checks as members
from services.registry.findings import school_checks as schools
from services.registry.findings import status_checks as statuses
from services.registry.findings.checked_households import (
    CheckedHousehold,
    CheckedMember,
    HouseholdCheck,
    birthday,
    names_persons,
)

KEY = "households"
"""Of the documents of these rules."""


GENERATIONS: Mapping[Relation, int] = {
    Relation.CHILD: 1,
    Relation.GRANDCHILD: 2,
    Relation.PARENT: -1,
    Relation.GRANDPARENT: -2,
}
"""How many generations below the head. A child in law may be of any age."""


def _younger_than(age: int, member: CheckedMember, day: date) -> Iterator[Ground]:
    if day.year - member.birth_year < age:
        yield Ground((member.person_id,), {"birth_year": member.birth_year})


def _head_too_young(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for head in household.with_relation(Relation.HEAD):
        yield from _younger_than(limits["min_age"], head, day)


def _head_comes_of_age(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    return (birthday(m, limits["min_age"]) for m in household.with_relation(Relation.HEAD))


def _spouse_too_young(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for spouse in household.with_relation(Relation.SPOUSE):
        yield from _younger_than(limits["min_age"], spouse, day)


def _spouse_comes_of_age(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    return (birthday(m, limits["min_age"]) for m in household.with_relation(Relation.SPOUSE))


def _age_implausible(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for member in household.members:
        if day.year - member.birth_year > limits["max_age"]:
            yield Ground((member.person_id,), {"birth_year": member.birth_year})


def _grows_implausible(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    return (birthday(m, limits["max_age"] + 1) for m in household.members)


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
    return (birthday(m, limits[m.school_stage] + 1) for m in at_school)


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


def _names_pupils(about: Sequence[UUID], fact: Fact) -> bool:
    if isinstance(fact, MemberSurveyed):
        return fact.school_stage is not None and fact.person_id in about
    return names_persons(about, fact)


def _adds_members(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, HouseholdRecorded | MemberJoined | HouseholdFormed)


C = HouseholdCheck
RULES: Mapping[str, CheckRule[CheckedHousehold]] = {
    rule.code: rule
    for rule in (
        CheckRule(C.HEAD_TOO_YOUNG, _head_too_young, names_persons, ("min_age",), _head_comes_of_age),
        CheckRule(C.SPOUSE_TOO_YOUNG, _spouse_too_young, names_persons, ("min_age",), _spouse_comes_of_age),
        CheckRule(C.AGE_IMPLAUSIBLE, _age_implausible, names_persons, ("max_age",), _grows_implausible),
        CheckRule(C.GENERATION_GAP_TOO_SMALL, _generation_gap_too_small, names_persons, ("min_years",)),
        CheckRule(
            C.TOO_OLD_FOR_SCHOOL, _too_old_for_school, _names_pupils,
            tuple(stage.value for stage in SchoolStage if stage is not SchoolStage.NONE), _outgrows_school,
        ),
        CheckRule(C.SEVERAL_SPOUSES, _several_spouses, names_persons, ("most",)),
        CheckRule(C.TOO_MANY_MEMBERS, _too_many_members, _adds_members, ("most",)),
        CheckRule(
            C.WAGES_WITHOUT_WORKING_AGE, _wages_without_working_age, _says_income, ("min_age", "max_age"),
        ),
        CheckRule(C.MORE_RESIDENTS_THAN_MEMBERS, _more_residents_than_members, _says_income, ("more",)),
        CheckRule(
            C.EDUCATION_AHEAD_OF_AGE, members.education_ahead_of_age, members.surveying("education_level"),
            members.LEVELS_WITH_AGE, members.comes_up_with_education,
        ),
        CheckRule(
            C.TOO_YOUNG_TO_WORK, members.too_young_to_work, members.surveying("labour_skill", "work_place"), ("min_age",),
            members.comes_of_working_age,
        ),
        CheckRule(
            C.TRACK_AGAINST_ABILITY, members.track_against_ability, members.surveying("assistance_track", "labour_skill"),
        ),
        CheckRule(
            C.DISABILITY_WITHOUT_CARD, members.disability_without_card,
            members.surveying("disability_level", "disability_card"),
        ),
        CheckRule(C.SCHOOL_STAGE_DIFFERS, schools.school_stage_differs, schools.tells_schooling),
        CheckRule(C.BOARDING_DIFFERS, schools.boarding_differs, schools.tells_schooling),
        CheckRule(C.ENROLMENT_MISSING, schools.enrolment_missing, schools.tells_schooling),
        CheckRule(
            C.DROPPED_OUT, schools.dropped_out, schools.tells_schooling, ("min_age", "max_age", "days_between"),
            schools.may_drop_out,
        ),
        CheckRule(
            C.NOT_IN_SCHOOL, schools.not_in_school, schools.tells_schooling, ("min_age", "max_age"),
            schools.comes_of_school_age,
        ),
        CheckRule(C.NOBODY_LIVES_HERE, members.nobody_lives_here, members.surveying("hukou_here", "lives_here")),
        CheckRule(C.ELIMINATED_EARLY, statuses.eliminated_early, statuses.eliminates),
        CheckRule(C.EXIT_WITHOUT_STANDARD, statuses.exit_without_standard, statuses.exits, ("first_year",)),
        CheckRule(C.RISK_NOT_SHOWN, statuses.risk_not_shown, statuses.monitors),
        CheckRule(C.KIND_AFTER_OTHER_STATUS, statuses.kind_after_other_status, statuses.monitors),
        CheckRule(C.STATUS_ON_OTHER_INCOME, statuses.status_on_other_income, statuses.decides_status),
        CheckRule(C.MONITORING_ON_OTHER_INCOME, statuses.monitoring_on_other_income, statuses.decides_monitoring),
    )
}  # fmt: skip
