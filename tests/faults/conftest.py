"""Fixtures of the tests of faults: chance that can be repeated, servers with the product's own settings, figures told."""

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
from tests.faults.lika_process import House
from tests.faults.postgres_server import Server
from tests.faults.processes import Errands, Office
from tests.faults.retrying_clients import VILLAGE
from tests.faults.service_under_test import LOG, Premises
from tests.support.databases import Databases
from tests.support.reported_figures import TOLD

Tell = Callable[[dict[str, int]], None]


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """This worker's server for faults: unlike that of the other tests it is as durable as the product's."""
    with Databases() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that tests may kill."""
    with Server() as running:
        yield running


@pytest.fixture
def house() -> Iterator[House]:
    """The whole of Lika in a process of its own, with one village declared."""
    with tempfile.TemporaryDirectory(prefix="lika-faults-") as folder:
        with living_in(Path(folder)) as living:
            yield living


@contextmanager
def living_in(folder: Path) -> Iterator[House]:
    """A house in a folder, up and running."""
    folder.chmod(0o711)  # the database's own account passes through
    living = House(folder)
    living.start()
    try:
        declare_village(living)
        yield living
    finally:
        living.stop()


def declare_village(house: House) -> None:
    token = house.token("operator", "", Role.OPERATOR)
    body = {"code": VILLAGE, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "declare-village"}
    httpx.post(f"{house.url}/registry/divisions", json=body, headers=headers).raise_for_status()


@pytest.fixture
def chance(record_property: Callable[[str, object], None]) -> random.Random:
    """Seeded anew each time; ``LIKA_SEED`` repeats what a run has told."""
    seed = int(os.environ.get("LIKA_SEED", random.SystemRandom().randrange(2**32)))
    record_property(TOLD, {"seed": seed})
    return random.Random(seed)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Figures for the end of the run, where they are added up."""
    return lambda counts: record_property(TOLD, counts)


class OpenOffice(Protocol):
    """Gives an office on fresh databases, or a second one ``beside`` another. ``kafka``: bootstrap servers."""

    def __call__(
        self, beside: Office | None = None, errands: Errands | None = None, kafka: str | None = None
    ) -> Office: ...


@pytest.fixture
def office(databases: Databases) -> Iterator[OpenOffice]:
    """As many as a test wants; gone after the test, databases and all."""
    with ExitStack() as open_:

        def opened(beside: Office | None = None, errands: Errands | None = None, kafka: str | None = None) -> Office:
            if beside is not None:
                premises = beside.premises
            else:
                log, reader = (open_.enter_context(databases.fresh("chassis")) for _ in range(2))
                # A topic is named after its log, and the broker is everybody's.
                name = f"log{uuid4().hex[:8]}" if kafka else LOG
                premises = Premises(log, reader, name, kafka)
            made = Office(premises, errands)
            open_.callback(made.abandon)
            return made

        yield opened
