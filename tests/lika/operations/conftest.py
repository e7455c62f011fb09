"""An installation to check: real databases, empty until a test puts something into them."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from lika.house import BUILDS
from lika.operations.installation import Installation, Readiness
from services.chassis.ground.settings import Settings
from tests.support.databases import Databases, as_superuser


class Alter(Protocol):
    def __call__(self, name: str, *statements: str) -> None: ...


@pytest.fixture
def installation(databases: Databases, database: Callable[[str], str], tmp_path: Path) -> Iterator[Installation]:
    """Not running: migrated databases, a data folder with nothing in it, nobody who answers."""
    with Installation(
        Settings(data_dir=tmp_path), cache(database), databases.server.uri(), url="http://127.0.0.1:1"
    ) as opened:
        yield opened


@pytest.fixture
def alter(installation: Installation) -> Alter:
    """Change a database behind everybody's back, as a careless operator would who has the server's superuser."""

    def run(name: str, *statements: str) -> None:
        assert installation.conninfo is not None
        with psycopg.connect(as_superuser(installation.conninfo(name)), autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement.encode())

    return run


@pytest.fixture
def running(installation: Installation) -> Installation:
    """The same while the house runs: services answer, and somebody is connected."""
    installation.__dict__["readiness"] = dict.fromkeys(BUILDS, Readiness(200))
    installation.__dict__["has_other_sessions"] = True
    return installation


def entries(first: int, last: int, at: str = "now() - interval '1 hour'") -> str:
    """SQL that puts entries of one stream at these positions, a microsecond apart from ``at`` on."""
    return (
        "INSERT INTO log SELECT 'stream', n, 'HouseholdExited/1', '{}', n,"
        f" {at} + n * interval '1 microsecond', gen_random_uuid(), 'cadre-1' FROM generate_series({first}, {last}) AS n"
    )
