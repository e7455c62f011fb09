"""``lika parked``: events that could not be processed and wait, and processing them once the defect is repaired."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from contracts.canonical import UnknownType
from contracts.civil import SHANGHAI
from lika.house import BUILDS
from lika.messages import heading, say
from lika.operations.open_services import open_services
from services.chassis.following.parking import Parked, Released, parked_entries, release
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.rebuild_service import reactions_of

STILL_PARKED = 2
"""Exit code: something is still parked."""


def parked(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE] | release SERVICE", help="列出；或重新处理 / list, or process again"),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", help="只处理这一户（或流）/ release this household or stream only")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """搁置的事件：列出，或修复后按原顺序重新处理 / Events that could not be processed: list, or process again in order.

    lika parked [SERVICE] · lika parked release SERVICE [--subject ID]；仍有搁置时退出码 2 / exit code 2: some are left.
    """
    configure_logging("json", level=logging.WARNING)
    match words or []:
        case []:
            _list(list(BUILDS), as_json=as_json)
        case [service] if service in BUILDS:
            _list([service], as_json=as_json)
        case ["release", service] if service in BUILDS:
            _release(service, subject, as_json=as_json)
        case other:
            raise typer.BadParameter(say("not_understood", words=" ".join(other)).line)


def _list(names: Sequence[str], *, as_json: bool) -> None:
    found: list[Parked] = []
    with open_services(*names) as opened:
        for name in names:
            with opened.by_name[name].store.reading() as conn:
                found += parked_entries(conn)
    if as_json:
        typer.echo(json.dumps([asdict(p) for p in found], ensure_ascii=False, indent=2, default=str))
    elif found:
        Console(highlight=False).print(_parked_table(found))
    else:
        typer.echo(say("no_parked_events").line)


def _release(name: str, subject: str | None, *, as_json: bool) -> None:
    released: list[Released] = []
    try:
        with open_services(name) as opened:
            service = opened.by_name[name]
            for log, reactions in reactions_of(service).items():
                released += release(service.store, log, reactions, subject)
    except UnknownType as unknown:
        typer.echo(say("unknown_type", type=unknown).line, err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps([asdict(r) for r in released], ensure_ascii=False, indent=2))
    elif released:
        Console(highlight=False).print(_released_table(released))
    else:
        typer.echo(say("no_parked_events").line)
    raise typer.Exit(STILL_PARKED if any(r.left for r in released) else 0)


def _parked_table(found: Sequence[Parked]) -> Table:
    table = Table(title=heading("parked_events"))
    columns = heading("consumer"), heading("log"), heading("position"), heading("subject"), heading("error")
    for column in (*columns, heading("since")):
        table.add_column(column, overflow="fold")
    for p in found:
        since = p.since.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        table.add_row(p.consumer, p.log, str(p.position), p.subject, p.error, since)
    return table


def _released_table(released: Sequence[Released]) -> Table:
    table = Table(title=heading("released_events"))
    columns = heading("log"), heading("subject"), heading("processed"), heading("still_parked"), heading("error")
    for column in columns:
        table.add_column(column, overflow="fold")
    for r in released:
        table.add_row(r.log, r.subject, str(r.digested), str(r.left), r.error or "")
    return table
