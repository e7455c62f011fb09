"""A fact effective in the past leaves every later day legal, or is refused naming the fact that would not be."""

import pytest

from contracts.facts import Fact
from contracts.registry import households as h
from services.registry.households import rules
from tests.registry.households.stories import (
    ALONE,
    CHILD,
    FAMILY,
    HEAD,
    NEIGHBOUR,
    THIRD,
    VILLAGE,
    WIFE,
    annulled,
    cancelled,
    died,
    enrolled,
    exited,
    fact_id,
    given,
    joined,
    left,
    member_surveyed,
    moved,
    returned,
    split,
    succeeded,
    surveyed,
    taken_down,
)

RECORDED, ENROLLED, EXITED = taken_down("2014-01-10"), enrolled("2014-05-20"), exited("2014-12-01")
BACK = returned("2015-06-01", 3)


@pytest.mark.parametrize(
    ("history", "late", "spoilt"),
    [
        ((RECORDED, member_surveyed("2015-06-01", WIFE)), left("2015-05-31", WIFE), 2),
        ((RECORDED, died("2015-06-01", WIFE)), left("2015-05-31", WIFE), 2),
        ((RECORDED, succeeded("2015-06-01", WIFE)), died("2015-05-31", WIFE), 2),
        ((RECORDED, joined("2015-06-01")), joined("2015-05-31"), 2),
        ((RECORDED, moved("2015-06-01")), moved("2015-05-31", VILLAGE, THIRD), 2),
        ((RECORDED, split("2015-06-01", WIFE)), left("2015-05-31", WIFE), 2),
        ((RECORDED, split("2015-06-01", WIFE, CHILD)), died("2015-05-31", CHILD), 2),
        ((RECORDED, ENROLLED, EXITED), exited("2014-11-30"), 3),
        ((RECORDED, ENROLLED, EXITED, BACK, exited("2016-12-01")), returned("2014-12-02", 3), 4),
        ((taken_down("2014-01-10", ALONE), joined("2015-06-01")), died("2015-05-31", HEAD), 2),
        ((taken_down("2014-01-10", ALONE), died("2015-06-01", HEAD), cancelled("2015-06-01")), joined("2015-05-31"), 3),
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
    outcome = given(RECORDED, member_surveyed("2015-06-01", WIFE)).when(left(on, WIFE))
    outcome.then(left(on, WIFE)) if accepted else outcome.then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_a_late_succession_that_leaves_a_later_day_without_head_names_who_left_then() -> None:
    story = given(RECORDED, left("2015-06-01", WIFE))
    story.when(succeeded("2015-05-01", WIFE)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))
    story.when(succeeded("2015-05-01", CHILD)).then_happened(h.HeadSucceeded)


def test_a_late_leaving_that_makes_a_later_death_the_last_one_names_that_death() -> None:
    couple = given(taken_down("2014-01-10", FAMILY[:2]), died("2015-06-01", WIFE))
    couple.when(left("2015-05-01", HEAD), successor=WIFE).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_voiding_a_succession_names_the_death_that_needed_it() -> None:
    story = given(RECORDED, died("2015-06-01", HEAD), succeeded("2015-06-01", WIFE))
    story.when(annulled("2015-07-01", 3)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))
    story.when(annulled("2015-07-01", 2, 3)).then_happened(h.FactsAnnulled)


@pytest.mark.parametrize("later", [(), (surveyed("2015-07-01"),)])
def test_a_household_left_without_a_head_is_refused_naming_who_left_wherever_the_new_fact_stands(
    later: tuple[h.HouseholdSurveyed, ...],
) -> None:
    story = given(RECORDED, left("2015-06-01", HEAD), *later)
    story.when(surveyed("2015-06-02")).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_voiding_a_join_or_the_whole_household_names_what_rests_on_it() -> None:
    granny = joined("2015-01-01")
    story = given(RECORDED, granny, member_surveyed("2015-06-01", granny.member.person_id))
    story.when(annulled("2015-07-01", 2)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(3))
    story.when(annulled("2015-07-01", 1)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))
    story.when(annulled("2015-07-01", 2, 3)).then_happened(h.FactsAnnulled)
    given(RECORDED, ENROLLED).when(annulled("2015-07-01", 1)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_what_was_voided_no_longer_stands_in_the_way() -> None:
    story = given(RECORDED, moved("2015-06-01"), annulled("2015-07-01", 2))
    story.when(moved("2015-05-31", VILLAGE, THIRD)).then_happened(h.HouseholdMoved)


def test_restoring_what_has_become_impossible_is_refused() -> None:
    story = given(RECORDED, moved("2015-06-01"), annulled("2015-07-01", 2), moved("2015-05-31", VILLAGE, THIRD))
    story.when(annulled("2015-08-01", 3)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))


def test_facts_of_one_day_follow_one_another_as_they_were_recorded() -> None:
    story = given(RECORDED, moved("2015-06-01"))
    story.when(moved("2015-06-01", NEIGHBOUR, THIRD)).then_happened(h.HouseholdMoved)
    story.when(moved("2015-06-01", VILLAGE, THIRD)).then_refused(rules.NOT_IN_THAT_VILLAGE)


def test_a_late_survey_disturbs_nothing() -> None:
    story = given(RECORDED, ENROLLED, EXITED, died("2015-01-01", WIFE))
    story.when(surveyed("2014-02-01")).then(surveyed("2014-02-01"))
