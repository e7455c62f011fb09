"""The sample's pseudo-random numbers: SHA-256 of a label and a counter, the same on every machine."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import count
from typing import TypeVar

T = TypeVar("T")

EDITION = "lika-sample-township/1"
"""Part of every hash: a new edition would be another township."""


class HashRandom:
    """One sequence per label: number n is the first 8 bytes of SHA-256("edition/label/n"), big-endian. A
    ``lika.fiction.randomness.RandomSource``."""

    def __init__(self, label: str) -> None:
        self._prefix = f"{EDITION}/{label}/"
        self._counter = count()

    def randbelow(self, limit: int) -> int:
        """0 … limit - 1."""
        digest = sha256(f"{self._prefix}{next(self._counter)}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def randint(self, first: int, last: int) -> int:
        """first … last; ``first`` when the range is empty."""
        return first + self.randbelow(max(last - first, 0) + 1)

    def chance(self, percent: int) -> bool:
        return self.randbelow(100) < percent

    def choice(self, options: Sequence[T]) -> T:
        return options[self.randbelow(len(options))]

    def weighted_choice(self, weights: Mapping[T, int]) -> T:
        """A key, with a probability in proportion to its weight."""
        remaining = self.randbelow(sum(weights.values()))
        for option, weight in weights.items():
            if remaining < weight:
                return option
            remaining -= weight
        raise LookupError("no weights")
