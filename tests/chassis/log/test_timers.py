"""Deadlines: each fires once, in order and on its own day, whoever else is firing and whatever else fails."""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from structlog.testing import CapturingLogger

from contracts.civil import start_of_day
from contracts.clock import ClockStepped
from services.chassis.ground.clock import SimulatedClock, SystemClock
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.needs import Timer
from services.chassis.log.store import Store
from services.chassis.log.timers import CLOCK_STREAM, Timers
from services.chassis.log.unit import Tx
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import enrolled, rows, stream_of
from tests.support.eventually import eventually

START = datetime(2014, 1, 1, tzinfo=UTC)
HOUSEHOLD = UUID(int=1)
MARCH, MAY, JULY = (start_of_day(date(2014, m, 1)) for m in (3, 5, 7))
SEPTEMBER = start_of_day(date(2014, 9, 1))


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def store(open_store: OpenStore, clock: SimulatedClock) -> Store:
    return open_store("sample", clock=clock)


class Fired(list[tuple[str, date]]):
    """Handler: what fired, and what day it was then. Deadlines of kind ``broken`` fail."""

    def __call__(self, tx: Tx, timer: Timer) -> None:
        if timer.kind == "broken":
            raise RuntimeError(timer.stream)
        self.append((timer.kind, tx.today))
        tx.append(stream_of(HOUSEHOLD), enrolled(HOUSEHOLD, tx.today))


def handlers(fired: Fired) -> dict[str, Callable[[Tx, Timer], None]]:
    return dict.fromkeys(("first", "second", "third", "broken"), fired)


def set_timers(store: Store, *timers: tuple[str, datetime]) -> None:
    def work(tx: Tx) -> None:
        for kind, due in timers:
            tx.set_timer(kind, stream_of(HOUSEHOLD), due, "sample/s/1")

    store.transact(work)


def test_each_fires_once_in_order_and_on_its_own_day(store: Store, clock: SimulatedClock) -> None:
    fired = Fired()
    timers = Timers(store, handlers(fired))
    set_timers(store, ("third", JULY), ("first", MARCH), ("second", MAY))
    assert timers.step(clock, SEPTEMBER, "operator-1")
    assert fired == [("first", date(2014, 3, 1)), ("second", date(2014, 5, 1)), ("third", date(2014, 7, 1))]
    assert timers.fire_due(clock.now()) == 0
    facts = store.stream(stream_of(HOUSEHOLD))
    assert [f.recorded_at for f in facts] == [MARCH, MAY, JULY]
    assert {f.actor for f in facts} == {"timer"}
    assert {f.command_id for f in facts} == {i for (i,) in rows(store, "SELECT id FROM timers")}
    (stepped,) = store.stream(CLOCK_STREAM)
    assert isinstance(stepped.fact, ClockStepped)
    assert (stepped.fact.to, stepped.recorded_at, clock.now()) == (SEPTEMBER, SEPTEMBER, SEPTEMBER)


@pytest.mark.parametrize(("to", "count"), [(MAY - timedelta(microseconds=1), 0), (MAY, 1), (JULY, 1)])
def test_the_instant_before_a_deadline_it_has_not_come(
    store: Store, clock: SimulatedClock, to: datetime, count: int
) -> None:
    fired = Fired()
    set_timers(store, ("first", MAY))
    Timers(store, handlers(fired)).step(clock, to, "operator-1")
    assert len(fired) == count


def test_a_deadline_set_by_a_deadline_fires_on_the_same_way(store: Store, clock: SimulatedClock) -> None:
    fired = Fired()

    def sets_more(tx: Tx, timer: Timer) -> None:
        tx.set_timer("second", timer.stream, timer.due_at, timer.set_by)
        tx.set_timer("third", timer.stream, JULY, timer.set_by)

    set_timers(store, ("first", MAY))
    timers = Timers(store, {**handlers(fired), "first": sets_more})
    timers.step(clock, SEPTEMBER, "operator-1")
    assert fired == [("second", date(2014, 5, 1)), ("third", date(2014, 7, 1))]


@pytest.mark.parametrize(("per_cause", "again"), [(False, 0), (True, 1)])
def test_a_deadline_that_has_come_and_is_set_again_comes_again_where_its_cause_counts(
    store: Store, clock: SimulatedClock, per_cause: bool, again: int
) -> None:
    fired = Fired()
    timers = Timers(store, handlers(fired))
    timers.step(clock, JULY, "operator-1")
    for cause in ("sample/s/1", "sample/s/2", "sample/s/2"):
        store.transact(lambda tx, cause=cause: tx.set_timer("first", "s", MAY, cause, per_cause=per_cause))  # type: ignore[misc]
        timers.fire_due(clock.now())
    assert len(fired) == 1 + again


