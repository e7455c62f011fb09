"""Duty sets, typed: one document says what a programme's people owe to whom, how often, and who hears of what was missed.

::

    duty_set: pairing_four_ones     # begins with the programme: several programmes have "four ones" (R41)
    of_programme: pairing
    duties:
      - key: visit
        obligation: helper_of_household       # by which somebody owes it: the service knows whose from when to when
        cadence: {kind: every, period: month}
        fulfilled_by: {fact: visit, fields: [place]}
"""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any

import msgspec

from contracts.registry.divisions import DIGITS, Level
from contracts.roles import Role
from services.casework.calendars.periods import Frequency
from services.casework.calendars.school_terms import DayOfYear
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError

KIND = "duty_set"
COMMON_YEAR = 2001

Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Days = Annotated[int, msgspec.Meta(ge=0, le=366)]
MonthOfYear = Annotated[int, msgspec.Meta(ge=1, le=12)]


class _DocumentPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: every unknown or missing key is an error."""


class Every(_DocumentPart, frozen=True, tag_field="kind", tag="every"):
    """Once in each ``period``. ``months``: only in those months of the year, where the period is a month."""

    period: Frequency
    months: Annotated[tuple[MonthOfYear, ...], msgspec.Meta(max_length=12)] = ()

    def __post_init__(self) -> None:
        if self.months and self.period is not Frequency.MONTH:
            raise DocumentError(
                (),
                "cadence.months：只有按月的任务才写月份，请删去或改为按月",
                "cadence.months: belongs to a period of a month",
            )


class Once(_DocumentPart, frozen=True, tag_field="kind", tag="once"):
    """Once within so many days of the day on which the obligation began and was known; that day is not counted."""

    within_days: Days


class OnDates(_DocumentPart, frozen=True, tag_field="kind", tag="dates"):
    """Around each of these days of every year."""

    days: Annotated[tuple[DayOfYear, ...], msgspec.Meta(min_length=1, max_length=50)]
    days_before: Days = 0
    days_after: Days = 0


class OnFestivals(_DocumentPart, frozen=True, tag_field="kind", tag="festivals"):
    """Around each of these festivals, on the days that the festivals' document gives them."""

    festivals: Annotated[tuple[Key, ...], msgspec.Meta(min_length=1, max_length=50)]
    days_before: Days = 0
    days_after: Days = 0


class Weekday(StrEnum):
    """In their order (GB/T 7408)."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class OnWeekdays(_DocumentPart, frozen=True, tag_field="kind", tag="weekdays"):
    """On each of these days of every week. ``school_days``: only within a school term, and where the holiday edition gives no
    day off; of a year for which nobody has said both, nothing is owed."""

    days: Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1, max_length=7)]
    school_days: bool = False


Cadence = Every | Once | OnDates | OnFestivals | OnWeekdays


class Counted(StrEnum):
    ACTS = "acts"
    SUBJECTS = "subjects"  # how many different ones were served: at least one pupil per teacher


class DoneBy(StrEnum):
    OBLIGED = "obliged"
    ANYONE = "anyone"


class FulfilledBy(_DocumentPart, frozen=True, kw_only=True):
    """``fact``: its type, or the kind of a record; ``fields``: what it has to say besides to count."""

    fact: str
    fields: tuple[str, ...] = ()
    done_by: DoneBy = DoneBy.OBLIGED


class Escalation(_DocumentPart, frozen=True, kw_only=True):
    """A miss that nobody has made good ``after_days`` days after the last day is shown to this level."""

    level: Level
    after_days: Days


class Duty(_DocumentPart, frozen=True, kw_only=True):
    """``of``: by which of the obligations of that name, where there are several (pairs of one kind); all of them without it.
    ``office``: whose inbox says that it is due and overdue. ``least_days``: a period of which the obligation covers fewer
    owes nothing. ``grace_days``: so many days after the last day it may still be entered before it counts as missed.
    ``observed``: it is looked at and answers for nothing: no miss is recorded and no inbox says it (what parents owe)."""

    key: Key
    zh: Label
    en: Label
    obligation: Key
    of: Key | None = None
    office: CompetentOffice
    cadence: Cadence
    fulfilled_by: FulfilledBy
    at_least: Count = 1
    counted: Counted = Counted.ACTS
    least_days: Count = 1
    grace_days: Days = 0
    escalation: tuple[Escalation, ...] = ()
    observed: bool = False

    def __post_init__(self) -> None:
        levels = [DIGITS[self.office.level], *(DIGITS[e.level] for e in self.escalation)]
        if any(upper >= lower for lower, upper in pairwise(levels)):
            raise DocumentError(
                (),
                f"{self.key}：每次上报的层级须高于前一次",
                f"{self.key}: each escalation goes to a higher level than the one before",
            )
        if any(later.after_days <= e.after_days for e, later in pairwise(self.escalation)):
            raise DocumentError(
                (), f"{self.key}：每次上报须晚于前一次", f"{self.key}: each escalation comes later than the one before"
            )


class DutySet(_DocumentPart, frozen=True, kw_only=True):
    """One edition of one duty set. ``read_by``: the roles that alone learn what is owed by it, besides whoever owes it."""

    duty_set: Key
    of_programme: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    duties: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1, max_length=50)]
    basis: str | None = None
    read_by: tuple[Role, ...] = ()

    def __post_init__(self) -> None:
        if not f"{self.duty_set}_".startswith(f"{self.of_programme}_"):
            raise DocumentError(
                ("duty_set",),
                f"须以所属政策代码开头，即{self.of_programme}",
                f"begins with its programme, {self.of_programme}",
            )
        keys = [duty.key for duty in self.duties]
        if (twice := next((n for n, key in enumerate(keys) if key in keys[:n]), None)) is not None:
            raise DocumentError(
                ("duties", twice, "key"), "每项任务的 key 不能相同，请改名", "every duty needs a key of its own"
            )

    def is_closed_to(self, roles: Collection[Role]) -> bool:
        """Whether somebody in these roles learns nothing of it but what they owe themselves."""
        return bool(self.read_by) and set(self.read_by).isdisjoint(roles)

    def is_kept_to(self, roles: Collection[Role]) -> bool:
        """Whether nobody but these learns more of it than what they owe themselves."""
        return bool(self.read_by) and set(self.read_by).issubset(roles)

    def duty(self, key: str) -> Duty | None:
        """``None`` where this edition has no such duty."""
        return next((duty for duty in self.duties if duty.key == key), None)


def duty_set_from(document: Mapping[str, Any]) -> DutySet:
    """The duty set in this document. Raises ``msgspec.ValidationError``, and ``DocumentError`` for a day that not every year
    has."""
    read = msgspec.convert(document, DutySet)
    for duty in read.duties:
        if isinstance(duty.cadence, OnDates):
            for day in duty.cadence.days:
                _require_in_every_year(duty.key, day)
    return read


def _require_in_every_year(duty: str, day: str) -> None:
    try:
        date.fromisoformat(f"{COMMON_YEAR}-{day}")
    except ValueError:
        raise DocumentError(
            (),
            f"{duty}：并非每年都有{day}，请改为如“02-28”的日期",
            f"{duty}: not every year has {day}: give a day such as 02-28",
        ) from None
