"""Where a target leads at the pace so far, and how it stood at the end of each year of its path. Pure.

The pace is linear: what was done since the start, by the days since; so at the deadline

    forecast = done + (done − start) ÷ (as_of − since) × (deadline − as_of)

It is nobody's promise, and no rule rests on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from contracts.monitoring.targets import RateOf, TargetKind, TargetLine
from contracts.quantities import MEASURED_UNITS
from services.monitoring.targets.state import Target, is_level
from services.monitoring.targets.yearly_rates import THOUSANDTH, WHOLE, by_year

FORMULA = "forecast = done + (done - start) / (as_of - since) * (deadline - as_of)"

LONGEST = 36_525
"""Days, a century, beyond which no day is named."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """``since`` and ``start``: from when, and from which amount, the pace is taken; ``at_deadline``: ``None`` where no day has passed, or
    where it is a level, which has no pace; ``reached_on``: the day on which the quantity is reached at this pace."""

    line: int
    since: date
    start: Decimal
    done: Decimal
    at_deadline: Decimal | None
    reached_on: date | None


def forecast(target: Target, line: TargetLine, done: Decimal, as_of: date) -> Forecast:
    since, start = _start(target, line)
    days = (as_of - since).days
    if days <= 0 or is_level(line):
        return Forecast(line.line, since, start, done, None, None)
    pace = Fraction(done - start) / days
    left = max((target.deadline - as_of).days, 0)
    finest = THOUSANDTH if line.quantity.unit in MEASURED_UNITS else WHOLE
    reached = _rounded(Fraction(done) + pace * left, finest)
    missing = Fraction(line.quantity.amount - done)
    needed = ceil(missing / pace) if pace > 0 and missing > 0 else None
    day = None if needed is None or needed > min(LONGEST, (date.max - as_of).days) else as_of + timedelta(needed)
    return Forecast(line.line, since, start, done, reached, day)


def path_of(target: Target, line: TargetLine) -> Iterator[tuple[int, Decimal]]:
    """(Year, what is to be reached by its end): as it was said year by year, or as its rate comes to."""
    yield from ((each.year, each.amount) for each in target.yearly if each.line == line.line)
    for basis in target.bases:
        if basis.line == line.line:
            yield from by_year(basis, line.quantity.unit, target.deadline.year)


def _start(target: Target, line: TargetLine) -> tuple[date, Decimal]:
    """The end of a rate's base year, with the base where it grows on it; the end of the year before, of exits and yearly amounts; else
    the day on which the target was set."""
    for basis in target.bases:
        if basis.line == line.line:
            base = basis.base if basis.rate_of is RateOf.GROWTH else Decimal(0)
            return date(basis.base_year, 12, 31), base
    first = next((each.year for each in target.yearly if each.line == line.line), None)
    if first is not None or target.kind is TargetKind.EXIT:
        return date((first or target.year) - 1, 12, 31), Decimal(0)
    return target.set_on, Decimal(0)


def _rounded(amount: Fraction, finest: Decimal) -> Decimal:
    scaled = amount / Fraction(finest)
    return (Decimal(scaled.numerator) / Decimal(scaled.denominator)).quantize(WHOLE, ROUND_HALF_UP) * finest
