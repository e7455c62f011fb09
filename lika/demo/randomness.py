"""The sample's source of chance: SHA-256 of a label and a counter. The same on every machine and Python version."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import count
from typing import TypeVar

T = TypeVar("T")

EDITION = "lika-sample-township/1"
"""Part of every draw: a new edition would be another township."""


class Draw:
    """A sequence of its own per label: draw n is the first 8 bytes of SHA-256("edition/label/n"), big-endian."""

    def __init__(self, label: str) -> None:
        self._prefix = f"{EDITION}/{label}/"
        self._numbers = count()

    def below(self, limit: int) -> int:
        """0 … limit - 1."""
        digest = sha256(f"{self._prefix}{next(self._numbers)}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def between(self, first: int, last: int) -> int:
        """first … last; ``first`` when the range is empty."""
        return first + self.below(max(last - first, 0) + 1)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def weighted(self, weights: Mapping[T, int]) -> T:
        """A key, as often as its weight says."""
        left = self.below(sum(weights.values()))
        for choice, weight in weights.items():
            if left < weight:
                return choice
            left -= weight
        raise LookupError("no weights")
