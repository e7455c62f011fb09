"""Six processes, each with its own folder, account and secrets: together they are Lika, and none gets at what is another's."""

import base64
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from typer.testing import CliRunner

from contracts.roles import Role
from lika import serve
from lika.cli import program
from services.chassis.ground import security_log
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.security.service_keys import ServiceKey, public_set
from services.chassis.security.service_tokens import service_token
from services.chassis.security.tokens import issue_token
from services.console.sealing import Seal
from services.console.sessions import Session, Sessions
from tests.support.eventually import eventually
from tests.support.running import ApiClient
from tests.support.separate import PERSON, Separate, separate

VILLAGE = "990001101201"
HOUSEHOLD = {
    "effective_on": "2014-05-20",
    "division": VILLAGE,
    "national_no": "X990001101201001",
    "members": [{"name": "陈大山", "sex": "male", "birth_year": 1970, "relation": "head"}],
}
Persons = Callable[..., ApiClient]


@pytest.fixture(scope="module")
def services(postgres_settings: dict[str, str]) -> Iterator[Separate]:
    with tempfile.TemporaryDirectory(prefix="lika-sep-") as made:
        folder = Path(made)
        folder.chmod(0o711)  # the database's own account passes through
        with EmbeddedPostgres(folder / "pg", settings=postgres_settings) as server:
            with separate(folder, server.uri()) as running:
                yield running


@pytest.fixture(scope="module")
def persons(services: Separate) -> Persons:
    positions: dict[str, int] = {}

    def client(service: str, subject: str, division: str, role: Role) -> ApiClient:
        token = issue_token(
            services.persons, subject=subject, roles=[role], division=division, ttl=timedelta(hours=1),
            now=datetime.now(UTC),
        )  # fmt: skip
        return ApiClient(httpx.Client(base_url=services.urls[service], timeout=30), token, positions)

    return client


def test_what_one_records_the_others_know_and_the_vault_seals_it(services: Separate, persons: Persons) -> None:
    services.run(PERSON)  # declares the village
    recorded = persons("registry", "cadre-1", VILLAGE, Role.CADRE).post("/registry/households", HOUSEHOLD)
    assert recorded.status_code == 201, recorded.text
    household = recorded.json()["location"].rpartition("/")[2]
    history = persons("audit", "auditor-1", "", Role.AUDITOR).get(f"/audit/households/{household}/history")
    assert [event["type"] for event in history.json()["events"]] == ["HouseholdRecorded"]
    assert "陈大山" not in history.text
    reviewer = persons("assistance", "reviewer-1", "990001", Role.REVIEWER)
    assert reviewer.get("/assistance/inbox").status_code == 200
    assert persons("monitoring", "reviewer-1", "990001", Role.REVIEWER).get("/monitoring/targets").status_code == 200


def test_a_browser_asks_every_service_through_the_console_which_has_no_secret_of_theirs(
    services: Separate, persons: Persons
) -> None:
    own, now = services.home("console") / "separate" / "console", datetime.now(UTC)
    session = Session("auditor-1", persons("audit", "auditor-1", "", Role.AUDITOR).token, now + timedelta(hours=1))
    cookie = Sessions(Seal.of(Settings(data_dir=own))).cookie({"scheme": "http"}, session, now).partition(";")[0]
    with httpx.Client(
        base_url=services.urls["console"], headers={"Cookie": cookie, "Lika-Account": "auditor-1"}
    ) as browser:
        for service in ("registry", "assistance", "monitoring", "audit"):
            answer = browser.get(f"/console/api/{service}/access")
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
        assert browser.get("/console/api/vault/keys").status_code == 404
        assert browser.get("/console/", follow_redirects=True).headers["content-type"].startswith("text/html")
    assert {path.name for path in (own / "keys").iterdir()} == {"console.key"}


SUBJECTS = {"subjects": ["0b2c0a4e-5d4a-4b8e-9d57-4a1f6c1a2b3c"]}


