"""``lika documents`` on files and against a running house: Chinese first for people, JSON for machines."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from contracts.roles import Role
from lika.operations.documents import cli
from lika.operations.documents.house import HouseDocuments
from services.assistance.service import assistance
from services.chassis.law.yaml_text import DocumentFileError
from services.chassis.web.cli_client import House
from services.monitoring.service import FIRST_TEXTS as OF_MONITORING
from services.monitoring.service import monitoring
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.service import registry
from tests.support.running import Lika, lika

COUNTY = "990001"
MANUAL = Path(__file__).parents[4] / "docs" / "documents.md"
Run = Callable[..., Any]

SHIPPED = (FIRST_TEXTS.folder / "procedures" / "exit-2016.yaml").read_text(encoding="utf-8")
COUNTY_EXIT = (
    SHIPPED.replace('edition: "2016"', 'edition: "990001-2016"')
    .replace('jurisdiction: "CN"', f'jurisdiction: "{COUNTY}"')
    .replace("{from: 2014-01-01, to: 2020-12-31}", "{from: 2016-01-01, to: null}")
    .replace("days: 7", "days: 10")
)
CHANGED = {"edition", "in_force.from", "in_force.to", "jurisdiction", "steps.village_notice.days"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("lika")
    with lika([registry, assistance, monitoring], module_database, folder, datetime(2016, 5, 1, tzinfo=UTC)) as started:
        yield started


@pytest.fixture
def run(running: Lika, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command as the first or another operator of the county, against the house in this process."""

    @contextmanager
    def house_documents(url: str, token: str) -> Iterator[HouseDocuments]:
        assert url == "http://lika.test"
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers) as client:
            yield HouseDocuments(House(client, {}))

    monkeypatch.setattr(cli, "house_documents", house_documents)

    def invoke(*words: str, by: str = "op-1", as_json: bool = True) -> Any:
        token = running.client_for(by, COUNTY, Role.OPERATOR).token
        environment = {"LIKA_URL": "http://lika.test", "LIKA_TOKEN": token, "COLUMNS": "200"}
        options = ["--json"] if as_json else []
        result = CliRunner().invoke(cli.app, [*words, *options], env=environment, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout) if as_json else result.stdout

    return invoke


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "exit.yaml"
    path.write_text(COUNTY_EXIT, encoding="utf-8")
    return path


