"""The trial balance of a province's funds on any day as known at any instant: 200,000 entries, or with ``--full`` ten million. The
floor sums the same rows by account, all of them, of one time only."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import psycopg

from contracts.civil import end_of_day
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.monitoring.funds.queries import ExecutionBy, FundQueries
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.support.databases import as_superuser

SMALL, LARGE = 200_000, 10_000_000
FILL = """
INSERT INTO service.fund_entries
SELECT md5((n / 40)::text)::uuid, '99' || lpad((n / 40 %% 90 + 1)::text, 4, '0'),
       (ARRAY['available', 'allocated', 'reserved', 'spent'])[n %% 3 + 2 - side], 'project:' || n / 400,
       date '2014-01-01' + n %% 4700, CASE side WHEN 0 THEN 100 ELSE -100 END * (n %% 977 + 1), 'monitoring/fund/' || n,
       timestamptz '2014-01-02' + n %% 4700 * interval '1 day', CASE WHEN n %% 50 = 0 THEN timestamptz '2026-06-01' END
FROM generate_series(1, %(entries)s / 2) n, generate_series(0, 1) side
"""
FUNDS = """
INSERT INTO service.funds SELECT DISTINCT ON (fund_id) fund_id, division, 'central', 2014, NULL, date '2014-12-31', '{}'::jsonb, '{}'::jsonb
FROM service.fund_entries
"""
# The floor of a rate of execution: the rows of one time in a table made for it, summed once by division.
BARE = """
CREATE TABLE service.bare AS SELECT division, on_day, account, fen FROM fund_entries WHERE known_until IS NULL;
CREATE INDEX ON service.bare (division, on_day) INCLUDE (account, fen);
ANALYZE service.bare
"""
BARE_EXECUTION = b"""
SELECT division, sum(fen) FILTER (WHERE account IN ('available', 'allocated', 'reserved', 'retained', 'spent')),
    sum(fen) FILTER (WHERE account IN ('allocated', 'reserved', 'retained', 'spent')), sum(fen) FILTER (WHERE account = 'spent')
FROM bare WHERE division >= %s AND division < %s AND on_day <= %s GROUP BY division ORDER BY division LIMIT 51
"""
BARE_MONTHS = b"""
SELECT division, to_char(on_day, 'YYYY-MM'),
    sum(fen) FILTER (WHERE account IN ('available', 'allocated', 'reserved', 'retained', 'spent')),
    sum(fen) FILTER (WHERE account IN ('allocated', 'reserved', 'retained', 'spent')), sum(fen) FILTER (WHERE account = 'spent')
FROM bare WHERE division >= %s AND division < %s AND on_day <= %s GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 51
"""
SUM = b"SELECT account, sum(fen) FROM fund_entries GROUP BY account ORDER BY account"


@contextmanager
def ledger_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    entries = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("monitoring") as (monitoring,):
        with psycopg.connect(as_superuser(monitoring), autocommit=True) as conn:
            cur: psycopg.ClientCursor[tuple[object, ...]] = psycopg.ClientCursor(conn)
            cur.execute(FILL.encode(), {"entries": entries})
            conn.execute(FUNDS.encode())
            conn.execute("VACUUM ANALYZE")
        store = Store("monitoring", monitoring, SystemClock())
        queries, rng = FundQueries(store), Random(7)
        with store.reading() as conn:
            conn.execute(BARE.encode())

        def ours() -> float:
            day = date(2026, 11, 27) - timedelta(rng.randrange(30))
            began = time.perf_counter()
            trial, _ = queries.trial_balance("99", day, end_of_day(day))
            assert trial.difference == 0
            return (time.perf_counter() - began) * 1000

        def bare() -> float:
            began = time.perf_counter()
            with store.reading() as conn:
                conn.execute(SUM).fetchall()
            return (time.perf_counter() - began) * 1000

        def months() -> float:
            day = date(2026, 11, 27) - timedelta(rng.randrange(30))
            began = time.perf_counter()
            found = queries.execution("99", ExecutionBy.DIVISION_MONTH, day, end_of_day(day), "", 51)
            assert len(found) == 51
            return (time.perf_counter() - began) * 1000

        def bare_months() -> float:
            day = date(2026, 11, 27) - timedelta(rng.randrange(30))
            began = time.perf_counter()
            with store.reading() as conn:
                assert len(conn.execute(BARE_MONTHS, ("99", "99~", day)).fetchall()) == 51
            return (time.perf_counter() - began) * 1000

        def execution() -> float:
            day = date(2026, 11, 27) - timedelta(rng.randrange(30))
            began = time.perf_counter()
            found = queries.execution("99", ExecutionBy.DIVISION, day, end_of_day(day), "", 51)
            assert len(found) == 51
            return (time.perf_counter() - began) * 1000

        def bare_execution() -> float:
            day = date(2026, 11, 27) - timedelta(rng.randrange(30))
            began = time.perf_counter()
            with store.reading() as conn:
                assert len(conn.execute(BARE_EXECUTION, ("99", "99~", day)).fetchall()) == 51
            return (time.perf_counter() - began) * 1000

        try:
            yield {
                "ours": ours, "sum of the same rows": bare, "execution": execution, "bare execution": bare_execution,
                "months": months, "bare months": bare_months,
            }  # fmt: skip
        finally:
            store.close()


LEDGERS = Benchmark("trial balance of all funds", ledger_variants)
