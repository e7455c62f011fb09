"""Told in any order and with any annulments, a book is that of the facts that count told in order; it balances for every day
as known at every instant, and each of these can be asked again from the versions of its entries."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.facts import Recorded
from contracts.selection import surviving
from services.casework.ledgers.domain import Accounting, Book, book_of
from services.casework.ledgers.versions import EntryVersion, versions_of_each
from tests.casework.ledgers.till import FIRST, each, of_one, tills, with_fee
from tests.support.long_run import LONG
from tests.support.recorded import recorded

DRAWN = settings(max_examples=1000 if LONG else 40)
ACCOUNTINGS = st.sampled_from((each, with_fee))
DAYS = [FIRST + timedelta(days=n) for n in range(10)]


@DRAWN
@given(tills(), ACCOUNTINGS, st.randoms(use_true_random=False))
def test_the_order_of_reading_decides_nothing(
    facts: tuple[Recorded, ...], accounting: Accounting, random: Random
) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert book_of(shuffled, accounting) == book_of(facts, accounting)


@DRAWN
@given(tills(), ACCOUNTINGS)
def test_detours_leave_the_book_of_the_final_set_told_in_order(
    facts: tuple[Recorded, ...], accounting: Accounting
) -> None:
    final = recorded(*(r.fact for r in surviving(facts) if not r.fact.annuls))
    assert book_of(facts, accounting).balances() == book_of(final, accounting).balances()


@DRAWN
@given(tills(), ACCOUNTINGS)
def test_every_known_at_is_the_book_of_what_was_recorded_then_and_balances(
    facts: tuple[Recorded, ...], accounting: Accounting
) -> None:
    for told, r in enumerate(facts):
        for day in DAYS:
            then = book_of(facts, accounting, as_of=day, known_at=r.recorded_at)
            assert then == book_of(facts[:told], accounting, as_of=day)
            assert then == book_of(facts[:told], accounting).through(day)
            assert then.trial_balance().difference == 0
            assert sum(then.balances().values()) == 0


@DRAWN
@given(tills())
def test_the_versions_of_entries_sum_to_the_book_of_every_day_and_instant(facts: tuple[Recorded, ...]) -> None:
    versions = versions_of_each(facts, of_one)
    for r in facts:
        for day in DAYS:
            assert _counted(versions, r, book_of(facts, each, as_of=day, known_at=r.recorded_at), day)


def _counted(versions: Iterable[EntryVersion], at: Recorded, book: Book, day: date) -> bool:
    known = [
        v.entry
        for v in versions
        if v.entry.on <= day
        and v.known_from < at.recorded_at
        and (v.known_until is None or v.known_until >= at.recorded_at)
    ]
    return Counter(known) == Counter(book.entries)
