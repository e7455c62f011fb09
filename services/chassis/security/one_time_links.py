"""Links that give a person their tokens once: what is printed, mailed or read over a shoulder is worth nothing afterwards."""

import secrets
import threading
import time

VALID_SECONDS = 900.0
MOST_OPEN = 100

PATH = "/sign-in"
"""Address under which a link's page stands."""


class OneTimeLinks:
    """In memory: a link ends with the process, at the latest."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[tuple[str, ...], float]] = {}
        self._lock = threading.Lock()

    def issue(self, *tokens: str) -> str:
        """The code that stands at the end of the link, good once and for a quarter of an hour."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._open) >= MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[code] = tokens, time.monotonic() + VALID_SECONDS
        return code

    def redeem(self, code: str) -> tuple[str, ...]:
        """The tokens; none for a code that was used, has expired or never was."""
        with self._lock:
            tokens, until = self._open.pop(code, ((), 0.0))
        return tokens if time.monotonic() < until else ()
