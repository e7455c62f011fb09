"""Numbered SQL files, each applied once, in order, in its own transaction; they own all DDL.

A file's first lines may say what is peculiar about it: ``-- runs as: owner`` makes what it creates the owner's (schema
``log``: the service may read and append, nothing else); everything else belongs to the service (schema ``service``).
``-- former release: refused`` says that a release that does not have the file must not serve the database any more:
what drops or renames what that one reads. Without it a former release goes on beside this one, or can be started again.
"""

import hashlib
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.postgres.accounts import CONNECT, LOG_SCHEMA, SERVICE_SCHEMA, Accounts
from services.chassis.postgres.expanding import contracting_statements, living_replicas
from services.chassis.postgres.planted_code import planted_functions
from services.chassis.postgres.schemas import has_schemas, make_schemas

CHASSIS_MIGRATIONS = Path(__file__).parents[1] / "migrations"
"""The log's own tables; every service database starts with them."""

FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
LOCK = 0x6C696B61_6D696772
"""Advisory lock key ("likamigr"): two instances of a service that start together migrate one after the other."""

LOCK_WAIT = 1.0
"""Seconds that a file waits for a table that is read or written, with everybody behind it."""
LOCK_TRIES = 60

HEADER = re.compile(r"(?:^--.*\n)*", re.MULTILINE)
APPLIED = "SELECT set_name, number, file_name, sha256, former_release FROM schema_migrations"


class MigrationError(ExplainedError):
    """A migration cannot be applied, or the files on disk contradict what the database has already applied."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. ``set_name`` is the package that owns the folder (``chassis``, ``registry``, ``vault``)."""

    set_name: str
    number: int
    path: Path
    text: str
    sha256: str

    @property
    def by_owner(self) -> bool:
        """Whether what it makes is the owner's and not the service's."""
        return "-- runs as: owner\n" in self._header

    @property
    def former_release(self) -> bool:
        """Whether a release that does not know it may serve the database."""
        return "-- former release: refused\n" not in self._header

    @property
    def _header(self) -> str:
        found = HEADER.match(self.text)
        return found[0] if found else ""

    @property
    def name(self) -> str:
        return f"{self.set_name}/{self.path.name}"


@dataclass(frozen=True, slots=True)
class Applied:
    """One that the database has."""

    set_name: str
    number: int
    file_name: str
    sha256: str
    former_release: bool


def migrate(
    conninfo: str, folders: Sequence[Path], accounts: Accounts | None = None, *, reset_rights: bool = False
) -> tuple[str, ...]:
    """Bring one database up to date; the names applied now, such as ``chassis/0001_log.sql``.

    ``conninfo``: the migrator's. ``folders`` in order: the chassis' own (``CHASSIS_MIGRATIONS``), then the service's.
    ``accounts``: of that database, to make its schemas where they are missing, or to ``reset_rights`` in them.
    An applied file that is missing here is left alone, so that the former release can be started again, unless that file
    itself refuses; an applied file with other content is an error, and so is one that does more than add while a replica
    of the service runs. Code that no migration made is not run with the migrator's rights, but refused. Raises
    ``MigrationError``.
    """
    files = read_folders(folders)
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=CONNECT) as connection:
        made = has_schemas(connection)
        if made:
            require_served(files, applied_migrations(connection))
        if accounts is not None and (reset_rights or not made):
            _make_schemas(connection, accounts)
        _require_no_planted_code(connection, files)
        return tuple(migration.name for migration in files if _apply_in_turn(connection, migration))


def _require_no_planted_code(connection: "psycopg.Connection[Any]", files: Iterable[Migration]) -> None:
    if planted := planted_functions(connection, (file.text for file in files)):
        raise MigrationError(CHASSIS.say("functions_planted", functions=planted))


def require_migrated(connection: "psycopg.Connection[Any]", folders: Sequence[Path], service: str) -> None:
    """Whether this release may serve the database as it is; changes nothing. Raises ``MigrationError``."""
    files = read_folders(folders)
    if connection.execute("SELECT to_regclass('schema_migrations') IS NULL").fetchone() == (True,):
        raise MigrationError(CHASSIS.say("database_never_migrated", service=service))
    applied = applied_migrations(connection)
    require_served(files, applied)
    if pending := [
        file.name for file in files if (file.set_name, file.number) not in {(a.set_name, a.number) for a in applied}
    ]:
        raise MigrationError(CHASSIS.say("migrations_pending", service=service, files=pending))


