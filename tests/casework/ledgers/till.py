"""A made-up till: what is paid in and out, a fee that depends on what came before, and histories told in any order."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from contracts.facts import Fact, Recorded, published
from services.casework.ledgers.domain import Entry, entry
from tests.support.recorded import recorded

FIRST = date(2016, 1, 1)


@published("TestTillMoved")
class TillMoved(Fact, frozen=True, kw_only=True):
    """``fen``: paid in, or out below zero."""

    fen: int


@published("TestTillVoided")
class TillVoided(Fact, frozen=True, kw_only=True):
    pass


def of_one(told: Recorded) -> Iterable[Entry]:
    fact = told.fact
    if isinstance(fact, TillMoved):
        moved = entry(fact.effective_on, told.id, {"till": fact.fen, "customers": -fact.fen})
        yield from [moved] if moved else []


def each(facts: Sequence[Recorded]) -> Iterable[Entry]:
    for told in facts:
        yield from of_one(told)


def with_fee(facts: Sequence[Recorded]) -> Iterable[Entry]:
    """Each movement pays one fen in a hundred of what was in the till before it: a late fact changes the later fees."""
    held = 0
    for told in facts:
        yield from of_one(told)
        if isinstance(told.fact, TillMoved):
            fee = entry(told.fact.effective_on, told.id, {"fees": held // 100, "till": -(held // 100)})
            yield from [fee] if fee else []
            held += told.fact.fen - held // 100


@st.composite
def tills(draw: st.DrawFn) -> tuple[Recorded, ...]:
    """Movements of any day in any order, and annulments of what was told before, annulments included. Some of them are told
    in one instant with the one before."""
    told: list[Fact] = []
    for n in range(draw(st.integers(1, 12))):
        on = FIRST + timedelta(days=draw(st.integers(0, 9)))
        common: dict[str, Any] = {"effective_on": on, "entered_by": "clerk"}
        if n and draw(st.integers(0, 3)) == 0:
            which = draw(st.sets(st.integers(1, n), min_size=1, max_size=2))
            told.append(TillVoided(**common, annuls=tuple(f"registry/common/{v}" for v in sorted(which))))
        else:
            told.append(TillMoved(**common, fen=draw(st.integers(-500, 500))))
    return recorded(*told)
