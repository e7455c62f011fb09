"""``lika registry`` against a running system: workbooks from the disk, tables for people, JSON for machines."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import openpyxl
import pytest
from typer.testing import CliRunner, Result

from contracts.roles import Role
from services.casework.workbooks.layout import SUMMARY_SHEET
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.web import cli_client
from services.registry import cli
from tests.registry.intake.import_requests import (
    ELSEWHERE,
    VILLAGE,
    head_line,
    household_line,
    registry_with_villages,
    workbook_bytes,
)
from tests.support.eventually import eventually
from tests.support.running import Lika

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lika")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], folder: Path) -> Iterator[Lika]:
    with registry_with_villages(module_database, folder, datetime(2014, 6, 1, tzinfo=UTC)) as started:
        yield started


@pytest.fixture
def run(running: Lika, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command with a cadre's token in the environment, against the system in this process."""
    token = issue_token(
        LocalKey.of(Settings(data_dir=folder)), subject="cadre-1", roles=[Role.CADRE], division=VILLAGE,
        ttl=timedelta(hours=1), now=SystemClock().now(),
    )  # fmt: skip

    def connect(url: str, sent: str, _: float) -> httpx.Client:
        assert url == "http://lika.test"
        headers = {"Authorization": f"Bearer {sent}"}
        return httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers)

    monkeypatch.setattr(cli_client, "connect", connect)
    environment = {"LIKA_URL": "http://lika.test", "LIKA_TOKEN": token, "COLUMNS": "200"}
    return lambda *words, typed=None: CliRunner().invoke(cli.app, words, env=environment, input=typed)


def test_files_are_taken_in_and_counted(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / "一.xlsx", tmp_path / "二.xlsx"]
    for place, path in enumerate(files):
        path.write_bytes(workbook_bytes([household_line(f"A{place}")], [head_line(f"A{place}", 1 + 2 * place)]))
    shown = run("import", *map(str, files))
    assert shown.exit_code == 0, shown.output
    assert "合计 / total" in shown.stdout
    results = json.loads(run("import", str(files[0]), "--json").stdout)
    assert (results[0]["file"], results[0]["recorded"], results[0]["replayed"]) == ("一.xlsx", 1, True)
    assert json.loads(run("import", str(files[0]), "--again", "--json").stdout)[0]["unchanged"] == 1


def test_an_import_that_nobody_answers_says_how_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"")
    away = {"LIKA_URL": "http://127.0.0.1:9", "LIKA_TOKEN": "x"}
    refused = CliRunner().invoke(cli.app, ["import", str(path)], env=away)
    assert (refused.exit_code, "the same command goes on where it stopped" in refused.output) == (1, True)


def test_a_staff_list_is_sent_as_a_form_is_and_its_template_saved(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook_bytes([household_line("A9")], [head_line("A9", 7)]))
    refused = run("staff", "import", str(path))  # a cadre keeps no directory
    assert refused.exit_code == 1
    assert "系统管理员" in refused.output
    assert run("staff", "template", str(tmp_path / "空.xlsx")).exit_code == 1


