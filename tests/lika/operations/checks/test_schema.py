"""Tables as the migrations made them."""

import psycopg
import pytest

from lika.databases import MIGRATIONS
from lika.operations.checks import schema
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.views.rebuild import LOCK
from tests.lika.operations.conftest import Alter


@pytest.mark.parametrize("name", MIGRATIONS)
def test_a_migrated_database_is_sound(installation: Installation, name: str) -> None:
    checks = (schema.migrations, schema.append_only, schema.leftovers)
    assert [check(installation, name).state for check in checks] == [State.OK] * 3


def test_pending_migrations_are_named(installation: Installation, alter: Alter) -> None:
    alter("registry", "DELETE FROM schema_migrations WHERE set_name = 'registry' AND number = 2")
    finding = schema.migrations(installation, "registry")
    assert (finding.state, finding.en) == (State.WARNING, "pending: registry/0002_households.sql")


def test_a_file_that_changed_since_it_was_applied_is_broken_and_named(installation: Installation, alter: Alter) -> None:
    alter("audit", "UPDATE schema_migrations SET sha256 = 'other' WHERE set_name = 'chassis' AND number = 1")
    finding = schema.migrations(installation, "audit")
    assert (finding.state, finding.en) == (State.BROKEN, "changed since they were applied: chassis/0001_log.sql")


def test_a_database_of_a_later_release_warns(installation: Installation, alter: Alter) -> None:
    alter("vault", "INSERT INTO schema_migrations VALUES ('vault', 99, '0099_later.sql', 'x', true)")
    finding = schema.migrations(installation, "vault")
    assert (finding.state, finding.en) == (State.WARNING, "a later release has applied: vault/0099_later.sql")


def test_a_database_that_this_release_cannot_serve_any_more_is_broken(installation: Installation, alter: Alter) -> None:
    alter("vault", "INSERT INTO schema_migrations VALUES ('vault', 99, '0099_later.sql', 'x', false)")
    finding = schema.migrations(installation, "vault")
    assert (finding.state, finding.code) == (State.BROKEN, "migrations_refuse_this_release")
    assert "vault/0099_later.sql" in finding.zh


def test_an_empty_database_is_broken(installation: Installation, alter: Alter) -> None:
    alter("monitoring", "DROP TABLE schema_migrations")
    assert schema.migrations(installation, "monitoring").state is State.BROKEN


@pytest.mark.parametrize(
    ("name", "table", "trigger"),
    [
        ("registry", "log", "log_is_append_only"),
        ("registry", "log", "log_is_never_truncated"),
        ("audit", "copies", "copies_are_append_only"),
        ("vault", "data_keys", "destroyed_is_for_ever"),
    ],
)
@pytest.mark.parametrize("how", ["DROP TRIGGER {trigger} ON {table}", "ALTER TABLE {table} DISABLE TRIGGER {trigger}"])
def test_a_guard_that_was_taken_away_is_broken_and_named(
    installation: Installation, alter: Alter, name: str, table: str, trigger: str, how: str
) -> None:
    alter(name, how.format(table=table, trigger=trigger))
    finding = schema.append_only(installation, name)
    assert (finding.state, finding.en) == (State.BROKEN, f"missing or disabled: {table}: {trigger}")


def test_tables_that_a_killed_rebuild_left_behind_warn(installation: Installation, alter: Alter) -> None:
    alter("registry", "CREATE TABLE service.households_shadow (id uuid)", "CREATE TABLE service.shadow (id uuid)")
    finding = schema.leftovers(installation, "registry")
    assert (finding.state, finding.en) == (State.WARNING, "tables of a rebuild: households_shadow")


def test_views_that_a_former_release_folded_are_named_with_the_command_that_mends_them(
    installation: Installation, alter: Alter
) -> None:
    alter("monitoring", "INSERT INTO view_editions VALUES ('targets', 1, 2), ('funds', 2, 2)")
    finding = schema.view_editions(installation, "monitoring")
    assert (finding.state, finding.code) == (State.WARNING, "views_outdated")
    assert finding.en.endswith(": targets")
    assert "lika rebuild monitoring targets --yes" in finding.remedy_en


def test_types_that_a_former_release_passed_over_are_named(installation: Installation, alter: Alter) -> None:
    alter(
        "assistance",
        "INSERT INTO copied_types VALUES ('registry', 'HouseholdSurveyed', 9), ('registry', 'MemberJoined', 0)",
    )
    finding = schema.view_editions(installation, "assistance")
    assert (finding.state, finding.code) == (State.WARNING, "types_passed_over")
    assert finding.en.endswith(": HouseholdSurveyed")
    assert "lika rebuild assistance --all --yes" in finding.remedy_en


def test_tables_of_a_rebuild_that_is_under_way_are_none_of_its_business(
    installation: Installation, alter: Alter
) -> None:
    alter("registry", "CREATE TABLE service.households_shadow (id uuid)")
    assert installation.conninfo is not None
    with psycopg.connect(installation.conninfo("registry"), autocommit=True) as rebuilding:
        rebuilding.execute("SELECT pg_advisory_lock(%s, hashtext('households'))", (LOCK,))
        assert schema.leftovers(installation, "registry").state is State.OK


def test_a_function_that_no_migration_made_is_named(installation: Installation, alter: Alter) -> None:
    for name in MIGRATIONS:
        assert schema.planted_code(installation, name).state is State.OK
    assert installation.conninfo is not None
    for name, statement in (
        ("registry", "CREATE FUNCTION service.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        (
            "vault",
            "CREATE OR REPLACE FUNCTION service.refuse_revival() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        ),
    ):
        with psycopg.connect(installation.conninfo(name)) as conn:
            conn.execute(statement.encode())
        finding = schema.planted_code(installation, name)
        assert (finding.state, finding.code) == (State.BROKEN, "functions_unknown")
        assert ("mine()" if name == "registry" else "refuse_revival()") in finding.en
