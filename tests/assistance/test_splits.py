"""What is learned late of a household before it split holds for the one that split off: its status, its village, its aid
and its helper; what happens to the parent afterwards does not."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.assistance.entitlements import EntitlementFactsAnnulled, EntitlementStopped, EntitlementTransferred
from contracts.assistance.pairing import PairingEnded, PairingFactsAnnulled
from contracts.assistance.pairs import HouseholdPairFormed
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.members import MemberJoined, MemberLeft
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.roles import Role
from contracts.selection import surviving, timeline
from services.casework.people.domain import fold, person_on
from services.casework.people.history import person_history
from tests.assistance.harness import (
    NEXT_VILLAGE,
    VILLAGE,
    AssistanceHarness,
    Family,
    assistance_harness,
    build_member,
    fact,
    reviewed,
)
from tests.assistance.pairs.helped_households import helpers
from tests.support.helper_forms import helper_form
from tests.support.recorded import recorded


@pytest.fixture
def harness(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, "2014-09-02") as started:
        yield started


def split_off(harness: AssistanceHarness, family: Family, day: str) -> Family:
    """The pupil forms a household of its own, with a helper of the parent's; another pupil joins it next day."""
    new = uuid4()
    harness.record(*family.split(day, new))
    child = Family(new, family.pupil, build_member(SchoolStage.PRIMARY, boarder=True))
    harness.record(fact(MemberJoined, new, day, member=child.pupil, reason=JoinReason.ADOPTION))
    return child


def enrolled_with_helper(harness: AssistanceHarness) -> Family:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-06-01"))
    return family


def standing(facts: Sequence[Recorded], kind: type[Fact]) -> list[Recorded]:
    return [r for r in surviving(facts) if isinstance(r.fact, kind)]


def pairing_facts(harness: AssistanceHarness, household: UUID, kind: type[Fact]) -> list[Recorded]:
    return standing(harness.assistance.stream(f"pairing-{household}"), kind)


def test_a_removal_from_before_the_split_ends_aid_and_pairing_of_the_new_household_once(
    harness: AssistanceHarness,
) -> None:
    family = enrolled_with_helper(harness)
    harness.advance_to("2014-09-03")
    child = split_off(harness, family, "2014-09-03")
    assert len(pairing_facts(harness, child.household, HouseholdPairFormed)) == 1
    harness.grant(child, "2014-09-03", "2014-09-15")
    harness.advance_to("2015-10-01")

    (removed,) = harness.record(family.removed("2014-06-01"))
    (stopped,) = standing(harness.stream(child), EntitlementStopped)
    harness.assert_caused_by(stopped, removed)
    assert isinstance(stopped.fact, EntitlementStopped)
    assert (stopped.fact.reason, str(stopped.fact.effective_on)) == ("household_removed", "2014-09-15")
    (entitlement,) = harness.entitlements(child)
    assert reviewed(entitlement) == (["2014-09", "2015-02", "2015-09"], "1500.00")
    for household in (family.household, child.household):
        (ended,) = pairing_facts(harness, household, PairingEnded)
        harness.assert_caused_by(ended, removed)

    streams = (f"entitlements-{child.pupil.person_id}", f"pairing-{child.household}")
    before = [harness.assistance.stream(name) for name in streams]
    harness.record(family.pupil_surveyed("2014-08-01", SchoolStage.PRIMARY, boarder=True))
    assert [harness.assistance.stream(name) for name in streams] == before

    (restored,) = harness.record(family.annulled("2015-10-02", removed))
    harness.assert_caused_by(harness.last(child, EntitlementFactsAnnulled), restored)
    (void,) = pairing_facts(harness, child.household, PairingFactsAnnulled)
    harness.assert_caused_by(void, restored)
    (entitlement,) = harness.entitlements(child)
    assert (entitlement["until"], entitlement["review"]) == (None, None)
    assert helpers(harness, child.household)[-1]["until"] is None


def test_an_approval_entered_after_the_split_that_follows_it_makes_both_households_eligible(
    harness: AssistanceHarness,
) -> None:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"))
    child = split_off(harness, family, "2014-09-01")
    assert harness.get("/eligibility", programme="education_aid", only="to_apply")["items"] == []
    harness.advance_to("2014-10-05")
    (enrolled,) = harness.record(family.enrolled("2014-08-18"))
    to_apply = harness.get("/eligibility", programme="education_aid", only="to_apply")["items"]
    assert {(i["household_id"], i["unit_id"]) for i in to_apply} == {
        (str(child.household), str(person.person_id)) for person in (child.head, child.pupil)
    }
    harness.advance_to("2014-11-06")  # the helper was to be found within thirty days of the entry
    for household in (family.household, child.household):
        (missed,) = harness.assistance.stream(f"duties-{household}")
        assert (missed.fact.effective_on, missed.fact.caused_by) == (date(2014, 11, 5), enrolled)


def test_a_move_entered_after_the_split_that_follows_it_takes_the_new_household_along(
    harness: AssistanceHarness,
) -> None:
    family = enrolled_with_helper(harness)
    harness.advance_to("2014-09-03")
    child = split_off(harness, family, "2014-09-03")
    one = harness.apply(child, "2014-09-03")
    harness.advance_to("2014-09-04")
    harness.record(family.moved("2014-08-01"))
    there = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    assert {p["subject"] for p in harness.get("/pairs", there)["items"]} == {
        str(family.household), str(child.household),
    }  # fmt: skip
    assert harness.get(one, there)["division"] == NEXT_VILLAGE
    assert standing(harness.stream(child), EntitlementTransferred) == []  # an application follows its pupil by itself
    assert harness.cadre.get(f"/assistance{one}").status_code == 404


