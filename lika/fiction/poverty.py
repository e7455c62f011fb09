"""Why a family is poor, as far as its members show."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from contracts.registry.households import Attribute, LabourSkill, PovertyCause, SchoolStage
from lika.fiction.randomness import Chance
from services.registry.intake.codes import Health


class Living(Protocol):
    """What is asked of a member."""

    @property
    def born(self) -> date: ...
    @property
    def health(self) -> Health: ...
    @property
    def stage(self) -> SchoolStage: ...
    @property
    def skill(self) -> LabourSkill: ...


COMMON = {
    PovertyCause.NO_SKILL: 35,
    PovertyCause.NO_CAPITAL: 30,
    PovertyCause.POOR_TRANSPORT: 15,
    PovertyCause.NO_LAND: 10,
    PovertyCause.WEAK_MOTIVATION: 5,
    PovertyCause.DISASTER: 5,
}


def can_work(members: Sequence[Living]) -> bool:
    return any(member.skill in (LabourSkill.ORDINARY, LabourSkill.SKILLED) for member in members)


def causes_of(members: Sequence[Living], draw: Chance) -> tuple[PovertyCause, ...]:
    """The main cause and at most one other (M011)."""
    found: list[PovertyCause] = []
    healths = {member.health for member in members}
    if Health.SERIOUS in healths or (Health.CHRONIC in healths and draw.chance(60)):
        found.append(PovertyCause.ILLNESS)
    if Health.DISABLED in healths:
        found.append(PovertyCause.DISABILITY)
    if {member.stage for member in members} & {SchoolStage.SENIOR, SchoolStage.VOCATIONAL, SchoolStage.COLLEGE}:
        found.append(PovertyCause.SCHOOLING)
    if not can_work(members):
        found.append(PovertyCause.NO_LABOUR)
    if not found or draw.chance(40):
        found.append(draw.weighted(COMMON))
    return tuple(found[:2])


def attribute_of(members: Sequence[Living], draw: Chance) -> Attribute:
    """Old people alone are mostly provided for (M004)."""
    if len(members) == 1 and members[0].born.year < 1954:
        return draw.weighted(
            {Attribute.FIVE_GUARANTEES: 50, Attribute.LOW_INCOME_SECURITY: 25, Attribute.LOW_INCOME_SECURITY_POOR: 25}
        )
    return draw.weighted({Attribute.GENERAL_POOR: 82, Attribute.LOW_INCOME_SECURITY_POOR: 18})
