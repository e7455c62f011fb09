"""Folders that all processes of a test run share: the last one to leave deletes them, or a later run where all were killed."""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def run_folder(prefix: str, name: str, end: Callable[[Path], None]) -> Iterator[Path]:
    """The folder of that name, made by the first that asks. ``end``: stops whatever still runs in it before it is deleted."""
    temporary = Path(tempfile.gettempdir())
    folder = temporary / f"{prefix}{name}"
    with _exclusive(temporary, prefix):
        _delete_unused(temporary, prefix, end)
        folder.mkdir(exist_ok=True)
        held = open(folder / "held.lock", "w")  # noqa: SIM115 - held as long as the folder is used
        fcntl.flock(held, fcntl.LOCK_SH)
    try:
        yield folder
    finally:
        held.close()
        with _exclusive(temporary, prefix):
            _delete_unused(temporary, prefix, end)


@contextmanager
def one_at_a_time(folder: Path, what: str) -> Iterator[None]:
    """Among the processes of the run: who comes first makes it, the others find it made."""
    with open(folder / f"{what}.lock", "w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        yield


@contextmanager
def _exclusive(temporary: Path, prefix: str) -> Iterator[None]:
    with open(temporary / f"{prefix}claims", "w") as claiming:
        fcntl.flock(claiming, fcntl.LOCK_EX)
        yield


def _delete_unused(temporary: Path, prefix: str, end: Callable[[Path], None]) -> None:
    for folder in temporary.glob(f"{prefix}*/"):
        with open(folder / "held.lock", "a") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            end(folder)
            shutil.rmtree(folder)
