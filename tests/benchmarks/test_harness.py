"""The harness itself: what a row shows, and that there is none without its floor. No measured figure is asserted here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast
from uuid import uuid4

import pytest

from tests.benchmarks.__main__ import as_json, formatted_line
from tests.benchmarks.comparison import Benchmark, Measurements, Result, Row, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.filling import FactTemplate, ReplicatedHouseholds
from tests.benchmarks.goals import FULL_ROWS, ROWS
from tests.benchmarks.propagation import delays
from tests.benchmarks.synthetic_households import synthetic_households

NO_ENVIRONMENT = cast(BenchmarkEnvironment, None)
"""For benchmarks that need none."""


def a_benchmark(turns: list[str], **figures: list[float]) -> Benchmark:
    """Variants that give these figures one after the other; ``turns`` receives the name of each when it has its turn."""

    def variant(name: str) -> Variant:
        left = iter(figures[name])

        def measure() -> float:
            turns.append(name)
            return next(left)

        return measure

    @contextmanager
    def setup(_: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
        yield {name: variant(name) for name in figures}

    return Benchmark("a benchmark", setup, rounds=3)


def test_variants_take_turns_and_the_first_round_does_not_count() -> None:
    turns: list[str] = []
    benchmark = a_benchmark(turns, ours=[1000.0, 3.0, 1.0, 2.0], floor=[0.001, 8.0, 4.0, 6.0])
    assert benchmark.run(NO_ENVIRONMENT, lambda _: None) == {"ours": 2.0, "floor": 6.0}
    assert turns == ["ours", "floor"] * 4


def test_rows_of_one_benchmark_share_its_rounds() -> None:
    turns: list[str] = []
    benchmark = a_benchmark(turns, ours=[9.0] * 4, insert=[12.0] * 4, stock=[3.0] * 4, other=[5.0] * 4)
    rows = [Row("a", "1/s", 0.7, benchmark, "insert"), Row("b", "1/s", 2.5, benchmark, "stock")]
    measurements = Measurements()
    results = [row.measure(NO_ENVIRONMENT, lambda _: None, measurements) for row in rows]
    assert [(r.ratio, r.reached) for r in results] == [(0.75, True), (3.0, True)]
    assert len(turns) == 4 * 4
    assert measurements.in_no_row(rows) == {"a benchmark": {"other": 5.0}}


@pytest.mark.parametrize(
    ("better", "value", "reached"),
    [
        ("more", 24.9, False), ("more", 25.0, True), ("more", 25.1, True),
        ("less", 24.9, True), ("less", 25.0, True), ("less", 25.1, False),
    ],
)  # fmt: skip
def test_a_goal_is_reached_from_its_own_side(better: str, value: float, reached: bool) -> None:
    result = Result("a", "ms", value, 10.0, 2.5, "less" if better == "less" else "more")
    assert result.reached is reached
    assert f"{'≤' if better == 'less' else '≥'} 2.5" in formatted_line(result)


@pytest.mark.parametrize("floor", [0.0, -1.0, float("nan")])
def test_a_row_without_a_floor_is_refused(floor: float) -> None:
    with pytest.raises(ValueError, match="without a floor"):
        Result("a", "1/s", 1.0, floor, 1.0, "more")


def test_a_row_whose_benchmark_lacks_its_floor_is_refused() -> None:
    row = Row("a", "1/s", 1.0, a_benchmark([], ours=[1.0] * 4), "no such variant")
    with pytest.raises(KeyError):
        row.measure(NO_ENVIRONMENT, lambda _: None, Measurements())


def test_a_row_has_the_published_fields() -> None:
    row = as_json(Result("a", "1/s", 3.0, 2.0, 1.2, "more", 1.0))
    assert {k: row[k] for k in ("name", "value", "floor", "ratio", "goal", "reached")} == {
        "name": "a", "value": 3.0, "floor": 2.0, "ratio": 1.5, "goal": 1.2, "reached": True,
    }  # fmt: skip


def test_every_row_has_a_name_of_its_own_and_a_goal() -> None:
    rows = (*ROWS, *FULL_ROWS)
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.goal > 0 for row in rows)


def test_synthetic_households_are_the_same_for_the_same_seed_and_have_as_many_facts_as_asked_for() -> None:
    assert [household.facts for household in synthetic_households(3, 20)] == [
        household.facts for household in synthetic_households(3, 20)
    ]
    assert [household.facts for household in synthetic_households(3, 20)] != [
        household.facts for household in synthetic_households(3, 20, seed=8)
    ]
    assert {len(household.facts) for household in synthetic_households(3, 100)} == {100}


def test_an_effect_counts_from_the_answer_to_the_first_commit_that_reflects_it() -> None:
    answered, commits = [(11, 1.0), (12, 1.5), (13, 2.25), (14, 3.0)], [(10, 0.5), (12, 2.0), (20, 2.5)]
    assert delays(answered, commits) == [1.0, 0.5, 0.25, 0.0]


def test_an_answer_without_its_effect_is_no_measurement() -> None:
    with pytest.raises(IndexError):
        delays([(11, 1.0)], [(10, 0.5)])


def test_replicated_households_fill_the_log_without_gaps_each_under_its_own_id() -> None:
    templates = [
        [FactTemplate("A/1", b"<", b">"), FactTemplate("B/1", b"(", b")")],
        [FactTemplate("C/1", b"[", b"]")],
    ]
    ids = [uuid4() for _ in range(3)]
    replicated = ReplicatedHouseholds(ids, templates)
    rows = list(replicated.rows())
    assert [row[0] for row in rows] == list(range(1, replicated.events + 1)) == [1, 2, 3, 4, 5]
    assert [(row[1], row[2], row[3]) for row in rows] == [
        (f"household-{household}", version, topic)
        for household, version, topic in (
            (ids[0], 1, "A/1"), (ids[1], 1, "C/1"), (ids[2], 1, "A/1"), (ids[0], 2, "B/1"), (ids[2], 2, "B/1"),
        )
    ]  # fmt: skip
    assert rows[3][4] == f"({ids[0]})".encode()
