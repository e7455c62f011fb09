"""One database per service on a server elsewhere."""

from collections.abc import Callable

import psycopg
import pytest

from services.chassis.postgres.databases import DatabaseUnavailable, server_databases
from tests.support.databases import Databases


def test_an_external_server_gets_the_missing_databases(databases: Databases, database: Callable[[str], str]) -> None:
    url = database("chassis")
    try:
        made = server_databases(url, ["lika_elsewhere"])
        assert server_databases(url, ["lika_elsewhere"]) == made
        with psycopg.connect(made["lika_elsewhere"]) as connection:
            found = connection.execute("SELECT current_database(), getdatabaseencoding()").fetchone()
        assert found == ("lika_elsewhere", "UTF8")
    finally:
        databases.drop("lika_elsewhere")


def test_an_unreachable_external_server_is_refused_in_both_languages() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"(?s)DATABASE_URL 所指.*cannot be reached"):
        server_databases("postgresql://localhost:1/none", ["lika_registry"])


def test_a_user_without_the_right_to_create_databases_is_told_so(databases: Databases) -> None:
    with psycopg.connect(databases.server.uri(), autocommit=True) as admin:
        admin.execute("CREATE ROLE reader LOGIN")
        try:
            with pytest.raises(DatabaseUnavailable, match="permission denied"):
                server_databases(databases.server.uri().replace("postgres@", "reader@"), ["lika_refused"])
        finally:
            admin.execute("DROP ROLE reader")
