"""Sending filled-in workbooks of any layout over HTTP, and what the terminal shows of the answers."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.casework.media_types import XLSX
from services.chassis.ground.messages import Message
from services.chassis.web.cli_client import House, asking, print_json
from services.chassis.web.idempotency_keys import KEY_HEADER
from services.registry.messages import say
from services.registry.printing import counts_table, errors_table, warning_lines

Workbooks = Annotated[
    list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help="工作簿 / filled workbooks")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不导入 / check everything, change nothing")]
Again = Annotated[bool, typer.Option("--again", help="作为新的一次导入 / import it again, anew")]

READ_SECONDS = 600.0
"""A large workbook is answered when its last subject is imported."""

OF_ONE_FILE = frozenset({409, 413, 415, 422})
"""Statuses of a problem with the file itself."""


def import_files(
    path: str, files: list[Path], seen: Mapping[str, Message], dry_run: bool, again: bool, as_json: bool, url: str,
    token: str, **asked: str,
) -> None:  # fmt: skip
    """Send the files to this path; exits with 1 where something is refused. ``seen``: headings of the counts that only this
    layout has; ``asked``: what else is asked for with each."""
    answers = send_files(path, files, dry_run, again, as_json, url, token, asked)
    if as_json:
        print_json([{"file": name, **answer} for name, answer in answers])
    else:
        _print_answers(answers, seen, dry_run)
    raise typer.Exit(1 if any(answer.get("refused", 1) for _, answer in answers) else 0)


def send_files(
    path: str, files: list[Path], dry_run: bool, again: bool, as_json: bool, url: str, token: str,
    asked: Mapping[str, str], annotates: bool = True,
) -> list[tuple[str, dict[str, Any]]]:  # fmt: skip
    """The answer for each file, by its name; with progress. ``annotates``: whether copies with its errors are to be had there."""
    console = Console(stderr=True, highlight=False)
    answers: list[tuple[str, dict[str, Any]]] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with asking(url, token, READ_SECONDS) as house, Progress(*columns, console=console, disable=as_json) as bar:
        task = bar.add_task(say("importing").line, total=len(files))
        try:
            for file in files:
                bar.update(task, description=file.name)
                answers.append((file.name, _send(house, path, file, dry_run, again, annotates, asked)))
                bar.advance(task)
        except KeyboardInterrupt:
            console.print(str(say("import_goes_on")), markup=False)
            raise
    return answers


def save_template(path: str, file: Path, url: str, token: str) -> None:
    with asking(url, token) as house:
        file.write_bytes(house.send("GET", path).content)
    typer.echo(f"{file}")


def _send(
    house: House, path: str, file: Path, dry_run: bool, again: bool, annotates: bool, asked: Mapping[str, str]
) -> dict[str, Any]:
    """The answer for one file: the import's result, or the problem of a file that is refused. Saves the annotated
    workbook beside the file when there are errors."""
    content = file.read_bytes()
    # The key is the file's digest: the same command after a broken connection repeats nothing.
    named = "".join(f"{name}={value} " for name, value in asked.items()).encode()
    key = str(uuid4()) if again else f"workbook-{hashlib.sha256(named + content).hexdigest()}"[:80]
    headers = {"Content-Type": XLSX, KEY_HEADER: key}
    # What is wrong with one file does not hold up the next; who asks, and whether anybody answers, does.
    response = house.send(
        "POST", path, params={"dry_run": dry_run, **asked}, content=content, headers=headers, accepting=OF_ONE_FILE,
        then=str(say("import_goes_on")),
    )  # fmt: skip
    answer: dict[str, Any] = response.json()
    if isinstance(answer.get("refused"), list):  # a dry run of what is refused as a whole
        why = answer["refused"][0]
        return {**why, "detail": f"{why['zh']}\n{why['en']}"}
    if annotates and response.is_success and answer["errors"]:
        annotated = house.send(
            "POST", f"{path}/annotations", params=asked, content=content, headers=headers, accepting=range(400, 600)
        )
        if annotated.is_success:
            copy = file.with_name(f"{file.stem}.错误.xlsx")
            copy.write_bytes(annotated.content)
            answer["annotated"] = str(copy)
    return answer


def _print_answers(answers: list[tuple[str, dict[str, Any]]], seen: Mapping[str, Message], dry_run: bool) -> None:
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
        console.print(counts_table(imported, seen))
    if dry_run:
        console.print(say("nothing_imported").line)
