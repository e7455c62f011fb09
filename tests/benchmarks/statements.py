"""The statement of a province over 13 years, as known at the end of a day or at an instant: 20,000 households, or with ``--full`` a
million. Beside the row: statements of counties, townships and villages."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from random import Random
from statistics import quantiles

from contracts.civil import start_of_day
from services.audit.areas import DivisionPrefix
from services.audit.statements.store import statement
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.province import fill_audit

SMALL, LARGE = 20_000, 1_000_000
QUESTIONS = 200
FIRST, LAST = 2014, 2026
BEGAN, DAYS = date(2014, 1, 10), 4_700


@contextmanager
def statement_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("audit") as (audit,):
        fill_audit(audit, households)
        store, rng = Store("audit", audit, SystemClock()), Random(17)
        try:
            yield {
                "known at any time": partial(p95, store, rng, ("99",)),
                "of counties": partial(p95, store, rng, tuple(f"99{city:02}{n:02}" for city in (3, 7) for n in (1, 5))),
                "of townships": partial(p95, store, rng, ("990305005", "990701011")),
                "ms": lambda: 1.0,
            }
        finally:
            store.close()


def p95(store: Store, rng: Random, areas: tuple[str, ...]) -> float:
    """Milliseconds; half of them as known at the end of a day."""
    taken = []
    for number in range(QUESTIONS):
        before = start_of_day(BEGAN + timedelta(rng.randrange(DAYS)))
        if number % 2:
            before += timedelta(seconds=rng.randrange(86_400))
        began = time.perf_counter()
        with store.reading() as conn:
            statement(conn, DivisionPrefix(rng.choice(areas)), FIRST, LAST, before)
        taken.append((time.perf_counter() - began) * 1000)
    return quantiles(taken, n=20)[-1]


STATEMENTS = Benchmark("statements", statement_variants)
