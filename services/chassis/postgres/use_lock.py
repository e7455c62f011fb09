"""A server in a folder that several processes share: one of them starts it at a time, and the last to leave takes it
down. Two lock files; the kernel frees them however a process ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class UseLock:
    """This process's part in it. ``entered``: whether it counts as a user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: IO[str] | None = None

    @property
    def entered(self) -> bool:
        return self._held is not None

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Alone, to start the server or attach to it; a user from then on."""
        with self._alone():
            yield
            held = open(self._folder / "use.lock", "w")  # noqa: SIM115 - held until it leaves
            fcntl.flock(held, fcntl.LOCK_SH)
            self._held = held

    @contextmanager
    def leaving(self) -> Iterator[bool]:
        """Alone, no longer a user; whether nobody else is one."""
        held, self._held = self._held, None
        if held is None:
            yield False
            return
        with self._alone(), held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def forget(self) -> None:
        """No longer a user of a server that was killed."""
        if self._held is not None:
            self._held.close()
            self._held = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self._folder / "start.lock", "w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            yield
