"""Databases for tests: one embedded PostgreSQL per worker, one template per service, one clone per test."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from lika.databases import MIGRATIONS, casework_migrations
from services.chassis.ground.settings import database_name
from services.chassis.postgres.accounts import Accounts, account_conninfo
from services.chassis.postgres.databases import make_databases
from services.chassis.postgres.embedded import SUPERUSER, EmbeddedPostgres
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, migrate

PREFIX = "lika-test-"
SERVER = "pg"
"""Folder of the server; its passwords stand beside it."""


CONNECTED = (
    "REVOKE ALL ON DATABASE {} FROM PUBLIC; GRANT CONNECT ON DATABASE {} TO {}, {};"
    "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}"
)


def migrations_of(service: str) -> Sequence[Path]:
    """As the house applies them.

    ``casework``: a service with procedures, duties and lists to import; ``follower``: one that knows the staff and whose tokens are void;
    any other name: a log alone."""
    rooms = {"casework": ("procedures", "duties", "workbooks"), "follower": ("directory", "revocations")}
    if service in rooms:
        return (CHASSIS_MIGRATIONS, *casework_migrations(*rooms[service]))
    return MIGRATIONS.get(service, (CHASSIS_MIGRATIONS,))


class Databases:
    """One server in a folder of its own with a short path (socket paths are limited), deleted when the session ends. ``place``:
    where the folder is made, unless it is to be as the product's are."""

    def __init__(self, settings: Mapping[str, str] | None = None, place: Path | None = None) -> None:
        self._folder, self._lock_file = _new_folder(place or Path(tempfile.gettempdir()))
        self.server = EmbeddedPostgres(self._folder / SERVER, settings=settings)
        self._templates: dict[str, Accounts] = {}
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
        """A migrated database of that service for the length of the block: connection string of the service's own account."""
        made = self.create(service)
        try:
            yield made.conninfo(made.accounts.service)
        finally:
            self.drop(made.database)

    def create(self, service: str) -> "ServiceDatabase":
        """Clone the service's template. The accounts are those of the template: a server holds roles for all its databases."""
        template = self.template(service)
        name = f"{service}_{next(self._numbers)}"
        # Copied as files, which takes a third of the time of writing every page to the write-ahead log.
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                *map(sql.Identifier, (name, template.database, template.owner))
            )
        )
        # Of rights those of the database itself are not cloned with it.
        self._admin.execute(
            sql.SQL(CONNECTED).format(
                *map(sql.Identifier, (name, name, template.migrator, template.reader, name, template.service))
            )
        )
        return ServiceDatabase(template, name)

    def drop(self, name: str) -> None:
        """Drop it, and close connections that a test has left open."""
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, service: str) -> Accounts:
        """The accounts of a service's databases."""
        if service not in self._templates:
            name = database_name(service)
            accounts = make_databases(self.server.uri(), self.server.keys, [name])[name]
            migrate(accounts.conninfo(accounts.migrator), migrations_of(service), accounts)
            self._templates[service] = accounts
        return self._templates[service]


def as_superuser(conninfo: str) -> str:
    """The same database of an embedded server, for what no account of a service may do: what only a thief of the server
    would, or a test that has to make a mess."""
    where = conninfo_to_dict(conninfo)
    password_file = Path(str(where["passfile"])).with_name(f"{SUPERUSER}.pgpass")
    return account_conninfo(conninfo, SUPERUSER, str(where["dbname"]), password_file)


def as_reader(conninfo: str) -> str:
    """The same database, for whoever may only read it."""
    where = conninfo_to_dict(conninfo)
    reader = f"{where['user']}_reader"
    return account_conninfo(
        conninfo, reader, str(where["dbname"]), Path(str(where["passfile"])).with_name(f"{reader}.pgpass")
    )


@dataclass(frozen=True)
class ServiceDatabase:
    """A database with the accounts of its template."""

    accounts: Accounts
    database: str

    def conninfo(self, account: str) -> str:
        return self.accounts.conninfo(account, self.database)


def _new_folder(place: Path) -> tuple[Path, IO[str]]:
    """A new folder and the locked file that marks it as in use; the kernel frees the lock however this process ends."""
    with open(place / f"{PREFIX}claims", "w") as claiming:
        fcntl.flock(claiming, fcntl.LOCK_EX)
        _delete_abandoned(place)
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}pg-", dir=place))
        folder.chmod(0o711)  # the database's own account passes through
        return folder, _lock(folder)


def _delete_abandoned(place: Path) -> None:
    """Stop and delete the servers of test processes that were killed."""
    for folder in place.glob(f"{PREFIX}pg-*/"):
        try:
            abandoned = _lock(folder)
        except BlockingIOError:
            continue
        with abandoned:
            if folder.exists():  # else its session has just ended by itself
                stop_abandoned(folder / SERVER)
                shutil.rmtree(folder)
            Path(abandoned.name).unlink()


def stop_abandoned(server: Path) -> None:
    """Without ``start.lock`` it has been stopped already, by a process that was killed before it could delete the folder."""
    if (server / "data").exists() and (server / "start.lock").exists():
        EmbeddedPostgres(server).start().stop()


def _lock(folder: Path) -> IO[str]:
    held = open(f"{folder}.held", "w")  # noqa: SIM115 - held as long as the folder is
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise
    return held
