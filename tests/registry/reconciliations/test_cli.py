"""``lika registry national`` and ``lika registry reconciliations`` against a running system: by days and household numbers."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from contracts.roles import Role
from services.chassis.web import cli_client
from services.registry import cli
from tests.registry.intake.import_requests import (
    COUNTY,
    VILLAGE,
    cadre_of,
    head_line,
    household_line,
    import_workbook,
    registry_with_villages,
    workbook_bytes,
)
from tests.registry.reconciliations.test_reconciliations import DAY, household, member, national_list
from tests.support.eventually import eventually
from tests.support.running import ApiClient, Lika

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        book = workbook_bytes([household_line("E1")], [head_line("E1", 101)])
        assert import_workbook(cadre_of(started), book)["recorded"] == 1
        yield started


@pytest.fixture
def run(running: Lika, monkeypatch: pytest.MonkeyPatch) -> Run:
    def connect(_: str, token: str, __: float = 0) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers)

    def command(person: ApiClient, *words: str) -> Result:
        person.get("/registry/households", limit=1)  # the view knows what was recorded
        return CliRunner().invoke(cli.app, words, env={"LIKA_TOKEN": person.token, "COLUMNS": "200"})

    monkeypatch.setattr(cli_client, "connect", connect)
    return command


@pytest.fixture(scope="module")
def clerk(running: Lika) -> ApiClient:
    return running.client_for("county-clerk", COUNTY, Role.REVIEWER)


@pytest.fixture(scope="module")
def township(running: Lika) -> ApiClient:
    return running.client_for("township-reviewer", VILLAGE[:9], Role.REVIEWER)


def test_what_is_exported_imports_again_unchanged(running: Lika, run: Run, township: ApiClient, tmp_path: Path) -> None:
    file = tmp_path / "national.xlsx"
    words = ("--division", VILLAGE, "--as-of", DAY, "--order", "县扶贫办", "扶办〔2014〕3号")
    told = run(township, "national", "export", str(file), *words, "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout) == {"file": str(file), "households": 1, "left_out": 0}
    imported = run(cadre_of(running), "national", "import", str(file), "--json")
    assert [answer["unchanged"] for answer in json.loads(imported.stdout)] == [1], imported.output
    refused = run(cadre_of(running), "national", "export", str(tmp_path / "no.xlsx"), *words)
    assert refused.exit_code == 1
    assert "role_not_allowed" in refused.output
    assert not list(tmp_path.glob("no*")), "nothing is left of what was refused"
    empty = tmp_path / "empty.xlsx"
    assert run(township, "national", "template", str(empty)).exit_code == 0
    assert empty.stat().st_size > 0


def test_a_list_is_compared_shown_and_answered_by_household_numbers(
    running: Lika, run: Run, clerk: ApiClient, township: ApiClient, tmp_path: Path
) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(national_list([household("F1", size=2)], [member("F1", 50)]))
    nothing = run(clerk, "reconciliations", "show")
    assert (nothing.exit_code, "没有这一次对账" in nothing.output) == (1, True)
    other_day = run(clerk, "reconciliations", "run", str(file), "--on", "2014-05-31")
    assert other_day.exit_code == 1
    assert "数据日期" in other_day.output
    tried = run(clerk, "reconciliations", "run", str(file), "--on", DAY, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert json.loads(run(clerk, "reconciliations", "list", "--json").stdout) == []
    made = run(clerk, "reconciliations", "run", str(file), "--on", DAY, "--json")
    figures = {f["result"]: (f["households"], f["persons_there"]) for f in json.loads(made.stdout)["figures"]}
    assert figures["missing_here"] == (1, 2)
    for named in ((), (DAY,)):
        shown = run(clerk, "reconciliations", "show", *named)
        assert shown.exit_code == 0, shown.output
        assert "F1" in shown.stdout
    assert "F1" not in run(clerk, "reconciliations", "show", "--result", "different").stdout
    answered = run(township, "reconciliations", "answer", "F1", "--reason", "户在外县，全国系统下月更正")
    assert answered.exit_code == 0, answered.output

    def by() -> str | None:
        (finding,) = township.get("/registry/findings", rule="missing_in_register").json()["items"]
        return None if finding["answer"] is None else str(finding["answer"]["by"])

    # Another command knows nothing of the positions of this one.
    eventually(lambda: by() == "township-reviewer")
    again = run(township, "reconciliations", "answer", "F1", "--reason", "再答一次")
    assert (again.exit_code, "没有待答复" in again.output) == (1, True)
