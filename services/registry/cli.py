"""``lika registry``: the template of the collection form, filled-in workbooks, and the staff directory, over HTTP; and the
commands of ``household_cli``."""

import hashlib
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.casework.exports.cli import Export, save
from services.chassis.web.cli_client import AsJson, House, Token, Url, asking, print_all, print_json
from services.chassis.web.commands import KEY_HEADER
from services.registry.correction_cli import consequences
from services.registry.disclosure_cli import disclose
from services.registry.household_cli import declare, find, list_households, open_case, record, take_step
from services.registry.messages import say
from services.registry.printing import counts_table, errors_table, posts_table, warning_lines

app = typer.Typer(
    name="registry",
    no_args_is_help=True,
    help="登记：区划、农户、案件、采集表 / the register: divisions, households, cases, forms",
)

staff = typer.Typer(name="staff", no_args_is_help=True, help="人员名册 / the staff directory")
app.add_typer(staff)
app.command()(declare)
app.command()(record)
app.command("open")(open_case)
app.command("step")(take_step)
app.command("list")(list_households)
app.command()(find)
app.command()(disclose)
app.command()(consequences)

READ_SECONDS = 600.0
"""A large workbook is answered when its last household is imported."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POSTS = "/registry/staff/posts"
WORKBOOKS = "/registry/intake/workbooks"
OF_ONE_FILE = frozenset({409, 413, 415, 422})
"""Statuses of a problem with the file itself."""


@app.command("import")
def import_workbooks(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help="采集表工作簿 / filled workbooks")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不导入 / check everything, change nothing")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="作为新的一次导入 / import the file again, not as a repetition")
    ] = False,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """导入工作簿；同一文件再次发送时从中断处继续 / Import workbooks; a file sent again resumes an interrupted import.

    每户或全部导入，或全不导入；有错误的文件旁另存批注工作簿。
    Each household is imported wholly or not at all; beside a file with errors an annotated copy is saved.
    """
    console = Console(stderr=True, highlight=False)
    answers: list[tuple[str, dict[str, Any]]] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with asking(url, token, READ_SECONDS) as house, Progress(*columns, console=console, disable=as_json) as bar:
        task = bar.add_task(say("importing").line, total=len(files))
        for file in files:
            bar.update(task, description=file.name)
            answers.append((file.name, _send(house, file, dry_run, again)))
            bar.advance(task)
    if as_json:
        print_json([{"file": name, **answer} for name, answer in answers])
    else:
        _print_answers(answers, dry_run)
    raise typer.Exit(1 if any(answer.get("refused", 1) for _, answer in answers) else 0)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 / where to save it (.xlsx)")],
    url: Url = "",
    token: Token = "",
) -> None:
    """保存空白采集表 / Save the empty collection form."""
    with asking(url, token) as house:
        file.write_bytes(house.send("GET", "/registry/intake/template").content)
    typer.echo(f"{file}")


@staff.command("list")
def list_staff(
    division: Annotated[str, typer.Option(help="区划代码，缺省为本人辖区 / division, else your area")] = "",
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="D", help="真实日期 / held on that day")] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="T", help="按该日所知 / as known at the end of that day")
    ] = None,
    export: Export = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """某日在任的岗位 / Who holds which post, on any day as known on any other. Names are masked."""
    with asking(url, token) as house:
        asked = {"division": division, "as_of": as_of, "known_at": known_at}
        if export is not None:
            save(house, POSTS, export, **asked)
            return
        held = house.get_all(POSTS, **asked, limit=200)
    if as_json:
        print_json(held)
    else:
        print_all(posts_table(held))


def _send(house: House, file: Path, dry_run: bool, again: bool) -> dict[str, Any]:
    """The answer for one file: the import's result, or the problem of a file that is refused. Saves the annotated
    workbook beside the file when there are errors."""
    content = file.read_bytes()
    # The key is the file's digest: the same command after a broken connection repeats nothing.
    key = str(uuid4()) if again else f"workbook-{hashlib.sha256(content).hexdigest()}"[:80]
    headers = {"Content-Type": XLSX, KEY_HEADER: key}
    # What is wrong with one file does not hold up the next; who asks, and whether anybody answers, does.
    response = house.send(
        "POST", WORKBOOKS, params={"dry_run": dry_run}, content=content, headers=headers, accepting=OF_ONE_FILE
    )
    answer: dict[str, Any] = response.json()
    if response.is_success and answer["errors"]:
        annotated = house.send(
            "POST", f"{WORKBOOKS}/annotations", content=content, headers=headers, accepting=range(400, 600)
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
            console.print(f"{name}: {answer.get('detail')}", style="red", markup=False)
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
