"""What may stand in the staff directory: each rule on the day before, the day, and the day after."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.casework.directory import StaffActsAnnulled, StaffFact
from contracts.facts import Recorded
from contracts.personal import Personal
from contracts.selection import timeline
from services.casework.directory import domain, rules
from services.casework.directory.state import StaffMember, fold
from services.chassis.ground.refusals import NOT_FOUND, Refused, Rule
from tests.casework.directory.example_staff import (
    COUNTY,
    HIRED,
    SECRETARY,
    TOWNSHIP,
    VILLAGE,
    absent,
    assumed,
    delegated,
    left,
    linked,
    registered,
    unlinked,
)
from tests.support.given import specification
from tests.support.recorded import recorded

DAY = timedelta(days=1)
END = date(2016, 12, 31)


def _decide(fact: StaffFact, member: StaffMember) -> list[StaffFact]:
    return domain.record(member, fact)


def _current(facts: Any) -> StaffMember:
    return fold(timeline(facts))


given = specification(_decide, _current)


def test_a_term_may_end_on_its_first_day_and_not_before() -> None:
    given(registered()).when(assumed(term_ends=HIRED)).then_happened(type(assumed()))
    given(registered()).when(assumed(term_ends=HIRED - DAY)).then_refused(rules.TERM_ENDS_EARLY)


def test_who_is_elected_again_assumes_the_post_after_the_former_term() -> None:
    elected = given(registered(), assumed(term_ends=END))
    elected.when(assumed(2, END)).then_refused(rules.POST_HELD, since="2014-01-01")
    elected.when(assumed(2, END + DAY)).then(assumed(2, END + DAY))


def test_a_former_term_may_be_entered_later_where_it_does_not_reach_into_this_one() -> None:
    elected = given(registered(), assumed())
    elected.when(assumed(2, date(2011, 1, 1), HIRED - DAY)).then_happened(type(assumed()))
    elected.when(assumed(2, date(2011, 1, 1), HIRED)).then_refused(rules.POST_HELD)


def test_a_former_time_in_the_post_is_entered_after_the_present_one_and_then_left() -> None:
    before = given(registered(), assumed()).when(assumed(2, date(2011, 1, 1))).then(assumed(2, date(2011, 1, 1)))
    before.when(left(date(2013, 6, 1), post=2)).then(left(date(2013, 6, 1), post=2))
    given(registered(), assumed()).when(assumed(2)).then_refused(rules.POST_HELD)


def test_two_posts_are_held_at_once() -> None:
    given(registered(), assumed()).when(assumed(2, title="驻村工作队员")).then_happened(type(assumed()))


def test_a_post_is_left_on_a_day_after_it_was_assumed_and_once() -> None:
    held = given(registered(), assumed())
    for early in (HIRED - DAY, HIRED):
        held.when(left(early)).then_refused(rules.LEFT_EARLY)
    later = held.when(left(HIRED + DAY)).then(left(HIRED + DAY))
    later.when(left(END)).then_refused(rules.LEFT_ALREADY, left_on="2014-01-02")
    held.when(left(END, post=9)).then_refused(rules.POST_UNKNOWN)


def test_an_account_ends_after_it_began() -> None:
    known = given(registered(), linked("zhang3"))
    known.when(unlinked("zhang3", HIRED)).then_refused(rules.ACCOUNT_NOT_LINKED)
    known.when(unlinked("li4", END)).then_refused(rules.ACCOUNT_NOT_LINKED)
    ended = known.when(unlinked("zhang3", HIRED + DAY)).then(unlinked("zhang3", HIRED + DAY))
    ended.when(unlinked("zhang3", END)).then_refused(rules.ACCOUNT_NOT_LINKED)
    ended.when(linked("zhang3", END)).then(linked("zhang3", END))


def test_linking_an_account_again_changes_nothing() -> None:
    given(registered(), linked("zhang3")).when(linked("zhang3", END)).then_nothing_happened()
    given(registered(), linked("zhang3")).when(linked("zhang3", HIRED - DAY)).then(linked("zhang3", HIRED - DAY))


def test_an_absence_may_last_a_day() -> None:
    given(registered()).when(absent(END, END)).then(absent(END, END))
    given(registered()).when(absent(END, END - DAY)).then_refused(rules.ENDS_EARLY)


def test_only_a_post_that_is_held_is_delegated_and_to_somebody_else() -> None:
    held = given(registered(), assumed(term_ends=END))
    held.when(delegated(END, END)).then(delegated(END, END))
    held.when(delegated(END, END - DAY)).then_refused(rules.ENDS_EARLY)
    held.when(delegated(END + DAY, END + DAY)).then_refused(rules.DELEGATES_NO_POST)
    held.when(delegated(HIRED - DAY, END)).then_refused(rules.DELEGATES_NO_POST)
    held.when(delegated(HIRED, END, 2)).then_refused(rules.DELEGATES_NO_POST)
    held.when(delegated(HIRED, END, deputy=SECRETARY)).then_refused(rules.DEPUTY_IS_HOLDER)


@pytest.mark.parametrize(
    ("area", "division"),
    [
        (COUNTY, VILLAGE), (COUNTY, TOWNSHIP), ("9900", VILLAGE), ("", VILLAGE), ("99", COUNTY), ("", COUNTY),
        ("99", "9900"), ("", "99"),
    ],
)  # fmt: skip
def test_posts_are_entered_from_the_level_above(area: str, division: str) -> None:
    domain.require_entered_from_above(area, [division])


@pytest.mark.parametrize(
    ("area", "division", "why"),
    [
        (TOWNSHIP, VILLAGE, rules.LEVEL_ABOVE),
        (COUNTY, COUNTY, rules.LEVEL_ABOVE),
        ("9900", COUNTY, rules.LEVEL_ABOVE),
        ("9900", "9900", rules.LEVEL_ABOVE),
        ("990002", VILLAGE, NOT_FOUND),
        ("98", COUNTY, NOT_FOUND),
        (COUNTY, "99", NOT_FOUND),
    ],
)
def test_posts_are_not_entered_from_their_own_level_or_beside(area: str, division: str, why: Rule) -> None:
    with pytest.raises(Refused) as refusal:
        domain.require_entered_from_above(area, [division])
    assert refusal.value.rule is why


def test_nobody_enters_their_own_record() -> None:
    member = _current(recorded(registered(), linked("zhang3"), unlinked("zhang3", END), linked("zhang3-b", END)))
    for by in ("zhang3", "zhang3-b"):
        with pytest.raises(Refused) as refusal:
            domain.require_other_hands(by, member)
        assert refusal.value.rule is rules.OWN_RECORD
    domain.require_other_hands("li4", member)
    with pytest.raises(Refused):
        domain.require_other_hands("li4", member, accounts=["li4"])


def _annulling(*acts: Recorded) -> StaffActsAnnulled:
    reason: Personal[str] = Personal.sealed("A256GCM.1.AAAA")
    return StaffActsAnnulled(
        effective_on=END, entered_by="operator-2", staff_id=SECRETARY, acts=tuple(r.command_id for r in acts),
        reason=reason,
    )  # fmt: skip


def test_what_something_rests_on_is_annulled_together_with_it() -> None:
    known = recorded(registered(), linked("zhang3"), assumed(), left(END))
    person, account, post, leaving = known
    for alone in (person, post):
        with pytest.raises(Refused) as refusal:
            domain.annul(known, _annulling(alone))
        assert refusal.value.rule is rules.RESTED_ON
    assert domain.annul(known, _annulling(leaving))[0].annuls == (leaving.id,)
    assert domain.annul(known, _annulling(account))[0].annuls == (account.id,)
    assert set(domain.annul(known, _annulling(post, leaving))[0].annuls) == {post.id, leaving.id}


def test_an_annulled_act_is_restored_by_annulling_the_annulment() -> None:
    known = recorded(registered(), assumed())
    (void,) = domain.annul(known, _annulling(known[1]))
    known += recorded(void, start=3)
    assert _current(known).posts == {}
    with pytest.raises(Refused) as refusal:
        domain.annul(known, _annulling(known[1]))
    assert refusal.value.rule is rules.UNKNOWN_STAFF_ACT
    (restoring,) = domain.annul(known, _annulling(known[2]))
    assert restoring.annuls == (known[2].id,)
    known += recorded(restoring, start=4)
    assert [post.division for post in _current(known).posts.values()] == [VILLAGE]


def test_annulling_a_post_is_for_whom_its_division_is_and_all_else_for_whom_all_posts_are() -> None:
    away = absent(date(2015, 1, 1), date(2015, 2, 1))
    known = recorded(registered(), linked("zhang3"), assumed(), assumed(2, division=TOWNSHIP), left(END, 2), away)
    divisions = [domain.divisions_touched(known, _annulling(act), date(2015, 1, 1)) for act in known]
    everywhere = {VILLAGE, TOWNSHIP}
    assert divisions == [everywhere, everywhere, {VILLAGE}, {TOWNSHIP}, {TOWNSHIP}, everywhere]
    assert domain.divisions_touched(known, _annulling(known[1]), END) == {VILLAGE}
