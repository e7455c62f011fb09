"""Named places between two steps, where the tests of faults kill or stop the process that comes by.

Outside those tests ``reach`` looks into an empty table and returns.
"""

import os
import signal
import threading
from collections.abc import Mapping

POINTS = frozenset(
    f"{act}.{step}"
    for act, steps in {
        "append": ("drained", "locked", "decided", "committed"),
        "consume": ("read", "moved", "applied", "committed"),
        "timer": ("found", "fired", "marked"),
        "relay": ("read", "sent", "acknowledged"),
        "rebuild": ("created", "filled", "caught_up", "compared", "swapped"),
    }.items()
    for step in steps
)
"""Every place there is, so that a test can go through all of them and none is misspelt."""

SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class Failpoints:
    """``LIKA_FAILPOINTS="append.decided=kill:3"``: the third to come by is killed (``stop``: stands still)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._left: dict[str, list[int]] = {}
        self._counting = threading.Lock()
        self.arm(environment.get("LIKA_FAILPOINTS", ""))

    def arm(self, orders: str) -> None:
        """Take up orders as written above. Raises ``ValueError`` for a place or an act that does not exist."""
        for part in filter(None, orders.split(",")):
            point, _, order = part.partition("=")
            what, _, visit = order.partition(":")
            if point not in POINTS or what not in SIGNALS:
                raise ValueError(f"no such failpoint: {part}")
            self._left[point] = [int(visit or 1), SIGNALS[what]]

    def reach(self, point: str) -> None:
        if not self._left or (armed := self._left.get(point)) is None:
            return
        with self._counting:
            armed[0] -= 1
            due = armed[0] == 0
        if due:
            os.kill(os.getpid(), armed[1])


FAILPOINTS = Failpoints(os.environ)
reach = FAILPOINTS.reach
