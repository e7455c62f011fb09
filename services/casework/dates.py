"""The one rule against future dates, for facts of every kind; and the same day of a later month."""

from calendar import monthrange
from datetime import date

from services.chassis.ground.refusals import Refused, rule

SHORTEST_MONTH = 28
FUTURE_DAY = rule(
    "future_day",
    zh="日期不能晚于今天。",
    en="The day may not lie in the future.",
    source="Lika design: two times",
)


def require_not_future(day: date, today: date) -> None:
    """Raises ``Refused`` for a day after today."""
    if day > today:
        raise Refused(FUTURE_DAY, day=day.isoformat(), today=today.isoformat())


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, day.day if day.day <= SHORTEST_MONTH else min(day.day, monthrange(year, month + 1)[1]))
