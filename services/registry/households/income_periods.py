"""The days of the periods of which incomes are surveyed. Pure. Source: domain reference, Income."""

from datetime import date, timedelta

from contracts.registry.surveys import IncomePeriod

ONE_DAY = timedelta(1)


def days_of_year(period: IncomePeriod, year: int) -> tuple[date, date]:
    """First and last day of a statistical year of this kind. Raises ``ValueError`` for the twelve months before a day."""
    match period:
        case IncomePeriod.CALENDAR_YEAR:
            return date(year, 1, 1), date(year, 12, 31)
        case IncomePeriod.OCTOBER_TO_SEPTEMBER:
            return date(year - 1, 10, 1), date(year, 9, 30)
    raise ValueError(period)


def twelve_months_before(day: date) -> tuple[date, date]:
    """First and last day of the twelve months that end the day before."""
    is_leap_day = (day.month, day.day) == (2, 29)
    first = date(day.year - 1, 3, 1) if is_leap_day else day.replace(year=day.year - 1)
    return first, day - ONE_DAY


def is_period(period: IncomePeriod, first: date, last: date) -> bool:
    """Whether these are the days of such a period."""
    if period is IncomePeriod.TWELVE_MONTHS_BEFORE:
        return last < date.max and (first, last) == twelve_months_before(last + ONE_DAY)
    return (first, last) == days_of_year(period, last.year)


def period_of(first: date, last: date) -> IncomePeriod | None:
    """Of which kind these days are, where nobody says it: a statistical year before the twelve months before some day."""
    return next((period for period in IncomePeriod if is_period(period, first, last)), None)
