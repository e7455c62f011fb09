"""Figures that tests tell at the end of a run: what was done to the product, how much was checked, and the seeds."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

TOLD = "told"
"""Name under which a test reports a mapping of figures with ``record_property``, from whichever worker it runs in."""


def tell_figures(terminal: pytest.TerminalReporter) -> None:
    """A line for each test that told something, and one for all of them. Seeds are told and not added up."""
    total: Counter[str] = Counter()
    for reports in terminal.stats.values():
        for report in reports:
            told = [figures for name, figures in getattr(report, "user_properties", ()) if name == TOLD]
            if told and report.when == "call":
                terminal.write_line(f"{report.nodeid}: {_written(told)}")
                total.update({name: figure for figures in told for name, figure in figures.items() if name != "seed"})
    if total:
        terminal.write_line(f"faults in all: {_written([total])}")


def _written(told: Sequence[Mapping[str, int]]) -> str:
    return " · ".join(f"{name} {figure}" for figures in told for name, figure in figures.items())
