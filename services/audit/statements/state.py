"""Audit's own fold: where a household stands between two facts. Written apart from the registry's, which it checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.quantities import Figures
from contracts.registry.households import (
    STOCK,
    HouseholdCancelled,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdRemoved,
    HouseholdReturned,
    HouseholdSplit,
    MemberDied,
    MemberJoined,
    MemberLeft,
    PovertyStatus,
)

REGISTRY = "registry"
"""The log that decides where a household stands; what other services say about it does not move the stock."""


@dataclass(frozen=True, slots=True)
class Standing:
    """``status`` is ``None`` before the household was taken down; ``since``: the day from which it holds."""

    status: PovertyStatus | None = None
    division: str = ""
    persons: frozenset[UUID] = frozenset()
    since: date | None = None

    @property
    def in_stock(self) -> bool:
        """Registered and not exited."""
        return self.status in STOCK

    @property
    def figures(self) -> Figures:
        """What it adds to the stock: one household with its persons, or nothing."""
        return Figures(1, len(self.persons)) if self.in_stock else Figures()


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of a timeline and what it changed."""

    before: Standing
    recorded: Recorded
    after: Standing


NOWHERE = Standing()


def _taken_down(_: Standing, fact: HouseholdRecorded) -> Standing:
    people = frozenset(m.person_id for m in fact.members)
    return Standing(PovertyStatus.CANDIDATE, fact.division, people, fact.effective_on)


def _formed(_: Standing, fact: HouseholdFormed) -> Standing:
    return Standing(fact.status, fact.division, frozenset(m.person_id for m in fact.members), fact.effective_on)


def _joined(before: Standing, fact: MemberJoined) -> Standing:
    return replace(before, persons=before.persons | {fact.member.person_id})


def _gone(before: Standing, fact: MemberLeft | MemberDied) -> Standing:
    return replace(before, persons=before.persons - {fact.person_id})


def _split(before: Standing, fact: HouseholdSplit) -> Standing:
    return replace(before, persons=before.persons.difference(fact.person_ids))


def _moved(before: Standing, fact: HouseholdMoved) -> Standing:
    return replace(before, division=fact.to_division)


def _became(status: PovertyStatus) -> Callable[[Standing, Fact], Standing]:
    return lambda before, fact: replace(before, status=status, since=fact.effective_on)


CHANGES: Mapping[type[Fact], Callable[[Standing, Any], Standing]] = {
    HouseholdRecorded: _taken_down,
    HouseholdFormed: _formed,
    MemberJoined: _joined,
    MemberLeft: _gone,
    MemberDied: _gone,
    HouseholdSplit: _split,
    HouseholdMoved: _moved,
    HouseholdEnrolled: _became(PovertyStatus.REGISTERED),
    HouseholdExited: _became(PovertyStatus.EXITED),
    HouseholdReturned: _became(PovertyStatus.RETURNED),
    HouseholdRemoved: _became(PovertyStatus.REMOVED),
    HouseholdCancelled: _became(PovertyStatus.CANCELLED),
}
"""The facts that change a standing; every other fact leaves it as it is."""


def matters(fact: Fact) -> bool:
    """Whether a fact can change what the statements count, by itself or by what it annuls."""
    return type(fact) in CHANGES or bool(fact.annuls)


def steps(timeline: Iterable[Recorded], standing: Standing = NOWHERE) -> Iterator[Step]:
    """Walk a timeline (see ``contracts.selection.timeline``) from a standing on; facts of no consequence are passed
    over."""
    for recorded in timeline:
        change = CHANGES.get(type(recorded.fact))
        if change is not None:
            before, standing = standing, change(standing, recorded.fact)
            yield Step(before, recorded, standing)


def stands(timeline: Iterable[Recorded]) -> Standing:
    """Where the household stands at the end of its timeline."""
    standing = NOWHERE
    for step in steps(timeline):
        standing = step.after
    return standing
