"""The statements of a division and a year: the formulas, the movements that facts make, and whether they balance. Of the poor
households,

    opening + identified + returned + moved_in + transferred_in + size_change
        - exited - removed - cancelled - moved_out - transferred_out = closing

and of those that are monitored, whatever their poverty status,

    opening + started + withdrawn + moved_in + transferred_in + size_change
        - eliminated - ended - moved_out - transferred_out = closing

The closing is counted from the states of the households, never from the movements; so a difference can show, and is
shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from contracts.registry.monitoring import EliminationWithdrawn, MonitoringStarted, RiskEliminated
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.registry.reasons import CancelReason
from services.audit.statements.state import HouseholdState, Transition, starting_state, transitions


class Line(StrEnum):
    """The columns between opening and closing of the statement of poor households. Only ``size_change`` is signed. Whoever moves
    is ``moved_in`` and ``moved_out``; whose village was merged, split or got another code is ``transferred_in`` and
    ``transferred_out``."""

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


class MonitoringLine(StrEnum):
    """Those of the statement of monitored households; what both have is written alike."""

    STARTED = "started"
    WITHDRAWN = "withdrawn"
    MOVED_IN = "moved_in"
    TRANSFERRED_IN = "transferred_in"
    SIZE_CHANGE = "size_change"
    ELIMINATED = "eliminated"
    ENDED = "ended"
    MOVED_OUT = "moved_out"
    TRANSFERRED_OUT = "transferred_out"


AnyLine = Line | MonitoringLine
OUTGOING: frozenset[AnyLine] = frozenset(
    {
        Line.EXITED, Line.REMOVED, Line.CANCELLED, Line.MOVED_OUT, Line.TRANSFERRED_OUT,
        MonitoringLine.ELIMINATED, MonitoringLine.ENDED,
    }
)  # fmt: skip


class StockOf(StrEnum):
    """What is counted: poor households (registered and not exited), or those that are monitored."""

    POVERTY = "poverty"
    MONITORING = "monitoring"


@dataclass(frozen=True, slots=True)
class StockRule:
    """How a stock is counted. ``line``: the lines of its statement; ``kind``: by which it is divided, if it is; ``entries``: facts
    that bring a household into it with all its members of that moment, one that is reinstated where it comes back into it;
    ``departures``: that take it out with the members it had just before, and are of no account elsewhere."""

    counts: Callable[[HouseholdState], bool]
    kind: Callable[[HouseholdState], str | None]
    line: type[Line] | type[MonitoringLine]
    entries: Mapping[type[Fact], AnyLine]
    departures: Mapping[type[Fact], AnyLine]

    @property
    def lines(self) -> tuple[AnyLine, ...]:
        return tuple(self.line)


STOCKS: Mapping[StockOf, StockRule] = {
    StockOf.POVERTY: StockRule(
        counts=lambda state: state.in_stock,
        kind=lambda _: None,
        line=Line,
        entries={
            HouseholdEnrolled: Line.IDENTIFIED,
            HouseholdReturned: Line.RETURNED,
            HouseholdReinstated: Line.MOVED_IN,
        },
        departures={
            HouseholdExited: Line.EXITED,
            HouseholdRemoved: Line.REMOVED,
            HouseholdCancelled: Line.CANCELLED,
        },
    ),
    StockOf.MONITORING: StockRule(
        counts=lambda state: state.monitored,
        kind=lambda state: state.kind,
        line=MonitoringLine,
        entries={
            MonitoringStarted: MonitoringLine.STARTED,
            EliminationWithdrawn: MonitoringLine.WITHDRAWN,
            HouseholdReinstated: MonitoringLine.MOVED_IN,
        },
        departures={RiskEliminated: MonitoringLine.ELIMINATED, HouseholdCancelled: MonitoringLine.ENDED},
    ),
}


RELOCATIONS: Mapping[type[Fact], tuple[Line, Line]] = {
    HouseholdMoved: (Line.MOVED_OUT, Line.MOVED_IN),
    HouseholdTransferred: (Line.TRANSFERRED_OUT, Line.TRANSFERRED_IN),
}
"""Facts by which a household is in another division: what they are where it was, and where it is."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What one fact does to one line of one division. ``kind``: of what is counted; ``counterpart``: the other end of a move."""

    effective_on: date
    line: AnyLine
    figures: Figures
    division: str
    counterpart: str | None
    fact: str
    kind: str | None = None


