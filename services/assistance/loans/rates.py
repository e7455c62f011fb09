"""Rates and shares by day. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm

from contracts.assistance.loans import DayCount, LoanContracted, LoanRateCorrected
from contracts.facts import Recorded
from services.assistance.loans.day_counts import DAYS_A_YEAR, days_between
from services.casework.ledgers.money import rounded

PERCENT = 100


@lru_cache(1_000)
def of_percent(percent: Decimal) -> Fraction:
    return Fraction(percent) / PERCENT


def in_percent(share: Fraction, places: int = 4) -> Decimal:
    """Half up to so many decimals."""
    return Decimal(rounded(share * PERCENT * 10**places)).scaleb(-places)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """``value`` holds from a day to before ``until``; without one, for ever."""

    since: date
    value: Fraction
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class ValuesByDay:
    """Of several that hold on one day the last one counts; where none does, ``otherwise``. ``scale``: times this each is whole."""

    values: tuple[DatedValue, ...] = ()
    otherwise: Fraction = Fraction(0)
    scale: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        scale = lcm(self.otherwise.denominator, *(each.value.denominator for each in self.values))
        object.__setattr__(self, "scale", scale)

    def on(self, day: date) -> Fraction:
        return next((v.value for v in reversed(self.values) if v.holds_on(day)), self.otherwise)

    def periods(self, first: date, end: date) -> Iterator[tuple[date, date, Fraction]]:
        """Cut from ``first`` to before ``end`` wherever the value may change."""
        if not self.values:
            yield first, end, self.otherwise
            return
        changes = {day for v in self.values for day in (v.since, v.until) if day is not None and first < day < end}
        days = [first, *sorted(changes), end]
        for since, until in pairwise(days):
            yield since, until, self.on(since)


def overlapping(values: Iterable[DatedValue]) -> tuple[DatedValue, DatedValue] | None:
    """Two that hold on one day, if any do."""
    in_order: Sequence[DatedValue] = sorted(values, key=lambda v: v.since)
    for earlier, later in pairwise(in_order):
        if earlier.until is None or later.since < earlier.until:
            return earlier, later
    return None


def interest(principal: int, rates: ValuesByDay, first: date, end: date, convention: DayCount) -> Fraction:
    """In fen, exact: from ``first`` to before ``end``."""
    return Fraction(principal * scaled_days(rates, first, end, convention), rates.scale * DAYS_A_YEAR[convention])


def scaled_days(rates: ValuesByDay, first: date, end: date, convention: DayCount) -> int:
    """The rates of these days times their scale, added up. Times principal it is interest times that scale and the days of a year: no
    fraction."""
    if not rates.values:
        return rates.otherwise.numerator * days_between(first, end, convention)
    return sum(
        rate.numerator * (rates.scale // rate.denominator) * days_between(since, until, convention)
        for since, until, rate in rates.periods(first, end)
    )


def rates_of(contract: LoanContracted, told: Iterable[Recorded]) -> ValuesByDay:
    """The contract's rate, and what was corrected of it, by day."""
    corrected = (r.fact for r in told if isinstance(r.fact, LoanRateCorrected))
    values = tuple(DatedValue(c.effective_on, of_percent(c.rate), c.until) for c in corrected)
    return ValuesByDay(values, of_percent(contract.rate))
