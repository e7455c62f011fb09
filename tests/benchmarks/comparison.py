"""A benchmark: the product and its floors do the same work in turns, so that a noisy machine slows all of them alike."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from lika.garbage_collection import leave_out_what_is_there
from tests.benchmarks.environment import BenchmarkEnvironment

Variant = Callable[[], float]
"""Does a round of the work; its figure in the unit of the benchmark."""

Progress = Callable[[str], None]
"""Called with a line that says how far a benchmark has come."""

Figures = Mapping[str, float]
"""Name of a variant → the median of its rounds."""


@dataclass(frozen=True)
class Benchmark:
    """``setup`` gives the variants in the order in which they take turns, and takes down what it set up at the end. Every
    variant has ``warm`` rounds before the first that counts."""

    name: str
    setup: Callable[[BenchmarkEnvironment], AbstractContextManager[Mapping[str, Variant]]]
    rounds: int = 5
    warm: int = 1

    def run(self, environment: BenchmarkEnvironment, progress: Progress) -> Figures:
        progress(f"{self.name}: preparing")
        with self.setup(environment) as variants:
            leave_out_what_is_there()  # as the product does when it has started
            found: dict[str, list[float]] = {name: [] for name in variants}
            for round_number in range(1 - self.warm, self.rounds + 1):
                for name, measure in variants.items():
                    figure = measure()
                    progress(f"{self.name}: round {round_number} of {self.rounds}, {name} {figure:,.4g}")
                    if round_number > 0:
                        found[name].append(figure)
        return {name: median(figures) for name, figures in found.items()}


@dataclass(frozen=True)
class Result:
    """The figures of a row. ``ratio`` is value ÷ floor, whichever way is better. Raises ``ValueError`` without a floor."""

    name: str
    unit: str
    value: float
    floor: float
    goal: float
    better: Literal["more", "less"]
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if not self.floor > 0:
            raise ValueError(f"{self.name}: a row without a floor says nothing")

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    @property
    def reached(self) -> bool:
        return self.ratio >= self.goal if self.better == "more" else self.ratio <= self.goal


@dataclass(frozen=True)
class Row:
    """A row of the table: which variant of a benchmark is the value, which the floor, and what ratio is the goal."""

    name: str
    unit: str
    goal: float
    benchmark: Benchmark
    floor: str
    value: str = "ours"
    better: Literal["more", "less"] = "more"

    def measure(self, environment: BenchmarkEnvironment, progress: Progress, measurements: "Measurements") -> Result:
        """Raises ``KeyError`` when the benchmark has no such variant."""
        started = time.monotonic()
        figures = measurements.figures(self.benchmark, environment, progress)
        seconds = time.monotonic() - started
        floor, value = figures[self.floor], figures[self.value]
        return Result(self.name, self.unit, value, floor, self.goal, self.better, seconds)


@dataclass
class Measurements:
    """The figures of this run: a benchmark that serves several rows is run once."""

    results: dict[str, Figures] = field(default_factory=dict)

    def figures(self, benchmark: Benchmark, environment: BenchmarkEnvironment, progress: Progress) -> Figures:
        if benchmark.name not in self.results:
            self.results[benchmark.name] = benchmark.run(environment, progress)
        return self.results[benchmark.name]

    def in_no_row(self, rows: "Iterable[Row]") -> dict[str, Figures]:
        """Benchmark → the figures that no row shows."""
        shown = {(row.benchmark.name, variant) for row in rows for variant in (row.floor, row.value)}
        left = {
            name: {variant: figure for variant, figure in figures.items() if (name, variant) not in shown}
            for name, figures in self.results.items()
        }
        return {name: figures for name, figures in left.items() if figures}
