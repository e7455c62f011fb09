"""Two installations, or two services, do not share a database."""

from collections.abc import Mapping

import psycopg
import pytest

from services.chassis.postgres.database_identity import (
    DatabaseOfAnother,
    register_index_keys,
    require_own_database,
)
from tests.support.databases import Databases

FIRST, SECOND, FOREIGN = b"1" * 32, b"2" * 32, b"x" * 32
SERVICES = ("registry", "assistance", "vault")


def registered(conninfo: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute("SELECT number, check_value FROM index_keys ORDER BY number").fetchall()


@pytest.mark.parametrize("keys", [{1: FOREIGN}, {1: FOREIGN, 2: SECOND}, {1: FIRST, 2: FOREIGN}, {3: FOREIGN}])
def test_other_keys_are_another_installation_s(databases: Databases, keys: Mapping[int, bytes]) -> None:
    with databases.fresh("chassis") as conninfo:
        register_index_keys(conninfo, "registry", {1: FIRST, 2: SECOND})
        before = registered(conninfo)
        with pytest.raises(DatabaseOfAnother, match="belongs to another installation"):
            register_index_keys(conninfo, "registry", keys)
        assert registered(conninfo) == before
        assert not {FIRST, SECOND} & {value for _, value in before}


def test_a_replica_has_the_same_keys_and_a_further_key_is_welcome(databases: Databases) -> None:
    with databases.fresh("chassis") as conninfo:
        for keys in ({1: FIRST}, {1: FIRST}, {1: FIRST, 2: SECOND}, {1: FIRST}, {2: SECOND}):
            register_index_keys(conninfo, "registry", keys)
        assert [number for number, _ in registered(conninfo)] == [1, 2]


def test_a_database_is_one_service_s(databases: Databases) -> None:
    with databases.fresh("registry") as conninfo, psycopg.connect(conninfo) as connection:
        require_own_database(connection, "registry", SERVICES)
        with pytest.raises(DatabaseOfAnother, match="that of the service registry, not of assistance"):
            require_own_database(connection, "assistance", SERVICES)
