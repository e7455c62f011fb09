"""The sums that are kept of a table must agree with its rows, for any division, day and knowledge, in whatever order rows came and
went, and again when they are summed anew.

Blocks of knowledge end after a change here, so that what is drawn fills dozens of them on all levels, and comes late to most.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.civil import start_of_day
from contracts.quantities import Figures
from services.audit.statements.store import MOVEMENTS
from services.chassis.views.rollup import LEVELS, Rollup
from services.chassis.views.table import Table
from services.registry.households.counted import CATEGORY, MONITORED_CATEGORY, MONITORING, STATUS
from services.registry.households.views import PERIODS
from tests.support.long_run import LONG

SETTINGS = settings(
    deadline=None, max_examples=400 if LONG else 20, derandomize=not LONG, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
VILLAGES = ("980101001001", "980101001002", "980101002001", "980102001001", "980201001001", "970101001001")
AREAS = sorted({village[:digits] for village in VILLAGES for digits in (0, 2, 4, 6, 9, 12)})
DAYS = st.sampled_from([date(2013, 12, 31) + timedelta(n) for n in (0, 1, 2, 63, 64, 365, 366, 4000, 4700)])
BOUNDARIES = [date(2014, 1, 1), date(2014, 1, 2), date(2015, 1, 1), date(2025, 1, 1), date(2027, 1, 1)]
STILL = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
INSTANTS = st.builds(
    lambda day, later: start_of_day(day) + timedelta(microseconds=later),
    DAYS, st.sampled_from([0, 1, 7_200_000_000, 43_200_000_000, 86_399_999_999]),
)  # fmt: skip
EITHER_TIME = st.tuples(DAYS, DAYS | st.just(date.max), INSTANTS, INSTANTS | st.just(STILL)).filter(
    lambda t: t[0] < t[1] and t[2] < t[3]
)
PERIOD = st.tuples(
    st.sampled_from(VILLAGES), st.sampled_from(("registered", "exited", "candidate")), st.sampled_from(("a", "b")),
    st.integers(0, 6), st.sampled_from(((None, None), ("monitored", "x"), ("eliminated", "x"))), EITHER_TIME,
)  # fmt: skip
MOVEMENT = st.tuples(
    st.sampled_from(VILLAGES), st.none() | st.sampled_from(VILLAGES), st.sampled_from(("moved_in", "size_change")),
    st.integers(-1, 1), st.none() | st.just("x"), EITHER_TIME,
)  # fmt: skip


def with_small_blocks(table: Table) -> tuple[Table, Rollup]:
    assert isinstance(table.rollup, Rollup)
    rollup = replace(table.rollup, blocks=replace(table.rollup.blocks, size=1, together=2))
    return replace(table, rollup=rollup), rollup


SMALL_PERIODS, PERIOD_FIGURES = with_small_blocks(PERIODS)
SMALL_MOVEMENTS, MOVEMENT_FIGURES = with_small_blocks(MOVEMENTS)


def periods_of(n: int, drawn: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [(UUID(int=n), None, v, status, a, persons, *m, *times) for v, status, a, persons, m, times in drawn]


def movements_of(n: int, drawn: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [
        (UUID(int=n), "monitoring", kind, times[0], line, 1, persons, village, other, "fact", *times[2:])
        for village, other, line, persons, kind, times in drawn
    ]


ASKED = st.lists(st.tuples(st.sampled_from(AREAS), INSTANTS), min_size=8, max_size=8)
REBUILT = st.integers(0, 8)
"""Before which round all is summed anew, if it comes to that."""


def rounds(row: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[int, list[Any]]]]:
    """Whose rows are replaced, and by which."""
    return st.lists(st.tuples(st.integers(1, 4), st.lists(row, max_size=4)), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def registry(module_database: Callable[[str], str]) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_database("registry"), autocommit=True) as conn:
        yield conn


@pytest.fixture(scope="module")
def audit(module_database: Callable[[str], str]) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_database("audit"), autocommit=True) as conn:
        yield conn


def replace_rows(conn: psycopg.Connection[Any], table: Table, subject: int, rows: list[tuple[Any, ...]]) -> None:
    with conn.transaction(), conn.cursor() as cur:
        table.replace(cur, [UUID(int=subject)], rows)


def sum_anew(conn: psycopg.Connection[Any], table: Table, rollup: Rollup) -> None:
    """As a rebuild does it."""
    with conn.transaction(), conn.cursor() as cur:
        cur.execute(f"TRUNCATE {rollup.name}, {rollup.blocks.name}".encode())
        rollup.fill(cur, table.name)


def blocks_of(conn: psycopg.Connection[Any], table: Table, rollup: Rollup) -> list[tuple[int, int, int, int]]:
    """Number, changes that are counted, changes and instants in the table."""
    return conn.execute(
        f"""SELECT block, changes, count(known), count(DISTINCT known)
        FROM (SELECT *, lead(begins, 1, '9999-01-01 00:00+00') OVER (ORDER BY block) AS ends FROM {rollup.blocks.name}) AS b
        LEFT JOIN (SELECT k FROM {table.name}, LATERAL (VALUES (known_from), (known_to)) AS v (k)) AS t (known)
            ON known >= begins AND known < ends AND known <= latest
        GROUP BY 1, 2 ORDER BY 1""".encode()
    ).fetchall()


def write(
    conn: psycopg.Connection[Any], table: Table, rollup: Rollup, written: Sequence[Any], rebuilt: int
) -> list[Any]:
    """Round after round into the empty tables, which are summed anew after so many; the rows that are left."""
    conn.execute(f"TRUNCATE {table.name}, {rollup.name}, {rollup.blocks.name}".encode())
    rows = dict[int, list[tuple[Any, ...]]]()
    for n, (subject, of_subject) in enumerate(written):
        if n == rebuilt:
            sum_anew(conn, table, rollup)
        rows[subject] = of_subject
        replace_rows(conn, table, subject, of_subject)
    assert all(counted == there for _, counted, there, _ in blocks_of(conn, table, rollup))
    return [row for of in rows.values() for row in of]


def require_nothing_kept(conn: psycopg.Connection[Any], table: Table, rollup: Rollup) -> None:
    """Once every row is gone."""
    for subject in range(1, 5):
        replace_rows(conn, table, subject, [])
    left = f"SELECT count(*) FROM {rollup.name} WHERE households <> 0 OR persons <> 0"
    assert conn.execute(left.encode()).fetchone() == (0,)
    assert all(changes == 0 for _, changes, *_ in blocks_of(conn, table, rollup))


COUNTED_PERIODS: dict[str, Callable[[Any], str | None]] = {
    STATUS: lambda r: r[3],
    CATEGORY: lambda r: r[4] if r[3] == "registered" else None,
    MONITORED_CATEGORY: lambda r: r[4] if r[6] == "monitored" else None,
    MONITORING: lambda r: f"{r[6]}/{r[7]}" if r[6] else None,
}


@SETTINGS
@given(rounds(PERIOD), REBUILT, ASKED)
def test_the_figures_of_any_day_and_knowledge_are_those_of_the_rows(
    registry: psycopg.Connection[Any],
    written: list[tuple[int, list[Any]]],
    rebuilt: int,
    asked: list[tuple[str, datetime]],
) -> None:
    drawn = [(subject, periods_of(subject, rows)) for subject, rows in written]
    rows = write(registry, SMALL_PERIODS, PERIOD_FIGURES, drawn, rebuilt)
    for code, before in asked:
        for measure, value_of in COUNTED_PERIODS.items():
            changed = PERIOD_FIGURES.figures(registry, PERIODS.name, code, measure, BOUNDARIES, before)
            for n, boundary in enumerate(BOUNDARIES):
                expected, found = dict[str, Figures](), dict[str, Figures]()
                for r in rows:
                    known = r[2].startswith(code) and r[10] < before <= r[11] and r[8] < boundary <= r[9]
                    if known and (value := value_of(r)) is not None:
                        expected[value] = expected.get(value, Figures()) + Figures(1, r[5])
                for (value, interval), figures in changed.items():
                    found[value] = found.get(value, Figures()) + (figures if interval <= n else Figures())
                assert {v: f for v, f in found.items() if f != Figures()} == expected
    require_nothing_kept(registry, SMALL_PERIODS, PERIOD_FIGURES)


@SETTINGS
@given(rounds(MOVEMENT), REBUILT, ASKED)
def test_a_move_counts_where_a_division_holds_one_end_of_it(
    audit: psycopg.Connection[Any],
    written: list[tuple[int, list[Any]]],
    rebuilt: int,
    asked: list[tuple[str, datetime]],
) -> None:
    drawn = [(subject, movements_of(subject, rows)) for subject, rows in written]
    rows = write(audit, SMALL_MOVEMENTS, MOVEMENT_FIGURES, drawn, rebuilt)
    for code, before in asked:
        for measure in ("monitoring", "monitoring/x"):
            expected = dict[tuple[str, int], Figures]()
            for r in rows:
                here = r[7].startswith(code) and not (r[8] is not None and r[8].startswith(code))
                counts = here and r[10] < before <= r[11] and r[3] < BOUNDARIES[-1]
                if counts and (measure == "monitoring" or r[2] is not None):
                    key = r[4], sum(boundary <= r[3] for boundary in BOUNDARIES)
                    expected[key] = expected.get(key, Figures()) + Figures(1, r[6])
            found = MOVEMENT_FIGURES.figures(audit, MOVEMENTS.name, code, measure, BOUNDARIES, before)
            assert {k: f for k, f in found.items() if f != Figures()} == expected
    require_nothing_kept(audit, SMALL_MOVEMENTS, MOVEMENT_FIGURES)


def test_what_is_summed_at_once_is_what_was_summed_change_by_change(registry: psycopg.Connection[Any]) -> None:
    """As a rebuild does it, where nothing came late."""
    first, still = start_of_day(date(2014, 3, 1)), (date.max, STILL)
    known = [first + timedelta(hours=n) for n in range(24)]
    drawn = [
        ("registered", "a", n, (None, None), (date(2014, 1, 1), still[0], at, still[1])) for n, at in enumerate(known)
    ]
    written = [
        (n % 4 + 1, periods_of(n % 4 + 1, [(VILLAGES[m % 4], *drawn[m]) for m in range(n % 4, n + 1, 4)]))
        for n in range(24)
    ]
    assert len(write(registry, SMALL_PERIODS, PERIOD_FIGURES, written, rebuilt=-1)) == 24
    assert blocks_of(registry, SMALL_PERIODS, PERIOD_FIGURES) == [(n, 1, 1, 1) for n in range(24)]
    sums = f"SELECT * FROM {PERIOD_FIGURES.name} ORDER BY 1, 2, 3, 4, 5, 6"
    blocks = f"SELECT * FROM {PERIOD_FIGURES.blocks.name} ORDER BY 1"
    kept = [registry.execute(every.encode()).fetchall() for every in (sums, blocks)]
    assert {len(row[0]) for row in kept[0]} == set(LEVELS)
    assert {row[3] for row in kept[0]} == {1, 2, 4}
    sum_anew(registry, SMALL_PERIODS, PERIOD_FIGURES)
    assert [registry.execute(every.encode()).fetchall() for every in (sums, blocks)] == kept
    require_nothing_kept(registry, SMALL_PERIODS, PERIOD_FIGURES)
