"""Every step in its turn, on a possible day, with its papers and its votes."""

from datetime import date
from uuid import UUID

import pytest

from contracts.casework import cases as f
from contracts.facts import Evidence, StoredFile
from services.casework.dates import FUTURE_DAY
from services.casework.procedures import commands as c
from services.casework.procedures.approval_rules import NO_QUORUM, VOTES_DO_NOT_ADD_UP
from services.casework.procedures.paper_rules import EVIDENCE_MISSING, EVIDENCE_ON_PAPER
from services.casework.procedures.sequence_rules import (
    ANNOUNCED_BEFORE_DECISION,
    BEFORE_PREVIOUS_STEP,
    CASE_CLOSED,
    OUT_OF_ORDER,
)
from services.chassis.ground.refusals import NOT_FOUND
from tests.casework.procedures.example_cases import (
    CADRE,
    COUNTY,
    EXIT,
    REGISTERED,
    agreed,
    announced,
    appraise,
    appraised,
    command,
    day,
    decide_on,
    decided,
    edition_with,
    ended,
    exit_until_review,
    given,
    opened,
    posted,
    visited,
)


def test_the_appraisal_is_recorded_with_its_votes() -> None:
    given(opened()).when(appraise(2), EXIT, REGISTERED).then(appraised(2))


def test_no_case_no_step() -> None:
    given().when(appraise(2), EXIT, REGISTERED).then_refused(NOT_FOUND)


def test_a_step_before_its_turn_is_refused_and_the_due_step_named() -> None:
    given(opened()).when(command(c.GiveConsent, 2, agreed=True), EXIT, REGISTERED).then_refused(
        OUT_OF_ORDER, due="appraisal"
    )


def test_a_step_is_not_taken_twice() -> None:
    given(opened(), appraised(2)).when(appraise(3), EXIT, REGISTERED).then_refused(OUT_OF_ORDER, due="check")


@pytest.mark.parametrize(("number", "accepted"), [(2, False), (3, True), (4, True)])
def test_a_step_lies_on_the_day_of_the_former_one_or_after_it(number: int, accepted: bool) -> None:
    visit = given(opened(), appraised(3)).when(command(c.MakeVisit, number, confirmed=True), EXIT, REGISTERED)
    if accepted:
        visit.then(visited(number))
    else:
        visit.then_refused(BEFORE_PREVIOUS_STEP, former=day(3))


@pytest.mark.parametrize(("today", "accepted"), [(day(1), False), (day(2), True), (day(3), True)])
def test_a_step_is_entered_on_its_day_or_later(today: date, accepted: bool) -> None:
    appraisal = given(opened()).when(appraise(2, today=today), EXIT, REGISTERED)
    if accepted:
        appraisal.then(appraised(2))
    else:
        appraisal.then_refused(FUTURE_DAY)


def test_an_appraisal_without_minutes_is_refused() -> None:
    """M002: the minutes are kept."""
    given(opened()).when(appraise(2, evidence=()), EXIT, REGISTERED).then_refused(
        EVIDENCE_MISSING, missing=("minutes",)
    )


def test_paper_in_the_archive_is_enough_unless_the_document_wants_an_upload() -> None:
    strict = edition_with("exit-2016", "appraisal", uploaded=["minutes"])
    scanned = (Evidence(kind="minutes", file=StoredFile(id=UUID(int=1), sha256="0" * 64)),)
    given(opened()).when(appraise(2), EXIT, REGISTERED).then_happened(f.AppraisalHeld)
    given(opened()).when(appraise(2), strict, REGISTERED).then_refused(EVIDENCE_ON_PAPER, uploaded=("minutes",))
    given(opened()).when(appraise(2, evidence=scanned), strict, REGISTERED).then_happened(f.AppraisalHeld)


@pytest.mark.parametrize(("present", "accepted"), [(23, False), (24, True), (25, True)])
def test_two_thirds_of_thirty_six_are_twenty_four(present: int, accepted: bool) -> None:
    appraisal = given(opened()).when(appraise(2, in_favour=present, present=present), EXIT, REGISTERED)
    if accepted:
        appraisal.then_happened(f.AppraisalHeld)
    else:
        appraisal.then_refused(NO_QUORUM, present=23, entitled=36)


def test_nobody_present_is_no_appraisal_even_where_no_quorum_is_asked() -> None:
    procedure = edition_with("exit-2016", "appraisal", quorum="0")
    given(opened()).when(appraise(2, in_favour=0, present=0), procedure, REGISTERED).then_refused(NO_QUORUM)


@pytest.mark.parametrize(("in_favour", "carried"), [(14, False), (15, False), (16, True)])
def test_more_than_half_of_those_present_must_be_in_favour(in_favour: int, carried: bool) -> None:
    appraisal = given(opened()).when(appraise(2, in_favour=in_favour), EXIT, REGISTERED)
    lost = (ended(2, f.CaseOutcome.REJECTED, "appraisal", CADRE),)
    appraisal.then(appraised(2, in_favour), *(() if carried else lost))


def test_a_majority_is_counted_of_those_present_not_of_those_who_voted() -> None:
    abstaining = appraise(2, in_favour=15, against=0, abstained=15)
    given(opened()).when(abstaining, EXIT, REGISTERED).then_happened(f.AppraisalHeld, f.CaseEnded)


@pytest.mark.parametrize(
    "votes",
    [{"against": 4}, {"against": 6}, {"in_favour": 31, "against": -1}, {"entitled": 29}],
)
def test_votes_that_do_not_add_up_are_refused(votes: dict[str, int]) -> None:
    given(opened()).when(appraise(2, **votes), EXIT, REGISTERED).then_refused(VOTES_DO_NOT_ADD_UP)


def test_a_visit_that_finds_otherwise_ends_the_case() -> None:
    visit = command(c.MakeVisit, 3, confirmed=False)
    given(opened(), appraised(2)).when(visit, EXIT, REGISTERED).then_happened(f.VisitMade, f.CaseEnded)


def test_a_household_that_refuses_its_exit_stays() -> None:
    refusal = command(c.GiveConsent, 4, agreed=False)
    history = given(opened(), appraised(2), visited(3)).when(refusal, EXIT, REGISTERED)
    history.then_happened(f.ConsentGiven, f.CaseEnded).when(command(c.PostNotice, 5), EXIT, REGISTERED).then_refused(
        CASE_CLOSED, outcome=f.CaseOutcome.REJECTED
    )


def test_a_household_that_agrees_goes_on_to_the_notice() -> None:
    story = given(opened(), appraised(2), visited(3)).when(command(c.GiveConsent, 4, agreed=True), EXIT, REGISTERED)
    story.then(agreed(4)).when(command(c.PostNotice, 5), EXIT, REGISTERED).then(posted(5))


def test_nothing_is_announced_before_it_is_decided() -> None:
    announcing = command(c.AnnounceCase, 15, COUNTY)
    given(*exit_until_review()).when(announcing, EXIT, REGISTERED).then_refused(
        ANNOUNCED_BEFORE_DECISION, due="decision"
    )


def test_the_announcement_completes_an_exit() -> None:
    story = given(*exit_until_review()).when(decide_on(15), EXIT, REGISTERED).then(decided(15))
    story.when(command(c.AnnounceCase, 16, COUNTY), EXIT, REGISTERED).then(
        announced(16), ended(16, f.CaseOutcome.COMPLETED, "announcement", COUNTY)
    )
