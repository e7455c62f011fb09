"""The command line helps whoever does not know it yet: whole sentences at 80 columns, a version, and a way to sign in."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from contracts.roles import Role
from lika.cli import COMMANDS, main, program
from lika.house import House
from services.chassis.ground.clock import SystemClock
from services.chassis.security.tokens import issue_token
from services.chassis.web.cli_client import Session
from tests.support.doctor import running_house
from tests.support.security_lines import security_lines

app = program()
Run = Callable[..., tuple[int, str]]


def help_pages(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from help_pages(inner, (*words, name))


@pytest.mark.parametrize("words", list(help_pages(get_command(app), ())), ids=" ".join)
def test_no_help_breaks_a_sentence_off_at_80_columns(words: tuple[str, ...]) -> None:
    """``rich`` cuts a line that, with Chinese in it, fills its column to the last cell: other words are the way out."""
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    assert shown.exit_code == 0
    assert [
        line
        for line in shown.output.splitlines()
        if "…" in line.replace("FILE…", "").replace("/sign-in/…", "").replace("户编号…", "")
    ] == []


def test_it_says_its_version() -> None:
    assert CliRunner().invoke(app, ["--version"]).output.startswith("lika 0.")


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[House, str]]:
    """In a short folder, for sockets, through which whoever the database runs as can pass."""
    with tempfile.TemporaryDirectory(prefix="lika-cli-") as folder:
        Path(folder).chmod(0o711)
        with running_house(Path(folder)) as running:
            yield running


def token_of(house: House, since: datetime | None = None, account: str = "auditor-1") -> str:
    now = since or SystemClock().now()
    return issue_token(house.key, subject=account, roles=[Role.AUDITOR], division="", ttl=timedelta(hours=1), now=now)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Exit code and what was said, as an account with a folder of its own."""
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "LIKA_TOKEN": "", "LIKA_URL": "", "COLUMNS": "200"}

    def invoke(*words: str, **more: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, words, env={**environment, **more})
        return done.exit_code, done.output + done.stderr

    return invoke


def test_without_a_token_it_says_which_command_makes_one(run: Run, tmp_path: Path) -> None:
    for words in (("registry", "list"), ("registry", "template", str(tmp_path / "x.xlsx")), ("documents", "list")):
        code, said = run(*words)
        assert code == 1
        assert "lika token ACCOUNT --role" in said


def test_a_one_time_link_signs_in_once_and_its_token_goes_to_that_house_only(
    run: Run, house: tuple[House, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    running, url = house
    token = token_of(running)
    link = f"{url}/sign-in/{running.links.issue(token)}"
    assert httpx.get(link).status_code == httpx.get(link).status_code == 200  # looking uses nothing up
    assert run("sign-in", link)[0] == 0
    assert Session.stored() == Session(url, token)
    assert Session.path().stat().st_mode & 0o777 == 0o600
    code, said = run("sign-in", link)
    assert (code, "sign_in_link_used" in said) == (1, True)
    assert run("registry", "list")[0] == 0  # it was sent
    assert "lika sign-in" in run("registry", "list", "--url", "http://127.0.0.1:9")[1]  # and to nobody else


def test_in_a_browser_the_link_opens_the_console_signed_in_once_and_no_page_shows_a_token(
    house: tuple[House, str],
) -> None:
    running, url = house
    token = token_of(running)
    link, browser = f"{url}/sign-in/{running.links.issue(token)}", {"Accept": "text/html"}
    page = httpx.get(link, headers=browser)
    assert page.headers["set-cookie"].endswith("Path=/sign-in; Max-Age=900; HttpOnly; SameSite=Strict")
    elsewhere = httpx.post(link, headers=browser)  # as a form of another site's page, which uses nothing up
    assert (elsewhere.status_code, "sign_in_page_not_opened" in elsewhere.text) == (403, True)
    assert "set-cookie" not in elsewhere.headers
    browser["Cookie"] = page.headers["set-cookie"].partition(";")[0]
    assert ("<form" in page.text, "script" in page.text, page.headers["cache-control"]) == (True, False, "no-store")
    opened = httpx.post(link, headers=browser)
    assert (opened.status_code, opened.headers["location"], token in str(opened.headers)) == (303, "/console/", False)
    with httpx.Client(base_url=url, cookies=opened.cookies) as signed_in:
        assert [hat["account"] for hat in signed_in.get("/console/bff/session").json()["hats"]] == ["auditor-1"]
        asked = signed_in.get("/console/api/audit/access", headers={"Lika-Account": "auditor-1"})
        assert asked.status_code == 200
    used = httpx.post(link, headers=browser)
    assert (used.status_code, "set-cookie" in used.headers) == (404, False)
    assert ("sign_in_link_used" in used.text, "一次性" in used.text or "已用过" in used.text) == (True, True)
    assert used.headers["content-type"].startswith("text/html")


def test_a_link_with_several_tokens_signs_each_account_in_and_each_stands_in_the_security_log(
    house: tuple[House, str],
) -> None:
    running, url = house
    tokens = [token_of(running, account=account) for account in ("auditor-1", "auditor-2")]
    with security_lines() as lines:
        link, browser = f"{url}/sign-in/{running.links.issue(*tokens)}", {"Accept": "text/html"}
        browser["Cookie"] = httpx.get(link).headers["set-cookie"].partition(";")[0]
        opened = httpx.post(link, headers=browser)
    assert len(opened.headers.get_list("set-cookie")) == 2
    found = [(line["event"], line["account"], line["route"]) for line in lines if line["event"] == "sign_in"]
    assert found == [("sign_in", account, "/sign-in/{code}") for account in ("auditor-1", "auditor-2")]


def test_a_link_whose_token_is_good_no_longer_gives_nothing_out(house: tuple[House, str]) -> None:
    running, url = house
    for token in (token_of(running, since=SystemClock().now() - timedelta(hours=2)), "no-token"):
        answer = httpx.post(f"{url}/sign-in/{running.links.issue(token)}")
        assert (answer.status_code, answer.json()["code"]) == (404, "sign_in_link_used")


def test_a_token_for_longer_than_the_installation_accepts_is_not_made(run: Run) -> None:
    code, said = run("token", "cadre-1", "--role", "cadre", "--hours", "13")
    assert (code, "12" in said, "LIKA_TOKEN_MAX_HOURS" in said) == (2, True, True)


def test_what_is_no_link_is_said(run: Run) -> None:
    assert "/sign-in/" in run("sign-in", "http://127.0.0.1:8000")[1]


def test_a_command_of_a_client_loads_no_service() -> None:
    """Whoever asks a running house shall not wait until all that it consists of is imported."""
    for command in ("registry", "audit", "export", "post", "sign-in"):
        loaded = subprocess.run(
            [sys.executable, "-c", f"import sys; from lika.cli import program; program([{command!r}]); print(*sys.modules)"],
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        assert {"fastapi", "psycopg", "kafka"}.isdisjoint(loaded), command


def test_every_command_is_on_the_page_of_help() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    assert [name for name in COMMANDS if f" {name} " not in shown] == []


def test_what_a_file_holds_is_never_taken_for_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("a: b\n[/red] x: ]\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["lika", "documents", "check", str(wrong)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, "[/red] x: ]" in capsys.readouterr().err) == (1, True)
