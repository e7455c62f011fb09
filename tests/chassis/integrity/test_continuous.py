"""The thread: quiet on a sound house whatever happens to it, one at a time, going on where it stood, and in a hurry when rows
are rewritten."""

import threading
from uuid import uuid4

import psycopg
import pytest

from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.integrity import continuous, record
from services.chassis.integrity.comparing import Copied
from services.chassis.integrity.continuous import ContinuousComparison
from services.chassis.log.digests import written_through
from services.chassis.log.store import Store
from tests.chassis.integrity.conftest import Nothing, Trio
from tests.chassis.sample import append_households, enrolled, insert_entry
from tests.chassis.sample import record as append
from tests.support.databases import as_superuser
from tests.support.eventually import eventually

HOLDER = (
    f"WHERE locktype = 'advisory' AND granted AND objid = {continuous.COMPARISON_LOCK}"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def through(store: Store, log: str) -> int:
    with store.reading() as conn:
        return written_through(conn, log)


def test_quiet_while_everybody_writes_reads_and_restarts(trio: Trio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(continuous, "ROUND", 0.01)
    monkeypatch.setattr(continuous, "NEWEST_EVERY", 0.0)
    readers = [
        Consumer(each.store, LocalSource(trio.registry.store), [Nothing()], batch=5, keeps_all=each.types is None)
        for each in (trio.audit, trio.assistance)
    ]
    running = [each.new_comparison() for each in trio.all]
    for thread in (*running, *readers):
        thread.start()
    try:
        writers = [
            threading.Thread(target=lambda: [append_households(trio.registry.store, 7) for _ in range(15)])
            for _ in "ab"
        ]
        for writer in writers:
            writer.start()
        eventually(lambda: through(trio.audit.store, "registry") > 30)
        # As if its process were killed in the middle: its connection goes, and with it the lock.
        assert trio.audit.rows(f"SELECT pg_terminate_backend(pid) FROM pg_locks {HOLDER}")
        for writer in writers:
            writer.join()
        head = trio.registry.store.position()
        eventually(lambda: all(through(each.store, "registry") == head for each in trio.all))
        assert [each.known() for each in trio.all] == [{}, {}, {}]
        assert [thread.failing for thread in running] == [None] * 3
    finally:
        for thread in (*running, *readers):
            thread.stop()


def test_one_replica_compares_and_another_takes_over(trio: Trio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(continuous, "ROUND", 0.01)
    monkeypatch.setattr(continuous, "STANDBY", 0.01)
    first, second = (ContinuousComparison(trio.registry.store, share=1) for _ in range(2))
    append(trio.registry.store, enrolled(uuid4()))
    first.start()
    try:
        eventually(lambda: through(trio.registry.store, "registry") == 1)
        second.start()
        trio.registry.edit("UPDATE log SET actor = 'somebody-else'")
        # The one that stands by says what the other one found.
        eventually(lambda: (first.open_differences, second.open_differences) == (1, 1))
        first.stop()
        append(trio.registry.store, enrolled(uuid4()))
        eventually(lambda: through(trio.registry.store, "registry") == 2)
    finally:
        first.stop()
        second.stop()


def test_what_came_last_has_its_digest_when_the_service_stops(trio: Trio) -> None:
    thread = ContinuousComparison(trio.registry.store)
    thread.start()
    eventually(lambda: trio.registry.rows("SELECT log FROM integrity_progress"))
    append_households(trio.registry.store, 20)
    thread.stop()
    assert through(trio.registry.store, "registry") == 20


def test_the_pass_goes_on_where_it_stood_and_begins_anew_when_rows_are_rewritten(trio: Trio) -> None:
    append_households(trio.registry.store, 30)
    comparison, store = trio.registry.comparison, trio.registry.store

    def stretch() -> int:
        return int(trio.registry.rows("SELECT stretch FROM integrity_progress")[0][0])

    trio.registry.look()
    assert stretch() == 1
    trio.registry.look()
    assert stretch() == 2
    before = trio.registry.rows(record.REWRITTEN)
    trio.registry.edit("UPDATE log SET actor = actor WHERE notification_id = 9")
    eventually(lambda: trio.registry.rows(record.REWRITTEN) != before)
    # Nothing differs; that it was touched is enough to look at everything again, and quickly.
    trio.registry.look()
    assert stretch() == 1
    assert comparison._parts[0]._hurried
    with store.connect() as conn:
        while not trio.registry.rows("SELECT FROM integrity_progress WHERE pass_completed IS NOT NULL"):
            comparison.round(conn, 0)
    assert not comparison._parts[0]._hurried


def test_a_gap_is_told_and_nothing_behind_it_gets_a_digest(trio: Trio) -> None:
    append_households(trio.registry.store, 3)
    trio.registry.edit("UPDATE log SET notification_id = 4 WHERE notification_id = 3")
    assert trio.registry.look() == {("registry", 3): "log"}
    assert through(trio.registry.store, "registry") == 2


def test_a_producer_that_is_away_keeps_nobody_from_comparing_his_own(trio: Trio) -> None:
    append_households(trio.registry.store, 3)
    trio.audit.follow()
    insert_entry(trio.audit.store, "s", "HouseholdEnrolled/1", b"{}")

    class Away(LocalSource):
        def digests(self, stretch: int):  # type: ignore[no-untyped-def]
            raise psycopg.OperationalError

    trio.audit.comparison._parts[1]._copied = Copied("registry", Away(trio.registry.store))
    assert trio.audit.look() == {}
    assert (through(trio.audit.store, "audit"), through(trio.audit.store, "registry")) == (1, 0)


def test_digests_are_written_once_and_never_rewritten(trio: Trio) -> None:
    trio.grow(1)
    with trio.registry.store.reading() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("UPDATE log_digests SET digests = digests")
    with psycopg.connect(as_superuser(trio.registry.store._conninfo)) as conn:
        with pytest.raises(psycopg.Error, match="append-only"):
            conn.execute("UPDATE log_digests SET digests = digests")
