"""What "so many per cent a year" comes to by the end of each year, from its base. Pure (source facts §5 rule 56)."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from contracts.monitoring.targets import Basis, RateOf
from contracts.quantities import MEASURED_UNITS, Unit

WHOLE, THOUSANDTH = Decimal(1), Decimal("0.001")


def by_year(basis: Basis, unit: Unit, last_year: int) -> Iterator[tuple[int, Decimal]]:
    """(Year, what is to be reached by its end): in all since the base, or the level where it grows. What is counted is whole, and a
    share of the original or of the rest is complete in the last year."""
    finest = THOUSANDTH if unit in MEASURED_UNITS else WHOLE
    rate = basis.rate / 100
    for year in range(basis.base_year + 1, last_year + 1):
        years = year - basis.base_year
        match basis.rate_of:
            case RateOf.GROWTH:
                reached = basis.base * (1 + rate) ** years
            case RateOf.ORIGINAL:
                reached = basis.base if year == last_year else min(basis.base, basis.base * rate * years)
            case _:
                reached = basis.base if year == last_year else basis.base * (1 - (1 - rate) ** years)
        yield year, reached.quantize(finest, ROUND_HALF_UP)
