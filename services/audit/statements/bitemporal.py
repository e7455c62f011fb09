"""The bitemporal picture of a household: its stock periods and movements, each with the instants between which the
register knew it so."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Generic, TypeVar

from contracts.facts import Recorded
from contracts.selection import timeline
from services.audit.statements.domain import Movement, Moving
from services.audit.statements.state import NOWHERE, Standing, matters, steps

NEVER_ENDED = date.max
STILL_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)

Thing = TypeVar("Thing", bound=Hashable)
Turn = tuple[date, tuple[str, int] | None]
"""From this day on it counts there with so many persons, or not at all."""


@dataclass(frozen=True, slots=True)
class StockPeriod:
    """In the stock of ``division`` with so many persons from one day up to another (exclusive)."""

    division: str
    persons: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Known(Generic[Thing]):
    """Known to whoever asks "known before T" with ``since < T <= until``."""

    thing: Thing
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Picture:
    stock: list[Known[StockPeriod]]
    movements: list[Known[Movement]]


class _Life:
    """What one timeline comes to, told fact by fact: the turns of the stock, and the movements."""

    def __init__(self, facts: Iterable[Recorded] = ()) -> None:
        self.standing, self.turns, self.moving = NOWHERE, list[Turn](), Moving()
        self.told_until = date.min
        for recorded in facts:
            self.tell(recorded)

    def tell(self, recorded: Recorded) -> None:
        """The next fact of the timeline. A day belongs to what the household is at its end, equal neighbours are one."""
        self.told_until = recorded.fact.effective_on
        for step in steps((recorded,), self.standing):
            self.standing = step.after
            self.moving.take(step)
            if self.turns and self.turns[-1][0] == self.told_until:
                self.turns.pop()
            counted = _counted(self.standing)
            if counted != (self.turns[-1][1] if self.turns else None):
                self.turns.append((self.told_until, counted))

    def stock(self, first: int = 0) -> list[StockPeriod]:
        """The periods that begin with a turn, from the ``first`` on."""
        turns = [*self.turns[first:], (NEVER_ENDED, None)]
        return [StockPeriod(*counted, since, until) for (since, counted), (until, _) in pairwise(turns) if counted]


def stock_periods(facts: Iterable[Recorded]) -> list[StockPeriod]:
    """From a timeline."""
    return _Life(facts).stock()


class _Known(Generic[Thing]):
    """What was known of some things, from when to when."""

    def __init__(self) -> None:
        self._since: dict[Thing, datetime] = {}
        self._past: list[Known[Thing]] = []

    def learn(self, instant: datetime, former: Iterable[Thing], now: Sequence[Thing]) -> None:
        """From this instant on these things are known instead of the former."""
        for dropped in former:
            if dropped not in now:
                self._past.append(Known(dropped, self._since.pop(dropped), instant))
        for thing in now:
            self._since.setdefault(thing, instant)

    def all(self) -> list[Known[Thing]]:
        return [*self._past, *(Known(thing, since, STILL_KNOWN) for thing, since in self._since.items())]


def picture(facts: Iterable[Recorded]) -> Picture:
    """From everything recorded about one household in the register's log."""
    # What cannot change the figures cannot annul either, so it may be left out before the facts are selected.
    relevant = sorted((r for r in facts if matters(r.fact)), key=lambda r: r.position)
    life, learned = _Life(), list[Recorded]()
    stock, moved = _Known[StockPeriod](), _Known[Movement]()
    # Facts of one commit share their instant and are learned together.
    for instant, together in groupby(relevant, key=lambda r: r.recorded_at):
        new = list(together)
        learned += new
        if _is_last(new, life):
            # The last turn may change and the one before it be joined to it; the last movement may be taken back.
            turns, movements = max(len(life.turns) - 2, 0), max(len(life.moving.made) - 1, 0)
            before = life.stock(turns), life.moving.made[movements:]
            for recorded in new:
                life.tell(recorded)
        else:
            turns, movements, before = 0, 0, (life.stock(), life.moving.made)
            life = _Life(timeline(learned))
        stock.learn(instant, before[0], life.stock(turns))
        moved.learn(instant, before[1], life.moving.made[movements:])
    return Picture(stock.all(), moved.all())


def _is_last(new: Sequence[Recorded], life: _Life) -> bool:
    """Whether these facts follow in order on what was told, so that they may be added to it."""
    days = [life.told_until, *(r.fact.effective_on for r in new)]
    return all(a <= b for a, b in pairwise(days)) and not any(r.fact.annuls for r in new)


def _counted(standing: Standing) -> tuple[str, int] | None:
    return (standing.division, len(standing.persons)) if standing.in_stock else None
