"""Killed between any two steps, an office that lives again has lost nothing and repeats nothing."""

import random
from collections.abc import Iterator

import pytest

from tests.faults.conftest import OpenOffice, Tell
from tests.faults.invariants import settled_findings
from tests.faults.kill_plan import CRASHES_OF_THE_SERVER, KILLS_AT_EACH_POINT, OFFICE, visit
from tests.faults.postgres_server import Server
from tests.faults.processes import Office
from tests.faults.service_under_test import Premises


@pytest.fixture
def beside_a_server(server: Server) -> Iterator[Office]:
    """An office whose database server can be killed, too."""
    office = Office(Premises(server.database(), server.database()))
    yield office
    office.abandon()


@pytest.mark.parametrize("point", OFFICE)
def test_killed_there_it_goes_on_where_it_was(
    point: str, office: OpenOffice, chance: random.Random, tell: Tell
) -> None:
    killed = office()
    for _ in range(KILLS_AT_EACH_POINT):
        die_at(point, killed, chance)
        if chance.random() < 0.5:
            killed.start()
            assert killed.carry_out(chance.randint(1, 10))
            killed.close()
    killed.start()
    tell(settled_findings(killed))


def test_killed_together_with_its_database_it_goes_on_where_it_was(
    beside_a_server: Office, server: Server, chance: random.Random, tell: Tell
) -> None:
    for _ in range(CRASHES_OF_THE_SERVER):
        die_at(chance.choice(OFFICE), beside_a_server, chance)
        server.kill()
        server.start()
    beside_a_server.start()
    tell({"database crashes": CRASHES_OF_THE_SERVER, **settled_findings(beside_a_server)})


def test_a_database_killed_under_it_is_waited_for(
    beside_a_server: Office, server: Server, chance: random.Random, tell: Tell
) -> None:
    beside_a_server.start()
    for _ in range(CRASHES_OF_THE_SERVER):
        assert beside_a_server.carry_out(chance.randint(1, 60))
        server.kill()
        server.start()
        assert beside_a_server.carry_out(1)
    tell({"database crashes": CRASHES_OF_THE_SERVER, **settled_findings(beside_a_server)})


def die_at(point: str, office: Office, chance: random.Random) -> None:
    office.start(f"{point}=kill:{visit(point, chance)}")
    assert not office.carry_out(10_000), f"nobody came by {point}"
