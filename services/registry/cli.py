"""``lika registry``: the collection form out, filled workbooks in, over HTTP like everybody else."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, NoReturn
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.registry.printing import counts_table, errors_table, warning_lines

app = typer.Typer(
    name="registry",
    no_args_is_help=True,
    help="登记：采集表模板与导入 / the register: the collection form, and filled workbooks in",
)

Url = Annotated[str, typer.Option("--url", envvar="LIKA_URL", help="系统地址 / where Lika is")]
Token = Annotated[str, typer.Option("--token", envvar="LIKA_TOKEN", help="访问令牌 / bearer token (lika token)")]

DEFAULT_URL = "http://127.0.0.1:8000"
PATIENCE = httpx.Timeout(30.0, read=600.0)
"""A large workbook is answered when its last household has had its turn."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOKS = "/registry/intake/workbooks"


def connect(url: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)


@app.command("import")
def import_workbooks(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help="采集表工作簿 / filled workbooks")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不导入 / check everything, change nothing")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="同一文件作为新的一次导入 / take a file in once more, not as a repetition")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """导入工作簿；同一文件再次发送时从中断处继续 / Take workbooks in; a file sent again goes on where it was cut off.

    每户或全部导入，或全不导入；有错误的文件旁另存批注工作簿。
    Each household is taken in wholly or not at all; beside a file with errors an annotated copy is saved.
    """
    console = Console(stderr=True, highlight=False)
    answers: list[tuple[str, dict[str, Any]]] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    try:
        with connect(url, token) as client, Progress(*columns, console=console, disable=as_json) as bar:
            task = bar.add_task("导入 / import", total=len(files))
            for file in files:
                bar.update(task, description=file.name)
                answers.append((file.name, _send(client, file, dry_run, again)))
                bar.advance(task)
    except (httpx.HTTPError, httpx.InvalidURL) as away:
        _fail(
            f"与 {url} 的连接中断，请再次执行同一命令\nThe connection to {url} failed ({type(away).__name__}): run this again"
        )
    if as_json:
        typer.echo(json.dumps([{"file": name, **told} for name, told in answers], ensure_ascii=False, indent=2))
    else:
        _show(answers, dry_run)
    raise typer.Exit(1 if any(told.get("refused", 1) for _, told in answers) else 0)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 / where to save it (.xlsx)")],
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """保存空白采集表 / Save the empty collection form."""
    try:
        with connect(url, token) as client:
            answer = client.get("/registry/intake/template")
    except (httpx.HTTPError, httpx.InvalidURL) as away:
        _fail(f"无法连接 {url}\nCannot reach {url}: {type(away).__name__}")
    if not answer.is_success:
        _fail(_reason(answer))
    file.write_bytes(answer.content)
    typer.echo(f"{file}")


def _send(client: httpx.Client, file: Path, dry_run: bool, again: bool) -> dict[str, Any]:
    """The answer for one file: what became of it, or the problem of a file that could not be read. Saves the annotated
    workbook beside it when there are errors."""
    content = file.read_bytes()
    # The file is its own key: whoever repeats the command after a broken connection repeats nothing in the register.
    key = str(uuid4()) if again else f"workbook-{hashlib.sha256(content).hexdigest()}"[:80]
    asked: dict[str, Any] = {"name": file.name[:200], "dry_run": dry_run}
    headers = {"Content-Type": XLSX, "Idempotency-Key": key}
    answer = client.post(WORKBOOKS, params=asked, content=content, headers=headers)
    try:
        told: dict[str, Any] = answer.json()
    except ValueError:
        _fail(_reason(answer))
    if not answer.is_success:
        if answer.status_code in (401, 403, 503):
            _fail(_reason(answer))  # the next file would fare no better
        return told
    if told["errors"]:
        back = client.post(f"{WORKBOOKS}/annotations", params={"name": asked["name"]}, content=content, headers=headers)
        if back.is_success:
            saved = file.with_name(f"{file.stem}.错误.xlsx")
            saved.write_bytes(back.content)
            told["annotated"] = str(saved)
    return told


def _show(answers: list[tuple[str, dict[str, Any]]], dry_run: bool) -> None:
    console = Console(highlight=False)
    taken = [(name, told) for name, told in answers if "refused" in told]
    for name, told in answers:
        if "refused" not in told:
            facts = "；".join(f"{key}: {value}" for key, value in told.get("facts", {}).items())
            console.print(f"{name}: {told.get('title')} {told.get('title_en')} {facts}", style="red", markup=False)
            continue
        if told["errors"]:
            console.print(errors_table(name, told["errors"]))
        if "annotated" in told:
            console.print(f"批注工作簿 / annotated: {told['annotated']}", markup=False)
        for line in warning_lines(told["warnings"]):
            console.print(f"{name}: {line}", style="yellow", markup=False)
        if told["replayed"]:
            console.print(
                f"{name}: 此文件先前已导入，未再导入（--again 可重新导入）。 Taken in before; --again takes it in anew.",
                markup=False,
            )
    if taken:
        console.print(counts_table(taken))
    if dry_run:
        console.print("只作检查，未导入任何内容。 Checked only: nothing was taken in.")


def _reason(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        return f"回答无法识别（{answer.status_code}）\nNot an answer of Lika"
    return "\n".join(str(told[part]) for part in ("title", "title_en") if part in told) or str(answer.status_code)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
