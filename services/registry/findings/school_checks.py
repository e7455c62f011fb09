"""Where what a household says of its pupils and what education says differ, and who of compulsory age is not in school. Pure.

Of a person the year of birth is known, so of compulsory age is whoever is so on every day of the year, whenever their birthday is:
from the year after the one in which ``min_age`` is reached to the one in which ``max_age`` is. Nobody is found a year too early.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from contracts.facts import Fact
from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import EnrolmentEnd, EnrolmentFact
from contracts.registry.members import MemberSurveyed
from services.casework.findings.domain import Ground, Limits
from services.registry.findings.checked_households import (
    CheckedHousehold,
    CheckedMember,
    CheckedSchooling,
    birthday,
    names_persons,
    says,
)

NOT_AT_SCHOOL = frozenset({SchoolStage.NONE, SchoolStage.PRESCHOOL})
AT_ONCE = frozenset({EnrolmentEnd.DROPPED_OUT, EnrolmentEnd.OTHER})
"""Ends after which nothing is waited for. After a transfer, or a graduation from what compulsory education goes on after, the next
enrolment is to be seen within ``days_between``."""
BEFORE_JUNIOR = frozenset({SchoolStage.PRESCHOOL, SchoolStage.PRIMARY})
"""Stages after which compulsory education goes on."""


def school_stage_differs(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    for member, said in _enrolled(household):
        if member.school_stage is not said.stage:
            yield Ground((member.person_id,), {"school_stage": member.school_stage.value, "stage": said.stage.value})


def boarding_differs(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    for member, said in _enrolled(household):
        if member.boarder is not said.boarding:
            yield Ground((member.person_id,), {"boarding": "yes" if said.boarding else "no"})


def enrolment_missing(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    for member in household.members:
        if member.school_stage is not SchoolStage.NONE and member.schooling is None:
            yield Ground((member.person_id,), {"school_stage": member.school_stage.value})


def dropped_out(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    """Education says so: the pupil comes no longer, or the enrolment ended and no other followed."""
    for member in household.members:
        said = member.schooling
        if said is not None and _of_compulsory_age(member, day, limits) and _is_out(said, day, limits):
            why = said.ended_because or EnrolmentEnd.DROPPED_OUT
            yield Ground((member.person_id,), {"ended_because": why.value, "birth_year": member.birth_year})


def may_drop_out(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    for member in household.members:
        if member.schooling is not None:
            yield from _turns_of_age(member, limits)
            if member.schooling.ended_on is not None:
                yield member.schooling.ended_on + timedelta(limits["days_between"])


def not_in_school(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    """Nobody says that they are: neither the household nor education."""
    for member in household.members:
        is_at_none = member.schooling is None and member.school_stage in NOT_AT_SCHOOL
        if is_at_none and _of_compulsory_age(member, day, limits):
            yield Ground((member.person_id,), {"birth_year": member.birth_year})


def comes_of_school_age(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    for member in household.members:
        yield from _turns_of_age(member, limits)


def tells_schooling(about: Sequence[UUID], fact: Fact) -> bool:
    """Whether a finding about these persons rests on that fact."""
    if isinstance(fact, EnrolmentFact):
        return fact.person_id in about
    if isinstance(fact, MemberSurveyed):
        return fact.person_id in about and says(fact, "school_stage", "boarder")
    return names_persons(about, fact)


def _enrolled(household: CheckedHousehold) -> Iterator[tuple[CheckedMember, CheckedSchooling]]:
    for member in household.members:
        if member.schooling is not None and member.schooling.ended_on is None:
            yield member, member.schooling


def _is_out(said: CheckedSchooling, day: date, limits: Limits) -> bool:
    if said.ended_on is None:
        return said.dropped_out
    if said.ended_because in AT_ONCE:
        return True
    goes_on = said.ended_because is EnrolmentEnd.TRANSFERRED or (
        said.ended_because is EnrolmentEnd.GRADUATED and said.stage in BEFORE_JUNIOR
    )
    return goes_on and day >= said.ended_on + timedelta(limits["days_between"])


def _of_compulsory_age(member: CheckedMember, day: date, limits: Limits) -> bool:
    first, end = _turns_of_age(member, limits)
    return first <= day < end


def _turns_of_age(member: CheckedMember, limits: Limits) -> tuple[date, date]:
    return birthday(member, limits["min_age"] + 1), birthday(member, limits["max_age"] + 1)
