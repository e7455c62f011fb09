"""A fact effective in the past leaves every later day legal, or is refused naming the fact that would not be."""

import pytest

from contracts.facts import Fact
from contracts.registry import households as h
from contracts.registry.members import HeadSucceeded, MemberLeft, MemberSurveyed
from contracts.registry.surveys import HouseholdSurveyed
from services.registry.households import rules
from services.registry.households.rehydration import current_state
from tests.registry.households.example_facts import (
    CHILD,
    FAMILY,
    HEAD,
    HEAD_ONLY,
    NEIGHBOUR,
    THIRD,
    VILLAGE,
    WIFE,
    annulled,
    cancelled,
    enrolled,
    exited,
    fact_id,
    given,
    head_succeeded,
    member_died,
    member_joined,
    member_left,
    member_surveyed,
    moved,
    recorded_household,
    returned,
    split,
    surveyed,
)

RECORDED, ENROLLED, EXITED = recorded_household("2014-01-10"), enrolled("2014-05-20"), exited("2014-12-01")
BACK = returned("2015-06-01", 3)


@pytest.mark.parametrize(
    ("history", "late", "spoilt"),
    [
        ((RECORDED, member_surveyed("2015-06-01", WIFE)), member_left("2015-05-31", WIFE), 2),
        ((RECORDED, member_died("2015-06-01", WIFE)), member_left("2015-05-31", WIFE), 2),
        ((RECORDED, head_succeeded("2015-06-01", WIFE)), member_died("2015-05-31", WIFE), 2),
        ((RECORDED, member_joined("2015-06-01")), member_joined("2015-05-31"), 2),
        ((RECORDED, split("2015-06-01", WIFE)), member_left("2015-05-31", WIFE), 2),
        ((RECORDED, split("2015-06-01", WIFE, CHILD)), member_died("2015-05-31", CHILD), 2),
        ((RECORDED, ENROLLED, EXITED), exited("2014-11-30"), 3),
        ((RECORDED, ENROLLED, EXITED, BACK, exited("2016-12-01")), returned("2014-12-02", 3), 4),
        (
            (recorded_household("2014-01-10", HEAD_ONLY), member_joined("2015-06-01")),
            member_died("2015-05-31", HEAD),
            2,
        ),
        (
            (recorded_household("2014-01-10", HEAD_ONLY), member_died("2015-06-01", HEAD), cancelled("2015-06-01")),
            member_joined("2015-05-31"),
            3,
        ),
    ],
)
def test_a_late_fact_that_spoils_a_later_one_is_refused_and_names_it(
    history: tuple[Fact, ...], late: Fact, spoilt: int
) -> None:
    of = history[spoilt - 1]
    given(*history).when(late).then_refused(
        rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(spoilt), effective_on=of.effective_on.isoformat()
    )


@pytest.mark.parametrize(("on", "accepted"), [("2015-05-31", False), ("2015-06-01", True), ("2015-06-02", True)])
def test_a_late_leaving_is_possible_once_the_later_survey_is_past(on: str, accepted: bool) -> None:
    outcome = given(RECORDED, member_surveyed("2015-06-01", WIFE)).when(member_left(on, WIFE))
    outcome.then(member_left(on, WIFE)) if accepted else outcome.then_refused(
        rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2)
    )


def test_a_late_succession_that_leaves_a_later_day_without_head_names_who_left_then() -> None:
    story = given(RECORDED, member_left("2015-06-01", WIFE))
    story.when(head_succeeded("2015-05-01", WIFE)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))
    story.when(head_succeeded("2015-05-01", CHILD)).then_happened(HeadSucceeded)


def test_a_late_leaving_that_makes_a_later_death_the_last_one_names_that_death() -> None:
    couple = given(recorded_household("2014-01-10", FAMILY[:2]), member_died("2015-06-01", WIFE))
    couple.when(member_left("2015-05-01", HEAD), successor=WIFE).then_refused(
        rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2)
    )


def test_voiding_a_succession_names_the_death_that_needed_it() -> None:
    story = given(RECORDED, member_died("2015-06-01", HEAD), head_succeeded("2015-06-01", WIFE))
    story.when(annulled("2015-07-01", 3)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))
    story.when(annulled("2015-07-01", 2, 3)).then_happened(h.FactsAnnulled)


@pytest.mark.parametrize("later", [(), (surveyed("2015-07-01"),)])
def test_a_household_left_without_a_head_is_refused_naming_who_left_wherever_the_new_fact_stands(
    later: tuple[HouseholdSurveyed, ...],
) -> None:
    story = given(RECORDED, member_left("2015-06-01", HEAD), *later)
    story.when(surveyed("2015-06-02")).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_voiding_a_join_or_the_whole_household_names_what_rests_on_it() -> None:
    granny = member_joined("2015-01-01")
    story = given(RECORDED, granny, member_surveyed("2015-06-01", granny.member.person_id))
    story.when(annulled("2015-07-01", 2)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(3))
    story.when(annulled("2015-07-01", 1)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))
    story.when(annulled("2015-07-01", 2, 3)).then_happened(h.FactsAnnulled)
    given(RECORDED, ENROLLED).when(annulled("2015-07-01", 1)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_what_was_voided_no_longer_stands_in_the_way() -> None:
    story = given(RECORDED, moved("2015-06-01"), annulled("2015-07-01", 2))
    story.when(moved("2015-05-31")).then_happened(h.HouseholdMoved)


def test_a_move_entered_late_may_be_of_an_earlier_day_than_the_one_on_record() -> None:
    story = given(RECORDED, moved("2015-06-01"))
    story.when(moved("2015-05-31", VILLAGE, THIRD)).then_happened(h.HouseholdMoved)


def test_a_move_to_where_the_household_already_lived_tells_nothing_new_and_stays() -> None:
    story = given(RECORDED, moved("2015-06-01")).when(moved("2015-05-31")).then_happened(h.HouseholdMoved)
    assert current_state(story.state).division == NEIGHBOUR
    story.when(moved("2015-06-02", VILLAGE, NEIGHBOUR)).then_refused(rules.NOT_IN_THAT_VILLAGE)


def test_restoring_what_has_become_impossible_is_refused() -> None:
    story = given(RECORDED, member_left("2015-06-01", WIFE), annulled("2015-07-01", 2), member_left("2015-05-31", WIFE))
    story.when(annulled("2015-08-01", 3)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_facts_of_one_day_and_kind_follow_one_another_as_they_were_recorded() -> None:
    story = given(RECORDED, moved("2015-06-01"))
    story.when(moved("2015-06-01", NEIGHBOUR, THIRD)).then_happened(h.HouseholdMoved)
    story.when(moved("2015-06-01", VILLAGE, THIRD)).then_refused(rules.NOT_IN_THAT_VILLAGE)


def test_facts_of_one_day_and_different_kinds_follow_their_kinds_whichever_is_recorded_first() -> None:
    granny = member_joined("2015-06-01")
    story = given(RECORDED, split("2015-06-01", WIFE))
    story.when(member_surveyed("2015-06-01", WIFE)).then_happened(MemberSurveyed)
    story.when(member_left("2015-06-01", WIFE)).then_refused(rules.NO_SUCH_MEMBER)
    given(RECORDED, granny).when(member_left("2015-06-01", granny.member.person_id)).then_happened(MemberLeft)


def test_a_late_survey_disturbs_nothing() -> None:
    story = given(RECORDED, ENROLLED, EXITED, member_died("2015-01-01", WIFE))
    story.when(surveyed("2014-02-01")).then(surveyed("2014-02-01"))
