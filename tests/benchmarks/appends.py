"""Appends of one event: as many writers, each waiting until its event is durable before it writes the next.

Our writers are coroutines of one event loop, as requests are. As the floors do, they write the event and no answer; a
command's unit, which also remembers its answer, is shown beside, and so are threads at the library's own interface. The
INSERTs are tried by threads and by coroutines, and the faster of the two is the floor.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from contracts.facts import HouseholdFact
from contracts.registry.households import ConditionsSurveyed
from services.chassis.ground.clock import SystemClock
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.entries import COLUMNS, encode_fact
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground
from tests.benchmarks.synthetic_households import BEGINS

LONG = 10
"""Events of a stream before its writer begins another."""
SECONDS = 2.0
INSERT = f"INSERT INTO log ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, 'cadre-1')".encode()

Write = Callable[[UUID, int], object]
"""Appends the event of a given version to a stream, durably."""
Writing = Callable[[UUID, int], Awaitable[object]]
"""The same for a coroutine."""


@contextmanager
def appends(ground: Ground, *, writers: int, floor: str) -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as stack:
        ours, log, library = stack.enter_context(ground.fresh("chassis", "chassis", "chassis"))
        store = Store("registry", ours, SystemClock())
        stack.callback(store.close)
        contenders: dict[str, Contender] = {
            "ours": partial(run, [partial(hand_over, store, remembered=False)] * writers),
            "ours, as commands": partial(run, [partial(hand_over, store, remembered=True)] * writers),
            "ours, threads at the recorder": partial(race, [partial(record, store)] * writers),
        }
        if floor == "insert":
            positions = count(1)
            by_threads = partial(race, inserting(stack, log, writers, positions))
            contenders[floor] = lambda: max(by_threads(), uvloop.run(insert_together(log, writers, positions)))
        else:
            contenders[floor] = partial(race, [stocked(stack, library, writers)] * writers)
        yield contenders


def race(writes: list[Write]) -> float:
    """Events a second of all threads together. Raises what a writer raised."""
    ends = time.perf_counter() + SECONDS
    done, failed = [0] * len(writes), list[BaseException]()

    def go(place: int, write: Write) -> None:
        number = 0
        try:
            while time.perf_counter() < ends:
                stream = uuid4()
                for version in range(1, LONG + 1):
                    write(stream, version)
                    number += time.perf_counter() < ends
        except Exception as error:  # noqa: BLE001 - told below, by the thread that asked
            failed.append(error)
        done[place] = number

    threads = [threading.Thread(target=go, args=each) for each in enumerate(writes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(done) / SECONDS


def run(writings: Sequence[Writing]) -> float:
    """``race`` for coroutines."""
    return uvloop.run(together(writings))


async def together(writings: Sequence[Writing]) -> float:
    """Events a second of all coroutines together."""
    ends = time.perf_counter() + SECONDS

    async def go(write: Writing) -> int:
        number = 0
        while time.perf_counter() < ends:
            stream = uuid4()
            for version in range(1, LONG + 1):
                await write(stream, version)
                number += time.perf_counter() < ends
        return number

    return sum(await asyncio.gather(*map(go, writings))) / SECONDS


def event_of(stream: UUID) -> HouseholdFact:
    return ConditionsSurveyed(
        household_id=stream, effective_on=BEGINS, entered_by="cadre-1", food=True, clothing=True, education=True,
        medical=False, housing=True, water=True,
    )  # fmt: skip


async def hand_over(store: Store, stream: UUID, version: int, *, remembered: bool) -> None:
    """A unit of work, as a command brings it; ``remembered``: with its answer."""
    name, key = f"household-{stream}", str(uuid4())
    fact = event_of(stream)

    def work(tx: Tx) -> Reply:
        tx.append(name, fact)
        return Reply()

    command = CommandRef(uuid4(), "cadre-1", "POST /surveys", key, b"digest")
    await store.submit_async(Unit(command, work, extends=(name,), remembered=remembered))


def record(store: Store, stream: UUID, version: int) -> None:
    """The library's own interface, on our recorder."""
    topic, payload = encode_fact(event_of(stream))
    store.recorder.insert_events([StoredEvent(f"household-{stream}", version, topic, payload)])


def inserting(stack: ExitStack, conninfo: str, writers: int, positions: Iterator[int]) -> list[Write]:
    """A connection per writer, one INSERT as a transaction of its own, prepared, into the log's table and indexes."""

    def writer() -> Write:
        cur = stack.enter_context(psycopg.connect(conninfo, autocommit=True)).cursor()
        return lambda stream, version: cur.execute(INSERT, row_of(positions, stream, version), prepare=True)

    return [writer() for _ in range(writers)]


async def insert_together(conninfo: str, writers: int, positions: Iterator[int]) -> float:
    """The same by coroutines."""
    async with AsyncExitStack() as stack:
        writings: list[Writing] = []
        for _ in range(writers):
            conn = await stack.enter_async_context(await psycopg.AsyncConnection.connect(conninfo, autocommit=True))
            cur = conn.cursor()
            writings.append(
                lambda stream, version, cur=cur: cur.execute(INSERT, row_of(positions, stream, version), prepare=True)  # type: ignore[misc]
            )
        return await together(writings)


def row_of(positions: Iterator[int], stream: UUID, version: int) -> tuple[Any, ...]:
    topic, payload = encode_fact(event_of(stream))
    return next(positions), f"household-{stream}", version, topic, payload, SystemClock().now(), uuid4()


def stocked(stack: ExitStack, conninfo: str, writers: int) -> Write:
    """The library's recorder as it comes, with a connection for each writer."""
    where = conninfo_to_dict(conninfo)
    store = PostgresDatastore(
        str(where["dbname"]), str(where["host"]), str(where["port"]), str(where["user"]), "", pool_size=writers
    )
    stack.callback(store.close)
    recorder = PostgresApplicationRecorder(store)
    recorder.create_table()

    def write(stream: UUID, version: int) -> None:
        topic, payload = encode_fact(event_of(stream))
        recorder.insert_events([StoredEvent(stream, version, topic, payload)])

    return write


APPENDS_64 = Contest("appends by 64 writers", partial(appends, writers=64, floor="insert"), rounds=3)
APPENDS_8 = Contest("appends by 8 writers", partial(appends, writers=8, floor="stock"), rounds=3)
