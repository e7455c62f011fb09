"""Divisions: what exists under which code and name from when to when, and what it came from and came to (GB/T 2260). Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from contracts.facts import Fact, Recorded
from contracts.registry.divisions import (
    DivisionAliasesAdded,
    DivisionDeclared,
    DivisionEnded,
    DivisionFact,
    DivisionMerged,
    DivisionRecoded,
    DivisionRenamed,
    DivisionSplit,
    DivisionSucceeded,
    Level,
    PoorVillageDesignated,
    PoorVillageExited,
)
from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office


@dataclass(frozen=True, slots=True)
class Succession:
    """From ``day`` on, households go to ``to_code`` by the fact ``fact_id``: all of them, or those of ``household_ids``."""

    fact_id: str
    act: UUID
    day: date
    from_code: str
    to_code: str
    household_ids: tuple[UUID, ...] | None = None

    @property
    def ends(self) -> bool:
        """Whether the division ended with it."""
        return self.household_ids is None

    def carries(self, line: Iterable[UUID]) -> bool:
        """Whether it carries the household of this line: itself and those that it was formed from."""
        return self.household_ids is None or not {*self.household_ids}.isdisjoint(line)


@dataclass(frozen=True, slots=True)
class Division:
    """``names``: the days since which it has had each, in order. ``ended_on``: the first day on which it is no more.
    ``aliases``: spellings of whatever day, former names not among them."""

    code: str
    level: Level
    names: tuple[tuple[date, str], ...]
    aliases: tuple[str, ...]
    declared_on: date
    ended_on: date | None = None
    successions: tuple[Succession, ...] = ()
    predecessors: tuple[str, ...] = ()
    poor_village: str | None = None
    listed_in: str | UnsetType = UNSET
    designated_on: date | None = None
    exited_on: date | None = None
    acts: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        return self.names[-1][1]

    @property
    def successors(self) -> tuple[str, ...]:
        """The codes that it, or parts of it, came to."""
        return tuple(dict.fromkeys(s.to_code for s in self.successions))

    def exists_on(self, day: date) -> bool:
        return self.declared_on <= day and (self.ended_on is None or day < self.ended_on)


def fold(timeline: Iterable[Recorded]) -> Division | None:
    """The division at the end of its timeline, or ``None`` when it was never declared."""
    state: Division | None = None
    for recorded in timeline:
        fact = recorded.fact
        if isinstance(fact, DivisionDeclared):
            names = ((fact.effective_on, fact.name),)
            state = Division(fact.code, fact.level, names, fact.aliases, fact.effective_on)
        elif state is not None and (apply := EVOLVE_BY_TYPE.get(type(fact))) is not None:
            state = replace(apply(state, fact, recorded), acts=state.acts | {recorded.command_id})
    return state


def _renamed(before: Division, fact: DivisionRenamed, _: Recorded) -> Division:
    earlier = tuple(n for n in before.names if n[0] < fact.effective_on)
    return replace(before, names=(*earlier, (fact.effective_on, fact.name)))


def _aliases_added(before: Division, fact: DivisionAliasesAdded, _: Recorded) -> Division:
    return replace(before, aliases=tuple(dict.fromkeys((*before.aliases, *fact.aliases))))


def _merged(before: Division, fact: DivisionMerged | DivisionRecoded, recorded: Recorded) -> Division:
    to = fact.into if isinstance(fact, DivisionMerged) else fact.to_code
    gone = Succession(recorded.id, recorded.command_id, fact.effective_on, fact.code, to)
    return replace(before, ended_on=fact.effective_on, successions=(*before.successions, gone))


def _split(before: Division, fact: DivisionSplit, recorded: Recorded) -> Division:
    day, act = fact.effective_on, recorded.command_id
    parts = tuple(Succession(recorded.id, act, day, fact.code, p.code, p.household_ids) for p in fact.parts)
    return replace(before, successions=(*before.successions, *parts))


def _ended(before: Division, fact: DivisionEnded, _: Recorded) -> Division:
    return replace(before, ended_on=fact.effective_on)


def _succeeded(before: Division, fact: DivisionSucceeded, _: Recorded) -> Division:
    return replace(before, predecessors=tuple(dict.fromkeys((*before.predecessors, fact.predecessor))))


def _designated(before: Division, fact: PoorVillageDesignated, _: Recorded) -> Division:
    listed_in = fact.listed_in or before.listed_in
    day = fact.effective_on
    return replace(before, poor_village=fact.grade, listed_in=listed_in, designated_on=day, exited_on=None)


def _exited(before: Division, fact: PoorVillageExited, _: Recorded) -> Division:
    return replace(before, exited_on=fact.effective_on)


EVOLVE_BY_TYPE: Mapping[type[Fact], Callable[[Division, Any, Recorded], Division]] = {
    DivisionRenamed: _renamed,
    DivisionAliasesAdded: _aliases_added,
    DivisionMerged: _merged,
    DivisionRecoded: _merged,
    DivisionSplit: _split,
    DivisionEnded: _ended,
    DivisionSucceeded: _succeeded,
    PoorVillageDesignated: _designated,
    PoorVillageExited: _exited,
}
DIVISION_TYPES = frozenset(kind.type_name for kind in DivisionFact.__subclasses__())


def successions_for(
    codes: Iterable[str], line: Sequence[UUID], of: Callable[[str], Division | None]
) -> list[Succession]:
    """What becomes of a household that its facts ever put into one of these divisions, as far as it leads. ``line``: the
    household and those that it was formed from."""
    found: list[Succession] = []
    waiting, seen = list(codes), set[str]()
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        division = of(code)
        for each in () if division is None else division.successions:
            if each.carries(line):
                found.append(each)
                waiting.append(each.to_code)
    return found


def in_order(successions: Iterable[Succession]) -> list[Succession]:
    """As they follow each other, whatever was told first: by day; within one, a merger into a village before what becomes of
    that village, and its parts leave before what is left of it is merged. Who is named as a part goes with it, then, also where
    the same day's merger brought them."""
    waiting = sorted(successions, key=lambda each: (each.day, each.from_code))
    ordered: list[Succession] = []
    while waiting:
        of_day = [each for each in waiting if each.day == waiting[0].day]
        joined = {each.to_code for each in of_day}
        # Two villages that exchange parts lead to each other: parts first, then.
        following = min(of_day, key=lambda each: (each.from_code in joined, each.ends))
        waiting.remove(following)
        ordered.append(following)
    return ordered


def declaration_of(village: str) -> NextStep:
    """How a village comes to be on record."""
    return NextStep("declare_division", Office((Role.OPERATOR,)), form={"code": village, "level": Level.VILLAGE})


def stream_of(code: str) -> str:
    return f"division-{code}"
