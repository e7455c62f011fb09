"""A service that is started on its own account in its own database: what is refused, and what a former release may do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr
from typer.testing import CliRunner

import lika.databases
from lika.databases import MIGRATIONS, migrate_own, own_database
from lika.migrations import migrate
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings
from services.chassis.integrity.older_log import LogOlderThanViews
from services.chassis.postgres.database_identity import DatabaseOfAnother
from services.chassis.postgres.databases import DatabaseUnavailable
from services.chassis.postgres.migrate import MigrationError
from services.chassis.postgres.rights import AccountUnfit
from tests.support.databases import Databases, ServiceDatabase, as_superuser

NAME = "monitoring"
APPLIED = "SELECT set_name, number FROM log.schema_migrations ORDER BY 1, 2"


@pytest.fixture
def made(databases: Databases) -> Iterator[ServiceDatabase]:
    created = databases.create(NAME)
    yield created
    databases.drop(created.database)


@pytest.fixture
def own(made: ServiceDatabase) -> str:
    return made.conninfo(made.accounts.service)


@pytest.fixture
def alter(own: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """What an administrator does to the database."""

    def run(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(as_superuser(own), autocommit=True) as admin:
            found = admin.execute(statement.encode())
            return found.fetchall() if found.description else []

    return run


@pytest.mark.parametrize(("options", "expected"), [("", "5min"), ("-c statement_timeout=1min", "1min")])
def test_a_service_s_statements_end_also_where_its_account_was_made_by_hand(
    own: str, alter: Callable[[str], list[tuple[Any, ...]]], tmp_path: Path, options: str, expected: str
) -> None:
    alter(f"ALTER ROLE {conninfo_to_dict(own)['user']} RESET ALL")
    given = make_conninfo(own, options=options)
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(given))
    with own_database(settings, NAME) as conninfo, psycopg.connect(conninfo(NAME)) as conn:
        assert conn.execute("SHOW statement_timeout").fetchone() == (expected,)
        assert conn.execute("SHOW search_path").fetchone() == ("log,service",)


@pytest.fixture
def another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A migration that this release has and the database has not."""
    folder = tmp_path / "more" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_more.sql").write_text("CREATE TABLE more (a int);")
    monkeypatch.setattr(lika.databases, "MIGRATIONS", {**MIGRATIONS, NAME: (*MIGRATIONS[NAME], folder)})
    return folder


@contextmanager
def started(url: str, migrator: str | None = None) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """The database as a service of its own uses it."""
    settings = Settings(database_url=SecretStr(url), migrator_url=SecretStr(migrator) if migrator else None)
    with own_database(settings, NAME) as conninfo, psycopg.connect(conninfo(NAME)) as conn:
        yield conn


def refusal(url: str, kind: type[ExplainedError], migrator: str | None = None) -> ExplainedError:
    """Why it does not start, in both languages."""
    with pytest.raises(kind) as told, started(url, migrator):
        pass
    assert NAME in told.value.message.en or "release" in told.value.message.en
    assert "未作改动" in told.value.message.zh
    assert "nothing was changed" in told.value.message.en.lower()
    return told.value


def test_the_services_own_account_starts_and_finds_the_log_first(own: str) -> None:
    """Whatever its connection string says about the order of schemas."""
    with started(make_conninfo(own, options="-c search_path=public -c application_name=mine")) as conn:
        assert conn.execute("SHOW search_path").fetchone() == ("log,service",)
        assert conn.execute("SHOW application_name").fetchone() == ("mine",)


def test_an_administrators_account_is_refused(own: str) -> None:
    told = refusal(as_superuser(own), AccountUnfit)
    assert told.message.code == "database_account_excessive"
    assert "SUPERUSER" in told.message.zh


def test_the_migrators_account_is_refused(made: ServiceDatabase) -> None:
    """Who could take the guard away does not serve."""
    assert "MEMBER OF" in str(refusal(made.conninfo(made.accounts.migrator), AccountUnfit))


def test_an_account_with_a_right_too_many_is_refused_until_it_is_withdrawn(
    own: str, alter: Callable[[str], object]
) -> None:
    alter(f"GRANT UPDATE ON log.log TO lika_{NAME}")
    assert "UPDATE ON log" in str(refusal(own, AccountUnfit))
    alter(f"REVOKE UPDATE ON log.log FROM lika_{NAME}")
    with started(own):
        pass


def test_an_account_that_lacks_a_right_is_refused(own: str, alter: Callable[[str], object]) -> None:
    alter(f"REVOKE SELECT ON log.copies FROM lika_{NAME}, lika_{NAME}_reader")  # as whose member it reads, too
    told = refusal(own, AccountUnfit)
    assert told.message.code == "database_account_lacking"
    assert "SELECT ON copies" in told.message.en


def test_the_readers_account_is_refused(made: ServiceDatabase) -> None:
    assert refusal(made.conninfo(made.accounts.reader), AccountUnfit).message.code == "database_account_lacking"


def test_a_database_without_tables_is_refused(own: str, alter: Callable[[str], object]) -> None:
    alter("DROP SCHEMA log, service CASCADE")
    told = refusal(own, MigrationError)
    assert f"lika migrate {NAME}" in told.message.en