def applied_migrations(connection: "psycopg.Connection[Any]") -> list[Applied]:
    return [Applied(*row) for row in connection.execute(APPLIED)]


def require_served(files: Iterable[Migration], applied: Iterable[Applied]) -> None:
    """Nothing applied contradicts these files, or was applied by a later release that this one cannot serve beside."""
    known = {(file.set_name, file.number): file for file in files}
    later = []
    for there in applied:
        migration = known.get((there.set_name, there.number))
        if migration is not None:
            _require_unchanged(migration, there.file_name, there.sha256)
        elif not there.former_release:
            later.append(f"{there.set_name}/{there.file_name}")
    if later:
        raise MigrationError(CHASSIS.say("database_of_later_release", files=later))


def read_folders(folders: Sequence[Path]) -> list[Migration]:
    """The migrations of all these folders, in order. Raises ``MigrationError``."""
    return [migration for folder in folders for migration in read_folder(folder)]


def read_folder(folder: Path) -> list[Migration]:
    """The migrations of one folder, numbered 0001, 0002, … without gaps. Raises ``MigrationError``."""
    found = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
        shape = FILE_NAME.fullmatch(path.name)
        if shape is None:
            raise MigrationError(CHASSIS.say("migration_misnamed", file=path))
        if int(shape[1]) != number:
            raise MigrationError(CHASSIS.say("migration_misnumbered", file=path, number=number))
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        found.append(Migration(folder.parent.name, number, path, content.decode("utf-8"), digest))
    if not found:
        raise MigrationError(CHASSIS.say("migrations_missing", folder=folder))
    return found


def _make_schemas(connection: "psycopg.Connection[Any]", accounts: Accounts) -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        make_schemas(connection, accounts)


def _apply_in_turn(connection: "psycopg.Connection[Any]", migration: Migration) -> bool:
    """Whoever waits for a table holds up all who come behind: so only briefly, and again when they have passed."""
    for _ in range(LOCK_TRIES):
        try:
            return _apply(connection, migration)
        except MigrationError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
            time.sleep(LOCK_WAIT)
    return _apply(connection, migration)


def _apply(connection: "psycopg.Connection[Any]", migration: Migration) -> bool:
    schema = LOG_SCHEMA if migration.by_owner else SERVICE_SCHEMA
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            connection.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}s'".encode())
            # A statement of its own after the lock: it must see what the former holder committed.
            applied = connection.execute(
                "SELECT file_name, sha256 FROM schema_migrations WHERE set_name = %s AND number = %s",
                (migration.set_name, migration.number),
            ).fetchone()
            if applied is not None:
                _require_unchanged(migration, *applied)
                return False
            contracting = contracting_statements(migration.text)
            if (contracting or not migration.former_release) and living_replicas(connection):
                raise MigrationError(CHASSIS.say("migration_contracts", file=migration.name), "\n".join(contracting))
            # What is made belongs to who owns the schema.
            connection.execute(
                "SELECT set_config('role', rolname, true) FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner"
                " WHERE nspname = %s",
                (schema,),
            )
            there = sql.SQL(", ").join(map(sql.Identifier, dict.fromkeys((schema, LOG_SCHEMA))))
            connection.execute(sql.SQL("SET LOCAL search_path = {}").format(there))
            connection.execute(migration.text.encode())
            connection.execute("SET LOCAL ROLE NONE")
            connection.execute(
                sql.SQL(
                    "INSERT INTO {}.schema_migrations (set_name, number, file_name, sha256, former_release)"
                    " VALUES (%s, %s, %s, %s, %s)"
                ).format(sql.Identifier(LOG_SCHEMA)),
                (migration.set_name, migration.number, migration.path.name, migration.sha256, migration.former_release),
            )
            return True
    except psycopg.Error as error:
        raise MigrationError(
            CHASSIS.say("migration_failed", place=f"{migration.path}{_line(migration.text, error)}"), str(error)
        ) from error


def _require_unchanged(migration: Migration, file_name: str, sha256: str) -> None:
    if (file_name, sha256) != (migration.path.name, migration.sha256):
        raise MigrationError(
            CHASSIS.say("migration_changed", file=migration.path, number=migration.number, applied=file_name)
        )


def _line(text: str, error: psycopg.Error) -> str:
    position = error.diag.statement_position
    return f":{text.count(chr(10), 0, int(position)) + 1}" if position else ""
