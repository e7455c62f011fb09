"""``lika up`` in a process of its own that can be killed, and queries on its databases."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from contracts.roles import Role
from services.chassis.ground.settings import database_name
from services.chassis.postgres.accounts import account_conninfo
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token

TIMEOUT = 120.0
"""Seconds for a start, a death or a stop; a test that waits longer fails."""


class LikaProcess:
    """The folder and the port stay the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(base_url=self.url, timeout=5)
        self._pause = threading.Event()  # never set: waiting for it is a pause between two polls

    def start(self, failpoints: str = "") -> None:
        """Start, and wait until every service is ready, or until one of ``failpoints`` (as in ``LIKA_FAILPOINTS``) has
        killed it. Raises ``AssertionError`` with the end of its log when neither comes about."""
        environment = {**os.environ, "LIKA_DATA_DIR": str(self.folder), "LIKA_FAILPOINTS": failpoints}
        environment["LIKA_OPERATIONS_PORT"] = "0"
        environment.pop("DATABASE_URL", None)
        with open(self.folder / "lika.log", "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lika.cli", "up", "--port", str(self.port)],
                env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = datetime.now(UTC) + timedelta(seconds=TIMEOUT)
        while not all(self._ready(s) for s in ("registry", "assistance", "monitoring", "audit")):
            if self._process.poll() is not None:
                assert failpoints, self.log()
                return
            assert datetime.now(UTC) < deadline, self.log()
            self._pause.wait(0.05)

    def wait_until_killed(self) -> None:
        """Wait until a failpoint has killed it."""
        assert self._process is not None
        assert self._process.wait(TIMEOUT) == -signal.SIGKILL, self.log()
        self.kills += 1

    def kill(self) -> None:
        """SIGKILL the program; its PostgreSQL goes on running, as it would on a real machine."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1

    def kill_database(self) -> None:
        """SIGKILL PostgreSQL's postmaster."""
        self.postmaster().kill()

    def postmaster(self) -> psutil.Process:
        """PostgreSQL's main process."""
        pid_file = self.folder / "postgres" / "data" / "postmaster.pid"
        return psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))

    @property
    def pid(self) -> int:
        """Of the running program."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """SIGTERM, as a service manager stops it, and stop PostgreSQL if it is still running."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(TIMEOUT)
        with EmbeddedPostgres(self.folder / "postgres"):
            pass  # leaving the block stops the server

    def log(self) -> str:
        """The last 4,000 characters of its log."""
        return (self.folder / "lika.log").read_text()[-4000:]

    def token(self, subject: str, division: str, *roles: Role) -> str:
        return issue_token(
            LocalKey.at(self.folder / "keys" / SIGNING_KEY), subject=subject, roles=roles, division=division,
            ttl=timedelta(hours=1), now=datetime.now(UTC),
        )  # fmt: skip

    def conninfo(self, service: str) -> str:
        """Connection string of a service's account."""
        database = database_name(service)
        server = f"host={self.folder / 'postgres' / 'data'}"
        return account_conninfo(server, database, database, self.folder / "keys" / f"{database}.pgpass")

    def query(self, service: str, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement returns from a service's database."""
        with psycopg.connect(self.conninfo(service)) as connection:
            return connection.execute(statement.encode(), params).fetchall()

    def _ready(self, service: str) -> bool:
        try:
            return self._client.get(f"/{service}/health/ready").is_success
        except httpx.HTTPError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
