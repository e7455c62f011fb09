"""``python -m tests.coverage [--json] [ARGUMENTS OF PYTEST]``: runs the tests that the manifest names, and says how much of the
field works, by service."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout

import pytest
from rich.console import Console
from rich.table import Table

from tests.coverage.manifest import SLICES, Row, named_tests, read_manifest
from tests.coverage.outcomes import Figures, Outcomes, figures, formatted_figures

HEADINGS = {"M": "机制 mechanisms", "B": "标准 standards", "R": "规则 rules"}


def main(arguments: Sequence[str] | None = None) -> int:
    """1 when a named test did not pass."""
    parser = argparse.ArgumentParser(prog="python -m tests.coverage", description=__doc__)
    parser.add_argument("--json", action="store_true", help="rows and figures, for machines")
    options, of_pytest = parser.parse_known_args(arguments)
    rows, outcomes = read_manifest(), Outcomes()
    with redirect_stdout(sys.stderr):
        pytest.main(["-q", *of_pytest, *sorted(named_tests(rows.values()))], plugins=[outcomes])
    if options.json:
        json.dump(_as_json(rows, outcomes), sys.stdout, ensure_ascii=False, indent=1)
    else:
        console = Console()
        console.print(_table(rows, outcomes))
        console.print(formatted_figures(figures(rows, outcomes)), highlight=False)
    return 0 if all(map(outcomes.passed, named_tests(rows.values()))) else 1


def _table(rows: Mapping[str, Row], outcomes: Outcomes) -> Table:
    table = Table(title="覆盖 coverage")
    for heading in ("服务 service", "模块 slice", *HEADINGS.values()):
        table.add_column(heading, justify="right" if heading in HEADINGS.values() else "left", no_wrap=True)
    for service, slice_name, found in _by_slice(rows, outcomes):
        table.add_row(
            service, slice_name, *(f"{of[0]}/{of[1]}" if (of := found.get(kind)) else "" for kind in HEADINGS)
        )
    return table


def _by_slice(rows: Mapping[str, Row], outcomes: Outcomes) -> Iterator[tuple[str, str, Figures]]:
    """A line for each service, and below it one for each of its slices that owns a row."""
    for service, slices in SLICES.items():
        yield service, "", figures({key: row for key, row in rows.items() if row.service == service}, outcomes)
        for name in slices:
            if owned := {key: row for key, row in rows.items() if row.slice == f"{service}/{name}"}:
                yield "", name, figures(owned, outcomes)


def _as_json(rows: Mapping[str, Row], outcomes: Outcomes) -> dict[str, object]:
    return {
        "figures": {
            kind: {"works": working, "of": total} for kind, (working, total) in figures(rows, outcomes).items()
        },
        "rows": [
            {
                "id": key, "zh": row.zh, "en": row.en, "slice": row.slice, "shown": row.shown, "tests": row.named_tests,
                "works": outcomes.works(row),
            }
            for key, row in rows.items()
        ],
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
