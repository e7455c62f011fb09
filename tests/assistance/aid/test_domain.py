"""The steps to a grant, as pure decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.assistance.aid import (
    AidApplicationEnded,
    AidApplied,
    AidAppraised,
    AidFact,
    AidGranted,
    AidNoticeClosed,
    AidNoticePosted,
    AidObjectionRaised,
    AidObjectionResolved,
    AidOutcome,
    AidReviewed,
)
from contracts.facts import Decision, Fact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.households import PovertyStatus
from contracts.selection import timeline
from services.assistance.aid import commands as c
from services.assistance.aid import rules
from services.assistance.aid.domain import DecisionContext, decide
from services.assistance.aid.state import AidCase, fold
from services.assistance.beneficiaries.domain import PersonState
from services.assistance.service import FIRST_TEXTS
from services.chassis.ground.refusals import NOT_FOUND
from tests.support.first_texts import parameters_of
from tests.support.given import specification

PERSON, HOUSEHOLD = UUID(int=7), UUID(int=8)
LAW = parameters_of(FIRST_TEXTS, "education_aid")
VILLAGE = "990001101201"
DAY = date(2014, 9, 2)
PUPIL = PersonState(
    household_id=HOUSEHOLD, division=VILLAGE, status=PovertyStatus.REGISTERED, stage=SchoolStage.PRIMARY, boarder=True
)
CONTEXT = DecisionContext(PUPIL, LAW, date(2014, 12, 31))


def cases(recorded: Sequence[Recorded]) -> dict[int, AidCase]:
    return fold(timeline(recorded))


given = specification(decide, cases)


def aid_fact(kind: type[AidFact], day: date = DAY, by: str = "cadre-1", **fields: Any) -> AidFact:
    return kind(
        household_id=HOUSEHOLD, person_id=PERSON, application_no=1, effective_on=day, entered_by=by, **fields
    )  # fmt: skip


def applied(stage: SchoolStage = SchoolStage.PRIMARY, other_grants: int = 0) -> Fact:
    return aid_fact(
        AidApplied, division=VILLAGE, stage=stage, boarder=True, other_grants_per_year=Decimal(other_grants)
    )


def on_case(kind: type[c.OnCase], day: date = DAY, by: str = "cadre-1", **fields: Any) -> c.OnCase:
    return kind(person_id=PERSON, number=1, on=day, by=by, **fields)


def votes(entitled: int, present: int, in_favour: int, against: int, abstained: int = 0) -> dict[str, Any]:
    return {
        "entitled": entitled,
        "present": present,
        "in_favour": in_favour,
        "against": against,
        "abstained": abstained,
    }


APPRAISED = aid_fact(AidAppraised, **votes(20, 15, 14, 1))
POSTED = aid_fact(AidNoticePosted, posted_on=DAY, last_day=date(2014, 9, 9))
CLOSED = aid_fact(AidNoticeClosed, date(2014, 9, 10), "timer")
REVIEWED = aid_fact(AidReviewed, date(2014, 9, 11), "reviewer-1", passed=True)
OBJECTED = aid_fact(AidObjectionRaised, date(2014, 9, 9), objection_no=1)


def test_the_village_lists_the_pupil_with_stage_and_boarding_as_the_register_has_them() -> None:
    given().when(c.Apply(person_id=PERSON, on=DAY, by="cadre-1"), CONTEXT).then(applied())


def test_one_application_at_a_time() -> None:
    again = c.Apply(person_id=PERSON, on=DAY, by="cadre-1")
    given(applied()).when(again, CONTEXT).then_refused(rules.APPLICATION_OPEN, application=1)


def test_nothing_is_stacked_on_a_reached_ceiling() -> None:
    student = replace(CONTEXT, pupil=replace(PUPIL, stage=SchoolStage.COLLEGE))
    command = c.Apply(person_id=PERSON, on=DAY, by="cadre-1", other_grants=Decimal(10_000))
    given().when(command, student).then_refused(rules.CEILING_REACHED)
    topped = c.Decide(
        person_id=PERSON,
        number=1,
        on=date(2014, 9, 12),
        by="decider-1",
        approved=True,
        decision=paper(date(2014, 9, 12)),
    )
    history = (applied(SchoolStage.COLLEGE, 3000), APPRAISED, POSTED, CLOSED, REVIEWED)
    after = given(*history).when(topped, student).then_happened(AidGranted)
    grant = after.facts[-1]
    assert isinstance(grant, AidGranted)
    assert grant.amount_per_year == Decimal(7000)


def test_an_application_cannot_be_of_tomorrow() -> None:
    today = replace(CONTEXT, today=DAY)
    for day, refused in ((date(2014, 9, 3), True), (DAY, False), (date(2014, 9, 1), False)):
        outcome = given().when(c.Apply(person_id=PERSON, on=day, by="cadre-1"), today)
        assert (outcome.refusal is not None) is refused


@pytest.mark.parametrize(
    ("counted", "happened"),
    [
        (votes(20, 15, 8, 7), (AidAppraised,)),
        (votes(20, 10, 6, 4), (AidAppraised,)),
        (votes(20, 10, 5, 5), (AidAppraised, AidApplicationEnded)),
        (votes(20, 10, 4, 0, 6), (AidAppraised, AidApplicationEnded)),
    ],
)
def test_more_than_half_of_those_present_carry_an_appraisal(
    counted: dict[str, Any], happened: tuple[type[Fact], ...]
) -> None:
    given(applied()).when(on_case(c.HoldAppraisal, **counted), CONTEXT).then_happened(*happened)


def test_votes_must_add_up_and_half_must_be_there() -> None:
    for counted, why in (
        (votes(20, 15, 8, 6), rules.VOTES_DO_NOT_ADD),
        (votes(10, 15, 15, 0), rules.VOTES_DO_NOT_ADD),
        (votes(20, 9, 9, 0), rules.NO_QUORUM),
        (votes(0, 0, 0, 0), rules.NO_QUORUM),
    ):
        given(applied()).when(on_case(c.HoldAppraisal, **counted), CONTEXT).then_refused(why)


def test_a_notice_hangs_for_seven_whole_days() -> None:
    given(applied(), APPRAISED).when(on_case(c.PostNotice), CONTEXT).then(POSTED)


def test_the_timer_closes_a_notice_on_the_day_after_its_last_and_on_no_other() -> None:
    history = given(applied(), APPRAISED, POSTED)
    for day in (date(2014, 9, 9), date(2014, 9, 11)):
        history.when(on_case(c.CloseNotice, day, "timer"), CONTEXT).then_nothing_happened()
    history.when(on_case(c.CloseNotice, date(2014, 9, 10), "timer"), CONTEXT).then(CLOSED)
    objected = given(applied(), APPRAISED, POSTED, OBJECTED)
    objected.when(on_case(c.CloseNotice, date(2014, 9, 10), "timer"), CONTEXT).then_nothing_happened()


def test_an_objection_is_raised_while_the_notice_hangs() -> None:
    history = given(applied(), APPRAISED, POSTED)
    history.when(on_case(c.RaiseObjection, date(2014, 9, 9)), CONTEXT).then(OBJECTED)
    history.when(on_case(c.RaiseObjection, date(2014, 9, 10)), CONTEXT).then_refused(rules.OBJECTION_TOO_LATE)
    given(applied(), APPRAISED).when(on_case(c.RaiseObjection), CONTEXT).then_refused(rules.OBJECTION_TOO_LATE)


def test_a_dismissed_objection_closes_a_notice_whose_timer_has_gone_by() -> None:
    history = given(applied(), APPRAISED, POSTED, OBJECTED)
    command = on_case(c.ResolveObjection, date(2014, 9, 9), "reviewer-1", objection_no=1, upheld=False)
    during = replace(CONTEXT, today=date(2014, 9, 9))
    history.when(command, during).then_happened(AidObjectionResolved)
    late = history.when(command, replace(CONTEXT, today=date(2014, 9, 10)))
    after = late.then_happened(AidObjectionResolved, AidNoticeClosed)
    assert after.facts[-1].effective_on == date(2014, 9, 10)
    own = on_case(c.ResolveObjection, date(2014, 9, 9), "cadre-1", objection_no=1, upheld=False)
    history.when(own, CONTEXT).then_refused(rules.OWN_ENTRY)


def test_an_upheld_objection_ends_the_application() -> None:
    command = on_case(c.ResolveObjection, date(2014, 9, 9), "reviewer-1", objection_no=1, upheld=True)
    ended = given(applied(), APPRAISED, POSTED, OBJECTED).when(command, CONTEXT)
    after = ended.then_happened(AidObjectionResolved, AidApplicationEnded)
    after.when(on_case(c.Withdraw, date(2014, 9, 9)), CONTEXT).then_refused(rules.APPLICATION_OVER)


def paper(day: date) -> Decision:
    return Decision(organ="县教育局", decided_on=day, document_no="1", signer="局长")


def decision(day: date = date(2014, 9, 12), by: str = "decider-1") -> c.OnCase:
    return on_case(c.Decide, day, by, approved=True, decision=paper(day))


def test_steps_keep_their_order_and_their_days() -> None:
    given(applied()).when(on_case(c.PostNotice), CONTEXT).then_refused(rules.OUT_OF_ORDER)
    given(applied(), APPRAISED).when(on_case(c.HoldAppraisal, **votes(20, 15, 14, 1)), CONTEXT).then_refused(
        rules.OUT_OF_ORDER
    )
    given(applied(), APPRAISED, POSTED, CLOSED).when(decision(), CONTEXT).then_refused(rules.OUT_OF_ORDER)
    given(applied()).when(on_case(c.HoldAppraisal, date(2014, 9, 1), **votes(20, 15, 14, 1)), CONTEXT).then_refused(
        rules.BEFORE_FORMER_STEP
    )
    given().when(on_case(c.PostNotice), CONTEXT).then_refused(NOT_FOUND)


def test_eligibility_is_judged_again_on_the_day_of_the_decision() -> None:
    history = given(applied(), APPRAISED, POSTED, CLOSED, REVIEWED)
    history.when(decision(), CONTEXT).then_happened(AidGranted)
    exited = replace(CONTEXT, pupil=replace(PUPIL, status=PovertyStatus.EXITED))
    history.when(decision(), exited).then_refused(rules.NOT_ELIGIBLE, reasons=["household_exited"])
    moved_up = replace(CONTEXT, pupil=replace(PUPIL, stage=SchoolStage.JUNIOR))
    history.when(decision(), moved_up).then_refused(rules.STAGE_CHANGED)
    for by in ("cadre-1", "reviewer-1"):
        history.when(decision(by=by), CONTEXT).then_refused(rules.OWN_ENTRY)


def test_a_review_may_reject_and_a_decision_may_too() -> None:
    history = given(applied(), APPRAISED, POSTED, CLOSED)
    rejected = on_case(c.GiveReview, date(2014, 9, 11), "reviewer-1", passed=False)
    history.when(rejected, CONTEXT).then_happened(AidReviewed, AidApplicationEnded)
    no = on_case(c.Decide, date(2014, 9, 12), "decider-1", approved=False, decision=paper(date(2014, 9, 12)))
    after = given(applied(), APPRAISED, POSTED, CLOSED, REVIEWED).when(no, CONTEXT).then_happened(AidApplicationEnded)
    ended = after.facts[-1]
    assert isinstance(ended, AidApplicationEnded)
    assert (ended.outcome, ended.decision) == (AidOutcome.REJECTED, paper(date(2014, 9, 12)))


def test_without_a_rule_in_force_nobody_votes() -> None:
    early = date(2013, 12, 31)
    history = given(aid_fact(AidApplied, early, division=VILLAGE, stage=SchoolStage.PRIMARY, boarder=True,
                         other_grants_per_year=Decimal(0)))  # fmt: skip
    history.when(on_case(c.HoldAppraisal, early, **votes(20, 15, 14, 1)), CONTEXT).then_refused(rules.RULE_NOT_IN_FORCE)
    history.when(on_case(c.HoldAppraisal, date(2014, 1, 1), **votes(20, 15, 14, 1)), CONTEXT).then_happened(
        AidAppraised
    )
