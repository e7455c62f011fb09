"""Schools: what exists under which code and name, where and with which stages, from when to when. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from contracts.facts import Fact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.schools import (
    SchoolClosed,
    SchoolDeclared,
    SchoolFact,
    SchoolMerged,
    SchoolRelocated,
    SchoolRenamed,
    SchoolStagesSet,
    SchoolSucceeded,
)

PREFIX = "school-"
CODE = r"^[0-9]{10}$"
"""学校标识码."""
SCHOOL_TYPES = frozenset(kind.type_name for kind in SchoolFact.__subclasses__())


@dataclass(frozen=True, slots=True)
class School:
    """At the end of its timeline, with the days since which each set of stages was so. ``ended_on``: the first day on which it
    is no more; ``took_over``: the schools that were merged into it, and since when."""

    school_code: str
    name: str
    division: str
    stages_since: tuple[tuple[date, tuple[SchoolStage, ...]], ...]
    declared_on: date
    ended_on: date | None = None
    into_school: str | None = None
    took_over: tuple[tuple[date, str], ...] = ()

    @property
    def stages(self) -> tuple[SchoolStage, ...]:
        return self.stages_since[-1][1]

    @property
    def former_schools(self) -> tuple[str, ...]:
        return tuple(code for _, code in self.took_over)

    def stages_on(self, day: date) -> tuple[SchoolStage, ...]:
        return next((stages for since, stages in reversed(self.stages_since) if since <= day), ())


def fold(timeline: Iterable[Recorded]) -> School | None:
    """The school at the end of its timeline, or ``None`` when it was never declared."""
    state: School | None = None
    for recorded in timeline:
        fact = recorded.fact
        if isinstance(fact, SchoolDeclared):
            stages = ((fact.effective_on, fact.stages),)
            state = School(fact.school_code, fact.name, fact.division, stages, fact.effective_on)
        elif state is not None and (apply := EVOLVE_BY_TYPE.get(type(fact))) is not None:
            state = apply(state, fact)
    return state


def _renamed(before: School, fact: SchoolRenamed) -> School:
    return replace(before, name=fact.name)


def _stages_set(before: School, fact: SchoolStagesSet) -> School:
    earlier = tuple(one for one in before.stages_since if one[0] < fact.effective_on)
    return replace(before, stages_since=(*earlier, (fact.effective_on, fact.stages)))


def _relocated(before: School, fact: SchoolRelocated) -> School:
    return replace(before, division=fact.division)


def _merged(before: School, fact: SchoolMerged) -> School:
    return replace(before, ended_on=fact.effective_on, into_school=fact.into_school)


def _succeeded(before: School, fact: SchoolSucceeded) -> School:
    return replace(before, took_over=(*before.took_over, (fact.effective_on, fact.former_school)))


def _closed(before: School, fact: SchoolClosed) -> School:
    return replace(before, ended_on=fact.effective_on)


EVOLVE_BY_TYPE: Mapping[type[Fact], Callable[[School, Any], School]] = {
    SchoolRenamed: _renamed,
    SchoolStagesSet: _stages_set,
    SchoolRelocated: _relocated,
    SchoolMerged: _merged,
    SchoolSucceeded: _succeeded,
    SchoolClosed: _closed,
}


def stream_of(code: str) -> str:
    return f"{PREFIX}{code}"
