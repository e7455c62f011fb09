"""The database server and the databases on it."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from lika.operations.checks import server
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.ground.messages import Message
from services.chassis.ground.settings import Settings
from tests.support.databases import Databases


def test_a_server_that_answers_is_sound(installation: Installation) -> None:
    finding = server.reachable(installation)
    assert (finding.state, finding.en) == (State.OK, f"PostgreSQL {finding.en.split()[1]} can be reached")


def test_an_old_server_warns(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "OLDEST_POSTGRES", 99)
    assert server.reachable(installation).state is State.WARNING


def test_a_server_that_is_away_is_broken_and_its_password_stays_secret() -> None:
    finding = server.reachable(Installation(Settings(), maintenance="postgresql://lika:hush-hush@127.0.0.1:1/postgres"))
    assert finding.state is State.BROKEN
    assert "hush" not in str(finding)


def test_a_house_that_was_never_started_says_how_to_start() -> None:
    finding = server.reachable(Installation(Settings()))
    assert (finding.state, "lika up" in finding.remedy_en) == (State.WARNING, True)


def test_an_embedded_server_that_does_not_start_says_why() -> None:
    finding = server.reachable(Installation(Settings(), unavailable=Message("any", "坏了\n行", "it broke\nline")))
    assert (finding.state, finding.zh, finding.en) == (State.BROKEN, "坏了", "it broke")


def test_settings_that_can_lose_data_warn_one_by_one(installation: Installation) -> None:
    # The server of the tests runs without them, so that tests are fast; test_doctor looks at the product's own.
    finding = server.durability(installation)
    assert finding.state is State.WARNING
    assert "fsync is off" in finding.en
    assert "full_page_writes is off" in finding.en
    assert "synchronous_commit" not in finding.en
    assert "ALTER SYSTEM SET fsync = on" in finding.remedy_zh


def test_too_few_connections_warn(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server.connections(installation).state is State.OK
    monkeypatch.setattr(server, "NEEDED_CONNECTIONS", 1_000)
    assert server.connections(installation).state is State.WARNING


def test_every_database_is_there(installation: Installation) -> None:
    assert server.databases(installation).state is State.OK


def test_a_missing_database_is_broken_and_named(installation: Installation, databases: Databases) -> None:
    assert installation.conninfo is not None
    databases.drop(str(conninfo_to_dict(installation.conninfo("vault"))["dbname"]))
    finding = server.databases(installation)
    assert (finding.state, finding.en) == (State.BROKEN, "missing: lika_vault")


def test_a_server_without_any_database_of_lika_warns(databases: Databases) -> None:
    with Installation(Settings(), lambda name: f"dbname=nothing_{name}", databases.server.uri()) as empty:
        assert server.databases(empty).state is State.WARNING


def test_a_database_sorts_as_python_does(installation: Installation) -> None:
    assert server.collation(installation, "registry").state is State.OK


def test_a_database_in_another_encoding_is_broken(databases: Databases) -> None:
    databases._admin.execute("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    try:
        with Installation(Settings(), lambda _: databases.server.uri("ascii"), databases.server.uri()) as odd:
            assert server.collation(odd, "registry").state is State.BROKEN
    finally:
        databases.drop("ascii")
