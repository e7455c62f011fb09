"""The bitemporal projection of a household: its stock periods and movements, each with the period in which the register
had it recorded so."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Generic, TypeVar
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import Order, order_of, parent_of, timeline
from services.audit.statements.domain import STOCKS, Movement, MovementFold, StockOf, StockRule
from services.audit.statements.state import INITIAL_STATE, HouseholdState, is_relevant, starting_state, transitions

NEVER_ENDED = date.max
STILL_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)

Value = TypeVar("Value", bound=Hashable)
ChangePoint = tuple[date, tuple[str, int, str | None] | None]
"""From this day on the household is in the stock of that division with so many persons, as that kind, or not in the stock."""


@dataclass(frozen=True, slots=True)
class StockPeriod:
    """In the stock of ``division`` with so many persons from one day up to another (exclusive), as that ``kind`` where it has
    kinds."""

    division: str
    persons: int
    valid_from: date
    valid_to: date
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Versioned(Generic[Value]):
    """A value in the answers "known before T" with ``known_from < T <= known_to``."""

    value: Value
    known_from: datetime
    known_to: datetime


@dataclass(frozen=True, slots=True)
class Projection:
    stock: list[Versioned[StockPeriod]]
    movements: list[Versioned[Movement]]


class _TimelineFold:
    """A household's own facts, folded one by one from a state on into the change points of the stock and the movements."""

    def __init__(
        self, stock: StockOf, state: HouseholdState = INITIAL_STATE, facts: Iterable[Recorded] = ()
    ) -> None:  # fmt: skip
        self.state, self.change_points, self.movement_fold = state, list[ChangePoint](), MovementFold(stock)
        self._rule = STOCKS[stock]
        self.last: Order = date.min, 0
        for recorded in facts:
            self.apply(recorded)

    def apply(self, recorded: Recorded) -> None:
        """The next fact of the timeline. A day counts by the state at its end, and equal neighbours are one period."""
        self.last = order_of(recorded)
        day = recorded.fact.effective_on
        for transition in transitions((recorded,), self.state):
            self.state = transition.after
            self.movement_fold.apply(transition)
            if self.change_points and self.change_points[-1][0] == day:
                self.change_points.pop()
            counted = _counted(self.state, self._rule)
            if counted != (self.change_points[-1][1] if self.change_points else None):
                self.change_points.append((day, counted))

    def stock(self, first: int = 0) -> list[StockPeriod]:
        """The periods that begin with a change point, from the ``first`` on."""
        points = [*self.change_points[first:], (NEVER_ENDED, None)]
        return [
            StockPeriod(*counted[:2], since, until, counted[2])
            for (since, counted), (until, _) in pairwise(points)
            if counted
        ]


def stock_periods(timeline: Sequence[Recorded], household: UUID, stock: StockOf = StockOf.POVERTY) -> list[StockPeriod]:
    """The household's own, from its timeline."""
    return _TimelineFold(stock, *starting_state(timeline, household)).stock()


class _VersionHistory(Generic[Value]):
    """Versions of values, and when each was recorded and superseded."""

    def __init__(self) -> None:
        self._known_from: dict[Value, datetime] = {}
        self._superseded: list[Versioned[Value]] = []

    def supersede(self, instant: datetime, former: Iterable[Value], current: Sequence[Value]) -> None:
        """From this instant on these values are known instead of the former."""
        for value in former:
            if value not in current:
                self._superseded.append(Versioned(value, self._known_from.pop(value), instant))
        for value in current:
            self._known_from.setdefault(value, instant)

    def versions(self) -> list[Versioned[Value]]:
        return [*self._superseded, *(Versioned(value, since, STILL_KNOWN) for value, since in self._known_from.items())]


def project(facts: Iterable[Recorded], household: UUID, of: StockOf = StockOf.POVERTY) -> Projection:
    """From everything recorded in the register's log about one household and, if it split off, about its ancestors: their
    facts give the state it starts from, and none of its rows."""
    # What cannot change the figures cannot annul either, so it may be left out before the facts are selected.
    relevant = sorted((r for r in facts if is_relevant(r.fact)), key=lambda r: r.position)
    fold, known = _TimelineFold(of), list[Recorded]()
    alone = not any(parent_of(r) for r in relevant)
    stock, movements = _VersionHistory[StockPeriod](), _VersionHistory[Movement]()
    # Facts of one commit share their instant and become known together.
    for instant, committed in groupby(relevant, key=lambda r: r.recorded_at):
        new = list(committed)
        known += new
        if alone and _can_append(new, fold):
            # The last change point may change and the one before it be joined to it; the last movement may be undone.
            points, made = max(len(fold.change_points) - 2, 0), max(len(fold.movement_fold.movements) - 1, 0)
            former = fold.stock(points), fold.movement_fold.movements[made:]
            for recorded in new:
                fold.apply(recorded)
        else:
            points, made, former = 0, 0, (fold.stock(), fold.movement_fold.movements)
            fold = _TimelineFold(of, *starting_state(timeline(known, of=household), household))
        stock.supersede(instant, former[0], fold.stock(points))
        movements.supersede(instant, former[1], fold.movement_fold.movements[made:])
    return Projection(stock.versions(), movements.versions())


def _can_append(new: Sequence[Recorded], fold: _TimelineFold) -> bool:
    """Whether these facts come last in the timeline, in order, so that the fold may go on with them."""
    orders = [fold.last, *map(order_of, new)]
    return all(a <= b for a, b in pairwise(orders)) and not any(r.fact.annuls for r in new)


def _counted(state: HouseholdState, rule: StockRule) -> tuple[str, int, str | None] | None:
    return (state.division, len(state.persons), rule.kind(state)) if rule.counts(state) else None
