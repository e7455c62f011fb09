"""The only place where time comes from. A log runs on the system's clock or on one that is stepped by command."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol

TICK = timedelta(microseconds=1)
"""The finest step of ``recorded_at``: it strictly increases, even on a clock that stands still or jumps back."""


class Clock(Protocol):
    """``now`` is an aware UTC instant; ``simulated`` is said in every answer."""

    @property
    def simulated(self) -> bool: ...

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    simulated = False

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock:
    """Stands still until it is stepped forward; never goes back."""

    simulated = True

    def __init__(self, starts_at: datetime) -> None:
        self._now = starts_at.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def step(self, to: datetime) -> None:
        """Move forward; an earlier instant leaves the clock where it is."""
        with self._lock:
            self._now = max(self._now, to.astimezone(UTC))
