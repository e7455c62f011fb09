"""The embedded PostgreSQL: starts anywhere, attaches to what a killed process left, keeps what was committed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from services.chassis.postgres.databases import DatabaseUnavailable
from services.chassis.postgres.embedded import LONGEST_SOCKET_FOLDER, EmbeddedPostgres

ROOT = Path(__file__).parents[3]
OTHER_PROCESS = """
import os, signal, sys
from pathlib import Path
from services.chassis.postgres.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}).start()
print(server.uri(), flush=True)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A short folder that the database's account can reach; pytest's own is closed and long."""
    folder = Path(tempfile.mkdtemp(prefix="lika-place-"))
    folder.chmod(0o755)
    yield folder
    for started in folder.rglob("postmaster.pid"):
        EmbeddedPostgres(started.parent.parent).start().stop()
    shutil.rmtree(folder)


def other_process(folder: Path, fate: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(folder), fate],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def run(uri: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(uri, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def answers(uri: str) -> bool:
    try:
        return run(uri, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def quick(folder: Path) -> EmbeddedPostgres:
    """Without waiting for the disk, where the test is not about what survives."""
    return EmbeddedPostgres(folder, settings={"fsync": "off"})


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_a_new_folder_becomes_a_durable_server_with_our_settings(place: Path) -> None:
    with EmbeddedPostgres(place / "new") as server:
        shown = {
            name: run(server.uri(), f"SHOW {name}")[0][0]
            for name in ("fsync", "synchronous_commit", "shared_buffers", "max_connections", "max_wal_size", "jit")
        }
        assert shown == {
            "fsync": "on",
            "synchronous_commit": "on",
            "shared_buffers": "256MB",
            "max_connections": "200",
            "max_wal_size": "2GB",
            "jit": "off",
        }
        assert (server.folder.stat().st_mode & 0o777, run(server.uri(), "SHOW listen_addresses")) == (0o700, [("",)])
    assert not answers(server.uri())


@pytest.mark.long_run
def test_the_server_that_outlived_a_killed_process_is_taken_over_with_its_data(place: Path) -> None:
    first = other_process(place / "pg", "killed")
    uri = first.communicate()[0].strip()
    assert first.returncode == -signal.SIGKILL
    run(uri, "CREATE TABLE public.kept AS SELECT 7 AS figure")

    with EmbeddedPostgres(place / "pg") as server:
        assert run(server.uri(), "SELECT figure FROM public.kept") == [(7,)]
    assert not answers(uri)


def test_without_its_password_the_server_is_not_started_and_no_other_is_made_up(place: Path) -> None:
    with quick(place / "pg") as server:
        password = server.keys / "postgres.pgpass"
    password.unlink()
    with pytest.raises(DatabaseUnavailable, match=r"(?s)密码文件.*Restore the folder of keys"):
        quick(place / "pg").start()
    assert not password.exists()


def test_a_killed_server_recovers_what_was_committed(place: Path) -> None:
    server = EmbeddedPostgres(place / "pg").start()
    run(server.uri(), "CREATE TABLE public.kept AS SELECT 7 AS figure")
    with psycopg.connect(server.uri()):
        os.kill(postmaster(server), signal.SIGKILL)
        with EmbeddedPostgres(place / "pg") as again:
            assert run(again.uri(), "SELECT figure FROM public.kept") == [(7,)]


@pytest.mark.long_run
def test_a_stale_pid_that_now_belongs_to_another_process_does_not_block_the_start(place: Path) -> None:
    with quick(place / "pg") as server:
        stale = (server.data / "postmaster.pid").read_text()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *stale.split("\n")[1:]]))
    with quick(place / "pg") as again:
        assert answers(again.uri())


@pytest.mark.long_run
def test_the_last_process_to_stop_takes_the_server_down(place: Path) -> None:
    server = quick(place / "pg").start()
    other = other_process(place / "pg", "waits")
    assert other.stdout is not None
    uri = other.stdout.readline().strip()
    server.stop()
    assert answers(uri)
    other.communicate()
    assert not answers(uri)


@pytest.mark.long_run
def test_processes_that_start_at_the_same_moment_share_one_server(place: Path) -> None:
    processes = [other_process(place / "pg", "waits") for _ in range(3)]
    uris = {process.stdout.readline().strip() for process in processes if process.stdout}
    assert len(uris) == 1
    assert answers(uris.pop())
    for process in processes:
        process.communicate()
        assert process.returncode == 0


@pytest.mark.long_run
def test_a_cluster_whose_creation_was_interrupted_is_created_again(place: Path) -> None:
    with quick(place / "pg") as server:
        pass
    server.data.rename(server.folder / "data.new")
    (server.folder / "data.new" / "PG_VERSION").unlink()
    with server:
        assert answers(server.uri())


@pytest.mark.long_run
def test_a_path_too_long_for_a_socket_gets_a_short_closed_socket_folder(place: Path) -> None:
    with quick(place / ("deep" * 25) / "pg") as server:
        socket = Path(str(psycopg.conninfo.conninfo_to_dict(server.uri())["host"]))
        assert answers(server.uri())
        assert len(str(socket)) <= LONGEST_SOCKET_FOLDER
        assert socket.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(socket)


@pytest.mark.long_run
def test_an_ordinary_user_needs_no_account_made(place: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(place, "nobody")
    # A fork, because an ordinary user may not be able to read root's own Python.
    child = os.fork()
    if child == 0:
        status = 1
        with contextlib.suppress(BaseException):
            if os.geteuid() == 0:
                os.setgroups([])
                os.setuid(place.stat().st_uid)
            with quick(place / "pg") as server:
                status = 0 if answers(server.uri()) else 2
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (place / "pg" / "data").stat().st_uid == place.stat().st_uid


def test_a_folder_behind_a_closed_door_is_refused_in_both_languages(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir()
    closed.chmod(0o700 if os.geteuid() == 0 else 0o500)
    with pytest.raises(DatabaseUnavailable) as refusal:
        quick(closed / "pg").start()
    assert str(closed) in refusal.value.message.zh
    assert str(closed) in refusal.value.message.en


def test_a_folder_with_other_files_is_not_taken(place: Path) -> None:
    (place / "thesis.docx").touch()
    with pytest.raises(DatabaseUnavailable, match="holds other files"):
        quick(place).start()
    assert place.stat().st_mode & 0o777 == 0o755


@pytest.mark.long_run
def test_a_cluster_of_another_major_version_is_named(place: Path) -> None:
    with quick(place / "pg") as server:
        pass
    (server.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL 16"):
        server.start()
