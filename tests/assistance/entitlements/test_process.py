"""From an application to a grant over HTTP: eligibility, the procedure's steps, areas and pages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.assistance.entitlements import (
    EntitlementApplied,
    EntitlementFactsAnnulled,
    EntitlementGranted,
    EntitlementStopped,
    StopReason,
)
from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from contracts.selection import surviving
from services.assistance.document_kinds import FIRST_TEXTS, KINDS
from services.casework.documents.first_texts import FirstTexts
from tests.assistance.harness import (
    COUNTY,
    NEXT_VILLAGE,
    TOWNSHIP,
    VOTES,
    AssistanceHarness,
    Family,
    application,
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
    eligibility_of = {item["unit_id"]: item for item in harness.get("/eligibility", programme="education_aid")["items"]}
    reasons = {str(f.pupil.person_id): [r["code"] for r in eligibility_of[str(f.pupil.person_id)]["reasons"]]
               for f in (boarder, day_pupil, college, vocational, candidate)}  # fmt: skip
    assert list(reasons.values()) == [
        ["eligible"], ["not_a_boarder"], ["eligible"], ["no_standard_in_force"], ["not_in_register"],
    ]  # fmt: skip
    assert (
        eligibility_of[str(college.pupil.person_id)]["amounts"][0]["zh"]
        == "每学年封顶 10000 元（含其他资助，只补差额）"
    )
    to_apply = harness.get("/eligibility", programme="education_aid", only="to_apply", limit=1)
    rest = harness.get("/eligibility", programme="education_aid", only="to_apply", limit=1, cursor=to_apply["next"])
    assert {i["unit_id"] for i in (*to_apply["items"], *rest["items"])} == {
        str(boarder.pupil.person_id), str(college.pupil.person_id),
    }  # fmt: skip
    assert rest["next"] is None
    of_all = harness.get("/eligibility", only="differences", person_id=str(boarder.pupil.person_id))["items"]
    asked_alone = harness.get("/eligibility", programme="education_aid", person_id=str(boarder.pupil.person_id))[
        "items"
    ]
    assert [item for item in of_all if item["programme"] == "education_aid"] == asked_alone
    assert len(of_all) > 1
    assert all(item["to_apply"] for item in of_all)
    assert harness.refused(harness.cadre, "/cases", application(day_pupil, "2014-09-02")) == (409, "not_eligible")

    one = harness.grant(boarder, "2014-09-02", "2014-09-12")
    (left,) = harness.get("/eligibility", programme="education_aid", only="to_apply")["items"]
    assert left["unit_id"] == str(college.pupil.person_id)
    (aided,) = harness.get("/eligibility", programme="education_aid", person_id=str(boarder.pupil.person_id))["items"]
    assert (one, aided["open_application"]) == (f"/cases/{aided['running_entitlement']}", None)
    again = application(boarder, "2014-09-12")
    assert harness.refused(harness.cadre, "/cases", again) == (409, "status_does_not_allow_procedure")


def test_an_application_from_end_to_end_with_an_objection_and_a_return_for_correction(
    harness: AssistanceHarness,
) -> None:
    """Source facts §5 rule 2 公示无异议: appraisal, objection-free notice, review, decision."""
    family = enrolled(harness, Family.new(SchoolStage.COLLEGE))
    one = harness.post(harness.cadre, "/cases", application(family, "2014-09-02", other_grants="2000"))
    assert harness.get(one)["due"] == "appraisal"
    again = application(family, "2014-09-02")
    assert harness.refused(harness.cadre, "/cases", again) == (409, "other_case_open")
    (waiting,) = harness.get("/eligibility", programme="education_aid", person_id=str(family.pupil.person_id))["items"]
    assert (waiting["to_apply"], f"/cases/{waiting['open_application']}") == (False, one)
    absent = {"on": "2014-09-02", **VOTES, "present": 9, "in_favour": 8}
    assert harness.refused(harness.cadre, f"{one}/appraisals", absent) == (409, "appraisal_without_quorum")
    harness.post(harness.cadre, f"{one}/appraisals", {"on": "2014-09-02", **VOTES})
    harness.post(harness.cadre, f"{one}/notices", {"on": "2014-09-02"})
    assert harness.get(one)["notice_ends"] == "2014-09-10"

    harness.advance_to("2014-09-05")
    harness.post(harness.cadre, f"{one}/objections", {"on": "2014-09-05", "text": "家里有车"})
    harness.advance_to("2014-09-11")  # the notice's days are over, and it is held
    review = {"on": "2014-09-11", "outcome": "passed"}
    assert harness.refused(harness.reviewer, f"{one}/reviews", review) == (409, "objection_open")
    held = harness.get(one)
    assert (held["due"], held["objections"], held["notice_ends"]) == ("notice", 1, None)
    resolution = {"on": "2014-09-11", "upheld": False, "finding": "系亲戚车辆"}
    at_county = harness.running.client_for("reviewer-9", COUNTY, Role.REVIEWER)
    assert harness.refused(at_county, f"{one}/objections/1/resolutions", resolution) == (403, "office_not_allowed")
    other = harness.running.client_for("reviewer-2", TOWNSHIP, Role.REVIEWER)
    harness.post(other, f"{one}/objections/1/resolutions", resolution)

    back = {"on": "2014-09-11", "back_to": "appraisal", "reason": "评议记录不完整"}
    harness.post(harness.reviewer, f"{one}/returns", back)
    assert harness.get(one)["due"] == "appraisal"
    harness.advance_to("2014-09-12")
    harness.post(harness.cadre, f"{one}/appraisals", {"on": "2014-09-12", **VOTES})
    harness.post(harness.cadre, f"{one}/notices", {"on": "2014-09-12"})
    harness.advance_to("2014-09-19")
    early = {"on": "2014-09-19", "outcome": "passed"}
    assert harness.refused(harness.reviewer, f"{one}/reviews", early) == (409, "notice_not_over")
    harness.advance_to("2014-09-20")  # the timer has closed it
    assert harness.get(one)["due"] == "review"
    harness.post(harness.reviewer, f"{one}/reviews", {"on": "2014-09-20", "outcome": "passed"})
    same_person = harness.running.client_for("reviewer-1", COUNTY, Role.DECIDER)
    assert harness.refused(same_person, f"{one}/decisions", decision("2014-09-20")) == (409, "approves_own_entry")
    harness.post(harness.decider, f"{one}/decisions", decision("2014-09-20"))

    assert harness.get(one)["outcome"] == "completed"
    granted = harness.last(family, EntitlementGranted).fact
    assert isinstance(granted, EntitlementGranted)
    assert (str(granted.amounts[0].yuan), granted.caused_by) == ("8000.00", decided(harness, one))
    assert granted.decision is not None
    assert granted.decided_from is not None
    assert [p.log for p in granted.decided_from.logs] == ["assistance", "registry"]
    (entitlement,) = harness.entitlements(family)
    assert (f"/cases/{entitlement['case_id']}", entitlement["from"]) == (one, "2014-09-20")
    (line,) = entitlement["due"]
    assert (line["first"], line["last"], line["amount"]) == ("2014-09-01", "2015-08-31", "8000.00")


def decided(harness: AssistanceHarness, one: str) -> str:
    """Id of the decision's fact."""
    stream = harness.assistance.stream(f"case-{one.removeprefix('/cases/')}")
    return next(r.id for r in stream if r.fact.type_name == "CaseDecided")


