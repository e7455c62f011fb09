"""A file system small enough for a test to fill it."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

import pytest

MEGABYTES = 300
CHUNK = bytes(65536)


@contextmanager
def small_disk() -> Iterator[Path]:
    """An empty file system of its own: ``LIKA_SMALL_DISK`` where it is set, else a tmpfs that root mounts (or sudo, where
    it asks for no password). Fails, never skips, where neither can be had."""
    if given := os.environ.get("LIKA_SMALL_DISK"):
        with tempfile.TemporaryDirectory(prefix="lika-", dir=given) as folder:
            yield Path(folder)
        return
    with tempfile.TemporaryDirectory(prefix="lika-small-disk-") as folder:
        options = f"size={MEGABYTES}m,mode=711,uid={os.geteuid()},gid={os.getegid()}"
        _as_root("mount", "-t", "tmpfs", "-o", options, "lika-small-disk", folder)
        try:
            yield Path(folder)
        finally:
            _as_root("umount", "--lazy", folder)


def _as_root(*command: str) -> None:
    prefix: Sequence[str] = () if os.geteuid() == 0 else ("sudo", "--non-interactive")
    try:
        done = subprocess.run([*prefix, *command], check=False, capture_output=True, text=True)
        message, failed = done.stderr, done.returncode != 0
    except OSError as missing:
        message, failed = str(missing), True
    if failed:
        pytest.fail(
            f"{' '.join(command)}: {message.strip()}\nA disk that can be filled is needed: allow mounting, or name an empty"
            f" file system of about {MEGABYTES} MB in LIKA_SMALL_DISK (docker run --tmpfs /small:size={MEGABYTES}m)."
        )


def _write_until_full(file: FileIO, chunk: bytes) -> None:
    while file.write(chunk):
        continue


class Ballast:
    """A file that takes up all free space."""

    def __init__(self, disk: Path) -> None:
        self._path = disk / "ballast"

    def fill(self) -> None:
        """Take all free space, to the last byte."""
        with open(self._path, "ab", buffering=0) as file:
            for size in (len(CHUNK), 4096, 1):
                with pytest.raises(OSError, match="No space left on device"):
                    _write_until_full(file, CHUNK[:size])

    def remove(self) -> None:
        self._path.unlink()
