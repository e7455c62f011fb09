"""Stores of the chassis: any number, on the same database or on different ones."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Protocol

import psycopg
import pytest

from services.chassis.ground.clock import Clock, SystemClock
from services.chassis.log.store import Store
from tests.support.databases import as_superuser


class OpenStore(Protocol):
    def __call__(self, name: str, conninfo: str | None = None, clock: Clock | None = None) -> Store: ...


@pytest.fixture
def open_store(database: Callable[[str], str]) -> Iterator[OpenStore]:
    """``open_store("registry")`` → a store on a fresh database, or on the one named; closed after the test."""
    with ExitStack() as closing:

        def opened(name: str, conninfo: str | None = None, clock: Clock | None = None) -> Store:
            store = Store(name, conninfo or database("chassis"), clock or SystemClock())
            closing.callback(store.close)
            return store

        yield opened


@pytest.fixture
def cut_off() -> Callable[[str], int]:
    """Terminate every other connection to a database, as its restart would; how many there were."""

    def cut(conninfo: str) -> int:
        with psycopg.connect(as_superuser(conninfo), autocommit=True) as conn:
            return conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).rowcount

    return cut
