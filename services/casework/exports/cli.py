"""``--export FILE`` of commands that list, and ``lika export`` for every list: a file, with progress while it is written and
while it comes. What is broken off leaves no file behind; run again, it begins anew."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from services.casework.exports.files import EXTENSIONS
from services.casework.messages import say
from services.casework.request_cli import Filters, name_and_value
from services.chassis.web.cli_client import House, Token, Url, asking, fail, reason

Export = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", dir_okay=False, help="存为表格 / save as .xlsx or .csv"),
]
"""Declare as ``export: Export = None``."""
READ_SECONDS = 600.0
LOOK = 1.0
"""Seconds between two looks at how far the file is."""


def export_list(
    path: Annotated[str, typer.Argument(metavar="LIST", help="清单地址，如 /registry/cases / address of the list")],
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 .xlsx 或 .csv / save as")],
    asked: Filters = None,
    url: Url = "",
    token: Token = "",
) -> None:
    """任何清单存为文件 / Save any list as a file: every filter of it, under your area and with masks."""
    filters = dict(name_and_value(text) for text in asked or ())
    with asking(url, token, READ_SECONDS) as house:
        save(house, path, file, **filters)


def save(house: House, path: str, file: Path, **filters: Any) -> None:
    """A list as this file, by its ending. Ends the command where it is refused, or breaks off."""
    accept = next((kind for kind, ending in EXTENSIONS.items() if file.suffix.lower() == f".{ending}"), None)
    if accept is None:
        fail(str(say("export_file_ending", endings=[f".{each}" for each in EXTENSIONS.values()])))
    asked = {name: value for name, value in filters.items() if value not in (None, "")}
    headers = download(house, "GET", path, file, looks=True, params=asked, headers={"Accept": accept})
    typer.echo(say("export_saved", file=file, items=headers.get("Lika-Items", "")).line)


def download(
    house: House, method: str, path: str, file: Path, *, looks: bool = False, **request: Any
) -> Mapping[str, str]:
    """The answer of any request as this file, with progress; its headers. ``looks``: whether it is an export that can be asked how
    far it is. Ends the command where it is refused, or breaks off."""
    part = file.with_name(f"{file.name}.part")
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(say("export_begun").line, total=None)
        try:
            with (
                _looking(house, path, bar, task) if looks else nullcontext(),
                house.client.stream(method, path, **request) as response,
            ):
                if not response.is_success:
                    response.read()
                    fail(reason(response))
                _receive(response, part, bar, task)
        except httpx.HTTPError as error:
            part.unlink(missing_ok=True)
            fail(str(say("export_broke_off", error=type(error).__name__)))
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            fail(str(say("export_not_written", file=file, error=error.strerror)))
    part.replace(file)
    return response.headers


def _receive(response: httpx.Response, part: Path, bar: Progress, task: TaskID) -> None:
    bar.update(task, description=say("export_comes").line, total=int(response.headers["Content-Length"]))
    with part.open("wb") as out:
        for chunk in response.iter_bytes():
            out.write(chunk)
            bar.update(task, advance=len(chunk))


@contextmanager
def _looking(house: House, path: str, bar: Progress, task: TaskID) -> Iterator[None]:
    """While nothing comes yet: how many items have been read."""
    over, service = threading.Event(), path.strip("/").partition("/")[0]

    def look() -> None:
        while not over.wait(LOOK):
            try:
                running = house.client.get(f"/{service}/exports")
            except httpx.HTTPError:
                return
            for each in running.json() if running.is_success else ():
                bar.update(task, description=say("export_read", items=each["items"]).line)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
