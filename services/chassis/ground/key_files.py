"""Secret keys in files: created once, readable by their owner only, durable before they are used."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from services.chassis.ground.messages import CHASSIS, ExplainedError

_OTHERS = 0o077


class KeyFileExposed(ExplainedError):
    """Group or others may read a key file; the operator must close it (``chmod 600``) and consider the key known."""


class KeyFileDamaged(ExplainedError):
    """A key file holds less, or more, than a key, or no text where there should be one: an installation that took it for its own
    would refuse the right one."""


def read_or_create(path: Path, make: Callable[[], bytes]) -> bytes:
    """The key in ``path``, made first when there is none. Two processes that start together get the same key.

    Raises ``KeyFileExposed`` when the file's mode lets anybody but its owner in.
    """
    if not path.exists():
        _create(path, make())
    return read_secret(path)


def read_secret(path: Path) -> bytes:
    """The key in ``path``. Raises ``KeyFileExposed``, or ``FileNotFoundError``."""
    if path.stat().st_mode & _OTHERS:
        raise KeyFileExposed(CHASSIS.say("key_file_exposed", file=path))
    return path.read_bytes()


def read_secret_text(path: Path) -> str:
    """The secret in a text file, such as a client's, without the line's end. Raises ``KeyFileDamaged`` where there is none, and
    as ``read_secret`` does."""
    try:
        text = read_secret(path).decode().strip()
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise KeyFileDamaged(CHASSIS.say("secret_file_unreadable", file=path))
    return text


def read_whole(path: Path, length: int) -> bytes:
    """The key of so many bytes in ``path``. Raises ``KeyFileDamaged``, and as ``read_secret`` does."""
    key = read_secret(path)
    if len(key) != length:
        raise KeyFileDamaged(CHASSIS.say("key_file_damaged", file=path, length=length, found=len(key)))
    return key


def _create(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, not a rename: it never replaces the key of a process that was faster.
            os.link(name, path)
        except FileExistsError:
            return
        # Data sealed under a key that a power cut takes away is lost for ever.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        os.unlink(name)
