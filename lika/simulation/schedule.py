"""Discrete-event scheduling: processes that continue on the days they ask for."""

from collections.abc import Generator
from datetime import date
from heapq import heappop, heappush

Process = Generator[date, None, None]
"""A simulated process: it yields the day on which it is to be resumed."""


class Schedule:
    """The processes of one household or office. On one day they run in the order in which they were added."""

    __slots__ = ("_added", "_queue")

    def __init__(self) -> None:
        self._added = 0
        self._queue: list[tuple[date, int, Process]] = []

    @property
    def next_day(self) -> date | None:
        """The day of the earliest process; ``None`` when there is none."""
        return self._queue[0][0] if self._queue else None

    def add(self, process: Process, day: date) -> None:
        """Start a process on that day."""
        self._added += 1
        heappush(self._queue, (day, self._added, process))

    def run_until(self, last_day: date) -> None:
        """Resume everything that is due by that day, in the order of days."""
        while self._queue and self._queue[0][0] <= last_day:
            _, number, process = heappop(self._queue)
            next_day = next(process, None)
            if next_day is not None:
                heappush(self._queue, (next_day, number, process))

    def clear(self) -> None:
        self._queue.clear()