def test_a_database_that_is_not_up_to_date_is_refused(own: str, another_file: Path) -> None:
    told = refusal(own, MigrationError)
    assert "more/0001_more.sql" in told.message.zh
    assert "LIKA_MIGRATOR_URL" in told.message.en


def test_with_the_migrators_url_it_is_brought_up_to_date(made: ServiceDatabase, own: str, another_file: Path) -> None:
    with started(own, made.conninfo(made.accounts.migrator)) as conn:
        assert conn.execute("SELECT count(*) FROM more").fetchone() == (0,)
        conn.execute("INSERT INTO more VALUES (1)")


def test_the_migrator_updates_the_database_of_the_one_service_that_is_named(
    made: ServiceDatabase, own: str, another_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKA_MIGRATOR_URL", made.conninfo(made.accounts.migrator))
    command = typer.Typer()
    command.command()(migrate)
    assert CliRunner().invoke(command, []).exit_code == 2
    assert CliRunner().invoke(command, [NAME, "--new-passwords"]).exit_code == 2
    assert CliRunner().invoke(command, [NAME]).exit_code == 0
    with started(own):
        pass


AHEAD = {
    "of an older backup": ("INSERT INTO cursors VALUES ('monitoring', 'monitoring', 9)", LogOlderThanViews),
    "of another installation": (
        "INSERT INTO index_keys VALUES (1, decode(repeat('00', 32), 'hex'))",
        DatabaseOfAnother,
    ),
}


@pytest.mark.parametrize("made_so", AHEAD)
def test_what_keeps_it_from_starting_is_found_before_the_database_is_migrated(
    made: ServiceDatabase, own: str, alter: Callable[[str], list[tuple[Any, ...]]], another_file: Path, made_so: str
) -> None:
    statement, kind = AHEAD[made_so]
    before = alter(APPLIED)
    with psycopg.connect(own) as conn:
        conn.execute(statement.encode())
    refusal(own, kind, made.conninfo(made.accounts.migrator))
    assert alter(APPLIED) == before
    assert alter("SELECT to_regclass('more')") == [(None,)]


def test_a_start_that_is_refused_registers_no_key_of_its_own(
    own: str, alter: Callable[[str], list[tuple[Any, ...]]], another_file: Path
) -> None:
    refusal(own, MigrationError)
    assert alter("SELECT count(*) FROM service.index_keys") == [(0,)]


def test_a_former_release_serves_a_database_that_was_only_added_to(
    made: ServiceDatabase, own: str, another_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(own, made.conninfo(made.accounts.migrator)):
        pass
    monkeypatch.setattr(lika.databases, "MIGRATIONS", MIGRATIONS)
    with started(own):
        pass


@pytest.mark.parametrize("as_migrator", [False, True])
def test_a_former_release_is_refused_where_a_later_one_took_away_what_it_reads(
    made: ServiceDatabase,
    own: str,
    alter: Callable[[str], list[tuple[Any, ...]]],
    another_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    as_migrator: bool,
) -> None:
    migrator = made.conninfo(made.accounts.migrator)
    (another_file / "0001_more.sql").write_text("-- Nobody reads it any more.\n-- former release: refused\nSELECT 1;")
    with started(own, migrator):
        pass
    monkeypatch.setattr(lika.databases, "MIGRATIONS", MIGRATIONS)
    before = alter(APPLIED)
    told = refusal(own, MigrationError, migrator if as_migrator else None)
    assert told.message.code == "database_of_later_release"
    assert "more/0001_more.sql" in told.message.zh
    assert alter(APPLIED) == before


def test_accounts_that_were_made_by_hand_suffice(databases: Databases, tmp_path: Path) -> None:
    """As README.md says: the migrator does the rest."""
    names = [f"lika_byhand{ending}" for ending in ("_owner", "_migrator", "", "_reader")]
    with psycopg.connect(databases.server.uri(), autocommit=True) as admin:
        for name in names:
            admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'p'".encode())
        admin.execute("GRANT lika_byhand_owner, lika_byhand TO lika_byhand_migrator")
        admin.execute("CREATE DATABASE lika_byhand OWNER lika_byhand_owner TEMPLATE template0 LOCALE 'C'")
        where = {"dbname": "lika_byhand", "password": "p"}
        service, migrator = (make_conninfo(databases.server.uri(), user=name, **where) for name in (names[2], names[1]))
        try:
            migrate_own(migrator, NAME, tmp_path)
            with started(service) as conn:
                assert conn.execute("SELECT count(*) FROM log").fetchone() == (0,)
        finally:
            databases.drop("lika_byhand")
            for name in reversed(names):
                admin.execute(f"DROP ROLE {name}".encode())


def test_a_wrong_password_is_refused(own: str) -> None:
    assert "password" in refusal(make_conninfo(own, password="wrong"), DatabaseUnavailable).details


def test_a_server_that_is_away_is_refused(own: str) -> None:
    where = {**conninfo_to_dict(own), "host": "127.0.0.1", "port": "1"}
    assert refusal(make_conninfo("", **where), DatabaseUnavailable).message.code == "database_refuses_account"
