"""Memory of a service that rebuilds the household view of 5 million events: resident memory of its whole process tree,
in MB (of 1,000,000 bytes), as the system counts it, pages that its processes share counted for each.

Flat: at the end next to what it was when a third was folded.
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
from services.registry.households import store as households
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground, answer, asked, told
from tests.benchmarks.filling import fill, many

EVENTS, FACTS = 5_000_000, 100
LOOK = 0.05
"""Seconds between two looks."""
MB = 1_000_000


@contextmanager
def rebuilt(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as stack:
        registry, vault = stack.enter_context(ground.fresh("registry", "vault"))
        events = EVENTS // ground.scale
        fill(registry, many(events, FACTS, vault, ground.settings))
        found: dict[str, Any] = {}

        def ours() -> float:
            found.update(asked("memory", registry=registry))
            assert found["events"] == events
            return float(found["most"])

        yield {
            "ours": ours,
            "MB": lambda: 1.0,
            "at the end": lambda: float(found["end"]),
            "at a third": lambda: float(found["third"]),
            "events/s": lambda: float(found["per_second"]),
        }


class Tree(threading.Thread):
    """Looks at this process and all below it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._halt = threading.Event()
        self._self = psutil.Process(os.getpid())
        self.most = 0.0

    def now(self) -> float:
        """MB."""
        total = 0
        for process in (self._self, *self._self.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        self.most = max(self.most, total / MB)
        return total / MB

    def run(self) -> None:
        while not self._halt.wait(LOOK):
            self.now()

    def stop(self) -> None:
        self._halt.set()
        self.join()


def main() -> None:
    """The rebuild, as ``lika rebuild`` does it."""
    configure_logging("json", level=40)
    registry = told()["registry"]
    tree = Tree()
    tree.start()
    folded: list[tuple[float, float]] = []

    def hear(view: str, step: str, done: int, of: int) -> None:
        if step == "folding" and of:
            folded.append((done / of, tree.now()))

    with WorkerPool() as workers:
        rebuild = Rebuild(registry, "registry", "registry", households.view(), workers, hear)
        report = rebuild.run(confirmed=True)
        end = tree.now()
    tree.stop()
    third = next(mb for share, mb in folded if share >= 1 / 3)
    answer({
        "most": tree.most, "third": third, "end": end, "events": report.events,
        "per_second": report.events / report.seconds,
    })  # fmt: skip


MEMORY = Contest("memory of a rebuild", rebuilt, rounds=1, warm=0)

if __name__ == "__main__":
    main()
