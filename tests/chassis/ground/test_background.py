"""Threads that are asked to end, and one that cannot."""

import threading

import pytest

from services.chassis.ground import background
from services.chassis.ground.background import Background


class Hanging(Background):
    """As one whose database answers no more: it does not see that it is to end."""

    def __init__(self) -> None:
        super().__init__("hanging")
        self.released = threading.Event()

    def run(self) -> None:
        self.released.wait()


def test_one_that_does_not_end_is_left_behind_and_all_together_are_waited_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(background, "STOPS_WITHIN", 0.05)
    threads = [Hanging() for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.halt()
    for thread in threads:
        thread.stop()
    assert all(thread.is_alive() for thread in threads)  # and the test goes on
    for thread in threads:
        thread.released.set()
        thread.join()


def test_one_that_never_began_is_stopped_at_once() -> None:
    Hanging().stop()
