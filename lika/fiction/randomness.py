"""What fiction asks of a source of chance; each user has its own."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Chance(Protocol):
    """A sequence of draws that is the same for the same beginning."""

    def below(self, limit: int) -> int:
        """0 … limit - 1."""
        ...

    def between(self, first: int, last: int) -> int:
        """first … last; ``first`` when the range is empty."""
        ...

    def chance(self, percent: int) -> bool: ...

    def one_of(self, choices: Sequence[T]) -> T: ...

    def weighted(self, weights: Mapping[T, int]) -> T:
        """A key, as often as its weight says."""
        ...
