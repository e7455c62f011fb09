"""The night's sweep of all check rules over all households: 20,000 of them, or with ``--full`` a million, as it would be
on most nights (nothing differs) and on the worst (an edition with other limits was adopted, by which something is found about
every household, or nothing any more).

The floor is the promise: a million households in ten minutes. Beside the row: what the sweep's process grew by, in MB, and how
long the longest portion took, for which the consumer may have to wait.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg

from contracts.facts import Fact
from services.casework.documents.editions import STREAM
from services.casework.documents.reading import Documents
from services.casework.findings.feed import CurrentEditions, FindingRows
from services.casework.findings.sweep import FindingsSweep
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.registry.findings.checked_households import CheckedHousehold
from services.registry.findings.feed import household_findings_view
from services.registry.findings.store import CHECKS
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment, answer, child_process, messages, read_message
from tests.benchmarks.memory import ProcessTreeMemory
from tests.benchmarks.synthetic_households import synthetic_households
from tests.casework.findings.check_documents import KINDS, STRICT, adopted, content
from tests.support.recorded import recorded

HOUSEHOLDS, FULL_HOUSEHOLDS = 20_000, 1_000_000
TEMPLATES, FACTS = 400, 100
PROMISE = 1_000_000 / 600
"""Households a second."""
QUIET = {
    "head_too_young": {"limits": {"min_age": 16}}, "spouse_too_young": {"asked": False},
    "too_many_members": {"limits": {"most": 20}}, "age_implausible": {"limits": {"max_age": 110}},
    "too_old_for_school": {"limits": dict.fromkeys(STRICT["too_old_for_school"], 60)},
}  # fmt: skip
"""By these rules nothing is found about the synthetic households."""
STIRRED = {**QUIET, "too_many_members": {"limits": {"most": 3}}}
"""By these one thing about each."""
REPLICATE = (
    b"INSERT INTO checked_subjects SELECT gen_random_uuid(), periods FROM checked_subjects, generate_series(1, %s)"
)


@contextmanager
def sweep_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = FULL_HOUSEHOLDS // environment.scale if environment.full else HOUSEHOLDS
    found: dict[str, Any] = {}
    with environment.fresh("registry") as (registry,):
        _fill(registry, households)
        with child_process(__name__, registry=registry) as child:

            def swept(*, editions: bool) -> float:
                found.update(child.request(editions=editions))
                assert found["subjects"] == households
                assert found["corrected"] == (households if editions else 0)
                return households / float(found["seconds"])

            swept(editions=True)
            yield {
                "ours": lambda: swept(editions=True),
                "nothing differs": lambda: swept(editions=False),
                "a million in ten minutes": lambda: PROMISE,
                "MB grown": lambda: float(found["grown"]),
                "longest portion, ms": lambda: float(found["longest"]),
            }


def _fill(registry: str, households: int) -> None:
    """What the rules read of some hundred households of a hundred facts, and as many copies as are wanted."""
    store = Store("registry", registry, SystemClock())
    rows: FindingRows[CheckedHousehold] = FindingRows(CHECKS, CurrentEditions(None, CHECKS.key))
    view = household_findings_view(rows)
    try:
        store.transact(lambda tx: tx.append(STREAM, *adopted(content("0", rules=QUIET))))
        templates = synthetic_households(min(TEMPLATES, households), FACTS)
        checked = [view.fold(one.household_id, recorded(*one.facts))[1] for one in templates]
    finally:
        store.close()
    with psycopg.connect(registry) as conn, conn.cursor() as cur:
        rows.tables[1].add(cur, [row for of_one in checked for row in of_one])
        cur.execute(REPLICATE, (households // len(templates) - 1,))
    with psycopg.connect(registry, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE checked_subjects")


def main() -> None:
    """In a child: for each message a sweep, after another edition where it says so."""
    configure_logging("json", level=logging.ERROR)
    registry = read_message()["registry"]
    store = Store("registry", registry, SystemClock())
    editions = CurrentEditions(Documents(store, KINDS), CHECKS.key)
    rows: FindingRows[CheckedHousehold] = FindingRows(CHECKS, editions)
    memory, number = ProcessTreeMemory(), 0
    for message in messages():
        if message["editions"]:
            number += 1
            _adopt(store, number)
        else:
            with store.reading() as conn:
                conn.execute("UPDATE finding_sweep SET finished = false, after = NULL")
        answer(_swept(FindingsSweep(store, rows), memory))
    store.close()


def _adopt(store: Store, number: int) -> None:
    """One edition is strict, the next mild."""
    document = content(str(number), since=f"2014-01-{number + 1:02}", rules=STIRRED if number % 2 else QUIET)

    def work(tx: Tx) -> None:
        facts: list[Fact] = adopted(document, after=tx.version(STREAM))
        tx.append(STREAM, *facts)

    store.transact(work)


def _swept(sweep: FindingsSweep, memory: ProcessTreeMemory) -> dict[str, float]:
    before, started = memory.sample(), time.perf_counter()
    subjects = corrected = 0
    longest, last = 0.0, started
    while (portion := sweep.step()) is not None:
        subjects, corrected = subjects + portion.subjects, corrected + portion.corrected
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        memory.sample()
    seconds = time.perf_counter() - started
    return {
        "subjects": subjects, "corrected": corrected, "seconds": seconds, "grown": memory.peak - before,
        "longest": longest * 1000,
    }  # fmt: skip


SWEEP = Benchmark("sweep of all check rules", sweep_variants, rounds=2, warm=0)

if __name__ == "__main__":
    main()
