"""Lika as its users run it, in a process of its own that can be killed, and what its databases say afterwards."""

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
import psycopg

from contracts.roles import Role
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.security.identity import SIGNING_KEY, LocalKey, issue_token

PATIENCE = 120.0
"""Seconds after which a house that does not answer is a failed test."""


class House:
    """``lika up`` on a folder and a port that stay the same from one life to the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(base_url=self.url, timeout=5)
        self._pause = threading.Event()  # never set: a wait on it is a bounded pause between two looks

    def start(self, orders: str = "") -> None:
        """Start, and wait until every service is ready, or until it has died where ``orders`` (``LIKA_FAILPOINTS``) say.
        Raises ``AssertionError`` with the log when it is neither."""
        environment = {**os.environ, "LIKA_DATA_DIR": str(self.folder), "LIKA_FAILPOINTS": orders}
        environment.pop("DATABASE_URL", None)
        with open(self.folder / "lika.log", "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lika.cli", "up", "--port", str(self.port)],
                env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        give_up = datetime.now(UTC) + timedelta(seconds=PATIENCE)
        while not all(self._ready(s) for s in ("registry", "assistance", "monitoring", "audit")):
            if self._process.poll() is not None:
                assert orders, self.log()
                return
            assert datetime.now(UTC) < give_up, self.log()
            self._pause.wait(0.05)

    def wait_for_death(self) -> None:
        """Until its failpoint has killed it."""
        assert self._process is not None
        assert self._process.wait(PATIENCE) == -signal.SIGKILL, self.log()
        self.kills += 1

    def kill(self) -> None:
        """SIGKILL the whole program; its database server outlives it, as it would on a real machine."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1

    def kill_database(self) -> None:
        """SIGKILL PostgreSQL's postmaster."""
        pid = int((self.folder / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """The end of the test: asked to stop, as a service manager would."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(PATIENCE)
        with EmbeddedPostgres(self.folder / "postgres"):
            pass  # takes down a server that outlived its program

    def log(self) -> str:
        """The end of what it has said."""
        return (self.folder / "lika.log").read_text()[-4000:]

    def token(self, subject: str, division: str, *roles: Role) -> str:
        return issue_token(
            LocalKey.at(self.folder / "keys" / SIGNING_KEY), subject=subject, roles=roles, division=division,
            ttl=timedelta(hours=1), now=datetime.now(UTC),
        )  # fmt: skip

    def conninfo(self, service: str) -> str:
        """A service's database, while its server runs."""
        return f"host={self.folder / 'postgres' / 'data'} user=postgres dbname=lika_{service}"

    def query(self, service: str, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a service's database holds."""
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
