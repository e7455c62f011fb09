"""``lika export`` and ``--export FILE``: a whole file, or none."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from lika.cli import program
from services.casework.exports import cli as exports_cli
from services.chassis.web import cli_client

Answer = Callable[[httpx.Request], httpx.Response]
Run = Callable[..., Result]
CONTENT = b"\xef\xbb\xbf" + b"x" * 100_000


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def with_answer(answer: Answer, *args: str) -> Result:
        def connect(url: str, token: str, _: float = 0) -> httpx.Client:
            return httpx.Client(transport=httpx.MockTransport(answer), base_url="http://lika.test")

        monkeypatch.setattr(cli_client, "connect", connect)
        monkeypatch.setattr(exports_cli, "LOOK", 0.0)
        return CliRunner().invoke(program(), args)

    return with_answer


def test_a_list_is_saved_in_the_format_of_the_files_name(run: Run, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/registry/exports":
            return httpx.Response(200, json=[{"operation": "list_cases", "items": 200}])
        assert (request.url.path, request.url.params["open"]) == ("/registry/cases", "true")
        assert request.headers["Accept"] == "text/csv"
        return httpx.Response(200, content=CONTENT, headers={"Lika-Items": "7"})

    file = tmp_path / "cases.csv"
    done = run(answer, "export", "/registry/cases", str(file), "--with", "open=true")
    assert done.exit_code == 0, done.output
    assert "共7条" in done.output
    assert file.read_bytes() == CONTENT


def test_what_breaks_off_leaves_no_file(run: Run, tmp_path: Path) -> None:
    def half() -> Iterator[bytes]:
        yield b"half"
        raise httpx.RemoteProtocolError("the connection was cut")

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=half(), headers={"Content-Length": "1000"})

    done = run(answer, "registry", "list", "--export", str(tmp_path / "list.xlsx"))
    assert (done.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "传输中断" in done.output


def test_a_folder_that_is_not_there_is_named_with_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run(
        lambda _: httpx.Response(200, content=CONTENT), "export", "/registry/cases", str(tmp_path / "no" / "a.csv")
    )
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert "check that its folder is there" in done.output


def test_a_refusal_is_told_in_its_words(run: Run, tmp_path: Path) -> None:
    problem = {"title": "x", "detail": "清单条目超过一份文件的上限", "code": "export_too_large"}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(409, content=json.dumps(problem))

    done = run(answer, "registry", "staff", "list", "--export", str(tmp_path / "posts.csv"))
    assert done.exit_code == 1
    assert "export_too_large" in done.output
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused_before_anything_is_asked(run: Run, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        pytest.fail("asked")

    done = run(answer, "registry", "list", "--export", str(tmp_path / "list.pdf"))
    assert done.exit_code == 1
    assert ".csv" in done.output
