"""``lika registry``: downloads the template of the collection form and imports filled-in workbooks, over HTTP."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, NoReturn
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.registry.messages import say
from services.registry.printing import counts_table, errors_table, posts_table, warning_lines

app = typer.Typer(
    name="registry",
    no_args_is_help=True,
    help="登记：采集表模板与导入 / the register: the collection form, and filled workbooks in",
)

staff = typer.Typer(name="staff", no_args_is_help=True, help="人员名册 / the staff directory")
app.add_typer(staff)

Url = Annotated[str, typer.Option("--url", envvar="LIKA_URL", help="系统地址 / where Lika is")]
Token = Annotated[str, typer.Option("--token", envvar="LIKA_TOKEN", help="访问令牌 / bearer token (lika token)")]

DEFAULT_URL = "http://127.0.0.1:8000"
TIMEOUT = httpx.Timeout(30.0, read=600.0)
"""A large workbook is answered when its last household is imported."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOKS = "/registry/intake/workbooks"


def connect(url: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT)


@app.command("import")
def import_workbooks(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help="采集表工作簿 / filled workbooks")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不导入 / check everything, change nothing")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="同一文件作为新的一次导入 / import a file once more, not as a repetition")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """导入工作簿；同一文件再次发送时从中断处继续 / Import workbooks; a file sent again resumes an interrupted import.

    每户或全部导入，或全不导入；有错误的文件旁另存批注工作簿。
    Each household is imported wholly or not at all; beside a file with errors an annotated copy is saved.
    """
    console = Console(stderr=True, highlight=False)
    answers: list[tuple[str, dict[str, Any]]] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    try:
        with connect(url, token) as client, Progress(*columns, console=console, disable=as_json) as bar:
            task = bar.add_task(say("importing").line, total=len(files))
            for file in files:
                bar.update(task, description=file.name)
                answers.append((file.name, _send(client, file, dry_run, again)))
                bar.advance(task)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        _fail(str(say("connection_lost", url=url, error=type(error).__name__)))
    if as_json:
        typer.echo(json.dumps([{"file": name, **answer} for name, answer in answers], ensure_ascii=False, indent=2))
    else:
        _print_answers(answers, dry_run)
    raise typer.Exit(1 if any(answer.get("refused", 1) for _, answer in answers) else 0)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 / where to save it (.xlsx)")],
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """保存空白采集表 / Save the empty collection form."""
    try:
        with connect(url, token) as client:
            response = client.get("/registry/intake/template")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        _fail(str(say("unreachable", url=url, error=type(error).__name__)))
    if not response.is_success:
        _fail(_reason(response))
    file.write_bytes(response.content)
    typer.echo(f"{file}")


@staff.command("list")
def list_staff(
    division: Annotated[
        str, typer.Option(help="区划代码，缺省为本人辖区 / division with all below it, your area by default")
    ] = "",
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="D", help="真实日期 / held on that day")] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="T", help="按该日所知 / as known at the end of that day")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """某日在任的岗位 / Who holds which post, on any day as known on any other. Names are masked."""
    asked = {"division": division, "as_of": as_of, "known_at": known_at, "limit": 200, "cursor": None}
    held: list[dict[str, Any]] = []
    try:
        with connect(url, token) as client:
            while True:
                response = client.get("/registry/staff/posts", params={k: v for k, v in asked.items() if v is not None})
                if not response.is_success:
                    _fail(_reason(response))
                page = response.json()
                held += page["items"]
                asked["cursor"] = page["next"]
                if page["next"] is None:
                    break
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        _fail(str(say("unreachable", url=url, error=type(error).__name__)))
    if as_json:
        typer.echo(json.dumps(held, ensure_ascii=False, indent=2))
    else:
        Console(highlight=False).print(posts_table(held))


def _send(client: httpx.Client, file: Path, dry_run: bool, again: bool) -> dict[str, Any]:
    """The answer for one file: the import's result, or the problem of a file that is refused. Saves the annotated
    workbook beside the file when there are errors."""
    content = file.read_bytes()
    # The key is the file's digest: the same command after a broken connection repeats nothing.
    key = str(uuid4()) if again else f"workbook-{hashlib.sha256(content).hexdigest()}"[:80]
    params: dict[str, Any] = {"name": file.name[:200], "dry_run": dry_run}
    headers = {"Content-Type": XLSX, "Idempotency-Key": key}
    response = client.post(WORKBOOKS, params=params, content=content, headers=headers)
    try:
        answer: dict[str, Any] = response.json()
    except ValueError:
        _fail(_reason(response))
    if not response.is_success:
        if response.status_code in (401, 403, 503):
            _fail(_reason(response))  # the next file would be refused as well
        return answer
    if answer["errors"]:
        annotated = client.post(
            f"{WORKBOOKS}/annotations", params={"name": params["name"]}, content=content, headers=headers
        )
        if annotated.is_success:
            copy = file.with_name(f"{file.stem}.错误.xlsx")
            copy.write_bytes(annotated.content)
            answer["annotated"] = str(copy)
    return answer


def _print_answers(answers: list[tuple[str, dict[str, Any]]], dry_run: bool) -> None:
    console = Console(highlight=False)
    imported = [(name, answer) for name, answer in answers if "refused" in answer]
    for name, answer in answers:
        if "refused" not in answer:
            facts = "；".join(f"{key}: {value}" for key, value in answer.get("facts", {}).items())
            console.print(f"{name}: {answer.get('title')} {answer.get('title_en')} {facts}", style="red", markup=False)
            continue
        if answer["errors"]:
            console.print(errors_table(name, answer["errors"]))
        if "annotated" in answer:
            console.print(say("annotated_copy_saved", path=answer["annotated"]).line, markup=False)
        for line in warning_lines(answer["warnings"]):
            console.print(f"{name}: {line}", style="yellow", markup=False)
        if answer["replayed"]:
            console.print(f"{name}: {say('imported_before').line}", markup=False)
    if imported:
        console.print(counts_table(imported))
    if dry_run:
        console.print(say("nothing_imported").line)


def _reason(response: httpx.Response) -> str:
    try:
        problem = response.json()
    except ValueError:
        return str(say("not_an_answer", status=response.status_code))
    titles = [str(problem[key]) for key in ("title", "title_en") if key in problem]
    return "\n".join(titles) or str(response.status_code)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
