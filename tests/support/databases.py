"""Databases for tests: one embedded PostgreSQL per worker, one template per service, one clone per test."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import IO, Self

import psycopg
from psycopg import sql

from lika.house import MIGRATIONS, casework_migrations
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, migrate

PREFIX = "lika-test-"


def migrations_of(service: str) -> Sequence[Path]:
    """As the house applies them. ``casework``: a service with procedures, duties and lists to import; any other name: a log alone."""
    if service == "casework":
        return (CHASSIS_MIGRATIONS, *casework_migrations("procedures", "duties", "workbooks"))
    return MIGRATIONS.get(service, (CHASSIS_MIGRATIONS,))


class Databases:
    """One server in a folder of its own with a short path (socket paths are limited), deleted when the session ends."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._folder, self._lock_file = _new_folder()
        self.server = EmbeddedPostgres(self._folder, settings=settings)
        self._templates: dict[str, str] = {}
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self.server.start()
        self._admin = psycopg.connect(self.server.uri(), autocommit=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._admin.close()
        self.server.stop()
        shutil.rmtree(self._folder)
        Path(self._lock_file.name).unlink()
        self._lock_file.close()

    @contextlib.contextmanager
    def fresh(self, service: str) -> Iterator[str]:
        """A migrated database of that service for the length of the block: its connection string."""
        name = self.create(service)
        try:
            yield self.server.uri(name)
        finally:
            self.drop(name)

    def create(self, service: str) -> str:
        """Clone the service's template; the new database's name."""
        template = self._templates.get(service) or self._make_template(service)
        name = f"{service}_{next(self._numbers)}"
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return name

    def drop(self, name: str) -> None:
        """Drop it, and close connections that a test has left open."""
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _make_template(self, service: str) -> str:
        template = f"template_{service}"
        migrate(self.server.ensure_databases([template])[template], migrations_of(service))
        self._templates[service] = template
        return template


def _new_folder() -> tuple[Path, IO[str]]:
    """A new folder and the locked file that marks it as in use; the kernel frees the lock however this process ends."""
    temporary = Path(tempfile.gettempdir())
    with open(temporary / f"{PREFIX}claims", "w") as claiming:
        fcntl.flock(claiming, fcntl.LOCK_EX)
        _delete_abandoned(temporary)
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}pg-"))
        return folder, _lock(folder)


def _delete_abandoned(temporary: Path) -> None:
    """Stop and delete the servers of test processes that were killed."""
    for folder in temporary.glob(f"{PREFIX}pg-*/"):
        try:
            abandoned = _lock(folder)
        except BlockingIOError:
            continue
        with abandoned:
            # Without ``start.lock`` its server has been stopped already, by a process that was killed before it could delete it.
            if (folder / "data").exists() and (folder / "start.lock").exists():
                EmbeddedPostgres(folder).start().stop()
            shutil.rmtree(folder)
            Path(abandoned.name).unlink()


def _lock(folder: Path) -> IO[str]:
    held = open(f"{folder}.held", "w")  # noqa: SIM115 - held as long as the folder is
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise
    return held
