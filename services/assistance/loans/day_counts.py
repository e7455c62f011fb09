"""Days of interest by each convention, and months of a schedule. Pure.

Each convention numbers the days, so that the days of a period are those of its parts, wherever it is cut.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from contracts.assistance.loans import DayCount
from services.casework.dates import months_later

MONTHS = 12
DAYS_A_YEAR = {DayCount.ACTUAL_360: 360, DayCount.ACTUAL_365: 365, DayCount.THIRTY_360: 360}
DAYS_A_MONTH = 30


def days_between(first: date, end: date, convention: DayCount) -> int:
    """From ``first`` to before ``end``: the day money goes out bears interest, the day it comes back does not."""
    if convention is not DayCount.THIRTY_360:
        return end.toordinal() - first.toordinal()
    return _thirties(end) - _thirties(first)


def _thirties(day: date) -> int:
    return (day.year * MONTHS + day.month) * DAYS_A_MONTH + min(day.day, DAYS_A_MONTH)


def due_days(first: date, period_months: int, final: date) -> Iterator[date]:
    """From the first on every so many months, and the last day."""
    n, day = 0, first
    while day < final:
        yield day
        n += 1
        day = months_later(first, n * period_months)
    yield final


def quarter_end(day: date) -> date:
    """The last day of the quarter."""
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year, month, monthrange(day.year, month)[1])
