"""What a duty set makes owed: periods, terms, festivals, leap days, capacity, grace, and who is obliged from when."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.civil import start_of_day
from services.casework.calendars.periods import Period
from services.casework.documents.domain import Register
from services.casework.documents.first_texts import adoption_facts
from services.casework.documents.kinds import checked, proposal_of
from services.casework.documents.lookup import Lookup
from services.casework.duties.domain import DutyState, owed
from services.casework.duties.duty_sets import DutySets
from services.casework.duties.history import Fulfilment, History, Obligation
from services.chassis.law.content import DocumentError
from services.registry.document_kinds import FIRST_TEXTS
from tests.casework.duties.teachers import KINDS, TEACHING, VILLAGE, duty, duty_set
from tests.support.recorded import recorded

REGISTRY = FIRST_TEXTS.register("registry").as_known()
TEACHER = "teacher-1"
EVER = Period(date(2013, 1, 1), date(2030, 1, 1))


def sets_of(*contents: Mapping[str, Any], adopted: date = date(2013, 6, 1), later: date | None = None) -> DutySets:
    """``later``: when the last of them was adopted, where that is another day."""
    proposals = [proposal_of(checked(content, KINDS), "operator-1") for content in contents]
    facts = adoption_facts("casework", proposals, 0)
    last = recorded(
        *facts[-2:], stream="documents", log="casework", start=len(facts) - 1, at=start_of_day(later or adopted)
    )
    first = recorded(*facts[:-2], stream="documents", log="casework", at=start_of_day(adopted))
    known = Register([*first, *last]).as_known()
    return DutySets(Lookup(lambda kind: known if kind == "duty_set" else REGISTRY))


def obliged(since: date, until: date | None = None, begins: date | None = None) -> Obligation:
    return Obligation(TEACHER, since, begins or since, until, "cause")


def done(*days: date, kind: str = "talk", **more: Any) -> list[Fulfilment]:
    return [Fulfilment(f"done-{day}", kind, day, day, **{"by": TEACHER, **more}) for day in days]


def states(
    sets: DutySets, obligation: Obligation, fulfilments: list[Fulfilment], day: date
) -> list[tuple[date, date, DutyState]]:
    history = History([obligation], fulfilments, [(obligation.since, VILLAGE)], "latest")
    return [(o.period.start, o.period.end, o.state(day)) for o in owed(history, sets, TEACHING, EVER, day)]


TALK = duty("talk", {"kind": "every", "period": "month"}, grace_days=5, least_days=15)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2016, 2, 29), DutyState.DUE),
        (date(2016, 3, 5), DutyState.DUE),  # the last day of the grace
        (date(2016, 3, 6), DutyState.OVERDUE),
    ],
)
def test_a_monthly_duty_counts_as_missed_the_day_after_the_grace(today: date, state: DutyState) -> None:
    (_, february, *_) = states(sets_of(duty_set(TALK)), obliged(date(2016, 1, 1)), [], today)
    assert february == (date(2016, 2, 1), date(2016, 2, 29), state)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2016, 1, 31), DutyState.OVERDUE),
        (date(2016, 2, 1), DutyState.MET),
        (date(2016, 2, 29), DutyState.MET),
        (date(2016, 3, 1), DutyState.MISSED),  # made good since
    ],
)
def test_what_is_done_counts_from_the_first_day_to_the_last_of_a_leap_february(day: date, state: DutyState) -> None:
    found = states(sets_of(duty_set(TALK)), obliged(date(2016, 2, 1)), done(day), date(2016, 3, 10))
    assert found[0][2] is state


@pytest.mark.parametrize(("begins", "months"), [(date(2016, 2, 15), [2, 3]), (date(2016, 2, 16), [3])])
def test_a_month_of_which_fewer_days_are_covered_owes_nothing(begins: date, months: list[int]) -> None:
    """Fifteen of the twenty-nine days of February are left on the 15th; from when it is known, not from when it began."""
    obligation = obliged(date(2016, 1, 1), begins=begins)
    found = states(sets_of(duty_set(TALK)), obligation, [], date(2016, 3, 20))
    assert [start.month for start, _, _ in found] == months


def test_nobody_owes_before_the_document_is_known_or_after_the_obligation_ends() -> None:
    sets = sets_of(duty_set(TALK), adopted=date(2016, 2, 20))
    found = states(sets, obliged(date(2016, 1, 1), until=date(2016, 5, 10)), [], date(2016, 12, 31))
    assert [start.month for start, _, _ in found] == [3, 4]


def test_a_visit_is_owed_once_in_each_school_term() -> None:
    sets = sets_of(duty_set(duty("visit", {"kind": "every", "period": "term"}, "visit")))
    found = states(sets, obliged(date(2016, 1, 1)), done(date(2016, 7, 15), kind="visit"), date(2016, 12, 31))
    assert found == [
        (date(2015, 9, 1), date(2016, 1, 31), DutyState.MISSED),
        (date(2016, 2, 15), date(2016, 7, 15), DutyState.MET),
        (date(2016, 9, 1), date(2017, 1, 31), DutyState.DUE),
    ]


def test_a_festival_is_visited_before_it_wherever_it_falls() -> None:
    """Spring Festival 2016 is 8 February, of 2017 28 January: the days before it begin in the year before."""
    before = {"kind": "festivals", "festivals": ["spring_festival"], "days_before": 30}
    found = states(sets_of(duty_set(duty("visit", before))), obliged(date(2016, 1, 1)), [], date(2016, 12, 31))
    assert found == [
        (date(2016, 1, 9), date(2016, 2, 8), DutyState.OVERDUE),
        (date(2016, 12, 29), date(2017, 1, 28), DutyState.DUE),
    ]


def test_weekdays_are_each_a_day_and_school_days_those_of_a_term_that_are_not_off() -> None:
    def days(cadence: dict[str, object], first: date, last: date) -> list[int]:
        found = states(sets_of(duty_set(duty("training", cadence))), obliged(first, last), [], last)
        assert all(start == end for start, end, _ in found)
        return [start.day for start, _, _ in found]

    twice: dict[str, object] = {"kind": "weekdays", "days": ["tuesday", "thursday"]}
    assert days(twice, date(2015, 10, 1), date(2015, 10, 16)) == [1, 6, 8, 13, 15]
    # National Day's week is off.
    assert days({**twice, "school_days": True}, date(2015, 10, 1), date(2015, 10, 16)) == [8, 13, 15]
    # The autumn term ends with January, the spring term begins on 15 February; a leap day is a Monday like any other.
    monday: dict[str, object] = {"kind": "weekdays", "days": ["monday"], "school_days": True}
    assert days(monday, date(2016, 1, 18), date(2016, 3, 1)) == [18, 25, 15, 22, 29]
    # Nobody has said the days off of that year.
    assert days(monday, date(2027, 3, 1), date(2027, 4, 1)) == []


def test_dates_half_years_years_and_days_recur() -> None:
    sets = sets_of(
        duty_set(
            duty("children", {"kind": "dates", "days": ["06-01"], "days_before": 3, "days_after": 2}),
            duty("half", {"kind": "every", "period": "half_year"}),
            duty("year", {"kind": "every", "period": "year"}),
            duty("day", {"kind": "every", "period": "day"}),
        )
    )
    found = states(sets, obliged(date(2016, 2, 28)), [], date(2016, 7, 1))
    assert [(start, end) for start, end, _ in found if (end - start).days] == [
        (date(2016, 5, 29), date(2016, 6, 3)),
        (date(2016, 1, 1), date(2016, 6, 30)),
        (date(2016, 7, 1), date(2016, 12, 31)),
        (date(2016, 1, 1), date(2016, 12, 31)),
    ]
    days = [start for start, end, _ in found if start == end]
    assert days[:3] == [date(2016, 2, 28), date(2016, 2, 29), date(2016, 3, 1)]


def test_a_month_may_be_named_and_belongs_to_monthly_duties() -> None:
    """September to December (M257): each to its own last day."""
    named = {"kind": "every", "period": "month", "months": [9, 12]}
    found = states(sets_of(duty_set(duty("meeting", named))), obliged(date(2016, 1, 1)), [], date(2017, 9, 1))
    assert [(start, end) for start, end, _ in found] == [
        (date(2016, 9, 1), date(2016, 9, 30)), (date(2016, 12, 1), date(2016, 12, 31)), (date(2017, 9, 1), date(2017, 9, 30)),
    ]  # fmt: skip
    for wrong in ({**named, "period": "week"}, {**named, "months": [13]}):
        with pytest.raises(DocumentError):
            sets_of(duty_set(duty("meeting", wrong)))


@pytest.mark.parametrize(
    ("until", "found"), [(date(2016, 3, 2), [(date(2016, 2, 1), date(2016, 3, 1))]), (date(2016, 3, 1), [])]
)
def test_what_is_owed_once_is_not_owed_where_the_obligation_ended_before_the_last_day(
    until: date, found: list[Any]
) -> None:
    sets = sets_of(duty_set(duty("plan", {"kind": "once", "within_days": 29})))
    assert [s[:2] for s in states(sets, obliged(date(2016, 2, 1), until), [], date(2016, 6, 1))] == found


def test_only_what_says_all_that_is_asked_and_is_done_by_who_owes_it_counts() -> None:
    asked = duty("talk", {"kind": "every", "period": "month"}, fulfilled_by={"fields": ["place"]})
    anyone = duty("visit", {"kind": "every", "period": "month"}, "visit", fulfilled_by={"done_by": "anyone"})
    sets, march = sets_of(duty_set(asked, anyone)), date(2016, 3, 10)
    for what, talked, visited in (
        (done(march), False, False),
        (done(march, fields=frozenset({"place"})), True, False),
        (done(march, fields=frozenset({"place"}), by="teacher-2"), False, False),
        (done(march, kind="visit", by="teacher-2"), False, True),
    ):
        of_march = [s for start, _, s in states(sets, obliged(march), what, march) if start.month == 3]
        assert [s is DutyState.MET for s in of_march] == [talked, visited]


@pytest.mark.parametrize(("pupils", "met"), [(1, False), (2, True)])
def test_a_teacher_serves_at_least_so_many_pupils(pupils: int, met: bool) -> None:
    """Capacity: two talks with one pupil are one pupil served."""
    capacity = duty("two_pupils", {"kind": "every", "period": "term"}, at_least=2, counted="subjects")
    whom = [uuid4() for _ in range(pupils)]
    served = [
        Fulfilment(f"help-{n}", "talk", date(2016, 1, 1), date.max, TEACHER, frozenset(), whom[n % pupils])
        for n in range(2)
    ]
    found = states(sets_of(duty_set(capacity)), obliged(date(2016, 2, 15)), served, date(2016, 3, 1))
    assert [state is DutyState.MET for _, _, state in found] == [met]


def test_four_ones_of_a_teacher_have_each_a_clock_of_their_own() -> None:
    """R40: at least one pupil, a talk a month, a home visit a term, warmth a year; one document, as for a roster of teachers."""
    pupil = duty("pupil", {"kind": "every", "period": "term"}, counted="subjects", least_days=15)
    visit = duty("visit", {"kind": "every", "period": "term"}, "visit", fulfilled_by={"done_by": "anyone"})
    warmth = duty("warmth", {"kind": "every", "period": "year"}, "visit", fulfilled_by={"fields": ["place"]})
    sets = sets_of(duty_set(TALK, pupil, visit, warmth))
    told = [
        *done(date(2016, 3, 10), whom=uuid4()),
        *done(date(2016, 12, 30), kind="visit", fields=frozenset({"place"})),
    ]
    history = History([obliged(date(2016, 1, 1))], told, [(date(2016, 1, 1), VILLAGE)], "latest")
    today = date(2017, 3, 1)
    found = [(o.duty.key, o.state(today)) for o in owed(history, sets, TEACHING, EVER, today) if o.period.end < today]
    met = [key for key, state in found if state is DutyState.MET]
    assert sorted(met) == ["pupil", "talk", "visit", "warmth"]
    missed = {key for key, state in found if state is not DutyState.MET}
    assert missed == {"pupil", "talk", "visit"}
    assert sum(key == "talk" for key, _ in found) == 14
    # Without a pupil of their own the talks stand all the same: each is asked by itself.
    alone = History(history.obligations, done(date(2016, 3, 10)), history.places, "latest")
    unpaired = [o for o in owed(alone, sets, TEACHING, EVER, today) if o.duty.key == "pupil"]
    assert unpaired


def test_a_place_of_its_own_and_a_later_edition_decide_from_the_first_day_of_a_period() -> None:
    monthly = duty_set(duty("talk", {"kind": "every", "period": "month"}))
    yearly = {"kind": "every", "period": "year"}
    later = duty_set(duty("talk", yearly), edition="2", in_force={"from": date(2016, 3, 15), "to": None})
    elsewhere = duty_set(duty("talk", yearly), edition="3", jurisdiction="990002")
    found = states(sets_of(monthly, later, elsewhere), obliged(date(2016, 1, 1)), [], date(2017, 1, 1))
    assert [start for start, _, _ in found] == [date(2016, month, 1) for month in (1, 2, 3)] + [date(2017, 1, 1)]


def test_what_is_adopted_after_a_period_changes_nothing_about_it() -> None:
    weekly = duty_set(duty("talk", {"kind": "every", "period": "week"}), edition="2")
    sets = sets_of(duty_set(TALK), weekly, later=date(2016, 2, 10))
    found = states(sets, obliged(date(2016, 1, 1)), [], date(2016, 2, 16))
    assert [s[:2] for s in found] == [
        (date(2016, 1, 1), date(2016, 1, 31)),
        (date(2016, 2, 8), date(2016, 2, 14)),
        (date(2016, 2, 15), date(2016, 2, 21)),
    ]


def test_a_duty_set_is_of_its_programme_and_asks_only_for_what_can_be_recorded() -> None:
    """R41: several programmes have four ones."""
    for content, complaint in (
        (duty_set(TALK, key="four_ones"), "begins with its programme"),
        (duty_set(TALK, TALK), "key of its own"),
        (duty_set(duty("talk", {"kind": "every", "period": "fortnight"})), "fortnight"),
        (duty_set(duty("talk", {"kind": "dates", "days": ["02-29"]})), "not every year has 02-29"),
        (duty_set({**TALK, "obligation": "nobodys"}), "one of teacher_of_pupil"),
        (duty_set(duty("talk", {"kind": "once", "within_days": 3}, "sermon")), "one of talk, visit"),
        (duty_set(duty("talk", {"kind": "once", "within_days": 3}, fulfilled_by={"fields": ["mood"]})), "mood"),
        (duty_set({**TALK, "escalation": [{"level": "village", "after_days": 3}]}), "higher"),
        (duty_set({**TALK, "escalation": [{"level": "county", "after_days": 3}, {"level": "township", "after_days": 5}]}), "higher"),
        (duty_set({**TALK, "escalation": [{"level": "township", "after_days": 3}, {"level": "county", "after_days": 3}]}), "later"),
    ):  # fmt: skip
        with pytest.raises(DocumentError, match=complaint):
            checked(content, KINDS)


def test_the_longest_period_after_a_last_of_december_ends_two_years_on() -> None:
    duty_of_years = duty("plan", {"kind": "dates", "days": ["12-31"], "days_before": 0, "days_after": 366})
    first, *_ = states(sets_of(duty_set(duty_of_years)), obliged(date(2014, 12, 1)), [], date(2015, 1, 1))
    assert first[:2] == (date(2014, 12, 31), date(2016, 1, 1))
    sets, ends = sets_of(duty_set(duty_of_years)), Period(date(2016, 1, 1), date(2016, 1, 1))
    (cadence,) = {each.cadence for edition in sets.editions for each in edition.terms.duties}
    assert [window.start for window in sets.windows(cadence, ends, VILLAGE)] == [date(2014, 12, 31)]
