"""The databases of a server, one per service: found, created where missing, or a clear answer why not."""

from collections.abc import Iterable

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from services.chassis.ground.messages import CHASSIS, ExplainedError


class DatabaseUnavailable(ExplainedError):
    """The database cannot be reached or prepared."""


def server_databases(database_url: str, names: Iterable[str]) -> dict[str, str]:
    """The databases of a server elsewhere (``DATABASE_URL``), created where missing; name → connection string.

    The URL's own database is used to create the others. Raises ``DatabaseUnavailable``.
    """
    wanted = list(names)
    try:
        create_missing(database_url, wanted)
    except psycopg.Error as error:
        raise DatabaseUnavailable(
            CHASSIS.say("database_server_unavailable", names=", ".join(wanted)), str(error)
        ) from error
    return {name: make_conninfo(database_url, dbname=name) for name in wanted}


def create_missing(maintenance: str, names: Iterable[str]) -> None:
    """Create the databases through a connection to another one. Raises ``psycopg.Error``."""
    # template0 and the C locale: text sorts alike on every server, so page cursors mean the same.
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        present = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for name in names:
            if name not in present:
                try:
                    connection.execute(create.format(sql.Identifier(name)))
                except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    continue  # another service of the province was faster
