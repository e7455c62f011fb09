"""A split: members leave to form a household of their own, which starts as what the old one was just before."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry import households as h
from contracts.registry.codes import SchoolStage
from contracts.registry.members import Relation
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.ground.refusals import Refused
from services.registry.households import domain, rules
from services.registry.households.domain import stream_of
from services.registry.households.legality import LaterFactInTheWay
from services.registry.households.lineage import Relatives
from services.registry.households.rehydration import current_state
from services.registry.households.state import Household
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
    formed,
    given,
    member_left,
    member_surveyed,
    moved,
    recorded_household,
    removed,
    split,
    surveyed,
)
from tests.support.recorded import recorded

RECORDED, ENROLLED = recorded_household("2014-01-10"), enrolled("2014-05-20")


def record(known: Sequence[Recorded], fact: HouseholdFact, today: date, relatives: Relatives) -> list[Fact]:
    return domain.record(known, [fact], today, relatives)


def change_status(known: Sequence[Recorded], fact: HouseholdFact, today: date, relatives: Relatives) -> list[Fact]:
    return [f for facts in domain.change_status(known, fact, today, relatives).values() for f in facts]


class Halves:
    """A household of three with this history that is split, and the household that is formed, as the log holds them."""

    def __init__(self, *history: Fact, on: str = "2015-06-01", head: UUID = WIFE) -> None:
        self.facts: list[Fact] = [*history]
        order = split(on, WIFE, CHILD)
        left, begun = domain.split(self.old, order, formed(order, head, "8899"), TODAY, self.relatives)
        self.facts += [*left, *begun]

    @property
    def old(self) -> Sequence[Recorded]:
        return self.relatives(HOUSEHOLD)

    @property
    def new(self) -> Household:
        return current_state(self.relatives(NEW_HOUSEHOLD), self.relatives)

    def relatives(self, household: UUID) -> Sequence[Recorded]:
        return [r for r in recorded(*self.facts) if r.stream == stream_of(household)]

    def entered_late(self, decide: Callable[..., list[Fact]], fact: Any) -> "Halves":
        self.facts += decide(self.old, fact, TODAY, self.relatives)
        return self


def test_those_who_leave_are_gone_from_the_old_household() -> None:
    after = given(RECORDED).when(split("2015-06-01", WIFE, CHILD)).then(split("2015-06-01", WIFE, CHILD))
    assert list(current_state(after.state).members) == [HEAD]


def test_the_new_household_starts_as_the_old_one_and_its_people_keep_their_ids() -> None:
    new = Halves(RECORDED, ENROLLED, surveyed("2014-06-01", attribute=h.Attribute.LOW_INCOME_SECURITY)).new
    assert (new.id, new.national_no, new.status_since) == (NEW_HOUSEHOLD, "8899", date(2015, 6, 1))
    assert (new.division, new.status, new.attribute) == (VILLAGE, "registered", "low_income_security")
    assert [(m.person_id, m.relation) for m in new.members.values()] == [
        (WIFE, Relation.HEAD),
        (CHILD, Relation.CHILD),
    ]


def test_members_go_with_what_was_found_out_about_them() -> None:
    halves = Halves(RECORDED, member_surveyed("2015-01-01", CHILD, school_stage=SchoolStage.JUNIOR))
    assert halves.new.members[CHILD].school_stage is SchoolStage.JUNIOR


@pytest.mark.parametrize(
    ("on", "status"), [("2014-05-19", "candidate"), ("2014-05-20", "registered"), ("2014-05-21", "registered")]
)
@pytest.mark.parametrize("split_first", [False, True])
def test_it_starts_with_the_status_of_its_day_whichever_is_entered_first(
    on: str, status: str, split_first: bool
) -> None:
    if split_first:
        halves = Halves(RECORDED, on=on).entered_late(change_status, ENROLLED)
    else:
        halves = Halves(RECORDED, ENROLLED, on=on)
    assert halves.new.status == status
    assert current_state(halves.old).status == PovertyStatus.REGISTERED


@pytest.mark.parametrize(
    ("on", "status"), [("2014-11-30", "registered"), ("2014-12-01", "exited"), ("2014-12-02", "exited")]
)
def test_an_exit_of_the_old_household_afterwards_never_touches_the_new_one(on: str, status: str) -> None:
    assert Halves(RECORDED, ENROLLED, exited("2014-12-01"), on=on).new.status == status
    assert Halves(RECORDED, ENROLLED, on=on).entered_late(change_status, exited("2014-12-01")).new.status == status


def test_a_late_removal_from_before_the_split_removes_both() -> None:
    halves = Halves(RECORDED, ENROLLED).entered_late(change_status, removed("2014-05-20"))
    assert (current_state(halves.old).status, halves.new.status) == ("removed", "removed")


@pytest.mark.parametrize(
    ("on", "village"), [("2015-03-01", VILLAGE), ("2015-03-02", NEIGHBOUR), ("2015-03-03", NEIGHBOUR)]
)
@pytest.mark.parametrize("split_first", [False, True])
def test_it_lives_where_the_household_lived_on_that_day(on: str, village: str, split_first: bool) -> None:
    move = moved("2015-03-02")
    halves = Halves(RECORDED, on=on).entered_late(domain.move, move) if split_first else Halves(RECORDED, move, on=on)
    assert halves.new.division == village


def test_a_late_leaving_of_somebody_who_split_off_since_is_refused_naming_the_split() -> None:
    halves = Halves(RECORDED)
    with pytest.raises(Refused) as refusal:
        halves.entered_late(record, member_left("2015-05-31", CHILD))
    assert refusal.value.rule is rules.LATER_FACT_IMPOSSIBLE


def test_what_makes_a_day_of_the_new_household_illegal_is_refused_naming_its_fact() -> None:
    halves = Halves(RECORDED, ENROLLED)
    exit_of_new = msgspec.structs.replace(exited("2015-07-01"), household_id=NEW_HOUSEHOLD)
    halves.facts += change_status(halves.relatives(NEW_HOUSEHOLD), exit_of_new, TODAY, halves.relatives)
    with pytest.raises(Refused) as refusal:
        halves.entered_late(change_status, exited("2015-05-31"))
    assert isinstance(refusal.value, LaterFactInTheWay)
    assert (refusal.value.rule, refusal.value.facts) == (rules.LATER_FACT_OF_RELATED_HOUSEHOLD, {})
    assert refusal.value.named().facts["effective_on"] == "2015-07-01"


def test_somebody_stays_with_a_head_and_only_members_leave() -> None:
    given(RECORDED).when(split("2015-06-01", HEAD, WIFE, CHILD)).then_refused(rules.NOBODY_STAYS)
    given(RECORDED).when(split("2015-06-01", HEAD, WIFE)).then_refused(rules.NO_HEAD)
    given(RECORDED).when(split("2015-06-01", GRANNY)).then_refused(rules.NO_SUCH_MEMBER)
    given(RECORDED).when(split("2015-06-01")).then_refused(rules.NO_SUCH_MEMBER)
    given(RECORDED).when(split("2014-01-09", WIFE)).then_refused(rules.NOT_YET_RECORDED)


def test_the_new_head_is_one_of_those_who_leave() -> None:
    given(RECORDED).when(split("2015-06-01", CHILD), head=WIFE).then_refused(rules.NO_HEAD)
