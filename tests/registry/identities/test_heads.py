"""The head of a household changes while everybody stays, and the others are to the new head what follows, or what is said."""

from typing import Any

from tests.registry.households.example_requests import member_body, member_ids, status_and_code
from tests.registry.households.example_villages import Village, act_of, annul, done

FAMILY = [
    member_body("head", 1960), member_body("spouse", 1962), member_body("child", 1985), member_body("child_in_law", 1987),
    member_body("grandchild", 2010), member_body("parent", 1935),
]  # fmt: skip


def relations(village: Village, household: str, as_of: str = "2018-05-01") -> list[str]:
    return [m["relation"] for m in village.cadre.get(household, as_of=as_of).json()["members"]]


def change_head(village: Village, household: str, on: str, person: str, *given: tuple[str, str]) -> Any:
    said = [{"person_id": p, "relation": relation} for p, relation in given]
    return village.cadre.post(f"{household}/heads", {"effective_on": on, "person_id": person, "relations": said})


def test_a_couple_changes_who_is_head_and_the_relations_follow(village: Village) -> None:
    """Cases A3: the day before, the day, the day after."""
    household = village.household("2018-01-02", members=FAMILY)
    spouse = member_ids(village.cadre, household)[1]
    done(change_head(village, household, "2018-02-10", spouse))
    before = ["head", "spouse", "child", "child_in_law", "grandchild", "parent"]
    after = ["spouse", "head", *before[2:]]
    assert relations(village, household, "2018-02-09") == before
    assert relations(village, household, "2018-02-10") == after
    assert relations(village, household, "2018-02-11") == after
    assert status_and_code(change_head(village, household, "2018-02-11", spouse)) == (409, "already_head")


def test_a_child_becomes_head_and_whose_relation_does_not_follow_is_asked_for(village: Village) -> None:
    household = village.household("2018-01-02", members=FAMILY)
    _, _, child, wife, grandchild, _ = member_ids(village.cadre, household)
    refused = change_head(village, household, "2018-02-10", child)
    assert status_and_code(refused) == (409, "relations_to_new_head_needed")
    assert refused.json()["facts"]["person_ids"] == [wife, grandchild]
    done(change_head(village, household, "2018-02-10", child, (wife, "spouse"), (grandchild, "child")))
    assert relations(village, household) == ["parent", "parent", "head", "spouse", "child", "grandparent"]


def test_a_successor_of_a_dead_head_is_asked_for_the_same(village: Village) -> None:
    household = village.household("2018-01-02", members=FAMILY)
    head, _, child, wife, grandchild, _ = member_ids(village.cadre, household)
    death = {"effective_on": "2018-02-10", "successor": child}
    refused = village.cadre.post(f"{household}/members/{head}/deaths", death)
    assert refused.json()["facts"]["person_ids"] == [wife, grandchild]
    said = [{"person_id": wife, "relation": "spouse"}, {"person_id": grandchild, "relation": "child"}]
    done(village.cadre.post(f"{household}/members/{head}/deaths", {**death, "relations": said}))
    assert relations(village, household) == ["parent", "head", "spouse", "child", "grandparent"]


def test_a_divorced_spouse_leaves_or_splits_off_with_the_reason(village: Village) -> None:
    household = village.household("2018-01-02", members=FAMILY)
    _, spouse, *_ = member_ids(village.cadre, household)
    done(village.cadre.post(
        f"{household}/members/{spouse}/departures", {"effective_on": "2018-02-10", "reason": "divorce"}
    ))  # fmt: skip
    other = village.household("2018-01-02", members=FAMILY)
    _, spouse, _, wife, *_ = member_ids(village.cadre, other)
    new = village.split(other, "2018-02-10", wife, spouse, reason="divorce")
    assert relations(village, new) == ["head", "parent"]


def test_two_heads_or_a_stranger_as_head_are_refused(village: Village) -> None:
    household = village.household("2018-01-02", members=FAMILY)
    other = member_ids(village.cadre, village.household("2018-01-02"))[0]
    head, spouse, *_ = member_ids(village.cadre, household)
    assert status_and_code(change_head(village, household, "2018-02-10", other)) == (409, "no_such_member")
    assert change_head(village, household, "2018-02-10", spouse, (head, "head")).status_code == 422


def test_a_change_of_head_is_annulled_and_the_relations_are_what_they_were(village: Village) -> None:
    household = village.household("2018-01-02", members=FAMILY)
    before = relations(village, household)
    spouse = member_ids(village.cadre, household)[1]
    done(change_head(village, household, "2018-02-10", spouse))
    done(annul(village.cadre, household, act_of(village.cadre, household, "HeadSucceeded")))
    assert relations(village, household) == before
