"""Where the tests keep databases and houses."""

import contextlib
import shutil
import tempfile
from pathlib import Path

IN_MEMORY, ROOM = Path("/dev/shm"), 8 * 2**30
"""Where Linux keeps shared memory as files; bytes that a run of several workers never comes near."""


def temporary() -> Path:
    """In memory where there is room, else the machine's own. A database is seven hundred files: where they are made and deleted
    without end, ext4 passes over each inode that was freed in the last seconds, for a third of the server's time."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(IN_MEMORY).free >= ROOM:
            return IN_MEMORY
    return Path(tempfile.gettempdir())
