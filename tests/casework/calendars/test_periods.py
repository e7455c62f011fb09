"""Periods that recur, school terms of a place, and festivals that fall on another day each year."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from services.casework.calendars.festivals import festivals, festivals_from
from services.casework.calendars.kinds import CALENDAR_KINDS
from services.casework.calendars.periods import Frequency, Period, periods
from services.casework.calendars.school_terms import school_terms_from, terms
from services.casework.documents.domain import Register
from services.casework.documents.first_texts import adoption_facts
from services.casework.documents.kinds import checked, proposal_of
from services.casework.documents.lookup import Lookup
from services.chassis.law.dated import NotInForce
from services.registry.document_kinds import FIRST_TEXTS
from tests.casework.procedures.example_cases import HOLIDAYS
from tests.support.recorded import recorded

COUNTY, OTHER_COUNTY = "990001", "990002"
ONE_DAY = timedelta(days=1)
SHIPPED = Lookup(lambda _: FIRST_TEXTS.register("registry").as_known())


def school_terms(since: date, until: date | None, *begins_and_ends: tuple[str, str], **head: Any) -> Mapping[str, Any]:
    of_year = tuple({"term": f"t{n}", "begins": b, "ends": e} for n, (b, e) in enumerate(begins_and_ends))
    terms_of = {"school_terms": "cn", "jurisdiction": "CN", "source": "校历", "in_force": {"from": since, "to": until}}
    return {**terms_of, "edition": "e", "terms": of_year, **head}


def adopted(*documents: Mapping[str, Any]) -> Lookup:
    proposals = [proposal_of(checked(document, CALENDAR_KINDS), "operator-1") for document in documents]
    known = Register(recorded(*adoption_facts("registry", proposals, 0), stream="documents")).as_known()
    return Lookup(lambda _: known)


@drawn(year=st.integers(2014, 2050), frequency=st.sampled_from([Frequency.DAY, Frequency.MONTH, Frequency.HALF_YEAR]))
def test_days_months_and_half_years_are_the_whole_year_without_a_gap(year: int, frequency: Frequency) -> None:
    found = periods(frequency, year, None, SHIPPED)
    (whole,) = periods(Frequency.YEAR, year, None, SHIPPED)
    assert (found[0].start, found[-1].end) == (whole.start, whole.end)
    assert all(before.end + ONE_DAY == after.start for before, after in pairwise(found))


@drawn(year=st.integers(2014, 2050))
def test_the_weeks_of_the_years_follow_one_another_from_monday_to_sunday(year: int) -> None:
    found = [*periods(Frequency.WEEK, year, None, SHIPPED), *periods(Frequency.WEEK, year + 1, None, SHIPPED)]
    assert {(p.start.weekday(), p.end - p.start) for p in found} == {(0, 6 * ONE_DAY)}
    assert all(before.end + ONE_DAY == after.start for before, after in pairwise(found))


def test_a_half_year_ends_with_june() -> None:
    assert periods(Frequency.HALF_YEAR, 2016, None, SHIPPED) == (
        Period(date(2016, 1, 1), date(2016, 6, 30)), Period(date(2016, 7, 1), date(2016, 12, 31)),
    )  # fmt: skip


def test_the_terms_of_a_calendar_year_are_its_spring_term_and_the_autumn_term_that_ends_in_the_next() -> None:
    assert periods(Frequency.TERM, 2016, COUNTY, SHIPPED) == (
        Period(date(2016, 2, 15), date(2016, 7, 15)), Period(date(2016, 9, 1), date(2017, 1, 31)),
    )  # fmt: skip


def test_a_county_s_own_terms_hold_there_in_its_school_year_and_the_national_ones_before_after_and_elsewhere() -> None:
    national = school_terms(date(1990, 1, 1), None, ("09-01", "01-31"), ("02-15", "07-15"))
    own = school_terms(
        date(2015, 8, 28), date(2016, 8, 27), ("08-28", "01-20"), ("02-22", "07-08"), jurisdiction=COUNTY, edition="own"
    )
    lookup = adopted(national, own)
    begins = [[start for start, _ in terms(year, COUNTY, lookup)] for year in (2015, 2016)]
    assert begins == [[date(2015, 2, 15), date(2015, 8, 28)], [date(2016, 2, 22), date(2016, 9, 1)]]
    assert [start for start, _ in terms(2015, OTHER_COUNTY, lookup)] == [date(2015, 2, 15), date(2015, 9, 1)]


@drawn(
    drawn_editions=st.lists(
        st.tuples(st.integers(0, 400), st.none() | st.integers(0, 300), st.sampled_from(["CN", COUNTY, OTHER_COUNTY])),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_the_stretches_of_a_year_are_what_is_in_force_day_by_day(
    drawn_editions: list[tuple[int, int | None, str]],
) -> None:
    first, last = date(2015, 1, 1), date(2015, 12, 31)
    everywhere = school_terms(date(2014, 1, 1), None, ("09-01", "01-31"))
    own = [
        school_terms(
            since := date(2014, 10, 1) + begins * ONE_DAY, None if holds is None else since + holds * ONE_DAY,
            ("09-01", "01-31"), jurisdiction=place, edition=f"e{n}",
        )
        for n, (begins, holds, place) in enumerate(drawn_editions)
    ]  # fmt: skip
    lookup = adopted(everywhere, *own)
    by_day = {
        start + n * ONE_DAY: edition.id
        for start, end, edition in lookup.in_force_through("school_terms", "cn", first, last, COUNTY)
        for n in range((end - start).days + 1)
    }
    every_day = [first + n * ONE_DAY for n in range(365)]
    assert by_day == {day: lookup.in_force("school_terms", "cn", day, COUNTY).id for day in every_day}


def test_no_term_is_guessed_for_a_year_that_no_document_covers_wholly() -> None:
    lookup = adopted(school_terms(date(2015, 9, 1), None, ("09-01", "01-31")))
    with pytest.raises(NotInForce):
        terms(2015, COUNTY, lookup)
    assert len(terms(2016, COUNTY, lookup)) == 1


@pytest.mark.parametrize(
    ("of_year", "complaint"),
    [
        ((("09-01", "02-20"), ("02-15", "07-15")), "begins before"),
        ((("02-29", "07-15"),), "day"),
        ((("09-31", "01-15"),), "day"),
    ],
)
def test_terms_that_overlap_or_begin_on_a_day_that_not_every_year_has_are_no_document(
    of_year: tuple[tuple[str, str], ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        school_terms_from(school_terms(date(2014, 1, 1), None, *of_year))


def test_festivals_of_the_lunar_calendar_fall_on_another_day_each_year() -> None:
    of_2014, of_2020 = festivals(2014, COUNTY, SHIPPED), festivals(2020, None, SHIPPED)
    assert list(of_2014) == [
        "new_year", "spring_festival", "childrens_day", "dragon_boat", "mid_autumn", "national_day", "double_ninth",
    ]  # fmt: skip
    assert (of_2014["spring_festival"], of_2014["double_ninth"]) == (date(2014, 1, 31), date(2014, 10, 2))
    assert of_2020["mid_autumn"] == of_2020["national_day"] == date(2020, 10, 1)


@pytest.mark.parametrize("year", range(HOLIDAYS.starts.year, HOLIDAYS.ends.year + 1))
def test_a_public_festival_is_no_working_day_by_the_holiday_editions(year: int) -> None:
    public = {n: d for n, d in festivals(year, None, SHIPPED).items() if n not in ("childrens_day", "double_ninth")}
    assert [name for name, day in public.items() if HOLIDAYS.is_working_day(day)] == []


def test_no_festival_is_guessed_after_the_last_edition() -> None:
    with pytest.raises(NotInForce):
        festivals(2027, None, SHIPPED)


def test_an_edition_of_festivals_that_leaves_a_year_out_is_no_document() -> None:
    head = {"festivals": "cn", "edition": "e", "source": "s", "jurisdiction": "CN", "to": date(2015, 12, 31)}
    named = {"mid_autumn": {"zh": "中秋节", "en": "Mid-Autumn", "days": (date(2014, 9, 8),)}}
    with pytest.raises(ValueError, match="one day in each year"):
        festivals_from({**head, "from": date(2014, 1, 1), "named": named})
    with pytest.raises(ValueError, match="whole years"):
        festivals_from({**head, "from": date(2014, 2, 1), "named": named})
