"""``python -m tests.benchmarks [--only NAME] [--full] [--scale N] [--json]``"""

import argparse
import json
import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from services.chassis.ground.structured_logging import configure_logging
from tests.benchmarks.comparison import Measurements, Result
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.goals import FULL_ROWS, ROWS

RESULTS_FILE = Path("build") / "bench.json"
LINE_FORMAT = "{:<62}{:>12}{:>12}  {:<11}{:>7}  {:>7}  {}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a row could not be measured, whatever the figures of the others."""
    options = _parser().parse_args(arguments)
    configure_logging("json", level=logging.ERROR)
    console = Console(stderr=options.json, highlight=False, soft_wrap=True)
    every = (*ROWS, *FULL_ROWS) if options.full else ROWS
    rows = [
        r for r in every if not options.only or any(word in f"{r.benchmark.name} {r.name}" for word in options.only)
    ]
    measurements, results, failed = Measurements(), list[Result](), 0
    console.print(LINE_FORMAT.format("work", "value", "floor", "", "ratio", "goal", "reached"), style="bold")

    def show_progress(text: str) -> None:
        if console.is_terminal:
            console.print(f"\r\x1b[2K  {text}", end="", style="dim")

    with BenchmarkEnvironment.open(full=options.full, scale=options.scale) as environment:
        for row in rows:
            try:
                result = row.measure(environment, show_progress, measurements)
            except Exception:  # noqa: BLE001 - printed, and the other rows are measured all the same
                failed += 1
                console.print(f"{row.name}: not measured\n{traceback.format_exc()}", style="red", markup=False)
                continue
            results.append(result)
            show_progress("")
            console.print(("\r" if console.is_terminal else "") + formatted_line(result))
            save(results)
        notes = list(dict.fromkeys(environment.notes))
    for benchmark, figures in measurements.in_no_row(rows).items():
        console.print(
            f"{benchmark}, beside: " + ", ".join(f"{name} {formatted(value)}" for name, value in figures.items())
        )
    for note in notes:
        console.print(note)
    if options.json:
        json.dump([as_json(r) for r in results], sys.stdout, ensure_ascii=False, indent=1)
    return 1 if failed else 0


def as_json(result: Result) -> dict[str, object]:
    """A row of ``build/bench.json``."""
    return {
        "name": result.name,
        "unit": result.unit,
        "value": round(result.value, 3),
        "floor": round(result.floor, 3),
        "ratio": round(result.ratio, 3),
        "goal": result.goal,
        "better": result.better,
        "reached": result.reached,
        "seconds": round(result.seconds, 1),
    }


def formatted_line(result: Result) -> str:
    sign = "≥" if result.better == "more" else "≤"
    figures = (formatted(result.value), formatted(result.floor), result.unit, f"{result.ratio:.2f}")
    return LINE_FORMAT.format(result.name, *figures, f"{sign} {result.goal:g}", "yes" if result.reached else "no")


def formatted(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def save(results: Sequence[Result]) -> None:
    RESULTS_FILE.parent.mkdir(exist_ok=True)
    RESULTS_FILE.write_text(
        json.dumps([as_json(r) for r in results], ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", help="rows whose name or benchmark contains this; repeatable")
    parser.add_argument("--full", action="store_true", help="the large sizes, too")
    parser.add_argument("--scale", type=int, default=1, help="divide the large sizes by this, to try them out")
    parser.add_argument("--json", action="store_true", help="the rows on standard output, all else on standard error")
    return parser


if __name__ == "__main__":
    sys.exit(main())
