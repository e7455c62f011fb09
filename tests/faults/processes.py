"""The offices of a test: processes that die or stand still, and those who send them errands and remember every answer."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import psutil

from services.chassis.log.command_record import Outcome
from tests.faults import service_under_test as office
from tests.faults.service_under_test import Errand, Premises, Setback

PATIENCE = 60.0
"""Seconds after which a process that neither answers nor dies is a failed test."""

WINDOW = 8
"""Errands under way at a time."""

LOOK = 0.05
"""Seconds to wait for an answer before looking whether anything else has come about."""

# Forked from a server that has imported everything once: a life begins in a tenth of a second.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["__main__", office.__name__])


class Errands:
    """What was asked and what was answered, whichever process it was sent to."""

    def __init__(self, who: str = "errand") -> None:
        self._who, self._numbers = who, count(1)
        self.waiting: dict[str, Errand] = {}
        self.acknowledged: dict[str, str] = {}
        self.repeated = 0
        self.sick: Callable[[], bool] = bool
        """Whether the next errand yields what the reader cannot digest."""
        self.failed: list[str] = []

    def another(self) -> Errand:
        errand = Errand(f"{self._who}-{next(self._numbers)}", self.sick())
        self.waiting[errand.key] = errand
        return errand

    def answered(self, key: str, outcome: Outcome | None, failure: str | None) -> None:
        """Take note of an answer. A failure is none: the errand stays open and is sent again."""
        if outcome is None:
            self.failed.append(str(failure))
            return
        assert outcome.status == 201, outcome
        assert outcome.location is not None
        known = self.acknowledged.setdefault(key, outcome.location)
        assert known == outcome.location, f"{key} was answered in two ways"
        self.waiting.pop(key, None)


class Office:
    """One process after the other on the same databases."""

    def __init__(self, premises: Premises, errands: Errands | None = None) -> None:
        self.premises, self.errands = premises, errands or Errands()
        self.kills = 0
        self._sent: set[str] = set()
        self._process: ForkServerProcess | None = None
        self._line: Connection | None = None
        office.furnish(premises)

    def start(self, orders: str = "") -> "Office":
        """Begin a life; what was asked in an earlier one and not answered is asked again by ``carry_out``."""
        self._line, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=office.work, args=(self.premises, orders, theirs), daemon=True)
        self._process.start()
        theirs.close()
        return self

    def carry_out(self, more: int) -> bool:
        """Go on asking until ``more`` errands have been answered; False when the process died meanwhile."""
        goal = len(self.errands.acknowledged) + more
        return self.busy_until(lambda: len(self.errands.acknowledged) >= goal)

    def finish(self) -> bool:
        """Ask nothing new, and wait for every answer that is still open."""
        return self.busy_until(lambda: not self.errands.waiting, asking=False)

    def busy_until(self, done: Callable[[], bool], *, asking: bool = True, within: float = PATIENCE) -> bool:
        """Keep the window of errands full until ``done``; False when the process died meanwhile."""
        assert self._line is not None
        deadline = time.monotonic() + within
        try:
            while not done():
                assert time.monotonic() < deadline, f"neither answers nor death in {within:.0f} seconds"
                self._ask(asking)
                if self._line.poll(LOOK):
                    key, outcome, failure = self._line.recv()
                    self._sent.discard(key)
                    self.errands.answered(key, outcome, failure)
        except (EOFError, ConnectionError):
            self._ended(-signal.SIGKILL)
            return False
        return True

    def set_clock_back(self, setback: Setback) -> None:
        assert self._line is not None
        self._line.send(setback)

    def kill(self) -> None:
        """SIGKILL, wherever it is just now."""
        assert self._process is not None
        self._process.kill()
        self._ended(-signal.SIGKILL)

    def stands_still(self) -> bool:
        assert self._process is not None
        return psutil.Process(self._process.pid).status() == psutil.STATUS_STOPPED

    def wake(self) -> None:
        """SIGCONT to a process that stood still."""
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def close(self) -> None:
        """Ask the process to end by itself, and hear what it still answers."""
        assert self._process is not None
        assert self._line is not None
        self._line.send(None)
        with contextlib.suppress(EOFError):
            while self._line.poll(PATIENCE):
                self.errands.answered(*self._line.recv())
        self._ended(0)

    def abandon(self) -> None:
        """End of a test, however it went."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _ask(self, asking: bool) -> None:
        assert self._line is not None
        again = [e for key, e in self.errands.waiting.items() if key not in self._sent]
        self.errands.repeated += len(again)
        fresh = [self.errands.another() for _ in range(WINDOW - len(self._sent) - len(again))] if asking else []
        for errand in (*again, *fresh):
            self._sent.add(errand.key)
            self._line.send(errand)

    def _ended(self, exitcode: int) -> None:
        assert self._process is not None
        self._process.join(PATIENCE)
        assert self._process.exitcode == exitcode, f"ended with {self._process.exitcode}"
        self.kills += exitcode == -signal.SIGKILL
        self._sent.clear()
        self._process = self._line = None
