"""Large bodies take memory of their own: so many at once for a service, and so many for one account."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.ground.limits import Limits
from services.chassis.ground.refusals import Unavailable, rule

TOO_MANY_UPLOADS = rule(
    "too_many_uploads",
    zh="您的账户同时提交的大文件过多，请等前一个完成后再试。",
    en="Your account sends too many large bodies at once; wait until one of them is done.",
    source="RFC 6585 §4",
    status=429,
)
UPLOADS_BUSY = rule(
    "uploads_busy",
    zh="正在接收的大文件过多，请稍后再试。",
    en="Too many large bodies are being received; try again shortly.",
    source="Lika interface rules",
    status=503,
)
RETRY_AFTER = 5
"""Seconds; a file of some megabytes has been taken in by then."""


class UploadSlots:
    """Of one service in one process; used by its event loop alone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._of: Counter[str] = Counter()

    @contextmanager
    def one(self, account: str) -> Iterator[None]:
        """While a large body is received and worked on. Raises ``Unavailable`` (429, or 503 for all together)."""
        if self._of[account] >= self._limits.uploads_per_account:
            raise Unavailable(TOO_MANY_UPLOADS, retry_after=RETRY_AFTER, limit=self._limits.uploads_per_account)
        if self._of.total() >= self._limits.uploads:
            raise Unavailable(UPLOADS_BUSY, retry_after=RETRY_AFTER, limit=self._limits.uploads)
        self._of[account] += 1
        try:
            yield
        finally:
            self._of[account] -= 1
            if not self._of[account]:
                del self._of[account]
