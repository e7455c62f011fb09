"""What an approved case does to the household's poverty status."""

from itertools import pairwise
from typing import Any

import pytest

from contracts.facts import Fact
from contracts.registry.codes import PovertyCause
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from services.casework.procedures.document import procedure_from
from services.casework.procedures.effects import effect_due
from services.casework.procedures.state import CaseState, Subject, fold
from services.registry.cases.effects import effect_of, require_document
from tests.casework.procedures.example_cases import (
    CANDIDATE,
    CASE,
    COUNTY,
    DECIDER,
    EXIT,
    EXITED,
    HOUSEHOLD,
    IDENTIFICATION,
    LOOK_BACK,
    REGISTERED,
    RETURN,
    announced,
    day,
    decided,
    decision_document,
    document,
    exit_until_review,
    opened,
)
from tests.support.recorded import recorded

COMMON: dict[str, Any] = {
    "household_id": HOUSEHOLD,
    "case_id": CASE,
    "entered_by": COUNTY,
    "decision": decision_document(15),
}


def after(*facts: Fact) -> CaseState:
    state = fold(recorded(*facts))
    assert state is not None
    return state


def test_an_exit_is_true_since_the_decision_not_since_its_announcement() -> None:
    state = after(*exit_until_review(), decided(15), announced(20))
    assert effect_of(state, EXIT, REGISTERED, COUNTY) == HouseholdExited(
        **COMMON, effective_on=day(15), enjoys_policies=True
    )


def test_a_household_is_enrolled_under_the_standard_of_the_edition() -> None:
    state = after(opened(procedure=IDENTIFICATION), decided(15))
    assert effect_of(state, IDENTIFICATION, CANDIDATE, COUNTY) == HouseholdEnrolled(
        **COMMON, effective_on=day(15), standard=Standard.NATIONAL
    )


def test_a_return_names_its_cause_and_the_exit_it_undoes() -> None:
    """M007: history stays linked."""
    state = after(opened(procedure=RETURN, cause=PovertyCause.ILLNESS), decided(15))
    assert effect_of(state, RETURN, EXITED, COUNTY) == HouseholdReturned(
        **COMMON, effective_on=day(15), cause=PovertyCause.ILLNESS, former_exit=EXITED.fact_id
    )


@pytest.mark.parametrize(("effective", "since"), [("first_entry", day(1)), ("entry", day(5)), ("decision", day(15))])
def test_a_removal_is_true_since_a_wrongful_entry_or_the_decision_as_the_document_says(
    effective: str, since: object
) -> None:
    content = document("look_back_removal-2014")
    content["effect"]["effective"] = effective
    procedure = procedure_from(content)
    removal = effect_of(
        after(opened(procedure=LOOK_BACK), decided(15)), procedure, REGISTERED, DECIDER, [day(1), day(3), day(5)]
    )
    assert isinstance(removal, HouseholdRemoved)
    assert (removal.effective_on, removal.reason) == (since, "never_qualified")


def test_the_status_changes_once_when_the_step_named_by_the_document_is_done() -> None:
    """Source facts §5 A rule 8: to exit (拟脱贫) is not yet exited."""
    history = (*exit_until_review(), decided(15), announced(20))
    states = [None, *(after(*history[:n]) for n in range(1, len(history) + 1))]
    changes = [effect_due(a, b, EXIT) for a, b in pairwise(states) if b]
    assert changes == [*[False] * (len(history) - 1), True]
    assert not effect_due(states[-1], after(*history), EXIT)


def test_a_removal_takes_effect_with_the_decision_itself() -> None:
    before = after(opened(procedure=LOOK_BACK))
    assert effect_due(before, after(opened(procedure=LOOK_BACK), decided(15)), LOOK_BACK)


@pytest.mark.parametrize("last", [(), (decided(15, approved=False),)])
def test_what_was_not_approved_has_no_effect(last: tuple[Fact, ...]) -> None:
    household: Subject = REGISTERED
    state = after(*exit_until_review(), *last)
    assert not effect_due(None, state, EXIT)
    with pytest.raises(AssertionError, match="approved"):
        effect_of(state, EXIT, household, COUNTY)


def refuses(content: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        require_document(procedure_from(content))


def test_no_edition_can_drop_the_notice() -> None:
    """Source facts §5 A rule 2: valid only after appraisal and an objection-free notice."""
    content = document("exit-2016")
    content["steps"] = [s for s in content["steps"] if s["kind"] != "notice"]
    refuses(content, "appraisal and a notice")


def test_no_edition_can_post_before_it_appraises() -> None:
    content = document("exit-2016")
    content["steps"].insert(-2, content["steps"].pop(0))
    refuses(content, "appraisal and a notice")


@pytest.mark.parametrize(("edition", "effective"), [("exit-2016", "entry"), ("look_back_removal-2014", "application")])
def test_no_edition_is_effective_from_a_day_that_its_fact_cannot_have(edition: str, effective: str) -> None:
    content = document(edition)
    content["effect"]["effective"] = effective
    refuses(content, effective)


def test_a_removal_from_the_first_entry_takes_the_steps_of_any_other() -> None:
    first, last = document("first_entry_removal-2014"), document("look_back_removal-2014")
    assert first["steps"] == last["steps"]
    assert (first["effect"]["effective"], last["effect"]["effective"]) == ("first_entry", "entry")


def test_no_edition_can_bring_about_what_is_no_poverty_status() -> None:
    content = document("exit-2016")
    content["effect"]["fact"] = "EntitlementGranted"
    refuses(content, "EntitlementGranted")


def test_no_edition_can_apply_to_what_is_no_poverty_status() -> None:
    content = document("exit-2016")
    content["statuses"] = ["rich"]
    refuses(content, "rich")
