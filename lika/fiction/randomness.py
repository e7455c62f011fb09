"""The source of pseudo-random numbers that the generators of synthetic people take; each caller has its own."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class RandomSource(Protocol):
    """A sequence of pseudo-random numbers that is the same for the same seed."""

    def randbelow(self, limit: int) -> int:
        """0 … limit - 1."""
        ...

    def randint(self, first: int, last: int) -> int:
        """first … last; ``first`` when the range is empty."""
        ...

    def chance(self, percent: int) -> bool: ...

    def choice(self, options: Sequence[T]) -> T: ...

    def weighted_choice(self, weights: Mapping[T, int]) -> T:
        """A key, with a probability in proportion to its weight."""
        ...
