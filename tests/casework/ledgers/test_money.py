from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.ledgers.money import NotInFen, fen_of, rounded, shared, yuan_of


def test_half_a_fen_is_rounded_up_and_below_zero_away_from_it() -> None:
    assert [rounded(Fraction(n, 4)) for n in (1, 2, 3, -1, -2, -3)] == [0, 1, 1, 0, -1, -1]


@pytest.mark.parametrize("yuan", ["0.005", "1E-3", "NaN", "Infinity"])
def test_what_is_no_whole_fen_is_refused_and_never_rounded(yuan: str) -> None:
    with pytest.raises(NotInFen):
        fen_of(Decimal(yuan))


@given(st.integers(-(10**14), 10**14))
def test_yuan_and_fen_are_one_amount(fen: int) -> None:
    assert fen_of(yuan_of(fen)) == fen
    assert yuan_of(fen).as_tuple().exponent == -2


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any))
def test_shares_add_up_and_are_within_a_fen_of_their_part(fen: int, weights: list[int]) -> None:
    parts = shared(fen, weights)
    assert sum(parts) == fen
    assert all(abs(part - Fraction(fen * w, sum(weights))) < 1 for part, w in zip(parts, weights, strict=True))


def test_a_fen_left_over_goes_to_the_largest_remainder_and_of_equal_ones_to_the_first() -> None:
    assert shared(101, [8, 2]) == [81, 20]
    assert shared(1, [1, 1]) == [1, 0]
    with pytest.raises(ValueError, match="above zero"):
        shared(1, [0, 0])
