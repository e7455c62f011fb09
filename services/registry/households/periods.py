"""The bitemporal picture of a household: in which days it was what, and from when to when we knew it so.

Each row is a rectangle: valid from one day up to another, known from one instant up to another. A question
(as_of V, known_at T) meets exactly one rectangle of a household, or none.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Generic, TypeVar

from contracts.facts import Recorded
from contracts.registry.households import Attribute, PovertyStatus
from contracts.selection import timeline
from services.registry.households.state import Household, evolve

FOREVER = date.max
STILL = datetime(9999, 1, 1, tzinfo=UTC)

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register's figures count."""

    status: PovertyStatus
    division: str
    persons: int
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class Rectangle(Generic[Value]):
    """``valid_to`` and ``known_to`` are exclusive."""

    value: Value
    valid_from: date
    valid_to: date
    known_from: datetime
    known_to: datetime


Span = tuple[date, date, Standing]


def standing(state: Household) -> Standing | None:
    if state.status is None:
        return None
    return Standing(state.status, state.division, state.persons, state.attribute)


def spans(facts: Iterable[Recorded]) -> list[Span]:
    """The periods of one timeline, equal neighbours merged."""
    state, changes = Household(), list[tuple[date, Standing | None]]()
    for day, of_day in groupby(facts, key=lambda r: r.fact.effective_on):
        for recorded in of_day:
            state = evolve(state, recorded)
        value = standing(state)
        if not changes or changes[-1][1] != value:
            changes.append((day, value))
    ends = [day for day, _ in changes[1:]] + [FOREVER]
    return [(day, end, value) for (day, value), end in zip(changes, ends, strict=True) if value is not None]


def rectangles(facts: Sequence[Recorded]) -> list[Rectangle[Standing]]:
    """Every rectangle of a household, from all its facts."""
    ordered = sorted(facts, key=lambda r: r.position)
    open_since: dict[Span, datetime] = {}
    done: list[Rectangle[Standing]] = []
    for instant in dict.fromkeys(r.recorded_at for r in ordered):
        now = set(spans(timeline(r for r in ordered if r.recorded_at <= instant)))
        for span in [s for s in open_since if s not in now]:
            done.append(_rectangle(span, open_since.pop(span), instant))
        for span in now:
            open_since.setdefault(span, instant)
    return [*done, *(_rectangle(span, since, STILL) for span, since in open_since.items())]


def _rectangle(span: Span, known_from: datetime, known_to: datetime) -> Rectangle[Standing]:
    valid_from, valid_to, value = span
    return Rectangle(value, valid_from, valid_to, known_from, known_to)
