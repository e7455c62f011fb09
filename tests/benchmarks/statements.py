"""The statement of a province over 13 years, as known at the end of a day or at an instant: 20,000 households, or with ``--full`` a
million. Where they were recorded over the years, and where all were imported in one day, as known at an instant of that day. Beside
the rows: statements of counties and townships."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
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
from tests.benchmarks.province import IMPORT_BEGAN, IMPORT_ENDED, fill_audit

SMALL, LARGE = 20_000, 1_000_000
QUESTIONS = 200
FIRST, LAST = 2014, 2026
BEGAN, DAYS = date(2014, 1, 10), 4_700


@contextmanager
def statement_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("audit", "audit") as databases:
        for database, imported in zip(databases, (False, True), strict=True):
            fill_audit(database, households, imported=imported)
        recorded, imported_at_once = stores = [Store("audit", database, SystemClock()) for database in databases]
        rng = Random(17)
        instant, during = partial(any_instant, rng), partial(instant_of_the_import, rng)
        counties = tuple(f"99{city:02}{n:02}" for city in (3, 7) for n in (1, 5))
        townships = ("990305005", "990701011")
        try:
            yield {
                "known at any time": partial(p95, recorded, rng, ("99",), instant),
                "during an import": partial(p95, imported_at_once, rng, ("99",), during),
                "of counties": partial(p95, recorded, rng, counties, instant),
                "of townships": partial(p95, recorded, rng, townships, instant),
                "of counties during an import": partial(p95, imported_at_once, rng, counties, during),
                "ms": lambda: 1.0,
            }
        finally:
            for store in stores:
                store.close()


def any_instant(rng: Random) -> datetime:
    """Half of them the end of a day."""
    day = start_of_day(BEGAN + timedelta(rng.randrange(DAYS)))
    return day + timedelta(seconds=rng.choice((0, rng.randrange(86_400))))


def instant_of_the_import(rng: Random) -> datetime:
    return IMPORT_BEGAN + (IMPORT_ENDED - IMPORT_BEGAN) * rng.random()


def p95(store: Store, rng: Random, areas: tuple[str, ...], instant: Callable[[], datetime]) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(QUESTIONS):
        before = instant()
        began = time.perf_counter()
        with store.reading() as conn:
            statement(conn, DivisionPrefix(rng.choice(areas)), FIRST, LAST, before)
        taken.append((time.perf_counter() - began) * 1000)
    return quantiles(taken, n=20)[-1]


STATEMENTS = Benchmark("statements", statement_variants)
