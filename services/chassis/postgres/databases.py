"""The databases of a server, one per service: found, created where missing, or a clear answer why not."""

from collections.abc import Iterable

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo


class DatabaseUnavailable(RuntimeError):
    """The database cannot be reached or prepared; the message tells the operator what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


def server_databases(database_url: str, names: Iterable[str]) -> dict[str, str]:
    """The databases of a server elsewhere (``DATABASE_URL``), created where missing; name → connection string.

    The URL's own database is used to create the others. Raises ``DatabaseUnavailable``.
    """
    wanted = list(names)
    try:
        create_missing(database_url, wanted)
    except psycopg.Error as error:
        raise DatabaseUnavailable(
            f"无法连接 DATABASE_URL 所指的数据库服务器，或无权在其中建立数据库 {'、'.join(wanted)}。",
            f"The server of DATABASE_URL cannot be reached, or does not let us create {', '.join(wanted)}: {error}",
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
