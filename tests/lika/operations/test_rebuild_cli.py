"""``lika rebuild`` and ``lika parked`` beside a running house, on its embedded database."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import typer
from typer.testing import CliRunner, Result

from contracts.publishing.catalogue import load
from contracts.roles import Role
from lika.operations.parked import parked
from lika.operations.rebuild import rebuild
from services.chassis.log import formats
from services.chassis.postgres.embedded import EmbeddedPostgres
from tests.faults.lika_process import LikaProcess
from tests.support.eventually import eventually

VILLAGE = "990001101201"
HOUSEHOLDS = 3

app = typer.Typer()
app.command()(rebuild)
app.command()(parked)


@pytest.fixture(scope="module")
def lika() -> Iterator[LikaProcess]:
    with tempfile.TemporaryDirectory(prefix="lika-rebuild-") as folder:
        Path(folder).chmod(0o711)  # the database's own account passes through
        started = LikaProcess(Path(folder))
        try:
            started.start()
            _register(started)
            yield started
        finally:
            started.stop()


def _register(lika: LikaProcess) -> None:
    def post(path: str, body: dict[str, Any], number: int, *who: Any) -> None:
        key = f"rebuild-{path.rpartition('/')[2]}-{number}"
        headers = {"Authorization": f"Bearer {lika.token(*who)}", "Idempotency-Key": key}
        answer = httpx.post(lika.url + path, json=body, headers=headers, timeout=30)
        assert answer.status_code == 201, answer.text

    village = {"code": VILLAGE, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    post("/registry/divisions", village, 0, "op-1", "", Role.OPERATOR)
    head = {"name": "某甲", "sex": "male", "birth_year": 1970, "relation": "head"}
    for number in range(HOUSEHOLDS):
        body = {"division": VILLAGE, "effective_on": "2014-05-01", "members": [head]}
        post("/registry/households", body, number, "cadre-1", VILLAGE, Role.CADRE)
    eventually(lambda: len(live(lika, "registry", "SELECT 1 FROM household_periods")) == HOUSEHOLDS)
    eventually(lambda: len(live(lika, "assistance", "SELECT 1 FROM households")) == HOUSEHOLDS)


def live(lika: LikaProcess, service: str, query: str) -> list[tuple[Any, ...]]:
    with EmbeddedPostgres(lika.folder / "postgres") as server, psycopg.connect(server.uri(f"lika_{service}")) as conn:
        return conn.execute(query.encode()).fetchall()


@pytest.fixture
def run(lika: LikaProcess, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIKA_DATA_DIR", str(lika.folder))
    monkeypatch.setenv("COLUMNS", "200")  # wide enough for a table to fold no word
    monkeypatch.delenv("DATABASE_URL", raising=False)
    # A program of the release that runs: what other tests of this process have published belongs to none.
    monkeypatch.setattr(formats, "PUBLISHED", load())
    return lambda *words: CliRunner().invoke(app, words)


@pytest.mark.long_run
def test_all_views_of_a_service_are_rebuilt_while_the_house_runs(lika: LikaProcess, run: Any) -> None:
    ran: Result = run("rebuild", "registry", "--all", "--json")
    assert ran.exit_code == 0, ran.output
    views = {v["view"]: v for v in json.loads(ran.stdout)["views"]}
    assert set(views) == {
        "screenings",
        "divisions", "schools", "enrolments", "household_periods", "memberships", "cases", "directory", "findings", "finding_answers",
        "identity_digests", "account_findings", "reconciliations", "reconciled_households", "reconciliation_findings", "clues",
        "move_proposals", "reading_days", "reports", "recertification", "records", "duty_misses",
        "revoked_tokens",
    }  # fmt: skip
    for name, tables in (("household_periods", 2), ("memberships", 1)):  # one member each
        assert (views[name]["subjects"], views[name]["rows"]) == (HOUSEHOLDS, tables * HOUSEHOLDS)
    assert all(v["swapped"] and not v["differences"]["rows"] for v in views.values())
    headers = {"Authorization": f"Bearer {lika.token('cadre-1', VILLAGE, Role.CADRE)}"}
    answer = httpx.get(f"{lika.url}/registry/households", params={"division": VILLAGE}, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == HOUSEHOLDS


@pytest.mark.long_run
def test_differences_change_nothing_and_say_so_until_they_are_confirmed(lika: LikaProcess, run: Any) -> None:
    with EmbeddedPostgres(lika.folder / "postgres") as server, psycopg.connect(server.uri("lika_registry")) as conn:
        conn.execute("UPDATE household_periods SET persons = 7")
    ran: Result = run("rebuild", "registry", "household_periods")
    assert ran.exit_code == 2, ran.output
    for said in ("差异", "differences", "未改动", "unchanged", "persons=7", "persons=1", "--yes"):
        assert said in ran.stdout
    assert live(lika, "registry", "SELECT DISTINCT persons FROM household_periods") == [(7,)]
    assert run("rebuild", "registry", "household_periods", "--yes").exit_code == 0
    assert live(lika, "registry", "SELECT DISTINCT persons FROM household_periods") == [(1,)]


@pytest.mark.long_run
def test_memberships_that_are_not_what_the_facts_say_are_found_and_made_right(lika: LikaProcess, run: Any) -> None:
    """Commands write them, so no consumer would ever put them right."""
    since = "SELECT DISTINCT valid_from::text FROM exclusive_periods"
    with EmbeddedPostgres(lika.folder / "postgres") as server, psycopg.connect(server.uri("lika_registry")) as conn:
        conn.execute("UPDATE exclusive_periods SET valid_from = '2013-01-01'")
    ran: Result = run("rebuild", "registry", "memberships")
    assert ran.exit_code == 2, ran.output
    assert "valid_from=2013-01-01" in ran.stdout
    assert "valid_from=2014-05-01" in ran.stdout
    assert live(lika, "registry", since) == [("2013-01-01",)]
    assert run("rebuild", "registry", "memberships", "--yes").exit_code == 0
    assert live(lika, "registry", since) == [("2014-05-01",)]
    assert run("rebuild", "registry", "memberships").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("rebuild", "registry", "nothing"), 1, "household_periods"),
        (("rebuild", "registry"), 2, "--all"),
        (("rebuild", "nowhere", "--all"), 2, "no such service"),
        (("parked", "release"), 2, "not understood"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_can(run: Any, words: tuple[str, ...], code: int, said: str) -> None:
    ran: Result = run(*words)
    assert ran.exit_code == code, ran.output
    assert said in ran.output


@pytest.mark.long_run
def test_what_is_parked_is_listed_and_released(lika: LikaProcess, run: Any) -> None:
    assert "Nothing is parked" in run("parked").stdout
    with EmbeddedPostgres(lika.folder / "postgres") as server, psycopg.connect(server.uri("lika_assistance")) as conn:
        found = conn.execute(
            "SELECT subject::text, notification_id FROM copies WHERE subject IS NOT NULL LIMIT 1"
        ).fetchone()
        assert found is not None
        subject, position = found
        conn.execute(
            "INSERT INTO parked VALUES ('assistance', 'registry', %s, %s, 'KeyError', '2016-03-01 16:30+00')",
            (position, subject),
        )
    listed = json.loads(run("parked", "assistance", "--json").stdout)
    assert [(p["consumer"], p["log"], p["position"], p["subject"], p["error"]) for p in listed] == [
        ("assistance", "registry", position, subject, "KeyError")
    ]
    assert "2016-03-02 00:30" in run("parked").stdout
    ran: Result = run("parked", "release", "assistance", "--json")
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout) == [{"log": "registry", "subject": subject, "digested": 1, "left": 0, "error": None}]
    assert live(lika, "assistance", "SELECT 1 FROM parked") == []
