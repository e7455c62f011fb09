"""The periods in which something recurs: days, weeks, months, school terms, half-years, years, and two years that
begin with an even one."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import msgspec

from services.casework.calendars import day_count
from services.casework.calendars.school_terms import terms
from services.casework.documents.lookup import Lookup

ONE_DAY = timedelta(days=1)
DAYS_OF_WEEK = 7
MOST_YEARS = 200
"""Of which the parts are kept at hand."""


class Frequency(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TERM = "term"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TWO_YEARS = "two_years"


class Period(msgspec.Struct, frozen=True, order=True, gc=False):
    """Both days included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Calendars:
    """The periods of many years and places, for one decision: each is looked up once."""

    lookup: Lookup
    _found: dict[tuple[Frequency, int, str], tuple[Period, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _school_days: dict[tuple[int, str], frozenset[date]] = field(default_factory=dict, compare=False, repr=False)

    def beginning_in(self, year: int, frequency: Frequency, place: str) -> tuple[Period, ...]:
        """Raises ``NotInForce`` and ``UnknownName`` where terms are asked for and no document says them."""
        asked = (frequency, year, place)
        if asked not in self._found:
            self._found[asked] = periods(frequency, year, place, self.lookup)
        return self._found[asked]

    def school_days(self, year: int, place: str) -> frozenset[date]:
        """The working days of that calendar year on which a term runs. Raises ``NotInForce`` and ``UnknownName`` where terms
        or days off are not said."""
        asked = (year, place)
        if asked not in self._school_days:
            running = [t for begun in (year - 1, year) for t in self.beginning_in(begun, Frequency.TERM, place)]
            within = (day for day in days(year) if any(term.start <= day <= term.end for term in running))
            self._school_days[asked] = frozenset(day for day in within if self._is_working_day(day, place))
        return self._school_days[asked]

    def _is_working_day(self, day: date, place: str) -> bool:
        edition = self.lookup.in_force(day_count.KIND, day_count.NATIONAL, day, place)
        return edition.typed(day_count.holidays_from).is_working_day(day)


def periods(frequency: Frequency, year: int, place: str | None, lookup: Lookup) -> tuple[Period, ...]:
    """The periods that begin in that calendar year, in order. ``place``: a division code; only school terms depend on it.
    Raises ``NotInForce`` where terms are asked for and no document says them."""
    match frequency:
        case Frequency.DAY:
            return tuple(Period(day, day) for day in days(year))
        case Frequency.WEEK:
            return weeks(year)
        case Frequency.MONTH:
            return months(year)
        case Frequency.TERM:
            return tuple(Period(start, end) for start, end in terms(year, place, lookup))
        case Frequency.HALF_YEAR:
            return half_years(year)
        case Frequency.YEAR:
            return (Period(date(year, 1, 1), date(year, 12, 31)),)
        case Frequency.TWO_YEARS:
            return (Period(date(year, 1, 1), date(year + 1, 12, 31)),) if year % 2 == 0 else ()


def days(year: int) -> tuple[date, ...]:
    first = date(year, 1, 1)
    return tuple(first + n * ONE_DAY for n in range((date(year + 1, 1, 1) - first).days))


def weeks(year: int) -> tuple[Period, ...]:
    """From Monday to Sunday (GB/T 7408): the last may end in the next year."""
    return tuple(Period(day, day + (DAYS_OF_WEEK - 1) * ONE_DAY) for day in days(year) if day.weekday() == 0)


@lru_cache(MOST_YEARS)
def months(year: int) -> tuple[Period, ...]:
    return _between(*(date(year, month, 1) for month in range(1, 13)), date(year + 1, 1, 1))


@lru_cache(MOST_YEARS)
def half_years(year: int) -> tuple[Period, ...]:
    return _between(date(year, 1, 1), date(year, 7, 1), date(year + 1, 1, 1))


def _between(*starts: date) -> tuple[Period, ...]:
    return tuple(Period(start, following - ONE_DAY) for start, following in pairwise(starts))
