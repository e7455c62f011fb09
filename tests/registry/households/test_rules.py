"""What may happen to a household when. The table of the lifecycle is compared with what the domain really accepts."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from contracts.facts import Fact, Precision
from contracts.registry import households as h
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.members import Relation
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.registry.poverty_status import PovertyStatus as S
from contracts.registry.reasons import CancelReason
from contracts.registry.surveys import HouseholdSurveyed
from services.casework.dates import FUTURE_DAY
from services.chassis.ground.refusals import Rule
from services.registry.households import rules
from services.registry.households.precision_rules import NOT_FIRST_OF_PERIOD
from services.registry.households.rules import STATUS_TRANSITIONS
from services.registry.households.state import STATUS_BY_TYPE
from tests.registry.households.example_facts import (
    CHILD,
    FAMILY,
    GRANNY,
    HEAD,
    HEAD_ONLY,
    NEIGHBOUR,
    THIRD,
    TODAY,
    VILLAGE,
    WIFE,
    cancelled,
    enrolled,
    exited,
    given,
    head_succeeded,
    member_died,
    member_joined,
    member_left,
    member_surveyed,
    moved,
    person,
    recorded_household,
    reinstated,
    removed,
    returned,
    split,
    surveyed,
)

RECORDED, ENROLLED, EXITED = recorded_household("2014-01-10"), enrolled("2014-05-20"), exited("2014-12-01")
WAY_TO: dict[S, tuple[Fact, ...]] = {
    S.CANDIDATE: (RECORDED,),
    S.REGISTERED: (RECORDED, ENROLLED),
    S.EXITED: (RECORDED, ENROLLED, EXITED),
    S.RETURNED: (RECORDED, ENROLLED, EXITED, returned("2015-06-01", 3)),
    S.REMOVED: (RECORDED, ENROLLED, removed("2015-06-01")),
    S.CANCELLED: (
        recorded_household("2014-01-10", HEAD_ONLY),
        cancelled("2015-06-01", CancelReason.LAST_MEMBER_IMPRISONED),
    ),
}
STATUS_FACTS: dict[type[Fact], Fact] = {
    HouseholdEnrolled: enrolled("2016-01-01"),
    HouseholdExited: exited("2016-01-01"),
    HouseholdReturned: returned("2016-01-01", 3),
    HouseholdRemoved: removed("2016-01-01"),
    HouseholdCancelled: cancelled("2016-01-01", CancelReason.LEFT_PROVINCE),
    HouseholdReinstated: reinstated("2016-01-01", HEAD),
}


def test_every_status_has_a_way_in_and_a_way_out() -> None:
    assert set(STATUS_BY_TYPE.values()) | {S.CANDIDATE, S.CANCELLED} == set(S)
    assert {status for froms in STATUS_TRANSITIONS.values() for status in froms} == set(S)


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("kind", list(STATUS_TRANSITIONS))
def test_a_status_follows_another_exactly_as_the_table_says(status: S, kind: type[Fact]) -> None:
    """M001, M003, M005, M007; source facts §5 A rules 2, 3, 7: removed is not exited, a return follows an exit."""
    change = given(*WAY_TO[status]).when(STATUS_FACTS[kind])
    if status in STATUS_TRANSITIONS[kind]:
        change.then_happened(kind)
    else:
        change.then_refused(rules.HOUSEHOLD_ENDED if status is S.CANCELLED else rules.STATUS_FORBIDS)


@pytest.mark.parametrize(("on", "accepted"), [("2014-01-09", False), ("2014-01-10", True), ("2014-01-11", True)])
@pytest.mark.parametrize(
    "make",
    [enrolled, surveyed, member_joined, moved, lambda on: member_left(on, CHILD), lambda on: member_surveyed(on, WIFE)],
)
def test_nothing_happens_to_a_household_before_it_was_recorded(
    on: str, accepted: bool, make: Callable[[str], Fact]
) -> None:
    order = make(on)
    outcome = given(RECORDED).when(order)
    outcome.then(order) if accepted else outcome.then_refused(rules.NOT_YET_RECORDED)


@pytest.mark.parametrize(("on", "accepted"), [("2015-05-31", True), ("2015-06-01", True), ("2015-06-02", False)])
def test_nothing_happens_to_a_household_after_the_day_of_its_end(on: str, accepted: bool) -> None:
    survey = surveyed(on)
    outcome = given(*WAY_TO[S.CANCELLED]).when(survey)
    outcome.then(survey) if accepted else outcome.then_refused(rules.HOUSEHOLD_ENDED)


def test_a_household_is_recorded_once() -> None:
    given(RECORDED).when(recorded_household("2014-03-01")).then_refused(rules.ALREADY_RECORDED)


@pytest.mark.parametrize("heads", [0, 1, 2])
def test_a_household_has_exactly_one_head(heads: int) -> None:
    relations = [Relation.HEAD] * heads + [Relation.OTHER] * (3 - heads)
    members = [person(m.person_id, relation) for m, relation in zip(FAMILY, relations, strict=True)]
    outcome = given().when(recorded_household("2014-01-10", members))
    outcome.then_happened(h.HouseholdRecorded) if heads == 1 else outcome.then_refused(rules.NO_HEAD)


def test_nobody_joins_as_a_second_head() -> None:
    given(RECORDED).when(member_joined("2014-02-01", relation=Relation.HEAD)).then_refused(rules.NO_HEAD)


@pytest.mark.parametrize("who", [HEAD, WIFE, CHILD])
def test_a_member_does_not_join_again(who: UUID) -> None:
    given(RECORDED).when(member_joined("2014-02-01", who)).then_refused(rules.ALREADY_A_MEMBER)


@pytest.mark.parametrize(("born", "accepted"), [(2013, True), (2014, True), (2015, False)])
def test_a_member_is_born_by_the_year_of_joining(born: int, accepted: bool) -> None:
    for history, order in [((RECORDED,), member_joined("2014-02-01", born=born)),
                           ((), recorded_household("2014-02-01", (*HEAD_ONLY, person(GRANNY, born=born))))]:  # fmt: skip
        outcome = given(*history).when(order)
        outcome.then(order) if accepted else outcome.then_refused(rules.NOT_YET_BORN)


@pytest.mark.parametrize(("on", "accepted"), [("2014-12-31", True), ("2015-01-01", True), ("2015-01-02", False)])
def test_somebody_who_left_is_surveyed_until_that_day(on: str, accepted: bool) -> None:
    survey = member_surveyed(on, WIFE)
    outcome = given(RECORDED, member_left("2015-01-01", WIFE)).when(survey)
    outcome.then(survey) if accepted else outcome.then_refused(rules.NO_SUCH_MEMBER)


def test_a_stranger_is_neither_surveyed_nor_made_head_nor_parted_with() -> None:
    for order in (member_surveyed("2015-01-01", GRANNY), head_succeeded("2015-01-01", GRANNY),
                  member_left("2015-01-01", GRANNY), member_died("2015-01-01", GRANNY)):  # fmt: skip
        given(RECORDED).when(order).then_refused(rules.NO_SUCH_MEMBER)


@pytest.mark.parametrize(
    ("on", "broken"),
    [
        ("2014-12-31", rules.ALREADY_A_MEMBER),
        ("2015-01-01", rules.RETURNS_ON_DAY_OF_LEAVING),
        ("2015-01-02", None),
    ],
)
@pytest.mark.parametrize("ended", [member_left("2015-01-01", WIFE), split("2015-01-01", WIFE)], ids=["left", "split"])
def test_somebody_who_left_may_come_back_after_that_day(on: str, broken: Rule | None, ended: Fact) -> None:
    back = member_joined(on, WIFE)
    outcome = given(RECORDED, ended).when(back)
    outcome.then(back) if broken is None else outcome.then_refused(broken)


def test_the_dead_do_not_come_back() -> None:
    given(RECORDED, member_died("2015-01-01", WIFE)).when(member_joined("2015-01-02", WIFE)).then_refused(
        rules.PERSON_DIED
    )


@pytest.mark.parametrize(
    ("start", "end", "broken"),
    [
        (VILLAGE, NEIGHBOUR, None),
        (NEIGHBOUR, THIRD, rules.NOT_IN_THAT_VILLAGE),
        (NEIGHBOUR, VILLAGE, rules.NOT_IN_THAT_VILLAGE),
        (VILLAGE, VILLAGE, rules.MOVES_TO_SAME_VILLAGE),
        (NEIGHBOUR, NEIGHBOUR, rules.MOVES_TO_SAME_VILLAGE),
    ],
)
def test_a_move_begins_where_the_household_lives_and_ends_elsewhere(start: str, end: str, broken: Rule | None) -> None:
    move = moved("2015-01-01", start, end)
    outcome = given(RECORDED).when(move)
    outcome.then(move) if broken is None else outcome.then_refused(broken)


@pytest.mark.parametrize(("ahead", "accepted"), [(-1, True), (0, True), (1, False)])
def test_no_day_lies_in_the_future(ahead: int, accepted: bool) -> None:
    on = TODAY + timedelta(days=ahead)
    outcome = given(RECORDED).when(surveyed(on.isoformat()))
    if accepted:
        outcome.then_happened(HouseholdSurveyed)
    else:
        outcome.then_refused(FUTURE_DAY, day=on.isoformat(), today=TODAY.isoformat())


@pytest.mark.parametrize("precision", list(Precision))
@pytest.mark.parametrize(
    ("on", "kept"), [("2015-01-01", "year month day"), ("2015-06-01", "month day"), ("2015-06-02", "day")]
)
def test_a_period_is_named_by_its_first_day(on: str, kept: str, precision: Precision) -> None:
    """National exports give years and months: no day is invented."""
    survey = msgspec.structs.replace(surveyed(on), precision=precision)
    outcome = given(RECORDED).when(survey)
    outcome.then(survey) if precision in kept.split() else outcome.then_refused(NOT_FIRST_OF_PERIOD)


def test_what_is_known_to_the_year_counts_from_its_first_day() -> None:
    story = given(recorded_household("2014"), enrolled("2014")).when(exited("2014-11")).then(exited("2014-11"))
    story.when(returned("2014-10-31", 3)).then_refused(rules.STATUS_FORBIDS)
    story.when(returned("2014-11-02", 3)).then_happened(HouseholdReturned)


def test_a_household_dies_out_only_when_nobody_is_left() -> None:
    given(RECORDED).when(cancelled("2015-01-01")).then_refused(rules.STILL_MEMBERS)
    given(RECORDED).when(cancelled("2015-01-01", CancelReason.LEFT_PROVINCE)).then_happened(HouseholdCancelled)
