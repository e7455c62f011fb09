"""What is due, line by line, and who is asked for it. Pure.

A line is known by its key: unit, programme, component, period and *occasion*. A period is due on the occasion ``REGULAR`` once; what
is due for it besides, a raised standard or back-pay after a suspension, is due on an occasion of its own, named by the id of the
fact that brought it about. So a key never moves to another amount of money because something else was annulled.
"""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec

from contracts.assistance.programmes import PayeeKind
from services.casework.calendars.periods import Period

REGULAR = "regular"
"""The occasion on which a period is due in the first place."""


class DueKey(NamedTuple):
    """``occasion``: ``REGULAR``, or the id of the fact by which more is due for the period."""

    unit: UUID
    programme: str
    component: str
    period: Period
    occasion: str


class DueLine(msgspec.Struct, frozen=True, gc=False):
    """``unit``: the person, household, village or school that is helped; ``period``: both days included; ``amount``: yuan, above zero;
    ``household_id``: of the unit on the day it fell due, none outside of the register; ``division``: where it is paid, which is
    where the unit lived that day or, by the programme, where it was granted; ``county``: the code of its county; ``cause``: id of
    the fact by which it is due (the grant, an edition of the programme, a resumption); ``borne``: level and yuan, where several
    share it; ``gap``: yuan of the real cost that nobody covers (source facts §5 rule 32)."""

    unit: UUID
    programme: str
    component: str
    period: Period
    occasion: str
    amount: Decimal
    payee: PayeeKind
    household_id: UUID | None
    division: str
    county: str
    cause: str
    borne: tuple[tuple[str, Decimal], ...] = ()
    gap: Decimal = Decimal(0)

    @property
    def key(self) -> DueKey:
        return DueKey(self.unit, self.programme, self.component, self.period, self.occasion)


@dataclass(frozen=True, slots=True)
class Asked:
    """``division``: prefix of the divisions; ``first`` and ``last``: lines of periods that begin on or between these days;
    ``as_of``: what had fallen due by the end of that day; ``known_at``: as known at that instant, which is excluded; ``None``: now.
    ``components``: these alone; ``None``: all."""

    programme: str
    division: str
    first: date
    last: date
    as_of: date
    known_at: datetime | None = None
    components: Collection[str] | None = None

    def includes(self, line: DueLine) -> bool:
        return (
            line.programme == self.programme
            and line.division.startswith(self.division)
            and self.first <= line.period.start <= self.last
            and (self.components is None or line.component in self.components)
        )


class DueSource(Protocol):
    """Where payments learn what is due."""

    def lines(self, asked: Asked, after: UUID | None = None) -> Iterator[DueLine]:
        """By unit, then component, period and occasion; ``after``: go on behind this unit. Read by ranges of units, so units that
        come in meanwhile are neither skipped nor doubled, and a reader may stop anywhere. Blocking."""
        ...

    def of_unit(
        self, unit: UUID, *, as_of: date, known_at: datetime | None = None, programme: str | None = None
    ) -> Iterator[DueLine]:
        """All that had fallen due for one unit. Blocking."""
        ...


@dataclass(frozen=True, slots=True)
class DueSources:
    """Implements ``DueSource``: what each of several sources makes due, in one order."""

    sources: tuple[DueSource, ...]

    def lines(self, asked: Asked, after: UUID | None = None) -> Iterator[DueLine]:
        return heapq.merge(*(source.lines(asked, after) for source in self.sources), key=_place)

    def of_unit(
        self, unit: UUID, *, as_of: date, known_at: datetime | None = None, programme: str | None = None
    ) -> Iterator[DueLine]:
        return chain.from_iterable(
            source.of_unit(unit, as_of=as_of, known_at=known_at, programme=programme) for source in self.sources
        )


def _place(line: DueLine) -> tuple[UUID, str, Period, str]:
    return line.unit, line.component, line.period, line.occasion
