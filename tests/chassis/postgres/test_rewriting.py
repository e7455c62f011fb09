"""What somebody tries who holds a service's account and wants another history: nothing of it works."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from services.chassis.following.sources import LocalSource
from services.chassis.log.store import Store
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, MigrationError, migrate
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import enrolled, record
from tests.support.databases import Databases, ServiceDatabase, as_superuser

FORGERY = "UPDATE log SET actor = 'somebody-else'"
OTHER_HISTORY = (
    "CREATE TABLE service.log AS SELECT * FROM log.log",
    "UPDATE service.log SET actor = 'somebody-else'",
)


def tries(conninfo: str, *statements: str) -> list[type[Exception] | None]:
    """What became of each, in a session of its own: the error, or nothing where it was done."""
    with psycopg.connect(conninfo, autocommit=True) as session:
        return [failure(session, statement) for statement in statements]


def failure(session: "psycopg.Connection[tuple[object, ...]]", statement: str) -> type[Exception] | None:
    try:
        session.execute(statement.encode())
    except psycopg.Error as error:
        return type(error)
    return None


@pytest.fixture
def conninfo(database: Callable[[str], str]) -> str:
    return database("chassis")


@pytest.fixture
def actors(open_store: OpenStore, conninfo: str) -> Callable[[], set[str]]:
    """Who recorded the log's facts, as the service reads it."""
    store = open_store("sample", conninfo)
    record(store, enrolled(uuid4()), enrolled(uuid4()))

    def read() -> set[str]:
        other: Store = open_store("sample", conninfo)  # sessions of its own
        return {entry.actor for entry in LocalSource(other).read(0, 10).entries}

    return read


@pytest.mark.parametrize("table", ["log", "copies"])
def test_the_guard_cannot_be_taken_away_for_a_moment(conninfo: str, actors: Callable[[], set[str]], table: str) -> None:
    before = actors()
    taken = tries(
        conninfo,
        f"ALTER TABLE {table} DISABLE TRIGGER {table}_is_append_only",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"UPDATE {table} SET actor = 'somebody-else'",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} ENABLE TRIGGER ALL",
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} RENAME TO former",
        f"CREATE RULE forged AS ON UPDATE TO {table} DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION log.refuse_rewriting() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET session_replication_role = replica",
    )
    assert set(taken) <= {InsufficientPrivilege, psycopg.errors.InvalidFunctionDefinition}
    assert None not in taken
    assert actors() == before


def test_nobody_can_be_become_but_the_reader_who_may_do_less(conninfo: str) -> None:
    roles = ("lika_chassis_owner", "lika_chassis_migrator", "postgres")
    assert set(tries(conninfo, *(f"SET ROLE {role}" for role in roles))) == {InsufficientPrivilege}
    assert tries(conninfo, "SET ROLE lika_chassis_reader") == [None]
    assert tries(conninfo, "ALTER ROLE CURRENT_USER SUPERUSER", "GRANT lika_chassis_owner TO CURRENT_USER") == [
        InsufficientPrivilege, InsufficientPrivilege,
    ]  # fmt: skip


def test_no_program_and_no_file_of_the_machine_is_reached(conninfo: str, tmp_path: Path) -> None:
    traces = tmp_path / "traces"
    assert (
        tries(
            conninfo,
            f"COPY (SELECT 1) TO PROGRAM 'touch {traces}'",
            f"COPY (SELECT 1) TO '{traces}'",
            "CREATE TEMP TABLE passwords (line text); COPY passwords FROM '/etc/passwd'",
            "SELECT pg_read_file('/etc/passwd')",
            f"SELECT lo_export(lo_from_bytea(0, 'x'), '{traces}')",
            "CREATE FUNCTION pg_temp.run() RETURNS int LANGUAGE c AS 'libc.so.6', 'system'",
            "ALTER SYSTEM SET archive_command = 'touch traces'",
        )
        == [InsufficientPrivilege] * 7
    )
    assert not traces.exists()


def test_a_log_of_ones_own_is_not_read_in_the_place_of_the_log(conninfo: str, actors: Callable[[], set[str]]) -> None:
    """Names are looked up in the owner's schema first, whatever the account makes its own sessions do."""
    before = actors()
    assert tries(conninfo, *OTHER_HISTORY, "ALTER ROLE CURRENT_USER SET search_path = service, log") == [None] * 3
    try:
        assert actors() == before
    finally:
        tries(conninfo, "ALTER ROLE CURRENT_USER SET search_path = log, service")


def test_the_reader_only_reads(databases: Databases) -> None:
    made: ServiceDatabase = databases.create("chassis")
    try:
        reader = made.conninfo(made.accounts.reader)
        assert tries(reader, "SELECT FROM log", "SELECT FROM copies", "SELECT FROM cursors") == [None] * 3
        assert tries(
            reader, "SET default_transaction_read_only = off", "DELETE FROM log", "DELETE FROM cursors",
            "INSERT INTO cursors VALUES ('a', 'b', 0)", "CREATE TABLE service.mine ()", "CREATE TEMP TABLE mine ()",
        ) == [None, *[InsufficientPrivilege] * 5]  # fmt: skip
    finally:
        databases.drop(made.database)


def test_no_service_is_let_into_the_database_of_another(database: Callable[[str], str]) -> None:
    registry, vault = database("registry"), database("vault")
    name = psycopg.conninfo.conninfo_to_dict(vault)["dbname"]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(psycopg.conninfo.make_conninfo(registry, dbname=name))


def test_even_the_superuser_meets_the_guard(conninfo: str, actors: Callable[[], set[str]]) -> None:
    before = actors()
    assert tries(as_superuser(conninfo), FORGERY) == [psycopg.errors.RestrictViolation]
    assert actors() == before


TROJAN = """
CREATE FUNCTION service.{name}() RETURNS {returns} LANGUAGE plpgsql AS $$ BEGIN
    SET LOCAL ROLE lika_chassis_owner;
    ALTER TABLE log.log DISABLE TRIGGER ALL;
    UPDATE log.log SET actor = 'somebody-else';
    {end}
END $$
"""
PLANTED = {
    "trigger on a table that a migration fills": (
        TROJAN.format(name="planted", returns="trigger", end="RETURN NEW;"),
        "CREATE TRIGGER planted BEFORE INSERT ON service.cursors FOR EACH ROW EXECUTE FUNCTION service.planted()",
    ),
    "view in the place of a table that whoever migrates reads": (
        TROJAN.format(name="planted", returns="boolean", end="RETURN true;"),
        "ALTER TABLE service.replicas RENAME TO former",
        "CREATE VIEW service.replicas AS SELECT * FROM service.former WHERE service.planted()",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_code_that_waits_for_the_migrator_is_not_run(
    databases: Databases, open_store: OpenStore, tmp_path: Path, planted: str
) -> None:
    made = databases.create("chassis")
    own, migrator = made.conninfo(made.accounts.service), made.conninfo(made.accounts.migrator)
    folder = tmp_path / "later" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_cursor.sql").write_text("-- former release: refused\nINSERT INTO cursors VALUES ('a', 'b', 0);")
    store = open_store("sample", own)
    record(store, enrolled(uuid4()))
    before = {entry.actor for entry in LocalSource(store).read(0, 10).entries}
    assert tries(own, *PLANTED[planted]) == [None] * len(PLANTED[planted])
    with pytest.raises(MigrationError, match=r"(?s)planted\(\).*Nothing was changed"):
        migrate(migrator, [CHASSIS_MIGRATIONS, folder])
    assert {entry.actor for entry in LocalSource(store).read(0, 10).entries} == before
    databases.drop(made.database)
