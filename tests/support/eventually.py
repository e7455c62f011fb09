"""Waiting for something that other threads bring about, without guessing how long they take."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK = 0.01
"""Seconds between two looks."""


def eventually(condition: Callable[[], T], within: float = 15.0) -> T:
    """The condition's first answer that is true. Fails after ``within`` seconds, which only a broken product takes."""
    deadline = time.monotonic() + within
    pause = threading.Event()
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"still {answer!r} after {within} seconds"
        pause.wait(LOOK)
    return answer
