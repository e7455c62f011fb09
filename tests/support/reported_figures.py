"""Figures printed at the end of a test run: faults injected, effects checked, and seeds."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

FIGURES = "figures"
"""Name of the property under which a test records a mapping of figures with ``record_property``."""


def write_figures(terminal: pytest.TerminalReporter) -> None:
    """A line for each test that reported figures, and one with their sums; seeds are not summed."""
    total: Counter[str] = Counter()
    for reports in terminal.stats.values():
        for report in reports:
            reported = [figures for name, figures in getattr(report, "user_properties", ()) if name == FIGURES]
            if reported and report.when == "call":
                terminal.write_line(f"{report.nodeid}: {_formatted(reported)}")
                total.update(
                    {name: figure for figures in reported for name, figure in figures.items() if name != "seed"}
                )
    if total:
        terminal.write_line(f"faults in all: {_formatted([total])}")


def _formatted(reported: Sequence[Mapping[str, int]]) -> str:
    return " · ".join(f"{name} {figure}" for figures in reported for name, figure in figures.items())
