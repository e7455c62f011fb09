"""The bitemporal picture of a household: in which days it was what, and from when to when we knew it so.

Each row is a rectangle: valid from one day up to another, known from one instant up to another. A question
(as_of V, known_at T) meets exactly one rectangle of a household, or none.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Generic, TypeVar

from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    Attribute,
    ConditionsSurveyed,
    HeadSucceeded,
    HouseholdSurveyed,
    IncomeSurveyed,
    MemberSurveyed,
    PovertyStatus,
)
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


Turn = tuple[date, Standing | None]
"""From this day on the household is this, until the next turn."""
Span = tuple[date, date, Standing | None]

OF_NO_CONSEQUENCE = (MemberSurveyed, IncomeSurveyed, ConditionsSurveyed, HeadSucceeded)
"""Most facts of a household: they leave its standing as it is, unless they annul something."""


def standing(state: Household) -> Standing | None:
    if state.status is None:
        return None
    return Standing(state.status, state.division, state.persons, state.attribute)


class _Life:
    """The turns of one timeline, told fact by fact. ``changed``: since when somebody asked last, every turn from this
    one on may be another."""

    def __init__(self, facts: Iterable[Recorded] = ()) -> None:
        self.state, self.turns, self.changed = Household(), list[Turn](), 0
        self.told_until = date.min
        for recorded in facts:
            self.tell(recorded)

    def tell(self, recorded: Recorded) -> None:
        """The next fact of the timeline. A day belongs to what the household is at its end; equal neighbours are one."""
        self.state = evolve(self.state, recorded)
        self.told_until = recorded.fact.effective_on
        if self.turns and self.turns[-1][0] == self.told_until:
            self.turns.pop()
        self.changed = min(self.changed, len(self.turns))
        value = standing(self.state)
        if value != (self.turns[-1][1] if self.turns else None):
            self.turns.append((self.told_until, value))

    def spans(self, first: int) -> list[Span]:
        """From each turn, beginning with the ``first``, to the next one."""
        turns = [*self.turns[first:], (FOREVER, None)]
        return [(day, end, value) for (day, value), (end, _) in pairwise(turns)]


def drawn(facts: Iterable[Recorded]) -> tuple[Household, list[Rectangle[Standing]]]:
    """The household as it will be when every fact has come true (its surveys left out), and every rectangle of it, from
    all its facts."""
    ordered = sorted(filter(_counts, facts), key=lambda r: r.position)
    life: _Life | None
    life, known = _Life(), list[Recorded]()
    held: list[tuple[Span, datetime]] = []  # every span, and since when it is known
    done: list[Rectangle[Standing]] = []
    for instant, learned in groupby(ordered, key=lambda r: r.recorded_at):
        for recorded in learned:
            known.append(recorded)
            # Only a fact that is last in (effective_on, position) may be added to what was told before.
            if life is not None and recorded.fact.effective_on >= life.told_until and not recorded.fact.annuls:
                life.tell(recorded)
            else:
                life = None
        life, kept = (_Life(timeline(known)), 0) if life is None else (life, max(life.changed - 1, 0))
        before = {span[0]: (span, since) for span, since in held[kept:]}
        now = {span[0]: span for span in life.spans(kept)}
        for day, (span, since) in before.items():
            if span[2] is not None and span != now.get(day):
                done.append(_rectangle(span, since, instant))
        held[kept:] = [(s, before[d][1] if d in before and before[d][0] == s else instant) for d, s in now.items()]
        life.changed = len(life.turns)
    return life.state, [*done, *(_rectangle(span, since, STILL) for span, since in held if span[2] is not None)]


def rectangles(facts: Iterable[Recorded]) -> list[Rectangle[Standing]]:
    """Every rectangle of a household, from all its facts."""
    return drawn(facts)[1]


def tells(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change a household's rectangles."""
    if isinstance(fact, HouseholdSurveyed):
        return fact.attribute is not None
    return not isinstance(fact, OF_NO_CONSEQUENCE)


def _counts(recorded: Recorded) -> bool:
    return bool(recorded.fact.annuls) or tells(recorded.fact)


def _rectangle(span: Span, known_from: datetime, known_to: datetime) -> Rectangle[Standing]:
    valid_from, valid_to, value = span
    assert value is not None
    return Rectangle(value, valid_from, valid_to, known_from, known_to)
