"""Appends of one event: as many writers, each waiting until its event is durable before it writes the next.

Ours is the log's recorder, the library's own interface: as the floors do, it writes the event and no answer. A command's
unit, which also remembers its answer, is shown beside.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from contracts.facts import HouseholdFact
from contracts.registry.households import ConditionsSurveyed
from services.chassis.clock import SystemClock
from services.chassis.entries import COLUMNS, written
from services.chassis.store import Store
from services.chassis.unit import CommandRef, Reply, Tx, Unit
from tests.benchmarks.contest import Contender, Contest
from tests.benchmarks.ground import Ground
from tests.benchmarks.lives import BEGINS

LONG = 10
"""Events of a stream before its writer begins another."""
SECONDS = 2.0
INSERT = f"INSERT INTO log ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, 'cadre-1')".encode()

Write = Callable[[UUID, int], object]
"""Appends the event of a given version to a stream, durably."""


@contextmanager
def appends(ground: Ground, *, writers: int, floor: str) -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as stack:
        ours, log, library = stack.enter_context(ground.fresh("chassis", "chassis", "chassis"))
        store = Store("registry", ours, SystemClock())
        stack.callback(store.close)
        contenders: dict[str, list[Write]] = {"ours": [partial(record, store)] * writers}
        contenders["ours, as commands"] = [partial(submit, store)] * writers
        if floor == "insert":
            contenders[floor] = inserting(stack, log, writers)
        else:
            contenders[floor] = [stocked(stack, library, writers)] * writers
        yield {name: partial(race, writes) for name, writes in contenders.items()}


def race(writes: list[Write]) -> float:
    """Events a second of all writers together. Raises what a writer raised."""
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


def event_of(stream: UUID) -> HouseholdFact:
    return ConditionsSurveyed(
        household_id=stream, effective_on=BEGINS, entered_by="cadre-1", food=True, clothing=True, education=True,
        medical=False, housing=True, water=True,
    )  # fmt: skip


def submit(store: Store, stream: UUID, version: int) -> None:
    """A unit of work, as a command brings it."""
    name, key = f"household-{stream}", str(uuid4())
    fact = event_of(stream)

    def work(tx: Tx) -> Reply:
        tx.append(name, fact)
        return Reply()

    store.submit(Unit(CommandRef(uuid4(), "cadre-1", "POST /surveys", key, b"digest"), work, extends=(name,))).result()


def record(store: Store, stream: UUID, version: int) -> None:
    """The library's own interface, on our recorder."""
    topic, payload = written(event_of(stream))
    store.recorder.insert_events([StoredEvent(f"household-{stream}", version, topic, payload)])


def inserting(stack: ExitStack, conninfo: str, writers: int) -> list[Write]:
    """A connection per writer, one INSERT as a transaction of its own, prepared, into the log's table and indexes."""
    positions = count(1)

    def writer() -> Write:
        cur = stack.enter_context(psycopg.connect(conninfo, autocommit=True)).cursor()

        def write(stream: UUID, version: int) -> None:
            topic, payload = written(event_of(stream))
            row = (next(positions), f"household-{stream}", version, topic, payload, SystemClock().now(), uuid4())
            cur.execute(INSERT, row, prepare=True)

        return write

    return [writer() for _ in range(writers)]


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
        topic, payload = written(event_of(stream))
        recorder.insert_events([StoredEvent(stream, version, topic, payload)])

    return write


APPENDS_64 = Contest("appends by 64 writers", partial(appends, writers=64, floor="insert"), rounds=3)
APPENDS_8 = Contest("appends by 8 writers", partial(appends, writers=8, floor="stock"), rounds=3)
