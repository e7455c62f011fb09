"""One household of 100 facts: loaded and folded, against the bare SELECT of its rows."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from statistics import median
from uuid import UUID

from psycopg_pool import ConnectionPool

from services.chassis.ground.clock import SystemClock
from services.chassis.log.entries import COLUMNS
from services.chassis.log.store import Store
from services.registry.households.domain import stream_of
from services.registry.households.queries import HouseholdQueries
from services.registry.households.rehydration import current_state
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.seeding import seed_registry
from tests.benchmarks.synthetic_households import synthetic_households

FACTS = 100
HOUSEHOLDS = 300
SELECT = f"SELECT {COLUMNS} FROM log WHERE originator_id = %s ORDER BY originator_version".encode()


@contextmanager
def history_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = synthetic_households(HOUSEHOLDS, FACTS)
    with environment.fresh("registry", "vault") as (registry, vault):
        seed_registry(households, registry, vault, environment.settings, view=False)
        store = Store("registry", registry, SystemClock())
        reading = HouseholdQueries(store)
        pool = ConnectionPool(registry, min_size=1, max_size=4, kwargs={"autocommit": True}, open=True)

        def fold(household: UUID) -> int:
            facts = reading.facts(household)
            assert current_state(facts).persons
            return len(facts)

        def load(household: UUID) -> int:
            return len(reading.facts(household))

        def select(household: UUID, *, binary: bool) -> int:
            with pool.connection() as conn:
                return len(conn.execute(SELECT, (stream_of(household),), prepare=True, binary=binary).fetchall())

        household_ids = cycle([household.household_id for household in households])
        try:
            yield {
                "ours": partial(median_milliseconds, fold, household_ids),
                "loaded only": partial(median_milliseconds, load, household_ids),
                "select": partial(median_milliseconds, partial(select, binary=True), household_ids),
                "select as text": partial(median_milliseconds, partial(select, binary=False), household_ids),
            }
        finally:
            pool.close()
            store.close()


def median_milliseconds(query: Callable[[UUID], int], household_ids: Iterator[UUID]) -> float:
    """Median time of a query per household; it returns the number of facts. Raises ``AssertionError`` for a missing one."""
    durations = []
    for _ in range(HOUSEHOLDS):
        household = next(household_ids)
        started = time.perf_counter()
        facts = query(household)
        durations.append(time.perf_counter() - started)
        assert facts == FACTS
    return median(durations) * 1000


HISTORY = Benchmark("one household of 100 facts", history_variants)
