"""An embedded server that goes down is started again as long as somebody keeps it."""

import os
import signal
import tempfile
from pathlib import Path

import psycopg

from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.postgres.watchdog import DatabaseWatchdog
from tests.support.eventually import eventually


def answers(server: EmbeddedPostgres) -> bool:
    try:
        with psycopg.connect(server.uri()) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_a_killed_server_is_started_again_and_stops_with_its_watchdog() -> None:
    with tempfile.TemporaryDirectory(prefix="lika-watchdog-") as folder:
        Path(folder).chmod(0o711)  # the database's own account passes through
        server = EmbeddedPostgres(Path(folder) / "postgres")
        pid = server.data / "postmaster.pid"
        with server, DatabaseWatchdog(server):
            first = int(pid.read_text().split("\n", 1)[0])
            os.kill(first, signal.SIGKILL)
            eventually(lambda: pid.exists() and pid.read_text().split("\n", 1)[0] != str(first), 60)
            eventually(lambda: answers(server), 60)
            assert not server.is_down()
        assert not pid.exists()
        assert server.is_down()
