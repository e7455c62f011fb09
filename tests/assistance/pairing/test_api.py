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
from tests.assistance.harness import NEXT_VILLAGE, AssistanceHarness, Family, assistance_harness


@pytest.fixture
def harness(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, "2014-06-01") as started:
        yield started


def last(harness: AssistanceHarness, household: UUID, kind: type[Fact]) -> Recorded:
    facts = harness.assistance.stream(f"pairing-{household}")
    return next(r for r in reversed(facts) if isinstance(r.fact, kind))


def duties(harness: AssistanceHarness, family: Family) -> list[tuple[str, str]]:
    found = harness.get("/duties", household_id=str(family.household))["items"]
    return [(d["state"], d["due_on"]) for d in found]


def assignment(household: UUID, day: str, helper: str = "staff-1") -> dict[str, Any]:
    return {"household_id": str(household), "helper": helper, "unit": "县农业局", "effective_on": day}


def enrolled(harness: AssistanceHarness, day: str = "2014-06-01") -> Family:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled(day))
    return family


def test_a_newly_enrolled_household_is_owed_a_helper_and_the_duty_is_met_on_its_last_day(
    harness: AssistanceHarness,
) -> None:
    """M052, source facts §5 rule 21."""
    family = enrolled(harness)
    (_, enrolment) = [f"registry/household-{family.household}/{n}" for n in (1, 2)]
    harness.assert_caused_by(last(harness, family.household, HelperDutySet), enrolment)
    assert duties(harness, family) == [("open", "2014-07-01")]
    harness.advance_to("2014-07-01")
    harness.record(family.moved("2014-07-01"))
    assert [d["household_id"] for d in harness.get("/duties", state="open")["items"]] == [str(family.household)]
    there = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    assert harness.post(there, "/pairings", assignment(family.household, "2014-07-01"))
    assert duties(harness, family) == [("met", "2014-07-01")]
    harness.advance_to("2014-07-05")
    assert duties(harness, family) == [("met", "2014-07-01")]
    (pairing,) = harness.get("/pairings", helper="staff-1")["items"]
    assert (pairing["household_id"], pairing["division"], pairing["unit"]) == (
        str(family.household),
        NEXT_VILLAGE,
        "县农业局",
    )


def test_a_duty_is_missed_on_the_day_after_and_an_assignment_entered_late_can_still_meet_it(
    harness: AssistanceHarness,
) -> None:
    late, in_time = enrolled(harness), enrolled(harness)
    harness.advance_to("2014-07-01")
    assert harness.get("/duties", state="missed")["items"] == []
    harness.advance_to("2014-07-02")
    assert {d["household_id"] for d in harness.get("/duties", state="missed")["items"]} == {
        str(late.household), str(in_time.household),
    }  # fmt: skip
    missed = last(harness, late.household, HelperDutyMissed)
    assert str(missed.fact.effective_on) == "2014-07-02"
    entries = {entry["household_id"]: entry for entry in harness.get("/inbox", kind="overdue")["items"]}
    assert set(entries) == {str(late.household), str(in_time.household)}
    entry = entries[str(late.household)]
    assert (entry["since"], entry["due_by"], entry["why"]["code"]) == ("2014-07-02", "2014-07-01", "duty_missed")
    assert entry["act"] == {"operation": "assign_helper", "method": "POST", "path": "/assistance/pairings"}
    assert (entry["may"], entry["refused_by"]["code"]) == (False, "role_not_allowed")
    (own, _) = harness.get("/inbox", harness.cadre, kind="overdue")["items"]
    assert (own["may"], own["refused_by"]) == (True, None)
    assert harness.get("/inbox/counts")["counts"]["overdue"] == 2

    harness.post(harness.cadre, "/pairings", assignment(late.household, "2014-07-02"))
    assert duties(harness, late) == [("missed", "2014-07-01")]
    harness.post(harness.cadre, "/pairings", assignment(in_time.household, "2014-06-20"))
    assert last(harness, in_time.household, HelperDutyMet).fact.annuls == (
        last(harness, in_time.household, HelperDutyMissed).id,
    )
    assert duties(harness, in_time) == [("met", "2014-07-01")]
    assert harness.get("/inbox", kind="overdue")["items"] == []


