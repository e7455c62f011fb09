"""Bulk append: a simulated province written the way ``lika simulate`` writes it, sealing, claims, answers and timers
included, against COPY in binary of the very same rows into the same indexed tables.

The facts are told before the clock starts. Months are put together to years, since a province has in a month what these
few households have in years: chunks of thousands of facts. Data keys are made in the round that needs them. What
assistance copies of the register while it follows it is no append and is left out; with it is shown beside.
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
from services.chassis.security.sealing import KeyedDigest
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from services.registry.vault.sealer import Sealer
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground
from tests.benchmarks.seeding import copy_rows

PLAN = Plan(households=400)
LOGS = ("registry", "assistance", "monitoring", "audit")
READ = f"SELECT {COLUMNS} FROM log ORDER BY notification_id".encode()
BEYOND = 2**62
Year = tuple[Month, Sequence[EventBatch]]
Rows = dict[str, list[tuple[Any, ...]]]


@contextmanager
def appended(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    told = years(PLAN)
    rows: Rows = {}

    def ours(*, follows: bool) -> float:
        with ground.fresh(*LOGS, "vault") as databases, ExitStack() as stack:
            logs = dict(zip(LOGS, databases, strict=False))
            if not follows:
                with psycopg.connect(logs["assistance"]) as conn:
                    conn.execute("INSERT INTO cursors VALUES ('assistance', 'registry', %s)", (BEYOND,))
            figure = written(ground, logs, databases[-1], told, stack.callback)
            for name, conninfo in logs.items():
                with psycopg.connect(conninfo) as conn, conn.cursor(binary=True) as cur:
                    rows[name] = cur.execute(READ).fetchall()
        return figure

    def copied() -> float:
        with ground.fresh(*["chassis"] * len(rows)) as targets:
            began = time.monotonic()
            for target, of_log in zip(targets, rows.values(), strict=True):
                with psycopg.connect(target) as conn:
                    copy_rows(conn, of_log)
            return sum(map(len, rows.values())) / (time.monotonic() - began)

    yield {
        "ours": partial(ours, follows=False),
        "copy": copied,
        "ours, assistance following": partial(ours, follows=True),
    }


def years(plan: Plan) -> list[Year]:
    """Each year's last month, and the batches of all its months."""
    told = [(month, list(month.batches)) for month in simulated_months(plan, Regulations.of_this_installation())]
    found: list[Year] = []
    for _, of_year in groupby(told, key=lambda one: one[0].recorded_on.year):
        some = list(of_year)
        found.append((some[-1][0], [batch for _, batches in some for batch in batches]))
    return found


def written(
    ground: Ground,
    logs: Mapping[str, str],
    vault: str,
    told: Sequence[Year],
    later: Callable[[Callable[[], None]], Any],
) -> float:
    """Events a second, until the last is durable."""
    settings = ground.settings
    stores = {name: Store(name, conninfo, SystemClock()) for name, conninfo in logs.items()}
    keys = Vault.connect(vault, LocalKek({1: settings.load_kek()}))
    for close in (*(store.close for store in stores.values()), keys.close):
        later(close)
    writer = Writer(PLAN, stores, Sealer(keys, KeyedDigest(settings.load_index_keys())))
    began = time.monotonic()
    months_ = (Month(month.recorded_on, iter(batches)) for month, batches in told)
    events = sum(year.events for year in writer.write(months_))
    return events / (time.monotonic() - began)


BULK = Contest("bulk append", appended, rounds=3)
