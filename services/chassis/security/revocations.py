"""Accounts whose tokens were revoked: what was issued to them before an instant is void from then on.

The installation records it as a fact; every service reads it from the registry's log, and here from its own database.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from services.chassis.ground.refreshed import Refreshed

LOOK_AGAIN_SECONDS = 2.0

VoidBefore = Mapping[str, datetime]
"""By account: tokens that were issued before are void."""


class Revocations:
    """One for all services of a process; whoever has them in a database hands in how to look there (blocking)."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._void: Refreshed[VoidBefore] | None = None

    def look_with(self, look: Callable[[], VoidBefore]) -> None:
        """The first who can tell is asked: in one process all tell the same."""
        if self._void is None:
            seconds = LOOK_AGAIN_SECONDS
            self._void = Refreshed(look, age=seconds, rest=seconds, ticks=self._ticks)

    async def is_void(self, account: str, issued: float | None) -> bool:
        """Whether a token is void that was issued to the account at that Unix time, or does not say when. Raises whatever
        looking raised, where nothing was seen yet."""
        if self._void is None:
            return False
        before = (await self._void.get()).get(account)
        return before is not None and (issued is None or issued < before.timestamp())