def test_a_handover_leaves_no_gap_and_a_release_sets_a_new_duty(harness: AssistanceHarness) -> None:
    """Source facts §5 rules 42 and 46."""
    family = enrolled(harness)
    one = harness.post(harness.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    second = assignment(family.household, "2014-06-01", "staff-2")
    assert harness.refused(harness.cadre, "/pairings", second) == (409, "pairing_has_helper")
    del second["household_id"]
    same = {**second, "helper": "staff-1"}
    assert harness.refused(harness.cadre, f"{one}/handovers", same) == (409, "pairing_same_helper")
    harness.post(harness.cadre, f"{one}/handovers", second)
    assert [(h["helper"], h["end_reason"]) for h in harness.get(one)] == [("staff-1", "handover"), ("staff-2", None)]
    assert duties(harness, family) == [("met", "2014-07-01")]
    harness.advance_to("2014-08-01")
    harness.post(harness.cadre, f"{one}/releases", {"reason": "transferred", "effective_on": "2014-08-01"})
    assert duties(harness, family) == [("met", "2014-07-01"), ("open", "2014-08-31")]
    before = assignment(family.household, "2014-07-31")
    assert harness.refused(harness.cadre, "/pairings", before) == (409, "pairing_before_last_change")
    harness.post(harness.cadre, "/pairings", assignment(family.household, "2014-08-01"))
    assert duties(harness, family)[1] == ("met", "2014-08-31")


def test_a_removal_ends_the_pairing_and_its_annulment_brings_the_helper_back(harness: AssistanceHarness) -> None:
    family = enrolled(harness)
    one = harness.post(harness.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    harness.advance_to("2015-03-01")
    (removed,) = harness.record(family.removed("2014-06-01"))
    ended = last(harness, family.household, PairingEnded)
    harness.assert_caused_by(ended, removed)
    assert harness.get(one)[0]["released_on"] == "2015-03-01"
    refused = harness.refused(harness.cadre, "/pairings", assignment(family.household, "2015-03-01"))
    assert refused == (409, "pairing_household_not_registered")
    (withdrawn,) = harness.record(family.annulled("2015-03-02", removed))
    void = last(harness, family.household, PairingFactsAnnulled)
    harness.assert_caused_by(void, withdrawn)
    assert void.fact.annuls == (ended.id,)
    assert harness.get(one)[0]["released_on"] is None
    assert [d for d in duties(harness, family) if d[0] == "open"] == []


def test_an_exited_household_keeps_its_helper_and_one_that_falls_back_without_gets_a_duty(
    harness: AssistanceHarness,
) -> None:
    """pairing.kept_after_exit; M007."""
    family = enrolled(harness)
    one = harness.post(harness.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    harness.advance_to("2014-12-20")
    harness.record(family.exited("2014-12-20"))
    assert harness.get(one)[0]["released_on"] is None
    harness.advance_to("2015-02-01")
    harness.post(harness.cadre, f"{one}/releases", {"reason": "left_service", "effective_on": "2015-02-01"})
    assert [state for state, _ in duties(harness, family)] == ["met"]
    harness.advance_to("2016-03-01")
    (returned,) = harness.record(family.returned("2016-03-01"))
    harness.assert_caused_by(last(harness, family.household, HelperDutySet), returned)
    assert duties(harness, family)[1] == ("open", "2016-03-31")
    (_,) = harness.record(family.annulled("2016-03-02", returned))
    assert [state for state, _ in duties(harness, family)] == ["met"]
    harness.advance_to("2016-04-02")
    assert harness.get("/duties", state="missed")["items"] == []


def test_the_helper_follows_a_split_and_a_move(harness: AssistanceHarness) -> None:
    family, new = enrolled(harness), uuid4()
    harness.post(harness.cadre, "/pairings", assignment(family.household, "2014-06-01"))
    harness.advance_to("2014-09-01")
    _, formed = harness.record(*family.split("2014-09-01", new))
    harness.assert_caused_by(last(harness, new, HelperAssigned), formed)
    assert [h["helper"] for h in harness.get(f"/pairings/{new}")] == ["staff-1"]
    assert [h["helper"] for h in harness.get(f"/pairings/{family.household}")] == ["staff-1"]
    assert harness.get("/duties", household_id=str(new))["items"] == []
    harness.record(family.moved("2014-09-02"))
    there = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    (moved,) = harness.get("/pairings", there)["items"]
    assert (moved["household_id"], moved["helper"]) == (str(family.household), "staff-1")
    assert harness.cadre.get(f"/assistance/pairings/{family.household}").status_code == 404
    release = {"reason": "other", "effective_on": "2014-09-01"}
    assert harness.refused(harness.cadre, f"/pairings/{family.household}/releases", release) == (404, "not_found")
    assert harness.refused(harness.decider, f"/pairings/{family.household}/releases", release)[0] == 403


def test_without_a_rule_in_force_the_duty_is_refused_and_is_in_the_inbox(harness: AssistanceHarness) -> None:
    """The rule of set days holds from 2014-01-01; an enrolment of the day before has none."""
    before, on_the_day = Family.new(), Family.new()
    _, too_early = harness.record(before.recorded("2013-01-05"), before.enrolled("2013-12-31"))
    harness.record(on_the_day.recorded("2013-01-05"), on_the_day.enrolled("2014-01-01"))
    assert duties(harness, before) == []
    assert duties(harness, on_the_day) == [("open", "2014-07-01")]
    (entry,) = harness.get("/inbox", kind="refused")["items"]
    assert entry["household_id"] == str(before.household)
    assert entry["details"] == {
        "reaction": "set_helper_duty", "rule": "pairing_rule_not_in_force", "caused_by": too_early,
    }  # fmt: skip
    assert (entry["why"]["code"], entry["act"], entry["may"]) == ("reaction_refused", None, False)
    assert "没有生效的规定" in entry["why"]["zh"]
    harness.record(before.annulled("2014-06-01", too_early))
    assert harness.get("/inbox")["items"] == []
