"""What a heartbeat finds out: a clock that is ahead, a database that is away."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from itertools import count
from typing import NoReturn

import psycopg
import pytest

from services.chassis.ground.clock import SystemClock
from services.chassis.ground.refusals import Unavailable
from services.chassis.log import replicas
from services.chassis.log.formats import readable_facts
from services.chassis.log.replicas import (
    CLOCK_AHEAD,
    ClockAhead,
    Replica,
)
from services.chassis.log.store import Store
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import rows
from tests.support.eventually import eventually


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store("sample")


@contextmanager
def replica(store: Store) -> Iterator[Replica]:
    made = Replica(store, readable_facts(), on_beat=lambda: None, on_outdated=lambda: None)
    made.register()
    try:
        yield made
    finally:
        made.stop()


class OtherClock(SystemClock):
    """Of a machine whose clock is off by so much."""

    def __init__(self, off: timedelta) -> None:
        self.off = off

    def now(self) -> datetime:
        return super().now() + self.off


@pytest.mark.parametrize(("off", "starts"), [(-3600, True), (0, True), (29, True), (31 + 60, False)])
def test_a_replica_whose_clock_is_ahead_does_not_start_and_moves_nothing(
    open_store: OpenStore, off: int, starts: bool
) -> None:
    store = open_store("sample", clock=OtherClock(timedelta(seconds=off)))
    before = rows(store, "SELECT closed_through FROM closing")
    made = Replica(store, readable_facts(), on_beat=lambda: None, on_outdated=lambda: None)
    with nullcontext() if starts else pytest.raises(ClockAhead, match="seconds ahead"):
        made.register()
    assert starts or rows(store, "SELECT closed_through FROM closing") == before
    made.stop()


def test_a_replica_whose_clock_runs_ahead_later_goes_on_when_it_is_set(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = OtherClock(timedelta(0))
    store = open_store("sample", clock=clock)
    with replica(store):
        monkeypatch.setattr(replicas, "LEASE", -1)  # each use asks the database anew
        store.head()
        clock.off = timedelta(days=3650)
        with pytest.raises(Unavailable) as refused:
            store.head()
        assert refused.value.rule is CLOCK_AHEAD
        with store.pooled() as conn:
            assert conn.execute("SELECT closed_through < now() + interval '1 day' FROM closing").fetchone() == (True,)
        clock.off = timedelta(0)
        store.head()


def test_whoever_waited_while_a_heartbeat_failed_shares_its_failure(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts, away, clock = count(), threading.Event(), CountedClock()

    def nobody(_: float | None = None) -> NoReturn:
        next(attempts)
        away.wait()
        raise psycopg.OperationalError("nobody answers")

    with replica(store) as asked, monkeypatch.context() as patch:
        patch.setattr(replicas, "LEASE", -1)
        patch.setattr(replicas, "time", clock)
        patch.setattr(store, "pooled", nobody)
        with ThreadPoolExecutor(5, thread_name_prefix=WAITING) as threads:
            waiting = [threads.submit(asked.confirm) for _ in range(5)]
            try:
                eventually(lambda: clock.read == READ_BY_WHO_TRIES + 4)  # the others wait for the one who tries
            finally:
                away.set()  # or the threads would wait for ever
        assert [type(each.exception()) for each in waiting] == [psycopg.OperationalError] * 5
        assert next(attempts) == 1


WAITING = "waiting"
"""How the threads of the test are called: replicas of other tests' services may still send heartbeats in this process."""
READ_BY_WHO_TRIES = 3
"""How often the one who sends a heartbeat has read the clock when it waits for the database."""


class CountedClock:
    """The clock, and how often it was ``read`` by the threads of the test."""

    def __init__(self) -> None:
        self._reading, self.read = threading.Lock(), 0

    def monotonic(self) -> float:
        with self._reading:
            self.read += threading.current_thread().name.startswith(WAITING)
        return time.monotonic()
