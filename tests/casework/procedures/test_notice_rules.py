"""A notice runs its days, and ends free of objection or not at all (M005; source facts §5 A rules 2 and 8).

The story: the notice of day 5 hangs seven days, day 12 is its last, on day 13 it may be closed."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.casework import cases as f
from contracts.facts import Fact
from services.casework.procedures import commands as c
from services.casework.procedures.approval_rules import OWN_ENTRY
from services.casework.procedures.document import Procedure
from services.casework.procedures.notice_rules import (
    NO_NOTICE_POSTED,
    NOTICE_NOT_OVER,
    OBJECTION_AFTER_NOTICE,
    OBJECTION_NOT_OPEN,
    OBJECTION_OPEN,
)
from services.casework.procedures.state import due_notice_end, fold
from tests.casework.procedures.example_cases import (
    CADRE,
    EXIT,
    HOLIDAYS,
    REGISTERED,
    TEXT,
    TIMER,
    TOWNSHIP,
    agreed,
    appraised,
    closed,
    command,
    day,
    edition_with,
    ended,
    exit_until_notice,
    exit_until_review,
    given,
    objected,
    opened,
    pass_review,
    posted,
    reviewed,
    visited,
)
from tests.support.recorded import recorded

UNTIL_NOTICE = opened(), appraised(2), visited(3), agreed(4)


def close(number: int) -> object:
    return command(c.CloseNotice, number, TIMER)


def object_(number: int) -> object:
    return command(c.RaiseObjection, number, text=TEXT, objector=TEXT)


def resolve(number: int, no: int = 1, upheld: bool = False) -> object:
    return command(c.ResolveObjection, number, TOWNSHIP, objection_no=no, upheld=upheld, finding=TEXT)


def resolved(number: int, no: int = 1, upheld: bool = False, last_day: int | None = None) -> f.ObjectionResolved:
    common = visited(number, "village_notice")
    return f.ObjectionResolved(
        subject=common.subject,
        household_id=common.household_id,
        case_id=common.case_id,
        effective_on=day(number),
        entered_by=TOWNSHIP,
        step="village_notice",
        objection_no=no,
        upheld=upheld,
        finding=TEXT,
        notice_last_day=day(last_day) if last_day else None,
    )


def due(*facts: Fact) -> date | None:
    state = fold(recorded(*facts))
    assert state is not None
    return due_notice_end(state)


def with_objections(**objections: object) -> Procedure:
    return edition_with("exit-2016", "village_notice", objections=objections)


def test_seven_days_begin_the_day_after_posting() -> None:
    given(*UNTIL_NOTICE).when(command(c.PostNotice, 5), EXIT, REGISTERED).then(posted(5, 7))


def test_where_the_first_day_counts_the_notice_ends_a_day_earlier() -> None:
    procedure = edition_with("exit-2016", "village_notice", first_day_counts=True)
    given(*UNTIL_NOTICE).when(command(c.PostNotice, 5), procedure, REGISTERED).then(posted(5, 6))


def test_where_working_days_count_the_weekend_does_not() -> None:
    """Day 5 is Friday, 6 March 2015."""
    procedure = edition_with("exit-2016", "village_notice", calendar="working_days", days=5)
    given(*UNTIL_NOTICE).when(command(c.PostNotice, 5), procedure, REGISTERED, HOLIDAYS).then(posted(5, 7))


def test_working_days_without_a_holiday_edition_are_not_guessed() -> None:
    procedure = edition_with("exit-2016", "village_notice", calendar="working_days")
    given(*UNTIL_NOTICE).when(command(c.PostNotice, 5), procedure, REGISTERED).then_refused("no_holiday_edition")


def test_the_timer_is_set_for_the_day_after_the_last_day() -> None:
    assert due(*exit_until_notice()) == day(13)


def test_no_timer_runs_without_a_notice_or_after_it_closed_or_while_an_objection_is_open() -> None:
    assert due(*UNTIL_NOTICE) is None
    assert due(*exit_until_review()) is None
    assert due(*exit_until_notice(), objected(7)) is None


@pytest.mark.parametrize(("number", "over"), [(11, False), (12, False), (13, True), (14, True)])
def test_the_timer_closes_the_notice_when_its_last_day_is_over(number: int, over: bool) -> None:
    closing = given(*exit_until_notice()).when(close(number), EXIT, REGISTERED)
    if over:
        closing.then(closed(number))
    else:
        closing.then_refused(NOTICE_NOT_OVER, last_day=day(12))


def test_a_second_ring_of_the_timer_does_nothing() -> None:
    given(*exit_until_review()).when(close(14), EXIT, REGISTERED).then_nothing_happened()
    given(*UNTIL_NOTICE).when(close(14), EXIT, REGISTERED).then_nothing_happened()


def test_a_notice_with_an_open_objection_is_not_closed() -> None:
    given(*exit_until_notice(), objected(7)).when(close(13), EXIT, REGISTERED).then_refused(
        OBJECTION_OPEN, objections=(1,)
    )


@pytest.mark.parametrize("number", [11, 12])
def test_the_township_does_not_review_before_the_notice_is_over(number: int) -> None:
    given(*exit_until_notice()).when(pass_review(number), EXIT, REGISTERED).then_refused(
        NOTICE_NOT_OVER, last_day=day(12)
    )


def test_a_review_that_overtakes_the_timer_closes_the_notice_on_its_own_day() -> None:
    given(*exit_until_notice()).when(pass_review(14), EXIT, REGISTERED).then(closed(13), reviewed(14))


def test_no_step_is_taken_past_an_open_objection() -> None:
    given(*exit_until_notice(), objected(12)).when(pass_review(14), EXIT, REGISTERED).then_refused(OBJECTION_OPEN)


def test_a_notice_is_not_posted_twice() -> None:
    given(*exit_until_notice()).when(command(c.PostNotice, 6), EXIT, REGISTERED).then_refused(NOTICE_NOT_OVER)


@pytest.mark.parametrize(("number", "in_time"), [(5, True), (11, True), (12, True), (13, False)])
def test_objections_are_taken_until_the_end_of_the_last_day(number: int, in_time: bool) -> None:
    raising = given(*exit_until_notice()).when(object_(number), EXIT, REGISTERED)
    if in_time:
        raising.then(objected(number))
    else:
        raising.then_refused(OBJECTION_AFTER_NOTICE, last_day=day(12))


def test_there_is_nothing_to_object_to_before_the_notice() -> None:
    given(*UNTIL_NOTICE).when(object_(5), EXIT, REGISTERED).then_refused(NO_NOTICE_POSTED)


def test_the_clock_stands_still_while_an_objection_is_open() -> None:
    """Raised on day 7, dismissed on day 10: days 7, 8 and 9 do not count."""
    story = given(*exit_until_notice(), objected(7)).when(resolve(10), EXIT, REGISTERED)
    story.then(resolved(10, last_day=15)).when(close(15), EXIT, REGISTERED).then_refused(NOTICE_NOT_OVER)
    assert due(*exit_until_notice(), objected(7), resolved(10, last_day=15)) == day(16)


def test_two_objections_at_once_stop_the_clock_once_until_the_last_is_resolved() -> None:
    story = given(*exit_until_notice(), objected(7), objected(8, no=2)).when(resolve(9), EXIT, REGISTERED)
    again = story.then(resolved(9)).when(resolve(11, no=2), EXIT, REGISTERED)
    again.then(resolved(11, no=2, last_day=16))


def test_while_the_clock_stands_still_another_objection_is_in_time() -> None:
    given(*exit_until_notice(), objected(12)).when(object_(14), EXIT, REGISTERED).then(objected(14, no=2))


def test_where_the_clock_runs_on_a_dismissed_objection_costs_no_day() -> None:
    procedure = with_objections(while_open="run")
    given(*exit_until_notice(), objected(7)).when(resolve(10), procedure, REGISTERED).then(resolved(10))


def test_where_the_clock_runs_on_a_late_finding_lets_the_notice_close_on_that_day() -> None:
    assert due(*exit_until_notice(), objected(12), resolved(20)) == day(20)


def test_an_objection_upheld_ends_the_case() -> None:
    given(*exit_until_notice(), objected(7)).when(resolve(10, upheld=True), EXIT, REGISTERED).then(
        resolved(10, upheld=True), ended(10, f.CaseOutcome.REJECTED, "village_notice", TOWNSHIP)
    )


def test_where_the_parameter_says_so_an_objection_upheld_means_correct_and_post_anew() -> None:
    procedure = with_objections(when_upheld="repost")
    story = given(*exit_until_notice(), objected(7)).when(resolve(10, upheld=True), procedure, REGISTERED)
    reposted = story.then_happened(f.ObjectionResolved, f.CaseReturned)
    reposted.when(pass_review(14), procedure, REGISTERED).then_refused("step_out_of_order", due="village_notice")
    reposted.when(command(c.PostNotice, 11), procedure, REGISTERED).then(posted(11))


def test_an_objection_is_resolved_once() -> None:
    settled = given(*exit_until_notice(), objected(7), resolved(10, last_day=15))
    settled.when(resolve(11), EXIT, REGISTERED).then_refused(OBJECTION_NOT_OPEN, objection=1)


def test_where_objections_are_taken_until_the_decision_they_stop_what_follows() -> None:
    procedure = with_objections(until="decision", when_upheld="repost")
    story = given(*exit_until_review()).when(object_(15), procedure, REGISTERED).then(objected(15))
    story.when(
        command(c.DecideCase, 16, approved=True, organ="o", document_no="1", signer="s"), procedure, REGISTERED
    ).then_refused(OBJECTION_OPEN)
    returned = story.when(resolve(16, upheld=True), procedure, REGISTERED).facts[1]
    assert isinstance(returned, f.CaseReturned)
    assert returned.undone == ("village_notice", "township_review")


def test_nobody_resolves_an_objection_to_the_notice_they_posted_or_to_what_they_entered() -> None:
    story = given(*exit_until_notice(), objected(7))
    own = command(c.ResolveObjection, 10, CADRE, objection_no=1, upheld=False, finding=TEXT)
    story.when(own, EXIT, REGISTERED).then_refused(OWN_ENTRY)
    story.when(resolve(10), EXIT, replace(REGISTERED, hands=frozenset({TOWNSHIP}))).then_refused(OWN_ENTRY)


def test_a_dismissal_after_the_notice_closed_does_not_lengthen_it() -> None:
    procedure = with_objections(until="decision")
    given(*exit_until_review(), objected(15)).when(resolve(17), procedure, REGISTERED).then(resolved(17))
