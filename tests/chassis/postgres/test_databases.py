"""A database per service and its four accounts, made by an administrator's account."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.postgres.accounts import Accounts
from services.chassis.postgres.databases import DatabaseUnavailable, make_databases
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, migrate
from services.chassis.postgres.rights import require_rights
from tests.support.databases import Databases

NAME = "lika_elsewhere"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture(autouse=True)
def _dropped(databases: Databases) -> Iterator[None]:
    yield
    databases.drop(NAME)
    accounts = Accounts(NAME, "", Path())
    with psycopg.connect(databases.server.uri(), autocommit=True) as admin:
        for role in (*accounts.logins, accounts.owner):
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


@contextmanager
def account(databases: Databases, name: str, attributes: str) -> Iterator[str]:
    """An account of the server, with a password; its connection string."""
    with psycopg.connect(databases.server.uri(), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'p' {attributes}".encode())
        try:
            yield make_conninfo(databases.server.uri(), user=name, password="p")
        finally:
            # It may have made others, which are then gone or drop with their database.
            _drop(admin, name)


def _drop(admin: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)".encode())
    admin.execute(f"DROP OWNED BY {name} CASCADE".encode())
    admin.execute(f"DROP ROLE {name}".encode())


def test_what_is_missing_is_made_once(databases: Databases, keys: Path) -> None:
    made = make_databases(databases.server.uri(), keys, [NAME])
    passwords = {file.name: file.read_bytes() for file in keys.iterdir()}
    assert make_databases(databases.server.uri(), keys, [NAME]) == made
    assert {file.name: file.read_bytes() for file in keys.iterdir()} == passwords
    assert sorted(passwords) == [f"{NAME}.pgpass", f"{NAME}_migrator.pgpass", f"{NAME}_reader.pgpass"]
    assert {file.stat().st_mode & 0o777 for file in keys.iterdir()} == {0o600}
    for name in made[NAME].logins:
        with psycopg.connect(made[NAME].conninfo(name)) as connection:
            found = connection.execute("SELECT current_user, current_database(), getdatabaseencoding()").fetchone()
        assert found == (name, NAME, "UTF8")


def test_each_account_has_limits_of_its_own(databases: Databases, keys: Path) -> None:
    accounts = make_databases(databases.server.uri(), keys, [NAME])[NAME]

    def setting(account: str, name: str) -> object:
        with psycopg.connect(accounts.conninfo(account)) as connection:
            return (connection.execute(f"SHOW {name}".encode()).fetchone() or (None,))[0]

    assert setting(accounts.service, "statement_timeout") == "5min"
    assert setting(accounts.reader, "idle_in_transaction_session_timeout") == "5min"
    assert setting(accounts.reader, "default_transaction_read_only") == "on"
    assert setting(accounts.migrator, "statement_timeout") == "0"
    with psycopg.connect(databases.server.uri()) as admin:
        query = "SELECT rolname::text, rolconnlimit FROM pg_roles WHERE rolname = ANY(%s)"
        limits = {name: limit for name, limit in admin.execute(query, (list(accounts.names),))}  # noqa: C416
    assert limits == {accounts.owner: -1, accounts.service: 100, accounts.migrator: 20, accounts.reader: 20}


def test_no_connection_string_holds_a_password(databases: Databases, keys: Path) -> None:
    accounts = make_databases(databases.server.uri(), keys, [NAME])[NAME]
    for name in accounts.logins:
        assert accounts.password(name) not in accounts.conninfo(name)


def test_passwords_are_asked_for(databases: Databases, keys: Path) -> None:
    accounts = make_databases(databases.server.uri(), keys, [NAME])[NAME]
    for wrong in ({"passfile": "/nowhere"}, {"password": "wrong"}):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(make_conninfo(accounts.conninfo(NAME), **wrong))


def test_a_password_file_that_others_can_read_is_refused(databases: Databases, keys: Path) -> None:
    accounts = make_databases(databases.server.uri(), keys, [NAME])[NAME]
    accounts.password_file(NAME).chmod(0o644)
    with pytest.raises(KeyFileExposed):
        make_databases(databases.server.uri(), keys, [NAME])


def test_accounts_of_another_installation_are_left_alone_until_new_passwords_are_asked_for(
    databases: Databases, keys: Path, tmp_path: Path
) -> None:
    first = make_databases(databases.server.uri(), keys, [NAME])[NAME]
    other = tmp_path / "other"
    with pytest.raises(DatabaseUnavailable, match=r"(?s)另一处安装.*--new-passwords.*another installation"):
        make_databases(databases.server.uri(), other, [NAME])
    assert not other.exists()
    second = make_databases(databases.server.uri(), other, [NAME], new_passwords=True)[NAME]
    with psycopg.connect(second.conninfo(NAME)):
        pass
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(first.conninfo(NAME))


def test_an_administrator_who_is_no_superuser_suffices(databases: Databases, keys: Path) -> None:
    """As on a managed server: it may make roles and databases, and is not left a member of what it made."""
    with account(databases, "provider_admin", "CREATEROLE CREATEDB") as url:
        accounts = make_databases(url, keys, [NAME], reset=True)[NAME]
        assert migrate(accounts.conninfo(accounts.migrator), [CHASSIS_MIGRATIONS], accounts) != ()
        with psycopg.connect(accounts.conninfo(accounts.service)) as connection:
            require_rights(connection, "elsewhere")
        assert migrate(accounts.conninfo(accounts.migrator), [CHASSIS_MIGRATIONS], accounts, reset_rights=True) == ()
        with psycopg.connect(accounts.conninfo(accounts.migrator)) as connection:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(accounts.owner)))
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(accounts.owner)))


def test_an_account_without_the_right_to_make_them_is_told_so_and_nothing_is_made(
    databases: Databases, keys: Path
) -> None:
    with account(databases, "guest", "") as url:
        with pytest.raises(DatabaseUnavailable, match=r"(?s)缺少 CREATEROLE、CREATEDB.*has no CREATEROLE, CREATEDB"):
            make_databases(url, keys, [NAME])
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT FROM pg_roles WHERE rolname LIKE 'lika_elsewhere%'").fetchall() == []


def test_an_unreachable_server_is_refused_in_both_languages(keys: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"(?s)DATABASE_URL 所指.*cannot be used"):
        make_databases("postgresql://localhost:1/none", keys, ["lika_registry"])
