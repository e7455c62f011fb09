"""How often somebody may do something: so many at once, and so many a second in the long run (a token bucket, kept as the
instant at which it is full again: GCRA, ITU-T I.371)."""

import time
from collections.abc import Callable, Hashable

MOST_KEYS = 10_000
"""Buckets kept, those that are full not counted: above it the fullest of them are forgotten."""


class TokenBuckets:
    """One bucket a key. Used by one event loop. ``at_once`` is what a bucket holds, ``per_second`` what flows in."""

    def __init__(
        self, at_once: int, per_second: float, *, most: int = MOST_KEYS, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval, self._most, self._ticks = 1 / per_second, most, ticks
        self._depth = at_once * self._interval
        self._full_at: dict[Hashable, float] = {}

    def wait(self, key: Hashable) -> float:
        """Seconds until the key may take one; 0 for now."""
        full_at = self._full_at.get(key)
        return 0.0 if full_at is None else max(0.0, full_at + self._interval - self._depth - self._ticks())

    def take(self, key: Hashable) -> float:
        """Take one, unless none is left; then the seconds until there is one."""
        if wait := self.wait(key):
            return wait
        now = self._ticks()
        if key not in self._full_at and len(self._full_at) >= self._most:
            self._forget(now)
        self._full_at[key] = max(self._full_at.get(key, now), now) + self._interval
        return 0.0

    def _forget(self, now: float) -> None:
        emptiest = sorted(self._full_at.items(), key=lambda each: each[1], reverse=True)
        self._full_at = {key: full_at for key, full_at in emptiest[: self._most * 9 // 10] if full_at > now}
