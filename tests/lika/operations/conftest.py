"""Premises to examine: real databases, empty until a test puts something into them."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from lika.house import BUILDS
from lika.operations.installation import Answer, Premises
from services.chassis.ground.settings import Settings
from tests.support.databases import Databases


class Alter(Protocol):
    def __call__(self, name: str, *statements: str) -> None: ...


@pytest.fixture
def house(databases: Databases, database: Callable[[str], str], tmp_path: Path) -> Iterator[Premises]:
    """A house at rest: migrated databases, a data folder with nothing in it, nobody who answers."""
    with Premises(
        Settings(data_dir=tmp_path), cache(database), databases.server.uri(), url="http://127.0.0.1:1"
    ) as found:
        yield found


@pytest.fixture
def alter(house: Premises) -> Alter:
    """Change a database behind everybody's back, as a careless operator would."""

    def run(name: str, *statements: str) -> None:
        assert house.conninfo is not None
        with psycopg.connect(house.conninfo(name), autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement.encode())

    return run


@pytest.fixture
def running(house: Premises) -> Premises:
    """The same house while it runs: services answer, and somebody is connected."""
    house.__dict__["health"] = dict.fromkeys(BUILDS, Answer(200))
    house.__dict__["used"] = True
    return house


def entries(first: int, last: int, at: str = "now() - interval '1 hour'") -> str:
    """SQL that puts entries of one stream at these positions, a microsecond apart from ``at`` on."""
    return (
        "INSERT INTO log SELECT 'stream', n, 'HouseholdExited/1', '{}', n,"
        f" {at} + n * interval '1 microsecond', gen_random_uuid(), 'cadre-1' FROM generate_series({first}, {last}) AS n"
    )
