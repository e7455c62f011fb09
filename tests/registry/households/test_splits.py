"""A split: members leave to form a household of their own, which inherits village, attribute and poverty status."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from contracts.facts import Fact, Precision, Recorded
from contracts.registry import households as h
from contracts.registry.households import PovertyStatus, Relation
from services.registry.households import domain, rules
from services.registry.households.domain import current_state
from services.registry.households.state import fold
from tests.registry.households.example_facts import (
    CHILD,
    GRANNY,
    HEAD,
    HOUSEHOLD,
    NEIGHBOUR,
    NEW_HOUSEHOLD,
    TODAY,
    VILLAGE,
    WIFE,
    enrolled,
    exited,
    given,
    member_surveyed,
    moved,
    recorded_household,
    split,
    surveyed,
)
from tests.support.given import specification
from tests.support.recorded import recorded

RECORDED, ENROLLED = recorded_household("2014-01-10"), enrolled("2014-05-20")


def other_half(order: h.HouseholdSplit, known: Sequence[Recorded], head: UUID = WIFE) -> Sequence[Fact]:
    return domain.split(known, order, head, "8899", TODAY)[1]


forming = specification(other_half)


def formed(*history: Fact, on: str = "2015-06-01") -> h.HouseholdFormed:
    (fact,) = forming(*history).when(split(on, WIFE, CHILD)).facts
    assert isinstance(fact, h.HouseholdFormed)
    return fact


def test_those_who_leave_are_gone_from_the_old_household() -> None:
    after = given(RECORDED).when(split("2015-06-01", WIFE, CHILD)).then(split("2015-06-01", WIFE, CHILD))
    assert list(current_state(after.state).members) == [HEAD]


def test_the_new_household_inherits_and_its_people_keep_their_ids() -> None:
    fact = formed(RECORDED, ENROLLED, surveyed("2014-06-01", attribute=h.Attribute.LOW_INCOME_SECURITY))
    assert (fact.household_id, fact.split_from, fact.national_no) == (NEW_HOUSEHOLD, HOUSEHOLD, "8899")
    assert (fact.division, fact.status, fact.attribute) == (VILLAGE, "registered", "low_income_security")
    assert [(m.person_id, m.relation) for m in fact.members] == [(WIFE, Relation.HEAD), (CHILD, Relation.CHILD)]
    state = fold(recorded(fact))
    assert (state.id, state.status, state.status_since) == (NEW_HOUSEHOLD, PovertyStatus.REGISTERED, fact.effective_on)


def test_members_go_with_what_was_found_out_about_them() -> None:
    fact = formed(RECORDED, member_surveyed("2015-01-01", CHILD, school_stage=h.SchoolStage.JUNIOR))
    assert fact.members[1].school_stage is h.SchoolStage.JUNIOR


@pytest.mark.parametrize(
    ("on", "status"),
    [("2014-05-19", "candidate"), ("2014-05-20", "registered"), ("2014-05-21", "registered")],
)
def test_it_inherits_the_status_of_its_day(on: str, status: str) -> None:
    outcome = forming(RECORDED, ENROLLED).when(split(on, WIFE, CHILD))
    if status == "candidate":
        outcome.then_refused(domain.STATUS_CHANGED_LATER)
        assert formed(RECORDED, on=on).status == status
    else:
        assert formed(RECORDED, ENROLLED, on=on).status == status


@pytest.mark.parametrize(("on", "accepted"), [("2014-11-30", False), ("2014-12-01", True), ("2014-12-02", True)])
def test_a_household_is_not_split_before_its_status_last_changed(on: str, accepted: bool) -> None:
    """Nobody could say whether the procedure meant both halves."""
    outcome = given(RECORDED, ENROLLED, exited("2014-12-01")).when(split(on, WIFE))
    outcome.then(split(on, WIFE)) if accepted else outcome.then_refused(domain.STATUS_CHANGED_LATER)


@pytest.mark.parametrize(
    ("on", "village"), [("2015-03-01", VILLAGE), ("2015-03-02", NEIGHBOUR), ("2015-03-03", NEIGHBOUR)]
)
def test_it_lives_where_the_household_lived_on_that_day(on: str, village: str) -> None:
    assert formed(RECORDED, moved("2015-03-02"), on=on).division == village


def test_it_is_as_exactly_dated_as_the_split() -> None:
    assert formed(RECORDED, on="2015").precision is Precision.YEAR
    assert formed(RECORDED, on="2015-06").precision is Precision.MONTH


def test_somebody_stays_with_a_head_and_only_members_leave() -> None:
    given(RECORDED).when(split("2015-06-01", HEAD, WIFE, CHILD)).then_refused(rules.NOBODY_STAYS)
    given(RECORDED).when(split("2015-06-01", HEAD, WIFE)).then_refused(rules.NO_HEAD)
    given(RECORDED).when(split("2015-06-01", GRANNY)).then_refused(rules.NO_SUCH_MEMBER)
    given(RECORDED).when(split("2015-06-01")).then_refused(rules.NO_SUCH_MEMBER)
    given(RECORDED).when(split("2014-01-09", WIFE)).then_refused(rules.NOT_YET_RECORDED)


def test_the_new_head_is_one_of_those_who_leave() -> None:
    forming(RECORDED).when(split("2015-06-01", CHILD), WIFE).then_refused(rules.NO_HEAD)
