"""Pairs that follow the register, and the duty to find a household's helper, through the running service."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.pairing import PairingEnded, PairingFactsAnnulled
from contracts.assistance.pairs import HouseholdPairFormed
from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.civil import civil_day
from contracts.registry.poverty_status import HouseholdRemoved
from contracts.roles import Role
from contracts.selection import surviving
from services.assistance.pairs.streams import following_stream
from tests.assistance.harness import NEXT_VILLAGE, VILLAGE, AssistanceHarness, Family, assistance_harness, fact
from tests.assistance.pairs.helped_households import duties, enrolled, helpers, last, open_about, overdue, told
from tests.support.helper_forms import helper_form, successor_form


@pytest.fixture
def harness(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, "2014-06-01") as started:
        yield started


def test_a_newly_enrolled_household_is_owed_a_helper_and_the_duty_is_met_on_its_last_day(
    harness: AssistanceHarness,
) -> None:
    """M052, source facts §5 rule 21."""
    family = enrolled(harness)
    assert duties(harness, family.household) == [("due", "2014-07-01")]
    harness.advance_to("2014-07-01")
    harness.record(family.moved("2014-07-01"))
    assert duties(harness, family.household) == [("due", "2014-07-01")]
    there = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    assert harness.post(there, "/pairs", helper_form(family.household, "2014-07-01"))
    assert duties(harness, family.household) == [("met", "2014-07-01")]
    harness.advance_to("2014-07-05")
    assert duties(harness, family.household) == [("met", "2014-07-01")]
    (pair,) = harness.get("/pairs", helper="staff-1")["items"]
    assert (pair["subject"], pair["division"], pair["unit"]) == (str(family.household), NEXT_VILLAGE, "县农业局")
    assert (pair["status"], pair["national_no"]) == ("registered", None)


def test_a_duty_is_missed_on_the_day_after_and_an_assignment_entered_late_can_still_meet_it(
    harness: AssistanceHarness,
) -> None:
    late, in_time = enrolled(harness), enrolled(harness)
    harness.advance_to("2014-07-01")
    assert overdue(harness) == set()
    (due, _) = harness.get("/inbox", harness.cadre, kind="due")["items"]
    assert (due["due_by"], due["why"]["code"], due["may"]) == ("2014-07-01", "duty_due", True)
    harness.advance_to("2014-07-02")
    assert overdue(harness) == {str(late.household), str(in_time.household)}
    missed = last(harness, late.household, DutyMissed, "duties")
    assert (str(missed.fact.effective_on), civil_day(missed.recorded_at)) == ("2014-07-02", date(2014, 7, 2))
    harness.assert_caused_by(missed, f"registry/household-{late.household}/2")
    entries = {entry["household_id"]: entry for entry in harness.get("/inbox", harness.cadre, kind="overdue")["items"]}
    assert set(entries) == {str(late.household), str(in_time.household)}
    entry = entries[str(late.household)]
    assert (entry["since"], entry["due_by"], entry["why"]["code"]) == ("2014-07-02", "2014-07-01", "duty_overdue")
    assert entry["act"] == {
        "operation": "form_pair", "method": "POST", "path": "/assistance/pairs",
        "form": {"kind": "pairing_helper", "subject": {"kind": "household", "id": str(late.household)}},
        "zh": "结对", "en": "Form a pair",
    }  # fmt: skip
    assert (entry["may"], entry["refused_by"]) == (True, None)
    (waiting, _) = harness.get("/inbox", kind="waiting")["items"]
    assert (waiting["may"], waiting["refused_by"]["code"]) == (False, "role_not_allowed")
    assert harness.get("/inbox/counts", harness.cadre)["counts"]["overdue"] == 2

    harness.post(harness.cadre, "/pairs", helper_form(late.household, "2014-07-02"))
    assert duties(harness, late.household) == [("missed", "2014-07-01")]
    harness.post(harness.cadre, "/pairs", helper_form(in_time.household, "2014-06-20"))
    annulled = last(harness, in_time.household, DutyMissesAnnulled, "duties")
    assert annulled.fact.annuls == (last(harness, in_time.household, DutyMissed, "duties").id,)
    assert annulled.fact.caused_by == last(harness, in_time.household, HouseholdPairFormed).id
    assert duties(harness, in_time.household) == [("met", "2014-07-01")]
    assert duties(harness, in_time.household, as_of="2014-07-02", known_at="2014-07-01") == [("overdue", "2014-07-01")]
    assert harness.get("/inbox", harness.cadre, kind="overdue")["items"] == []


def test_a_missed_duty_is_told_to_the_township_and_then_to_the_county(harness: AssistanceHarness) -> None:
    enrolled(harness)
    for day, township, county in (
        ("2014-07-16", ["waiting"], ["waiting"]),
        ("2014-07-17", ["escalated"], ["waiting"]),
        ("2014-07-31", ["escalated"], ["waiting"]),
        ("2014-08-01", ["escalated"], ["escalated"]),
    ):
        harness.advance_to(day)
        assert [e["kind"] for e in harness.get("/inbox", harness.cadre)["items"]] == ["overdue"]
        assert [e["kind"] for e in harness.get("/inbox", harness.reviewer)["items"]] == township, day
        assert [e["kind"] for e in harness.get("/inbox")["items"]] == county, day
    assert harness.get("/inbox/counts")["counts"]["escalated"] == 1


def test_a_handover_leaves_no_gap_and_a_release_sets_a_new_duty(harness: AssistanceHarness) -> None:
    """Source facts §5 rules 42 and 46."""
    family = enrolled(harness)
    one = harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-06-01"))
    second = helper_form(family.household, "2014-06-01", "staff-2")
    assert harness.refused(harness.cadre, "/pairs", second) == (409, "pair_has_helper")
    same = successor_form("2014-06-01", "staff-1")
    assert harness.refused(harness.cadre, f"{one}/successions", same) == (409, "pair_same_helper")
    two = harness.post(harness.cadre, f"{one}/successions", successor_form("2014-06-01", "staff-2"))
    assert [(h, why) for h, _, _, why in told(harness, family.household)] == [
        ("staff-1", "handed_over"), ("staff-2", None)
    ]  # fmt: skip
    assert duties(harness, family.household) == [("met", "2014-07-01")]
    harness.advance_to("2014-08-01")
    harness.post(harness.cadre, f"{two}/ends", {"reason": "helper_left", "effective_on": "2014-08-01"})
    assert duties(harness, family.household) == [("met", "2014-07-01"), ("due", "2014-08-31")]
    before = helper_form(family.household, "2014-07-31")
    assert harness.refused(harness.cadre, "/pairs", before) == (409, "pair_has_helper")
    earlier = {"reason": "helper_left", "effective_on": "2014-07-31"}
    assert harness.refused(harness.cadre, f"{two}/ends", earlier) == (409, "pair_not_then")
    harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-08-01"))
    assert duties(harness, family.household)[1] == ("met", "2014-08-31")
    # What is true can be told late: before changes of others, not before the helper's own.
    late = helper_form(family.household, "2014-06-15", "staff-3", additional=True)
    third = harness.post(harness.cadre, "/pairs", late)
    again = {**late, "effective_on": "2014-06-10"}
    assert harness.refused(harness.cadre, "/pairs", again) == (409, "pair_formed_already")
    harness.post(harness.cadre, f"{third}/ends", {"reason": "helper_left", "effective_on": "2014-07-01"})
    assert [row[:3] for row in told(harness, family.household)] == [
        ("staff-1", "2014-06-01", "2014-06-01"), ("staff-2", "2014-06-01", "2014-08-01"), ("staff-1", "2014-08-01", None),
        ("staff-3", "2014-06-15", "2014-07-01"),
    ]  # fmt: skip


def test_a_removal_ends_the_pairing_and_its_annulment_brings_the_helper_back(harness: AssistanceHarness) -> None:
    family = enrolled(harness)
    harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-06-01", ends_on="2016-01-01"))
    harness.advance_to("2015-03-01")
    (removed,) = harness.record(family.removed("2014-06-01"))
    ended = last(harness, family.household, PairingEnded)
    harness.assert_caused_by(ended, removed)
    assert helpers(harness, family.household)[0]["until"] == "2015-03-01"
    refused = harness.refused(harness.cadre, "/pairs", helper_form(family.household, "2015-03-01"))
    assert refused == (409, "pair_household_not_registered")
    (withdrawn,) = harness.record(family.annulled("2015-03-02", removed))
    void = last(harness, family.household, PairingFactsAnnulled)
    harness.assert_caused_by(void, withdrawn)
    assert void.fact.annuls == (ended.id,)
    (back,) = helpers(harness, family.household)
    assert (back["until"], back["reason"]) == ("2016-01-01", None)
    assert [d for d in duties(harness, family.household) if d[0] == "due"] == []
    # An agreed term that is over leaves the household without, as a release does.
    harness.advance_to("2016-01-01")
    assert duties(harness, family.household)[-1] == ("due", "2016-01-31")
    harness.advance_to("2016-02-01")
    assert (str(family.household) in overdue(harness), duties(harness, family.household)[-1][0]) == (True, "overdue")


def test_an_exited_household_keeps_its_helper_and_one_that_falls_back_without_gets_a_duty(
    harness: AssistanceHarness,
) -> None:
    """pairing.kept_after_exit; M007."""
    family = enrolled(harness)
    one = harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-06-01"))
    harness.advance_to("2014-12-20")
    harness.record(family.exited("2014-12-20"))
    assert helpers(harness, family.household)[0]["until"] is None
    harness.advance_to("2015-02-01")
    harness.post(harness.cadre, f"{one}/ends", {"reason": "helper_left", "effective_on": "2015-02-01"})
    assert [state for state, _ in duties(harness, family.household)] == ["met"]
    harness.advance_to("2016-03-01")
    (returned,) = harness.record(family.returned("2016-03-01"))
    assert duties(harness, family.household)[1] == ("due", "2016-03-31")
    (_,) = harness.record(family.annulled("2016-03-02", returned))
    assert [state for state, _ in duties(harness, family.household)] == ["met"]
    harness.advance_to("2016-04-02")
    assert overdue(harness) == set()


def test_a_second_helper_comes_in_addition_leaves_alone_and_follows_a_split(harness: AssistanceHarness) -> None:
    family, new = enrolled(harness), uuid4()
    one = harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-06-01"))
    second = helper_form(family.household, "2014-06-01", "staff-2", additional=True)
    again = helper_form(family.household, "2014-06-01", additional=True)
    assert harness.refused(harness.cadre, "/pairs", again) == (409, "pair_formed_already")
    two = harness.post(harness.cadre, "/pairs", second)
    harness.advance_to("2014-09-01")
    harness.record(*family.split("2014-09-01", new))
    assert [h["helper"] for h in helpers(harness, new)] == ["staff-1", "staff-2"]
    assert open_about(harness, two) == ["end_pair", "succeed_helper", "annul_pair"]
    assert open_about(harness, f"{two}9") == []
    helping = successor_form("2014-09-01", "staff-2")
    assert harness.refused(harness.cadre, f"{one}/successions", helping) == (409, "pair_formed_already")
    harness.post(harness.cadre, f"{one}/successions", successor_form("2014-09-01", "staff-3"))
    harness.post(harness.cadre, f"{two}/ends", {"reason": "helper_left", "effective_on": "2014-09-01"})
    assert open_about(harness, two) == ["annul_pair"]  # entered by mistake it may have been all the same
    current = harness.get("/pairs", division=VILLAGE)["items"]
    assert [h["helper"] for h in current if h["subject"] == str(family.household)] == ["staff-3"]
    # Whoever split off may keep one of them by mistake: that is annulled, and does not come back with the next fact.
    kept = helpers(harness, new)[1]
    assert harness.cadre.post(f"/assistance/pairs/{new}/{kept['number']}/annulments").status_code == 201
    harness.record(family.removed("2014-09-01"))
    assert helpers(harness, family.household)[-1]["reason"] == "household_removed"
    assert [h["helper"] for h in helpers(harness, new)] == ["staff-1"]


def test_what_a_removed_household_was_refused_after_a_split_is_derived_anew(harness: AssistanceHarness) -> None:
    family, new = enrolled(harness), uuid4()
    harness.advance_to("2014-09-01")
    harness.record(*family.split("2014-09-01", new))
    harness.post(harness.cadre, "/pairs", helper_form(new, "2014-09-01", "staff-2"))
    harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-08-31"))
    harness.record(family.moved("2014-09-01"))
    refused = last(harness, new, AssistanceReactionRefused)
    assert isinstance(refused.fact, AssistanceReactionRefused)
    assert (refused.fact.code, told(harness, family.household)[0][0]) == ("pair_has_helper", "staff-1")
    harness.record(fact(HouseholdRemoved, new, "2014-09-01", reason="never qualified"))
    own = harness.assistance.stream(following_stream(new))
    assert refused.id not in {r.id for r in surviving(own)}


def test_the_helper_follows_a_split_and_a_move(harness: AssistanceHarness) -> None:
    family, new = enrolled(harness), uuid4()
    one = harness.post(harness.cadre, "/pairs", helper_form(family.household, "2014-06-01"))
    harness.advance_to("2014-09-01")
    _, formed = harness.record(*family.split("2014-09-01", new))
    harness.assert_caused_by(last(harness, new, HouseholdPairFormed), formed)
    assert [h["helper"] for h in helpers(harness, new)] == ["staff-1"]
    assert [h["helper"] for h in helpers(harness, family.household)] == ["staff-1"]
    assert duties(harness, new) == [("met", "2014-10-01")]
    harness.record(family.moved("2014-09-02"))
    there = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    (moved,) = harness.get("/pairs", there)["items"]
    assert (moved["subject"], moved["helper"]) == (str(family.household), "staff-1")
    assert helpers(harness, family.household, harness.cadre) == []
    ending = {"reason": "other", "effective_on": "2014-09-01"}
    assert harness.refused(harness.cadre, f"{one}/ends", ending) == (404, "not_found")
    assert harness.refused(harness.decider, f"{one}/ends", ending)[0] == 403


def test_a_miss_is_none_where_the_enrolment_was_none_and_stands_again_with_it(harness: AssistanceHarness) -> None:
    family = Family.new()
    _, enrolment = harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.advance_to("2014-07-02")
    assert overdue(harness) == {str(family.household)}
    (void,) = harness.record(family.annulled("2014-07-02", enrolment))
    annulled = last(harness, family.household, DutyMissesAnnulled, "duties")
    harness.assert_caused_by(annulled, void)
    assert (overdue(harness), harness.get("/inbox", harness.cadre)["items"]) == (set(), [])
    (restored,) = harness.record(family.annulled("2014-07-02", void))
    harness.assert_caused_by(last(harness, family.household, DutyMissed, "duties"), restored)
    assert overdue(harness) == {str(family.household)}
    facts = [type(r.fact) for r in harness.assistance.stream(f"duties-{family.household}")]
    assert facts == [DutyMissed, DutyMissesAnnulled, DutyMissed]


def test_nobody_answers_for_the_days_before_the_enrolment_was_known(harness: AssistanceHarness) -> None:
    """The duty counts from the day of entry, whenever the enrolment took effect."""
    family = Family.new()
    harness.record(family.recorded("2013-01-05"), family.enrolled("2013-12-31"))
    assert duties(harness, family.household) == [("due", "2014-07-01")]


def test_the_calendar_counts_duties_by_the_month_of_their_last_day_as_known_then(harness: AssistanceHarness) -> None:
    first = enrolled(harness)
    enrolled(harness)
    harness.advance_to("2014-06-20")
    assert harness.post(harness.cadre, "/pairs", helper_form(first.household, "2014-06-20"))

    digests: list[str] = []

    def counted(**asked: Any) -> list[tuple[str, str, int, int]]:
        calendar = harness.get("/duties/calendar", since="2014-01-01", **asked)
        digests.append(calendar["digest"])
        return [(e["month"], e["state"], e["duties"], e["subjects"]) for e in calendar["entries"]]

    assert counted() == [("2014-07", "due", 1, 1), ("2014-07", "met", 1, 1)]
    assert counted(known_at="2014-06-19", as_of="2014-06-20") == [("2014-07", "due", 2, 2)]
    assert counted(division=NEXT_VILLAGE) == []
    assert counted() == [("2014-07", "due", 1, 1), ("2014-07", "met", 1, 1)]
    assert (digests[0] == digests[-1], len(set(digests))) == (True, 3)  # by which two prints are compared


def test_a_helper_s_load_is_households_with_all_who_live_in_them(harness: AssistanceHarness) -> None:
    families = [enrolled(harness), enrolled(harness)]
    one, _ = (harness.post(harness.cadre, "/pairs", helper_form(f.household, "2014-06-01")) for f in families)
    (load,) = harness.get("/pair-loads", kind="pairing_helper")["items"]
    assert load == {
        "helper": "staff-1", "kind": "pairing_helper", "unit": "县农业局", "pairs": 2, "unsigned": 0, "households": 2, "persons": 4
    }  # fmt: skip
    harness.advance_to("2014-06-02")
    assert harness.post(harness.cadre, f"{one}/ends", {"reason": "other", "effective_on": "2014-06-02"})
    assert harness.get("/pair-loads")["items"][0]["households"] == 1
    assert harness.get("/pair-loads", division=NEXT_VILLAGE)["items"] == []
