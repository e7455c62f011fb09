"""A file on its way in: sealed as it comes, under a temporary name, and nowhere in plain."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from services.casework.evidence.sealed_file import SealedRange, SealingWriter
from services.casework.evidence.storage import make_private
from services.chassis.security.data_keys import DataKeys


class Incoming:
    """Leaving the block deletes what was not handed on. ``dry_run``: it will be, in any case. Blocking."""

    def __init__(self, folder: Path, keys: DataKeys, *, dry_run: bool = False) -> None:
        self.id, self.dry_run = uuid4(), dry_run
        make_key = keys.keys_for_dry_run if dry_run else keys.keys_for
        self._key = make_key([self.id])[self.id]
        make_private(folder)
        handle, name = tempfile.mkstemp(prefix=f"{self.id.hex}.", dir=folder)  # mode 0600
        self.path = Path(name)
        self._file = os.fdopen(handle, "w+b")
        self._writer = SealingWriter(self._file, self.id, self._key)
        self.write = self._writer.write
        self.sha256 = ""
        """Of the sealed bytes, once it is whole."""

    @property
    def size(self) -> int:
        return self._writer.size

    def finish(self) -> SealedRange:
        """The file is whole and durable; its content, to look at."""
        self.sha256 = self._writer.finish()
        self._file.flush()
        os.fsync(self._file.fileno())
        return SealedRange(self._file, self.id, self._key, self.size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)
