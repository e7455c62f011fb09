"""One loan's statement on any day as known on any other: 24 instalments, folded from their facts, against the bare SELECT of these."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from contracts.civil import civil_day, end_of_day
from services.assistance.document_kinds import KINDS
from services.assistance.loans.domain import stream_of
from services.assistance.loans.queries import Asked, LoanQueries
from services.assistance.loans.statements import statement
from services.assistance.loans.subsidies import UNSUBSIDISED
from services.assistance.loans.view import COLUMNS, view
from services.casework.documents.reading import Documents
from services.chassis.ground.clock import SystemClock
from services.chassis.log.entries import COLUMNS as LOGGED
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.loan_portfolio import history, questions, told

LOANS, QUESTIONS = 20, 200
SELECT = f"SELECT {LOGGED} FROM log WHERE originator_id = %s ORDER BY originator_version".encode()


@contextmanager
def statement_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with environment.fresh("assistance") as (assistance,):
        store = Store("assistance", assistance, SystemClock())
        queries = LoanQueries(store, Documents(store, KINDS))
        # Not the tenth ones, of which a payment is taken back by its id in another stream.
        numbers = [number for number in range(LOANS) if number % 10]
        for number in numbers:
            facts = [fact for _, fact in history(Random(number), number)]

            def work(tx: Tx, facts: list[Any] = facts, number: int = number) -> None:
                tx.append(stream_of(UUID(int=number + 1)), *facts)

            store.transact(work, actor="bank-1")
        with store.reading() as conn, conn.transaction():
            with conn.cursor().copy(f"COPY loan_accounts ({', '.join(COLUMNS)}) FROM STDIN".encode()) as copy:
                for number in numbers:
                    for row in view().fold(UUID(int=number + 1), told(history(Random(number), number)))[0]:
                        copy.write_row(row)
        asked = cycle(list(_questions(numbers)))

        def ours(loan: UUID, of: Asked) -> None:
            facts = queries.facts(loan, of)
            assert statement(facts, of.day, of.day, UNSUBSIDISED) is not None

        def loaded(loan: UUID, of: Asked) -> None:
            assert queries.facts(loan, of)

        def select(loan: UUID, _: Asked) -> None:
            with store.reading() as conn:
                assert conn.execute(SELECT, (stream_of(loan),), prepare=True, binary=True).fetchall()

        def timed(work: Any) -> float:
            taken = []
            for _ in range(QUESTIONS):
                question = next(asked)
                began = time.perf_counter()
                work(*question)
                taken.append(time.perf_counter() - began)
            return median(taken) * 1000

        try:
            yield {"ours": lambda: timed(ours), "loaded only": lambda: timed(loaded), "select": lambda: timed(select)}
        finally:
            store.close()


def _questions(numbers: list[int]) -> Iterator[tuple[UUID, Asked]]:
    """Of any day of the loan, as everything is known now: the log was written today."""
    later = end_of_day(civil_day(SystemClock().now()))
    for number, question in zip(
        cycle(numbers), (next(q) for q in [questions()] for _ in range(QUESTIONS)), strict=False
    ):
        yield UUID(int=number + 1), Asked(question.day, later)


LOAN_STATEMENT = Benchmark("statement of one loan", statement_variants)
