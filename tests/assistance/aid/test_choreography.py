"""What happens to a pupil's aid when the register moves: the whole choreography, through the running service."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.assistance.aid import (
    AidContinuedAfterExit,
    AidEndedAtStageChange,
    AidFactsAnnulled,
    AidStopped,
    AidTransferred,
    PaidAidReviewOpened,
)
from contracts.registry.households import SchoolStage
from contracts.roles import Role
from tests.assistance.harness import NEXT_VILLAGE, VILLAGE, Family, Scene, scene


@pytest.fixture
def stage(database: Callable[[str], str], tmp_path: Path) -> Iterator[Scene]:
    with scene(database, tmp_path, "2014-09-02") as started:
        yield started


def test_aid_goes_on_after_an_exit_and_ends_at_the_stage_change(stage: Scene) -> None:
    """M119, source facts §5 rule 1."""
    family = Family.new()
    stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    stage.grant(family, "2014-09-02", "2014-09-12")
    stage.until("2014-12-20")
    (exited,) = stage.learn(family.exited("2014-12-20"))
    stage.caused(stage.last(family, AidContinuedAfterExit), exited)
    (running,) = stage.entitlements(family)
    assert (running["until"], running["continued_after_exit_on"]) == (None, "2014-12-20")

    stage.until("2015-09-10")
    (survey,) = stage.learn(family.pupil_surveyed("2015-09-01", SchoolStage.JUNIOR))
    stage.caused(stage.last(family, AidEndedAtStageChange), survey)
    (ended,) = stage.entitlements(family)
    assert (ended["until"], ended["ending"]) == ("2015-09-01", "stage_over")
    assert ended["due"] == [{"school_year": 2014, "amount": "1000.00"}]
    assert ended["review"] is None

    stage.until("2016-03-01")
    stage.learn(family.returned("2016-03-01"))
    (again,) = stage.get("/aid/eligibility", household_id=str(family.household), only="to_apply")["items"]
    assert (again["stage"], again["eligible"], again["amount_per_year"]) == ("junior", True, "1250")


def test_a_removal_stops_aid_and_sends_what_was_due_to_review_and_its_annulment_brings_all_back(stage: Scene) -> None:
    """M003; source facts §5 rule 7: never qualified, with effect from the wrongful entry; nothing is clawed back."""
    family = Family.new()
    stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    stage.grant(family, "2014-09-02", "2014-09-12")
    stage.until("2015-12-20")
    (exited,) = stage.learn(family.exited("2015-12-20"))
    continued = stage.last(family, AidContinuedAfterExit)

    stage.until("2017-09-15")
    (removed,) = stage.learn(family.removed("2014-06-01", exited))
    stopped = stage.last(family, AidStopped)
    stage.caused(stopped, removed)
    assert isinstance(stopped.fact, AidStopped)
    assert (stopped.fact.reason, str(stopped.fact.effective_on)) == ("household_removed", "2014-09-12")
    voided = stage.last(family, AidFactsAnnulled)
    stage.caused(voided, removed)
    assert voided.fact.annuls == (continued.id,)
    (entitlement,) = stage.entitlements(family)
    assert entitlement["due"] == []
    assert entitlement["review"] == {"school_years": [2014, 2015, 2016, 2017], "amount": "4000.00"}
    stage.caused(stage.last(family, PaidAidReviewOpened), removed)
    (waiting,) = stage.get("/inbox", kind="aid_review")["items"]
    assert (waiting["household_id"], waiting["detail"]) == (str(family.household), "4000.00")

    (withdrawn,) = stage.learn(family.annulled("2017-10-01", removed))
    restored = stage.last(family, AidFactsAnnulled)
    stage.caused(restored, withdrawn)
    assert len(restored.fact.annuls) == 2
    stage.caused(stage.last(family, AidContinuedAfterExit), exited)
    (entitlement,) = stage.entitlements(family)
    assert (entitlement["until"], entitlement["continued_after_exit_on"]) == (None, "2015-12-20")
    assert entitlement["review"] is None
    assert stage.get("/inbox", kind="aid_review")["items"] == []

    stage.learn(family.annulled("2017-10-02", withdrawn))
    (entitlement,) = stage.entitlements(family)
    assert entitlement["ending"] == "household_removed"


def test_a_death_stops_aid_and_a_death_learned_late_opens_a_review(stage: Scene) -> None:
    family = Family.new()
    stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    stage.grant(family, "2014-09-02", "2014-09-12")
    stage.until("2015-10-08")
    (died,) = stage.learn(family.pupil_died("2015-03-01"))
    stage.caused(stage.last(family, AidStopped), died)
    (entitlement,) = stage.entitlements(family)
    assert (entitlement["until"], entitlement["ending"]) == ("2015-03-01", "died")
    assert entitlement["due"] == [{"school_year": 2014, "amount": "1000.00"}]
    assert entitlement["review"] == {"school_years": [2015], "amount": "1000.00"}


def test_aid_and_applications_go_along_with_a_move(stage: Scene) -> None:
    """Source facts §5 rule 15: eligibility follows the person."""
    aided, applied = Family.new(), Family.new()
    for family in (aided, applied):
        stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    stage.grant(aided, "2014-09-02", "2014-09-12")
    stage.until("2014-10-01")
    one = stage.apply(applied, "2014-10-01")
    (moved, _) = stage.learn(aided.moved("2014-10-01"), applied.moved("2014-10-01"))
    stage.caused(stage.last(aided, AidTransferred), moved)
    there = stage.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    (entitlement,) = stage.get("/aid/entitlements", there)["items"]
    assert (entitlement["division"], entitlement["household_id"]) == (NEXT_VILLAGE, str(aided.household))
    assert stage.get(one, there)["division"] == NEXT_VILLAGE
    assert stage.get("/aid/entitlements", stage.cadre)["items"] == []
    assert stage.cadre.get(f"/assistance{one}").status_code == 404
    assert stage.refused(stage.cadre, f"{one}/withdrawals", {"effective_on": "2014-10-01"}) == (404, "not_found")
    stage.post(there, f"{one}/withdrawals", {"effective_on": "2014-10-01"})


def test_after_a_split_aid_is_with_the_person_in_the_new_household(stage: Scene) -> None:
    family, new = Family.new(), uuid4()
    stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    stage.grant(family, "2014-09-02", "2014-09-12")
    stage.until("2014-11-01")
    gone, formed = family.split("2014-11-01", new)
    (split_id,) = stage.learn(gone)
    (formed_id,) = stage.learn(formed)
    transferred = stage.last(family, AidTransferred)
    stage.caused(transferred, split_id)
    assert isinstance(transferred.fact, AidTransferred)
    assert (transferred.fact.household_id, transferred.fact.from_household_id) == (new, family.household)
    (entitlement,) = stage.get("/aid/entitlements", household_id=str(new))["items"]
    assert (entitlement["until"], entitlement["division"]) == (None, VILLAGE)
    assert stage.get("/aid/entitlements", household_id=str(family.household))["items"] == []
    assert [r.fact for r in stage.stream(family) if isinstance(r.fact, AidStopped)] == []

    stage.learn(family.annulled("2014-11-02", split_id), family.annulled("2014-11-02", formed_id))
    assert stage.last(family, AidFactsAnnulled).fact.annuls == (transferred.id,)
    assert stage.entitlements(family)[0]["household_id"] == str(family.household)


def test_a_decision_entered_late_meets_what_the_register_has_learned_meanwhile(stage: Scene) -> None:
    """Paper is entered weeks later: a grant of September meets a change of stage that is known by then."""
    family = Family.new()
    stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    one = stage.apply(family, "2014-09-02")
    stage.until("2014-11-10")
    (survey,) = stage.learn(family.pupil_surveyed("2014-11-01", SchoolStage.JUNIOR))
    stage.post(stage.reviewer, f"{one}/reviews", {"effective_on": "2014-09-12", "passed": True})
    stage.post(
        stage.decider, f"{one}/decisions",
        {"effective_on": "2014-09-15", "approved": True, "organ": "县教育局", "document_no": "1", "signer": "局长"},
    )  # fmt: skip
    stage.caused(stage.last(family, AidEndedAtStageChange), survey)
    assert stage.entitlements(family)[0]["until"] == "2014-11-01"


def test_reading_the_same_facts_again_adds_nothing(stage: Scene) -> None:
    family = Family.new()
    stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    stage.grant(family, "2014-09-02", "2014-09-12")
    stage.until("2014-12-20")
    stage.learn(family.exited("2014-12-20"))
    before = stage.stream(family)
    stage.learn(family.pupil_surveyed("2014-12-20", SchoolStage.PRIMARY, boarder=True))
    assert stage.stream(family) == before
