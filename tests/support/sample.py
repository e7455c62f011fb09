"""The sample township, told once for all processes of a test run: its data to copy, and one house on such a copy for whoever
opens pages."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lika.data_folder import LOCK
from tests.support.databases import stop_abandoned
from tests.support.eventually import eventually
from tests.support.run_folder import one_at_a_time, run_folder

PREFIX, HOUSE_PREFIX = "lika-test-sample-", "lika-test-house-"
TOLD, PRINTED, HOUSE, STARTED = "told", "told.json", "house", "house.json"
LINK = re.compile(r"(http://\S+?)/sign-in/\S+")


@dataclass(frozen=True)
class ToldSample:
    """``data``: a data folder that no house runs on; ``printed``: by ``lika demo --json``."""

    data: Path
    printed: dict[str, Any]

    def copy_to(self, folder: Path) -> None:
        """A data folder of one's own, which may be written to, its files with their owners."""
        subprocess.run(["cp", "-a", self.data, folder], check=True)


def run_name() -> str:
    """The same for all workers of a run; short, for the paths of sockets."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]


@contextmanager
def told_sample(run: str) -> Iterator[ToldSample]:
    with run_folder(PREFIX, run, lambda folder: stop_abandoned(folder / TOLD / "postgres")) as folder:
        yield _told(folder)


@contextmanager
def shared_house(run: str) -> Iterator[tuple[str, str, Path]]:
    """A house on a copy of the sample, the same for every worker of the run that is in here: its address, its link, good once,
    and its data folder."""
    with told_sample(run) as told, run_folder(HOUSE_PREFIX, run, _end) as folder:
        with one_at_a_time(folder, "house"):
            if not (folder / STARTED).exists():
                folder.chmod(0o711)  # the database's own account passes through
                told.copy_to(folder / HOUSE)
                url, link, _ = start_house(folder / HOUSE, folder / "house.log")
                (folder / STARTED).write_text(json.dumps([url, link]))
        url, link = json.loads((folder / STARTED).read_text())
        yield url, link, folder / HOUSE


def start_house(data: Path, log: Path, *options: str) -> tuple[str, str, "subprocess.Popen[bytes]"]:
    """``lika up`` on a data folder that has the sample, which would only be told again; it outlives this process unless it is
    ended. Address, link, process."""
    environment = {**os.environ, "LIKA_DATA_DIR": str(data), "LIKA_OPERATIONS_PORT": "0", "COLUMNS": "200"}
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "lika.cli", "up", *(options or ("--port", "0"))]
    with log.open("wb") as errors:
        house = subprocess.Popen(command, cwd=data.parent, env=environment, stderr=errors, start_new_session=True)
    process_file(data).write_text(str(house.pid))

    def said() -> re.Match[str] | None:
        assert house.poll() is None, f"the house did not start:\n{log.read_text()}"
        return LINK.search(log.read_text())

    found = eventually(said, within=120)
    assert found is not None
    return found[1], found[0], house


def process_file(data: Path) -> Path:
    return data.with_name(f"{data.name}.pid")


def _told(folder: Path) -> ToldSample:
    with one_at_a_time(folder, TOLD):
        if not (folder / PRINTED).exists():
            folder.chmod(0o711)  # the database's own account passes through
            command = [sys.executable, "-m", "lika.cli", "demo", "--json", "--keep", str(folder / TOLD)]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            if ran.returncode:
                pytest.fail(f"the sample was not told:\n{ran.stderr[-4000:]}")
            (folder / PRINTED).write_text(ran.stdout, encoding="utf-8")
    return ToldSample(folder / TOLD, json.loads((folder / PRINTED).read_text(encoding="utf-8")))


def _end(folder: Path) -> None:
    """Its lock says that the house runs, and is let go of when it has ended: it may be another worker's child."""
    data = folder / HOUSE
    if (data / LOCK).exists():
        with (data / LOCK).open("rb") as lock:
            if not _is_free(lock.fileno()):
                os.kill(int(process_file(data).read_text()), signal.SIGTERM)
                eventually(lambda: _is_free(lock.fileno()), within=60)
    stop_abandoned(data / "postgres")


def _is_free(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
