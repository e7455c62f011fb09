"""Who held which post on a day, as known then, in whatever order it was told."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from contracts.casework.directory import StaffFact
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.directory.state import fold
from tests.casework.directory.example_staff import (
    CLERK,
    HIRED,
    SECRETARY,
    absent,
    assumed,
    delegated,
    left,
    linked,
    registered,
    unlinked,
)
from tests.support.recorded import recorded

DAY = timedelta(days=1)
TERM_END, LEFT = date(2016, 12, 31), date(2015, 3, 1)


def titles(facts: tuple[Recorded, ...], day: date, known_at: datetime | None = None) -> list[str]:
    return [p.title for p in fold(timeline(facts, as_of=day, known_at=known_at)).posts_held(day)]


def test_a_post_is_held_from_its_day_to_the_last_of_its_term() -> None:
    facts = recorded(registered(), assumed(term_ends=TERM_END))
    assert [titles(facts, day) for day in (HIRED - DAY, HIRED, TERM_END, TERM_END + DAY)] == [
        [],
        ["村支书"],
        ["村支书"],
        [],
    ]


def test_a_post_is_held_up_to_the_day_of_leaving() -> None:
    facts = recorded(registered(), assumed(), left(LEFT))
    assert [titles(facts, day) for day in (LEFT - DAY, LEFT, LEFT + DAY)] == [["村支书"], [], []]


def test_what_was_learned_later_was_not_known_then() -> None:
    learned = datetime(2015, 6, 1, tzinfo=UTC)
    facts = recorded(registered(), assumed()) + recorded(left(LEFT), start=3, at=learned)
    assert titles(facts, LEFT, known_at=learned) == ["村支书"]
    assert titles(facts, LEFT, known_at=learned + DAY) == []


def test_a_deputy_stands_in_on_the_days_named_and_while_the_post_is_held() -> None:
    first, last = date(2015, 2, 1), date(2015, 3, 15)
    facts = recorded(registered(), assumed(), delegated(first, last), left(LEFT))
    days = (first - DAY, first, LEFT - DAY, LEFT)
    stands_in = [bool(fold(timeline(facts, as_of=d)).posts_delegated(CLERK, d)) for d in days]
    assert stands_in == [False, True, True, False]
    assert fold(timeline(facts)).posts_delegated(SECRETARY, first) == []


def test_a_delegation_lasts_to_its_last_day() -> None:
    last = date(2015, 2, 10)
    member = fold(timeline(recorded(registered(), assumed(), delegated(last, last))))
    assert [len(member.posts_delegated(CLERK, d)) for d in (last - DAY, last, last + DAY)] == [0, 1, 0]


def test_an_absence_covers_both_its_days() -> None:
    first, last = date(2015, 2, 1), date(2015, 2, 3)
    member = fold(timeline(recorded(registered(), absent(first, last))))
    assert [member.absent_until(d) for d in (first - DAY, first, last, last + DAY)] == [None, last, last, None]


def test_an_account_ends_and_may_begin_again() -> None:
    facts = recorded(registered(), linked("zhang3"), unlinked("zhang3", LEFT), linked("zhang3", TERM_END))
    (first, second) = fold(timeline(facts)).links
    assert [first.holds_on(d) for d in (HIRED - DAY, HIRED, LEFT - DAY, LEFT)] == [False, True, True, False]
    assert [second.holds_on(d) for d in (TERM_END - DAY, TERM_END)] == [False, True]


def test_the_order_of_telling_decides_nothing() -> None:
    story: tuple[StaffFact, ...] = (
        registered(), linked("zhang3"), assumed(term_ends=TERM_END), left(LEFT), assumed(2, LEFT, title="第一书记"),
    )  # fmt: skip
    days = [HIRED + timedelta(days=30 * n) for n in range(-1, 40)]
    pictures = {
        tuple(tuple(titles(facts, day)) for day in days) for facts in (recorded(*told) for told in permutations(story))
    }
    assert len(pictures) == 1
