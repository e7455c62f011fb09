"""Where sealed files lie: a folder of this machine, or an S3-compatible store by setting. Both hold sealed bytes alone."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from services.casework.evidence.sealed_file import Readable


class FileLost(LookupError):
    """The storage has no such file."""


class StorageUnavailable(Exception):
    """The storage cannot be reached."""


class SealedStorage(Protocol):
    """Sealed files by the evidence's id, written once and never changed. Blocking and threadsafe; everything raises
    ``StorageUnavailable``."""

    def keep(self, evidence_id: UUID, sealed: Path) -> None:
        """Take over a file that is whole and durable where it lies. When this returns, it is durable here."""
        ...

    def open(self, evidence_id: UUID) -> "OpenFile":
        """From its first byte. Raises ``FileLost``."""
        ...

    def delete(self, evidence_id: UUID) -> None:
        """Nothing happens where there is none."""
        ...

    def older_than(self, instant: datetime) -> Iterator[UUID]:
        """Ids of files kept before that instant."""
        ...


class OpenFile(Readable, Protocol):
    def close(self) -> None: ...


class FolderStorage:
    """Files in a folder (0700), fanned out over two levels of 256, each 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, evidence_id: UUID, sealed: Path) -> None:
        place = self._path(evidence_id)
        try:
            make_private(place.parent)
            os.replace(sealed, place)
            for folder in (place.parent, place.parent.parent, self._folder):
                _sync(folder)
        except OSError as error:
            raise StorageUnavailable from error

    def open(self, evidence_id: UUID) -> BinaryIO:
        try:
            return self._path(evidence_id).open("rb")
        except FileNotFoundError as error:
            raise FileLost(evidence_id) from error
        except OSError as error:
            raise StorageUnavailable from error

    def delete(self, evidence_id: UUID) -> None:
        try:
            self._path(evidence_id).unlink(missing_ok=True)
        except OSError as error:
            raise StorageUnavailable from error

    def older_than(self, instant: datetime) -> Iterator[UUID]:
        for path in self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < instant:
                yield UUID(path.name)

    def _path(self, evidence_id: UUID) -> Path:
        name = evidence_id.hex
        return self._folder / name[:2] / name[2:4] / name


def make_private(folder: Path) -> None:
    """Make a folder that its owner alone may enter, and those above it that are missing."""
    if not folder.parent.exists():
        make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _sync(folder: Path) -> None:
    """A new name is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
