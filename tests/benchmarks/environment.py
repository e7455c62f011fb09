"""The ground on which contests are held: one PostgreSQL with the product's settings, a folder, and child processes."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from services.chassis.ground.settings import Settings
from tests.support.databases import Databases

PATIENCE = 30.0
"""Seconds for a child to end by itself once it is told to."""


@dataclass
class Ground:
    """``full``: the large sizes. ``scale`` divides those, to try them out."""

    databases: Databases
    folder: Path
    full: bool = False
    scale: int = 1
    kept: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What is to be told beside the figures, such as which broker ran."""

    @classmethod
    @contextmanager
    def opened(cls, *, full: bool = False, scale: int = 1) -> Iterator[Self]:
        """Gone, with everything on it, at the end."""
        with tempfile.TemporaryDirectory(prefix="lika-bench-") as folder, Databases() as databases:
            yield cls(databases, Path(folder), full, scale)

    @property
    def settings(self) -> Settings:
        """With one set of keys for all processes of the run."""
        return Settings(data_dir=self.folder, database_url=None)

    def uri(self, database: str) -> str:
        return self.databases.server.uri(database)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What several contests need, made for the first of them."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    @contextmanager
    def fresh(self, *services: str) -> Iterator[tuple[str, ...]]:
        """Empty migrated databases; their connection strings."""
        with ExitStack() as stack:
            yield tuple(stack.enter_context(self.databases.fresh(service)) for service in services)


class Partner:
    """A module of this package as a process of its own, which is told and answers by lines of JSON."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._name, self._process = name, process
        self._ear, self._mouth = process.stdin, process.stdout

    def say(self, **told: Any) -> None:
        self._ear.write(json.dumps(told) + "\n")
        self._ear.flush()

    def hear(self) -> str:
        """Its next line. Raises ``RuntimeError`` when it has ended."""
        line = self._mouth.readline()
        if not line:
            raise RuntimeError(f"{self._name} ended with {self._process.wait(PATIENCE)}")
        return line.strip()

    def ask(self, **told: Any) -> Any:
        self.say(**told)
        return json.loads(self.hear())


@contextmanager
def partner(module: str, *arguments: str, **told: Any) -> Iterator[Partner]:
    """Started, and told this as its first line. It ends when its input does, so also when this process dies."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        started = Partner(" ".join((module, *arguments)), process)
        try:
            started.say(**told)
            yield started
        finally:
            assert process.stdin is not None
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def child(module: str, *arguments: str, **told: Any) -> Iterator[str]:
    """A partner of whom only the first line is of interest, once it stands there."""
    with partner(module, *arguments, **told) as started:
        yield started.hear()


def told() -> Any:
    """In a child: what it was told, next. Raises ``EOFError`` when the parent lets go."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return json.loads(line)


def answer(content: Any) -> None:
    """In a child: what the parent hears."""
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def questions() -> Iterator[Any]:
    """In a child: everything it is told, until the parent lets go."""
    while True:
        try:
            yield told()
        except EOFError:
            return


def ready(line: str) -> None:
    """In a child: say it and stay until the parent lets go."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def asked(module: str, *arguments: str, **said: Any) -> Mapping[str, Any]:
    """A child that does one thing; its answer."""
    with child(module, *arguments, **said) as answer:
        found: Mapping[str, Any] = json.loads(answer)
        return found
