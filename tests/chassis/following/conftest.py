"""A producer's store, and a reader's beside it with a table in which it counts what it digested."""

from collections.abc import Callable

import psycopg
import pytest

from services.chassis.log.store import Store
from tests.chassis.conftest import OpenStore


@pytest.fixture
def producer(open_store: OpenStore) -> Store:
    return open_store("registry")


@pytest.fixture
def reader_at(database: Callable[[str], str]) -> str:
    conninfo = database("chassis")
    with psycopg.connect(conninfo, autocommit=True) as conn:
        conn.execute("CREATE TABLE service.digested (position bigint, stream text)")
    return conninfo


@pytest.fixture
def reader(open_store: OpenStore, reader_at: str) -> Store:
    return open_store("reader", reader_at)
