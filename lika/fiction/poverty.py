"""Why a family is poor, and its attribute in the register, as they follow from its members."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from contracts.registry.codes import Health, LabourSkill, PovertyCause, SchoolStage
from contracts.registry.households import Attribute
from lika.fiction.randomness import RandomSource


class Person(Protocol):
    """What the causes depend on."""

    @property
    def born(self) -> date: ...
    @property
    def health(self) -> Health: ...
    @property
    def stage(self) -> SchoolStage: ...
    @property
    def skill(self) -> LabourSkill: ...


GENERAL_CAUSES = {
    PovertyCause.NO_SKILL: 35,
    PovertyCause.NO_CAPITAL: 30,
    PovertyCause.POOR_TRANSPORT: 15,
    PovertyCause.NO_LAND: 10,
    PovertyCause.WEAK_MOTIVATION: 5,
    PovertyCause.DISASTER: 5,
}


def can_work(members: Sequence[Person]) -> bool:
    return any(member.skill in (LabourSkill.ORDINARY, LabourSkill.SKILLED) for member in members)


def poverty_causes(members: Sequence[Person], rng: RandomSource) -> tuple[PovertyCause, ...]:
    """The main cause and at most one other (M011)."""
    causes: list[PovertyCause] = []
    health = {member.health for member in members}
    if Health.SERIOUS in health or (Health.CHRONIC in health and rng.chance(60)):
        causes.append(PovertyCause.ILLNESS)
    if Health.DISABLED in health:
        causes.append(PovertyCause.DISABILITY)
    if {member.stage for member in members} & {SchoolStage.SENIOR, SchoolStage.VOCATIONAL, SchoolStage.COLLEGE}:
        causes.append(PovertyCause.SCHOOLING)
    if not can_work(members):
        causes.append(PovertyCause.NO_LABOUR)
    if not causes or rng.chance(40):
        causes.append(rng.weighted_choice(GENERAL_CAUSES))
    return tuple(causes[:2])


def poverty_attribute(members: Sequence[Person], rng: RandomSource) -> Attribute:
    """Old people who live alone mostly receive social assistance (M004)."""
    if len(members) == 1 and members[0].born.year < 1954:
        return rng.weighted_choice(
            {Attribute.FIVE_GUARANTEES: 50, Attribute.LOW_INCOME_SECURITY: 25, Attribute.LOW_INCOME_SECURITY_POOR: 25}
        )
    return rng.weighted_choice({Attribute.GENERAL_POOR: 82, Attribute.LOW_INCOME_SECURITY_POOR: 18})
