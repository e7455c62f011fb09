"""The account that a database process runs as. PostgreSQL refuses root, so root gets it an account of its own."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ACCOUNT_NAME = "pgserver"


@dataclass(frozen=True, slots=True)
class OsAccount:
    """``name`` and ``group`` are ``None`` when we are an ordinary user and simply stay ourselves."""

    uid: int
    name: str | None = None
    group: str | None = None

    @classmethod
    def suitable(cls) -> Self:
        """Ourselves, or for root the account ``pgserver``, made if missing. Raises ``LookupError``."""
        if os.geteuid() != 0:
            return cls(os.geteuid())
        import grp
        import pwd

        try:
            entry = pwd.getpwnam(ACCOUNT_NAME)
        except KeyError:
            make = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
            # Another process may make it at the same moment: whatever the outcome, look again.
            subprocess.run(make, check=False, capture_output=True)
            entry = pwd.getpwnam(ACCOUNT_NAME)
        return cls(entry.pw_uid, entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name)

    @property
    def process(self) -> dict[str, Any]:
        """Arguments of ``subprocess.run`` for a process of this account."""
        return {"user": self.name, "group": self.group, "extra_groups": []} if self.name else {}

    def own(self, path: Path) -> None:
        """Give the file to the account. Raises ``OSError``."""
        if self.name:
            shutil.chown(path, self.name, self.group)

    def barrier(self, target: Path) -> Path | None:
        """The first folder on the way to ``target`` that the account cannot enter; asked as that account, so that
        access lists count too."""
        if self._enters(target):
            return None
        return next(folder for folder in (*reversed(target.parents), target) if not self._enters(folder))

    def _enters(self, folder: Path) -> bool:
        command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        return subprocess.run(command, cwd="/", check=False, capture_output=True, **self.process).returncode == 0
