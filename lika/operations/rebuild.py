"""``lika rebuild``: fill views again from the log, compare them with the live ones and put them in their place."""

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
from lika.operations.opened import at_rest
from services.chassis.following.sources import LocalSource
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.views.blue_green import Difference, NotRebuildable
from services.chassis.views.rebuild_report import NotMigrated, OnProgress, RebuildRunning, Report, Step, SwapRefused
from services.chassis.views.rebuild_service import NoSuchView, RebuildResult
from services.chassis.views.rebuild_service import rebuild as rebuild_views
from services.chassis.views.worker_pool import FoldingFailed, WorkerPool

UNCONFIRMED = 2
"""Exit code: there are differences, and nothing of those views was changed."""

STEPS: dict[Step, str] = {
    "copying": "抄录 copying",
    "folding": "折算 folding",
    "indexing": "建索引 indexing",
    "catching_up": "追赶 catching up",
    "comparing": "比对 comparing",
    "swapping": "换表 swapping",
}
NOT_COMPARED = {
    "columns": "版本不同，未比对 another version: not compared",
    "unread": "尚无消费，未比对 never kept: not compared",
    "behind": "落后太多，未比对 too far behind: not compared",
}
FAILURES = (RebuildRunning, SwapRefused, NotMigrated, NoSuchView)
"""Their messages say in both languages what to do."""


def rebuild(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help=f"服务 / service: {', '.join(BUILDS)}")],
    view: Annotated[list[str] | None, typer.Argument(metavar="VIEW", help="视图，可多个 / views")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部视图 / all views of the service")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="有差异也换上新表 / swap even where they differ")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="进程数，缺省为核数 / processes, one per core")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """从日志重建视图，与现表比对后换上；系统可照常运行 / Rebuild views from the log while everything runs.

    有差异而未加 --yes 时不作改动，退出码 2。Differences without --yes change nothing; the exit code is 2.
    """
    if service not in BUILDS:
        raise typer.BadParameter(f"没有这个服务 / no such service: {service}")
    if every == bool(view):
        raise typer.BadParameter("请给出视图名，或用 --all / name views, or say --all")
    configure_logging("json", level=logging.WARNING)
    screen = Console(stderr=True, highlight=False)
    try:
        with at_rest() as services, WorkerPool(workers) as processes, _shown(screen) as told:
            sources = {name: LocalSource(s.store) for name, s in services.items()}
            rebuilt = rebuild_views(services[service], view or None, sources, processes, told, confirmed=yes)
    except FAILURES as failure:
        screen.print(f"[red]{failure}[/red]")
        raise typer.Exit(1) from None
    except UnknownType as unknown:
        screen.print(f"[red]本版本不认识 {unknown}，请用写下它的版本。\nThis release does not know {unknown}.[/red]")
        raise typer.Exit(1) from None
    except (FoldingFailed, NotRebuildable) as failure:
        screen.print(f"[red]未能重建，未作改动：{failure}\nNot rebuilt, nothing was changed: {failure}[/red]")
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(answer(service, rebuilt), ensure_ascii=False, indent=2, default=str))
    else:
        _print(Console(highlight=False), service, rebuilt)
    raise typer.Exit(UNCONFIRMED if rebuilt.unconfirmed else 0)


def answer(service: str, rebuilt: RebuildResult) -> dict[str, object]:
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
def _shown(screen: Console) -> Iterator[OnProgress]:
    """A bar per view: facts folded, of how many, and how many a second."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=screen) as progress:
        bars: dict[str, TaskID] = {}

        def told(view: str, step: Step, done: int, of: int) -> None:
            bar = bars.get(view)
            if bar is None:
                bar = bars[view] = progress.add_task(view, total=None, rate="")
            if step in ("folding", "copying"):
                progress.update(bar, completed=done, total=of)
                elapsed = progress.tasks[bar].elapsed or 0
                progress.update(bar, rate=f"{done / elapsed:,.0f}/s" if elapsed else "")
            progress.update(bar, description=f"{view} {STEPS[step]}")

        yield told


def _print(screen: Console, service: str, rebuilt: RebuildResult) -> None:
    table = Table(title=f"重建 Rebuilt · {service}")
    for heading in (
        "视图 view",
        "事件 events",
        "对象 subjects",
        "行 rows",
        "秒 seconds",
        "差异 differences",
        "结果 result",
    ):
        table.add_column(heading, justify="left" if heading[:1] in "视差结" else "right", overflow="fold")
    for r in rebuilt.reports:
        table.add_row(
            r.view, f"{r.events:,}", f"{r.subjects:,}", f"{r.rows:,}", f"{r.seconds:.1f}", _differences(r), _result(r)
        )
    screen.print(table)
    for r in rebuilt.unconfirmed:
        screen.print(_examples(r))
    if rebuilt.unconfirmed:
        screen.print(
            "未换上有差异的视图；核对后加 --yes 重做。/ Not swapped where they differ: look, then repeat with --yes."
        )
    for released in rebuilt.released:
        screen.print(
            f"搁置 parked {released.log} {released.subject}: 已处理 digested {released.digested},"
            f" 仍搁置 still parked {released.left} {released.error or ''}"
        )


def _differences(report: Report) -> str:
    if report.compared != "compared":
        return NOT_COMPARED[report.compared]
    found = report.differences
    said = f"{found.rows:,} 行 rows / {found.subjects:,} 对象 subjects" if found.rows else "无 none"
    left = f"；{report.left_out:,} 待处理未比 left out" if report.left_out else ""
    failed = f"；{report.failed:,} 无法折算 could not be folded" if report.failed else ""
    return said + left + failed


def _result(report: Report) -> str:
    return "已换上 swapped" if report.swapped else "未改动 unchanged"


def _examples(report: Report) -> Table:
    """The first subjects that differ, with the rows that only one side has. Views hold ids, never personal values."""
    table = Table(title=f"{report.view}: 差异示例 examples", show_lines=True)
    for heading in ("表 table", "对象 subject", "现表 live", "新表 anew"):
        table.add_column(heading, overflow="fold")
    for difference in report.differences.examples:
        table.add_row(difference.table, difference.subject, *map(_side, _sides(difference)))
    return table


def _sides(difference: Difference) -> tuple[tuple[dict[str, object], ...], tuple[dict[str, object], ...]]:
    return difference.live, difference.rebuilt


def _side(rows: tuple[dict[str, object], ...]) -> str:
    return "\n".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in rows) or "–"
