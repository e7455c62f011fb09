"""A portfolio of loans with 24 instalments each, aged as of any day as known on any other: 5,000 of them, or with ``--full`` 100,000.

Asked of a province, of which sums are kept. The floor is the bare SQL of the same figures over a table of balances that was made for
that very day and knowledge. A hundred histories (paid in time, late, in part, not at all, taken back; told late) are folded from their
facts, and repeated.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count, cycle
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from contracts.assistance.loans import (
    DayCount,
    LoanAnnulment,
    LoanContracted,
    LoanDisbursed,
    LoanFactsAnnulled,
    LoanRepaid,
    LoanUse,
    RepaymentMethod,
)
from contracts.canonical import encode
from contracts.civil import end_of_day, start_of_day
from contracts.facts import Fact, Recorded
from services.assistance.document_kinds import KINDS
from services.assistance.loans.queries import ASKED, Asked, LoanQueries
from services.assistance.loans.view import COLUMNS, FIGURES, view
from services.casework.documents.reading import Documents
from services.casework.ledgers.money import yuan_of
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.views.editions import rebuilt
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment

SMALL, LARGE, HISTORIES, QUESTIONS = 5_000, 100_000, 100, 12
FIRST, INSTALMENTS, PROVINCE = date(2020, 1, 5), 24, "99"
AGED = (
    b"SELECT product, age, count(*), sum(principal), sum(arrears), sum(claims) FROM bare_balances GROUP BY product, age"
    b" ORDER BY product, age"
)
NOBODY = UUID(int=0)


@contextmanager
def portfolio_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    loans = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("assistance") as (assistance,):
        store = Store("assistance", assistance, SystemClock())
        queries = LoanQueries(store, Documents(store, KINDS))
        with store.reading() as conn, conn.transaction():
            with conn.cursor().copy(f"COPY loan_accounts ({', '.join(COLUMNS)}) FROM STDIN".encode()) as copy:
                for row in rows(loans):
                    copy.write_row(row)
            with conn.cursor() as cur:
                cur.execute(b"SET LOCAL statement_timeout = 0")
                FIGURES.fill(cur, "loan_accounts")
                rebuilt(cur, view())
        with store.reading() as conn:
            for table in view().stored:
                conn.execute(f"VACUUM ANALYZE {table.name}".encode())
        asked = questions()

        def ours() -> float:
            question = next(asked)
            return timed(lambda: queries.portfolio(PROVINCE, question))

        def bare() -> float:
            question = next(asked)
            with store.reading() as conn:
                make_balances(conn, question)
                found = timed(lambda: conn.execute(AGED).fetchall())
                assert [tuple(r.values()) for r in queries.portfolio(PROVINCE, question)] == conn.execute(
                    AGED
                ).fetchall()
            return found

        try:
            yield {
                "ours": lambda: median(ours() for _ in range(QUESTIONS)),
                "bare SQL": lambda: median(bare() for _ in range(QUESTIONS)),
            }
        finally:
            store.close()


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of the second time, when its pages are at hand."""
    work()
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def make_balances(conn: Any, question: Asked) -> None:
    given = {**question.parameters, "low": PROVINCE, "high": PROVINCE + "~"}
    conn.execute(b"DROP TABLE IF EXISTS service.bare_balances")
    conn.execute(
        f"CREATE TABLE service.bare_balances AS SELECT loan_id, product, principal::bigint, arrears::bigint, claims::bigint,"
        f" coalesce((%(ages)s::int[])[width_bucket(%(day)s::date - overdue_since, %(ages)s::int[])], 0) AS age"
        f" FROM ({ASKED}) AS asked".encode(),
        given,
    )
    conn.execute(b"VACUUM ANALYZE service.bare_balances")


def questions() -> Iterator[Asked]:
    """Any day of the loans' two years, as known on that day or on any later one."""
    rng, found = Random(7), []
    for _ in range(QUESTIONS * 5):
        day = FIRST + timedelta(days=rng.randrange(800))
        found.append(Asked(day, end_of_day(day + timedelta(days=rng.choice((0, 0, 5, 400))))))
    return cycle(found)


def rows(loans: int) -> Iterator[tuple[Any, ...]]:
    """Of the table ``loan_accounts``: a hundred histories over and over, each time of another loan."""
    of_each = [view().fold(UUID(int=n + 1), told(history(Random(n), n)))[0] for n in range(HISTORIES)]
    templates = [list(each) for each in of_each]
    for number in range(loans):
        loan = UUID(int=10_000 + number)
        for row in templates[number % HISTORIES]:
            yield (loan, loan, *row[2:])


def history(rng: Random, number: int) -> list[tuple[datetime, Fact]]:
    """Instants of recording, and facts: monthly, 24 times, with what goes wrong."""
    common: dict[str, Any] = {"loan_id": UUID(int=number + 1), "entered_by": "bank-1"}
    contract = LoanContracted(
        **common, effective_on=FIRST, product=f"product_{number % 3}", organisation="x", division=f"{PROVINCE}000{number % 9 + 1}101201",
        lender="bank", contract_no=str(number), use=LoanUse.INDUSTRY, principal=yuan_of(50_000_00), rate=Decimal("4.3500"),
        overdue_surcharge=Decimal("50.0000"), method=RepaymentMethod.EQUAL_PRINCIPAL,
        day_count=DayCount.ACTUAL_360, first_due_on=date(2020, 2, 5), period_months=1, final_on=date(2022, 1, 5),
    )  # fmt: skip
    found: list[tuple[datetime, Fact]] = [
        (start_of_day(FIRST), contract),
        (start_of_day(FIRST), LoanDisbursed(**common, effective_on=FIRST, amount=yuan_of(50_000_00), voucher="D")),
    ]
    for n in range(INSTALMENTS):
        due = date(2020 + (n + 1) // 12, (n + 1) % 12 + 1, 5)
        kind = rng.randrange(20)
        if kind == 0:
            continue
        on = due + timedelta(days=rng.randrange(40) if kind < 4 else -rng.randrange(2))
        fen = 2_083_33 + round(50_000_00 * (INSTALMENTS - n) / INSTALMENTS * 0.0435 / 12)
        paid = LoanRepaid(**common, effective_on=on, amount=yuan_of(fen if kind > 1 else fen // 2), voucher=f"R-{n}")
        # One in fifty is told a month late.
        found.append((start_of_day(on + timedelta(days=30 if rng.randrange(50) == 0 else 1)), paid))
    if number % 10 == 0:
        void = LoanFactsAnnulled(
            **common, effective_on=FIRST, reason=LoanAnnulment.REVERSED, annuls=(f"assistance/loans-{NOBODY}/5",)
        )
        found.append((start_of_day(date(2021, 6, 1)), void))
    return sorted(found, key=lambda each: each[0])


def told(facts: list[tuple[datetime, Fact]]) -> list[Recorded]:
    ticks = count()
    return [
        Recorded(
            "assistance", n, f"loans-{NOBODY}", n, at.astimezone(UTC) + timedelta(microseconds=next(ticks)), NOBODY, "bank-1",
            fact, encode(fact),
        )
        for n, (at, fact) in enumerate(facts, start=1)
    ]  # fmt: skip


LOAN_PORTFOLIO = Benchmark("portfolio of loans by age of arrears", portfolio_variants)
