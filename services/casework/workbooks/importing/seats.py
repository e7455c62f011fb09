"""How many files are read at once: a number of seats, of which an account has one at a time."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio

T = TypeVar("T")


class Seats:
    """Whoever finds none free waits."""

    def __init__(self, seats: int) -> None:
        self._limiter = anyio.CapacityLimiter(seats)
        self._locks: dict[str, anyio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    async def run(self, account: str, work: Callable[[], T]) -> T:
        """The result of blocking work, on a thread."""
        async with self._of(account):
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)

    @asynccontextmanager
    async def _of(self, account: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(account, anyio.Lock())
        self._waiting[account] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[account] -= 1
            if not self._waiting[account]:
                del self._waiting[account], self._locks[account]
