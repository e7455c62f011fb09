"""A service killed between any two steps has lost nothing and repeats nothing when it is started again."""

import random
from collections.abc import Iterator

import pytest

from tests.faults.conftest import MakeService, ReportFigures
from tests.faults.invariants import settle_and_check
from tests.faults.kill_plan import (
    KILLED_FAILPOINTS,
    KILLS_PER_FAILPOINT,
    POSTGRES_CRASHES,
    SERVICE_FAILPOINTS,
    random_hit,
)
from tests.faults.postgres_server import PostgresServer
from tests.faults.processes import ServiceProcess
from tests.faults.service_under_test import Deployment


@pytest.fixture
def service_on_server(server: PostgresServer) -> Iterator[ServiceProcess]:
    """A service whose database server can be killed, too."""
    service = ServiceProcess(Deployment(server.database(), server.database()))
    yield service
    service.dispose()


@pytest.mark.parametrize("point", KILLED_FAILPOINTS)
def test_killed_there_it_goes_on_where_it_was(
    point: str, make_service: MakeService, rng: random.Random, report: ReportFigures
) -> None:
    service = make_service()
    for _ in range(KILLS_PER_FAILPOINT):
        die_at(point, service, rng)
        if rng.random() < 0.5:
            service.start()
            assert service.complete(rng.randint(1, 10))
            service.shut_down()
    service.start()
    report(settle_and_check(service))


@pytest.mark.long_run
def test_killed_together_with_its_database_it_goes_on_where_it_was(
    service_on_server: ServiceProcess, server: PostgresServer, rng: random.Random, report: ReportFigures
) -> None:
    for _ in range(POSTGRES_CRASHES):
        die_at(rng.choice(SERVICE_FAILPOINTS), service_on_server, rng)
        server.kill()
        server.start()
    service_on_server.start()
    report({"database crashes": POSTGRES_CRASHES, **settle_and_check(service_on_server)})


def test_a_database_killed_under_it_is_waited_for(
    service_on_server: ServiceProcess, server: PostgresServer, rng: random.Random, report: ReportFigures
) -> None:
    service_on_server.start()
    for _ in range(POSTGRES_CRASHES):
        assert service_on_server.complete(rng.randint(1, 60))
        server.kill()
        server.start()
        assert service_on_server.complete(1)
    report({"database crashes": POSTGRES_CRASHES, **settle_and_check(service_on_server)})


def die_at(point: str, service: ServiceProcess, rng: random.Random) -> None:
    service.start(f"{point}=kill:{random_hit(point, rng)}")
    assert not service.complete(10_000), f"no process hit {point}"
