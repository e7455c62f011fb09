"""Day counts of public notices, in days or working days, with suspension."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from services.chassis.ground.refusals import Refused, rule

KIND, NATIONAL = "calendar", "cn"
"""Kind and key of the documents that holiday editions are; a place may have an edition of its own."""
ONE_DAY = timedelta(days=1)
SATURDAY = 5

NO_HOLIDAY_EDITION = rule(
    "no_holiday_edition",
    zh="该日期不在节假日安排文件所涵盖的范围内，无法计算工作日。",
    en="No holiday edition covers this day, so working days cannot be counted.",
    source="State Council General Office, yearly notice on public holidays",
)


class Calendar(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"


class Holidays(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named holiday edition. ``days_off``: weekdays or weekends; ``days_worked``: weekends worked in exchange (调休)."""

    calendar: str
    edition: str
    source: str
    jurisdiction: str
    starts: date = msgspec.field(name="from")
    ends: date = msgspec.field(name="to")
    days_off: frozenset[date]
    days_worked: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Raises ``Refused(NO_HOLIDAY_EDITION)`` for a day outside the edition: no working day is guessed."""
        if not self.starts <= day <= self.ends:
            raise Refused(NO_HOLIDAY_EDITION, day=day, edition=self.edition)
        return day in self.days_worked or (day.weekday() < SATURDAY and day not in self.days_off)


def holidays_from(document: Mapping[str, object]) -> Holidays:
    """The edition in this document. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(document, Holidays)


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day count convention."""

    calendar: Calendar
    holidays: Holidays | None = None

    def counts(self, day: date) -> bool:
        if self.calendar is Calendar.DAYS:
            return True
        if self.holidays is None:
            raise Refused(NO_HOLIDAY_EDITION, day=day)
        return self.holidays.is_working_day(day)

    def last_day(self, days: int, start: date) -> date:
        """The last of ``days`` counted days, of which ``start`` is the first if it counts."""
        day = start - ONE_DAY
        while days > 0:
            day += ONE_DAY
            days -= self.counts(day)
        return day

    def count(self, first: date, last: date) -> int:
        """Counted days from ``first`` to ``last``, both included."""
        return sum(self.counts(first + n * ONE_DAY) for n in range((last - first).days + 1))

    def resumed(self, suspended_on: date, last_day: date, resumed_on: date) -> date:
        """The last day of a notice that was suspended from ``suspended_on`` until the day before ``resumed_on``."""
        return self.last_day(self.count(suspended_on, last_day), resumed_on)