def test_what_happens_to_the_parent_after_the_split_never_touches_the_new_household(
    harness: AssistanceHarness,
) -> None:
    family = enrolled_with_helper(harness)
    harness.advance_to("2014-09-03")
    child = split_off(harness, family, "2014-09-03")
    harness.grant(child, "2014-09-03", "2014-09-15")
    before = harness.stream(child), harness.assistance.stream(f"pairing-{child.household}")
    harness.record(family.moved("2014-09-04"), family.removed("2014-09-05"))
    assert (harness.stream(child), harness.assistance.stream(f"pairing-{child.household}")) == before
    assert pairing_facts(harness, family.household, PairingEnded)
    (entitlement,) = harness.entitlements(child)
    assert (entitlement["until"], entitlement["division"]) == (None, VILLAGE)


def test_nobody_is_listed_in_two_households_in_whatever_order_the_split_was_entered(harness: AssistanceHarness) -> None:
    """Leaving, joining and a split of one day; a split of a split; then one of the splits undone."""
    family, other = Family.new(), Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.record(other.recorded("2014-01-05"), other.enrolled("2014-06-01"))
    child = split_off(harness, family, "2014-08-01")
    grandchild = uuid4()
    gone, formed = harness.record(*child.split("2014-08-01", grandchild))
    leaving = fact(
        MemberLeft, child.household, "2014-08-02", person_id=family.pupil.person_id, reason=LeaveReason.OTHER
    )
    joining = fact(MemberJoined, other.household, "2014-08-02", member=family.pupil, reason=JoinReason.ADOPTION)
    harness.record(leaving, joining)
    assert where_pupils_live(harness) == {
        child.pupil.person_id: [grandchild],
        family.pupil.person_id: [other.household],
        other.pupil.person_id: [other.household],
    }
    harness.record(*child.annulled_split("2014-09-02", gone, formed, grandchild))
    assert where_pupils_live(harness)[child.pupil.person_id] == [child.household]


def where_pupils_live(harness: AssistanceHarness) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for item in harness.get("/eligibility", programme="education_aid")["items"]:
        found.setdefault(UUID(item["unit_id"]), []).append(UUID(item["household_id"]))
    return found


def test_a_removal_reaches_the_household_that_split_off_from_one_that_split_off(harness: AssistanceHarness) -> None:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    child = split_off(harness, family, "2014-08-01")
    grandchild = split_off(harness, child, "2014-08-20")
    assert reasons(harness, grandchild) == [["eligible"], ["eligible"]]
    harness.grant(grandchild, "2014-09-02", "2014-09-12")
    harness.advance_to("2014-10-01")
    (removed,) = harness.record(family.removed("2014-06-01"))
    assert reasons(harness, grandchild) == [["household_removed"], ["household_removed"]]
    harness.assert_caused_by(harness.last(grandchild, EntitlementStopped), removed)
    harness.record(family.annulled("2014-10-02", removed), child.removed("2014-08-10"))
    assert reasons(harness, family) == []
    assert reasons(harness, grandchild) == [["household_removed"], ["household_removed"]]


def reasons(harness: AssistanceHarness, family: Family) -> list[list[str]]:
    items = harness.get("/eligibility", programme="education_aid", household_id=str(family.household))["items"]
    return [[reason["code"] for reason in item["reasons"]] for item in items]


def test_a_pupil_s_history_is_the_same_in_whatever_order_it_was_entered() -> None:
    family, new = Family.new(), UUID(int=5)
    gone, formed = family.split("2015-04-01", new)
    story: list[Any] = [
        family.moved("2015-04-01"),
        family.exited("2015-03-10"),
        family.pupil_surveyed("2015-04-01", SchoolStage.JUNIOR),
        (gone, formed),
        fact(MemberLeft, new, "2015-06-01", person_id=family.pupil.person_id, reason=LeaveReason.OTHER),
        family.removed("2015-05-01"),
    ]
    orders = [entered(family, order) for order in permutations(story)]
    assert len(orders) == 720
    expected = history(family, orders[0])
    assert all(history(family, facts) == expected for facts in orders)
    on_the_day = person_on(orders[0], family.pupil.person_id, as_of=gone.effective_on)
    assert (on_the_day.household_id, on_the_day.division, on_the_day.status, on_the_day.stage) == (
        new, NEXT_VILLAGE, "exited", SchoolStage.JUNIOR,
    )  # fmt: skip


def entered(family: Family, order: Sequence[HouseholdFact | tuple[HouseholdFact, ...]]) -> list[Recorded]:
    flat = [f for one in order for f in (one if isinstance(one, tuple) else (one,))]
    at = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(days=1)
    return [*recorded(family.recorded("2014-01-05"), family.enrolled("2014-06-01"), *flat, at=at)]


def history(family: Family, facts: Sequence[Recorded]) -> object:
    """Every day's state, and the households at the end."""
    changes = person_history(family.pupil.person_id, timeline(facts))
    days = sorted({change.day for change in changes})
    states = [(day, person_on(facts, family.pupil.person_id, as_of=day)) for day in days]
    return states, fold(timeline(facts)).households
