"""Counting days: calendar days, working days with swapped holidays, and a clock that stood still."""

from datetime import date, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from services.casework.calendars.day_count import Calendar, DayCount
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import HOLIDAYS

DAYS = DayCount(Calendar.DAYS)
WORKING = DayCount(Calendar.WORKING_DAYS, HOLIDAYS)


def test_seven_days_from_the_fifth_end_on_the_eleventh() -> None:
    assert DAYS.last_day(7, date(2015, 3, 5)) == date(2015, 3, 11)


def test_working_days_leave_out_the_weekend() -> None:
    assert WORKING.last_day(5, date(2015, 3, 5)) == date(2015, 3, 11)


def test_the_national_day_week_of_2016_holds_no_working_day_and_the_weekend_after_it_does() -> None:
    """国办发明电〔2015〕18号: 1 to 7 October off, Saturday 8 and Sunday 9 October worked."""
    assert [WORKING.counts(date(2016, 9, 30) + timedelta(days=n)) for n in range(11)] == [
        True,
        *[False] * 7,
        True,
        True,
        True,
    ]
    assert WORKING.last_day(1, date(2016, 10, 1)) == date(2016, 10, 8)


def test_no_working_day_is_guessed_outside_the_edition() -> None:
    with pytest.raises(Refused, match="no_holiday_edition"):
        WORKING.counts(date(2027, 1, 1))


def test_no_working_day_is_guessed_without_an_edition() -> None:
    with pytest.raises(Refused, match="no_holiday_edition"):
        DayCount(Calendar.WORKING_DAYS).last_day(5, date(2016, 1, 4))


def test_a_clock_that_stands_still_for_two_days_ends_two_days_later() -> None:
    assert DAYS.resumed(date(2015, 3, 7), date(2015, 3, 11), date(2015, 3, 9)) == date(2015, 3, 13)


def test_a_clock_stopped_on_friday_and_resumed_on_sunday_goes_on_on_monday() -> None:
    assert WORKING.resumed(date(2015, 3, 6), date(2015, 3, 9), date(2015, 3, 8)) == date(2015, 3, 10)


SOME_DAY = st.dates(date(2014, 1, 1), date(2025, 1, 1))


@drawn(start=SOME_DAY, days=st.integers(1, 40), count=st.sampled_from([DAYS, WORKING]))
def test_the_last_day_holds_exactly_the_days_asked_for_and_counts_itself(
    start: date, days: int, count: DayCount
) -> None:
    last = count.last_day(days, start)
    assert count.count(start, last) == days
    assert count.counts(last)


@drawn(start=SOME_DAY, days=st.integers(1, 20), stopped=st.integers(0, 19), still=st.integers(0, 30))
def test_a_suspension_takes_no_day_of_the_notice_away(start: date, days: int, stopped: int, still: int) -> None:
    last = WORKING.last_day(days, start)
    on = min(start + timedelta(days=stopped), last)
    again = on + timedelta(days=still)
    served = WORKING.count(start, on - timedelta(days=1)) if on > start else 0
    assert served + WORKING.count(again, WORKING.resumed(on, last, again)) == days
