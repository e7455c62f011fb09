"""School years. What is set by pupil and year is due in full as soon as the pupil is entitled on any day of it: the source
documents know no part of a year (M112, B02–B11), so nothing is prorated."""

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def school_year(day: date, month: int) -> int:
    """The calendar year in which the school year of this day begins."""
    return day.year if day.month >= month else day.year - 1


def years_due(since: date, until: date | None, through: date, month: int) -> tuple[int, ...]:
    """School years due through a day for an entitlement from ``since`` to the eve of ``until`` (``None``: still runs)."""
    last = through if until is None else min(through, until - ONE_DAY)
    return tuple(range(school_year(since, month), school_year(last, month) + 1)) if last >= since else ()
