"""The simulation's pseudo-random numbers: one sequence per household (or township office) and month, so that what one
household draws depends on no other."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


class SeededRandom:
    """``random``: a number from 0 up to 1. Seeded again for the same entity and month it yields the same sequence. A
    ``lika.fiction.randomness.RandomSource``."""

    def __init__(self, seed: int) -> None:
        # Python promises the same sequence of ``random()`` for the same integer on every machine and version.
        generator = Random(seed)
        self._base = seed << 64
        self.random = generator.random
        # The C method, for integers alone: ``Random.seed`` first checks the type of its argument, millions of times.
        self._seed = super(Random, generator).seed

    def reseed(self, entity: int, month: int) -> None:
        """Begin the sequence of an entity (the index of a household, or of an office) in a month."""
        self._seed(self._base | entity << 16 | month)

    def randbelow(self, limit: int) -> int:
        """0 … limit - 1."""
        return int(self.random() * limit)

    def randint(self, first: int, last: int) -> int:
        """first … last; ``first`` when the range is empty."""
        return first + int(self.random() * (last - first + 1)) if last > first else first

    def chance(self, percent: int) -> bool:
        return self.random() * 100 < percent

    def choice(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def weighted_choice(self, weights: Mapping[T, int]) -> T:
        """A key, with a probability in proportion to its weight."""
        remaining = int(self.random() * sum(weights.values()))
        for option, weight in weights.items():
            if remaining < weight:
                return option
            remaining -= weight
        raise LookupError("no weights")

    def day_after(self, day: date, least: int, most: int) -> date:
        """``least`` to ``most`` days later."""
        return day + timedelta(least + int(self.random() * (most - least + 1)))

    def day_in(self, first: date, days: int) -> date:
        """One of ``days`` days from ``first`` on."""
        return first + timedelta(int(self.random() * days))
