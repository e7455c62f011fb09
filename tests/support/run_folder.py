"""Folders that all processes of a test run share: the last one to leave deletes them, or a later run where all were killed."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.temporary import temporary


@contextmanager
def run_folder(prefix: str, name: str, end: Callable[[Path], None]) -> Iterator[Path]:
    """The folder of that name, made by the first that asks. ``end``: stops whatever still runs in it before it is deleted."""
    place = temporary()
    folder = place / f"{prefix}{name}"
    with _exclusive(place, prefix):
        _delete_unused(place, prefix, end)
        folder.mkdir(exist_ok=True)
        held = open(folder / "held.lock", "w")  # noqa: SIM115 - held as long as the folder is used
        fcntl.flock(held, fcntl.LOCK_SH)
    try:
        yield folder
    finally:
        held.close()
        with _exclusive(place, prefix):
            _delete_unused(place, prefix, end)


@contextmanager
def one_at_a_time(folder: Path, what: str) -> Iterator[None]:
    """Among the processes of the run: who comes first makes it, the others find it made."""
    with open(folder / f"{what}.lock", "w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        yield


@contextmanager
def _exclusive(place: Path, prefix: str) -> Iterator[None]:
    with open(place / f"{prefix}claims", "w") as claiming:
        fcntl.flock(claiming, fcntl.LOCK_EX)
        yield


def _delete_unused(place: Path, prefix: str, end: Callable[[Path], None]) -> None:
    for folder in place.glob(f"{prefix}*/"):
        with open(folder / "held.lock", "a") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            end(folder)
            shutil.rmtree(folder)
