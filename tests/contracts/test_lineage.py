"""Order within a day and lineage: whatever the order of telling, one timeline (design: "Two times")."""

from datetime import UTC, date, datetime
from itertools import permutations
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdMoved, HouseholdSplit
from contracts.registry.members import MemberDied
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, Standard
from contracts.selection import timeline

PARENT, CHILD, GRANDCHILD, PERSON = (UUID(int=n, version=4) for n in range(1, 5))
BEFORE, DAY, AFTER = date(2015, 4, 1), date(2015, 5, 1), date(2015, 6, 1)


def enrolled(household: UUID, on: date) -> HouseholdFact:
    return HouseholdEnrolled(household_id=household, effective_on=on, entered_by="cadre", standard=Standard.NATIONAL)


def exited(household: UUID, on: date) -> HouseholdFact:
    return HouseholdExited(household_id=household, effective_on=on, entered_by="cadre", enjoys_policies=True)


def died(household: UUID, on: date) -> HouseholdFact:
    return MemberDied(household_id=household, effective_on=on, entered_by="cadre", person_id=PERSON)


def moved(household: UUID, on: date) -> HouseholdFact:
    return HouseholdMoved(
        household_id=household, effective_on=on, entered_by="cadre", from_division="99", to_division="98"
    )


def split(household: UUID, on: date, into: UUID) -> tuple[HouseholdFact, HouseholdFact]:
    common = {"effective_on": on, "entered_by": "cadre", "person_ids": (PERSON,)}
    return (
        HouseholdSplit(household_id=household, new_household_id=into, **common),  # type: ignore[arg-type]
        HouseholdFormed(household_id=into, split_from=household, head=PERSON, **common),  # type: ignore[arg-type]
    )


def logged(*facts: HouseholdFact) -> list[Recorded]:
    """The facts in the order of telling, one a minute."""
    return [
        Recorded(
            "registry",
            n,
            f"household-{f.household_id}",
            n,
            datetime(2018, 1, 1, 12, n, tzinfo=UTC),
            PERSON,
            "cadre",
            f,
            b"",
        )
        for n, f in enumerate(facts, start=1)
    ]


def of(household: UUID, facts: list[Recorded], **asked: date) -> list[tuple[str, UUID]]:
    line = timeline(facts, of=household, as_of=asked.get("as_of"))
    return [(r.fact.type_name, r.fact.household_id) for r in line if isinstance(r.fact, HouseholdFact)]


def test_facts_of_one_day_stand_by_rank_in_whatever_order_they_are_entered() -> None:
    facts = (moved(PARENT, DAY), enrolled(PARENT, DAY), exited(PARENT, DAY), died(PARENT, DAY))
    for entered in permutations(facts):
        assert [name for name, _ in of(PARENT, logged(*entered))] == [
            *("HouseholdMoved", "HouseholdEnrolled", "HouseholdExited", "MemberDied")
        ]


def test_a_child_s_timeline_begins_with_its_parent_s_up_to_the_split() -> None:
    facts = (
        *(enrolled(PARENT, BEFORE), moved(PARENT, DAY), died(PARENT, DAY)),
        *split(PARENT, DAY, CHILD),
        moved(CHILD, DAY),
    )
    for entered in permutations(facts):
        assert of(CHILD, logged(*entered)) == [
            ("HouseholdEnrolled", PARENT),
            ("HouseholdMoved", PARENT),
            ("HouseholdFormed", CHILD),
            ("HouseholdMoved", CHILD),
        ]
        assert of(PARENT, logged(*entered))[-2:] == [("HouseholdSplit", PARENT), ("MemberDied", PARENT)]


def test_splits_of_splits_on_one_day_follow_generation_by_generation() -> None:
    facts = (
        *(enrolled(PARENT, BEFORE), *split(PARENT, DAY, CHILD), moved(CHILD, DAY)),
        *(*split(CHILD, DAY, GRANDCHILD), exited(PARENT, AFTER)),
    )
    for entered in permutations(facts):
        assert of(GRANDCHILD, logged(*entered)) == [
            ("HouseholdEnrolled", PARENT),
            ("HouseholdFormed", CHILD),
            ("HouseholdMoved", CHILD),
            ("HouseholdFormed", GRANDCHILD),
        ]


def test_a_split_that_is_void_gives_its_child_nothing() -> None:
    facts = logged(enrolled(PARENT, BEFORE), *split(PARENT, DAY, CHILD))
    ids = [r.id for r in facts]
    void = (
        FactsAnnulled(household_id=PARENT, effective_on=DAY, entered_by="cadre", annuls=(ids[1],)),
        FactsAnnulled(household_id=CHILD, effective_on=DAY, entered_by="cadre", annuls=(ids[2],)),
    )
    everything = logged(*(r.fact for r in facts), *void)  # type: ignore[arg-type]
    assert of(CHILD, everything) == [("FactsAnnulled", CHILD)]
    assert of(PARENT, everything) == [("HouseholdEnrolled", PARENT), ("FactsAnnulled", PARENT)]


def test_before_the_split_there_are_only_the_ancestors_facts() -> None:
    facts = logged(enrolled(PARENT, BEFORE), *split(PARENT, DAY, CHILD))
    assert of(CHILD, facts, as_of=BEFORE) == [("HouseholdEnrolled", PARENT)]
    assert of(CHILD, facts, as_of=DAY) == [("HouseholdEnrolled", PARENT), ("HouseholdFormed", CHILD)]
