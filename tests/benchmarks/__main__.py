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
from tests.benchmarks.comparison import Played, Result
from tests.benchmarks.environment import Ground
from tests.benchmarks.goals import FULL, ROWS

KEPT = Path("build") / "bench.json"
LINE = "{:<62}{:>12}{:>12}  {:<11}{:>7}  {:>7}  {}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell; 1 when a row could not be measured, whatever the figures of the others."""
    asked = _parser().parse_args(arguments)
    configure_logging("json", level=logging.ERROR)
    screen = Console(stderr=asked.json, highlight=False, soft_wrap=True)
    every = (*ROWS, *FULL) if asked.full else ROWS
    rows = [r for r in every if not asked.only or any(word in f"{r.contest.name} {r.name}" for word in asked.only)]
    played, results, failed = Played(), list[Result](), 0
    screen.print(LINE.format("work", "value", "floor", "", "ratio", "goal", "reached"), style="bold")

    def tell(progress: str) -> None:
        if screen.is_terminal:
            screen.print(f"\r\x1b[2K  {progress}", end="", style="dim")

    with Ground.opened(full=asked.full, scale=asked.scale) as ground:
        for row in rows:
            try:
                result = row.measure(ground, tell, played)
            except Exception:  # noqa: BLE001 - told, and the other rows are measured all the same
                failed += 1
                screen.print(f"{row.name}: not measured\n{traceback.format_exc()}", style="red", markup=False)
                continue
            results.append(result)
            tell("")
            screen.print(("\r" if screen.is_terminal else "") + line(result))
            keep(results)
        notes = list(dict.fromkeys(ground.notes))
    for contest, figures in played.beside(rows).items():
        screen.print(f"{contest}, beside: " + ", ".join(f"{name} {figure(value)}" for name, value in figures.items()))
    for note in notes:
        screen.print(note)
    if asked.json:
        json.dump([shape(r) for r in results], sys.stdout, ensure_ascii=False, indent=1)
    return 1 if failed else 0


def shape(result: Result) -> dict[str, object]:
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


def line(result: Result) -> str:
    sign = "≥" if result.better == "more" else "≤"
    figures = (figure(result.value), figure(result.floor), result.unit, f"{result.ratio:.2f}")
    return LINE.format(result.name, *figures, f"{sign} {result.goal:g}", "yes" if result.reached else "no")


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def keep(results: Sequence[Result]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps([shape(r) for r in results], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", help="rows whose name or contest contains this; repeatable")
    parser.add_argument("--full", action="store_true", help="the large sizes, too")
    parser.add_argument("--scale", type=int, default=1, help="divide the large sizes by this, to try them out")
    parser.add_argument("--json", action="store_true", help="the list on standard output, all else on standard error")
    return parser


if __name__ == "__main__":
    sys.exit(main())
