"""The simulation's source of chance: one sequence per household (or office) and month, whatever happens elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """``random``: a number from 0 up to 1. Begun anew for the same household and month it draws the same."""

    def __init__(self, seed: int) -> None:
        # Python promises the same sequence of ``random()`` for the same whole number on every machine and version.
        source = Random(seed)
        self._base = seed << 64
        self.random = source.random
        # Of whole numbers alone: the class's own ``seed`` first asks what it was given, millions of times.
        self._seed = super(Random, source).seed

    def begin(self, who: int, month: int) -> None:
        self._seed(self._base | who << 16 | month)

    def below(self, limit: int) -> int:
        """0 … limit - 1."""
        return int(self.random() * limit)

    def between(self, first: int, last: int) -> int:
        """first … last; ``first`` when the range is empty."""
        return first + int(self.random() * (last - first + 1)) if last > first else first

    def chance(self, percent: int) -> bool:
        return self.random() * 100 < percent

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[int(self.random() * len(choices))]

    def weighted(self, weights: Mapping[T, int]) -> T:
        """A key, as often as its weight says."""
        left = int(self.random() * sum(weights.values()))
        for choice, weight in weights.items():
            if left < weight:
                return choice
            left -= weight
        raise LookupError("no weights")

    def day_after(self, day: date, least: int, most: int) -> date:
        """``least`` to ``most`` days later."""
        return day + timedelta(least + int(self.random() * (most - least + 1)))

    def day_in(self, first: date, days: int) -> date:
        """One of ``days`` days from ``first`` on."""
        return first + timedelta(int(self.random() * days))
