"""Bulk append: a simulated province written the way ``lika simulate`` writes it, sealing, claims, answers and timers
included, against COPY in binary of the very same rows into the same indexed tables.

The facts are generated before the clock starts. Months are merged into years, since a province has in a month what these
few households have in years: chunks of thousands of facts. Data keys are made in the round that needs them. The copies
that assistance keeps of the registry's log are no appends and are left out; a variant in no row includes them.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import groupby
from typing import Any

import psycopg

from lika.simulation.event_buffer import EventBatch
from lika.simulation.months import Month, simulated_months
from lika.simulation.plan import Plan
from lika.simulation.regulations import Regulations
from lika.simulation.writer import Writer
from services.chassis.ground.clock import SystemClock
from services.chassis.log.entries import COLUMNS
from services.chassis.log.store import Store
from services.chassis.security.sealer import Sealer
from services.chassis.security.sealing import KeyedDigest
from services.registry.vault.keys import Vault
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.seeding import copy_rows

PLAN = Plan(households=400)
LOGS = ("registry", "assistance", "monitoring", "audit")
SELECT_LOG = f"SELECT {COLUMNS} FROM log ORDER BY notification_id".encode()
PAST_THE_END = 2**62
"""A position that no log reaches, so that assistance finds nothing to consume."""
Year = tuple[Month, Sequence[EventBatch]]
Rows = dict[str, list[tuple[Any, ...]]]


@contextmanager
def bulk_append_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    batches_by_year = by_year(PLAN)
    rows: Rows = {}

    def ours(*, assistance_follows: bool) -> float:
        with environment.fresh(*LOGS, "vault") as databases, ExitStack() as stack:
            logs = dict(zip(LOGS, databases, strict=False))
            if not assistance_follows:
                with psycopg.connect(logs["assistance"]) as conn:
                    conn.execute("INSERT INTO cursors VALUES ('assistance', 'registry', %s)", (PAST_THE_END,))
            figure = write_all(environment, logs, databases[-1], batches_by_year, stack.callback)
            for name, conninfo in logs.items():
                with psycopg.connect(conninfo) as conn, conn.cursor(binary=True) as cur:
                    rows[name] = cur.execute(SELECT_LOG).fetchall()
        return figure

    def copy() -> float:
        with environment.fresh(*["chassis"] * len(rows)) as targets:
            started = time.monotonic()
            for target, of_log in zip(targets, rows.values(), strict=True):
                with psycopg.connect(target) as conn:
                    copy_rows(conn, of_log)
            return sum(map(len, rows.values())) / (time.monotonic() - started)

    yield {
        "ours": partial(ours, assistance_follows=False),
        "copy": copy,
        "ours, assistance following": partial(ours, assistance_follows=True),
    }


def by_year(plan: Plan) -> list[Year]:
    """Per year: its last month, and the batches of all its months."""
    by_month = [(month, list(month.batches)) for month in simulated_months(plan, Regulations.of_this_installation())]
    found: list[Year] = []
    for _, of_year in groupby(by_month, key=lambda pair: pair[0].recorded_on.year):
        year_months = list(of_year)
        found.append((year_months[-1][0], [batch for _, batches in year_months for batch in batches]))
    return found


def write_all(
    environment: BenchmarkEnvironment,
    logs: Mapping[str, str],
    vault: str,
    batches_by_year: Sequence[Year],
    on_exit: Callable[[Callable[[], None]], Any],
) -> float:
    """Write everything into empty databases; events a second until the last is durable."""
    settings = environment.settings
    stores = {name: Store(name, conninfo, SystemClock()) for name, conninfo in logs.items()}
    keys = Vault.of(settings, vault)
    for close in (*(store.close for store in stores.values()), keys.close):
        on_exit(close)
    writer = Writer(PLAN, stores, Sealer(keys, KeyedDigest(settings.load_index_keys())))
    started = time.monotonic()
    merged_months = (Month(month.recorded_on, iter(batches)) for month, batches in batches_by_year)
    events = sum(year.events for year in writer.write(merged_months))
    return events / (time.monotonic() - started)


BULK = Benchmark("bulk append", bulk_append_variants, rounds=3)