def test_what_the_register_learns_meanwhile_counts_on_the_day_of_the_decision(harness: AssistanceHarness) -> None:
    exits, moves_up = (enrolled(harness, Family.new()) for _ in range(2))
    cases = [harness.apply(family, "2014-09-02") for family in (exits, moves_up)]
    harness.advance_to("2014-09-12")
    harness.record(exits.exited("2014-09-11"), moves_up.pupil_surveyed("2014-09-11", SchoolStage.JUNIOR))
    for one, code in zip(cases, ("not_eligible", "stage_changed"), strict=True):
        harness.post(harness.reviewer, f"{one}/reviews", {"on": "2014-09-12", "outcome": "passed"})
        assert harness.cannot_stand(f"{one}/decisions", decision("2014-09-12")) == code
        harness.post(harness.decider, f"{one}/decisions", decision("2014-09-12", approved=False))
        assert harness.get(one)["outcome"] == "rejected"
    assert harness.get("/entitlements")["items"] == []


def test_what_lies_outside_the_area_is_not_found(harness: AssistanceHarness) -> None:
    family = enrolled(harness, Family.new())
    one = harness.apply(family, "2014-09-02")
    elsewhere = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    assert elsewhere.get(f"/assistance{one}").status_code == 404
    assert harness.get("/cases", elsewhere)["items"] == []
    assert harness.get("/eligibility", elsewhere, programme="education_aid")["items"] == []
    assert elsewhere.get("/assistance/cases", division="990001101201").status_code == 404
    assert harness.refused(elsewhere, "/cases", application(family, "2014-09-02")) == (404, "not_found")
    assert harness.refused(elsewhere, f"{one}/notices", {"on": "2014-09-02"}) == (404, "not_found")
    operator = harness.running.client_for("operator-2", "", Role.OPERATOR)
    assert operator.get("/assistance/entitlements").status_code == 403
    (waiting,) = harness.get("/cases", due="notice", procedure="education_aid")["items"]
    assert (waiting["subject"], waiting["household_id"]) == (str(family.pupil.person_id), str(family.household))


