"""From an application to a grant over HTTP: order, eyes, offices, notices, areas and pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.assistance.aid import AidGranted, AidNoticeClosed
from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from tests.assistance.harness import (
    COUNTY,
    NEXT_VILLAGE,
    TOWNSHIP,
    AssistanceHarness,
    Family,
    assistance_harness,
    decision,
)


@pytest.fixture
def harness(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, "2014-09-02") as started:
        yield started


def enrolled(harness: AssistanceHarness, family: Family) -> Family:
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    return family


def test_enrolment_makes_pupils_eligible_and_the_reasons_say_why_others_are_not(harness: AssistanceHarness) -> None:
    """M009, M112; §5 rule 4: every eligible pupil is on the list of those to apply for."""
    boarder, day_pupil, college = Family.new(), Family.new(boarder=False), Family.new(SchoolStage.COLLEGE)
    vocational, candidate = Family.new(SchoolStage.VOCATIONAL), Family.new()
    for family in (boarder, day_pupil, college, vocational):
        enrolled(harness, family)
    harness.record(candidate.recorded("2014-01-05"))
    eligibility_of = {item["person_id"]: item for item in harness.get("/aid/eligibility")["items"]}
    reasons = {str(f.pupil.person_id): [r["code"] for r in eligibility_of[str(f.pupil.person_id)]["reasons"]]
               for f in (boarder, day_pupil, college, vocational, candidate)}  # fmt: skip
    assert list(reasons.values()) == [
        ["registered_pupil"], ["not_a_boarder"], ["registered_pupil"], ["no_standard_in_force"], ["not_in_register"],
    ]  # fmt: skip
    assert eligibility_of[str(college.pupil.person_id)]["is_ceiling"] is True
    to_apply = harness.get("/aid/eligibility", only="to_apply", limit=1)
    rest = harness.get("/aid/eligibility", only="to_apply", limit=1, cursor=to_apply["next"])
    assert {i["person_id"] for i in (*to_apply["items"], *rest["items"])} == {
        str(boarder.pupil.person_id), str(college.pupil.person_id),
    }  # fmt: skip
    assert rest["next"] is None
    body = {"person_id": str(day_pupil.pupil.person_id), "effective_on": "2014-09-02"}
    assert harness.refused(harness.cadre, "/aid/applications", body) == (409, "aid_not_eligible")

    harness.grant(boarder, "2014-09-02", "2014-09-12")
    (left,) = harness.get("/aid/eligibility", only="to_apply")["items"]
    assert left["person_id"] == str(college.pupil.person_id)
    again = {"person_id": str(boarder.pupil.person_id), "effective_on": "2014-09-12"}
    assert harness.refused(harness.cadre, "/aid/applications", again) == (409, "aid_already_granted")


def test_a_notice_closes_by_itself_on_the_day_after_its_last(harness: AssistanceHarness) -> None:
    family = enrolled(harness, Family.new())
    one = harness.apply(family, "2014-09-02")
    assert harness.get(one)["notice_last_day"] == "2014-09-09"
    review = {"effective_on": "2014-09-09", "passed": True}
    harness.advance_to("2014-09-09")
    assert harness.get(one)["step"] == "notice_posted"
    assert harness.refused(harness.reviewer, f"{one}/reviews", review) == (409, "aid_notice_not_over")
    harness.advance_to("2014-09-10")
    closed = harness.last(family, AidNoticeClosed)
    assert str(closed.fact.effective_on) == "2014-09-10"
    harness.post(harness.reviewer, f"{one}/reviews", {"effective_on": "2014-09-10", "passed": True})
    harness.post(harness.decider, f"{one}/decisions", decision("2014-09-10"))
    granted = harness.last(family, AidGranted).fact
    assert isinstance(granted, AidGranted)
    assert str(granted.amount_per_year) == "1000.00"
    assert granted.decision is not None
    assert granted.decided_from is not None
    assert [p.log for p in granted.decided_from.logs] == ["registry"]
    assert harness.get("/aid/entitlements")["items"][0]["due"] == [{"school_year": 2014, "amount": "1000.00"}]


def test_an_objection_keeps_the_notice_from_closing(harness: AssistanceHarness) -> None:
    """Source facts §5 rule 2 公示无异议."""
    family = enrolled(harness, Family.new())
    one = harness.apply(family, "2014-09-02")
    harness.advance_to("2014-09-05")
    harness.post(harness.cadre, f"{one}/objections", {"effective_on": "2014-09-05"})
    harness.advance_to("2014-09-20")
    assert harness.get(one)["open_objections"] == [1]
    review = {"effective_on": "2014-09-20", "passed": True}
    assert harness.refused(harness.reviewer, f"{one}/reviews", review) == (409, "aid_notice_not_over")
    resolution = {"effective_on": "2014-09-20", "upheld": False}
    other = harness.running.client_for("reviewer-2", TOWNSHIP, Role.REVIEWER)
    harness.post(other, f"{one}/objections/1/resolutions", resolution)
    assert harness.get(one)["step"] == "notice_closed"
    assert harness.refused(other, f"{one}/objections/1/resolutions", resolution) == (409, "aid_objection_not_open")
    late = {"effective_on": "2014-09-20"}
    assert harness.refused(harness.cadre, f"{one}/objections", late) == (409, "aid_objection_outside_notice")
    harness.post(harness.reviewer, f"{one}/reviews", review)

    second = enrolled(harness, Family.new())
    two = harness.apply(second, "2014-09-20")
    harness.post(harness.cadre, f"{two}/objections", {"effective_on": "2014-09-20"})
    harness.post(harness.reviewer, f"{two}/objections/1/resolutions", {"effective_on": "2014-09-20", "upheld": True})
    assert harness.get(two)["step"] == "rejected"
    three = harness.apply(second, "2014-09-20")
    harness.advance_to("2014-09-28")
    assert (harness.get(two)["step"], harness.get(three)["step"]) == ("rejected", "notice_closed")


def test_nobody_approves_what_they_entered_and_each_office_has_its_level(harness: AssistanceHarness) -> None:
    family = enrolled(harness, Family.new())
    everything = Role.CADRE, Role.REVIEWER, Role.DECIDER
    harness.cadre = harness.running.client_for("busy-1", TOWNSHIP, *everything)
    one = harness.apply(family, "2014-09-02")
    harness.advance_to("2014-09-12")
    review = {"effective_on": "2014-09-12", "passed": True}
    assert harness.refused(harness.cadre, f"{one}/reviews", review) == (409, "aid_approves_own_entry")
    assert harness.refused(harness.decider, f"{one}/reviews", review) == (403, "role_not_allowed")
    at_county = harness.running.client_for("busy-2", COUNTY, *everything)
    assert harness.refused(at_county, f"{one}/reviews", review) == (403, "level_not_allowed")
    harness.post(harness.reviewer, f"{one}/reviews", review)
    same_person = harness.running.client_for("reviewer-1", COUNTY, Role.DECIDER)
    assert harness.refused(same_person, f"{one}/decisions", decision("2014-09-12")) == (409, "aid_approves_own_entry")
    harness.post(harness.decider, f"{one}/decisions", decision("2014-09-12", approved=False))
    assert harness.get(one)["step"] == "rejected"
    assert harness.entitlements(family) == []


def test_what_lies_outside_the_area_is_not_found(harness: AssistanceHarness) -> None:
    family = enrolled(harness, Family.new())
    one = harness.apply(family, "2014-09-02")
    elsewhere = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    assert elsewhere.get(f"/assistance{one}").status_code == 404
    assert harness.get("/aid/applications", elsewhere)["items"] == []
    assert harness.get("/aid/eligibility", elsewhere)["items"] == []
    assert elsewhere.get("/assistance/aid/applications", division="990001101201").status_code == 404
    body = {"person_id": str(family.pupil.person_id), "effective_on": "2014-09-02"}
    assert harness.refused(elsewhere, "/aid/applications", body) == (404, "not_found")
    assert harness.refused(elsewhere, f"{one}/notices", {"effective_on": "2014-09-02"}) == (404, "not_found")
    operator = harness.running.client_for("operator-2", "", Role.OPERATOR)
    assert operator.get("/assistance/aid/entitlements").status_code == 403
    assert harness.get("/aid/applications", step="notice_posted")["items"][0]["person_id"] == body["person_id"]


def test_a_malformed_application_is_no_rule(harness: AssistanceHarness) -> None:
    assert harness.cadre.post("/assistance/aid/applications", {"person_id": "x"}).status_code == 422
