"""A PostgreSQL with the product's settings that tests kill and start again."""

import os
import shutil
import signal
import tempfile
from itertools import count
from pathlib import Path
from typing import Self

from services.chassis.postgres.databases import make_databases
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, migrate


class PostgresServer:
    """In a temporary folder; ``kill`` and ``start`` may be called any number of times."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lika-faults-"))
        self.folder.chmod(0o711)  # the database's own account passes through
        self.embedded = EmbeddedPostgres(self.folder / "postgres")
        self.kills = 0
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self.embedded.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.start()
        self.embedded.stop()
        shutil.rmtree(self.folder)

    def database(self) -> str:
        """A fresh, migrated database with a log; connection string of its service."""
        name = f"log_{next(self._numbers)}"
        accounts = make_databases(self.embedded.uri(), self.embedded.keys, [name])[name]
        migrate(accounts.conninfo(accounts.migrator), [CHASSIS_MIGRATIONS], accounts)
        return accounts.conninfo(accounts.service)

    def kill(self) -> None:
        """SIGKILL the postmaster; its backends notice and exit."""
        pid = int((self.embedded.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGKILL)
        self.kills += 1

    def start(self) -> None:
        """Start it again where it is down; the folder and the socket stay the same."""
        EmbeddedPostgres(self.embedded.folder).start().stop()
