"""``lika doctor`` on a house as its operator has it: never started, running, at rest, and damaged."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from typer.testing import Result

from contracts.roles import Role
from lika.databases import databases
from lika.house import BUILDS, House, build
from lika.operations.checks import sampling
from lika.operations.checks.consumers import COPIES_EVERY_ENTRY, LOGS_READ
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings, database_name
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.postgres.rights import AccountUnfit
from services.chassis.security.tokens import issue_token
from tests.support.doctor import findings_of, not_ok, run_doctor, running_house
from tests.support.eventually import eventually

NOBODY = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Short, for sockets; whoever the database runs as must be able to pass through."""
    made = Path(tempfile.mkdtemp(prefix="lika-doctor-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def register_a_village(house: House, url: str) -> None:
    token = issue_token(
        house.key, subject="op-1", roles=[Role.OPERATOR], division="", ttl=timedelta(hours=1), now=SystemClock().now()
    )
    body = {"code": "990001101001", "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    httpx.post(f"{url}/registry/divisions", json=body, headers=headers).raise_for_status()


@pytest.fixture(scope="module")
def lived_in(folder: Path) -> Path:
    """The folder of a house that has been up, and is at rest."""
    with running_house(folder):
        pass
    return folder


@pytest.fixture
def run(folder: Path) -> Callable[..., Result]:
    return partial(run_doctor, folder)


@pytest.fixture
def in_database(lived_in: Path) -> Callable[[str, str], None]:
    """Do something to a database of the house at rest."""

    def do(name: str, statement: str) -> None:
        with EmbeddedPostgres(lived_in / "postgres") as server:
            with psycopg.connect(server.uri(database_name(name)), autocommit=True) as conn:
                conn.execute(statement.encode())

    return do


def test_where_there_is_no_house_none_is_made_and_it_says_how_to_start(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    result = run("--json", LIKA_DATA_DIR=str(tmp_path / "data"))
    assert result.exit_code == 1
    assert not_ok(findings_of(result)) == {"data_folder": "warning", "database": "warning"}
    assert "lika up" in findings_of(result)["database"]["remedy_zh"]
    assert list(tmp_path.iterdir()) == []


def test_a_running_house_is_sound_in_every_respect(run: Callable[..., Result], folder: Path) -> None:
    with running_house(folder) as (_, url):
        result = run("--json", "--url", url)
        findings = findings_of(result)
        assert not_ok(findings) == {}
        assert result.exit_code == 0
        assert findings["house"]["en"] == f"every service at {url} is ready"
        for name in BUILDS:
            assert findings[f"{name}.consumers"]["en"] == "all at the end of their logs"
        assert findings["durability"]["en"] == "fsync, synchronous_commit, full_page_writes are on"


def test_a_house_at_rest_is_sound_and_left_as_it_was(run: Callable[..., Result], lived_in: Path) -> None:
    before = {path: path.stat().st_mode for path in (lived_in / "keys").iterdir()}
    result = run("--json")
    assert not_ok(findings_of(result)) == {}
    assert result.exit_code == 0
    assert findings_of(result)["house"]["en"] == "not running (lika up starts it)"
    assert {path: path.stat().st_mode for path in (lived_in / "keys").iterdir()} == before
    assert not (lived_in / "postgres" / "data" / "postmaster.pid").exists()


def test_it_looks_at_every_service_and_the_vault(run: Callable[..., Result], lived_in: Path) -> None:
    findings = findings_of(run("--json"))
    for part in (
        "migrations",
        "append_only",
        "log_gapless",
        "clock",
        "closed_through",
        "consumers",
        "parked",
        "deadlines",
    ):
        assert {name for name in BUILDS if f"{name}.{part}" not in findings} == set(), part
    assert {"vault.key_encryption_key", "registry.index_keys", "audit.copies", "kafka"} <= set(findings)


def test_the_worst_finding_is_the_exit_code_and_the_table_says_what_to_do(
    run: Callable[..., Result], lived_in: Path, in_database: Callable[[str, str], None]
) -> None:
    in_database("registry", "ALTER TABLE log DISABLE TRIGGER log_is_append_only")
    try:
        result = run()
        assert result.exit_code == 2
        assert "故障 broken 1" in result.stdout
        assert "log: log_is_append_only" in result.stdout
        assert "→ 有人取消了保护" in result.stdout
        assert "→ somebody took the guard away" in result.stdout
    finally:
        in_database("registry", "ALTER TABLE log ENABLE TRIGGER log_is_append_only")


def test_a_database_that_cannot_be_read_is_a_finding_and_not_a_crash(
    run: Callable[..., Result], in_database: Callable[[str, str], None]
) -> None:
    in_database("monitoring", "ALTER TABLE timers RENAME TO mislaid")
    try:
        assert not_ok(findings_of(run("--json"))) == {"monitoring.deadlines": "broken"}
    finally:
        in_database("monitoring", "ALTER TABLE mislaid RENAME TO timers")


def test_an_address_that_was_named_has_to_answer(run: Callable[..., Result], lived_in: Path) -> None:
    result = run("--json", "--url", NOBODY)
    assert (not_ok(findings_of(result)), result.exit_code) == ({"house": "broken"}, 2)


def test_a_database_folder_that_this_account_cannot_use_is_broken(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    (tmp_path / "postgres" / "data" / "PG_VERSION").write_text("18\n")
    (tmp_path / "postgres" / "start.lock").mkdir()
    tmp_path.chmod(0o711)
    result = run("--json", LIKA_DATA_DIR=str(tmp_path))
    assert (not_ok(findings_of(result)), result.exit_code) == ({"database": "broken"}, 2)


def test_a_wrong_setting_is_told_without_its_value(run: Callable[..., Result]) -> None:
    result = run("--json", DATABASE_URL="not a url; password=hush-hush")
    assert result.exit_code == 2
    assert list(findings_of(result)) == ["settings"]
    assert "hush" not in result.stdout


def test_a_server_of_one_s_own_that_is_away_is_broken_and_its_password_stays_secret(run: Callable[..., Result]) -> None:
    result = run("--json", DATABASE_URL="postgresql://lika:hush-hush@127.0.0.1:1/postgres")
    assert (not_ok(findings_of(result)), result.exit_code) == ({"database": "broken"}, 2)
    assert "hush" not in result.stdout


def test_a_server_of_one_s_own_is_examined_as_the_embedded_one_is(run: Callable[..., Result], lived_in: Path) -> None:
    with EmbeddedPostgres(lived_in / "postgres") as server:
        findings = findings_of(run("--json", DATABASE_URL=server.uri()))
    assert not_ok(findings) == {}
    assert findings["registry.migrations"]["state"] == "ok"


@pytest.mark.long_run
def test_what_a_service_was_allowed_since_is_found_refused_at_the_start_and_withdrawn(
    run: Callable[..., Result], lived_in: Path, in_database: Callable[[str, str], None]
) -> None:
    settings = Settings(data_dir=lived_in, database_url=None)
    in_database("registry", "GRANT UPDATE ON log.log TO lika_registry")
    in_database("registry", "GRANT lika_registry_owner TO lika_registry")
    in_database("registry", "ALTER ROLE lika_registry CREATEROLE")
    in_database("audit", "REVOKE INSERT ON log.copies FROM lika_audit")
    assert not_ok(findings_of(run("--json"))) == {"registry.account": "broken", "audit.account": "broken"}
    with pytest.raises(AccountUnfit, match="lika migrate registry"), databases(settings):
        pass
    with databases(settings, reset=True):
        pass
    assert not_ok(findings_of(run("--json"))) == {}


@pytest.mark.long_run
def test_accounts_are_given_new_passwords(run: Callable[..., Result], lived_in: Path) -> None:
    before = {path.name: path.read_bytes() for path in (lived_in / "keys").glob("*.pgpass")}
    with databases(Settings(data_dir=lived_in, database_url=None), new_passwords=True):
        pass
    after = {path.name: path.read_bytes() for path in (lived_in / "keys").glob("*.pgpass")}
    assert {name for name in before if before[name] == after[name]} == {"postgres.pgpass"}
    assert not_ok(findings_of(run("--json"))) == {}


def test_looking_is_all_it_can_do(lived_in: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lika.operations.checks.log.NEWEST", "UPDATE closing SET closed_through = now() RETURNING 1")
    assert not_ok(findings_of(run("--json"))) == {
        f"{name}.{part}": "broken" for name in BUILDS for part in ("clock", "closed_through")
    }


@pytest.mark.long_run
def test_a_consumer_that_ended_is_told_with_the_entry_it_stopped_before(
    run: Callable[..., Result], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "STALL_SECONDS", 0.5)
    with running_house(folder) as (house, url):
        consumer = next(s for s in house.services if s.name == "audit").consumers["registry"]
        head = next(s for s in house.services if s.name == "registry").store.position()
        eventually(lambda: consumer.position == head)
        consumer.stop()
        register_a_village(house, url)
        others = [c for s in house.services for c in s.consumers.values() if c.log == "registry" and c is not consumer]
        eventually(lambda: all(c.position == head + 1 for c in others))
        findings = findings_of(run("--json", "--url", url))
    assert not_ok(findings) == {"house": "broken", "audit.consumers": "broken"}
    assert f"stopped before entry {head + 1} of registry (DivisionDeclared/1)" in findings["audit.consumers"]["en"]
    assert findings["house"]["en"] == "not ready: audit: consumers"


def test_what_it_expects_of_consumers_is_what_the_services_read(lived_in: Path) -> None:
    settings = Settings(data_dir=lived_in, database_url=None)
    with databases(settings) as conninfo:
        house = build(settings, conninfo, None)
        try:
            assert {s.name: set(s.reads) for s in house.services} == {
                name: set(logs) for name, logs in LOGS_READ.items()
            }
            assert {s.name for s in house.services if s.keeps_all} == COPIES_EVERY_ENTRY
        finally:
            for service in house.services:
                service.stop()
