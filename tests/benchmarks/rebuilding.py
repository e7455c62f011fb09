"""Rebuild of the household view: ours by as many processes as there are cores, with comparison and swap; the library's
projection, an event and a commit at a time; and COPY of as many rows into a log by as many processes.

The processes of all are started before the clock, since a province's rebuild takes minutes and their start a second.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import psycopg

from services.chassis.log.entries import COLUMNS
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households import store as households
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground, partner, questions, told
from tests.benchmarks.environment import answer as answered
from tests.benchmarks.filling import fill, many
from tests.benchmarks.seeding import copy_rows

EVENTS = 200_000
FACTS = 100
STOCK_EVENTS = 3_000
"""The library takes seconds for these."""
READ = f"SELECT {COLUMNS} FROM log WHERE notification_id > %s AND notification_id <= %s ORDER BY notification_id"


@contextmanager
def rebuilds(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    processes = os.cpu_count() or 1
    with ExitStack() as stack:
        registry, vault, library = stack.enter_context(ground.fresh("registry", "vault", "chassis"))
        fill(registry, many(EVENTS, FACTS, vault, ground.settings))
        workers = stack.enter_context(WorkerPool(processes))
        workers.start()
        rebuild = Rebuild(registry, "registry", "registry", households.view(), workers, lambda *_: None)
        share = EVENTS // processes
        copying = [
            stack.enter_context(partner("rebuilding", source=registry, after=n * share, upto=(n + 1) * share))
            for n in range(processes)
        ]
        stock = stack.enter_context(partner("projecting", registry=registry, conninfo=library, events=STOCK_EVENTS))
        for started in (*copying, stock):
            started.hear()

        def ours() -> float:
            report = rebuild.run(confirmed=True)
            assert report.swapped
            assert (report.events, report.failed) == (EVENTS, 0)
            return report.events / report.seconds

        def copied() -> float:
            with ground.fresh("chassis") as (target,):
                began = time.monotonic()
                for each in copying:
                    each.say(target=target)
                rows = sum(int(each.hear()) for each in copying)
                seconds = time.monotonic() - began
            assert rows == share * processes
            return rows / seconds

        yield {"ours": ours, "stock": lambda: float(stock.ask()), "copy": copied}


def main() -> None:
    """One of the processes that copy: its share of the rows is in memory before it is asked."""
    said = told()
    with psycopg.connect(said["source"]) as conn, conn.cursor(binary=True) as cur:
        rows = cur.execute(READ.encode(), (said["after"], said["upto"])).fetchall()
    answered("ready")
    for question in questions():
        with psycopg.connect(question["target"]) as conn:
            copy_rows(conn, rows)
        answered(len(rows))


REBUILD = Contest("rebuild of the household view", rebuilds, rounds=3)

if __name__ == "__main__":
    main()
