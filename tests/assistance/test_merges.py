"""Aid and pairing follow a household that ends, merges or comes back, and a person recorded twice; undone, all is as before."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.assistance.entitlements import EntitlementStopped, EntitlementTransferred
from contracts.assistance.pairing import PairingEnded, PairingFactsAnnulled
from contracts.facts import HouseholdFact
from contracts.registry.codes import SchoolStage
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.households import FactsAnnulled
from contracts.registry.members import MemberJoined
from contracts.registry.merges import DuplicatePersonFound, PersonsMerged
from contracts.registry.reasons import CancelReason, JoinReason
from tests.assistance.harness import AssistanceHarness, Family, assistance_harness, build_member, fact
from tests.assistance.pairs.helped_households import helpers
from tests.assistance.test_splits import enrolled_with_helper, pairing_facts, standing
from tests.support.helper_forms import helper_form


@pytest.fixture
def harness(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, "2014-09-02") as started:
        yield started


def granted(harness: AssistanceHarness) -> Family:
    """A household with a helper, whose pupil is aided from 2014-09-12 on; the day is 2014-10-08."""
    family = enrolled_with_helper(harness)
    harness.grant(family, "2014-09-02", "2014-09-12")
    harness.advance_to("2014-10-08")
    return family


def other_household(harness: AssistanceHarness) -> Family:
    other = Family(uuid4(), build_member(head=True), build_member(SchoolStage.PRIMARY, boarder=True))
    harness.record(other.recorded("2014-01-05"), other.enrolled("2014-06-01"))
    return other


def require_as_granted(harness: AssistanceHarness, family: Family) -> None:
    (entitlement,) = harness.entitlements(family)
    assert (entitlement["household_id"], entitlement["until"]) == (str(family.household), None)
    assert helpers(harness, family.household)[-1]["until"] is None


def undone(ids: tuple[str, ...], facts: list[Any]) -> list[HouseholdFact]:
    by_household: dict[Any, list[str]] = {}
    for fact_id, each in zip(ids, facts, strict=True):
        by_household.setdefault(each.household_id, []).append(fact_id)
    return [fact(FactsAnnulled, household, "2014-10-08", annuls=tuple(of)) for household, of in by_household.items()]


def test_after_a_merge_the_pupil_is_aided_in_the_household_that_goes_on_and_the_helper_of_the_other_is_free(
    harness: AssistanceHarness,
) -> None:
    family, other = granted(harness), other_household(harness)
    merged = [
        fact(
            HouseholdCancelled, family.household, "2014-10-01", reason=CancelReason.MERGED,
            merged_into=other.household,
        ),
        *(
            fact(
                MemberJoined, other.household, "2014-10-01", member=member, reason=JoinReason.MERGED,
                merged_from=family.household,
            )
            for member in (build_member(), family.pupil)
        ),
    ]  # fmt: skip
    ids = harness.record(*merged)
    (entitlement,) = harness.entitlements(family)
    assert (entitlement["household_id"], entitlement["until"]) == (str(other.household), None)
    harness.assert_caused_by(harness.last(family, EntitlementTransferred), ids[-1])
    (ended,) = pairing_facts(harness, family.household, PairingEnded)
    harness.assert_caused_by(ended, ids[0])
    harness.record(*undone(ids, merged))
    require_as_granted(harness, family)
    assert len(pairing_facts(harness, family.household, PairingFactsAnnulled)) == 1


def test_aid_granted_to_a_duplicate_follows_the_person_who_goes_on(harness: AssistanceHarness) -> None:
    family, other = granted(harness), other_household(harness)
    duplicate, person = family.pupil.person_id, other.pupil.person_id
    merged = [
        fact(
            PersonsMerged, family.household, "2014-10-01", person_id=duplicate, same_as=person,
            same_as_household_id=other.household,
        ),
        fact(
            DuplicatePersonFound, other.household, "2014-10-01", person_id=person, duplicate=duplicate,
            duplicate_household_id=family.household,
        ),
    ]  # fmt: skip
    ids = harness.record(*merged)
    (entitlement,) = harness.entitlements(family)
    assert (entitlement["household_id"], entitlement["until"]) == (str(other.household), None)
    harness.assert_caused_by(harness.last(family, EntitlementTransferred), ids[0])
    harness.record(other.moved("2014-10-03"))
    (entitlement,) = harness.entitlements(family)
    assert entitlement["division"] == "990001101202"
    harness.record(*undone(ids, merged))
    require_as_granted(harness, family)


def test_a_household_that_left_the_province_loses_aid_and_helper_and_may_have_both_again_when_it_is_back(
    harness: AssistanceHarness,
) -> None:
    family = granted(harness)
    (left,) = harness.record(
        fact(HouseholdCancelled, family.household, "2014-10-01", reason=CancelReason.LEFT_PROVINCE)
    )
    (stopped,) = standing(harness.stream(family), EntitlementStopped)
    harness.assert_caused_by(stopped, left)
    assert stopped.fact.reason == "household_cancelled"  # type: ignore[attr-defined]
    (ended,) = pairing_facts(harness, family.household, PairingEnded)
    harness.assert_caused_by(ended, left)
    persons = (family.head.person_id, family.pupil.person_id)
    harness.record(
        fact(
            HouseholdReinstated, family.household, "2014-10-05", person_ids=persons, head=persons[0],
            status=ReinstatedAs.FORMER_STATUS,
        )
    )  # fmt: skip
    assert len(standing(harness.stream(family), EntitlementStopped)) == 1
    to_apply = harness.get("/eligibility", programme="education_aid", only="to_apply")["items"]
    assert str(family.pupil.person_id) in {item["unit_id"] for item in to_apply}
    harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-10-08", "staff-2"))
