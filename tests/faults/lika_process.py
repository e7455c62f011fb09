"""``lika up`` in a process of its own that can be killed, of this release or another one, and queries on its databases."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

import services
from contracts.roles import Role
from services.chassis.ground.settings import database_name
from services.chassis.postgres.accounts import account_conninfo
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token

TIMEOUT = 120.0
"""Seconds for a start, a death or a stop; a test that waits longer fails."""


@dataclass(frozen=True)
class Release:
    """The program in a source tree, run by an interpreter that has what it needs. ``module``: what takes its arguments."""

    tree: Path
    python: str
    module: str = "lika.cli"


PRESENT = Release(Path(services.__file__).parents[1], sys.executable)
"""This very source tree."""


class LikaProcess:
    """The folder and the port stay the same over restarts; ``release`` may be changed between them. ``environment``: what
    it is told beside that, such as the address of a database server; without one it has its own in the folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None, release: Release = PRESENT) -> None:
        self.folder, self.environment, self.release = folder, environment or {}, release
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.urls = [self.url]
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(base_url=self.url, timeout=5)
        self._pause = threading.Event()  # never set: waiting for it is a pause between two polls

    def start(self, failpoints: str = "") -> None:
        """Start, and wait until every service is ready, or until one of ``failpoints`` (as in ``LIKA_FAILPOINTS``) has
        killed it. Raises ``AssertionError`` with the end of its log when neither comes about."""
        self.spawn(failpoints)
        assert self._process is not None
        deadline = datetime.now(UTC) + timedelta(seconds=TIMEOUT)
        while not self.is_ready():
            if self._process.poll() is not None:
                assert failpoints, self.log()
                return
            assert datetime.now(UTC) < deadline, self.log()
            self._pause.wait(0.05)

    def spawn(self, failpoints: str = "") -> None:
        """Start without waiting for anything."""
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own = {"LIKA_DATA_DIR": str(self.folder), "LIKA_FAILPOINTS": failpoints}
        with open(self.folder / "lika.log", "ab") as log:
            self._process = subprocess.Popen(
                [self.release.python, "-m", self.release.module, "up", "--port", str(self.port)],
                env={**inherited, **own, **self.environment}, cwd=self.release.tree, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def refuses_to_start(self) -> bool:
        """Start, and wait for it to end by itself."""
        self.spawn()
        assert self._process is not None
        return self._process.wait(TIMEOUT) == 1

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

    def stop(self) -> None:
        """SIGTERM, as a service manager stops it, and stop PostgreSQL if it is still running."""
        self.terminate()
        with EmbeddedPostgres(self.folder / "postgres"):
            pass  # leaving the block stops the server

    def terminate(self) -> None:
        """SIGTERM, where it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(TIMEOUT)

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

    def is_ready(self) -> bool:
        return all(self._ready(s) for s in ("registry", "assistance", "monitoring", "audit"))

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
