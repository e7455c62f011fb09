"""A procedure for a subject of its own, over HTTP: every kind of step, working days, and what waits for whom."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import pytest

from contracts.casework.cases import ObjectionRaised
from contracts.roles import Role
from services.chassis.security.sealing import open_box
from services.registry.vault.keys import Vault
from tests.casework.procedures.works_offices import (
    DOCUMENT,
    TOWNSHIP,
    VOTES,
    Offices,
    code,
    done,
    steps,
    waiting,
    works_of_2015,
)
from tests.casework.procedures.works_projects import ProjectProposed, stream_of
from tests.support.running import Lika, all_items


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with works_of_2015(module_database, tmp_path_factory.mktemp("works")) as started:
        yield started


@pytest.fixture
def offices(running: Lika) -> Offices:
    return Offices(running)


def walk(offices: Offices, case: str) -> None:
    """From the meeting to the approval. The village posted on Monday 9 March: five working days, Tuesday to Monday."""
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    early = offices.finance.post(f"{case}/opinions", {"on": "2015-03-16", "favourable": False})
    assert code(early) == (409, "notice_not_over")
    assert early.json()["facts"]["last_day"] == "2015-03-16"
    done(offices.finance.post(f"{case}/opinions", {"on": "2015-03-17", "favourable": False, "opinion": "资金紧张"}))
    done(offices.county.post(f"{case}/inspections", {"on": "2015-03-18", "passed": False, "findings": "宽度不足"}))
    done(offices.county.post(f"{case}/inspections", {"on": "2015-03-20", "passed": True}))
    done(offices.leader.post(f"{case}/signatures", {"on": "2015-03-23", "signed": True, "signer": "副县长"}))
    done(offices.decider.post(f"{case}/decisions", {"on": "2015-03-24", **DOCUMENT}))


def test_a_project_is_approved_by_village_township_and_county(offices: Offices) -> None:
    case = offices.open_case()
    walk(offices, case)
    assert offices.village.get(case).json()["outcome"] == "completed"
    (approval,) = offices.approvals(case)
    assert approval.effective_on == date(2015, 3, 24)
    assert approval.decision.document_no == "发改〔2015〕7号"


def test_whoever_signs_may_not_decide(offices: Offices) -> None:
    case = offices.open_case()
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    done(offices.finance.post(f"{case}/opinions", {"on": "2015-03-17", "favourable": True}))
    done(offices.county.post(f"{case}/inspections", {"on": "2015-03-20", "passed": True}))
    done(offices.leader.post(f"{case}/signatures", {"on": "2015-03-23", "signed": True, "signer": "副县长"}))
    refused = offices.leader.post(f"{case}/decisions", {"on": "2015-03-24", **DOCUMENT})
    assert code(refused) == (409, "approves_own_entry")


def test_whoever_proposed_the_project_may_not_review_it(offices: Offices, running: Lika) -> None:
    case = offices.open_case()
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    planner = running.client_for("planner", TOWNSHIP, Role.REVIEWER)
    refused = planner.post(f"{case}/opinions", {"on": "2015-03-17", "favourable": True})
    assert code(refused) == (409, "approves_own_entry")


def test_one_case_is_open_for_a_project(offices: Offices) -> None:
    case = offices.village.get(offices.open_case()).json()
    body = {"subject": case["subject"], "procedure": "project_approval", "on": "2015-03-04", "grounds": "再报"}
    assert code(offices.village.post("/casework/cases", body)) == (409, "other_case_open")


def test_what_an_objector_said_is_sealed_under_the_case(
    offices: Offices, module_database: Callable[[str], str], running: Lika
) -> None:
    case = offices.open_case()
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    done(offices.village.post(f"{case}/objections", {"on": "2015-03-10", "text": "价格偏高", "objector": "某甲"}))
    raised = next(f for f in offices.facts(case) if isinstance(f, ObjectionRaised))
    vault = running.services["casework"].environment.open_data_keys()
    assert isinstance(vault, Vault)
    keys = vault.keys_for([raised.case_id])
    assert open_box(raised.text, raised.case_id, "text", keys[raised.case_id]) == "价格偏高"
    assert raised.case_id in vault.concerning(raised.subject)
    assert not vault.load([raised.subject], make=False).keys


def test_the_steps_say_what_was_taken_what_is_due_and_who_may(offices: Offices) -> None:
    case = offices.open_case()
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    done(offices.village.post(f"{case}/objections", {"on": "2015-03-10", "text": "价格偏高"}))
    seen = steps(offices.finance, case)
    assert (seen["meeting"]["state"], seen["meeting"]["taken"]["votes"]["in_favour"]) == ("done", 24)
    assert seen["notice"]["state"] == "posted"
    assert seen["notice"]["objections"] == [{"no": 1, "raised_on": "2015-03-10", "resolved_on": None, "upheld": None}]
    assert "5个工作日" in seen["notice"]["clock"]["zh"]
    assert "suspended since 2015-03-10 by 1 open objections" in seen["notice"]["clock"]["en"]
    assert (seen["opinion"]["state"], seen["opinion"]["refused_by"]["code"]) == ("later", "objection_open")
    done(
        offices.township.post(
            f"{case}/objections/1/resolutions", {"on": "2015-03-12", "upheld": False, "finding": "属实"}
        )
    )
    last_day = "2015-03-18"  # what was left on the tenth, four of five working days, counted on from the twelfth
    assert last_day in steps(offices.finance, case)["notice"]["clock"]["zh"]
    done(offices.finance.post(f"{case}/opinions", {"on": "2015-03-19", "favourable": True}))
    assert [steps(who, case)["inspection"]["may"] for who in (offices.village, offices.county)] == [False, True]
    refused = steps(offices.village, case)["inspection"]["refused_by"]
    assert (refused["code"], refused["facts"]) == ("office_not_allowed", {"level": "county", "role": "reviewer"})


def test_the_inbox_says_whose_turn_it_is_and_which_act_answers(offices: Offices) -> None:
    case = offices.open_case()
    assert waiting(offices.village, case) == ("due", "hold_appraisal", True)
    assert waiting(offices.finance, case) == ("waiting", "hold_appraisal", False)
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    assert waiting(offices.village, case) == ("waiting", None, False)
    done(offices.village.post(f"{case}/objections", {"on": "2015-03-10", "text": "价格偏高"}))
    assert waiting(offices.township, case) == ("due", "resolve_objection", True)
    for other in (offices.village, offices.finance, offices.county):
        assert waiting(other, case) == ("waiting", "resolve_objection", False)
    done(
        offices.township.post(
            f"{case}/objections/1/resolutions", {"on": "2015-03-12", "upheld": False, "finding": "不实"}
        )
    )
    done(offices.finance.post(f"{case}/returns", {"on": "2015-03-19", "back_to": "meeting", "reason": "签字不全"}))
    assert waiting(offices.village, case) == ("returned", "hold_appraisal", True)
    assert waiting(offices.village, case, kind="returned")[0] == "returned"


def test_the_inbox_counts_what_it_lists(offices: Offices) -> None:
    offices.open_case()
    for who in (offices.village, offices.county):
        told = who.get("/casework/inbox/counts", first=1).json()
        listed = [entry["kind"] for entry in all_items(who, "/casework/inbox", limit="3")]
        assert {kind: n for kind, n in told["counts"].items() if n} == {
            kind: listed.count(kind) for kind in set(listed)
        }
        assert list(told["first"]) == [kind for kind, n in told["counts"].items() if n and kind != "waiting"]
        for kind, page in told["first"].items():
            assert page == who.get("/casework/inbox", kind=kind, limit=1).json()
        assert who.get("/casework/inbox/counts").json()["first"] == {}


def test_whoever_is_everywhere_is_at_the_level_of_the_province(running: Lika) -> None:
    offices = Offices(running)
    case = offices.open_case()
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    done(offices.finance.post(f"{case}/opinions", {"on": "2015-03-17", "favourable": True}))
    everywhere = running.client_for("e", "", Role.REVIEWER)
    assert waiting(everywhere, case) == ("waiting", "make_inspection", False)


def test_a_case_whose_subject_has_just_left_does_not_take_the_whole_inbox_away(offices: Offices, running: Lika) -> None:
    """The list of cases follows what moves: what is on it still is shown, and no 404 in the place of all the others."""
    case = offices.open_case()
    subject = UUID(offices.village.get(case).json()["subject"])
    elsewhere = ProjectProposed(
        effective_on=date(2015, 3, 3), entered_by="planner", project_id=subject, division="990101001002"
    )
    running.services["casework"].store.transact(lambda tx: tx.append(stream_of(subject), elsewhere))
    assert code(offices.village.get(f"{case}/steps")) == (404, "not_found")
    assert waiting(offices.village, case) == ("due", "hold_appraisal", True)


def test_no_step_is_asserted_to_come_from_an_old_system(offices: Offices) -> None:
    """History that an older system tells of is opened for import by two of the county (audit calls it asserted); a step of a
    case is entered here, and when, is proved."""
    case = offices.open_case()
    told = {"on": "2015-03-05", "source_recorded_on": "2015-03-05", **VOTES}
    assert code(offices.village.post(f"{case}/appraisals", told)) == (422, "malformed")


def test_however_many_objections_there_are_each_can_be_named(offices: Offices) -> None:
    case = offices.open_case()
    finding = {"on": "2015-03-12", "upheld": False, "finding": "不实"}
    answer = offices.township.post(f"{case}/objections/1001/resolutions", finding)
    assert answer.json()["code"] != "malformed"
