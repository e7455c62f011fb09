"""An objection received while a notice was hanging counts, also where it is entered after the calendar has closed the notice.

The story: the notice of day 5 hangs until the end of day 12 and was closed on day 13; what follows is entered later."""

import pytest

from contracts.casework import cases as f
from contracts.facts import Fact
from contracts.selection import timeline
from services.casework.procedures import commands as c
from services.casework.procedures.case_facts import due_step
from services.casework.procedures.document import Procedure
from services.casework.procedures.domain import decide
from services.casework.procedures.next_steps import Situation, advising
from services.casework.procedures.notice_rules import (
    NOTICE_NOT_OVER,
    OBJECTION_AFTER_NOTICE,
    OBJECTION_OPEN,
    OBJECTION_OVERTAKEN,
)
from services.casework.procedures.sequence_rules import BEFORE_PREVIOUS_STEP
from services.casework.procedures.state import CaseState, due_notice_end, fold
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import (
    CADRE,
    DECIDER,
    EXIT,
    MINUTES,
    REGISTERED,
    TEXT,
    TOWNSHIP,
    closed,
    command,
    day,
    decided,
    edition_with,
    ended,
    exit_until_notice,
    exit_until_review,
    objected,
    pass_review,
    posted,
    reviewed,
)
from tests.casework.procedures.test_notice_rules import close, object_, resolve, resolved, with_objections
from tests.support.given import specification

CLOSED = (*exit_until_notice(), closed(13))


given = specification(decide, lambda facts: fold(timeline(facts)))
"""As the log tells it: in the order of the days, in which the closing comes after what was told late."""


def due(state: CaseState, procedure: Procedure = EXIT) -> str:
    step = due_step(state, procedure)
    assert step is not None
    return step.key


@pytest.mark.parametrize(
    ("number", "refused"),
    [(4, BEFORE_PREVIOUS_STEP), (5, None), (11, None), (12, None), (13, OBJECTION_AFTER_NOTICE), (14, OBJECTION_AFTER_NOTICE)],
)  # fmt: skip
def test_it_is_taken_from_the_day_of_posting_to_the_last_day(number: int, refused: object) -> None:
    raising = given(*CLOSED).when(object_(number), EXIT, REGISTERED)
    if refused is not None:
        raising.then_refused(refused)  # type: ignore[arg-type]
        return
    state = raising.then(objected(number)).state
    assert due(state) == "village_notice"
    assert (state.running_notice is not None, due_notice_end(state)) == (True, None)


def test_the_notice_runs_again_and_ends_by_the_calendar_once_more() -> None:
    """Raised on day 7, dismissed on day 10: days 7, 8 and 9 do not count."""
    story = given(*CLOSED, objected(7))
    story.when(pass_review(14), EXIT, REGISTERED).then_refused(OBJECTION_OPEN)
    again = story.when(resolve(10), EXIT, REGISTERED).then(resolved(10, last_day=15))
    assert due_notice_end(again.state) == day(16)
    again.when(close(15), EXIT, REGISTERED).then_refused(NOTICE_NOT_OVER)
    again.when(pass_review(15), EXIT, REGISTERED).then_refused(NOTICE_NOT_OVER)
    over = again.when(close(16), EXIT, REGISTERED).then(closed(16))
    assert due(over.state) == "township_review"
    over.when(pass_review(16, "another"), EXIT, REGISTERED).then_happened(f.ReviewGiven)
    # Another one is told late, of the days that were added.
    over.when(object_(15), EXIT, REGISTERED).then(objected(15, no=2))


def test_where_the_clock_runs_on_it_ends_on_the_day_on_which_it_had_ended() -> None:
    procedure = with_objections(while_open="run")
    story = given(*CLOSED, objected(7)).when(resolve(10), procedure, REGISTERED).then(resolved(10))
    assert (due(story.state, procedure), story.state.days["village_notice"]) == ("township_review", day(13))
    story.when(pass_review(12), procedure, REGISTERED).then_refused(BEFORE_PREVIOUS_STEP, former=day(13))
    story.when(pass_review(13, "another"), procedure, REGISTERED).then_happened(f.ReviewGiven)


def test_a_resolution_is_not_before_the_objection() -> None:
    story = given(*CLOSED, objected(7))
    story.when(resolve(6), EXIT, REGISTERED).then_refused(BEFORE_PREVIOUS_STEP, former=day(7))


