"""The limits of the databases' accounts: tried, and told where one does not hold."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from lika.databases import MIGRATIONS
from lika.operations.checks import accounts
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.ground.settings import Settings
from services.registry.vault.keys import VAULT
from tests.lika.operations.conftest import Alter

RIGHTS = (
    ("GRANT UPDATE (actor) ON log.log TO {}", "REVOKE UPDATE (actor) ON log.log FROM {}", "UPDATE ON log"),
    ("GRANT DELETE ON log.copies TO {}", "REVOKE DELETE ON log.copies FROM {}", "DELETE ON copies"),
    ("GRANT TRUNCATE ON log.log TO {}", "REVOKE TRUNCATE ON log.log FROM {}", "TRUNCATE ON log"),
    ("GRANT TRIGGER ON log.log TO {}", "REVOKE TRIGGER ON log.log FROM {}", "TRIGGER ON log"),
    ("GRANT CREATE ON SCHEMA log TO {}", "REVOKE CREATE ON SCHEMA log FROM {}", "CREATE ON SCHEMA log"),
    ("ALTER TABLE log.log OWNER TO {}",
     "ALTER TABLE log.log OWNER TO lika_registry_owner; GRANT SELECT, INSERT ON log.log TO {}", "OWNER OF log"),
    ("GRANT lika_registry_owner TO {}", "REVOKE lika_registry_owner FROM {}", "MEMBER OF lika_registry_owner"),
    ("GRANT pg_execute_server_program TO {}", "REVOKE pg_execute_server_program FROM {}", "TO PROGRAM"),
    ("GRANT SET ON PARAMETER session_replication_role TO {}",
     "REVOKE SET ON PARAMETER session_replication_role FROM {}", "session_replication_role"),
    ("ALTER ROLE {} CREATEROLE", "ALTER ROLE {} NOCREATEROLE", "CREATEROLE"),
    ("ALTER ROLE {} SUPERUSER", "ALTER ROLE {} NOSUPERUSER", "SUPERUSER"),
)  # fmt: skip
"""A right too many, how it is withdrawn, and by which words the finding names it."""


COUNT_TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'log'::regnamespace AND relkind = 'r'"


def test_each_forbidden_thing_is_refused_to_each_service(installation: Installation) -> None:
    for name in MIGRATIONS:
        finding = accounts.account(installation, name)
        assert finding.state is State.OK, finding.en
        tried = int(finding.en.split(" forbidden")[0].split()[-1])
        [(tables,)] = installation.query(name, COUNT_TABLES)
        assert tables > (0 if name == VAULT else 2)
        assert tried == tables * len(accounts.OF_A_TABLE) + len(accounts.OF_THE_SERVER + accounts.OF_THE_DATABASE)


def test_a_right_too_many_is_broken_and_named(installation: Installation, alter: Alter) -> None:
    installation.__dict__["present_databases"] = frozenset({"registry"})
    for grant, revoke, told in RIGHTS:
        alter("registry", grant.format("lika_registry"))
        try:
            finding = accounts.account(installation, "registry")
        finally:
            alter("registry", revoke.format("lika_registry"))
        assert finding.state is State.BROKEN, grant
        assert told in finding.en
        assert "lika migrate registry" in finding.remedy_en
    assert accounts.account(installation, "registry").state is State.OK


def test_a_database_of_another_service_that_lets_it_in_is_broken_and_named(
    installation: Installation, alter: Alter
) -> None:
    assert installation.conninfo is not None
    vault = conninfo_to_dict(installation.conninfo("vault"))["dbname"]
    alter("vault", f'GRANT CONNECT ON DATABASE "{vault}" TO lika_registry')
    finding = accounts.account(installation, "registry")
    assert (finding.state, finding.code) == (State.BROKEN, "account_let_into_others")
    assert str(vault) in finding.en


LIMITS = (
    ("ALTER ROLE lika_registry RESET statement_timeout", "ALTER ROLE lika_registry SET statement_timeout = '5min'",
     "lika_registry: statement_timeout -"),
    ("ALTER ROLE lika_registry SET statement_timeout = 0", "ALTER ROLE lika_registry SET statement_timeout = '5min'",
     "lika_registry: statement_timeout 0"),
    ("ALTER ROLE lika_registry_reader RESET idle_in_transaction_session_timeout",
     "ALTER ROLE lika_registry_reader SET idle_in_transaction_session_timeout = '5min'", "idle_in_transaction"),
    ("ALTER ROLE lika_registry_reader SET default_transaction_read_only = off",
     "ALTER ROLE lika_registry_reader SET default_transaction_read_only = on", "read_only off"),
    ("ALTER ROLE lika_registry CONNECTION LIMIT -1", "ALTER ROLE lika_registry CONNECTION LIMIT 50",
     "CONNECTION LIMIT -1"),
)  # fmt: skip
"""A limit that is lifted, how it is set again, and by which words the finding names it."""


def test_a_limit_of_sessions_that_was_lifted_is_named(installation: Installation, alter: Alter) -> None:
    for name in ("registry", VAULT):  # another test lifts those of monitoring, whose accounts all databases share
        assert accounts.session_limits(installation, name).state is State.OK
    for lifted, restored, told in LIMITS:
        alter("registry", lifted)
        try:
            finding = accounts.session_limits(installation, "registry")
        finally:
            alter("registry", restored)
        assert (finding.state, finding.code) == (State.WARNING, "account_unlimited"), lifted
        assert told in finding.en
        assert "lika migrate registry" in finding.remedy_en


def test_a_right_that_is_missing_is_broken_and_named(installation: Installation, alter: Alter) -> None:
    installation.__dict__["present_databases"] = frozenset({"registry"})
    alter("registry", "REVOKE INSERT ON log.copies FROM lika_registry", "ALTER TABLE timers OWNER TO postgres")
    finding = accounts.account(installation, "registry")
    assert (finding.state, finding.code) == (State.BROKEN, "account_lacking"), finding.en
    assert "INSERT ON copies" in finding.en
    assert "OWNER OF timers" in finding.en


def test_of_an_embedded_server_it_says_what_the_accounts_do_not_stop(installation: Installation) -> None:
    finding = accounts.owners_folder(installation)
    assert (finding.state, finding.code) == (State.OK, "folder_owner_can_do_all")
    assert str(installation.settings.data_dir) in finding.zh


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("postgresql://admin@localhost/postgres", State.OK),
        ("host=/run/postgresql dbname=postgres", State.OK),
        ("postgresql://admin@db.example/postgres?sslmode=verify-full&sslrootcert=/ca.pem", State.OK),
        ("postgresql://admin@db.example/postgres", State.WARNING),
        ("postgresql://admin@db.example/postgres?sslmode=require", State.WARNING),
    ],
)
def test_a_server_elsewhere_whose_certificate_is_not_verified_warns(url: str, state: State, tmp_path: Path) -> None:
    finding = accounts.database_tls(Installation(Settings(data_dir=tmp_path), maintenance=url))
    assert finding.state is state
    assert state is State.OK or "verify-full" in finding.remedy_en