def test_one_that_fails_stays_open_and_is_told_while_the_others_keep_their_days(
    store: Store, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fired, told = Fired(), CapturingLogger()
    monkeypatch.setattr("services.chassis.log.timers.log", told)
    timers = Timers(store, handlers(fired))
    set_timers(store, ("broken", MARCH), ("first", MAY), ("second", JULY))
    timers.step(clock, SEPTEMBER, "operator-1")
    assert [(c.args, c.kwargs["kind"], c.kwargs["error_type"]) for c in told.calls] == [
        (("timer_failed",), "broken", "RuntimeError")
    ]
    assert fired == [("first", date(2014, 5, 1)), ("second", date(2014, 7, 1))]
    assert rows(store, "SELECT kind FROM timers WHERE done_at IS NULL") == [("broken",)]
    assert timers.overdue() == 1
    repaired = Timers(store, {"broken": lambda tx, timer: fired.append((f"{timer.kind} no more", tx.today))})
    assert repaired.fire_due(clock.now()) == 1
    assert fired[-1] == ("broken no more", date(2014, 9, 1))
    assert timers.overdue() == 0


def test_two_processes_fire_each_once(store: Store, open_store: OpenStore, clock: SimulatedClock) -> None:
    fired = Fired()
    set_timers(store, *(("first", MARCH + timedelta(hours=n)) for n in range(20)))
    clock.step(MAY)
    other = open_store("sample", store._conninfo, clock)
    at_once = threading.Barrier(2)

    def fire(one: Store) -> int:
        at_once.wait(10)
        return Timers(one, handlers(fired)).fire_due(MAY)

    with ThreadPoolExecutor(2) as threads:
        counts = list(threads.map(fire, (store, other)))
    assert sum(counts) == 20
    assert len(fired) == len(store.stream(stream_of(HOUSEHOLD))) == 20


def test_the_same_deadline_set_twice_is_one_timer_however_its_offset_is_written(store: Store) -> None:
    shanghai = MAY.astimezone(timezone(timedelta(hours=8)))
    set_timers(store, ("first", MAY), ("first", shanghai))
    set_timers(store, ("first", MAY))
    assert rows(store, "SELECT due_at FROM timers") == [(MAY,)]
    with pytest.raises(ValueError, match="offset"):
        set_timers(store, ("first", MAY.replace(tzinfo=None)))


def test_a_step_that_was_interrupted_can_be_asked_for_again(store: Store, clock: SimulatedClock) -> None:
    fired, calls = Fired(), []

    def away_once(tx: Tx, timer: Timer) -> None:
        calls.append(timer.kind)
        if len(calls) == 1:
            raise StoreUnavailable("OperationalError")
        fired(tx, timer)

    timers = Timers(store, {**handlers(fired), "second": away_once})
    set_timers(store, ("first", MARCH), ("second", MAY))
    with pytest.raises(StoreUnavailable):
        timers.step(clock, SEPTEMBER, "operator-1")
    assert clock.now() == MAY
    assert timers.step(clock, SEPTEMBER, "operator-1")
    assert fired == [("first", date(2014, 3, 1)), ("second", date(2014, 5, 1))]
    assert not timers.step(clock, SEPTEMBER, "operator-1")


def test_the_watch_goes_on_after_a_bad_moment(open_store: OpenStore) -> None:
    store = open_store("sample")
    fired = Fired()

    class Stumbles(Timers):
        stumbled = 0

        def due(self, until: datetime, without: Collection[UUID] = ()) -> list[Timer]:
            self.stumbled += 1
            if self.stumbled == 1:
                raise LookupError
            return super().due(until, without)

    set_timers(store, ("broken", MARCH), ("first", MAY))
    timers = Stumbles(store, handlers(fired))
    timers.start()
    try:
        eventually(lambda: fired)
    finally:
        timers.stop()
    assert len(fired) == 1


def test_answers_to_people_expire_after_thirty_days_and_automated_ones_never(open_store: OpenStore) -> None:
    # The age is real: on a log whose simulated clock was stepped by years, a request may still be repeated.
    store = open_store("sample", clock=SimulatedClock(datetime(2050, 1, 1, tzinfo=UTC)))
    now = SystemClock().now()
    answers = [
        ("cadre-1", now - timedelta(days=31)),
        ("cadre-2", now - timedelta(days=29)),
        ("timer", now - timedelta(days=400)),
        ("lika", now - timedelta(days=400)),
    ]
    with store.reading() as conn:
        for who, at in answers:
            conn.execute(
                "INSERT INTO commands VALUES (%s, 'POST /x', 'key', gen_random_uuid(), '', 201, NULL, NULL, 1, %s)",
                (who, at),
            )
    Timers(store, {}).look()
    assert rows(store, "SELECT principal FROM commands ORDER BY 1") == [("cadre-2",), ("lika",), ("timer",)]
