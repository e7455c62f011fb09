"""``lika rebuild``: fill views again from the log, compare them with the live ones and swap them in."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from contracts.canonical import UnknownType
from lika.house import BUILDS
from lika.messages import heading, say
from lika.operations.open_services import open_services
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.integrity.whole import LogAltered
from services.chassis.rebuild_service import NoSuchView, RebuildResult, UpgradeRunning
from services.chassis.rebuild_service import rebuild as rebuild_views
from services.chassis.views.blue_green import NotRebuildable
from services.chassis.views.rebuild_report import NotMigrated, OnProgress, RebuildRunning, Report, Step, SwapRefused
from services.chassis.views.worker_pool import FoldingFailed, WorkerPool

UNCONFIRMED = 2
"""Exit code: there are differences, and nothing of those views was changed."""

FAILURES = (RebuildRunning, SwapRefused, NotMigrated, NoSuchView, LogAltered, UpgradeRunning)
"""Their messages say in both languages what to do."""


def rebuild(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help=f"服务 / service: {', '.join(BUILDS)}")],
    view: Annotated[list[str] | None, typer.Argument(metavar="VIEW", help="视图，可多个 / views")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部视图 / all views of the service")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="有差异也换上新表 / swap with differences, too")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="进程数，缺省为核数 / processes")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """从日志重建视图，比对后换上；系统照常运行 / Rebuild views meanwhile.

    有差异而未加 --yes 时不作改动，退出码 2。Differences without --yes change nothing; the exit code is 2.
    """
    if service not in BUILDS:
        raise typer.BadParameter(say("no_such_service", service=service).line)
    if every == bool(view):
        raise typer.BadParameter(say("views_or_all").line)
    configure_logging("json", level=logging.WARNING)
    screen = Console(stderr=True, highlight=False)
    try:
        with open_services(service) as opened, WorkerPool(workers) as processes, _progress(screen) as progress:
            rebuilt = rebuild_views(
                opened.by_name[service], view or None, opened.sources, processes, progress, confirmed=yes
            )
    except FAILURES as failure:
        screen.print(str(failure), style="red", markup=False)
        raise typer.Exit(1) from None
    except UnknownType as unknown:
        screen.print(str(say("unknown_type", type=unknown)), style="red", markup=False)
        raise typer.Exit(1) from None
    except (FoldingFailed, NotRebuildable) as failure:
        screen.print(str(say("not_rebuilt", reason=failure)), style="red", markup=False)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(report_json(service, rebuilt), ensure_ascii=False, indent=2, default=str))
    else:
        _print(Console(highlight=False), service, rebuilt)
    raise typer.Exit(UNCONFIRMED if rebuilt.unconfirmed else 0)


def report_json(service: str, rebuilt: RebuildResult) -> dict[str, object]:
    """As JSON: one object per view, and what was parked and is not any more."""
    return {
        "service": service,
        "views": [
            {**asdict(r), "seconds": round(r.seconds, 3), "events_per_second": round(r.events / r.seconds)}
            for r in rebuilt.reports
        ],
        "released": [asdict(r) for r in rebuilt.released],
    }


@contextmanager
def _progress(screen: Console) -> Iterator[OnProgress]:
    """A bar per view: facts folded, of how many, and how many a second."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )  # fmt: skip
    steps: dict[Step, str] = {
        "copying": heading("copying"),
        "folding": heading("folding"),
        "indexing": heading("indexing"),
        "catching_up": heading("catching_up"),
        "comparing": heading("comparing"),
        "swapping": heading("swapping"),
    }
    with Progress(*columns, console=screen) as progress:
        bars: dict[str, TaskID] = {}

        def advance(view: str, step: Step, done: int, of: int) -> None:
            bar = bars.get(view)
            if bar is None:
                bar = bars[view] = progress.add_task(view, total=None, rate="")
            if step in ("folding", "copying"):
                progress.update(bar, completed=done, total=of)
                elapsed = progress.tasks[bar].elapsed or 0
                progress.update(bar, rate=f"{done / elapsed:,.0f}/s" if elapsed else "")
            progress.update(bar, description=f"{view} {steps[step]}")

        yield advance


def _print(screen: Console, service: str, rebuilt: RebuildResult) -> None:
    table = Table(title=f"{heading('rebuilt_views')} · {service}")
    table.add_column(heading("view"), no_wrap=True)  # it is typed again, as an argument
    for column in (heading("events"), heading("subjects"), heading("rows"), heading("seconds")):
        table.add_column(column, justify="right", overflow="fold")
    table.add_column(heading("differences"), overflow="fold")
    table.add_column(heading("result"), overflow="fold")
    for r in rebuilt.reports:
        result = heading("swapped") if r.swapped else heading("unchanged")
        table.add_row(
            r.view, f"{r.events:,}", f"{r.subjects:,}", f"{r.rows:,}", f"{r.seconds:.1f}", _differences(r), result
        )
    screen.print(table)
    for r in rebuilt.unconfirmed:
        screen.print(_examples(r))
    if rebuilt.unconfirmed:
        screen.print(say("not_swapped").line)
    for released in rebuilt.released:
        line = say(
            "released_subject", log=released.log, subject=released.subject, processed=released.digested,
            left=released.left, error=released.error or "",
        ).line  # fmt: skip
        screen.print(line)


def _differences(report: Report) -> str:
    match report.compared:
        case "columns":
            return heading("other_version")
        case "unread":
            return heading("never_filled")
        case "behind":
            return heading("too_far_behind")
    found = report.differences
    lines = [say("rows_differ", rows=found.rows, subjects=found.subjects) if found.rows else say("no_differences")]
    if report.left_out:
        lines.append(say("subjects_left_out", subjects=report.left_out))
    if report.failed:
        lines.append(say("subjects_failed", subjects=report.failed))
    return "\n".join(message.line for message in lines)


def _examples(report: Report) -> Table:
    """The first subjects that differ, with the rows that only one side has. Views hold ids, never personal values."""
    table = Table(title=f"{report.view}: {heading('difference_examples')}", show_lines=True)
    for column in (heading("table"), heading("subject"), heading("live"), heading("rebuilt")):
        table.add_column(column, overflow="fold")
    for found in report.differences.examples:
        table.add_row(found.table, found.subject, _rows(found.live), _rows(found.rebuilt))
    return table


def _rows(rows: tuple[dict[str, object], ...]) -> str:
    return "\n".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in rows) or "–"
