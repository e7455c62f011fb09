"""Appends of one event by concurrent writers, each waiting until its event is durable before it writes the next.

Our writers are coroutines of one event loop, as requests are. Like the floors they write the event alone; units of
commands, which also store their answer, are a variant in no row, and so are threads at the library's recorder interface.
The INSERTs are run by threads and by coroutines, and the faster of the two is the floor.
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

from contracts.facts import HouseholdFact
from contracts.registry.surveys import ConditionsSurveyed
from services.chassis.ground.clock import SystemClock
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.entries import COLUMNS, encode_fact
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.stock_library import stock_environment
from tests.benchmarks.synthetic_households import FIRST_DAY

EVENTS_PER_STREAM = 10
"""Events of a stream before its writer starts another."""
SECONDS = 2.0
INSERT = f"INSERT INTO log ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, 'cadre-1')".encode()

Write = Callable[[UUID, int], object]
"""Appends the event of a given version to a stream, durably."""
AsyncWrite = Callable[[UUID, int], Awaitable[object]]
"""The same as a coroutine."""


@contextmanager
def append_variants(environment: BenchmarkEnvironment, *, writers: int, floor: str) -> Iterator[Mapping[str, Variant]]:
    with ExitStack() as stack:
        ours, log, library = stack.enter_context(environment.fresh("chassis", "chassis", "chassis"))
        store = Store("registry", ours, SystemClock())
        stack.callback(store.close)
        variants: dict[str, Variant] = {
            "ours": partial(run_coroutines, [partial(submit_unit, store, remembered=False)] * writers),
            "ours, as commands": partial(run_coroutines, [partial(submit_unit, store, remembered=True)] * writers),
            "ours, threads at the recorder": partial(run_threads, [partial(insert_through_recorder, store)] * writers),
        }
        if floor == "insert":
            positions = count(1)
            by_threads = partial(run_threads, insert_writers(stack, log, writers, positions))
            variants[floor] = lambda: max(by_threads(), uvloop.run(run_async_inserts(log, writers, positions)))
        else:
            variants[floor] = partial(run_threads, [stock_recorder_write(stack, library, writers)] * writers)
        yield variants


def run_threads(writes: list[Write]) -> float:
    """Events a second of a thread per writer, together. Raises what a writer raised."""
    ends = time.perf_counter() + SECONDS
    counts, failed = [0] * len(writes), list[BaseException]()

    def writer(index: int, write: Write) -> None:
        number = 0
        try:
            while time.perf_counter() < ends:
                stream = uuid4()
                for version in range(1, EVENTS_PER_STREAM + 1):
                    write(stream, version)
                    number += time.perf_counter() < ends
        except Exception as error:  # noqa: BLE001 - raised below, in the calling thread
            failed.append(error)
        counts[index] = number

    threads = [threading.Thread(target=writer, args=item) for item in enumerate(writes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(counts) / SECONDS


def run_coroutines(writes: Sequence[AsyncWrite]) -> float:
    """Events a second of a coroutine per writer, together."""
    return uvloop.run(gather(writes))


async def gather(writes: Sequence[AsyncWrite]) -> float:
    """``run_coroutines`` within an event loop."""
    ends = time.perf_counter() + SECONDS

    async def writer(write: AsyncWrite) -> int:
        number = 0
        while time.perf_counter() < ends:
            stream = uuid4()
            for version in range(1, EVENTS_PER_STREAM + 1):
                await write(stream, version)
                number += time.perf_counter() < ends
        return number

    return sum(await asyncio.gather(*map(writer, writes))) / SECONDS


def survey(stream: UUID) -> HouseholdFact:
    return ConditionsSurveyed(
        household_id=stream, effective_on=FIRST_DAY, entered_by="cadre-1", food=True, clothing=True, education=True,
        medical=False, housing=True, water=True,
    )  # fmt: skip


async def submit_unit(store: Store, stream: UUID, version: int, *, remembered: bool) -> None:
    """A command's unit of work; ``remembered``: its answer is stored."""
    name, key = f"household-{stream}", str(uuid4())
    fact = survey(stream)

    def work(tx: Tx) -> Reply:
        tx.append(name, fact)
        return Reply()

    command = CommandRef(uuid4(), "cadre-1", "POST /surveys", key, b"digest")
    await store.submit_async(Unit(command, work, extends=(name,), remembered=remembered))


def insert_through_recorder(store: Store, stream: UUID, version: int) -> None:
    """Through the library's recorder interface, as our store implements it."""
    topic, payload = encode_fact(survey(stream))
    store.recorder.insert_events([StoredEvent(f"household-{stream}", version, topic, payload)])


def insert_writers(stack: ExitStack, conninfo: str, writers: int, positions: Iterator[int]) -> list[Write]:
    """A connection per writer; each INSERT into the log's table and indexes is prepared and a transaction of its own."""

    def writer() -> Write:
        cur = stack.enter_context(psycopg.connect(conninfo, autocommit=True)).cursor()
        return lambda stream, version: cur.execute(INSERT, row(positions, stream, version), prepare=True)

    return [writer() for _ in range(writers)]


async def run_async_inserts(conninfo: str, writers: int, positions: Iterator[int]) -> float:
    """The same by coroutines; events a second."""
    async with AsyncExitStack() as stack:
        writes: list[AsyncWrite] = []
        for _ in range(writers):
            conn = await stack.enter_async_context(await psycopg.AsyncConnection.connect(conninfo, autocommit=True))
            cur = conn.cursor()
            writes.append(
                lambda stream, version, cur=cur: cur.execute(INSERT, row(positions, stream, version), prepare=True)  # type: ignore[misc]
            )
        return await gather(writes)


def row(positions: Iterator[int], stream: UUID, version: int) -> tuple[Any, ...]:
    topic, payload = encode_fact(survey(stream))
    return next(positions), f"household-{stream}", version, topic, payload, SystemClock().now(), uuid4()


def stock_recorder_write(stack: ExitStack, conninfo: str, writers: int) -> Write:
    """The library's own recorder, with a connection per writer."""
    env = stock_environment(conninfo)
    store = PostgresDatastore(
        *(env[f"POSTGRES_{name}"] for name in ("DBNAME", "HOST", "PORT", "USER", "PASSWORD")),
        pool_size=writers, schema=env["POSTGRES_SCHEMA"],
    )  # fmt: skip
    stack.callback(store.close)
    recorder = PostgresApplicationRecorder(store)
    recorder.create_table()

    def write(stream: UUID, version: int) -> None:
        topic, payload = encode_fact(survey(stream))
        recorder.insert_events([StoredEvent(stream, version, topic, payload)])

    return write


APPENDS_64 = Benchmark("appends by 64 writers", partial(append_variants, writers=64, floor="insert"), rounds=3)
APPENDS_8 = Benchmark("appends by 8 writers", partial(append_variants, writers=8, floor="stock"), rounds=3)
