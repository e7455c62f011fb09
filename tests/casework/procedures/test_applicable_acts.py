"""Which acts apply to a case, by whom, and else by which rule not."""

from contracts.casework import cases as f
from contracts.facts import Fact
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.procedures.applicable_acts import applicable_acts
from services.casework.procedures.approval_rules import OWN_ENTRY
from services.casework.procedures.offices import OFFICE_NOT_ALLOWED
from services.casework.procedures.progress import Caller, progress
from services.casework.procedures.state import fold
from services.chassis.ground.refusals import Rule
from tests.casework.procedures.example_cases import (
    CADRE,
    DECIDER,
    EXIT,
    REGISTERED,
    TOWNSHIP,
    closed,
    day,
    ended,
    exit_until_notice,
    exit_until_review,
    objected,
)
from tests.support.recorded import recorded

CADRES, REVIEWERS = frozenset({Role.CADRE}), frozenset({Role.REVIEWER})


def village(on: int) -> Caller:
    return Caller(CADRE, CADRES, Level.VILLAGE, day(on))


def township(on: int, account: str = TOWNSHIP) -> Caller:
    return Caller(account, REVIEWERS, Level.TOWNSHIP, day(on))


def applying(facts: tuple[Fact, ...], caller: Caller) -> dict[str, Rule | None]:
    """Act → the rule by which this caller may not."""
    told = recorded(*facts)
    state = fold(told)
    assert state is not None
    steps = progress(told, state, EXIT, REGISTERED, caller)
    found = applicable_acts(steps, state, EXIT, REGISTERED, caller)
    return {each.step.act: None if each.refused is None else each.refused.rule for each in found}


def test_the_step_that_is_due_comes_first_with_the_papers_that_it_needs() -> None:
    told = recorded(*exit_until_notice()[:1])
    state = fold(told)
    assert state is not None
    caller = village(2)
    first, *_ = applicable_acts(progress(told, state, EXIT, REGISTERED, caller), state, EXIT, REGISTERED, caller)
    assert (first.step.act, first.step.form, first.refused) == (
        "hold_appraisal",
        {"evidence": [{"kind": "minutes"}]},
        None,
    )


def test_an_objection_may_be_told_late_until_a_step_rests_on_the_notice() -> None:
    notice = exit_until_notice()
    for facts in (notice, (*notice, closed(13))):
        for on in (11, 12, 13, 14):
            assert applying(facts, village(on))["raise_objection"] is None
    assert "raise_objection" not in applying(exit_until_review(), village(14))


def test_an_open_objection_is_resolved_before_anything_is_due() -> None:
    acts = applying((*exit_until_notice(), objected(6)), village(7))
    assert "resolve_objection" in acts
    assert "give_review" not in acts


def test_who_entered_the_case_is_told_the_rule_that_keeps_them_from_reviewing_it() -> None:
    facts = (*exit_until_notice(), closed(13))
    assert applying(facts, township(14))["give_review"] is None
    assert applying(facts, township(14, CADRE))["give_review"] is OWN_ENTRY


def test_what_another_office_may_do_is_named_with_whose_it_is() -> None:
    assert applying(exit_until_notice(), village(6))["close_case"] is OFFICE_NOT_ALLOWED
    decider = Caller(DECIDER, frozenset({Role.DECIDER}), Level.COUNTY, day(6))
    assert applying(exit_until_notice(), decider)["close_case"] is None


def test_nothing_applies_to_a_case_that_has_ended() -> None:
    withdrawn = ended(15, f.CaseOutcome.WITHDRAWN, "decision", CADRE)
    assert applying((*exit_until_review(), withdrawn), village(16)) == {}
