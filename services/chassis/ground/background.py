"""A thread that works beside the requests until it is asked to end."""

import threading
import time

import structlog

STOPS_WITHIN = 20.0
"""Seconds from being asked to end until a thread is left behind: a database that hangs answers neither it nor anybody. What it
had begun is not committed then, as after a kill."""


class Background(threading.Thread):
    """``_halt`` is set when it is to end; whatever it waits for, it waits with that."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._halt = threading.Event()
        self._asked: float | None = None

    def halt(self) -> None:
        """Ask it to end; ``stop`` waits until it has."""
        self._asked = self._asked or time.monotonic()
        self._halt.set()

    def stop(self) -> None:
        """However many were asked together, all of them are waited for only so long."""
        self.halt()
        assert self._asked is not None
        if self.is_alive():
            leave_behind(self, self._asked + STOPS_WITHIN - time.monotonic())


def leave_behind(thread: threading.Thread, seconds: float) -> bool:
    """Whether a thread that was asked to end has not, and is waited for no longer: it ends with the process."""
    thread.join(max(0.0, seconds))
    if thread.is_alive():
        structlog.get_logger("lika.background").warning("thread_left_behind", thread=thread.name)
    return thread.is_alive()
