"""Logs and copies are what they were: what was found meanwhile, and everything compared at once."""

from datetime import timedelta

import psycopg
import pytest

from lika.operations.checks import integrity
from lika.operations.finding import State
from lika.operations.installation import Installation
from services.chassis.following.copies import store_copies
from services.chassis.integrity.comparing import Copied
from services.chassis.integrity.writing import write_own, write_published
from services.chassis.log.entries import COLUMNS, Entry
from tests.lika.operations.conftest import Alter, entries
from tests.support.silent_edits import edit_silently


@pytest.fixture
def compared(installation: Installation, alter: Alter) -> Installation:
    """The registry has twelve entries; audit and assistance copied ten of them, digests are written down of eight."""
    assert installation.conninfo is not None
    alter("registry", entries(1, 8))
    log = Copied("registry", integrity._Database(installation.connection("registry"), "registry"))
    with psycopg.connect(installation.conninfo("registry"), autocommit=True) as conn:
        write_own(conn, "registry")
    alter("registry", entries(9, 12))
    for reader in ("audit", "assistance"):
        with psycopg.connect(installation.conninfo(reader), autocommit=True) as conn:
            rows = installation.query("registry", f"SELECT {COLUMNS} FROM log WHERE notification_id <= 10")
            store_copies(conn.cursor(), "registry", [Entry(*row) for row in rows])
            conn.execute("INSERT INTO cursors VALUES (%s, 'registry', 10)", (reader,))
            write_published(conn, log, 10)
    return installation


def forge(installation: Installation, name: str, table: str, position: int = 3) -> None:
    assert installation.conninfo is not None
    forged = f"UPDATE {table} SET state = '{{\"forged\":1}}' WHERE notification_id = {position}"
    edit_silently(installation.conninfo(name), forged)


def test_a_sound_house_is_sound_also_when_everything_is_compared(compared: Installation) -> None:
    for thorough in (False, True):
        compared.thorough = thorough
        assert [integrity.integrity(compared, name).state for name in ("registry", "audit", "assistance")] == [
            State.OK
        ] * 3


def test_a_forged_log_is_named_by_who_keeps_a_copy(compared: Installation) -> None:
    """Trigger off, update, trigger on."""
    forge(compared, "registry", "log")
    compared.thorough = True
    own, audit, assistance = (integrity.integrity(compared, n) for n in ("registry", "audit", "assistance"))
    assert [f.state for f in (own, audit, assistance)] == [State.BROKEN] * 3
    assert "registry 3 (altered: the log or the digests beside it)" in own.en
    assert "registry 3 (altered: the log)" in audit.en
    assert "registry 3 (altered: the log)" in assistance.en
    assert "put the original rows back" in audit.remedy_en


def test_a_forged_copy_is_named(compared: Installation) -> None:
    forge(compared, "audit", "copies")
    compared.thorough = True
    assert "registry 3 (altered: the copy)" in integrity.integrity(compared, "audit").en
    assert integrity.integrity(compared, "registry").state is State.OK


@pytest.mark.parametrize(
    ("altered", "published", "said"),
    [
        ("registry", False, "the log or the copy, undecided"),
        ("audit", False, "the log or the copy, undecided"),
        # What the producer wrote down before shows that its log was altered since.
        ("registry", True, "the log"),
        ("audit", True, "the log or the copy, undecided"),
    ],
)
def test_an_entry_without_a_digest_here_is_compared_with_its_copy(
    compared: Installation, altered: str, published: bool, said: str
) -> None:
    if published:
        assert compared.conninfo is not None
        with psycopg.connect(compared.conninfo("registry"), autocommit=True) as conn:
            write_own(conn, "registry")
    forge(compared, altered, "log" if altered == "registry" else "copies", 10)
    compared.thorough = True
    assert f"registry 10 (altered: {said})" in integrity.integrity(compared, "audit").en


def test_what_the_services_found_is_told_without_comparing_again(compared: Installation, alter: Alter) -> None:
    alter(
        "audit",
        "INSERT INTO integrity_differences VALUES ('registry', 7, 'copy', now(), NULL), ('registry', 8, 'copy', now(), now())",
    )
    finding = integrity.integrity(compared, "audit")
    assert (finding.state, "registry 7 (altered: the copy)" in finding.en, " 8 " in finding.en) == (
        State.BROKEN, True, False,
    )  # fmt: skip


def test_many_are_counted_and_the_first_named(compared: Installation, alter: Alter) -> None:
    many = "SELECT 'registry', n, 'copy', now(), NULL FROM generate_series(1, 30) AS n"
    alter("audit", f"INSERT INTO integrity_differences {many}")
    assert integrity.integrity(compared, "audit").en.endswith("; 10 more of registry")


def test_a_running_house_that_does_not_compare_warns(running: Installation, alter: Alter) -> None:
    old = f"now() - interval '{integrity.STALE / timedelta(seconds=1) + 60} seconds'"
    alter("audit", f"INSERT INTO integrity_progress VALUES ('registry', 0, now(), NULL, {old}, 0, 0)")
    assert integrity.integrity(running, "audit").state is State.WARNING
    alter("audit", "UPDATE integrity_progress SET newest_compared = now()")
    assert integrity.integrity(running, "audit").state is State.OK
