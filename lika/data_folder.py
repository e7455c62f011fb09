"""The data folder: one running house at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lika.messages import say
from services.chassis.ground.messages import ExplainedError

LOCK = "house.lock"


class DataFolderTaken(ExplainedError):
    """Another house runs on it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(say("data_folder_taken", folder=folder))


@contextmanager
def held_by_one_house(folder: Path) -> Iterator[None]:
    """Two houses on one folder would each believe that the evidence, keys and database in it are theirs alone. The lock goes
    with the process, however that ends. Raises ``DataFolderTaken``."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderTaken(folder) from None
        yield