def test_a_roster_is_sent_as_a_form_is_and_a_cadre_is_told_whose_it_is(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(workbook_bytes([household_line("A8")], [head_line("A8", 9)]))
    refused = run("roster", "import", str(path))
    assert refused.exit_code == 1
    assert "学籍管理人员" in refused.output
    assert run("roster", "template", str(tmp_path / "空.xlsx")).exit_code == 1


def test_errors_are_shown_in_both_languages_and_an_annotated_copy_lies_beside_the_file(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "三.xlsx"
    path.write_bytes(workbook_bytes([household_line("B1", division=ELSEWHERE)], [head_line("B1", 5)]))
    shown = run("import", str(path), "--dry-run")
    assert shown.exit_code == 1
    assert "该村不在您的管辖范围内" in shown.stdout
    assert "outside your area" in shown.stdout
    assert "未导入任何内容" in shown.stdout
    assert SUMMARY_SHEET in openpyxl.load_workbook(tmp_path / "三.错误.xlsx").sheetnames


def test_a_file_that_is_no_workbook_says_so_and_does_not_hold_up_the_others(run: Run, tmp_path: Path) -> None:
    bad, good = tmp_path / "坏.xlsx", tmp_path / "好.xlsx"
    bad.write_text("not a workbook")
    good.write_bytes(workbook_bytes([household_line("C1")], [head_line("C1", 7)]))
    shown = run("import", str(bad), str(good))
    assert shown.exit_code == 1
    assert "坏.xlsx: 该文件不是完好的 Excel 工作簿" in shown.stdout
    assert "好.xlsx" in shown.stdout


def test_somebody_who_is_not_signed_in_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "四.xlsx"
    path.write_bytes(b"")
    shown = run("import", str(path), "--token", "nonsense")
    assert shown.exit_code == 1
    assert "访问令牌无效" in shown.stderr


def test_the_template_is_saved(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "空表.xlsx"
    assert run("template", str(path)).exit_code == 0
    assert openpyxl.load_workbook(path).sheetnames[:2] == ["户表", "成员表"]


def test_posts_are_listed_as_a_table_and_as_json(run: Run, running: Lika) -> None:
    operator = running.client_for("op-1", "99", Role.OPERATOR)
    person = {"name": "钱某某", "accounts": ["staff-7"], "effective_on": "2014-01-01"}
    member = operator.post("/registry/staff", person).headers["Location"]
    post = {
        "role": "cadre",
        "title": "村支书",
        "division": VILLAGE,
        "appointment": "elected",
        "term_ends": "2014-05-31",
    }
    assert operator.post(f"{member}/posts", {**post, "effective_on": "2014-01-01"}).status_code == 201
    assert operator.get(member, as_of="2014-05-31").json()["posts"]  # waits until the view has it
    listed = json.loads(run("staff", "list", "--division", VILLAGE, "--as-of", "2014-05-31", "--json").stdout)
    assert [(line["name"], line["post"]["title"]) for line in listed] == [("***", "村支书")]
    assert json.loads(run("staff", "list", "--json").stdout) == []
    shown = run("staff", "list", "--as-of", "2014-05-31")
    assert shown.exit_code == 0, shown.output
    assert "村支书" in shown.stdout
    assert "钱某某" not in shown.stdout
    outside = run("staff", "list", "--division", "990002")
    assert outside.exit_code == 1
    assert "不在您的管辖范围内" in outside.stderr


def test_a_house_that_does_not_answer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "五.xlsx"
    path.write_bytes(b"x")
    shown = CliRunner().invoke(cli.app, ["import", str(path), "--url", "http://127.0.0.1:9", "--token", "x"])
    assert shown.exit_code == 1
    assert "http://127.0.0.1:9" in shown.stderr


def household_form(folder: Path, number: str) -> str:
    form = folder / f"{number}.yaml"
    head = "{name: 陈大山, sex: male, birth_year: 1970, relation: head}"
    form.write_text(f"effective_on: 2014-05-20\ndivision: '{VILLAGE}'\nnational_no: {number}\nmembers:\n  - {head}\n")
    return str(form)


def test_households_are_listed_and_found_by_their_number(run: Run, tmp_path: Path) -> None:
    recorded = run("record", household_form(tmp_path, "F1"))
    assert "户编号 F1" in recorded.stdout, recorded.output
    shown = run("list")
    assert shown.exit_code == 0, shown.output
    assert "F1" in shown.stdout
    assert "候选 / candidate" in shown.stdout
    (listed,) = [each for each in json.loads(run("list", "--json").stdout) if each["national_no"] == "F1"]
    assert run("list", "--status", "exited").stdout.count("F1") == 0
    for named in ("F1", listed["household_id"]):
        found = json.loads(run("find", named, "--json").stdout)
        assert found["household_id"] == listed["household_id"]
        assert [member["name"] for member in found["members"]] == ["***"]
    table = run("find", "F1").stdout
    assert "户主 / head" in table
    missing = run("find", "F2")
    assert (missing.exit_code, "lika registry list" in missing.stderr) == (1, True)


def test_a_person_is_searched_for_by_what_is_asked_for_and_never_an_argument(run: Run, tmp_path: Path) -> None:
    assert run("record", household_form(tmp_path, "F7")).exit_code == 0
    shown = run("find", "--by", "full_name", typed="陈大山\n")
    assert shown.exit_code == 0, shown.output
    assert "F7" in shown.stdout
    # Behind what was typed, as the runner shows.
    said = run("find", "--by", "full_name", "--json", typed="陈小山\n").stdout
    assert json.loads(said[said.index("{") :]) == {"items": [], "more": False}
    wrong = run("find", "--by", "id_number", typed="990001197001010000\n")
    assert (wrong.exit_code, "(id_wrong_checksum)" in wrong.stderr) == (1, True)
    assert "990001197001010000" not in wrong.output
    assert run("find").exit_code == run("find", "F7", "--by", "phone").exit_code == 1


def test_a_form_that_cannot_be_read_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "household.yaml"
    path.write_text("division: '1'\ndivision: '2'\n")
    refused = run("record", str(path))
    assert (refused.exit_code, "household.yaml:2" in refused.stderr) == (1, True)


def test_a_household_without_an_open_case_has_no_step_to_take(run: Run, tmp_path: Path) -> None:
    form = tmp_path / "visit.yaml"
    form.write_text("on: 2014-05-28\nconfirmed: true\n")
    assert run("record", household_form(tmp_path, "G1")).exit_code == 0
    assert "lika registry open" in run("step", "G1", "visits", str(form)).stderr
    opened = run("open", "G1", "identification", "--on", "2014-05-25", "--grounds", "申请")
    assert "下一步：入户核查 visits（村 经办干部）" in opened.stdout, opened.output
    taken = run("step", "G1", "visits", str(form))
    assert "下一步：村民代表会议民主评议 appraisals（村 经办干部）" in taken.stdout, taken.output


def test_a_posted_notice_says_its_clock_and_a_case_that_is_over_how_it_ended(run: Run, tmp_path: Path) -> None:
    def take(household: str, step: str, form: str) -> str:
        path = tmp_path / f"{household}-{step}.yaml"
        path.write_text(form)
        return run("step", household, step, str(path)).stdout

    for number in ("H1", "H2"):
        assert run("record", household_form(tmp_path, number)).exit_code == 0
        opened = run("open", number, "identification", "--on", "2014-05-22", "--grounds", "申请")
        assert opened.exit_code == 0, opened.output
    take("H1", "visits", "on: 2014-05-22\nconfirmed: true\n")
    votes = "entitled: 50, present: 40, in_favour: 38, against: 1, abstained: 1"
    take("H1", "appraisals", f"{{on: 2014-05-23, {votes}, evidence: [{{kind: minutes, held_on_paper: true}}]}}\n")
    # Hung so late that it still hangs on the system's day: the clock's end would close it under the reader's eyes.
    posted = take("H1", "notices", "on: 2014-05-30\n")
    assert ("公示" in posted, "2014-06-06" in posted) == (True, True), posted
    ended = take("H2", "visits", "on: 2014-05-22\nconfirmed: false\n")
    assert "程序已结束：识别中剔除" in ended, ended


def test_the_end_of_a_household_is_applied_for_with_its_terms(run: Run, tmp_path: Path) -> None:
    terms = tmp_path / "terms.yaml"
    terms.write_text("effective_on: 2014-05-25\nreason: left_province\n")
    assert run("record", household_form(tmp_path, "G2")).exit_code == 0
    without = run("open", "G2", "household_end", "--on", "2014-05-26", "--grounds", "外迁")
    assert without.exit_code == 1
    opened = run("open", "G2", "household_end", "--on", "2014-05-26", "--grounds", "外迁", "--terms", str(terms))
    assert "下一步：核实并附证明 visits（村 经办干部）" in opened.stdout, opened.output
    assert run("open", "G2", "identification", "--on", "2014-05-26", "--grounds", "申请").exit_code == 0
    form = tmp_path / "visit.yaml"
    form.write_text("on: 2014-05-28\nconfirmed: true\n")
    several = run("step", "G2", "visits", str(form))
    assert (several.exit_code, "--procedure" in several.stderr) == (1, True)
    assert run("step", "G2", "visits", str(form), "--procedure", "identification").exit_code == 0


def test_personal_fields_are_disclosed_by_number_for_a_purpose(running: Lika, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "披露.xlsx"
    file.write_bytes(workbook_bytes([household_line("D1")], [head_line("D1", 901)]))
    batch = json.loads(run("import", str(file), "--json").stdout)[0]["batch_id"]
    registry = running.services["registry"]
    eventually(lambda: (registry.reached("registry") or 0) >= registry.store.position())
    asked = ("disclose", "D1", "--for", "verification", "--field", "name", "--field", "address")
    refused = run(*asked)
    assert refused.exit_code == 1
    assert "disclosure_needs_matter" in refused.output
    shown = run(*asked, "--matter", f"import_batch:{batch}")
    assert shown.exit_code == 0, shown.output
    assert "陈1" in shown.stdout
    assert "某组 3 号" in shown.stdout
    on_paper = run(
        "disclose", "D1", "--for", "access_request", "--field", "name", "--order", "县扶贫办", "申请1号", "--json"
    )
    assert json.loads(on_paper.stdout)[0]["national_no"] == "D1"
    assert run(*asked, "--matter", "whim:1").exit_code == 2
