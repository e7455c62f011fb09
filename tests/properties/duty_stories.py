"""Drawn duty sets and stories of who helped whom, and what was missed by a reckoning of its own: day by day, without the
product's calendars, folds or SQL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.casework.duties.teachers import duty, duty_set

FIRST, LAST = date(2016, 1, 10), date(2016, 7, 31)
"""Days on which something may happen: a leap February, the end of a term and of a half-year, a Spring Festival."""
ADOPTED = date(2016, 1, 1)
SPRING_FESTIVALS = (date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28))
TERMS = (
    (date(2015, 9, 1), date(2016, 1, 31)),
    (date(2016, 2, 15), date(2016, 7, 15)),
    (date(2016, 9, 1), date(2017, 1, 31)),
)
ONE_DAY = timedelta(days=1)
TEACHERS = ("teacher-1", "teacher-2")


@dataclass(frozen=True)
class Told:
    """``what``: began, ended or done, on ``day``, told ``days_late``; ``void_after``: so many days later it is said to be
    wrong."""

    what: str
    day: date
    days_late: int
    teacher: str
    kind: str = "talk"
    place: bool = False
    whom: int = 0
    void_after: int | None = None

    @property
    def told_on(self) -> date:
        return self.day + timedelta(self.days_late)


def days() -> st.SearchStrategy[date]:
    return st.dates(FIRST, LAST)


CADENCES: st.SearchStrategy[Mapping[str, Any]] = st.one_of(
    st.sampled_from(["week", "month", "term", "half_year", "year"]).map(lambda p: {"kind": "every", "period": p}),
    st.integers(1, 60).map(lambda n: {"kind": "once", "within_days": n}),
    st.builds(
        lambda n, m: {"kind": "dates", "days": ("02-28", "06-01"), "days_before": n, "days_after": m},
        st.integers(0, 9), st.integers(0, 9),
    ),
    st.sampled_from([("wednesday",), ("monday", "sunday")]).map(lambda d: {"kind": "weekdays", "days": d}),
    st.integers(0, 45).map(lambda n: {"kind": "festivals", "festivals": ("spring_festival",), "days_before": n}),
)  # fmt: skip


@st.composite
def duties(draw: st.DrawFn, key: str) -> Mapping[str, Any]:
    asked = {"done_by": draw(st.sampled_from(["obliged", "anyone"])), "fields": draw(st.sampled_from([(), ("place",)]))}
    return duty(
        key, draw(CADENCES), draw(st.sampled_from(["talk", "visit"])), fulfilled_by=asked,
        at_least=draw(st.integers(1, 2)), counted=draw(st.sampled_from(["acts", "subjects"])),
        grace_days=draw(st.integers(0, 12)), least_days=draw(st.sampled_from([1, 1, 10])),
    )  # fmt: skip


DUTY_SETS = (
    st.integers(1, 3).flatmap(lambda n: st.tuples(*(duties(f"d{i}") for i in range(n)))).map(lambda d: duty_set(*d))
)


@st.composite
def stories(draw: st.DrawFn) -> list[Told]:
    """Of one pupil: teachers come and go, each once; what they do; all but the coming told up to two months late."""
    told = []
    for teacher in TEACHERS[: draw(st.integers(1, 2))]:
        came = draw(days())
        told.append(Told("began", came, draw(st.integers(0, 20)), teacher))
        if draw(st.booleans()):
            told.append(Told("ended", draw(st.dates(came, LAST)), draw(st.integers(0, 40)), teacher))
    for _ in range(draw(st.integers(0, 8))):
        told.append(
            Told(
                "done", draw(days()), draw(st.integers(0, 60)), draw(st.sampled_from(TEACHERS)),
                draw(st.sampled_from(["talk", "visit"])), draw(st.booleans()), draw(st.integers(0, 1)),
                draw(st.sampled_from([None, None, 0, 30])),
            )
        )  # fmt: skip
    # Nobody can be said to have left before it was said that they came.
    came_on = {t.teacher: t.told_on for t in told if t.what == "began"}
    return [
        Told(t.what, t.day, max(t.days_late, (came_on[t.teacher] - t.day).days), t.teacher) if t.what == "ended" else t
        for t in told
    ]


def windows(cadence: Mapping[str, Any], since: date, begins: date) -> Iterator[tuple[date, date]]:
    """First and last day of every period that may matter."""
    match cadence["kind"]:
        case "once":
            yield since, begins + timedelta(cadence["within_days"])
        case "dates":
            for year in (2015, 2016, 2017):
                for month, day in ((2, 28), (6, 1)):
                    on = date(year, month, day)
                    yield on - timedelta(cadence["days_before"]), on + timedelta(cadence["days_after"])
        case "festivals":
            yield from ((on - timedelta(cadence["days_before"]), on) for on in SPRING_FESTIVALS)
        case "weekdays":
            asked = {"monday": 1, "wednesday": 3, "sunday": 7}
            days = (date(2015, 1, 1) + timedelta(n) for n in range(3 * 366))
            yield from ((day, day) for day in days if day.isoweekday() in {asked[d] for d in cadence["days"]})
        case "every":
            yield from TERMS if cadence["period"] == "term" else _grouped(cadence["period"])


def _grouped(period: str) -> Iterator[tuple[date, date]]:
    """The days from 2014 to 2017, put together by what names the period that each lies in."""
    names: Mapping[str, Callable[[date], Any]] = {
        "week": lambda d: d.isocalendar()[:2], "month": lambda d: (d.year, d.month), "year": lambda d: d.year,
        "half_year": lambda d: (d.year, d.month > 6),
    }  # fmt: skip
    by_name: dict[Any, list[date]] = {}
    day = date(2014, 1, 6)
    while day < date(2018, 1, 1):
        by_name.setdefault(names[period](day), []).append(day)
        day += ONE_DAY
    yield from ((found[0], found[-1]) for found in by_name.values())


def expected_misses(content: Mapping[str, Any], story: list[Told], today: date) -> set[tuple[str, str, date, date]]:
    """Duty, account, first and last day of what counts as missed on that day, by all that was told by its end."""
    known = [t for t in story if t.told_on <= today]
    standing = [t for t in known if t.void_after is None or t.told_on + timedelta(t.void_after) > today]
    missed = set()
    for one in content["duties"]:
        for came in (t for t in standing if t.what == "began"):
            left = next((t.day for t in standing if t.what == "ended" and t.teacher == came.teacher), None)
            begins = max(came.day, came.told_on)
            for first, last in windows(one["cadence"], came.day, begins):
                if today > last + timedelta(one["grace_days"]) and _is_owed(one, first, last, begins, left):
                    done = [
                        t for t in standing if t.what == "done" and first <= t.day <= last and _counts(t, one, came)
                    ]
                    count = len({t.whom for t in done}) if one["counted"] == "subjects" else len(done)
                    if count < one["at_least"]:
                        missed.add((one["key"], came.teacher, first, last))
    return missed


def _is_owed(one: Mapping[str, Any], first: date, last: date, begins: date, left: date | None) -> bool:
    if one["cadence"]["kind"] == "once":
        return left is None or left > last
    covered = [
        day
        for n in range((last - first).days + 1)
        if (day := first + timedelta(n)) >= max(begins, ADOPTED) and (left is None or day < left)
    ]
    return bool(len(covered) >= one["least_days"])


def _counts(done: Told, one: Mapping[str, Any], came: Told) -> bool:
    asked = one["fulfilled_by"]
    return bool(
        done.kind == asked["fact"]
        and (not asked["fields"] or done.place)
        and (asked["done_by"] == "anyone" or done.teacher == came.teacher)
    )
