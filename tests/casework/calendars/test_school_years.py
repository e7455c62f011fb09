"""School years, and which of them are due."""

from datetime import date

from services.casework.calendars.school_years import school_year, years_due


def test_a_school_year_begins_in_september_and_is_due_in_full() -> None:
    assert [school_year(day, 9) for day in (date(2014, 8, 31), date(2014, 9, 1), date(2015, 8, 31))] == [
        2013,
        2014,
        2014,
    ]
    since = date(2014, 9, 12)
    assert years_due(since, None, date(2014, 9, 11), 9) == ()
    assert years_due(since, None, since, 9) == (2014,)
    assert years_due(since, None, date(2016, 9, 1), 9) == (2014, 2015, 2016)
    assert years_due(since, date(2015, 9, 1), date(2017, 1, 1), 9) == (2014,)
    assert years_due(since, date(2015, 9, 2), date(2017, 1, 1), 9) == (2014, 2015)
    assert years_due(since, since, date(2017, 1, 1), 9) == ()
