"""The SQL over ``loan_accounts`` says of every loan, for any day as known at any instant, what the fold of its facts says; the
portfolio is the sum of that; and what waits in the inbox is what is overdue or falls due by the fold."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contracts.assistance.loans import (
    LoanAnnulment,
    LoanCompensated,
    LoanConsequencesAnnulled,
    LoanFactsAnnulled,
    LoanJobsCreated,
    LoanOfficeChanged,
    LoanRecovered,
)
from contracts.facts import Fact, Recorded
from contracts.roles import Role
from contracts.selection import known, timeline
from services.assistance.access import ACCESS
from services.assistance.document_kinds import KINDS
from services.assistance.loans.account import Account
from services.assistance.loans.course import Course, course_of
from services.assistance.loans.inbox_source import DAYS_AHEAD, LoanInbox
from services.assistance.loans.portfolio_changes import AGES
from services.assistance.loans.queries import Asked, LoanQueries
from services.assistance.loans.risk_funds.queries import RiskFundQueries
from services.assistance.loans.view import COLUMNS, view
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Asked as AskedOfInbox
from services.casework.ledgers.money import shared, yuan_of
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from tests.assistance.loans.example_loans import COMMON, LOAN, VILLAGE, told
from tests.properties.test_loans import DAYS, stories
from tests.support.long_run import LONG

DRAWN = settings(
    max_examples=500 if LONG else 20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ON_DUES = [date(2018, 6, 20), date(2018, 6, 21), date(2019, 1, 11)]
HOUSEHOLD = UUID(int=5)
COUNTY, ELSEWHERE = VILLAGE[:6], "990101101201"
FOLLOWED: dict[str, Any] = {**COMMON, "household_id": HOUSEHOLD}


@pytest.fixture(scope="module")
def store(module_database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("assistance", module_database("assistance"), SystemClock())
    yield opened
    opened.close()


@st.composite
def whole_stories(draw: st.DrawFn) -> tuple[Recorded, ...]:
    """A story of payments, and perhaps a compensation of the debt of its day with something recovered, a move of the office, and
    annulments of these."""
    facts: list[Fact] = [r.fact for r in draw(stories())]
    if draw(st.booleans()):
        on = draw(DAYS)
        course = Account(told(*facts)).through(on)
        if course is not None and course.debt > 0:
            fund, lender = shared(course.debt, [8, 2])
            parts: dict[str, Any] = {"fund_part": yuan_of(fund), "lender_part": yuan_of(lender), "voucher": "C"}
            facts.append(LoanCompensated(**COMMON, effective_on=on, **parts))
            back: dict[str, Any] = {"fund_part": Decimal("0.04"), "lender_part": Decimal("0.01"), "voucher": "V"}
            facts.append(LoanRecovered(**COMMON, effective_on=on + timedelta(days=draw(st.integers(0, 9))), **back))
    if draw(st.booleans()):
        moved = LoanOfficeChanged(**FOLLOWED, effective_on=draw(DAYS), from_division=VILLAGE, to_division=ELSEWHERE)
        facts.append(moved)
        if draw(st.booleans()):
            annuls = (f"assistance/loan-{LOAN}/{len(facts)}",)
            facts.append(
                LoanConsequencesAnnulled(
                    household_id=HOUSEHOLD, entered_by="system", effective_on=moved.effective_on, annuls=annuls
                )
            )
    for jobs in draw(st.lists(st.integers(0, 9), max_size=2)):
        facts.append(LoanJobsCreated(**COMMON, effective_on=draw(DAYS), jobs=jobs))
    if draw(st.integers(0, 9)) == 0:
        void = tuple(
            f"assistance/loan-{LOAN}/{n}" for n, f in enumerate(facts, 1) if "annulled" not in f.type_name.lower()
        )
        facts.append(
            LoanFactsAnnulled(**COMMON, effective_on=draw(DAYS), reason=LoanAnnulment.TYPED_WRONG, annuls=void)
        )
    return told(*facts)


def by_the_fold(facts: Sequence[Recorded], day: date, known_at: datetime) -> tuple[Course, str] | None:
    """The loan on that day as known then, and where it is kept."""
    line = timeline(known(facts, known_at), as_of=day)
    course = course_of(line, day)
    moved = [r.fact.to_division for r in line if isinstance(r.fact, LoanOfficeChanged)]
    return None if course is None else (course, [course.contract.division, *moved][-1])


def figures(course: Course) -> dict[str, Any]:
    open_ = [i for i in course.instalments if i.left and i.due_on < course.day]
    return {
        "principal": course.principal, "arrears": sum(i.left for i in open_), "claims": course.fund_claim + course.lender_claim,
        "overdue_since": open_[0].due_on if open_ else None,
    }  # fmt: skip


def keep(store: Store, facts: Sequence[Recorded]) -> None:
    (rows,) = view().fold(LOAN, facts)
    with store.reading() as conn, conn.transaction():
        conn.execute(b"DELETE FROM loan_accounts")
        with conn.cursor().copy(f"COPY loan_accounts ({', '.join(COLUMNS)}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)


@DRAWN
@given(whole_stories(), st.lists(DAYS, min_size=1, max_size=2), st.lists(st.integers(0, 9), max_size=2))
def test_any_day_as_known_at_any_instant_is_the_fold(
    store: Store, facts: tuple[Recorded, ...], days: list[date], at: list[int]
) -> None:
    keep(store, facts)
    queries = LoanQueries(store, Documents(store, KINDS))
    instants = [*(r.recorded_at for r in facts), facts[-1].recorded_at + timedelta(days=1)]
    for known_at in {instants[n % len(instants)] for n in (*at, -1)}:
        for day in (*days, *ON_DUES):
            expected, asked = by_the_fold(facts, day, known_at), Asked(day, known_at)
            here = COUNTY if expected is None or expected[1].startswith(COUNTY) else ELSEWHERE
            found = queries.loans("", asked, None, ("", UUID(int=0)), 10)
            assert [row["division"] for row in found] == ([] if expected is None else [expected[1]])
            if expected is None:
                continue
            of_fold = figures(expected[0])
            assert {name: found[0][name] for name in of_fold} == of_fold
            since = of_fold.pop("overdue_since")
            age = 0 if since is None else max(a for a in AGES if a <= (day - since).days)
            whole = {"product": "poverty_micro_credit", "age": age, "loans": 1, **of_fold}
            assert queries.portfolio(here, asked) == [whole]
            (covered,) = RiskFundQueries(store).coverage(here, asked)
            assert (covered.fund_claims, covered.jobs) == (yuan_of(expected[0].fund_claim), expected[0].jobs)


@DRAWN
@given(whole_stories(), DAYS)
def test_the_inbox_has_what_is_overdue_or_falls_due_by_the_fold(
    store: Store, facts: tuple[Recorded, ...], today: date
) -> None:
    """As everything is known now: what is dated later counts, too."""
    keep(store, facts)
    last = max(r.fact.effective_on for r in facts)
    told_of_all = by_the_fold(facts, max(last, today), facts[-1].recorded_at + timedelta(days=1))
    waits = LoanInbox("assistance", store, ACCESS).entries(
        AskedOfInbox(actor=Actor("r", frozenset({Role.REVIEWER}), ""), division="", kind=None, today=today), (date.min, ""), 9
    )  # fmt: skip
    expected = defaultdict[str, date](lambda: date.min)
    if told_of_all is not None:
        course, _ = told_of_all
        ahead = course_of(timeline(facts), max(course.final_on, last, today))
        assert ahead is not None
        assume(course.disbursed or not course.entries)  # nothing is repaid of what was not paid out
        # What is paid ahead of its day is taken from the next ones.
        due = next((i.due_on for i in ahead.instalments if i.left), None)
        if not course.disbursed:
            expected["loan_not_disbursed"] = due or date.min
        elif due is not None and due < today:
            expected["loan_overdue"] = due
        elif due is not None and due <= today + timedelta(days=DAYS_AHEAD):
            expected["loan_falls_due"] = due
    assert {e.why.code: e.due_by or date.min for e in waits} == expected
