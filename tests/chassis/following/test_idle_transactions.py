"""Whoever stands still with locks in hand is passed by; whoever only takes long, or holds nobody up, is left alone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from services.chassis.following import idle_transactions
from services.chassis.following.idle_transactions import IdleTransactionWatchdog
from services.chassis.log.session import APPEND_LOCK
from services.chassis.log.store import Store
from tests.chassis.conftest import OpenStore
from tests.support.databases import as_reader
from tests.support.eventually import eventually

LOCK = "SELECT pg_advisory_xact_lock(%s)"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
Opened = Callable[[], psycopg.Connection[tuple[object, ...]]]


@pytest.fixture
def store(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(idle_transactions, "LONGEST_IDLE", 0.3)
    return open_store("sample")


@contextmanager
def waiting(store: Store) -> Iterator[None]:
    """Somebody waits for the append lock while the block runs, and gets it in the end."""
    with ThreadPoolExecutor(1) as elsewhere:
        appended = elsewhere.submit(store.transact, lambda _: None)
        with store.reading() as conn:
            eventually(lambda: conn.execute(WAITING).fetchone() == (1,))
        yield
        appended.result(10)


def test_the_session_of_a_process_that_stands_still_in_a_pipeline_is_ended(store: Store) -> None:
    watch = IdleTransactionWatchdog(store)
    with psycopg.connect(store._conninfo) as frozen:
        with frozen.pipeline():
            frozen.execute(LOCK, (APPEND_LOCK,))
        with waiting(store):
            assert eventually(watch.check) == 1
        with pytest.raises(psycopg.OperationalError):
            frozen.execute("SELECT 1")


def test_a_reader_that_took_the_lock_of_appends_and_keeps_it_is_ended(store: Store) -> None:
    with psycopg.connect(as_reader(store._conninfo), autocommit=True) as reader:
        reader.execute("SELECT pg_advisory_lock(%s)", (APPEND_LOCK,))
        with waiting(store):
            assert eventually(IdleTransactionWatchdog(store).check) == 1
        with pytest.raises(psycopg.OperationalError):
            reader.execute("SELECT 1")


def test_a_session_that_works_or_holds_nobody_up_is_left_alone(store: Store) -> None:
    watch = IdleTransactionWatchdog(store)
    with psycopg.connect(store._conninfo) as working, psycopg.connect(store._conninfo) as reading:
        reading.execute("SELECT count(*) FROM log")
        working.execute(LOCK, (APPEND_LOCK,))
        with waiting(store):
            # Longer than the limit in all, never idle for so long at once.
            for _ in range(10):
                working.execute("SELECT pg_sleep(0.1)")
                assert watch.check() == 0
            working.commit()
        reading.execute("SELECT count(*) FROM log")


def test_whoever_came_a_moment_ago_does_not_yet_count_as_waiting(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle_transactions, "LONGEST_IDLE", 60.0)
    with psycopg.connect(store._conninfo) as slow:
        slow.execute(LOCK, (APPEND_LOCK,))
        with waiting(store):
            assert IdleTransactionWatchdog(store).check() == 0
            slow.commit()
