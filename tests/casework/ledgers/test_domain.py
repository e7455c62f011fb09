from datetime import date

import pytest

from contracts.facts import Fact
from services.casework.ledgers.domain import Book, Difference, Entry, Posting, Unbalanced, book_of, differences, entry
from services.casework.ledgers.versions import versions_of_each
from tests.casework.ledgers.till import TillMoved, TillVoided, each, of_one, with_fee
from tests.support.recorded import recorded

JUNE, JULY = date(2016, 6, 1), date(2016, 7, 1)


def moved(on: date, fen: int) -> Fact:
    return TillMoved(effective_on=on, entered_by="clerk", fen=fen)


def test_an_entry_balances_or_is_none() -> None:
    with pytest.raises(Unbalanced):
        Entry(JUNE, "f", (Posting("a", 5), Posting("b", -4)))
    with pytest.raises(Unbalanced):
        entry(JUNE, "f", {"a": 5})
    assert entry(JUNE, "f", {"a": 0, "b": 0}) is None


def test_a_payment_told_late_stands_on_its_own_day() -> None:
    facts = recorded(moved(JULY, 300), moved(JUNE, 100))
    assert book_of(facts, each).through(JUNE).balances() == {"customers": -100, "till": 100}
    before = book_of(facts, each, known_at=facts[1].recorded_at)
    assert before.balances() == {"customers": -300, "till": 300}
    assert before.trial_balance().difference == 0


def test_an_annulled_payment_has_no_entry_and_a_restored_one_has_it_again() -> None:
    def void(fact: str) -> Fact:
        return TillVoided(effective_on=JULY, entered_by="clerk", annuls=(fact,))

    facts = recorded(moved(JUNE, 100), void("registry/common/1"), void("registry/common/2"))
    assert book_of(facts[:2], each) == Book()
    assert book_of(facts, each) == book_of(facts[:1], each)
    assert [(v.known_from, v.known_until) for v in versions_of_each(facts, of_one)] == [
        (facts[0].recorded_at, facts[1].recorded_at),
        (facts[2].recorded_at, None),
    ]


def test_what_a_late_fact_restates_is_named_day_by_day() -> None:
    facts = recorded(moved(JUNE, 1000), moved(JULY, 50), moved(JUNE, 500))
    found = differences(book_of(facts[:2], with_fee), book_of(facts, with_fee))
    late = "registry/common/3"
    assert found == [
        Difference(JUNE, "customers", -1000, -1500, (late,)),
        Difference(JUNE, "fees", 0, 10, (late,)),
        Difference(JUNE, "till", 1000, 1490, (late,)),
        Difference(JULY, "fees", 10, 14, ("registry/common/2",)),
        Difference(JULY, "till", 40, 36, ("registry/common/2",)),
    ]
