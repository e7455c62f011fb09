"""What a refusal about a case says may be done next: the step that is due and its office, or what ends the case."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.facts import Fact
from contracts.registry.divisions import Level
from contracts.registry.poverty_status import PovertyStatus
from contracts.roles import Role
from services.casework.procedures import commands as c
from services.casework.procedures.document import InForce, Procedure
from services.casework.procedures.domain import decide
from services.casework.procedures.next_steps import Situation, advising
from services.casework.procedures.state import CaseState, Subject, fold
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import (
    CADRE,
    CASE,
    DECIDER,
    EXIT,
    HOUSEHOLD,
    OTHER_CASE,
    REGISTERED,
    RETURN,
    TEXT,
    TOWNSHIP,
    appraise,
    command,
    day,
    decide_on,
    decided,
    exit_until_notice,
    exit_until_review,
    objected,
    open_case,
    opened,
    pass_review,
    with_status,
)
from tests.support.recorded import recorded

VILLAGE_CADRE = Office((Role.CADRE,), (Level.VILLAGE,))
TOWNSHIP_REVIEWER = Office((Role.REVIEWER,), (Level.TOWNSHIP,))
COUNTY_REVIEWER = Office((Role.REVIEWER,), (Level.COUNTY,))
COUNTY_DECIDER = Office((Role.DECIDER,), (Level.COUNTY,))


def refused(
    facts: Iterable[Fact], tried: c.Command, subject: Subject = REGISTERED, procedure: Procedure = EXIT
) -> Refused:
    state = fold(recorded(*facts))

    def other(_: Any) -> tuple[CaseState, Procedure]:
        return fold(recorded(*exit_until_review())), EXIT  # type: ignore[return-value]

    at = Situation(
        command=tried, state=state, procedure=procedure, subject=subject, other=other,
        instead=lambda: [EXIT, RETURN],
    )  # fmt: skip
    with pytest.raises(Refused) as no, advising(at):
        decide(tried, state, procedure, subject)
    return no.value


def acts(no: Refused) -> list[str]:
    return [step.act for step in no.next]


def test_a_step_out_of_turn_names_the_step_that_is_due_and_its_office() -> None:
    no = refused((opened(),), pass_review(2))
    assert no.next == (NextStep("hold_appraisal", VILLAGE_CADRE, {"case_id": CASE}, first_day=day(1)),)


def test_nothing_is_announced_before_the_decision_that_is_due() -> None:
    no = refused(exit_until_review(), command(c.AnnounceCase, 15))
    assert no.next == (NextStep("decide_case", COUNTY_DECIDER, {"case_id": CASE}, first_day=day(14)),)


def test_while_a_notice_hangs_the_step_behind_it_is_next_from_the_day_after_its_last() -> None:
    no = refused(exit_until_notice(), pass_review(12))
    assert no.next == (NextStep("give_review", TOWNSHIP_REVIEWER, {"case_id": CASE}, first_day=day(13)),)


def test_while_an_objection_is_open_its_resolution_is_next_by_another_person_than_whose_notice_it_is() -> None:
    (step,) = refused((*exit_until_notice(), objected(7)), pass_review(13)).next
    assert (step.act, step.ids) == ("resolve_objection", {"case_id": CASE, "objection_no": 1})
    assert step.office == Office((Role.CADRE,), (Level.TOWNSHIP,), another_person=True)


def test_whoever_entered_it_is_told_that_another_person_of_the_same_office_takes_the_step() -> None:
    (step,) = refused((*exit_until_notice(),), pass_review(13, by=CADRE)).next
    assert (step.act, step.first_day) == ("give_review", day(13))
    assert step.office == Office((Role.REVIEWER,), (Level.TOWNSHIP,), another_person=True)


def test_a_day_before_the_step_before_names_the_first_day_and_how_the_case_ends_instead() -> None:
    again, withdrawal, closing = refused((opened(20),), appraise(19)).next
    assert (again.act, again.first_day) == ("hold_appraisal", day(20))
    assert (withdrawal.act, withdrawal.office) == ("withdraw_case", VILLAGE_CADRE)
    assert closing.office == Office((Role.DECIDER,), (Level.COUNTY, Level.CITY, Level.PROVINCE))


def test_what_was_decided_goes_on_instead_of_back() -> None:
    no = refused((*exit_until_review(), decided(15)), command(c.ReturnCase, 16, back_to="check", reason=TEXT))
    assert no.rule.code == "case_already_decided"
    assert no.next[0] == NextStep("announce_case", COUNTY_REVIEWER, {"case_id": CASE}, first_day=day(15))


def test_an_approval_that_the_standing_forbids_can_be_rejected_or_the_case_withdrawn() -> None:
    rejection, *others = refused(exit_until_review(), decide_on(15), with_status(PovertyStatus.EXITED)).next
    assert (rejection.act, rejection.form) == ("decide_case", {"approved": False})
    assert "withdraw_case" in [step.act for step in others]


@pytest.mark.parametrize(
    ("starts", "ends", "following"),
    [
        (day(1), None, []),
        (day(2), None, [("exit", day(2)), ("exit", None)]),
        (date(2014, 1, 1), day(0), [("exit", None)]),
    ],
)
def test_a_procedure_is_opened_from_its_first_day_on_or_another_about_the_same_standing_instead(
    starts: date, ends: date | None, following: list[tuple[str, date | None]]
) -> None:
    """The other one that is in force that day is the EXIT of every test here."""
    procedure = replace(EXIT, in_force=InForce(starts=starts, ends=ends))
    if not following:
        assert decide(open_case(1), None, procedure, REGISTERED)
        return
    no = refused((), open_case(1), procedure=procedure)
    assert no.rule.code == "procedure_not_in_force"
    assert [(step.form["procedure"], step.first_day) for step in no.next] == following


def test_where_the_standing_forbids_an_opening_the_procedures_that_it_allows_are_next() -> None:
    no = refused((), open_case(), with_status(PovertyStatus.EXITED))
    assert [(step.act, step.form["procedure"]) for step in no.next] == [("open_case", "return")]
    assert {step.form["subject"] for step in no.next} == {HOUSEHOLD}


def test_while_another_case_is_open_what_is_due_there_is_next_or_its_end() -> None:
    other = Subject(id=HOUSEHOLD, household_id=HOUSEHOLD, area="", standing="registered", open_case_id=OTHER_CASE)
    no = refused((), open_case(), other)
    assert no.rule.code == "other_case_open"
    assert acts(no)[:2] == ["decide_case", "withdraw_case"]


def test_what_a_dry_run_is_refused_by_besides_says_its_own_next_step() -> None:
    no = refused((opened(),), decide_on(2, by=DECIDER, organ=" "))
    others = {other.rule.code: acts(other) for other in no.others().refused}
    assert no.rule.code == "step_out_of_order"
    assert others == {"decision_document_required": ["decide_case"]}


def test_after_a_rejection_another_case_can_be_opened() -> None:
    rejection = decide(decide_on(15, approved=False), fold(recorded(*exit_until_review())), EXIT, REGISTERED)
    no = refused((*exit_until_review(), *rejection), pass_review(16, by=TOWNSHIP))
    assert (no.rule.code, acts(no)) == ("case_closed", ["open_case"])
