"""How to look: counting without reading everything, and telling what stands from what moves."""

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lika.operations.installation import Premises

COUNTED_WHOLE = 200_000
"""Entries that are always counted one by one; that takes a fraction of a second."""

WINDOW = 1_000
WINDOWS = 40
"""Of a longer log, that many stretches are counted, the first and the last among them, at one index scan each."""

PATIENCE = 3.0
"""Seconds within which whatever is alive moves."""

LOOK = 0.05

T = TypeVar("T")


def counted(house: Premises, name: str, source: str, top: int, *params: object) -> tuple[int, int]:
    """Of positions 1 to ``top``: how many were looked for, and how many are there. ``source``: a table and its
    condition, such as ``copies WHERE log = %s``; its positions are unique, so the right number means no gap."""
    if house.thorough or top <= COUNTED_WHOLE:
        asked = f"SELECT count(*) FROM {source} AND notification_id BETWEEN 1 AND %s"  # noqa: S608 - our own table names
        ((found,),) = house.ask(name, asked, *params, top)
        return top, found
    last = top - WINDOW + 1
    starts = sorted({1, last, *random.sample(range(1, last), WINDOWS - 2)})
    # The counting of each stretch is a query of its own, so that the index alone is read.
    asked = (
        "SELECT sum(present) FROM unnest(%s::bigint[]) AS stretch (start), LATERAL (SELECT count(*) AS present"
        f" FROM {source} AND notification_id >= start AND notification_id < start + {WINDOW}) AS counting"  # noqa: S608
    )
    ((found,),) = house.ask(name, asked, starts, *params)
    return len(starts) * WINDOW, int(found)


def stands_still(look: Callable[[], T]) -> bool:
    """Whether ``look`` gives the same answer for ``PATIENCE`` seconds."""
    first = look()
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while time.monotonic() < deadline:
        pause.wait(LOOK)
        if look() != first:
            return False
    return True
