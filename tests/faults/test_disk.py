"""A disk that is really full: commands are told so and leave nothing behind, and all goes on when there is room again."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.pq import PGconn, Ping

from tests.faults.conftest import Tell, living_in
from tests.faults.lika_invariants import house_findings
from tests.faults.lika_process import House
from tests.faults.retrying_clients import Officials
from tests.faults.small_disk import Ballast, small_disk
from tests.support.eventually import eventually

BEGAN = "SELECT pg_postmaster_start_time()"


@pytest.fixture
def cramped() -> Iterator[tuple[House, Ballast]]:
    """A house with its data on a small disk, and what fills it."""
    with small_disk() as disk, living_in(disk) as house:
        yield house, Ballast(disk)


def test_a_full_disk_refuses_commands_and_forgets_nothing(cramped: tuple[House, Ballast], tell: Tell) -> None:
    house, ballast = cramped
    with Officials(house) as officials:
        officials.wait_for_answers(20)
        ballast.fill()
        officials.wait_for(lambda: officials.unavailable()["storage_full"] >= 8)
        told_full = officials.unavailable()["storage_full"]
        ballast.remove()
        officials.wait_for_answers(20)

        # Without room for its own log the server goes down, and cannot come up before there is some.
        began = house.query("registry", BEGAN)
        ballast.fill()
        break_down(house)
        eventually(lambda: PGconn.ping(house.conninfo("registry").encode()) == Ping.NO_RESPONSE)
        ballast.remove()
        officials.wait_for_answers(20)
    assert house.query("registry", BEGAN) > began, "the server did not go down"
    assert officials.unavailable().keys() <= {"storage_full", "database_unavailable", "unavailable"}, "an incident"
    tell({"told that storage is full": told_full, **house_findings(house, officials)})


def break_down(house: House) -> None:
    """Use up the log segments that PostgreSQL holds in reserve, until it has to make one and cannot."""
    with psycopg.connect(house.conninfo("registry"), autocommit=True) as connection:
        with pytest.raises(psycopg.Error):
            write_log(connection)


def write_log(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    while True:
        connection.execute("SELECT pg_logical_emit_message(false, 'lika', repeat('x', 1000000))")
