"""Processes under test that are killed or stopped, and the record of every command sent to them and its answer."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Self

import psutil

from services.chassis.log.command_record import Outcome
from tests.faults import service_under_test
from tests.faults.service_under_test import ClockSetback, Command, Deployment

TIMEOUT = 60.0
"""Seconds; a test fails when its process neither answers nor dies within them."""

MAX_IN_FLIGHT = 8
"""Commands sent and not yet answered."""

POLL_INTERVAL = 0.05
"""Seconds to wait for an answer before the awaited condition is checked again."""

# Forked from a server that has imported everything once: a process starts in a tenth of a second.
FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["__main__", service_under_test.__name__])


class CommandTracker:
    """The commands sent and the answers received, of one process or of several."""

    def __init__(self, prefix: str = "command") -> None:
        self._prefix, self._numbers = prefix, count(1)
        self.pending: dict[str, Command] = {}
        self.acknowledged: dict[str, str] = {}
        self.retries = 0
        self.next_is_poison: Callable[[], bool] = bool
        """Whether the next command appends a fact that the reader's reaction fails on."""
        self.failed: list[str] = []

    def create(self) -> Command:
        command = Command(f"{self._prefix}-{next(self._numbers)}", self.next_is_poison())
        self.pending[command.key] = command
        return command

    def record_answer(self, key: str, outcome: Outcome | None, failure: str | None) -> None:
        """A failure is no answer: the command stays pending and is sent again."""
        if outcome is None:
            self.failed.append(str(failure))
            return
        assert outcome.status == 201, outcome
        assert outcome.location is not None
        known = self.acknowledged.setdefault(key, outcome.location)
        assert known == outcome.location, f"{key} got two different answers"
        self.pending.pop(key, None)


class ServiceProcess:
    """A service on its databases; it may be killed and started again any number of times."""

    def __init__(self, deployment: Deployment, commands: CommandTracker | None = None) -> None:
        self.deployment, self.commands = deployment, commands or CommandTracker()
        self.kills = 0
        self._sent: set[str] = set()
        self._process: ForkServerProcess | None = None
        self._pipe: Connection | None = None
        service_under_test.create_tables(deployment)

    def start(self, failpoints: str = "") -> Self:
        """Start a process. Commands that were sent to an earlier one and not answered are sent again by ``complete``."""
        self._pipe, child_end = FORKSERVER.Pipe()
        self._process = FORKSERVER.Process(
            target=service_under_test.run_service, args=(self.deployment, failpoints, child_end), daemon=True
        )
        self._process.start()
        child_end.close()
        return self

    def complete(self, more: int) -> bool:
        """Send commands until ``more`` have been answered; False when the process died meanwhile."""
        goal = len(self.commands.acknowledged) + more
        return self.run_until(lambda: len(self.commands.acknowledged) >= goal)

    def drain(self) -> bool:
        """Send nothing new, and wait for every pending answer; False when the process died meanwhile."""
        return self.run_until(lambda: not self.commands.pending, sending=False)

    def run_until(self, done: Callable[[], bool], *, sending: bool = True, within: float = TIMEOUT) -> bool:
        """Keep ``MAX_IN_FLIGHT`` commands in flight until ``done``; False when the process died meanwhile."""
        assert self._pipe is not None
        deadline = time.monotonic() + within
        try:
            while not done():
                assert time.monotonic() < deadline, f"not within {within:.0f} seconds"
                self._send(sending)
                if self._pipe.poll(POLL_INTERVAL):
                    key, outcome, failure = self._pipe.recv()
                    self._sent.discard(key)
                    self.commands.record_answer(key, outcome, failure)
        except (EOFError, ConnectionError):
            self._expect_exit(-signal.SIGKILL)
            return False
        return True

    def set_clock_back(self, setback: ClockSetback) -> None:
        assert self._pipe is not None
        self._pipe.send(setback)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._expect_exit(-signal.SIGKILL)

    def is_stopped(self) -> bool:
        assert self._process is not None
        return psutil.Process(self._process.pid).status() == psutil.STATUS_STOPPED

    def resume(self) -> None:
        """SIGCONT a stopped process."""
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def shut_down(self) -> None:
        """Let the process shut down, and record the answers that it still gives."""
        assert self._process is not None
        assert self._pipe is not None
        self._pipe.send(None)
        with contextlib.suppress(EOFError):
            while self._pipe.poll(TIMEOUT):
                self.commands.record_answer(*self._pipe.recv())
        self._expect_exit(0)

    def dispose(self) -> None:
        """Kill the process if it runs, at the end of a test."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _send(self, sending: bool) -> None:
        assert self._pipe is not None
        resent = [command for key, command in self.commands.pending.items() if key not in self._sent]
        self.commands.retries += len(resent)
        fresh = (
            [self.commands.create() for _ in range(MAX_IN_FLIGHT - len(self._sent) - len(resent))] if sending else []
        )
        for command in (*resent, *fresh):
            self._sent.add(command.key)
            self._pipe.send(command)

    def _expect_exit(self, exitcode: int) -> None:
        assert self._process is not None
        self._process.join(TIMEOUT)
        assert self._process.exitcode == exitcode, f"ended with {self._process.exitcode}"
        self.kills += exitcode == -signal.SIGKILL
        self._sent.clear()
        self._process = self._pipe = None
