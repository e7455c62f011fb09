"""Rebuild of the household view: ours by as many processes as there are cores, with comparison and swap; the library's
projection, an event and a commit at a time; and COPY of as many rows into a log by as many processes.

All processes are started before the clock, since a province's rebuild takes minutes and their start a second.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import psycopg

from services.chassis.log.entries import COLUMNS
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households import views as household_store
from tests.benchmarks import projecting
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment, answer, child_process, messages, read_message
from tests.benchmarks.filling import fill_log, replicated_households
from tests.benchmarks.seeding import copy_rows

EVENTS = 200_000
FACTS = 100
STOCK_EVENTS = 3_000
"""The library takes seconds for these."""
SELECT_RANGE = (
    f"SELECT {COLUMNS} FROM log WHERE notification_id > %s AND notification_id <= %s ORDER BY notification_id"
)


@contextmanager
def rebuild_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    processes = os.cpu_count() or 1
    with ExitStack() as stack:
        registry, vault, library = stack.enter_context(environment.fresh("registry", "vault", "chassis"))
        fill_log(registry, replicated_households(EVENTS, FACTS, vault, environment.settings))
        workers = stack.enter_context(WorkerPool(processes))
        workers.start()
        rebuild = Rebuild(registry, "registry", "registry", household_store.view(), workers, lambda *_: None)
        share = EVENTS // processes
        copiers = [
            stack.enter_context(child_process(__name__, source=registry, after=n * share, upto=(n + 1) * share))
            for n in range(processes)
        ]
        stock = stack.enter_context(
            child_process(projecting.__name__, registry=registry, conninfo=library, events=STOCK_EVENTS)
        )
        for child in (*copiers, stock):
            child.read_line()

        def ours() -> float:
            report = rebuild.run(confirmed=True)
            assert report.swapped
            assert (report.events, report.failed) == (EVENTS, 0)
            return report.events / report.seconds

        def copy() -> float:
            with environment.fresh("chassis") as (target,):
                started = time.monotonic()
                for copier in copiers:
                    copier.send(target=target)
                rows = sum(int(copier.read_line()) for copier in copiers)
                seconds = time.monotonic() - started
            assert rows == share * processes
            return rows / seconds

        yield {"ours": ours, "stock": lambda: float(stock.request()), "copy": copy}


def main() -> None:
    """In a child: one of the copiers. It loads its share of the rows, answers, and copies them for each message."""
    config = read_message()
    with psycopg.connect(config["source"]) as conn, conn.cursor(binary=True) as cur:
        rows = cur.execute(SELECT_RANGE.encode(), (config["after"], config["upto"])).fetchall()
    answer("ready")
    for message in messages():
        with psycopg.connect(message["target"]) as conn:
            copy_rows(conn, rows)
        answer(len(rows))


REBUILD = Benchmark("rebuild of the household view", rebuild_variants, rounds=3)

if __name__ == "__main__":
    main()
