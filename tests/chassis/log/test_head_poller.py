"""What another process appends is seen soon, at the price of few and cheap looks, and a lost database is told."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from statistics import median
from uuid import uuid4

import psycopg
import pytest

from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.head_poller import POLL_INTERVAL
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import enrolled, stream_of
from tests.support.eventually import eventually

OTHER = """
import sys, uuid
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from tests.chassis.sample import enrolled, record
store = Store("sample", sys.argv[1], SystemClock())
for _ in sys.stdin:
    record(store, enrolled(uuid.uuid4()))
    print(flush=True)
store.close()
"""


@pytest.fixture
def conninfo(database: Callable[[str], str]) -> str:
    return database("chassis")


def test_what_another_process_appends_is_digested_within_a_few_looks(open_store: OpenStore, conninfo: str) -> None:
    store = open_store("sample", conninfo)
    consumer = Consumer(store, LocalSource(store), [])
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, conninfo], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as other:  # fmt: skip
        assert other.stdin is not None
        assert other.stdout is not None
        consumer.start()
        lags = []
        try:
            for position in range(1, 10):
                print(file=other.stdin, flush=True)
                assert other.stdout.readline()
                committed = time.monotonic()
                eventually(lambda at=position: consumer.position == at)  # type: ignore[misc]
                lags.append(time.monotonic() - committed)
        finally:
            other.stdin.close()
            consumer.stop()
    assert median(lags) < 3 * POLL_INTERVAL


def test_all_who_wait_share_one_look(conninfo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    store = Store("sample", conninfo, SystemClock())
    poller = store._head_poller
    ask = poller._ask

    def counted() -> int:
        looks.append(time.monotonic())
        return ask()

    monkeypatch.setattr(poller, "_ask", counted)  # of this store alone: others may run in this process
    try:
        with ThreadPoolExecutor(6) as waiting:
            for _ in range(6):
                waiting.submit(store.wait_beyond, 0, 1.0)
    finally:
        store.close()
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    assert min(pauses) > 0.9 * POLL_INTERVAL
    assert min(pauses) < 1.5 * POLL_INTERVAL


def test_who_waits_is_told_when_the_database_goes_away_and_sees_the_head_when_it_is_back(
    open_store: OpenStore, conninfo: str, cut_off: Callable[[str], int]
) -> None:
    onlooker, writer = open_store("sample", conninfo), open_store("sample", conninfo)
    onlooker.wait_beyond(0, 2 * POLL_INTERVAL)
    cut_off(conninfo)
    with pytest.raises(psycopg.OperationalError):
        onlooker.wait_beyond(0, 20)
    with ThreadPoolExecutor(1) as elsewhere:
        waiting = elsewhere.submit(onlooker.wait_beyond, 0, 60)
        writer.submit(Unit(CommandRef.of("cadre-1", "POST", "1", b""), enrolling)).result(30)
        waiting.result(15)


def enrolling(tx: Tx) -> Reply:
    household = uuid4()
    tx.append(stream_of(household), enrolled(household))
    return Reply()
