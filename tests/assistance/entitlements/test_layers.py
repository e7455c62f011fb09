"""What is due for a period in layers: each occasion keeps its place, whatever lowers and raises the amount again."""

from decimal import Decimal

import pytest

from services.assistance.entitlements.due import REGULAR
from services.assistance.entitlements.layers import Layers

MOVES: dict[str, tuple[list[tuple[int | None, str]], list[tuple[str, int]]]] = {
    "nothing until an amount is known": ([(None, "a")], []),
    "known first as nothing": ([(0, "a"), (30, "b")], [(REGULAR, 0), ("b", 30)]),
    "raised": ([(100, "a"), (120, "b")], [(REGULAR, 100), ("b", 20)]),
    "lowered takes from the last": ([(100, "a"), (120, "b"), (90, "c")], [(REGULAR, 90), ("b", 0)]),
    # Paid 100, owed 30, and due 30 again: nothing is paid anew beside what is owed.
    "raised again fills the same": ([(100, "a"), (70, "b"), (100, "c")], [(REGULAR, 100)]),
    "and what exceeds is new": ([(100, "a"), (70, "b"), (130, "c")], [(REGULAR, 100), ("c", 30)]),
    "known no longer": ([(100, "a"), (120, "b"), (None, "c")], [(REGULAR, 0), ("b", 0)]),
    "an edition restored": ([(100, "a"), (120, "b"), (100, "c"), (120, "b")], [(REGULAR, 100), ("b", 20)]),
    "an edition restored that adds anew": (
        [(100, "a"), (120, "b"), (100, "c"), (130, "d"), (156, "b")], [(REGULAR, 100), ("b", 20), ("d", 36)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", MOVES)
def test_each_occasion_keeps_what_it_added_as_far_as_that_is_due(story: str) -> None:
    moves, expected = MOVES[story]
    layers = Layers()
    for amount, fact in moves:
        layers.move_to(None if amount is None else Decimal(amount), fact)
    assert [(occasion, yuan) for occasion, _, yuan in layers.found] == [(o, Decimal(y)) for o, y in expected]
    assert sum((yuan for _, _, yuan in layers.found), Decimal(0)) == layers.due
