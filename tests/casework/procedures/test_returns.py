"""Returned for correction (退回补正), and withdrawn."""

from datetime import date

from contracts.casework import cases as f
from services.casework.procedures import commands as c
from services.casework.procedures.sequence_rules import ALREADY_DECIDED, CASE_CLOSED, STEP_NOT_TAKEN
from services.casework.procedures.state import due_notice_end
from tests.casework.procedures.example_cases import (
    CADRE,
    EXIT,
    REGISTERED,
    TEXT,
    TOWNSHIP,
    appraise,
    command,
    day,
    decided,
    edition_with,
    ended,
    exit_until_notice,
    exit_until_review,
    given,
    pass_review,
    posted,
)


def send_back(number: int, to: str, by: str = TOWNSHIP) -> object:
    return command(c.ReturnCase, number, by, back_to=to, reason=TEXT)


def test_a_return_undoes_the_step_and_all_that_followed() -> None:
    returned = given(*exit_until_review()).when(send_back(15, "check"), EXIT, REGISTERED).facts
    assert [(r.back_to, r.undone) for r in returned if isinstance(r, f.CaseReturned)] == [
        ("check", ("check", "consent", "village_notice", "township_review"))
    ]


def test_what_was_undone_is_done_again_and_the_notice_hangs_its_full_days_anew() -> None:
    story = given(*exit_until_review()).when(send_back(15, "consent"), EXIT, REGISTERED)
    story = story.then_happened(f.CaseReturned).when(command(c.GiveConsent, 16, agreed=True), EXIT, REGISTERED)
    story.then_happened(f.ConsentGiven).when(command(c.PostNotice, 17), EXIT, REGISTERED).then(posted(17))


def test_where_the_clock_continues_a_completed_notice_stands() -> None:
    procedure = edition_with("exit-2016", "village_notice", on_return="continue")
    story = given(*exit_until_review()).when(send_back(15, "consent"), procedure, REGISTERED)
    story = story.then_happened(f.CaseReturned).when(command(c.GiveConsent, 16, agreed=True), procedure, REGISTERED)
    story.then_happened(f.ConsentGiven).when(pass_review(17), procedure, REGISTERED).then_happened(f.ReviewGiven)


def test_where_the_clock_continues_a_running_notice_runs_on() -> None:
    procedure = edition_with("exit-2016", "village_notice", on_return="continue")
    story = given(*exit_until_notice()).when(send_back(8, "consent", CADRE), procedure, REGISTERED)
    assert due_notice_end(story.then_happened(f.CaseReturned).state) == day(13)


def test_a_return_stops_the_timer_of_a_notice_that_must_hang_anew() -> None:
    story = given(*exit_until_notice()).when(send_back(8, "consent", CADRE), EXIT, REGISTERED)
    assert due_notice_end(story.then_happened(f.CaseReturned).state) is None


def test_a_notice_returned_to_itself_is_posted_anew_even_where_the_clock_continues() -> None:
    procedure = edition_with("exit-2016", "village_notice", on_return="continue")
    story = given(*exit_until_notice()).when(send_back(8, "village_notice", CADRE), procedure, REGISTERED)
    story.then_happened(f.CaseReturned).when(command(c.PostNotice, 9), procedure, REGISTERED).then(posted(9))


def test_a_return_that_overtakes_the_timer_closes_the_notice_first() -> None:
    given(*exit_until_notice()).when(send_back(14, "check"), EXIT, REGISTERED).then_happened(
        f.NoticeClosed, f.CaseReturned
    )


def test_a_case_is_not_returned_to_a_step_it_never_reached() -> None:
    for step in ("decision", "no_such_step"):
        given(*exit_until_review()).when(send_back(15, step), EXIT, REGISTERED).then_refused(
            STEP_NOT_TAKEN, back_to=step
        )


def test_a_decided_case_is_neither_returned_nor_withdrawn() -> None:
    story = given(*exit_until_review(), decided(15))
    story.when(send_back(16, "check"), EXIT, REGISTERED).then_refused(ALREADY_DECIDED)
    story.when(command(c.WithdrawCase, 16), EXIT, REGISTERED).then_refused(ALREADY_DECIDED)


def test_a_case_is_withdrawn_where_it_stands_and_nothing_follows() -> None:
    story = given(*exit_until_notice()).when(command(c.WithdrawCase, 6), EXIT, REGISTERED)
    gone = story.then(ended(6, f.CaseOutcome.WITHDRAWN, "village_notice", CADRE))
    gone.when(appraise(7), EXIT, REGISTERED).then_refused(CASE_CLOSED, outcome=f.CaseOutcome.WITHDRAWN)
    end: date | None = due_notice_end(gone.state)
    assert end is None
