"""What happens to a pupil's aid when the register moves: the whole choreography, through the running service."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.assistance.entitlements import (
    EntitlementContinued,
    EntitlementEndedAtStageChange,
    EntitlementFactsAnnulled,
    EntitlementStopped,
    EntitlementTransferred,
    OverpaidReviewOpened,
)
from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from tests.assistance.harness import (
    NEXT_VILLAGE,
    VILLAGE,
    AssistanceHarness,
    Family,
    assistance_harness,
    decision,
    reviewed,
    terms,
)


@pytest.fixture
def harness(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, "2014-09-02") as started:
        yield started


def test_aid_goes_on_after_an_exit_and_ends_at_the_stage_change(harness: AssistanceHarness) -> None:
    """M119, source facts §5 rule 1."""
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.grant(family, "2014-09-02", "2014-09-12")
    harness.advance_to("2014-12-20")
    (exited,) = harness.record(family.exited("2014-12-20"))
    harness.assert_caused_by(harness.last(family, EntitlementContinued), exited)
    (running,) = harness.entitlements(family)
    assert (running["until"], running["continued_after_exit_on"]) == (None, "2014-12-20")
    asked: dict[str, Any] = {"programme": "education_aid", "household_id": str(family.household)}
    (has_it,) = harness.get("/eligibility", **asked, only="not_eligible")["items"]  # and keeps it, for the reason shown
    assert ([r["code"] for r in has_it["reasons"]], has_it["running_entitlement"]) == (
        ["household_exited"],
        running["case_id"],
    )
    assert harness.get("/eligibility", **asked, only="to_apply")["items"] == []

    harness.advance_to("2015-09-10")
    (survey,) = harness.record(family.pupil_surveyed("2015-09-01", SchoolStage.JUNIOR))
    harness.assert_caused_by(harness.last(family, EntitlementEndedAtStageChange), survey)
    (ended,) = harness.entitlements(family)
    assert (ended["until"], ended["ending"]) == ("2015-09-01", "stage_over")
    assert terms(ended["due"]) == [("2014-09", "500.00"), ("2015-02", "500.00")]
    assert ended["review"] is None

    harness.advance_to("2016-03-01")
    harness.record(family.returned("2016-03-01"))
    (again,) = harness.get(
        "/eligibility", programme="education_aid", household_id=str(family.household), only="to_apply"
    )["items"]
    assert (again["stage"], again["eligible"], again["amounts"][0]["zh"]) == ("junior", True, "每学期 625 元")


def test_a_removal_stops_aid_and_sends_what_was_due_to_review_and_its_annulment_brings_all_back(
    harness: AssistanceHarness,
) -> None:
    """M003; source facts §5 rule 7: never qualified, with effect from the wrongful entry; nothing is clawed back."""
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.grant(family, "2014-09-02", "2014-09-12")
    harness.advance_to("2015-12-20")
    (exited,) = harness.record(family.exited("2015-12-20"))
    continued = harness.last(family, EntitlementContinued)

    harness.advance_to("2017-09-15")
    (removed,) = harness.record(family.removed("2014-06-01", exited))
    stopped = harness.last(family, EntitlementStopped)
    harness.assert_caused_by(stopped, removed)
    assert isinstance(stopped.fact, EntitlementStopped)
    assert (stopped.fact.reason, str(stopped.fact.effective_on)) == ("household_removed", "2014-09-12")
    voided = harness.last(family, EntitlementFactsAnnulled)
    harness.assert_caused_by(voided, removed)
    assert voided.fact.annuls == (continued.id,)
    (entitlement,) = harness.entitlements(family)
    assert entitlement["due"] == []
    first_months = [f"{year}-{month}" for year in (2014, 2015, 2016, 2017) for month in ("02", "09")][1:]
    assert reviewed(entitlement) == (first_months, "3500.00")
    harness.assert_caused_by(harness.last(family, OverpaidReviewOpened), removed)
    assert harness.get("/inbox", kind="due")["items"] == []  # nothing of it was paid

    (withdrawn,) = harness.record(family.annulled("2017-10-01", removed))
    restored = harness.last(family, EntitlementFactsAnnulled)
    harness.assert_caused_by(restored, withdrawn)
    assert len(restored.fact.annuls) == 2
    harness.assert_caused_by(harness.last(family, EntitlementContinued), exited)
    (entitlement,) = harness.entitlements(family)
    assert (entitlement["until"], entitlement["continued_after_exit_on"]) == (None, "2015-12-20")
    assert entitlement["review"] is None
    assert harness.get("/inbox", kind="due")["items"] == []

    harness.record(family.annulled("2017-10-02", withdrawn))
    (entitlement,) = harness.entitlements(family)
    assert entitlement["ending"] == "household_removed"


def test_a_death_stops_aid_and_a_death_learned_late_opens_a_review(harness: AssistanceHarness) -> None:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.grant(family, "2014-09-02", "2014-09-12")
    harness.advance_to("2015-10-08")
    (died,) = harness.record(family.pupil_died("2015-03-01"))
    harness.assert_caused_by(harness.last(family, EntitlementStopped), died)
    (entitlement,) = harness.entitlements(family)
    assert (entitlement["until"], entitlement["ending"]) == ("2015-03-01", "died")
    assert terms(entitlement["due"]) == [("2014-09", "500.00"), ("2015-02", "500.00")]
    assert reviewed(entitlement) == (["2015-09"], "500.00")


def test_aid_and_applications_are_where_the_pupil_lives(harness: AssistanceHarness) -> None:
    """Source facts §5 rule 15: eligibility follows the person."""
    aided, applied = Family.new(), Family.new()
    for family in (aided, applied):
        harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.grant(aided, "2014-09-02", "2014-09-12")
    harness.advance_to("2014-10-01")
    one = harness.apply(applied, "2014-10-01")
    (moved, _) = harness.record(aided.moved("2014-10-01"), applied.moved("2014-10-01"))
    harness.assert_caused_by(harness.last(aided, EntitlementTransferred), moved)
    there = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    (entitlement,) = harness.get("/entitlements", there)["items"]
    assert (entitlement["division"], entitlement["household_id"]) == (NEXT_VILLAGE, str(aided.household))
    assert harness.get(one, there)["division"] == NEXT_VILLAGE
    assert harness.get("/entitlements", harness.cadre)["items"] == []
    assert harness.cadre.get(f"/assistance{one}").status_code == 404
    assert harness.refused(harness.cadre, f"{one}/withdrawals", {"on": "2014-10-01"}) == (404, "not_found")
    harness.post(there, f"{one}/withdrawals", {"on": "2014-10-01"})
    assert not any(isinstance(r.fact, EntitlementTransferred) for r in harness.stream(applied))


def test_after_a_split_aid_is_with_the_person_in_the_new_household(harness: AssistanceHarness) -> None:
    family, new = Family.new(), uuid4()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.grant(family, "2014-09-02", "2014-09-12")
    harness.advance_to("2014-11-01")
    gone, formed = family.split("2014-11-01", new)
    (split_id,) = harness.record(gone)
    (formed_id,) = harness.record(formed)
    transferred = harness.last(family, EntitlementTransferred)
    harness.assert_caused_by(transferred, split_id)
    assert isinstance(transferred.fact, EntitlementTransferred)
    assert (transferred.fact.household_id, transferred.fact.from_household_id) == (new, family.household)
    (entitlement,) = harness.get("/entitlements", household_id=str(new))["items"]
    assert (entitlement["until"], entitlement["division"]) == (None, VILLAGE)
    assert harness.get("/entitlements", household_id=str(family.household))["items"] == []
    assert [r.fact for r in harness.stream(family) if isinstance(r.fact, EntitlementStopped)] == []

    harness.record(*family.annulled_split("2014-11-02", split_id, formed_id, new))
    assert harness.last(family, EntitlementFactsAnnulled).fact.annuls == (transferred.id,)
    assert harness.entitlements(family)[0]["household_id"] == str(family.household)


def test_a_decision_entered_late_meets_what_the_register_has_learned_meanwhile(harness: AssistanceHarness) -> None:
    """Paper is entered weeks later: a grant of September meets a change of stage that is known by then."""
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    one = harness.apply(family, "2014-09-02")
    harness.advance_to("2014-11-10")
    (survey,) = harness.record(family.pupil_surveyed("2014-11-01", SchoolStage.JUNIOR))
    harness.post(harness.reviewer, f"{one}/reviews", {"on": "2014-09-12", "outcome": "passed"})
    harness.post(harness.decider, f"{one}/decisions", decision("2014-09-15"))
    harness.assert_caused_by(harness.last(family, EntitlementEndedAtStageChange), survey)
    assert harness.entitlements(family)[0]["until"] == "2014-11-01"


def test_reading_the_same_facts_again_adds_nothing(harness: AssistanceHarness) -> None:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.grant(family, "2014-09-02", "2014-09-12")
    harness.advance_to("2014-12-20")
    harness.record(family.exited("2014-12-20"))
    before = harness.stream(family)
    harness.record(family.pupil_surveyed("2014-12-20", SchoolStage.PRIMARY, boarder=True))
    assert harness.stream(family) == before
