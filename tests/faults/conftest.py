"""Fixtures of the fault tests: a reproducible random generator, servers with the product's settings, reported figures."""

import os
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import httpx
import pytest

from contracts.roles import Role
from services.chassis.kafka.cluster import Cluster
from tests.faults.lika_process import LikaProcess
from tests.faults.postgres_server import PostgresServer
from tests.faults.processes import CommandTracker, ServiceProcess
from tests.faults.retrying_clients import VILLAGE
from tests.faults.service_under_test import LOG, Deployment
from tests.support.databases import Databases
from tests.support.long_run import LONG
from tests.support.reported_figures import FIGURES

ReportFigures = Callable[[dict[str, int]], None]

collect_ignore = [] if LONG else ["test_flood.py", "test_replicas.py", "test_separate_sample.py", "test_upgrade.py"]
"""What takes minutes and has no short run."""


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """This worker's server: unlike the one of the other tests it has the product's durability settings."""
    with Databases() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that tests may kill."""
    with PostgresServer() as running:
        yield running


@pytest.fixture
def lika() -> Iterator[LikaProcess]:
    """The whole of Lika in a process of its own, with one village declared."""
    with tempfile.TemporaryDirectory(prefix="lika-faults-") as folder:
        with lika_in(Path(folder)) as running:
            yield running


@contextmanager
def lika_in(folder: Path) -> Iterator[LikaProcess]:
    """Lika with its data in a folder, up and running."""
    folder.chmod(0o711)  # the database's own account passes through
    process = LikaProcess(folder)
    process.start()
    try:
        declare_village(process)
        yield process
    finally:
        process.stop()


def declare_village(lika: LikaProcess) -> None:
    token = lika.token("operator-1", "", Role.OPERATOR)
    body = {"code": VILLAGE, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "declare-village"}
    httpx.post(f"{lika.url}/registry/divisions", json=body, headers=headers).raise_for_status()


@pytest.fixture
def rng(record_property: Callable[[str, object], None]) -> random.Random:
    """Seeded anew each time; ``LIKA_SEED`` repeats the seed that a run has reported."""
    seed = int(os.environ.get("LIKA_SEED", random.SystemRandom().randrange(2**32)))
    record_property(FIGURES, {"seed": seed})
    return random.Random(seed)


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> ReportFigures:
    """Report figures, which are summed up at the end of the run."""
    return lambda counts: record_property(FIGURES, counts)


class MakeService(Protocol):
    """A service process on fresh databases, or a second one on those of ``beside``. ``kafka``: through which its log is read."""

    def __call__(
        self, beside: ServiceProcess | None = None, commands: CommandTracker | None = None, kafka: Cluster | None = None
    ) -> ServiceProcess: ...


@pytest.fixture
def make_service(databases: Databases) -> Iterator[MakeService]:
    """As many as a test wants; killed after the test, and their databases dropped."""
    with ExitStack() as stack:

        def make(
            beside: ServiceProcess | None = None, commands: CommandTracker | None = None, kafka: Cluster | None = None
        ) -> ServiceProcess:
            if beside is not None:
                deployment = beside.deployment
            else:
                log, reader = (stack.enter_context(databases.fresh("chassis")) for _ in range(2))
                # A topic is named after its log, and the tests share one broker.
                name = f"log{uuid4().hex[:8]}" if kafka else LOG
                deployment = Deployment(log, reader, name, kafka)
            made = ServiceProcess(deployment, commands)
            stack.callback(made.dispose)
            return made

        yield make
