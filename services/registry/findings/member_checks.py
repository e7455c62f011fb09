"""What is implausible about what is said of members: education, work, assistance track, disability, where they live. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from contracts.facts import Fact
from contracts.registry.codes import AssistanceTrack, EducationLevel, LabourSkill, WorkPlace
from contracts.registry.members import MemberSurveyed
from services.casework.findings.domain import Ground, Limits
from services.registry.findings.checked_households import (
    CheckedHousehold,
    CheckedMember,
    birthday,
    names_persons,
    says,
)

LEVELS_WITH_AGE = tuple(level.value for level in EducationLevel if level is not EducationLevel.ILLITERATE)
ABLE = frozenset({LabourSkill.ORDINARY, LabourSkill.SKILLED})
UNABLE = frozenset({LabourSkill.LOST, LabourSkill.NONE})


def surveying(*fields: str) -> Callable[[Sequence[UUID], Fact], bool]:
    """Whether a fact says one of these of somebody, or names a member anew. Not a function within: views go to other processes."""
    return partial(_says_of, fields)


def _says_of(fields: Sequence[str], about: Sequence[UUID], fact: Fact) -> bool:
    if isinstance(fact, MemberSurveyed):
        return fact.person_id in about and says(fact, *fields)
    return names_persons(about, fact)


def education_ahead_of_age(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for member in household.members:
        level = member.education_level
        if level is not None and level in LEVELS_WITH_AGE and day.year - member.birth_year < limits[level]:
            yield Ground((member.person_id,), {"education_level": level.value, "birth_year": member.birth_year})


def comes_up_with_education(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    for member in household.members:
        if member.education_level is not None and member.education_level in LEVELS_WITH_AGE:
            yield birthday(member, limits[member.education_level])


def _works(member: CheckedMember) -> bool:
    return member.labour_skill in ABLE or member.work_place not in (None, WorkPlace.NONE)


def too_young_to_work(household: CheckedHousehold, day: date, limits: Limits) -> Iterator[Ground]:
    for member in household.members:
        if _works(member) and day.year - member.birth_year < limits["min_age"]:
            yield Ground((member.person_id,), {"birth_year": member.birth_year})


def comes_of_working_age(household: CheckedHousehold, limits: Limits) -> Iterator[date]:
    return (birthday(m, limits["min_age"]) for m in household.members if _works(m))


def track_against_ability(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    """Security for who can work, or development for who cannot (M024). Who is weak may be on either."""
    for member in household.members:
        against = {AssistanceTrack.SECURITY: ABLE, AssistanceTrack.DEVELOPMENT: UNABLE}
        track = member.assistance_track
        if track is not None and member.labour_skill in against[track]:
            figures = {"assistance_track": track.value, "labour_skill": member.labour_skill.value}
            yield Ground((member.person_id,), figures)


def disability_without_card(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    for member in household.members:
        if member.lacks_card:
            yield Ground((member.person_id,), {})


def nobody_lives_here(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    """空挂户: every member is said to be registered here and to live elsewhere."""
    if household.members and all(m.hukou_here is True and m.lives_here is False for m in household.members):
        yield Ground(tuple(m.person_id for m in household.members), {"count": len(household.members)})
