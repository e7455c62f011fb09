"""``lika vault``: work on the vault of data keys, on the machine itself."""

import json
import logging
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lika.databases import databases
from lika.messages import heading, say
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging
from services.registry.vault.kek_files import keks_of
from services.registry.vault.kek_register import require_fitting
from services.registry.vault.keys import VAULT
from services.registry.vault.rewrapping import FIRST, outdated_count, outdated_keks, require_held
from services.registry.vault.rewrapping import rewrap as rewrap_some

UNUSABLE = 2
"""Exit code: some keys could not be wrapped anew, so that the older key may not be retired."""

app = typer.Typer(help="密钥库 / the vault of data keys", no_args_is_help=True)


@app.callback()
def vault() -> None:
    """密钥库 / The vault of data keys."""


@app.command()
def rewrap(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """用最新的密钥加密密钥重新加密全部数据密钥，之后旧密钥即可停用 / Wrap every data key under the newest key-encryption key.

    系统可照常运行；中断后再次运行即从中断处继续。Everything may go on meanwhile; broken off, the same command resumes.
    有打不开的数据密钥时退出码 2。The exit code is 2 where data keys do not open.
    """
    configure_logging("json", level=logging.WARNING)
    settings = Settings()
    console = Console(stderr=True, highlight=False)
    with databases(settings) as conninfo:
        kek = keks_of(settings, make=False)
        require_fitting(conninfo(VAULT), kek)
        with psycopg.connect(conninfo(VAULT), autocommit=True) as connection, _progress(console) as progress:
            require_held(connection, kek.numbers[-1])
            task = progress.add_task(heading("rewrapping"), total=outdated_count(connection, kek))
            rewrapped = unusable = 0
            for number in outdated_keks(connection, kek):
                after = FIRST
                while (step := rewrap_some(connection, kek, number, after)).last is not None:
                    after = step.last
                    rewrapped, unusable = rewrapped + step.count, unusable + step.unusable
                    progress.advance(task, step.count)
            left = outdated_count(connection, kek)
    if as_json:
        told = {"kek": kek.numbers[-1], "rewrapped": rewrapped, "unusable": unusable, "left": left}
        typer.echo(json.dumps(told, indent=2))
    elif left:
        console.print(say("rewrapped_with_rest", count=rewrapped, left=left, number=kek.numbers[-1]).line)
    else:
        console.print(say("rewrapped", count=rewrapped, number=kek.numbers[-1]).line)
    raise typer.Exit(UNUSABLE if left else 0)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
