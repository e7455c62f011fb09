"""Random nonces for sealing."""

import os
import threading

NONCE_BYTES = 12
AT_ONCE = 1024


class Nonces(threading.local):
    """Drawn by the thousand: asking the system gives up the interpreter lock, and getting it back takes
    longer than the sealing. Never the parent's in a forked process."""

    def __init__(self) -> None:
        self._left: list[bytes] = []
        self._process = 0

    def draw(self) -> bytes:
        process = os.getpid()
        if not self._left or self._process != process:
            drawn = os.urandom(NONCE_BYTES * AT_ONCE)
            self._left = [drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES)]
            self._process = process
        return self._left.pop()
