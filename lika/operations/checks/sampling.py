"""How to look: counting without reading everything, and telling what is stalled from what moves."""

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lika.operations.installation import Installation

FULL_COUNT_LIMIT = 200_000
"""Entries that are always counted one by one; that takes a fraction of a second."""

WINDOW_SIZE = 1_000
WINDOW_COUNT = 40
"""Of a longer log, that many windows are counted, the first and the last among them, at one index scan each."""

STALL_SECONDS = 3.0
"""Within which whatever is alive moves."""

POLL_SECONDS = 0.05

T = TypeVar("T")


def count_present(installation: Installation, name: str, source: str, highest: int, *params: object) -> tuple[int, int]:
    """Of positions 1 to ``highest``: how many were looked for, and how many are there. ``source``: a table and its
    condition, such as ``copies WHERE log = %s``; its positions are unique, so the right number means no gap."""
    if installation.thorough or highest <= FULL_COUNT_LIMIT:
        sql = f"SELECT count(*) FROM {source} AND notification_id BETWEEN 1 AND %s"  # noqa: S608 - our own table names
        ((found,),) = installation.query(name, sql, *params, highest)
        return highest, found
    last = highest - WINDOW_SIZE + 1
    starts = sorted({1, last, *random.sample(range(1, last), WINDOW_COUNT - 2)})
    # The counting of each window is a query of its own, so that the index alone is read.
    sql = (
        "SELECT sum(present) FROM unnest(%s::bigint[]) AS windows (start), LATERAL (SELECT count(*) AS present"
        f" FROM {source} AND notification_id >= start AND notification_id < start + {WINDOW_SIZE}) AS counting"  # noqa: S608
    )
    ((found,),) = installation.query(name, sql, starts, *params)
    return len(starts) * WINDOW_SIZE, int(found)


def is_stalled(probe: Callable[[], T]) -> bool:
    """Whether ``probe`` gives the same answer for ``STALL_SECONDS``."""
    first = probe()
    deadline = time.monotonic() + STALL_SECONDS
    pause = threading.Event()
    while time.monotonic() < deadline:
        pause.wait(POLL_SECONDS)
        if probe() != first:
            return False
    return True