def movements(timeline: Sequence[Recorded], household: UUID, stock: StockOf = StockOf.POVERTY) -> list[Movement]:
    """The movements that a household's own facts make; its ancestors' are theirs. The last member's death, or that they are a
    duplicate, and the cancellation of the same day are one movement: that person leaves by the household's end, not by
    ``size_change`` as well."""
    fold = MovementFold(stock)
    state, own = starting_state(timeline, household)
    for transition in transitions(own, state):
        fold.apply(transition)
    return fold.movements


class MovementFold:
    """``movements`` fact by fact: each adds to ``movements``, and undoes at most the last of them."""

    def __init__(self, stock: StockOf) -> None:
        self.movements: list[Movement] = []
        self._rule = STOCKS[stock]
        self._last_death: Movement | None = None

    def apply(self, transition: Transition) -> None:
        died_with_household = 0
        death, counted = self._last_death, self._rule.counts(transition.before)
        if death is not None and self.movements[-1] is death and counted and _cancels_on_day_of(transition, death):
            died_with_household = -self.movements.pop().figures.persons
        self.movements.extend(_movements_of(transition, died_with_household, self._rule))
        last_died = self.movements and counted and _is_death_of_last_member(transition)
        self._last_death = self.movements[-1] if last_died else None


def _cancels_on_day_of(transition: Transition, death: Movement) -> bool:
    fact = transition.recorded.fact
    return isinstance(fact, HouseholdCancelled) and fact.effective_on == death.effective_on


def _ends_by_merge(fact: Fact) -> bool:
    return isinstance(fact, HouseholdCancelled) and fact.reason is CancelReason.MERGED


def _is_death_of_last_member(transition: Transition) -> bool:
    died = isinstance(transition.recorded.fact, MemberDied | PersonsMerged)
    return died and bool(transition.before.persons) and not transition.after.persons


def _movements_of(transition: Transition, died_with_household: int, rule: StockRule) -> Iterator[Movement]:
    fact, before, after = transition.recorded.fact, transition.before, transition.after
    was, counted = rule.counts(before), rule.counts(after)

    def movement(line: AnyLine, figures: Figures, division: str, counterpart: str | None = None) -> Movement:
        kind = rule.kind(after if counted else before)
        return Movement(
            fact.effective_on, rule.line(line), figures, division, counterpart, transition.recorded.id, kind
        )

    if (entry := rule.entries.get(type(fact))) is not None:
        if counted:
            yield movement(entry, after.size, after.division)
    elif (departure := rule.departures.get(type(fact))) is not None:
        # Members of a household that was merged go on in another one: a change of size there, and so here.
        going_on = len(before.persons) if _ends_by_merge(fact) else 0
        if was:
            yield movement(departure, before.size + Figures(0, died_with_household - going_on), before.division)
        if was and going_on:
            yield movement(Line.SIZE_CHANGE, Figures(0, -going_on), before.division)
    elif isinstance(fact, HouseholdFormed):
        if counted:
            yield movement(Line.SIZE_CHANGE, after.size, after.division)
    elif (relocation := RELOCATIONS.get(type(fact))) is not None:
        if was and before.division != after.division:
            left, came = relocation
            yield movement(left, before.size, before.division, after.division)
            yield movement(came, before.size, after.division, before.division)
    elif was and counted and before.persons != after.persons:
        # Joined, left, died or split off. A household recorded a second time would show as a difference.
        yield movement(Line.SIZE_CHANGE, after.size - before.size, after.division)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One period. ``changes`` holds a figure for every line."""

    period: str
    opening: Figures
    changes: Mapping[AnyLine, Figures]
    closing: Figures

    @property
    def difference(self) -> Figures:
        """What the formula gives beyond the closing. Not zero: the register's figures do not add up (as in P01)."""
        total = self.opening
        for line, figures in self.changes.items():
            total = total - figures if line in OUTGOING else total + figures
        return total - self.closing


def balance(
    periods: Sequence[str], stocks: Sequence[Figures], changes: Mapping[tuple[int, AnyLine], Figures],
    stock: StockOf = StockOf.POVERTY,
) -> list[StatementRow]:  # fmt: skip
    """Rows from the stocks at the period boundaries (one more than periods) and the sums by (period's index, line)."""
    lines = STOCKS[stock].lines
    return [
        StatementRow(period, stocks[n], {line: changes.get((n, line), Figures()) for line in lines}, stocks[n + 1])
        for n, period in enumerate(periods)
    ]
