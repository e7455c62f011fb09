"""A contest: the product and its floors do the same work in turns, so that a noisy machine hurts all of them alike."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from lika.house import tune_garbage_collection
from tests.benchmarks.environment import Ground

Contender = Callable[[], float]
"""Does a round of the work; its figure in the contest's unit."""

Tell = Callable[[str], None]
"""Hears how far a contest has come."""

Figures = Mapping[str, float]
"""Contender → the median of its rounds."""


@dataclass(frozen=True)
class Contest:
    """``enter`` prepares the contenders, in the order in which they take turns; leaving it takes down what it set up.
    Every contender has ``warm`` rounds before the first that counts."""

    name: str
    enter: Callable[[Ground], AbstractContextManager[Mapping[str, Contender]]]
    rounds: int = 5
    warm: int = 1

    def run(self, ground: Ground, tell: Tell) -> Figures:
        tell(f"{self.name}: preparing")
        with self.enter(ground) as contenders:
            tune_garbage_collection()  # as the product does when it has started
            found: dict[str, list[float]] = {name: [] for name in contenders}
            for turn in range(1 - self.warm, self.rounds + 1):
                for name, play in contenders.items():
                    figure = play()
                    tell(f"{self.name}: round {turn} of {self.rounds}, {name} {figure:,.4g}")
                    if turn > 0:
                        found[name].append(figure)
        return {name: median(figures) for name, figures in found.items()}


@dataclass(frozen=True)
class Result:
    """A row measured. ``ratio`` is value ÷ floor, whichever way is better."""

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
    """One line of the list: which contender of a contest is ours, which the floor, and what ratio is the goal."""

    name: str
    unit: str
    goal: float
    contest: Contest
    floor: str
    value: str = "ours"
    better: Literal["more", "less"] = "more"

    def measure(self, ground: Ground, tell: Tell, played: "Played") -> Result:
        """Raises ``KeyError`` when the contest has no such floor."""
        began = time.monotonic()
        figures = played.figures(self.contest, ground, tell)
        seconds = time.monotonic() - began
        floor, value = figures[self.floor], figures[self.value]
        return Result(self.name, self.unit, value, floor, self.goal, self.better, seconds)


@dataclass
class Played:
    """The contests of this run: one that serves several rows is held once."""

    results: dict[str, Figures] = field(default_factory=dict)

    def figures(self, contest: Contest, ground: Ground, tell: Tell) -> Figures:
        if contest.name not in self.results:
            self.results[contest.name] = contest.run(ground, tell)
        return self.results[contest.name]

    def beside(self, rows: "Iterable[Row]") -> dict[str, Figures]:
        """Figures that no row shows, for whoever wants to know more."""
        shown = {(r.contest.name, c) for r in rows for c in (r.floor, r.value)}
        left = {
            name: {c: v for c, v in figures.items() if (name, c) not in shown} for name, figures in self.results.items()
        }
        return {name: figures for name, figures in left.items() if figures}
