"""Four eyes, the comparison, and a decision that stands on paper."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.casework import cases as f
from contracts.registry.poverty_status import PovertyStatus
from services.casework.dates import FUTURE_DAY
from services.casework.procedures import commands as c
from services.casework.procedures.approval_rules import COMPARISON_NOT_CLEAN, DOCUMENT_REQUIRED, OWN_ENTRY
from services.casework.procedures.document import procedure_from
from services.casework.procedures.effects import effect_revoked
from services.casework.procedures.opening_rules import NOT_IN_FORCE, STATUS_NOT_ALLOWED
from services.casework.procedures.sequence_rules import BEFORE_PREVIOUS_STEP
from services.casework.procedures.state import Subject
from services.chassis.ground.refusals import Rule
from tests.casework.procedures.example_cases import (
    CADRE,
    CANDIDATE,
    COUNTY,
    DECIDER,
    EXIT,
    IDENTIFICATION,
    REGISTERED,
    TEXT,
    TOWNSHIP,
    announced,
    appraised,
    closed,
    command,
    day,
    decide_on,
    decided,
    document,
    edition_with,
    ended,
    exit_until_notice,
    exit_until_review,
    given,
    green_channel_taken,
    opened,
    pass_review,
    posted,
    reviewed,
    visited,
    with_status,
)

UNTIL_COMPARISON = (
    opened(procedure=IDENTIFICATION),
    visited(2, "visit"),
    appraised(3),
    posted(4),
    closed(12),
    reviewed(13),
    posted(14, step="township_notice"),
)


def decide_without(field: str) -> c.DecideCase:
    words: dict[str, Any] = {field: " "}
    return decide_on(15, **words)


def compare(number: int, clean: bool, by: str = COUNTY) -> object:
    return command(c.MakeComparison, number, by, clean=clean, departments=("housing", "vehicles"))


@pytest.mark.parametrize("subject", [CADRE, TOWNSHIP])
def test_nobody_decides_what_they_entered_or_reviewed(subject: str) -> None:
    given(*exit_until_review()).when(decide_on(15, by=subject), EXIT, REGISTERED).then_refused(OWN_ENTRY)


def test_nobody_reviews_what_they_entered() -> None:
    given(*exit_until_notice(), closed(13)).when(pass_review(14, CADRE), EXIT, REGISTERED).then_refused(OWN_ENTRY)


def test_nobody_compares_what_they_entered() -> None:
    given(*UNTIL_COMPARISON).when(compare(25, True, CADRE), IDENTIFICATION, CANDIDATE).then_refused(OWN_ENTRY)


def test_after_a_return_the_same_reviewer_reviews_again() -> None:
    back = command(c.ReturnCase, 15, TOWNSHIP, back_to="township_review", reason=TEXT)
    story = given(*exit_until_review()).when(back, EXIT, REGISTERED).then_happened(f.CaseReturned)
    story.when(pass_review(16), EXIT, REGISTERED).then_happened(f.ReviewGiven)


def test_what_the_comparison_found_stands_in_the_way_of_an_approval_not_of_a_rejection() -> None:
    story = given(*UNTIL_COMPARISON).when(compare(25, False), IDENTIFICATION, CANDIDATE)
    compared = story.then_happened(f.NoticeClosed, f.ComparisonMade)
    compared.when(decide_on(26), IDENTIFICATION, CANDIDATE).then_refused(COMPARISON_NOT_CLEAN, steps=("comparison",))
    compared.when(decide_on(26, approved=False), IDENTIFICATION, CANDIDATE).then_happened(f.CaseDecided, f.CaseEnded)


def test_a_finding_that_was_cleared_by_a_second_comparison_is_no_longer_in_the_way() -> None:
    compared = given(*UNTIL_COMPARISON).when(compare(25, False), IDENTIFICATION, CANDIDATE)
    back = command(c.ReturnCase, 26, COUNTY, back_to="comparison", reason=TEXT)
    story = compared.then_happened(f.NoticeClosed, f.ComparisonMade).when(back, IDENTIFICATION, CANDIDATE)
    again = story.then_happened(f.CaseReturned).when(compare(27, True), IDENTIFICATION, CANDIDATE)
    approved = again.then_happened(f.ComparisonMade).when(decide_on(28), IDENTIFICATION, CANDIDATE)
    approved.then_happened(f.CaseDecided)


def test_where_the_parameter_says_so_a_finding_is_only_noted() -> None:
    procedure = edition_with("identification-2014", "comparison", must_be_clean=False)
    story = given(*UNTIL_COMPARISON).when(compare(25, False), procedure, CANDIDATE)
    compared = story.then_happened(f.NoticeClosed, f.ComparisonMade)
    compared.when(decide_on(26), procedure, CANDIDATE).then_happened(f.CaseDecided)


@pytest.mark.parametrize("field", ["organ", "document_no", "signer"])
def test_a_decision_without_its_paper_is_none(field: str) -> None:
    given(*exit_until_review()).when(decide_without(field), EXIT, REGISTERED).then_refused(
        DOCUMENT_REQUIRED, missing=(field,)
    )


@pytest.mark.parametrize(("number", "refusal"), [(13, BEFORE_PREVIOUS_STEP), (14, None), (15, None)])
def test_a_decision_is_not_dated_before_the_review(number: int, refusal: Rule | None) -> None:
    deciding = given(*exit_until_review()).when(decide_on(number), EXIT, REGISTERED)
    if refusal:
        deciding.then_refused(refusal, former=day(14))
    else:
        deciding.then(decided(number))


@pytest.mark.parametrize(("today", "refusal"), [(day(15), FUTURE_DAY), (day(16), None), (day(17), None)])
def test_a_decision_is_not_dated_after_its_entry(today: date, refusal: Rule | None) -> None:
    deciding = given(*exit_until_review()).when(decide_on(16, today=today), EXIT, REGISTERED)
    if refusal:
        deciding.then_refused(refusal)
    else:
        deciding.then(decided(16))


def test_a_rejection_ends_the_case() -> None:
    given(*exit_until_review()).when(decide_on(15, approved=False), EXIT, REGISTERED).then(
        decided(15, approved=False), ended(15, f.CaseOutcome.REJECTED, "decision", DECIDER)
    )


def test_a_review_that_does_not_pass_ends_the_case() -> None:
    rejecting = command(c.GiveReview, 14, TOWNSHIP, outcome=f.ReviewOutcome.REJECTED)
    given(*exit_until_notice(), closed(13)).when(rejecting, EXIT, REGISTERED).then_happened(f.ReviewGiven, f.CaseEnded)


@pytest.mark.parametrize(
    ("on", "lawful"), [(date(2020, 12, 30), True), (date(2020, 12, 31), True), (date(2021, 1, 1), False)]
)
def test_a_case_that_outlives_its_edition_can_only_be_rejected(on: date, lawful: bool) -> None:
    approve = replace(decide_on(15), on=on, today=date(2021, 6, 1))
    approval = given(*exit_until_review()).when(approve, EXIT, REGISTERED)
    if lawful:
        approval.then_happened(f.CaseDecided)
    else:
        approval.then_refused(NOT_IN_FORCE)
    given(*exit_until_review()).when(replace(approve, approved=False), EXIT, REGISTERED).then_happened(
        f.CaseDecided, f.CaseEnded
    )


def test_a_status_that_changed_meanwhile_leaves_only_the_rejection() -> None:
    removed: Subject = with_status(PovertyStatus.REMOVED)
    story = given(*exit_until_review())
    story.when(decide_on(15), EXIT, removed).then_refused(STATUS_NOT_ALLOWED)
    story.when(decide_on(15, approved=False), EXIT, removed).then_happened(f.CaseDecided, f.CaseEnded)


@pytest.mark.parametrize(("clean", "outcome"), [(True, f.CaseOutcome.COMPLETED), (False, f.CaseOutcome.REJECTED)])
def test_a_comparison_made_good_that_is_not_clean_brings_the_approval_down(clean: bool, outcome: f.CaseOutcome) -> None:
    """Where the green channel has decided first, what must be clean cannot prevent the approval any more."""
    content = document("identification-2014")
    deferred = tuple(s["key"] for s in content["steps"] if s["key"] not in ("decision", "announcement"))
    content["green_channel"] = {
        "office": {"level": "county", "role": "reviewer"}, "deferred": deferred, "days": 30, "calendar": "days",
    }  # fmt: skip
    urgent = procedure_from(content)
    made_good = (
        visited(4, "visit"), appraised(5), posted(6), closed(14), reviewed(15), posted(16, step="township_notice"),
    )  # fmt: skip
    story = given(opened(procedure=urgent), green_channel_taken(1, deferred), decided(2), announced(3), *made_good)
    after = story.when(compare(27, clean, "another-reviewer"), urgent, CANDIDATE).then_happened(
        f.NoticeClosed, f.ComparisonMade, f.CaseEnded
    )
    assert after.state.outcome is outcome
    assert effect_revoked(story.state, after.state, urgent) is not clean
