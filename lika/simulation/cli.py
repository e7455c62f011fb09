"""``lika simulate``: a simulated province, written into the logs of an empty installation."""

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

from lika.databases import databases
from lika.house import BUILDS
from lika.simulation.counts import FactCounts
from lika.simulation.messages import say
from lika.simulation.months import simulated_months
from lika.simulation.plan import FIRST_YEAR, LAST_FIRST_YEAR, LAST_YEAR, MAX_HOUSEHOLDS, Plan
from lika.simulation.regulations import Regulations
from lika.simulation.writer import ConcurrentWrite, ForeignLogContent, Writer
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.log.store import Store
from services.chassis.security.sealer import Sealer
from services.chassis.security.sealing import KeyedDigest
from services.registry.vault.keys import VAULT, Vault


def simulate(
    households: Annotated[
        int, typer.Option("--households", "-n", min=1, max=MAX_HOUSEHOLDS, help="首轮及以后建档的户数 / households")
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
    """向空库写入一个模拟省多年的全部记录，可中断续写 / write a simulated province's years into an empty installation.

    同一参数再次运行即从中断处接着写。The same command resumes where it was interrupted.
    """
    try:
        plan = Plan(households, first, last, seed)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    configure_logging("json", level=logging.WARNING)
    console = Console(stderr=True, highlight=False)
    started = time.monotonic()
    try:
        with _open_stores(Settings()) as (stores, seals):
            writer = Writer(plan, stores, seals)
            if writer.resumed_from:
                console.print(say("resumed", events=writer.resumed_from).line)
            counts = _write_months(console, plan, writer)
    except (ForeignLogContent, ConcurrentWrite) as failure:
        console.print(str(failure), style="red", markup=False)
        raise typer.Exit(1) from None
    summary = _summary(plan, counts, writer.resumed_from, time.monotonic() - started)
    if as_json:
        sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    else:
        _print_summary(console, summary)


@contextmanager
def _open_stores(settings: Settings) -> Iterator[tuple[Mapping[str, Store], Sealer]]:
    """Every log's store and the vault, on the installation's own databases. Nothing is consumed, nothing served."""
    with databases(settings) as conninfo, ExitStack() as opened:
        stores = {name: Store(name, conninfo(name), SystemClock()) for name in BUILDS}
        for store in stores.values():
            opened.callback(store.close)
        vault = Vault.of(settings, conninfo(VAULT))
        opened.callback(vault.close)
        yield stores, Sealer(vault, KeyedDigest(settings.load_index_keys()))


def _write_months(console: Console, plan: Plan, writer: Writer) -> FactCounts:
    """Write every month, with a progress progress. Returns what the logs hold in the end."""
    # A province is millions of long-lived small objects without reference cycles: the collector would spend a fifth of
    # the time looking for cycles among them as often as usual.
    gc.set_threshold(100_000, 50, 100)
    total, unit = (plan.last - plan.first + 1) * 12, say("events").line
    counts, started = FactCounts(), time.monotonic()
    with Progress(
        TextColumn(say("simulating").line), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.description}"), console=console,
    ) as progress:  # fmt: skip
        task = progress.add_task("", total=total)
        for month in writer.write(simulated_months(plan, Regulations.of_this_installation())):
            counts += month
            pace = int(counts.events / max(time.monotonic() - started, 0.001))
            progress.update(task, description=f"{month.recorded_on:%Y-%m} {counts.events:,} {unit} {pace:,}/s")
            progress.advance(task)
    return counts


def _summary(plan: Plan, counts: FactCounts, resumed_from: int, seconds: float) -> dict[str, Any]:
    """The output of ``--json``: what the logs hold, and how long this run took."""
    logs: Counter[str] = Counter()
    types: dict[str, dict[str, int]] = {}
    for (log, kind), number in sorted(counts.facts.items(), key=lambda item: (item[0][0], -item[1])):
        logs[log] += number
        types.setdefault(log, {})[kind] = number
    return {
        "plan": {"households": plan.households, "from": plan.first, "to": plan.last, "seed": plan.seed},
        "digest": plan.digest,
        "households": sum(types["registry"].get(kind, 0) for kind in ("HouseholdRecorded", "HouseholdFormed")),
        "persons": counts.persons,
        "events": counts.events,
        "events_per_household": round(counts.events / plan.households, 1),
        "logs": dict(logs),
        "types": types,
        "resumed_from": resumed_from,
        "seconds": round(seconds, 1),
    }


def _print_summary(console: Console, summary: Mapping[str, Any]) -> None:
    """What was written, and what comes next."""
    logs = ", ".join(f"{log} {number:,}" for log, number in summary["logs"].items())
    figures = {name: summary[name] for name in ("households", "persons", "events", "seconds")}
    # Assistance's cursor is at the register's head, so its empty views would count as live ones that differ.
    rebuilds = "\n".join(f"  lika rebuild {name} --all --yes" for name in BUILDS)
    console.print(f"{say('summary', logs=logs, **figures)}\n\n{say('next_steps').line}:\n{rebuilds}\n  lika up")
