"""All programmes in force asked of every household and person of a register: 2,000 households of five facts, or with ``--full``
100,000. What should be granted and is not, and what is and would not be, is listed page by page, as an export of that list reads it.

The floor is the promise: a million households in fifteen minutes. The cost grows with the households and not beyond, since they are folded
in portions; beside the row stands what the process grew by, in MB.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from services.assistance.document_kinds import FIRST_TEXTS, FOLLOWED, KINDS
from services.assistance.entitlements.queries import BEFORE_FIRST_PROGRAMME, EntitlementQueries
from services.casework.documents.reading import Documents
from services.casework.people import view as people
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.web.paging import LARGEST_PAGE
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.memory import ProcessTreeMemory
from tests.benchmarks.seeding import seed_registry
from tests.benchmarks.synthetic_households import synthetic_households

SMALL, LARGE, FACTS = 2_000, 100_000, 5
DAY, PROVINCE = date(2018, 1, 2), "99"
PROMISE = 1_000_000 / 900
"""Households a second."""


@contextmanager
def reevaluating_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    count = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("registry", "vault", "assistance") as (registry, vault, assistance):
        seed_registry(synthetic_households(count, FACTS), registry, vault, environment.settings, view=False)
        producer, store = Store("registry", registry, SystemClock()), Store("assistance", assistance, SystemClock())
        try:
            consumer = Consumer(store, LocalSource(producer), [people.view()])
            while consumer.step():
                pass
            FIRST_TEXTS.adopt(store)
            documents = Documents(store, KINDS, FOLLOWED)
            queries = EntitlementQueries(store, documents)

            def asked() -> float:
                began, after, listed = time.monotonic(), BEFORE_FIRST_PROGRAMME, 0
                while found := queries.eligibility(
                    None, (PROVINCE, None, None), DAY, after, LARGEST_PAGE, "differences"
                ):
                    listed += len(found)
                    after = (found[-1].division, found[-1].household_id, found[-1].unit_id, found[-1].programme)
                assert listed >= count
                return count / (time.monotonic() - began)

            def grown() -> float:
                memory = ProcessTreeMemory()
                before = memory.sample()
                memory.start()
                asked()
                memory.stop()
                return memory.peak - before

            yield {"ours": asked, "a million in fifteen minutes": lambda: PROMISE, "memory": grown, "MB": lambda: 1.0}
        finally:
            producer.close()
            store.close()


REEVALUATING = Benchmark("all programmes asked of every household", reevaluating_variants)
