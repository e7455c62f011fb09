"""Numbered SQL files, each applied once, in order, in its own transaction; they own all DDL."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from services.chassis.ground.messages import CHASSIS, ExplainedError
from services.chassis.postgres.expanding import contracting_statements, living_replicas

CHASSIS_MIGRATIONS = Path(__file__).parents[1] / "migrations"
"""The log's own tables; every service database starts with them."""

FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
LOCK = 0x6C696B61_6D696772
"""Advisory lock key ("likamigr"): two instances of a service that start together migrate one after the other."""

TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    set_name   text NOT NULL,
    number     integer NOT NULL,
    file_name  text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (set_name, number)
)
"""


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
    def name(self) -> str:
        return f"{self.set_name}/{self.path.name}"


def migrate(conninfo: str, folders: Sequence[Path]) -> tuple[str, ...]:
    """Bring one database up to date; the names applied now, such as ``chassis/0001_log.sql``.

    ``folders`` in order: the chassis' own (``CHASSIS_MIGRATIONS``), then the service's. An applied file that is missing here is
    left alone, so that the former release can be started again; an applied file with other content is an error, and so is
    one that does more than add while a replica of the service runs. Raises ``MigrationError``.
    """
    files = [migration for folder in folders for migration in read_folder(folder)]
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return tuple(migration.name for migration in files if _apply(connection, migration))


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


def _apply(connection: psycopg.Connection, migration: Migration) -> bool:
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            # A statement of its own after the lock: it must see what the former holder committed.
            connection.execute(TABLE)
            applied = connection.execute(
                "SELECT file_name, sha256 FROM schema_migrations WHERE set_name = %s AND number = %s",
                (migration.set_name, migration.number),
            ).fetchone()
            if applied is not None:
                _require_unchanged(migration, *applied)
                return False
            if (contracting := contracting_statements(migration.text)) and living_replicas(connection):
                raise MigrationError(CHASSIS.say("migration_contracts", file=migration.name), "\n".join(contracting))
            connection.execute(migration.text.encode())
            connection.execute(
                "INSERT INTO schema_migrations (set_name, number, file_name, sha256) VALUES (%s, %s, %s, %s)",
                (migration.set_name, migration.number, migration.path.name, migration.sha256),
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
