"""Helpers and duties through the running service."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.assistance.pairing import (
    HelperAssigned,
    HelperDutyMet,
    HelperDutyMissed,
    HelperDutySet,
    PairingEnded,
    PairingFactsAnnulled,
)
from contracts.facts import Fact, Recorded
from contracts.roles import Role
from tests.assistance.harness import NEXT_VILLAGE, Family, Scene, scene


@pytest.fixture
def stage(database: Callable[[str], str], tmp_path: Path) -> Iterator[Scene]:
    with scene(database, tmp_path, "2014-06-01") as started:
        yield started


def last(stage: Scene, household: UUID, kind: type[Fact]) -> Recorded:
    facts = stage.assistance.stream(f"pairing-{household}")
    return next(r for r in reversed(facts) if isinstance(r.fact, kind))


def duties(stage: Scene, family: Family) -> list[tuple[str, str]]:
    found = stage.get("/duties", household_id=str(family.household))["items"]
    return [(d["state"], d["due_on"]) for d in found]


def assignment(household: UUID, day: str, helper: str = "staff-1") -> dict[str, Any]:
    return {"household_id": str(household), "helper": helper, "unit": "县农业局", "effective_on": day}


def enrolled(stage: Scene, day: str = "2014-06-01") -> Family:
    family = Family.new()
    stage.learn(family.recorded("2014-01-05"), family.enrolled(day))
    return family


def test_a_newly_enrolled_household_is_owed_a_helper_and_the_duty_is_met_on_its_last_day(stage: Scene) -> None:
    """M052, source facts §5 rule 21."""
    family = enrolled(stage)
    (_, enrolment) = [f"registry/household-{family.household}/{n}" for n in (1, 2)]
    stage.caused(last(stage, family.household, HelperDutySet), enrolment)
    assert duties(stage, family) == [("open", "2014-07-01")]
    stage.until("2014-07-01")
    stage.learn(family.moved("2014-07-01"))
    assert [d["household_id"] for d in stage.get("/duties", state="open")["items"]] == [str(family.household)]
    there = stage.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    assert stage.post(there, "/pairings", assignment(family.household, "2014-07-01"))
    assert duties(stage, family) == [("met", "2014-07-01")]
    stage.until("2014-07-05")
    assert duties(stage, family) == [("met", "2014-07-01")]
    (pairing,) = stage.get("/pairings", helper="staff-1")["items"]
    assert (pairing["household_id"], pairing["division"], pairing["unit"]) == (
        str(family.household),
        NEXT_VILLAGE,
        "县农业局",
    )


def test_a_duty_is_missed_on_the_day_after_and_a_paper_entered_late_can_still_prove_it_met(stage: Scene) -> None:
    late, in_time = enrolled(stage), enrolled(stage)
    stage.until("2014-07-01")
    assert stage.get("/duties", state="missed")["items"] == []
    stage.until("2014-07-02")
    assert {d["household_id"] for d in stage.get("/duties", state="missed")["items"]} == {
        str(late.household), str(in_time.household),
    }  # fmt: skip
    missed = last(stage, late.household, HelperDutyMissed)
    assert str(missed.fact.effective_on) == "2014-07-02"
    assert len(stage.get("/inbox", kind="duty_missed")["items"]) == 2

    stage.post(stage.cadre, "/pairings", assignment(late.household, "2014-07-02"))
    assert duties(stage, late) == [("missed", "2014-07-01")]
    stage.post(stage.cadre, "/pairings", assignment(in_time.household, "2014-06-20"))
    assert last(stage, in_time.household, HelperDutyMet).fact.annuls == (
        last(stage, in_time.household, HelperDutyMissed).id,
    )
    assert duties(stage, in_time) == [("met", "2014-07-01")]
    assert stage.get("/inbox", kind="duty_missed")["items"] == []


def test_a_handover_leaves_no_gap_and_a_release_sets_a_new_duty(stage: Scene) -> None:
    """Source facts §5 rules 42 and 46."""
    family = enrolled(stage)
    one = stage.post(stage.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    second = assignment(family.household, "2014-06-01", "staff-2")
    assert stage.refused(stage.cadre, "/pairings", second) == (409, "pairing_has_helper")
    del second["household_id"]
    same = {**second, "helper": "staff-1"}
    assert stage.refused(stage.cadre, f"{one}/handovers", same) == (409, "pairing_same_helper")
    stage.post(stage.cadre, f"{one}/handovers", second)
    assert [(h["helper"], h["end_reason"]) for h in stage.get(one)] == [("staff-1", "handover"), ("staff-2", None)]
    assert duties(stage, family) == [("met", "2014-07-01")]
    stage.until("2014-08-01")
    stage.post(stage.cadre, f"{one}/releases", {"reason": "transferred", "effective_on": "2014-08-01"})
    assert duties(stage, family) == [("met", "2014-07-01"), ("open", "2014-08-31")]
    before = assignment(family.household, "2014-07-31")
    assert stage.refused(stage.cadre, "/pairings", before) == (409, "pairing_before_last_change")
    stage.post(stage.cadre, "/pairings", assignment(family.household, "2014-08-01"))
    assert duties(stage, family)[1] == ("met", "2014-08-31")


def test_a_removal_ends_the_pairing_and_its_annulment_brings_the_helper_back(stage: Scene) -> None:
    family = enrolled(stage)
    one = stage.post(stage.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    stage.until("2015-03-01")
    (removed,) = stage.learn(family.removed("2014-06-01"))
    ended = last(stage, family.household, PairingEnded)
    stage.caused(ended, removed)
    assert stage.get(one)[0]["released_on"] == "2015-03-01"
    refused = stage.refused(stage.cadre, "/pairings", assignment(family.household, "2015-03-01"))
    assert refused == (409, "pairing_household_not_registered")
    (withdrawn,) = stage.learn(family.annulled("2015-03-02", removed))
    void = last(stage, family.household, PairingFactsAnnulled)
    stage.caused(void, withdrawn)
    assert void.fact.annuls == (ended.id,)
    assert stage.get(one)[0]["released_on"] is None
    assert [d for d in duties(stage, family) if d[0] == "open"] == []


def test_an_exited_household_keeps_its_helper_and_one_that_falls_back_without_gets_a_duty(stage: Scene) -> None:
    """pairing.kept_after_exit; M007."""
    family = enrolled(stage)
    one = stage.post(stage.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    stage.until("2014-12-20")
    stage.learn(family.exited("2014-12-20"))
    assert stage.get(one)[0]["released_on"] is None
    stage.until("2015-02-01")
    stage.post(stage.cadre, f"{one}/releases", {"reason": "left_service", "effective_on": "2015-02-01"})
    assert [state for state, _ in duties(stage, family)] == ["met"]
    stage.until("2016-03-01")
    (returned,) = stage.learn(family.returned("2016-03-01"))
    stage.caused(last(stage, family.household, HelperDutySet), returned)
    assert duties(stage, family)[1] == ("open", "2016-03-31")
    (_,) = stage.learn(family.annulled("2016-03-02", returned))
    assert [state for state, _ in duties(stage, family)] == ["met"]
    stage.until("2016-04-02")
    assert stage.get("/duties", state="missed")["items"] == []


def test_the_helper_follows_a_split_and_a_move(stage: Scene) -> None:
    family, new = enrolled(stage), uuid4()
    stage.post(stage.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    stage.until("2014-09-01")
    _, formed = stage.learn(*family.split("2014-09-01", new))
    stage.caused(last(stage, new, HelperAssigned), formed)
    assert [h["helper"] for h in stage.get(f"/pairings/{new}")] == ["staff-1"]
    assert [h["helper"] for h in stage.get(f"/pairings/{family.household}")] == ["staff-1"]
    assert stage.get("/duties", household_id=str(new))["items"] == []
    stage.learn(family.moved("2014-09-02"))
    there = stage.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    (moved,) = stage.get("/pairings", there)["items"]
    assert (moved["household_id"], moved["helper"]) == (str(family.household), "staff-1")
    assert stage.cadre.get(f"/assistance/pairings/{family.household}").status_code == 404
    release = {"reason": "other", "effective_on": "2014-09-01"}
    assert stage.refused(stage.cadre, f"/pairings/{family.household}/releases", release) == (404, "not_found")
    assert stage.refused(stage.decider, f"/pairings/{family.household}/releases", release)[0] == 403


def test_without_a_rule_in_force_the_duty_is_refused_and_somebody_is_told(stage: Scene) -> None:
    """The rule of set days holds from 2014-01-01; an enrolment of the day before has none."""
    before, on_the_day = Family.new(), Family.new()
    _, too_early = stage.learn(before.recorded("2013-01-05"), before.enrolled("2013-12-31"))
    stage.learn(on_the_day.recorded("2013-01-05"), on_the_day.enrolled("2014-01-01"))
    assert duties(stage, before) == []
    assert duties(stage, on_the_day) == [("open", "2014-07-01")]
    (entry,) = stage.get("/inbox", kind="reaction_refused")["items"]
    assert entry["household_id"] == str(before.household)
    assert entry["detail"] == "set_helper_duty: pairing_rule_not_in_force"
    assert entry["caused_by"] == too_early
    stage.learn(before.annulled("2014-06-01", too_early))
    assert stage.get("/inbox")["items"] == []
