"""state(V, T): which facts count for day V, as it was known at instant T (design: "Two times")."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from contracts.civil import end_of_day
from contracts.facts import Recorded
from contracts.selection import known, surviving, timeline
from tests.contracts.timelines import noted, positions

D1, D2, D3 = date(2014, 12, 1), date(2015, 12, 1), date(2016, 12, 1)


def test_an_annulled_fact_no_longer_counts() -> None:
    assert positions(surviving([noted(1, D1), noted(2, D2), noted(3, D2, annuls=[2])])) == [1, 3]


def test_one_correction_may_annul_several_facts() -> None:
    assert positions(surviving([noted(1, D1), noted(2, D2), noted(3, D3, annuls=[1, 2])])) == [3]


def test_annulling_an_annulment_restores_what_it_had_annulled() -> None:
    facts = [noted(1, D1), noted(2, D1, annuls=[1]), noted(3, D1, annuls=[2])]
    assert positions(surviving(facts)) == [1, 3]


def test_annulling_the_restoration_annuls_again() -> None:
    facts = [noted(1, D1), noted(2, D1, annuls=[1]), noted(3, D1, annuls=[2]), noted(4, D1, annuls=[3])]
    assert positions(surviving(facts)) == [2, 4]


def test_a_correction_of_a_correction_leaves_only_the_last_one() -> None:
    wrong, corrected, corrected_again = noted(1, D1), noted(2, D2, annuls=[1]), noted(3, D3, annuls=[1, 2])
    assert positions(surviving([wrong, corrected, corrected_again])) == [3]


def test_a_correction_that_forgets_the_first_mistake_brings_it_back() -> None:
    """The second correction voids the first one, annulment included: whoever corrects twice must name both."""
    wrong, corrected, corrected_again = noted(1, D1), noted(2, D2, annuls=[1]), noted(3, D3, annuls=[2])
    assert positions(surviving([wrong, corrected, corrected_again])) == [1, 3]


def test_annulling_what_does_not_exist_changes_nothing() -> None:
    assert positions(surviving([noted(1, D1), noted(2, D2, annuls=[9])])) == [1, 2]


def test_facts_are_ordered_by_effective_day_not_by_recording() -> None:
    assert positions(surviving([noted(1, D3), noted(2, D1), noted(3, D2)])) == [2, 3, 1]


def test_facts_of_one_day_are_ordered_by_recording() -> None:
    assert positions(surviving([noted(3, D1), noted(1, D1), noted(2, D1)])) == [1, 2, 3]


def test_as_of_includes_its_own_day() -> None:
    fact = [noted(1, D2)]
    assert positions(timeline(fact, as_of=D2 - timedelta(days=1))) == []
    assert positions(timeline(fact, as_of=D2)) == [1]
    assert positions(timeline(fact, as_of=D2 + timedelta(days=1))) == [1]


def test_without_as_of_future_facts_are_kept() -> None:
    assert positions(timeline([noted(1, date(2099, 1, 1))])) == [1]


def test_known_at_excludes_its_own_instant() -> None:
    at = datetime(2018, 1, 1, 16, tzinfo=UTC)
    facts = [noted(1, D1, recorded_at=at)]
    assert positions(known(facts, at)) == []
    assert positions(known(facts, at + timedelta(microseconds=1))) == [1]


def test_known_on_a_day_ends_at_midnight_in_shanghai() -> None:
    """Known on 2016-12-31 means recorded before 2017-01-01 00:00 there, which is 16:00 UTC."""
    midnight = datetime(2016, 12, 31, 16, tzinfo=UTC)
    last, first = noted(1, D1, recorded_at=midnight - timedelta(microseconds=1)), noted(2, D1, recorded_at=midnight)
    assert positions(timeline([last, first], known_at=end_of_day(date(2016, 12, 31)))) == [1]


def test_an_annulment_is_unknown_before_it_was_recorded() -> None:
    facts = [noted(1, D1), noted(2, D1, annuls=[1])]
    assert positions(timeline(facts, known_at=datetime(2018, 1, 2, 12, tzinfo=UTC))) == [1]
    assert positions(timeline(facts, known_at=datetime(2018, 1, 2, 13, tzinfo=UTC))) == [2]


def test_an_annulment_effective_later_still_voids_an_earlier_day() -> None:
    """Annulling says the fact was never true; its own effective day does not delay that."""
    facts = [noted(1, D1), noted(2, D3, annuls=[1])]
    assert positions(timeline(facts, as_of=D2)) == []


@st.composite
def histories(draw: st.DrawFn) -> list[Recorded]:
    days = draw(st.lists(st.dates(date(2014, 1, 1), date(2018, 12, 31)), min_size=1, max_size=12))
    return [
        noted(position, day, annuls=draw(st.sets(st.integers(1, position - 1), max_size=3)) if position > 1 else ())
        for position, day in enumerate(days, start=1)
    ]


@given(histories(), st.randoms())
def test_the_selection_does_not_depend_on_the_order_of_reading(facts: list[Recorded], rng: Random) -> None:
    shuffled = list(facts)
    rng.shuffle(shuffled)
    assert surviving(shuffled) == surviving(facts)


@given(histories())
def test_a_fact_survives_exactly_when_no_survivor_annuls_it(facts: list[Recorded]) -> None:
    kept = surviving(facts)
    void = {annulled for f in kept for annulled in f.fact.annuls}
    assert {f.id for f in kept} == {f.id for f in facts} - void


@given(histories(), st.dates(date(2014, 1, 1), date(2018, 12, 31)), st.integers(0, 13))
def test_recording_more_never_changes_what_was_known_before(facts: list[Recorded], day: date, seen: int) -> None:
    then = datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=seen)
    assert timeline(facts, as_of=day, known_at=then) == timeline(facts[:seen], as_of=day, known_at=then)
