"""A look-back removal reaches back to the wrongful entry, over HTTP: whoever split off since never qualified either."""

import pytest

from tests.registry.households.example_requests import member_ids, status_and_code
from tests.registry.households.example_villages import (
    MINUTES,
    TODAY,
    Village,
    act_of,
    annul,
    done,
    facts_of,
    step,
)
from tests.support.running import Lika


class SplitFamily:
    """Three persons, recorded on 2016-01-10 and enrolled on 2016-02-18; ``child`` split off on 2017-06-01, and
    ``grandchild`` from it on 2017-07-01."""

    def __init__(self, running: Lika) -> None:
        self.village = Village(running)
        self.parent = self.village.household("2016-01-10")
        _, spouse, child = member_ids(self.village.cadre, self.parent)
        self.village.enrol(self.parent, "2016-02-18")
        self.child = self.village.split(self.parent, "2017-06-01", spouse, child)
        self.grandchild = self.village.split(self.child, "2017-07-01", child)

    def kinds(self, household: str) -> list[tuple[str, bool]]:
        """Each fact's type, and whether it stands."""
        return [(f["type"], f["annulled_by"] is None) for f in facts_of(self.village.cadre, household)]

    def require_all_removed(self) -> None:
        assert self.village.totals("2016-02-17") == {"candidate": (1, 3)}
        assert self.village.totals("2016-02-18") == self.village.totals("2017-05-31") == {"removed": (1, 3)}
        assert self.village.totals("2017-06-01") == {"removed": (2, 3)}
        assert self.village.totals("2017-07-01") == self.village.totals(TODAY) == {"removed": (3, 3)}


@pytest.fixture
def family(running: Lika) -> SplitFamily:
    return SplitFamily(running)


def test_a_wrongful_entry_is_removed_whatever_was_decided_about_those_who_split_off_since(family: SplitFamily) -> None:
    family.village.exit(family.child, "2017-10-10")
    family.village.take_in_again(family.child, "2017-12-10")
    family.village.exit(family.grandchild, "2017-11-10")
    family.village.remove(family.parent, "2018-03-01")
    family.require_all_removed()
    decided = [("HouseholdExited", False), ("HouseholdReturned", False), ("FactsAnnulled", True)]
    assert family.kinds(family.child)[2:] == decided
    assert family.kinds(family.grandchild)[1:] == [("HouseholdExited", False), ("FactsAnnulled", True)]


def test_nobody_who_split_off_from_a_wrongful_entry_exits_once_it_is_removed(family: SplitFamily) -> None:
    family.village.remove(family.parent, "2018-03-01")
    for household in (family.child, family.grandchild):
        refused = family.village.ask_to_open_case(family.village.cadre, household, "exit", "2017-10-01")
        assert status_and_code(refused) == (409, "status_does_not_allow_procedure")
    family.require_all_removed()


def test_an_exit_that_was_decided_before_the_removal_is_not_announced_and_the_county_closes_its_case(
    family: SplitFamily,
) -> None:
    case = family.village.decide_exit(family.child, "2017-10-10")
    withdrawal = {"on": "2017-10-11"}
    assert status_and_code(family.village.cadre.post(f"{case}/withdrawals", withdrawal)) == (
        409,
        "case_already_decided",
    )
    family.village.remove(family.parent, "2018-03-01")
    announced = family.village.county_reviewer.post(f"{case}/announcements", {"on": "2017-10-11"})
    assert status_and_code(announced) == (409, "effect_cannot_stand")
    assert announced.json()["facts"]["because"]["code"] == "poverty_status_forbids"
    step(family.village.decider, case, "closings", "2017-10-11", reason="已剔除", evidence=MINUTES)
    family.require_all_removed()


@pytest.mark.parametrize("parent_first", [False, True])
def test_a_removal_of_who_split_off_is_void_beside_the_removal_of_the_wrongful_entry(
    family: SplitFamily, parent_first: bool
) -> None:
    if parent_first:
        family.village.remove(family.parent, "2018-03-01")
        opened = family.village.ask_to_open_case(
            family.village.township, family.child, "look_back_removal", "2018-02-01"
        )
        assert status_and_code(opened) == (409, "status_does_not_allow_procedure")
    else:
        family.village.exit(family.child, "2017-10-10")
        family.village.take_in_again(family.child, "2017-12-10")
        family.village.exit(family.grandchild, "2017-11-10")
        family.village.remove(family.child, "2018-02-10")
        family.village.remove(family.parent, "2018-03-01")
        assert ("HouseholdRemoved", False) in family.kinds(family.child)
    family.require_all_removed()


def test_a_removal_reaches_back_to_the_return_that_was_wrong_and_no_further(running: Lika) -> None:
    village = Village(running)
    household = village.household("2016-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    village.enrol(household, "2016-02-18")
    early = village.split(household, "2016-03-01", spouse)
    village.exit(early, "2016-09-10")
    village.exit(household, "2016-10-10")
    village.take_in_again(household, "2017-02-10")
    late = village.split(household, "2017-03-01", child)
    village.exit(late, "2017-06-10")
    village.remove(household, "2018-03-01")
    assert village.totals("2017-02-09") == {"exited": (2, 3)}
    assert village.totals("2017-02-10") == {"exited": (1, 1), "removed": (1, 2)}
    assert village.totals(TODAY) == {"exited": (1, 1), "removed": (2, 2)}


def test_what_a_removal_annulled_in_a_household_that_split_off_is_not_restored_directly(family: SplitFamily) -> None:
    family.village.exit(family.grandchild, "2017-11-10")
    family.village.remove(family.parent, "2018-03-01")
    for household, kind in ((family.grandchild, "FactsAnnulled"), (family.parent, "HouseholdRemoved")):
        act = act_of(family.village.cadre, household, kind)
        assert status_and_code(annul(family.village.cadre, household, act)) == (409, "status_fact_needs_case")
    family.require_all_removed()


def test_a_split_is_undone_and_restored_though_the_exit_after_it_is_void(family: SplitFamily) -> None:
    family.village.exit(family.grandchild, "2017-11-10")
    family.village.remove(family.parent, "2018-03-01")
    done(annul(family.village.cadre, family.child, act_of(family.village.cadre, family.child, "HouseholdSplit")))
    assert family.village.totals(TODAY) == {"removed": (2, 3)}
    done(annul(family.village.cadre, family.child, act_of(family.village.cadre, family.child, "FactsAnnulled")))
    family.require_all_removed()
