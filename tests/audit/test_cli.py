"""``lika audit`` against a running system: tables for people, JSON for machines, plain words when it cannot be had."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner, Result

from contracts.roles import Role
from services.audit import cli
from services.audit.service import audit
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.web import cli_client
from tests.audit.fact_builders import HILL, HOUSEHOLD, annulled, enrolled, exited, household_recorded, joined
from tests.audit.producers import Producer, stub_service
from tests.support.running import Build, Lika, lika

ENTRY = date(2014, 6, 20)
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lika")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], folder: Path) -> Iterator[Lika]:
    built: list[Build] = [stub_service("registry"), partial(audit, logs=("registry",))]
    with lika(built, module_database, folder, datetime(2014, 1, 1, tzinfo=UTC)) as started:
        registry = Producer(started, "registry")
        registry.append(ENTRY, household_recorded(ENTRY, 3), enrolled(ENTRY))
        (birth,) = registry.append(date(2015, 2, 1), joined(date(2015, 1, 1), 4))
        registry.append(date(2015, 3, 1), annulled(date(2015, 3, 1), birth))
        registry.append(date(2015, 11, 2), exited(date(2015, 11, 1)))
        auditor = started.client_for("auditor-1", "", Role.AUDITOR)
        assert auditor.get("/audit/statements", **{"from": 2014, "to": 2014}).is_success  # audit has caught up
        yield started


@pytest.fixture
def run(running: Lika, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command with a token in the environment, against the system in this process."""
    key = LocalKey.of(Settings(data_dir=folder))
    token = issue_token(
        key, subject="auditor-1", roles=[Role.AUDITOR], division="", ttl=timedelta(hours=1), now=SystemClock().now()
    )

    def connect(url: str, sent: str, _: float) -> httpx.Client:
        assert url == "http://lika.test"
        # The test client's way into this process, under a client that the command may open and close.
        headers = {"Authorization": f"Bearer {sent}"}
        return httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers)

    monkeypatch.setattr(cli_client, "connect", connect)
    environment = {"LIKA_URL": "http://lika.test", "LIKA_TOKEN": token, "COLUMNS": "200", "TERM": "dumb"}
    return lambda *words: CliRunner().invoke(cli.app, list(words), env=environment)


def test_a_statement_is_printed_line_by_line_in_households_and_in_persons(run: Run) -> None:
    result = run("statement", "--division", HILL, "--from", "2014", "--to", "2015", "--known-at", "2015-12-31")
    assert result.exit_code == 0, result.output
    printed = {line.split()[1]: line for line in result.output.splitlines() if "│" in line}
    figures = {word: [cell.strip() for cell in line.split("│")[2:-1]] for word, line in printed.items()}
    assert figures["＋新识别"] == ["1 / 3", "0 / 0"]
    assert figures["－脱贫"] == ["0 / 0", "1 / 3"]
    assert figures["期末"] == ["1 / 3", "0 / 0"]
    assert figures["差额"] == ["0 / 0", "0 / 0"]
    assert "registry" in result.output
    assert "provisional" in result.output


def test_a_statement_is_given_as_json(run: Run) -> None:
    result = run(
        "statement", "--division", HILL, "--from", "2014", "--to", "2015", "--known-at", "2014-12-31", "--json"
    )
    assert result.exit_code == 0, result.output
    body = json.loads(result.stdout)
    assert [row["closing"] for row in body["rows"]] == [{"households": 1, "persons": 3}] * 2
    assert body["known_at"] == "2014-12-31"


def test_a_history_is_printed_with_what_is_void(run: Run) -> None:
    result = run("household", str(HOUSEHOLD))
    assert result.exit_code == 0, result.output
    assert "已脱贫，自 2015-11-01 起" in result.output
    assert "exited since 2015-11-01" in result.output
    assert "HouseholdEnrolled" in result.output
    assert "void by" in result.output
    assert "识别标准 standard: 国家标准 national" in result.output


def test_a_history_is_given_as_json_for_any_day_as_known_on_any_other(run: Run) -> None:
    result = run("household", str(HOUSEHOLD), "--as-of", "2015-06-30", "--known-at", "2015-02-15", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["state"]["persons"] == 4


def test_a_refusal_is_printed_in_both_languages(run: Run) -> None:
    result = run("household", str(uuid4()))
    assert result.exit_code == 1
    assert result.stderr.endswith("没有找到，或不在您的管辖范围内。\nNot found, or outside your area.\n(not_found)\n")


def test_a_system_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(
        cli.app, ["statement", "--from", "2014", "--to", "2014", "--url", "http://127.0.0.1:9", "--token", "x"]
    )
    assert result.exit_code == 1
    assert "Cannot reach http://127.0.0.1:9" in result.stderr
