"""School years (学年), each named after the calendar year in which it begins."""

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def school_year(day: date, month: int) -> int:
    """The school year of this day. ``month``: on whose first day school years begin."""
    return day.year if day.month >= month else day.year - 1


def school_years(since: date, until: date | None, through: date, month: int) -> tuple[int, ...]:
    """Those of which a day lies between ``since`` and the eve of ``until`` (``None``: without an end), up to a day."""
    last = through if until is None else min(through, until - ONE_DAY)
    return tuple(range(school_year(since, month), school_year(last, month) + 1)) if last >= since else ()
