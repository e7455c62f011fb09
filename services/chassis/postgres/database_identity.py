"""Whose database it is: which service's, and which installation's.

Installations are told apart by their keys of keyed digests: the database keeps what shows whether a key is the same, and
nothing that shows the key. The same keys in another folder are a replica's, and further keys are welcome.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import Any

import psycopg

from services.chassis.ground.messages import CHASSIS, ExplainedError

Conn = psycopg.Connection[tuple[Any, ...]]

OWNERS = "SELECT DISTINCT set_name FROM schema_migrations"
REGISTERED = "SELECT number, check_value FROM index_keys"
REGISTER = "INSERT INTO index_keys (number, check_value) VALUES (%s, %s) ON CONFLICT DO NOTHING"


class DatabaseOfAnother(ExplainedError):
    """The database is another service's, or another installation's."""


def require_own_database(connection: Conn, service: str, services: Collection[str]) -> None:
    """Changes nothing. Raises ``DatabaseOfAnother`` where one of the other ``services`` has its tables. An empty database
    is anybody's."""
    if not _has(connection, "schema_migrations"):
        return
    found = {name for (name,) in connection.execute(OWNERS)}
    if owners := sorted(found.intersection(services) - {service}):
        raise DatabaseOfAnother(CHASSIS.say("database_of_another_service", service=service, owner=owners[0]))


def require_same_installation(connection: Conn, service: str, keys: Mapping[int, bytes]) -> None:
    """Changes nothing. Raises ``DatabaseOfAnother`` where other keys are registered under these numbers, or only keys that
    are not held here."""
    if not _has(connection, "index_keys"):
        return
    registered: dict[int, bytes] = dict(connection.execute(REGISTERED).fetchall())
    common = registered.keys() & keys.keys()
    if registered and (not common or any(registered[n] != check_value(keys[n]) for n in keys if n in common)):
        raise DatabaseOfAnother(CHASSIS.say("database_of_another_installation", service=service))


def register_index_keys(conninfo: str, service: str, keys: Mapping[int, bytes]) -> None:
    """Those that are new here become the database's. Raises ``DatabaseOfAnother``."""
    with psycopg.connect(conninfo) as connection:
        require_same_installation(connection, service, keys)
        for number, key in keys.items():
            connection.execute(REGISTER, (number, check_value(key)))
        # Another process may have been faster, with other keys.
        require_same_installation(connection, service, keys)


def check_value(key: bytes) -> bytes:
    """32 bytes, which nobody without the key can make and from which nobody gets it."""
    return hmac.digest(key, b"lika index key", hashlib.sha256)


def _has(connection: Conn, table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone() == (True,)
