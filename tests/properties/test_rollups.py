"""The sums that are kept of a table must agree with its rows, for any division, day and knowledge, in whatever order rows came and went."""

from collections.abc import Callable, Iterator, Sequence
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
from services.chassis.views.rollup import BLOCKS
from services.chassis.views.view import Table
from services.registry.households.counted import CATEGORY, MONITORED_CATEGORY, MONITORING, STATUS
from services.registry.households.store import PERIODS
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


def periods_of(n: int, drawn: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [(UUID(int=n), None, v, status, a, persons, *m, *times) for v, status, a, persons, m, times in drawn]


def movements_of(n: int, drawn: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [
        (UUID(int=n), "monitoring", kind, times[0], line, 1, persons, village, other, "fact", *times[2:])
        for village, other, line, persons, kind, times in drawn
    ]


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


def require_nothing_kept(conn: psycopg.Connection[Any], table: Table) -> None:
    """Once every row is gone."""
    assert table.rollup is not None
    for subject in range(1, 5):
        replace_rows(conn, table, subject, [])
    left = f"SELECT count(*) FROM {table.rollup.name} WHERE households <> 0 OR persons <> 0"
    assert conn.execute(left.encode()).fetchone() == (0,)
    conn.execute(f"TRUNCATE {table.rollup.name}".encode())


COUNTED_PERIODS: dict[str, Callable[[Any], str | None]] = {
    STATUS: lambda r: r[3],
    CATEGORY: lambda r: r[4] if r[3] == "registered" else None,
    MONITORED_CATEGORY: lambda r: r[4] if r[6] == "monitored" else None,
    MONITORING: lambda r: f"{r[6]}/{r[7]}" if r[6] else None,
}


@SETTINGS
@given(written=rounds(PERIOD), asked=st.lists(st.tuples(st.sampled_from(AREAS), INSTANTS), min_size=8, max_size=8))
def test_the_figures_of_any_day_and_knowledge_are_those_of_the_rows(
    registry: psycopg.Connection[Any], written: list[tuple[int, list[Any]]], asked: list[tuple[str, datetime]]
) -> None:
    rows, rollup = dict[int, list[tuple[Any, ...]]](), PERIODS.rollup
    assert rollup is not None
    for subject, drawn in written:
        rows[subject] = periods_of(subject, drawn)
        replace_rows(registry, PERIODS, subject, rows[subject])
    for code, before in asked:
        for measure, value_of in COUNTED_PERIODS.items():
            changed = rollup.figures(registry, PERIODS.name, code, measure, BOUNDARIES, before)
            for n, boundary in enumerate(BOUNDARIES):
                expected, found = dict[str, Figures](), dict[str, Figures]()
                for r in (r for of in rows.values() for r in of):
                    known = r[2].startswith(code) and r[10] < before <= r[11] and r[8] < boundary <= r[9]
                    if known and (value := value_of(r)) is not None:
                        expected[value] = expected.get(value, Figures()) + Figures(1, r[5])
                for (value, interval), figures in changed.items():
                    found[value] = found.get(value, Figures()) + (figures if interval <= n else Figures())
                assert {v: f for v, f in found.items() if f != Figures()} == expected
    require_nothing_kept(registry, PERIODS)


@SETTINGS
@given(written=rounds(MOVEMENT), asked=st.lists(st.tuples(st.sampled_from(AREAS), INSTANTS), min_size=8, max_size=8))
def test_a_move_counts_where_a_division_holds_one_end_of_it(
    audit: psycopg.Connection[Any], written: list[tuple[int, list[Any]]], asked: list[tuple[str, datetime]]
) -> None:
    rows, rollup = dict[int, list[tuple[Any, ...]]](), MOVEMENTS.rollup
    assert rollup is not None
    for subject, drawn in written:
        rows[subject] = movements_of(subject, drawn)
        replace_rows(audit, MOVEMENTS, subject, rows[subject])
    for code, before in asked:
        for measure in ("monitoring", "monitoring/x"):
            expected = dict[tuple[str, int], Figures]()
            for r in (r for of in rows.values() for r in of):
                here = r[7].startswith(code) and not (r[8] is not None and r[8].startswith(code))
                counts = here and r[10] < before <= r[11] and r[3] < BOUNDARIES[-1]
                if counts and (measure == "monitoring" or r[2] is not None):
                    key = r[4], sum(boundary <= r[3] for boundary in BOUNDARIES)
                    expected[key] = expected.get(key, Figures()) + Figures(1, r[6])
            found = rollup.figures(audit, MOVEMENTS.name, code, measure, BOUNDARIES, before)
            assert {k: f for k, f in found.items() if f != Figures()} == expected
    require_nothing_kept(audit, MOVEMENTS)


def test_what_is_summed_at_once_is_what_was_summed_change_by_change(registry: psycopg.Connection[Any]) -> None:
    """As a rebuild does it."""
    assert PERIODS.rollup is not None
    first, second = start_of_day(date(2014, 3, 1)), start_of_day(date(2016, 3, 1))
    for subject, village in enumerate(VILLAGES[:4], 1):
        times = (date(2014, 1, 1), date(2015, 1, 1), first, second), (date(2014, 1, 1), date.max, second, STILL)
        drawn = [(village, "registered", "a", subject, (None, None), each) for each in times]
        replace_rows(registry, PERIODS, subject, periods_of(subject, drawn))
    every = f"SELECT * FROM {PERIODS.rollup.name} WHERE households <> 0 OR persons <> 0 ORDER BY 1, 2, 3, 4, 5, 6"
    kept = registry.execute(every.encode()).fetchall()
    registry.execute(f"TRUNCATE {PERIODS.rollup.name}".encode())
    with registry.cursor() as cur:
        PERIODS.rollup.fill(cur, PERIODS.name)
    assert kept
    assert {len(row[0]) for row in kept} == set(BLOCKS)
    assert registry.execute(every.encode()).fetchall() == kept
    require_nothing_kept(registry, PERIODS)