def test_who_was_never_in_the_register_is_not_found_and_malformed_terms_are_no_rule_of_aid(
    harness: AssistanceHarness,
) -> None:
    stranger, family = Family.new(), enrolled(harness, Family.new())
    assert harness.refused(harness.cadre, "/cases", application(stranger, "2014-09-02")) == (404, "not_found")
    malformed = application(family, "2014-09-02", other_grants="viel")
    assert harness.refused(harness.cadre, "/cases", malformed) == (422, "terms_malformed")
    unknown = {**application(family, "2014-09-02"), "procedure": "exit"}
    assert harness.refused(harness.cadre, "/cases", unknown) == (409, "unknown_procedure")
    mistyped = {**application(family, "2014-09-02"), "procedure": "educationaid"}
    refusal = harness.cadre.post("/assistance/cases", mistyped).json()
    assert refusal["facts"]["known"] == ["education_aid 教育资助 / education aid"]
    assert [(step["act"], step["form"]) for step in refusal["next"]] == [("open_case", {"procedure": "education_aid"})]
    assert harness.stream(family) == ()


GREEN_CHANNEL = """
green_channel:
  office: {level: township, role: reviewer}
  deferred: [review]
  days: 3
  calendar: days
"""


def test_aid_decided_first_is_annulled_when_what_was_to_be_made_good_fails(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    """Of a county whose edition has a green channel."""
    texts = tmp_path / "texts"
    shutil.copytree(FIRST_TEXTS.folder, texts)
    with (texts / "procedures" / "education_aid-2014.yaml").open("a", encoding="utf-8") as edition:
        edition.write(GREEN_CHANNEL)
    with assistance_harness(database, tmp_path, "2014-09-02", FirstTexts(texts, KINDS)) as harness:
        family = enrolled(harness, Family.new())
        one = harness.apply(family, "2014-09-02")
        harness.advance_to("2014-09-10")
        harness.post(harness.reviewer, f"{one}/green-channel", {"on": "2014-09-10", "reason": "开学在即"})
        harness.post(harness.decider, f"{one}/decisions", decision("2014-09-10"))
        harness.advance_to("2014-09-11")
        harness.record(family.exited("2014-09-11"))
        (running,) = harness.entitlements(family)
        assert (running["until"], running["continued_after_exit_on"]) == (None, "2014-09-11")
        other = harness.running.client_for("reviewer-2", TOWNSHIP, Role.REVIEWER)
        harness.post(other, f"{one}/reviews", {"on": "2014-09-11", "outcome": "rejected"})
        assert harness.get(one)["outcome"] == "rejected"
        assert harness.entitlements(family) == []
        annulment = harness.last(family, EntitlementFactsAnnulled).fact
        assert isinstance(annulment, EntitlementFactsAnnulled)
        assert annulment.reason == "case_rejected"
        assert [type(r.fact) for r in surviving(harness.stream(family))] == [
            EntitlementApplied,
            EntitlementFactsAnnulled,
        ]


def test_an_application_is_in_the_inbox_of_whose_turn_it_is_and_flagged_when_the_register_changed_since_the_review(
    harness: AssistanceHarness,
) -> None:
    family = enrolled(harness, Family.new())
    one = harness.apply(family, "2014-09-02")
    harness.advance_to("2014-09-10")
    (entry,) = harness.get("/inbox", harness.reviewer, kind="due")["items"]
    assert (entry["subject"], entry["act"]["path"], entry["may"]) == (
        str(family.pupil.person_id), f"/assistance{one}/reviews", True,
    )  # fmt: skip
    harness.post(harness.reviewer, f"{one}/reviews", {"on": "2014-09-10", "outcome": "passed"})
    assert harness.get("/inbox", harness.reviewer, kind="due")["items"] == []
    assert [e["act"]["operation"] for e in harness.get("/inbox", kind="due")["items"]] == ["decide_case"]
    assert harness.get(one)["flags"] == []
    harness.advance_to("2014-09-11")
    harness.record(family.pupil_surveyed("2014-09-10", SchoolStage.PRIMARY, boarder=True))
    assert harness.get(one)["flags"] == ["changed_since_review"]
    assert [step["state"] for step in harness.get(f"{one}/steps")["steps"]] == ["done", "done", "done", "due"]


def test_an_approval_entered_late_does_not_run_into_what_was_granted_since(harness: AssistanceHarness) -> None:
    """Nothing is granted twice (§5 rule 24), in whatever order it is entered."""
    family = enrolled(harness, Family.new())
    harness.advance_to("2014-09-12")
    harness.grant(family, "2014-09-12", "2014-09-22")
    late = harness.apply(family, "2014-09-02")
    harness.post(harness.reviewer, f"{late}/reviews", {"on": "2014-09-11", "outcome": "passed"})
    overlapping = decision("2014-09-11")
    assert harness.cannot_stand(f"{late}/decisions", overlapping) == "granted_for_a_later_day"
    harness.post(harness.decider, f"{late}/decisions", decision("2014-09-11", approved=False))
    assert len(harness.entitlements(family)) == 1


def test_aid_whose_stop_was_void_stops_where_it_was_granted_anew(harness: AssistanceHarness) -> None:
    """Nothing is granted twice (§5 rule 24), whatever is learned of what stopped it."""
    family = enrolled(harness, Family.new())
    harness.grant(family, "2014-09-02", "2014-09-12")
    harness.advance_to("2015-01-10")
    (removal,) = harness.record(family.removed("2015-01-05"))
    assert [stop.reason for stop in stops(harness, family)] == [StopReason.HOUSEHOLD_REMOVED]
    harness.record(family.enrolled("2015-08-01"))
    harness.advance_to("2015-09-01")
    harness.grant(family, "2015-09-01", "2015-09-11")
    harness.record(family.annulled("2015-01-05", removal))
    (stopped,) = stops(harness, family)
    assert (stopped.reason, str(stopped.effective_on)) == (StopReason.GRANTED_ANEW, "2015-09-11")
    assert stopped.caused_by == harness.last(family, EntitlementGranted).id
    first, second = harness.entitlements(family)
    assert {first["until"], second["until"]} == {"2015-09-11", None}
    harness.record(family.moved("2015-10-01"))
    assert stops(harness, family) == [stopped]


def stops(harness: AssistanceHarness, family: Family) -> list[EntitlementStopped]:
    """Those that stand."""
    return [r.fact for r in surviving(harness.stream(family)) if isinstance(r.fact, EntitlementStopped)]
