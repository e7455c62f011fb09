"""Several whole Likas on one PostgreSQL server: so many replicas of every service, each in a process of its own."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from contracts.roles import Role
from services.chassis.ground.settings import database_name
from services.chassis.postgres.accounts import account_conninfo
from tests.faults.lika_process import PRESENT, LikaProcess, Release
from tests.faults.postgres_server import PostgresServer
from tests.support.eventually import eventually

HOLDER = """
SELECT holder.application_name FROM pg_locks JOIN pg_stat_activity AS holder USING (pid)
WHERE locktype = 'advisory' AND objid = %s AND granted AND holder.datname = current_database()
"""


class Replicas:
    """All replicas share the server and the keys; each has a folder, a port and a name (its number) of its own."""

    def __init__(self, server: PostgresServer, folder: Path, environment: dict[str, str] | None = None) -> None:
        self._server, self._folder = server, folder
        self._environment = {**(environment or {}), "DATABASE_URL": server.embedded.uri()}
        self.replicas: list[LikaProcess] = []

    def add(self, release: Release = PRESENT) -> LikaProcess:
        """One more, not yet started."""
        folder = self._folder / str(len(self.replicas))
        folder.mkdir()
        if self.replicas:
            shutil.copytree(self.replicas[0].folder / "keys", folder / "keys")
        name = {"PGAPPNAME": str(len(self.replicas))}
        self.replicas.append(LikaProcess(folder, {**self._environment, **name}, release))
        return self.replicas[-1]

    @property
    def urls(self) -> Sequence[str]:
        return [replica.url for replica in self.replicas]

    @property
    def kills(self) -> int:
        return sum(replica.kills for replica in self.replicas)

    def token(self, subject: str, division: str, *roles: Role) -> str:
        return self.replicas[0].token(subject, division, *roles)

    def conninfo(self, service: str) -> str:
        """Connection string of a service's account."""
        database = database_name(service)
        password = self.replicas[0].folder / "keys" / f"{database}.pgpass"
        return account_conninfo(self._server.embedded.uri(), database, database, password)

    def query(self, service: str, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement returns from a service's database."""
        with psycopg.connect(self.conninfo(service)) as connection:
            return connection.execute(statement.encode(), params).fetchall()

    def holder(self, service: str, lock: int) -> LikaProcess:
        """The replica that holds an advisory lock of a service's database, or is the next to hold it."""

        def found() -> list[str]:
            return [name for (name,) in self.query(service, HOLDER, (lock,)) if name.isdecimal()]

        return self.replicas[int(eventually(found, 30)[0])]

    def other(self, than: LikaProcess) -> LikaProcess:
        return next(replica for replica in self.replicas if replica is not than)


@contextmanager
def replicas(environment: dict[str, str] | None = None) -> Iterator[Replicas]:
    """None yet; those that were added are stopped at the end."""
    with PostgresServer() as server, tempfile.TemporaryDirectory(prefix="lika-replicas-") as folder:
        made = Replicas(server, Path(folder), environment)
        try:
            yield made
        finally:
            for replica in made.replicas:
                replica.terminate()
