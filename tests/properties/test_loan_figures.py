"""The sums that are kept of the portfolio are those of the loans, for any day as known at the end of any later one, in whatever order
rows came and went; and when they are summed anew, they are the same."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from contracts.civil import civil_day, end_of_day, start_of_day
from contracts.facts import Recorded
from services.assistance.document_kinds import KINDS
from services.assistance.loans.queries import Asked, LoanQueries
from services.assistance.loans.view import FIGURES, view
from services.casework.documents.reading import Documents
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.views.editions import rebuilt
from tests.assistance.loans.example_loans import contracted, disbursed, told
from tests.properties.test_loan_portfolio import whole_stories
from tests.properties.test_loans import DAYS, FIRST
from tests.support.long_run import LONG

DRAWN = settings(
    max_examples=500 if LONG else 12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
(ACCOUNTS,) = view().tables
AREAS = ("", "99", "9900", "9901", "98", "990001", "990001101201")
"""Of the first five sums are kept."""


@st.composite
def told_over_time(draw: st.DrawFn) -> tuple[Recorded, ...]:
    """Each fact some time after the one before, often on the same day; some long after their own day, some before it."""
    facts, at, found = draw(whole_stories()), start_of_day(FIRST), []
    for n, each in enumerate(facts):
        at += timedelta(days=draw(st.sampled_from((0, 0, 1, 30, 100))), seconds=n + 1)
        found.append(msgspec.structs.replace(each, recorded_at=at))
    return tuple(found)


@pytest.fixture(scope="module")
def store(module_database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("assistance", module_database("assistance"), SystemClock())
    yield opened
    opened.close()


def kept(conn: Connection[Any]) -> dict[str, set[tuple[Any, ...]]]:
    some = "WHERE loans <> 0 OR principal <> 0 OR arrears <> 0 OR claims <> 0"
    return {
        name: set(conn.execute(f"SELECT {', '.join(columns)} FROM {name} {some}".encode()))
        for name, columns in FIGURES.columns.items()
    }


def write(store: Store, borrower: int, facts: Sequence[Recorded]) -> None:
    """As the consumer does."""
    (rows,) = view().fold(UUID(int=borrower), facts)
    loan = UUID(int=borrower)
    with store.reading() as conn, conn.transaction(), conn.cursor() as cur:
        ACCOUNTS.replace(cur, [loan], [(loan, loan, *row[2:]) for row in rows])


@DRAWN
@given(
    st.lists(told_over_time(), min_size=1, max_size=2),
    st.data(),
    st.lists(st.tuples(DAYS, DAYS), min_size=4, max_size=4),
)
def test_what_is_kept_is_the_sum_of_the_loans(
    store: Store, stories: list[tuple[Recorded, ...]], data: st.DataObject, asked: list[tuple[date, date]]
) -> None:
    with store.reading() as conn, conn.transaction():
        for table in view().stored:
            conn.execute(f"TRUNCATE {table.name}".encode())
        rebuilt(conn.cursor(), view())
    for borrower, facts in enumerate(stories):
        for known in sorted({*data.draw(st.sets(st.integers(1, len(facts)), max_size=3)), len(facts)}):
            write(store, borrower, facts[:known])
    queries = LoanQueries(store, Documents(store, KINDS))
    last = max(civil_day(facts[-1].recorded_at) for facts in stories)
    # Some days as known on them, some as known later, all as known now; and days to come.
    questions = [(day, max(day, known_on)) for day, known_on in asked] + [(day, day) for day, _ in asked]
    questions += [(day, last) for day, _ in asked] + [(last + timedelta(days=200), last)]
    for day, known_on in questions:
        for area in AREAS:
            question = Asked(day, end_of_day(known_on))
            of_loans = queries.of_loans(area, question)
            if len(area) <= 4:
                with store.reading() as conn:
                    assert FIGURES.portfolio(conn, area, day, known_on) == of_loans
            assert queries.portfolio(area, question) == of_loans
    for day, known_on in asked:  # to come as it was known before, too
        assert queries.portfolio("99", Asked(day, end_of_day(known_on))) == queries.of_loans(
            "99", Asked(day, end_of_day(known_on))
        )
    with store.reading() as conn, conn.transaction():
        before = kept(conn)
        for name in FIGURES.columns:
            conn.execute(f"TRUNCATE {name}".encode())
        FIGURES.fill(conn.cursor(), "loan_accounts")
        assert kept(conn) == before
    for borrower in range(len(stories)):
        write(store, borrower, ())
    with store.reading() as conn:
        assert not any(kept(conn).values())


def test_until_the_view_is_rebuilt_the_loans_are_asked(store: Store) -> None:
    """A release that keeps no sums yet wrote the rows; what this one adds to the sums meanwhile is not all."""
    write(store, 1, told(contracted(), disbursed(FIRST)))
    queries = LoanQueries(store, Documents(store, KINDS))
    question = Asked(FIRST, end_of_day(FIRST))
    with store.reading() as conn, conn.transaction():
        conn.execute(b"TRUNCATE loan_figures, late_loan_figures")
        conn.execute(b"DELETE FROM view_editions")
    assert [row["loans"] for row in queries.portfolio("", question)] == [1]
    with store.reading() as conn, conn.transaction():
        rebuilt(conn.cursor(), view())
    assert queries.portfolio("", question) == []
