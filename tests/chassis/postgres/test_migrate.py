"""Migrations: each file once, in order, in one transaction; an applied file is never edited."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from services.chassis.postgres.databases import make_databases
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, MigrationError, migrate
from services.chassis.postgres.schemas import make_schemas
from tests.support.databases import Databases


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """The migrator's connection to a database with its schemas and nothing in them."""
    accounts = make_databases(databases.server.uri(), databases.server.keys, ["migration_target"])["migration_target"]
    migrator = accounts.conninfo(accounts.migrator)
    with psycopg.connect(migrator) as connection:
        make_schemas(connection, accounts)
    yield migrator
    databases.drop("migration_target")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "villages" / "migrations"
    made.mkdir(parents=True)
    (made / "0001_place.sql").write_text("CREATE TABLE place (code text);\nINSERT INTO place VALUES ('50%');\n")
    return made


def rows(conninfo: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(query.encode()).fetchall()


def test_files_are_applied_once_and_recorded_with_their_digest(empty: str, folder: Path) -> None:
    assert migrate(empty, [folder]) == ("villages/0001_place.sql",)
    (folder / "0002_more.sql").write_text("INSERT INTO place VALUES ('51');")
    assert migrate(empty, [folder]) == ("villages/0002_more.sql",)
    assert migrate(empty, [folder]) == ()
    assert rows(empty, "SELECT code FROM place") == [("50%",), ("51",)]
    assert rows(empty, "SELECT set_name, number, length(sha256) FROM schema_migrations ORDER BY number") == [
        ("villages", 1, 64),
        ("villages", 2, 64),
    ]


def test_the_chassis_comes_first_and_numbers_its_own_files(empty: str, folder: Path) -> None:
    applied = migrate(empty, [CHASSIS_MIGRATIONS, folder])
    assert applied[0] == "chassis/0001_log.sql"
    assert applied[-1] == "villages/0001_place.sql"


def test_a_changed_applied_file_is_refused(empty: str, folder: Path) -> None:
    migrate(empty, [folder])
    (folder / "0001_place.sql").write_text("CREATE TABLE place (code text, name text);")
    with pytest.raises(MigrationError, match=r"(?s)不得修改.*never edited"):
        migrate(empty, [folder])


def test_a_renamed_applied_file_is_refused(empty: str, folder: Path) -> None:
    migrate(empty, [folder])
    (folder / "0001_place.sql").rename(folder / "0001_spot.sql")
    with pytest.raises(MigrationError, match=r"applied as 0001_place\.sql"):
        migrate(empty, [folder])


def test_a_failing_file_leaves_nothing_and_names_its_line(empty: str, folder: Path) -> None:
    migrate(empty, [folder])
    (folder / "0002_bad.sql").write_text("CREATE TABLE half (a int);\nCREATE TABLE broken (only int);\n")
    with pytest.raises(MigrationError, match=r"0002_bad\.sql:2"):
        migrate(empty, [folder])
    assert rows(empty, "SELECT to_regclass('half')::text") == [(None,)]
    (folder / "0002_bad.sql").write_text("CREATE TABLE half (a int);")
    assert migrate(empty, [folder]) == ("villages/0002_bad.sql",)


def test_the_former_release_still_starts_on_a_newer_database(empty: str, folder: Path) -> None:
    (folder / "0002_more.sql").write_text("INSERT INTO place VALUES ('51');")
    migrate(empty, [folder])
    (folder / "0002_more.sql").unlink()
    assert migrate(empty, [folder]) == ()


@pytest.mark.parametrize("name", ["0003_gap.sql", "0001_twice.sql", "02_short.sql", "0002_Upper.sql", "later.sql"])
def test_file_names_are_numbered_without_gaps(empty: str, folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError):
        migrate(empty, [folder])


def test_an_empty_folder_is_a_packaging_mistake(empty: str, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="no migrations here"):
        migrate(empty, [tmp_path])


def test_instances_that_start_together_apply_each_file_once(empty: str, folder: Path) -> None:
    applied: list[str] = []
    together = threading.Barrier(4)

    def start() -> None:
        together.wait()
        applied.extend(migrate(empty, [folder]))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert applied == ["villages/0001_place.sql"]


def test_a_test_database_is_fresh_each_time(database: Callable[[str], str]) -> None:
    first, second = database("chassis"), database("chassis")
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE service.mine (a int)")
    assert rows(second, "SELECT to_regclass('mine')::text, to_regclass('log')::text") == [(None, "log")]
