"""Memory of a rebuild of the household view from 5 million events: resident memory of the whole process tree, in MB of
1,000,000 bytes; pages that processes share are counted for each.

It shall not grow: the second row divides the memory at the end by that when a third was folded.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil

from services.chassis.ground.structured_logging import configure_logging
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households import views as household_store
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment, answer, read_message, run_child
from tests.benchmarks.filling import fill_log, replicated_households

EVENTS, FACTS = 5_000_000, 100
POLL_INTERVAL = 0.05
"""Seconds between two samples."""
MB = 1_000_000


@contextmanager
def memory_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with ExitStack() as stack:
        registry, vault = stack.enter_context(environment.fresh("registry", "vault"))
        events = EVENTS // environment.scale
        fill_log(registry, replicated_households(events, FACTS, vault, environment.settings))
        found: dict[str, Any] = {}

        def ours() -> float:
            found.update(run_child(__name__, registry=registry))
            assert found["events"] == events
            return float(found["peak"])

        yield {
            "ours": ours,
            "MB": lambda: 1.0,
            "at the end": lambda: float(found["end"]),
            "at a third": lambda: float(found["third"]),
            "events/s": lambda: float(found["per_second"]),
        }


class ProcessTreeMemory(threading.Thread):
    """Samples the memory of this process and its descendants."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._halt = threading.Event()
        self._self = psutil.Process(os.getpid())
        self.peak = 0.0

    def sample(self) -> float:
        """The sum now, in MB."""
        total = 0
        for process in (self._self, *self._self.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        self.peak = max(self.peak, total / MB)
        return total / MB

    def run(self) -> None:
        while not self._halt.wait(POLL_INTERVAL):
            self.sample()

    def stop(self) -> None:
        self._halt.set()
        self.join()


def main() -> None:
    """In a child: rebuild as ``lika rebuild`` does, and answer with peak, third, end (MB), events and events a second."""
    configure_logging("json", level=40)
    registry = read_message()["registry"]
    tree = ProcessTreeMemory()
    tree.start()
    samples: list[tuple[float, float]] = []

    def on_progress(view: str, step: str, done: int, of: int) -> None:
        if step == "folding" and of:
            samples.append((done / of, tree.sample()))

    with WorkerPool() as workers:
        rebuild = Rebuild(registry, "registry", "registry", household_store.view(), workers, on_progress)
        report = rebuild.run(confirmed=True)
        end = tree.sample()
    tree.stop()
    third = next(mb for folded_share, mb in samples if folded_share >= 1 / 3)
    answer({
        "peak": tree.peak, "third": third, "end": end, "events": report.events,
        "per_second": report.events / report.seconds,
    })  # fmt: skip


MEMORY = Benchmark("memory of a rebuild", memory_variants, rounds=1, warm=0)

if __name__ == "__main__":
    main()
