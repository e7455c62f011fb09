"""What takes memory or time of its own: so many at once for a service, and so many for one account."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.ground.refusals import Rule, Unavailable

RETRY_AFTER = 5
"""Seconds; what holds a slot is mostly done by then."""


class Slots:
    """Of one service in one process; used by its event loop alone."""

    def __init__(self, per_account: int, in_all: int, too_many: Rule, busy: Rule) -> None:
        self._per_account, self._in_all, self._too_many, self._busy = per_account, in_all, too_many, busy
        self._of: Counter[str] = Counter()

    @contextmanager
    def one(self, account: str) -> Iterator[None]:
        """While it lasts. Raises ``Unavailable``: ``too_many`` of this account, or ``busy`` with those of all together."""
        if self._of[account] >= self._per_account:
            raise Unavailable(self._too_many, retry_after=RETRY_AFTER, limit=self._per_account)
        if self._of.total() >= self._in_all:
            raise Unavailable(self._busy, retry_after=RETRY_AFTER, limit=self._in_all)
        self._of[account] += 1
        try:
            yield
        finally:
            self._of[account] -= 1
            if not self._of[account]:
                del self._of[account]