def test_one_that_is_upheld_ends_the_case_or_has_the_notice_posted_anew() -> None:
    story = given(*CLOSED, objected(7))
    upheld = story.when(resolve(10, upheld=True), EXIT, REGISTERED)
    outcome = upheld.then_happened(f.ObjectionResolved, f.CaseEnded).state.outcome
    assert outcome is f.CaseOutcome.REJECTED
    procedure = with_objections(when_upheld="repost")
    back = story.when(resolve(10, upheld=True), procedure, REGISTERED).then_happened(
        f.ObjectionResolved, f.CaseReturned
    )
    assert due(back.state, procedure) == "village_notice"
    again = back.when(command(c.PostNotice, 11), procedure, REGISTERED).then(posted(11))
    # Day 13 ended what was posted first, and not what hangs since day 11.
    assert due_notice_end(again.state) == day(19)


@pytest.mark.parametrize("told_late", [False, True])
def test_whichever_was_entered_first_the_case_stands_the_same(told_late: bool) -> None:
    facts: tuple[Fact, ...] = (objected(12), resolved(14, last_day=14))
    story = given(*CLOSED, *facts) if told_late else given(*exit_until_notice(), *facts)
    assert story.state == given(*exit_until_notice(), *facts).state


def test_once_a_step_rests_on_the_notice_the_case_is_returned_to_it() -> None:
    story = given(*exit_until_review())
    story.when(object_(13), EXIT, REGISTERED).then_refused(OBJECTION_AFTER_NOTICE)
    refused = story.when(object_(12), EXIT, REGISTERED).then_refused(OBJECTION_OVERTAKEN, former=day(14))
    back, *endings = advised(story.state, object_(12), refused)
    assert (back.act, back.form, back.first_day) == ("return_case", {"back_to": "village_notice"}, day(14))
    assert [step.act for step in endings] == ["withdraw_case", "close_case"]
    sent_back = command(c.ReturnCase, 14, back_to="village_notice", reason=TEXT)
    again = story.when(sent_back, EXIT, REGISTERED).then_happened(f.CaseReturned)
    again = again.when(command(c.PostNotice, 15), EXIT, REGISTERED).then(posted(15))
    again.when(object_(15), EXIT, REGISTERED).then(objected(15))


def test_once_it_is_decided_the_case_goes_on_or_ends() -> None:
    story = given(*exit_until_review(), decided(15))
    refused = story.when(object_(12), EXIT, REGISTERED).then_refused(OBJECTION_OVERTAKEN, former=day(15))
    assert [step.act for step in advised(story.state, object_(12), refused)] == ["announce_case", "close_case"]


def advised(state: CaseState, tried: object, refused: Refused) -> tuple:  # type: ignore[type-arg]
    at = Situation(
        command=tried, state=state, procedure=EXIT, subject=REGISTERED, other=lambda _: (state, EXIT), instead=tuple  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(Refused) as no, advising(at):
        raise refused
    return no.value.next


@pytest.mark.parametrize(("number", "accepted"), [(12, False), (13, True), (14, True)])
def test_a_step_after_the_notice_is_not_before_its_end(number: int, accepted: bool) -> None:
    review = given(*CLOSED).when(pass_review(number), EXIT, REGISTERED)
    if accepted:
        review.then(reviewed(number))
    else:
        refused = review.then_refused(BEFORE_PREVIOUS_STEP, former=day(13))
        assert advised(given(*CLOSED).state, pass_review(number), refused)[0].first_day == day(13)


def test_what_is_no_step_may_be_of_a_day_on_which_the_notice_was_hanging() -> None:
    """As where it was entered in time: it is the notice that was due."""
    for story in (given(*exit_until_notice()), given(*CLOSED)):
        gone = story.when(command(c.WithdrawCase, 12), EXIT, REGISTERED)
        gone.then(ended(12, f.CaseOutcome.WITHDRAWN, "village_notice", CADRE))
        shut = story.when(command(c.CloseCase, 12, DECIDER, reason=TEXT, evidence=MINUTES), EXIT, REGISTERED)
        assert shut.then_happened(f.CaseEnded).state.outcome is f.CaseOutcome.CLOSED
        back = story.when(command(c.ReturnCase, 12, TOWNSHIP, back_to="consent", reason=TEXT), EXIT, REGISTERED)
        assert due(back.then_happened(f.CaseReturned).state) == "consent"
    given(*CLOSED).when(command(c.WithdrawCase, 4), EXIT, REGISTERED).then_refused(BEFORE_PREVIOUS_STEP)


def test_a_notice_that_continues_stands_closed_after_a_return_of_an_earlier_day() -> None:
    procedure = edition_with("exit-2016", "village_notice", on_return="continue")
    back = given(*CLOSED).when(command(c.ReturnCase, 12, back_to="consent", reason=TEXT), procedure, REGISTERED)
    agreed = back.then_happened(f.CaseReturned).when(command(c.GiveConsent, 12, agreed=True), procedure, REGISTERED)
    agreed.then_happened(f.ConsentGiven).when(pass_review(13), procedure, REGISTERED).then(reviewed(13))
