"""How long a start takes until it is ready, and how long nothing is acknowledged when the leader of appends is killed, another
replica beside it."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from services.chassis.log.session import APPEND_LOCK
from services.chassis.postgres.embedded import EmbeddedPostgres
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.faults.conftest import declare_village
from tests.faults.lika_invariants import first_effects
from tests.faults.replicas import Replicas, replicas
from tests.faults.retrying_clients import Workload
from tests.support.separate import separate

CLIENTS, LARGEST = 8, "assistance"
AFTERWARDS = 200
"""Commands acknowledged after a kill before the gap is taken: it lies within them."""


def one_second() -> float:
    return 1.0


@contextmanager
def starting(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    """A replica of every service in one process, on databases that are there, in a house that runs."""
    with replicas() as house:
        first = house.add()
        first.start()
        second = house.add()

        def start() -> float:
            second.terminate()
            began = time.monotonic()
            second.start()
            return time.monotonic() - began

        yield {"ours": start, "s": one_second}


@contextmanager
def starting_alone(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    """The largest service, a process of its own beside the running others."""
    with tempfile.TemporaryDirectory(prefix="lika-sep-") as made:
        folder = Path(made)
        folder.chmod(0o711)  # the database's own account passes through
        with EmbeddedPostgres(folder / "pg") as server, separate(folder, server.uri()) as house:

            def start() -> float:
                house.stop(LARGEST)
                began = time.monotonic()
                house.start(LARGEST)
                house.wait_until_ready()
                return time.monotonic() - began

            yield {"ours": start, "s": one_second}


@contextmanager
def failing_over(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    """SIGKILL for whoever holds the append lock of the registry, while clients of both replicas record households."""
    with replicas() as house:
        for number in range(2):
            house.add().start()
            if number == 0:
                declare_village(house.replicas[0])
        with Workload(house, cadres=CLIENTS) as workload:
            yield {"ours": lambda: _gap_after_kill(house, workload), "s": one_second}
        _require_all_found(house, workload)


def _gap_after_kill(house: Replicas, workload: Workload) -> float:
    workload.wait_for_answers(AFTERWARDS)
    leader = house.holder("registry", APPEND_LOCK)
    since = time.monotonic()
    leader.kill()
    workload.wait_for_answers(AFTERWARDS)
    gap = workload.longest_gap(since)
    leader.start()
    return gap


def _require_all_found(house: Replicas, workload: Workload) -> None:
    """Raises ``RuntimeError`` where a command was acknowledged and is not on record, or is there twice."""
    acknowledged = {key: place for cadre in workload.cadres for key, place in cadre.acknowledged.items()}
    if first_effects(house, "registry", "HouseholdRecorded", "POST /registry/households") != acknowledged:
        raise RuntimeError("what was acknowledged is not what is on record")


STARTING = Benchmark("starting", starting, rounds=3)
STARTING_ALONE = Benchmark("starting alone", starting_alone, rounds=3)
FAILING_OVER = Benchmark("failing over", failing_over, rounds=3)
