"""The end of a month: what was missed of four monthly duties of every pairing, against four million in ten minutes.

A pairing in ten has missed all four. Beside it, one client's commands go on; and the memory of this process, in MB of
1,000,000 bytes, shall not depend on how many pairings there are.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from statistics import quantiles
from uuid import UUID, uuid4

import psycopg

from contracts.accounts import SYSTEM_ACTOR
from contracts.civil import start_of_day
from contracts.facts import Fact
from services.casework.duties.feed import DutySweep
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.entries import encode_fact
from services.chassis.log.store import Store
from services.chassis.log.timers import Timers
from services.chassis.log.unit import Tx
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.memory import ProcessTreeMemory
from tests.benchmarks.seeding import LogRow, copy_rows
from tests.casework.duties.teachers import HelpBegan, HelpGiven, School, duty, duty_set, stream_of
from tests.support.databases import as_superuser

SMALL, LARGE = 20_000, 1_000_000
DUTIES = 4
MISSED_BY = 10
"""One pairing in so many has missed its duties."""
ALLOWED_SECONDS = 600
BEGAN, DONE, TURN = date(2015, 12, 1), date(2016, 1, 12), date(2016, 2, 1)
MONTHLY = {"kind": "every", "period": "month"}
WITH_PLACE = {"fields": ["place"]}
FOUR_ONES = duty_set(
    duty("talk", MONTHLY), duty("visit", MONTHLY, "visit"), duty("talk_at_home", MONTHLY, fulfilled_by=WITH_PLACE),
    duty("visit_at_home", MONTHLY, "visit", fulfilled_by=WITH_PLACE),
)  # fmt: skip


@contextmanager
def duty_sweep_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    pairings = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("casework") as (conninfo,):
        store = Store("casework", conninfo, SimulatedClock(start_of_day(BEGAN)))
        try:
            school = School(store, conninfo)
            school.adopt(FOUR_ONES)
            fill(conninfo, pairings, store.position())
            store.clock.step(start_of_day(TURN) - timedelta(hours=1))  # type: ignore[attr-defined]
            figures: dict[str, float] = {}

            def ours() -> float:
                figures.update(measured(school, pairings))
                return DUTIES * pairings / figures["seconds"]

            yield {
                "ours": ours,
                "allowed": lambda: DUTIES * LARGE / ALLOWED_SECONDS,
                "command meanwhile, p99": lambda: figures["p99"],
                "ms": lambda: 1.0,
                "memory": lambda: figures["grown"],
                "MB": lambda: 1.0,
                "misses/s": lambda: figures["misses"] / figures["seconds"],
            }
        finally:
            store.close()


def measured(school: School, pairings: int) -> Mapping[str, float]:
    """Seconds, p99 of the commands beside it in ms, by how many MB the memory grew at most, and misses recorded."""
    store, memory, halt = school.store, ProcessTreeMemory(), threading.Event()
    sweep = DutySweep(school.duties)
    timers, before, taken = Timers(store, sweep.deadlines), memory.sample(), list[float]()
    sweep.begin(store)

    def commands() -> None:
        pupil = uuid4()
        while not halt.wait(0.02):
            began = time.monotonic()
            told = HelpGiven(effective_on=DONE, entered_by="teacher-0", pupil=pupil, kind="talk", by="teacher-0")
            store.transact(partial(_append, pupil, told), actor=SYSTEM_ACTOR)
            taken.append((time.monotonic() - began) * 1000)

    writer, position = threading.Thread(target=commands), store.position()
    memory.start()
    writer.start()
    began = time.monotonic()
    timers.step(store.clock, start_of_day(TURN) + timedelta(hours=9), "operator-1")  # type: ignore[arg-type]
    seconds = time.monotonic() - began
    halt.set()
    writer.join()
    memory.stop()
    misses = store.position() - position - len(taken)
    # Every miss, and that the clock was stepped.
    assert misses == DUTIES * (pairings // MISSED_BY) + 1, misses
    return {
        "seconds": seconds,
        "p99": quantiles(taken, n=100)[-1],
        "grown": memory.peak - before,
        "misses": float(misses),
    }


def _append(pupil: UUID, fact: Fact, tx: Tx) -> None:
    tx.append(stream_of(pupil), fact)


def fill(conninfo: str, pairings: int, head: int, each: int = LARGE) -> None:
    """The facts of every pairing behind the log's head, and the rows of the views. ``each``: how many a teacher has."""
    pupils = [UUID(int=(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128, version=4) for n in range(1, pairings + 1)]
    with psycopg.connect(conninfo) as conn:
        copy_rows(conn, _rows(pupils, head, each))
        conn.cursor().execute("CREATE TEMP TABLE pupils (pupil uuid, number bigint)")
        with conn.cursor().copy("COPY pupils FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(("uuid", "int8"))
            for number, pupil in enumerate(pupils):
                copy.write_row((pupil, number))
        conn.execute(
            "INSERT INTO test_obligations SELECT pupil, 'teacher-' || number / %(each)s + 1, %(began)s, %(began)s, NULL"
            " FROM pupils",
            {"began": BEGAN, "each": each},
        )
        conn.execute(
            "INSERT INTO test_fulfilments SELECT pupil, kind, 'teacher-' || number / %(each)s + 1, %(done)s, %(done)s, '{place}', NULL"
            " FROM pupils, unnest('{talk,visit}'::text[]) AS kind WHERE number %% %(missed_by)s <> 0",
            {"done": DONE, "missed_by": MISSED_BY, "each": each},
        )
    with psycopg.connect(as_superuser(conninfo), autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")


def _rows(pupils: list[UUID], head: int, each: int) -> Iterator[LogRow]:
    position, instant = head, start_of_day(BEGAN) + timedelta(hours=1)

    def row(pupil: UUID, version: int, fact: Fact, at: datetime) -> LogRow:
        topic, payload = encode_fact(fact)
        return position, stream_of(pupil), version, topic, payload, at, UUID(int=position), "teacher-1"

    for number, pupil in enumerate(pupils):
        position, teacher = position + 1, f"teacher-{number // each + 1}"
        began = HelpBegan(effective_on=BEGAN, entered_by=teacher, pupil=pupil, teacher=teacher)
        yield row(pupil, 1, began, instant + timedelta(microseconds=position))
    for version, kind in ((2, "talk"), (3, "visit")):
        for number, pupil in enumerate(pupils):
            if number % MISSED_BY:
                position, teacher = position + 1, f"teacher-{number // each + 1}"
                done = HelpGiven(
                    effective_on=DONE, entered_by=teacher, pupil=pupil, kind=kind, by=teacher, place="home"
                )
                yield row(pupil, version, done, start_of_day(DONE) + timedelta(microseconds=position))


DUTY_SWEEP = Benchmark("duties at the end of a month", duty_sweep_variants, rounds=1, warm=0)