def check_offline(file: Path, *options: str) -> str:
    result = CliRunner().invoke(
        cli.app, ["check", str(file), *options], env={"LIKA_TOKEN": "", "COLUMNS": "200"}, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_file_is_checked_without_a_house_against_what_is_shipped(file: Path) -> None:
    found = json.loads(check_offline(file, "--json"))
    assert (found["service"], found["kind"], found["key"], found["edition"]) == (
        "registry", "procedure", "exit", "990001-2016",
    )  # fmt: skip
    assert (found["in_house"], found["taken"], found["replaces_in"]) == (False, False, "CN")
    assert {one["part"] for one in found["differences"]} == CHANGED
    shown = check_offline(file)
    assert shown.startswith("文件合格")
    assert "village_notice.days" in shown


def test_a_wrong_file_names_its_line(file: Path) -> None:
    wrong = COUNTY_EXIT.replace("days: 10", "days: ten")
    file.write_text(wrong, encoding="utf-8")
    line = 1 + wrong.split("\n").index("    days: ten")
    with pytest.raises(DocumentFileError, match=rf"exit\.yaml:{line}: steps\[3\]\.days: "):
        check_offline(file)
    file.write_text("what: ever\n", encoding="utf-8")
    with pytest.raises(DocumentFileError, match=r"exit\.yaml:1: .*procedure"):
        check_offline(file)


def test_parameters_are_known_for_what_they_are(tmp_path: Path) -> None:
    found = json.loads(check_offline(FIRST_TEXTS.folder.parents[1] / "assistance/parameters/pairing.yaml", "--json"))
    assert (found["service"], found["kind"], found["key"]) == ("assistance", "parameters", "pairing")
    assert found["taken"]
    assert found["differences"] == []


def test_a_county_s_edition_is_checked_adopted_by_two_listed_compared_and_withdrawn(run: Run, file: Path) -> None:
    before = run("list")
    checked = run("check", str(file))
    assert (checked["in_house"], checked["taken"], checked["replaces_in"]) == (True, False, "CN")
    assert {one["part"] for one in checked["differences"]} == CHANGED
    assert run("list") == before  # nothing is recorded

    document = run("adopt", str(file))["id"]
    with pytest.raises(AssertionError, match="本人提出的不能由本人确认"):  # it ends with exit code 1
        run("confirm", document)
    assert run("confirm", document, by="op-2") == {"id": document}
    in_force = ("--kind", "procedure", "--key", "exit", "--division", "990001101201", "--as-of")
    assert [e["id"] for e in run("list", *in_force, "2016-01-01")] == [document]
    (national,) = run("list", *in_force, "2015-12-31")
    assert {one["part"] for one in run("diff", national["id"], document)} == CHANGED
    assert run("diff", str(file), document) == []
    assert run("check", str(file))["taken"]

    run("withdraw", document, "--reason", "依据有误")
    run("confirm", document, by="op-2")
    assert [e["id"] for e in run("list", *in_force, "2016-01-01")] == [national["id"]]
    assert "withdrawn" in run("list", "--key", "exit", as_json=False)
    assert "village_notice.days" in run("diff", national["id"], document, as_json=False)


def test_what_only_the_house_finds_wrong_has_its_line_and_who_may_not_propose_is_told_that_it_was_not_asked(
    run: Run, file: Path
) -> None:
    [manual] = re.findall(r"cat > helpers\.yaml <<'END'\n(.*?)    END\n", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    wrong = dedent(manual).replace("spring_festival", "spring_fest")
    file.write_text(wrong, encoding="utf-8")
    line = 1 + next(n for n, text in enumerate(wrong.split("\n")) if "spring_fest" in text)
    with pytest.raises(
        DocumentFileError, match=rf"exit\.yaml:{line}: duties\[2\]\.cadence\.festivals: 没有这些节日"
    ) as told:
        run("check", str(file))
    assert str(told.value).count("spring_festival") == 2  # once in each language
    file.write_text(COUNTY_EXIT.replace(COUNTY, "990002"), encoding="utf-8")
    assert "(document_not_of_your_place)" in run("check", str(file))["not_asked"]


def test_a_house_that_does_not_answer_is_told_in_both_languages(file: Path) -> None:
    environment = {"LIKA_URL": "http://127.0.0.1:1", "LIKA_TOKEN": "x"}
    done = CliRunner().invoke(cli.app, ["adopt", str(file)], env=environment, catch_exceptions=False)
    assert (done.exit_code, "LIKA_URL" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%PDF-1.4\n", r"wrong\.yaml:1: .*'key: value' lines are expected"),
        ("name: x\n", r"wrong\.yaml:1: .*loan_product, .*programme, .*project_kind"),
        ("programme: x\n", r"wrong\.yaml:1: .*in_force: {from: 2014-01-01, to: null}"),
        ("\udcd6\udcd0\n", "另存 / not a text in UTF-8: save it as such"),
    ],
)
def test_a_file_that_is_no_document_says_what_one_is(tmp_path: Path, text: str, expected: str) -> None:
    """Of whatever service: which it would be, nobody can know."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DocumentFileError, match=expected):
        CliRunner().invoke(cli.app, ["check", str(wrong)], catch_exceptions=False)


def test_a_service_that_nobody_knows_is_a_wrong_argument(file: Path) -> None:
    done = CliRunner().invoke(cli.app, ["check", str(file), "--service", "regstry"], env={"COLUMNS": "200"})
    assert (done.exit_code, "registry, assistance, monitoring" in done.output) == (2, True)


def test_a_document_of_a_project_is_monitorings() -> None:
    kind = next((OF_MONITORING.folder / "project_kinds").glob("*.yaml"))
    done = CliRunner().invoke(cli.app, ["check", str(kind), "--json"], env={"LIKA_TOKEN": ""})
    assert json.loads(done.stdout)["service"] == "monitoring"
