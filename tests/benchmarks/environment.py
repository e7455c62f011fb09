"""The environment of a benchmark run: one PostgreSQL with the product's settings, a folder, and child processes."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from contracts.roles import Role
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import LocalKey, issue_token
from tests.support.databases import Databases

EXIT_TIMEOUT = 30.0
"""Seconds for a child to exit once its input is closed."""


@dataclass
class BenchmarkEnvironment:
    """``full``: the large sizes. ``scale`` divides those, to try them out."""

    databases: Databases
    folder: Path
    full: bool = False
    scale: int = 1
    notes: list[str] = field(default_factory=list)
    """Printed after the figures, such as which broker ran."""

    @classmethod
    @contextmanager
    def open(cls, *, full: bool = False, scale: int = 1) -> Iterator[Self]:
        """Everything in it is deleted at the end."""
        with tempfile.TemporaryDirectory(prefix="lika-bench-") as folder, Databases() as databases:
            yield cls(databases, Path(folder), full, scale)

    @property
    def settings(self) -> Settings:
        """With one set of keys for all processes of the run."""
        return Settings(data_dir=self.folder, database_url=None)

    @contextmanager
    def fresh(self, *services: str) -> Iterator[tuple[str, ...]]:
        """Empty migrated databases; their connection strings."""
        with ExitStack() as stack:
            yield tuple(stack.enter_context(self.databases.fresh(service)) for service in services)


def bearer_token(settings: Settings, subject: str, role: Role) -> str:
    """A token for all divisions of the synthetic households, valid for twelve hours."""
    return issue_token(
        LocalKey.of(settings), subject=subject, roles=[role], division="99", ttl=timedelta(hours=12),
        now=SystemClock().now(),
    )  # fmt: skip


class ChildProcess:
    """A module run as a process of its own; parent and child exchange messages as lines of JSON."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._name, self._process = name, process
        self._stdin, self._stdout = process.stdin, process.stdout

    def send(self, **message: Any) -> None:
        self._stdin.write(json.dumps(message) + "\n")
        self._stdin.flush()

    def read_line(self) -> str:
        """Its next line of output. Raises ``RuntimeError`` when it has exited."""
        line = self._stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name} exited with {self._process.wait(EXIT_TIMEOUT)}")
        return line.strip()

    def request(self, **message: Any) -> Any:
        """Send a message; the answer to it."""
        self.send(**message)
        return json.loads(self.read_line())


@contextmanager
def child_process(module: str, *arguments: str, **message: Any) -> Iterator[ChildProcess]:
    """Start a module and send it a first message. It exits when its input is closed, also when this process dies."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        child = ChildProcess(" ".join((module, *arguments)), process)
        try:
            child.send(**message)
            yield child
        finally:
            assert process.stdin is not None
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(EXIT_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def server_process(module: str, *arguments: str, **message: Any) -> Iterator[str]:
    """Start a child that serves HTTP; its URL, once it listens."""
    with child_process(module, *arguments, **message) as child:
        yield child.read_line()


def run_child(module: str, *arguments: str, **message: Any) -> Mapping[str, Any]:
    """Start a child that answers one message; its answer."""
    with child_process(module, *arguments, **message) as child:
        answer: Mapping[str, Any] = json.loads(child.read_line())
        return answer


def read_message() -> Any:
    """In a child: the next message. Raises ``EOFError`` when the parent has closed the input."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return json.loads(line)


def messages() -> Iterator[Any]:
    """In a child: every message, until the parent closes the input."""
    while True:
        try:
            yield read_message()
        except EOFError:
            return


def answer(content: Any) -> None:
    """In a child: send the parent an answer."""
    write_line(json.dumps(content))


def write_line(line: str) -> None:
    """In a child: send the parent a line of plain text."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def wait_for_end() -> None:
    """In a child: until the parent closes the input."""
    sys.stdin.read()
