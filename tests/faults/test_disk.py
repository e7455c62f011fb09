"""A full disk: commands are refused with ``storage_full`` and leave nothing behind; all goes on when there is space again."""

from collections.abc import Iterator

import psutil
import psycopg
import pytest

from tests.faults.conftest import ReportFigures, lika_in
from tests.faults.lika_invariants import check_lika
from tests.faults.lika_process import LikaProcess
from tests.faults.retrying_clients import Workload
from tests.faults.small_disk import Ballast, small_disk
from tests.support.databases import as_superuser
from tests.support.eventually import eventually

RESERVED_SEGMENTS = 3
STARTED_AT = "SELECT pg_postmaster_start_time()"


@pytest.fixture
def lika_on_small_disk() -> Iterator[tuple[LikaProcess, Ballast]]:
    """Lika with its data on a small disk, and the ballast file that fills it."""
    with small_disk() as disk, lika_in(disk) as lika:
        yield lika, Ballast(disk)


@pytest.mark.long_run
def test_a_full_disk_refuses_commands_and_loses_nothing(
    lika_on_small_disk: tuple[LikaProcess, Ballast], report: ReportFigures
) -> None:
    lika, ballast = lika_on_small_disk
    with Workload(lika) as workload:
        workload.wait_for_answers(20)
        reserve_wal_segments(lika)
        ballast.fill()
        workload.wait_for(lambda: workload.unavailable()["storage_full"] >= 8)
        refused_as_full = workload.unavailable()["storage_full"]
        ballast.remove()
        workload.wait_for_answers(20)

        # Without space for its write-ahead log PostgreSQL stops, and cannot start before there is some.
        started_at = lika.query("registry", STARTED_AT)
        postmaster = lika.postmaster()
        ballast.fill()
        exhaust_wal_segments(lika)
        # Not by a ping, which finds nobody already while the postmaster replaces its backends.
        eventually(lambda: has_exited(postmaster), 60)
        ballast.remove()
        workload.wait_for_answers(20)
    assert lika.query("registry", STARTED_AT) > started_at, "the server did not stop"
    assert workload.unavailable().keys() <= {"storage_full", "database_unavailable", "unavailable"}, (
        "an unexpected failure"
    )
    report({"refused as full": refused_as_full, **check_lika(lika, workload)})


@pytest.mark.long_run
def test_told_to_end_while_its_database_is_down_it_ends(
    lika_on_small_disk: tuple[LikaProcess, Ballast],
) -> None:
    lika, ballast = lika_on_small_disk
    postmaster = lika.postmaster()
    ballast.fill()
    exhaust_wal_segments(lika)
    eventually(lambda: has_exited(postmaster), 60)
    lika.terminate()  # fails where it takes minutes, each thread waiting for the database in its turn
    assert not lika.is_ready()
    ballast.remove()


def has_exited(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def reserve_wal_segments(lika: LikaProcess) -> None:
    """Let PostgreSQL keep empty WAL segments, so that the tables are what finds no space first, wherever in its segment
    the write-ahead log stands."""
    with psycopg.connect(as_superuser(lika.conninfo("registry")), autocommit=True) as connection:
        for _ in range(RESERVED_SEGMENTS):
            connection.execute("SELECT pg_logical_emit_message(false, 'lika', 'x'), pg_switch_wal()")
        connection.execute("CHECKPOINT")
        row = connection.execute("SELECT count(*) FROM pg_ls_waldir()").fetchone()
    assert row is not None
    assert row[0] > 1, "no segment in reserve"


def exhaust_wal_segments(lika: LikaProcess) -> None:
    """Use up the WAL segments that PostgreSQL has in reserve, until it cannot create another."""
    with psycopg.connect(lika.conninfo("registry"), autocommit=True) as connection:
        with pytest.raises(psycopg.Error):
            write_wal(connection)


def write_wal(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    while True:
        connection.execute("SELECT pg_logical_emit_message(false, 'lika', repeat('x', 1000000))")
