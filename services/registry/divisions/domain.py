"""Divisions: declared once, identified by code; villages may be designated poor (M001, M015)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from contracts.facts import Recorded
from contracts.registry.divisions import DIGITS, DivisionDeclared, Level, PoorVillageDesignated
from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule

CODE_DOES_NOT_FIT = rule(
    "division_code_does_not_fit",
    zh="行政区划代码的位数与级别不符（省2、市4、县6、乡9、村12位）。",
    en="The code's length does not fit the level (province 2, city 4, county 6, township 9, village 12 digits).",
    source="GB/T 2260; domain reference: administrative divisions",
)
ALREADY_DECLARED = rule(
    "division_already_declared",
    zh="该行政区划已经登记。",
    en="This division is on record already.",
    source="GB/T 2260",
)
NOT_A_VILLAGE = rule(
    "only_villages_are_designated",
    zh="只有村可以列为贫困村。",
    en="Only a village can be designated a poor village.",
    source="M001, M015",
)


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    level: Level
    name: str
    aliases: tuple[str, ...]
    declared_on: date
    poor_village: str | None = None
    designated_on: date | None = None


def fold(timeline: Iterable[Recorded]) -> Division | None:
    """The division at the end of its timeline, or ``None`` when it was never declared."""
    state: Division | None = None
    for recorded in timeline:
        match recorded.fact:
            case DivisionDeclared() as fact:
                state = Division(fact.code, fact.level, fact.name, fact.aliases, fact.effective_on)
            case PoorVillageDesignated() as fact if state is not None:
                state = replace(state, poor_village=fact.grade, designated_on=fact.effective_on)
    return state


def declare(state: Division | None, fact: DivisionDeclared) -> list[DivisionDeclared]:
    """Declares a new division."""
    if len(fact.code) != DIGITS[fact.level]:
        raise Refused(CODE_DOES_NOT_FIT, code=fact.code, level=fact.level)
    if state is not None:
        raise Refused(ALREADY_DECLARED, code=fact.code)
    return [fact]


def designate(state: Division, fact: PoorVillageDesignated) -> list[PoorVillageDesignated]:
    """Puts a village on the list of poor villages; a repetition changes nothing."""
    if state.level is not Level.VILLAGE:
        raise Refused(NOT_A_VILLAGE, code=fact.code)
    return [] if state.poor_village == fact.grade else [fact]


def declaration_of(village: str) -> NextStep:
    """How a village comes to be on record."""
    return NextStep("declare_division", Office((Role.OPERATOR,)), form={"code": village, "level": Level.VILLAGE})


def stream_of(code: str) -> str:
    return f"division-{code}"
