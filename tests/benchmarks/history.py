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
from services.registry.households.domain import current_state, stream_of
from services.registry.households.queries import HouseholdQueries
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground
from tests.benchmarks.seeding import plant
from tests.benchmarks.synthetic_households import lives

FACTS = 100
HOUSEHOLDS = 300
SELECT = f"SELECT {COLUMNS} FROM log WHERE originator_id = %s ORDER BY originator_version".encode()


@contextmanager
def histories(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    known = lives(HOUSEHOLDS, FACTS)
    with ground.fresh("registry", "vault") as (registry, vault):
        plant(known, registry, vault, ground.settings, view=False)
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

        households = cycle([life.household_id for life in known])
        try:
            yield {
                "ours": partial(each, fold, households),
                "loaded only": partial(each, load, households),
                "select": partial(each, partial(select, binary=True), households),
                "select as text": partial(each, partial(select, binary=False), households),
            }
        finally:
            pool.close()
            store.close()


def each(do: Callable[[UUID], int], households: Iterator[UUID]) -> float:
    """Milliseconds for one household, the median over all of them. Raises ``AssertionError`` for a missing fact."""
    taken = []
    for _ in range(HOUSEHOLDS):
        household = next(households)
        began = time.perf_counter()
        rows = do(household)
        taken.append(time.perf_counter() - began)
        assert rows == FACTS
    return median(taken) * 1000


HISTORY = Contest("one household of 100 facts", histories)
