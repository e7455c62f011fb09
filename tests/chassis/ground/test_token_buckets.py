"""So many at once, and so many a second."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ground.token_buckets import TokenBuckets


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_as_they_flow_in() -> None:
    clock = Clock()
    buckets = TokenBuckets(3, 2.0, ticks=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    clock.now += 0.5
    assert [buckets.take("a") for _ in range(2)] == [0, 0.5]
    clock.now += 60
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_waiting_takes_nothing() -> None:
    buckets = TokenBuckets(1, 1.0, ticks=Clock())
    assert [buckets.wait("a") for _ in range(5)] == [0] * 5
    assert buckets.take("a") == 0
    assert buckets.wait("a") == 1


@given(st.lists(st.floats(0, 3, allow_nan=False), max_size=200))
def test_never_more_than_what_was_there_and_flowed_in(pauses: list[float]) -> None:
    clock = Clock()
    buckets, began, taken = TokenBuckets(5, 2.0, ticks=clock), clock.now, 0
    for pause in pauses:
        clock.now += pause
        taken += buckets.take("a") == 0
    assert taken <= 5 + 2.0 * (clock.now - began) + 1e-6


def test_the_table_is_bounded_and_forgets_the_fullest_first() -> None:
    clock = Clock()
    buckets = TokenBuckets(10, 1.0, most=20, ticks=clock)
    for _ in range(10):
        buckets.take("attacker")
    for address in range(1000):
        clock.now += 0.0001
        buckets.take(address)
        assert len(buckets._full_at) <= 20
    assert buckets.wait("attacker") > 0
