"""Waiting for a condition that other threads bring about, without fixed pauses."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

POLL_INTERVAL = 0.01
"""Seconds between two checks."""


def eventually(condition: Callable[[], T], within: float = 15.0) -> T:
    """The condition's first true result. Fails after ``within`` seconds, which only a defect takes."""
    deadline = time.monotonic() + within
    pause = threading.Event()
    while not (result := condition()):
        assert time.monotonic() < deadline, f"still {result!r} after {within} seconds"
        pause.wait(POLL_INTERVAL)
    return result
