"""Numbers that await their review, where something else is decided about the person or the household meanwhile."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.chassis.log.needs import Timer
from services.registry.households.store import NUMBER_CHECK
from services.registry.number_reviews.feed import set_aside_pending
from tests.registry.corrections.correction_cases import CorrectedVillage
from tests.registry.households.example_requests import (
    ANOTHER_COUNTY,
    member_body,
    member_ids,
    record_household,
    unused_resident_id,
)
from tests.registry.households.example_villages import TODAY, done, facts_of, id_of
from tests.registry.identities.corrections import corrected
from tests.registry.lifecycle.record_cases import Records, refused_effect
from tests.support.eventually import eventually
from tests.support.running import Lika


@pytest.fixture
def village(running: Lika) -> CorrectedVillage:
    return CorrectedVillage(running)


@pytest.fixture
def number(running: Lika) -> str:
    """Held in another county."""
    elsewhere = running.client_for("cadre-there", ANOTHER_COUNTY, Role.CADRE)
    held = unused_resident_id()
    record_household(elsewhere, ANOTHER_COUNTY, members=[member_body("head", id_number=held)])
    return held


def test_nobody_whose_number_awaits_its_review_is_merged_into_the_stock(village: CorrectedVillage, number: str) -> None:
    members = [member_body("head", id_number=number), member_body("spouse")]
    ending, going_on = village.household("2016-01-10", members=members), village.household("2016-01-10")
    village.enrol(going_on, "2017-02-18")
    relations = dict.fromkeys(member_ids(village.cadre, ending), "other")
    refused = Records(village).merge(ending, going_on, "2016-06-01", **relations)
    assert refused_effect(refused) == "number_awaits_review"
    assert refused.json()["next"][0]["act"] == "decide_number_review"
    assert village.totals(TODAY) == {"candidate": (1, 2), "registered": (1, 3)}


def test_a_corrected_number_that_is_set_aside_leaves_the_person_with_the_former_one(
    running: Lika, village: CorrectedVillage, number: str
) -> None:
    household = village.household("2016-01-10")
    village.enrol(household, "2017-02-18")
    member = member_body("other", id_number=unused_resident_id())
    body = {"effective_on": "2017-06-01", "member": member, "reason": "marriage"}
    done(village.cadre.post(f"{household}/members", body))
    corrected(village, household, member_ids(village.cadre, household)[-1], id_number=number)
    eventually(lambda: void(village, household) >= {"PersonCorrected"})
    # Setting it aside is an annulment, behind which numbers are looked at once more.
    timer = Timer(uuid4(), NUMBER_CHECK, f"household-{id_of(household)}", datetime.now(UTC), "")
    running.services["registry"].store.transact(lambda tx: set_aside_pending(tx, timer))
    assert void(village, household) == {"PersonCorrected"}
    assert village.totals(TODAY) == {"registered": (1, 4)}


def test_a_correction_takes_nobody_into_the_stock_whose_number_awaits_its_review(
    village: CorrectedVillage, number: str
) -> None:
    right = village.household("2016-01-10", members=[member_body("head", id_number=number)])
    wrong = village.household("2016-01-10")
    village.enrol(wrong, "2017-02-18")
    instead = {"in_place_of": village.fact(wrong, "HouseholdEnrolled"), "household_id": id_of(right)}
    case = str(done(village.propose(wrong, {"decisions": [instead]})).headers["Location"])
    refused = village.decide(case)
    assert refused_effect(refused) == "number_awaits_review"
    assert village.totals(TODAY) == {"candidate": (1, 1), "registered": (1, 3)}


def test_nor_does_the_correction_of_an_exit_take_in_again_who_joined_a_household_that_split_off(
    village: CorrectedVillage, number: str
) -> None:
    parent = village.household("2016-01-10")
    village.enrol(parent, "2016-02-18")
    village.exit(parent, "2017-01-01")
    child = village.split(parent, "2017-06-01", member_ids(village.cadre, parent)[1])
    member = member_body("other", id_number=number)
    done(village.cadre.post(f"{child}/members", {"effective_on": "2017-07-01", "member": member, "reason": "marriage"}))
    case = str(done(village.propose(parent, {"facts": [village.fact(parent, "HouseholdExited")]})).headers["Location"])
    assert refused_effect(village.decide(case)) == "number_awaits_review"
    assert village.totals(TODAY) == {"exited": (2, 4)}


def void(village: CorrectedVillage, household: str) -> set[str]:
    return {fact["type"] for fact in facts_of(village.cadre, household) if fact["annulled_by"]}
