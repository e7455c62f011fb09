"""``lika simulate``: a province's life, written into the logs of an empty house."""

import gc
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lika.house import BUILDS, databases
from lika.simulation.counts import Written
from lika.simulation.months import months
from lika.simulation.parameters import Law
from lika.simulation.plan import FIRST_YEAR, LAST_FIRST_YEAR, LAST_YEAR, MOST_HOUSEHOLDS, Plan
from lika.simulation.writer import LogTaken, Writer, WrittenMeanwhile
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.log.store import Store
from services.chassis.security.sealing import KeyedDigest
from services.registry.service import VAULT
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from services.registry.vault.sealer import Sealer


def simulate(
    households: Annotated[
        int, typer.Option("--households", "-n", min=1, max=MOST_HOUSEHOLDS, help="首轮及以后建档的户数 / households")
    ],
    first: Annotated[
        int, typer.Option("--from", metavar="Y", min=FIRST_YEAR, max=LAST_FIRST_YEAR, help="首个年度 / first year")
    ] = 2014,
    last: Annotated[
        int,
        typer.Option("--to", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="末个年度（含）/ last year, included"),
    ] = 2026,
    seed: Annotated[int, typer.Option(help="种子：同一种子，同一个省 / the same seed, the same province")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="最后输出一个 JSON 对象 / print one JSON object")] = False,
) -> None:
    """向空库写入一个模拟省多年的全部记录，可中断续写 / write a made-up province's years into an empty house.

    同一参数再次运行即从中断处接着写。The same command goes on where it was broken off.
    """
    try:
        plan = Plan(households, first, last, seed)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    configure_logging("json", level=logging.WARNING)
    screen = Console(stderr=True, highlight=False)
    began = time.monotonic()
    try:
        with _house(Settings()) as (stores, seals):
            writer = Writer(plan, stores, seals)
            if writer.resumed_from:
                screen.print(
                    f"接着写：已有 {writer.resumed_from:,} 条 / going on: {writer.resumed_from:,} events are written"
                )
            written = _told(screen, plan, writer)
    except (LogTaken, WrittenMeanwhile) as failure:
        screen.print(f"[red]{failure}[/red]")
        raise typer.Exit(1) from None
    summary = summed_up(plan, written, writer.resumed_from, time.monotonic() - began)
    if as_json:
        sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    else:
        _print(screen, summary)


@contextmanager
def _house(settings: Settings) -> Iterator[tuple[Mapping[str, Store], Sealer]]:
    """Every log's store and the vault, on the house's own databases. Nothing consumes and nothing is served."""
    with databases(settings) as conninfo, ExitStack() as opened:
        stores = {name: Store(name, conninfo(name), SystemClock()) for name in BUILDS}
        for store in stores.values():
            opened.callback(store.close)
        vault = Vault.connect(conninfo(VAULT), LocalKek({1: settings.load_kek()}))
        opened.callback(vault.close)
        yield stores, Sealer(vault, KeyedDigest(settings.load_index_keys()))


def _told(screen: Console, plan: Plan, writer: Writer) -> Written:
    """Write every month and show how far it is; what stands in the logs in the end."""
    # A province is millions of small objects that live for years, and none in circles: looking for circles among them
    # as often as usual takes a fifth of the time.
    gc.set_threshold(100_000, 50, 100)
    total = (plan.last - plan.first + 1) * 12
    written, began = Written(), time.monotonic()
    with Progress(
        TextColumn("模拟 / simulating"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.description}"), console=screen,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=total)
        for month in writer.write(months(plan, Law.of_this_installation())):
            written += month
            pace = int(written.events / max(time.monotonic() - began, 0.001))
            bar.update(task, description=f"{month.recorded_on:%Y-%m} {written.events:,} 条 events {pace:,}/s")
            bar.advance(task)
    return written


def summed_up(plan: Plan, written: Written, resumed_from: int, seconds: float) -> dict[str, Any]:
    """The answer of ``--json``: what stands in the logs, and how long this run took."""
    logs: Counter[str] = Counter()
    types: dict[str, dict[str, int]] = {}
    for (log, kind), number in sorted(written.facts.items(), key=lambda one: (one[0][0], -one[1])):
        logs[log] += number
        types.setdefault(log, {})[kind] = number
    return {
        "plan": {"households": plan.households, "from": plan.first, "to": plan.last, "seed": plan.seed},
        "digest": plan.digest,
        "households": sum(types["registry"].get(kind, 0) for kind in ("HouseholdRecorded", "HouseholdFormed")),
        "persons": written.persons,
        "events": written.events,
        "events_per_household": round(written.events / plan.households, 1),
        "logs": dict(logs),
        "types": types,
        "resumed_from": resumed_from,
        "seconds": round(seconds, 1),
    }


def _print(screen: Console, summary: Mapping[str, Any]) -> None:
    """What was written, and what comes next."""
    logs = "，".join(f"{log} {number:,}" for log, number in summary["logs"].items())
    # Assistance is said to have read the register, so its empty views would count as live ones that differ.
    rebuilds = "\n".join(f"  lika rebuild {name} --all --yes" for name in BUILDS)
    screen.print(
        f"共 {summary['households']:,} 户 {summary['persons']:,} 人，{summary['events']:,} 条记录（{logs}），"
        f"用时 {summary['seconds']} 秒。\n"
        f"{summary['households']:,} households, {summary['persons']:,} persons, {summary['events']:,} events in"
        f" {summary['seconds']} s.\n\n"
        f"接着建立视图，再启动 / fill the views, then start:\n{rebuilds}\n  lika up"
    )
