"""The bitemporal picture of a household: its stock periods and movements, each with the instants between which the
register knew it so."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Generic, TypeVar

from contracts.facts import Recorded
from contracts.selection import timeline
from services.audit.statements.domain import Movement, movements
from services.audit.statements.standing import Standing, matters, steps

NEVER_ENDED = date.max
STILL_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)

Thing = TypeVar("Thing", bound=Hashable)


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


def stock_periods(facts: Iterable[Recorded]) -> list[StockPeriod]:
    """From a timeline; a day belongs to what the household is at its end, equal neighbours are one period."""
    turns: list[tuple[date, tuple[str, int] | None]] = []
    for day, of_day in groupby(steps(facts), key=lambda step: step.recorded.fact.effective_on):
        *_, last = of_day
        counted = _counted(last.after)
        if counted != (turns[-1][1] if turns else None):
            turns.append((day, counted))
    turns.append((NEVER_ENDED, None))
    return [StockPeriod(*counted, since, until) for (since, counted), (until, _) in pairwise(turns) if counted]


def picture(facts: Sequence[Recorded]) -> Picture:
    """From everything recorded about one household in the register's log."""
    # What cannot change the figures cannot annul either, so it may be left out before the facts are selected.
    relevant = sorted((r for r in facts if matters(r.fact)), key=lambda r: r.position)
    selections: list[tuple[datetime, list[Recorded]]] = []
    for end, recorded in enumerate(relevant, start=1):
        # Facts of one commit share their instant and are learned together.
        if end == len(relevant) or relevant[end].recorded_at > recorded.recorded_at:
            selections.append((recorded.recorded_at, timeline(relevant[:end])))
    return Picture(
        list(_known((instant, stock_periods(selected)) for instant, selected in selections)),
        list(_known((instant, movements(selected)) for instant, selected in selections)),
    )


def _known(learned: Iterable[tuple[datetime, Sequence[Thing]]]) -> Iterator[Known[Thing]]:
    standing: dict[Thing, datetime] = {}
    for instant, things in learned:
        held = set(things)
        for dropped in [thing for thing in standing if thing not in held]:
            yield Known(dropped, standing.pop(dropped), instant)
        for thing in things:
            standing.setdefault(thing, instant)
    for thing, since in standing.items():
        yield Known(thing, since, STILL_KNOWN)


def _counted(standing: Standing) -> tuple[str, int] | None:
    return (standing.division, len(standing.persons)) if standing.in_stock else None
