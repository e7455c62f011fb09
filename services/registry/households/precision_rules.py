"""Days that are known to the month or the year alone."""

from datetime import date

from contracts.facts import Precision
from services.chassis.ground.refusals import Refused, rule

NOT_FIRST_OF_PERIOD = rule(
    "day_is_not_first_of_period",
    zh="只知到年或月的日期，须填该年或该月的第一天。",
    en="A date that is known to the year or month only is given as the first day of that year or month.",
    source="Lika design: facts (no day is invented)",
)


def require_first_of_period(day: date, precision: Precision) -> None:
    """A day inside a period of which only the month or year is known would be invented, and would decide the order of
    facts."""
    if (precision is not Precision.DAY and day.day != 1) or (precision is Precision.YEAR and day.month != 1):
        raise Refused(NOT_FIRST_OF_PERIOD, day=day.isoformat(), precision=precision)