@pytest.mark.parametrize(
    ("caller", "meant_for", "asked", "path", "refused"),
    [
        ("assistance", "vault", "vault", "/vault/destructions", (403, "not_for_this_service")),
        ("audit", "vault", "vault", "/vault/keys", (403, "not_for_this_service")),
        ("registry", "assistance", "vault", "/vault/keys", (401, "service_token_for_another")),
        ("stranger", "vault", "vault", "/vault/keys", (401, "service_key_unknown")),
        ("impostor", "vault", "vault", "/vault/keys", (401, "service_token_not_accepted")),
        ("person", "vault", "vault", "/vault/keys", (403, "role_not_allowed")),
        ("audit", "registry", "registry", "/registry/households", (403, "role_not_allowed")),
    ],
)
def test_another_s_token_is_refused(
    services: Separate, persons: Persons, caller: str, meant_for: str, asked: str, path: str, refused: tuple[int, str]
) -> None:
    if caller == "person":
        token = persons("vault", "auditor-1", "", Role.AUDITOR).token
    else:
        made = {"stranger": "stranger", "impostor": "registry"}
        key = ServiceKey.generate(made[caller]) if caller in made else services.key(caller)
        token = service_token(key, meant_for, datetime.now(UTC))
    headers = {"Authorization": f"Bearer {token}"}
    body: Mapping[str, Any] = {"subject": SUBJECTS["subjects"][0]} if "destructions" in path else SUBJECTS
    answer = httpx.post(f"{services.urls[asked]}{path}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == refused


def test_an_account_opens_its_own_database_and_no_other(services: Separate, monkeypatch: pytest.MonkeyPatch) -> None:
    for service in ("registry", "vault", "audit"):
        monkeypatch.chdir(services.home(service))
        own = services.settings(service)["DATABASE_URL"]
        with psycopg.connect(own) as connection:
            assert connection.execute("SELECT current_user::text").fetchone() == (f"lika_{service}",)
        for other in {"registry", "vault", "audit"} - {service}:
            with pytest.raises(psycopg.OperationalError, match=r"permission denied|password"):
                psycopg.connect(make_conninfo(own, dbname=f"lika_{other}")).close()
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(make_conninfo(own, dbname=f"lika_{other}", user=f"lika_{other}")).close()


FOREIGN_KEY = f"1:{base64.b64encode(b'x' * 32).decode()}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"LIKA_SERVICE_KEY_FILE": "{registry}/keys/service.jwk"}, "is the private key of the service registry"),
        ({"LIKA_SERVICE_KEY_FILE": "{stranger}"}, "does not accept this service's key"),
        ({"LIKA_SERVICE_KEY_FILE": "absent"}, "lika keys assistance"),
        ({"LIKA_PEERS": "registry={registry_url}"}, "LIKA_PEERS lacks the addresses of vault"),
        ({"LIKA_PEERS": "registry={vault_url},vault={vault_url}"}, "does not lead to the service registry"),
        ({"LIKA_INDEX_KEYS": FOREIGN_KEY}, "belongs to another installation"),
        ({"DATABASE_URL": "{registry_database}"}, "is that of the service registry, not of assistance"),
        ({"DATABASE_URL": "{own_account_elsewhere}"}, "permission denied"),
        ({"LIKA_PROVINCE": ""}, "LIKA_PROVINCE"),
        ({"LIKA_JWKS_FILE": ""}, "LIKA_JWKS_URL"),
        ({"LIKA_DATA_DIR": "separate/assistance"}, "Lika already runs on the data folder"),
        ({"LIKA_SECURITY_LOG": "{stranger}/log", "DATABASE_URL": "{registry_database}"}, "log cannot be written"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_with_what_is_another_s_or_missing_it_does_not_start_and_changes_nothing(
    services: Separate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], said: str
) -> None:
    """``assistance``, in a folder beside the one that runs, as a replica of it would be."""
    monkeypatch.setattr(serve, "stop_on_signals", lambda: None)
    monkeypatch.setattr(serve, "Server", lambda *_: pytest.fail("it started"))
    monkeypatch.setattr(security_log.LOGGER, "handlers", [logging.NullHandler()])
    home, folder = services.home("assistance"), tmp_path / "assistance"
    monkeypatch.chdir(home)
    shutil.copytree(home / "separate" / "assistance" / "keys", folder / "keys")
    stranger = tmp_path / "stranger.jwk"
    ServiceKey.made_at(stranger, "assistance")
    of_registry, own = services.settings("registry"), services.settings("assistance")
    registry_home = services.home("registry")
    values = {
        "registry": registry_home / "separate" / "registry",
        "stranger": stranger,
        "registry_url": services.urls["registry"],
        "vault_url": services.urls["vault"],
        "registry_database": of_registry["DATABASE_URL"].replace("passfile=", f"passfile={registry_home}/"),
        "own_account_elsewhere": make_conninfo(own["DATABASE_URL"], dbname="lika_registry"),
    }
    changed = {name: value.format(**values) for name, value in changes.items()}
    before = files(folder)
    ran = CliRunner().invoke(
        program(["serve"]), ["serve", "assistance"], env={**own, "LIKA_DATA_DIR": str(folder), **changed}
    )
    assert isinstance(ran.exception, ExplainedError), ran.output
    assert said in str(ran.exception)
    assert ran.exception.message.zh != ran.exception.message.en
    assert files(folder) == before


def test_commands_on_databases_work_on_the_service_whose_settings_they_have(
    services: Separate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(services.home("registry"))

    def run(*words: str) -> str:
        ran = CliRunner().invoke(program([words[0]]), words, env=services.settings("registry"), catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran.output

    assert "operator-9" in run("bootstrap", "operator-9", "--name", "王芳", "--province", "99")
    assert json.loads(run("parked", "registry", "--json")) == []


@pytest.mark.parametrize("service", ["registry", "audit", "vault"])
def test_the_doctor_looks_at_the_one_service_whose_settings_it_has_and_names_the_others(
    services: Separate, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    monkeypatch.chdir(services.home(service))
    ran = CliRunner().invoke(
        program(["doctor"]), ["doctor", service, "--json", "--thorough", "--url", services.urls[service]],
        env=services.settings(service), catch_exceptions=False,
    )  # fmt: skip
    found = {finding["name"]: finding for finding in json.loads(ran.stdout)}
    others = {"registry", "assistance", "monitoring", "audit", "vault"} - {service}
    assert {name for name in found if name.partition(".")[0] in others} == {f"{name}.elsewhere" for name in others}
    assert all(f"lika doctor {name}" in found[f"{name}.elsewhere"]["en"] for name in others)
    assert {name: f["en"] for name, f in found.items() if f["state"] == "broken"} == {}
    assert {f"{service}.account", f"{service}.session_limits", f"{service}.migrations"} <= set(found)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")} - {"house.lock", "security.log"}


def test_a_withdrawn_key_is_refused_while_all_go_on(services: Separate) -> None:
    public = services.home("registry") / "separate" / "services.jwks"
    whole = public.read_bytes()

    def status() -> int:
        token = service_token(services.key("audit"), "registry", datetime.now(UTC))
        head = f"{services.urls['registry']}/registry/log/head"
        return httpx.get(head, headers={"Authorization": f"Bearer {token}"}).status_code

    assert status() == 200
    others = [key for key in json.loads(whole)["keys"] if key["kid"] != "audit"]
    public.write_bytes(json.dumps({"keys": others}).encode())
    eventually(lambda: status() == 401)
    public.write_bytes(public_set([services.key("audit")], json.dumps({"keys": others}).encode()))
    eventually(lambda: status() == 200)
