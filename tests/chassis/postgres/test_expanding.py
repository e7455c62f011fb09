"""Which migrations are applied while a former release serves."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest

from lika.databases import MIGRATIONS
from services.chassis.postgres.expanding import contracting_statements
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, MigrationError, migrate
from tests.support.databases import Databases
from tests.support.eventually import eventually

WAITING = "SELECT count(*) FROM pg_locks WHERE relation = 'cursors'::regclass AND NOT granted"

ADDING = """
-- DROP TABLE of a comment; and its semicolon
CREATE TABLE later (id int PRIMARY KEY, said text NOT NULL DEFAULT 'DROP TABLE x;');
CREATE UNIQUE INDEX later_said ON later (said);
ALTER TABLE later ALTER COLUMN said DROP NOT NULL;
INSERT INTO later VALUES (1, 'x');
CREATE INDEX cursors_by_log ON cursors (log);
CREATE FUNCTION told() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM later; END $$;
ALTER TABLE cursors ADD COLUMN moved_at timestamptz;
ALTER TABLE cursors ADD COLUMN moves int NOT NULL DEFAULT 0;
ALTER TABLE cursors ADD COLUMN cost numeric(16, 2), ADD COLUMN paid numeric(16, 2) NOT NULL DEFAULT 0;
CREATE OR REPLACE VIEW seen AS SELECT said FROM later;
GRANT SELECT ON later TO PUBLIC;
"""


def test_what_only_adds_is_told_from_literals_comments_and_new_tables() -> None:
    assert contracting_statements(ADDING) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX commands_by_age",
        "ALTER TABLE log DROP COLUMN actor",
        "ALTER TABLE log RENAME COLUMN actor TO who",
        "ALTER TABLE log ALTER COLUMN actor TYPE int",
        "ALTER TABLE log ADD CONSTRAINT short CHECK (length(actor) < 10)",
        "ALTER TABLE cursors ADD COLUMN moved_at timestamptz NOT NULL",
        "ALTER TABLE cursors ADD COLUMN a int, DROP COLUMN position",
        "ALTER TABLE cursors ADD COLUMN a int, ADD COLUMN b int NOT NULL",
        "ALTER TABLE cursors ADD COLUMN a numeric(3, 1), ADD CONSTRAINT small CHECK (a < 10)",
        "ALTER TABLE cursors ADD COLUMN a int UNIQUE",
        "CREATE UNIQUE INDEX only_one ON cursors (log)",
        "CREATE TRIGGER refusing BEFORE UPDATE ON cursors EXECUTE FUNCTION refuse_rewriting()",
        "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
        "UPDATE cursors SET position = 0",
        "INSERT INTO cursors VALUES ('a', 'b', 1)",
        "TRUNCATE timers",
    ],
)
def test_everything_else_may_end_the_former_release(statement: str) -> None:
    (found,) = contracting_statements(f"CREATE TABLE other (x int);\n{statement};")
    assert found.split()[:4] == statement.split()[:4]


@pytest.fixture
def migrator(databases: Databases) -> Iterator[str]:
    """The migrator's connection to the database of a service."""
    made = databases.create("chassis")
    yield made.conninfo(made.accounts.migrator)
    databases.drop(made.database)


@pytest.mark.parametrize(
    "gone", ["DELETE FROM replicas", "UPDATE replicas SET seen_at = seen_at + interval '1 hour'"],
    ids=["left", "seen on the clock of another server"],
)  # fmt: skip
def test_beside_a_running_replica_only_what_adds_is_applied(migrator: str, tmp_path: Path, gone: LiteralString) -> None:
    folder = tmp_path / "some" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_more.sql").write_text(ADDING)
    (folder / "0002_less.sql").write_text("ALTER TABLE cursors DROP COLUMN moves;")
    with psycopg.connect(migrator, autocommit=True) as conn:
        conn.execute("INSERT INTO replicas VALUES (%s, '0', '{}', now(), clock_timestamp())", (uuid4(),))
        with pytest.raises(MigrationError, match="some/0002_less"):
            migrate(migrator, [CHASSIS_MIGRATIONS, folder])
        assert conn.execute("SELECT moves FROM cursors").fetchall() == []
        conn.execute(gone)
        assert migrate(migrator, [CHASSIS_MIGRATIONS, folder]) == ("some/0002_less.sql",)


def test_who_waits_for_a_table_to_change_it_lets_the_others_pass_meanwhile(
    migrator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.postgres.migrate.LOCK_WAIT", 0.1)
    folder = tmp_path / "some" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_more.sql").write_text("ALTER TABLE cursors ADD COLUMN moved_at timestamptz;")
    with psycopg.connect(migrator) as reader, psycopg.connect(migrator, autocommit=True) as writer:
        reader.execute("SELECT * FROM cursors")  # and keeps its lock
        migrating = threading.Thread(target=migrate, args=(migrator, [CHASSIS_MIGRATIONS, folder]))
        migrating.start()
        eventually(lambda: writer.execute(WAITING).fetchone() == (1,))
        writer.execute("SET lock_timeout = '10s'")
        writer.execute("INSERT INTO cursors VALUES ('a', 'b', 1)")
        reader.rollback()
        migrating.join()
        assert writer.execute("SELECT moved_at FROM cursors").fetchall() == [(None,)]


BEFORE_ANY_UPGRADE = {"0004_answers_by_id.sql", "0005_exclusive_periods.sql"}
"""Of the chassis, from before the first release whose replicas are replaced one after the other."""


def test_no_migration_of_ours_takes_from_a_former_release_what_it_serves_by() -> None:
    folders = {folder for of_service in MIGRATIONS.values() for folder in of_service}
    contracting = {
        file.name for folder in folders for file in folder.glob("*.sql") if contracting_statements(file.read_text())
    }
    assert contracting == BEFORE_ANY_UPGRADE
