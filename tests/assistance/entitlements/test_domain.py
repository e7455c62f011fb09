"""What only the programme asks of an application and of its approval, as pure decisions; of education aid."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from contracts.assistance.entitlements import EntitlementApplied, GrantedAmount
from contracts.facts import Decision
from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.document_kinds import FIRST_TEXTS
from services.assistance.entitlements import rules
from services.assistance.entitlements.domain import (
    NOT_RECEIVING,
    RECEIVING,
    Terms,
    Unit,
    amounts_on_decision,
    apply,
    grant,
    require_document,
)
from services.assistance.programmes.lookup import Programmes
from services.assistance.programmes.predicates import Candidate
from services.casework.people.state import PersonState
from services.casework.procedures.document import Effect, EffectiveFrom, Notice, procedure_from
from services.casework.procedures.matters import TERMS_MALFORMED, read_terms
from services.casework.procedures.repository import KIND as PROCEDURES
from services.casework.procedures.state import CaseState
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.law.content import content_of
from tests.support.first_texts import lookup_of, programme_of

PERSON, HOUSEHOLD, CASE = UUID(int=7), UUID(int=8), UUID(int=9)
EDUCATION_AID = "education_aid"
LAW = Programmes(lookup_of(programme_of(FIRST_TEXTS, EDUCATION_AID, "99")))
(PROCEDURE,) = (
    procedure
    for p in FIRST_TEXTS.proposals
    if p.kind == PROCEDURES and (procedure := procedure_from(content_of(p.content))).procedure == EDUCATION_AID
)
VILLAGE = "990001101201"
DAY, DECIDED = date(2014, 9, 2), date(2014, 9, 12)
PUPIL = PersonState(
    household_id=HOUSEHOLD, division=VILLAGE, status=PovertyStatus.REGISTERED, stage=SchoolStage.PRIMARY, boarder=True
)
STUDENT = replace(PUPIL, stage=SchoolStage.COLLEGE)
OPENED = CaseState(
    case_id=CASE, subject=PERSON, household_id=HOUSEHOLD, standing=EDUCATION_AID, procedure=EDUCATION_AID,
    edition="2014", cause=None, opened_on=DAY, latest_on=DAY, entries=frozenset({("cadre-1", "opening")}),
)  # fmt: skip
DECISION = Decision(organ="县教育局", decided_on=DECIDED, document_no="1", signer="局长")


def applied(pupil: PersonState = PUPIL, **terms: Any) -> EntitlementApplied:
    return apply(OPENED, unit(pupil), read_terms(Terms, terms), LAW)


def unit(pupil: PersonState, day: date = DAY) -> Unit:
    return Unit(PERSON, Candidate(pupil, day))


def refusal(rule: Rule, pupil: PersonState, **terms: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        applied(pupil, **terms)
    assert caught.value.rule is rule
    return caught.value


def test_an_application_says_what_the_register_says_of_the_pupil() -> None:
    assert applied() == EntitlementApplied(
        household_id=HOUSEHOLD, unit_id=PERSON, programme=EDUCATION_AID, case_id=CASE, effective_on=DAY,
        entered_by="cadre-1", division=VILLAGE, stage=SchoolStage.PRIMARY, other_grants=Decimal(0),
    )  # fmt: skip


def test_who_is_not_eligible_is_told_every_reason() -> None:
    home = replace(PUPIL, status=PovertyStatus.EXITED, boarder=False)
    assert refusal(rules.NOT_ELIGIBLE, home).facts == {"reasons": ["household_exited", "not_a_boarder"]}


def test_nothing_is_stacked_on_a_reached_ceiling() -> None:
    """B11, B56; source facts §5 rule 24."""
    refusal(rules.CEILING_REACHED, STUDENT, other_grants="10000")
    assert applied(STUDENT, other_grants="9999.99").other_grants == Decimal("9999.99")
    topped = grant(
        structs.replace(OPENED, decision=DECISION), applied(STUDENT, other_grants="3000"),
        unit(STUDENT, DECIDED), LAW, "decider-1", "assistance/case-x/7",
    )  # fmt: skip
    assert (topped.effective_on, topped.decision, topped.case_id) == (DECIDED, DECISION, CASE)
    assert topped.caused_by == "assistance/case-x/7"
    assert topped.amounts == (GrantedAmount(component="college", yuan=Decimal(7000), since=date(2014, 1, 1)),)


@pytest.mark.parametrize("amount", ["-1", "1.001", "1e3", "many", "", "100000000", 2000, 20.5, None])
def test_other_grants_are_yuan_with_two_decimals_at_most(amount: object) -> None:
    refused = refusal(TERMS_MALFORMED, STUDENT, other_grants=amount)
    assert (refused.rule.status, refused.facts["malformed"]) == (422, ["other_grants"])


def test_terms_that_aid_does_not_know_are_refused_by_what_it_knows_and_never_repeated() -> None:
    assert refusal(TERMS_MALFORMED, PUPIL, wang="2000").facts == {"known": Terms.__struct_fields__, "malformed": []}


def test_eligibility_is_judged_again_on_the_day_of_the_decision() -> None:
    application = applied()
    assert [a.yuan for a in amounts_on_decision(application, unit(PUPIL, DECIDED), LAW)] == [500]
    for pupil, rule in (
        (replace(PUPIL, status=PovertyStatus.EXITED), rules.NOT_ELIGIBLE),
        (replace(PUPIL, status=None, household_id=None, division=None), rules.NOT_ELIGIBLE),
        (replace(PUPIL, stage=SchoolStage.JUNIOR), rules.STAGE_CHANGED),
    ):
        with pytest.raises(Refused) as caught:
            amounts_on_decision(application, unit(pupil, DECIDED), LAW)
        assert caught.value.rule is rule


def test_the_delivered_procedure_is_one_that_can_grant_aid() -> None:
    """Source facts §5 rule 2: appraisal, objection-free notice, review, decision."""
    require_document(PROCEDURE)
    assert [step.key for step in PROCEDURE.steps] == ["appraisal", "notice", "review", "decision"]


def test_no_document_grants_aid_without_a_notice_or_to_whom_is_aided_or_anything_else() -> None:
    without_notice = tuple(step for step in PROCEDURE.steps if not isinstance(step, Notice))
    exit_ = Effect(fact="HouseholdExited", at="decision", effective=EffectiveFrom.DECISION)
    cases: dict[str, dict[str, Any]] = {
        "notice after": {"steps": without_notice},
        "do not have it": {"statuses": (NOT_RECEIVING, RECEIVING)},
        "no other terms": {"effect": exit_},
    }
    for why, changes in cases.items():
        changed = {name: getattr(PROCEDURE, name) for name in PROCEDURE.__struct_fields__} | changes
        with pytest.raises(ValueError, match=why):
            require_document(type(PROCEDURE)(**changed))
