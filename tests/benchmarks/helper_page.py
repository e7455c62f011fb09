"""The page of a helper with thirty pairs: what is owed this month, by whom it is owed, and how it stands; 20,000 pairs, or with
``--full`` a million.

The floor is the bare SQL of the same answer: its rows out of a table that holds nothing else, by an index on who owes them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import cycle
from statistics import quantiles
from time import perf_counter
from uuid import UUID

from contracts.civil import start_of_day
from contracts.roles import Role
from services.casework.duties.queries import DutyFilter, DutyQueries
from services.casework.exports.lists import no_numbers
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.duty_sweep import BEGAN, DUTIES, FOUR_ONES, LARGE, SMALL, fill
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.casework.duties.teachers import VILLAGE, School

PAIRS, QUESTIONS = 30, 200
MONTH, TODAY = date(2016, 1, 1), date(2016, 1, 20)
BARE = """
CREATE INDEX ON test_obligations (obliged, subject);
CREATE TABLE service.bare AS SELECT o.obliged, o.subject, duty, date '2016-01-01' AS first, date '2016-01-31' AS last,
    EXISTS (SELECT FROM test_fulfilments f WHERE f.subject = o.subject) AS met
FROM test_obligations o CROSS JOIN generate_series(1, 4) AS duty;
CREATE INDEX ON bare (obliged, subject, duty);
ANALYZE bare; ANALYZE test_obligations
"""
AREAS = f"SELECT subject, '{VILLAGE}' AS division FROM test_obligations"
"""Each pupil has one teacher."""
BARE_PAGE = b"SELECT * FROM bare WHERE obliged = %s ORDER BY subject, duty"


@contextmanager
def helper_page_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    pairings = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("casework") as (conninfo,):
        store = Store("casework", conninfo, SimulatedClock(start_of_day(BEGAN)))
        try:
            school = School(store, conninfo)
            school.adopt(FOUR_ONES)
            fill(conninfo, pairings, store.position(), PAIRS)
            store.clock.step(start_of_day(TODAY) + timedelta(hours=9))  # type: ignore[attr-defined]
            with store.reading() as conn:
                conn.execute(BARE.encode())
            queries = DutyQueries(store, school.duties, AREAS, no_numbers)
            teachers = cycle(f"teacher-{n}" for n in range(1, pairings // PAIRS, 3))

            def ours() -> int:
                teacher = next(teachers)
                asked = DutyFilter(
                    division="", subject=None, obliged=teacher, state=None, since=MONTH, as_of=TODAY, known_at=None,
                    reader=Actor(teacher, frozenset({Role.CADRE}), ""),
                )  # fmt: skip
                found = queries.of_subjects(asked, UUID(int=0), PAIRS + 1)
                return sum(one.period.start == MONTH for of in found for one in of.duties)

            def bare() -> int:
                with store.reading() as conn:
                    return len(conn.execute(BARE_PAGE, (next(teachers),)).fetchall())

            assert (ours(), bare()) == (PAIRS * DUTIES, PAIRS * DUTIES)
            yield {"ours": lambda: p95(ours), "bare SQL": lambda: p95(bare)}
        finally:
            store.close()


def p95(page: Variant) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(QUESTIONS):
        began = perf_counter()
        page()
        taken.append((perf_counter() - began) * 1000)
    return quantiles(taken, n=20)[-1]


HELPER_PAGE = Benchmark("page of a helper with thirty pairs", helper_page_variants)
