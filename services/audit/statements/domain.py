"""The statement of a division and a year: the formula, the movements that facts make, and whether it balances.

    opening + identified + returned + moved_in + transferred_in + size_change
        - exited - removed - cancelled - moved_out - transferred_out = closing

The closing is counted from the states of the households, never from the movements; so a difference can show, and is
shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.quantities import Figures
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.households import HouseholdFormed, HouseholdMoved
from contracts.registry.members import MemberDied
from contracts.registry.merges import PersonsMerged
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.registry.reasons import CancelReason
from services.audit.statements.state import Transition, starting_state, transitions


class Line(StrEnum):
    """The columns between opening and closing. Only ``size_change`` is signed. Whoever moves is ``moved_in`` and
    ``moved_out``; whose village was merged, split or got another code is ``transferred_in`` and ``transferred_out``."""

    IDENTIFIED = "identified"
    RETURNED = "returned"
    MOVED_IN = "moved_in"
    TRANSFERRED_IN = "transferred_in"
    SIZE_CHANGE = "size_change"
    EXITED = "exited"
    REMOVED = "removed"
    CANCELLED = "cancelled"
    MOVED_OUT = "moved_out"
    TRANSFERRED_OUT = "transferred_out"


OUTGOING = frozenset({Line.EXITED, Line.REMOVED, Line.CANCELLED, Line.MOVED_OUT, Line.TRANSFERRED_OUT})

ENTRIES: Mapping[type[Fact], Line] = {
    HouseholdEnrolled: Line.IDENTIFIED,
    HouseholdReturned: Line.RETURNED,
    HouseholdReinstated: Line.MOVED_IN,
}
"""Facts that bring a household into the stock with all its members of that moment; one that is reinstated, where it comes back
into the stock."""

DEPARTURES: Mapping[type[Fact], Line] = {
    HouseholdExited: Line.EXITED,
    HouseholdRemoved: Line.REMOVED,
    HouseholdCancelled: Line.CANCELLED,
}
"""Facts that take a household out of the stock with the members it had just before; of no account elsewhere."""


RELOCATIONS: Mapping[type[Fact], tuple[Line, Line]] = {
    HouseholdMoved: (Line.MOVED_OUT, Line.MOVED_IN),
    HouseholdTransferred: (Line.TRANSFERRED_OUT, Line.TRANSFERRED_IN),
}
"""Facts by which a household is in another division: what they are where it was, and where it is."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What one fact does to one line of one division. ``counterpart`` is the other end of a move."""

    effective_on: date
    line: Line
    figures: Figures
    division: str
    counterpart: str | None
    fact: str


def movements(timeline: Sequence[Recorded], household: UUID) -> list[Movement]:
    """The movements that a household's own facts make; its ancestors' are theirs. The last member's death, or that they are a
    duplicate, and the cancellation of the same day are one movement: that person leaves by ``cancelled``, not by
    ``size_change`` as well."""
    fold = MovementFold()
    state, own = starting_state(timeline, household)
    for transition in transitions(own, state):
        fold.apply(transition)
    return fold.movements


class MovementFold:
    """``movements`` fact by fact: each adds to ``movements``, and undoes at most the last of them."""

    def __init__(self) -> None:
        self.movements: list[Movement] = []
        self._last_death: Movement | None = None

    def apply(self, transition: Transition) -> None:
        died_with_household = 0
        death = self._last_death
        if death is not None and self.movements[-1] is death and _cancels_on_day_of(transition, death):
            died_with_household = -self.movements.pop().figures.persons
        self.movements.extend(_movements_of(transition, died_with_household))
        self._last_death = self.movements[-1] if self.movements and _is_death_of_last_member(transition) else None


def _cancels_on_day_of(transition: Transition, death: Movement) -> bool:
    fact = transition.recorded.fact
    cancels = isinstance(fact, HouseholdCancelled) and transition.before.in_stock
    return cancels and fact.effective_on == death.effective_on


def _ends_by_merge(fact: Fact) -> bool:
    return isinstance(fact, HouseholdCancelled) and fact.reason is CancelReason.MERGED


def _is_death_of_last_member(transition: Transition) -> bool:
    died = isinstance(transition.recorded.fact, MemberDied | PersonsMerged) and transition.before.in_stock
    return died and bool(transition.before.persons) and not transition.after.persons


def _movements_of(transition: Transition, died_with_household: int) -> Iterator[Movement]:
    fact, before, after = transition.recorded.fact, transition.before, transition.after

    def movement(line: Line, figures: Figures, division: str, counterpart: str | None = None) -> Movement:
        return Movement(fact.effective_on, line, figures, division, counterpart, transition.recorded.id)

    kind = type(fact)
    if kind in ENTRIES:
        if after.in_stock:
            yield movement(ENTRIES[kind], Figures(1, len(after.persons)), after.division)
    elif kind in DEPARTURES:
        # Members of a household that was merged go on in another one: a change of size there, and so here.
        going_on = len(before.persons) if _ends_by_merge(fact) else 0
        leaving = before.figures + Figures(0, died_with_household - going_on)
        if before.in_stock:
            yield movement(DEPARTURES[kind], leaving, before.division)
        if before.in_stock and going_on:
            yield movement(Line.SIZE_CHANGE, Figures(0, -going_on), before.division)
    elif isinstance(fact, HouseholdFormed):
        if after.in_stock:
            yield movement(Line.SIZE_CHANGE, after.figures, after.division)
    elif kind in RELOCATIONS:
        if before.in_stock and before.division != after.division:
            left, came = RELOCATIONS[kind]
            yield movement(left, before.figures, before.division, after.division)
            yield movement(came, before.figures, after.division, before.division)
    elif before.in_stock and after.in_stock and before.persons != after.persons:
        # Joined, left, died or split off. A household recorded a second time would show as a difference.
        yield movement(Line.SIZE_CHANGE, after.figures - before.figures, after.division)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One period. ``changes`` holds a figure for every line."""

    period: str
    opening: Figures
    changes: Mapping[Line, Figures]
    closing: Figures

    @property
    def difference(self) -> Figures:
        """What the formula gives beyond the closing. Not zero: the register's figures do not add up (as in P01)."""
        total = self.opening
        for line, figures in self.changes.items():
            total = total - figures if line in OUTGOING else total + figures
        return total - self.closing


def balance(
    periods: Sequence[str], stocks: Sequence[Figures], changes: Mapping[tuple[int, Line], Figures]
) -> list[StatementRow]:
    """Rows from the stocks at the period boundaries (one more than periods) and the sums by (period's index, line)."""
    return [
        StatementRow(period, stocks[n], {line: changes.get((n, line), Figures()) for line in Line}, stocks[n + 1])
        for n, period in enumerate(periods)
    ]
