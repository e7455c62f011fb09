"""A procedure for a subject of its own, over HTTP: every kind of step, working days, the green channel, batches."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.casework.cases import CaseEnded, CaseOutcome, MakeGoodMissed, ObjectionRaised
from contracts.roles import Role
from services.chassis.security.sealing import open_box
from services.registry.vault.keys import Vault
from tests.casework.procedures.works_offices import TOWNSHIP, Offices, code, done
from tests.casework.procedures.works_projects import works
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, all_items, lika

MINUTES = {"evidence": on_paper("minutes")}
VOTES = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, **MINUTES}
DOCUMENT = {"approved": True, "organ": "县发改局", "document_no": "发改〔2015〕7号", "signer": "局长"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("works")
    with lika([works], module_database, folder, simulated_from=datetime(2015, 12, 31, 1, tzinfo=UTC)) as started:
        # Everything is entered late: a notice would be closed before the next request. Timers fire when a test says so.
        started.services["casework"].timers.halt()
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
    keys = vault.keys_for([raised.case_id], create=False)
    assert open_box(raised.text, raised.case_id, "text", keys[raised.case_id]) == "价格偏高"
    assert raised.case_id in vault.concerning(raised.subject)
    assert not vault.keys_for([raised.subject], create=False)


def take_green_channel(offices: Offices) -> str:
    """Urgent: taken on Monday 2 March 2015, to be made good within fifteen days; approved on the third."""
    case = offices.open_case("2015-03-01")
    done(offices.county.post(f"{case}/green-channel", {"on": "2015-03-02", "reason": "洪水冲毁"}))
    done(offices.leader.post(f"{case}/signatures", {"on": "2015-03-02", "signed": True, "signer": "副县长"}))
    done(offices.decider.post(f"{case}/decisions", {"on": "2015-03-03", **DOCUMENT}))
    return case


def test_the_green_channel_decides_first_and_is_made_good(offices: Offices) -> None:
    case = take_green_channel(offices)
    assert len(offices.approvals(case)) == 1
    state = offices.village.get(case).json()
    assert (state["due"], state["make_good_by"], state["outcome"]) == ("meeting", "2015-03-17", None)
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-05"}))
    done(offices.finance.post(f"{case}/opinions", {"on": "2015-03-13", "favourable": True}))
    done(offices.inspector.post(f"{case}/inspections", {"on": "2015-03-16", "passed": True}))
    assert offices.village.get(case).json()["outcome"] == "completed"
    assert len(offices.approvals(case)) == 1


def test_what_fails_when_it_is_made_good_takes_the_effect_back(offices: Offices) -> None:
    case = take_green_channel(offices)
    against = {**VOTES, "in_favour": 1, "against": 24}
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **against}))
    approval, void = offices.approvals(case)
    assert void.annuls
    assert not approval.annuls
    assert [f.outcome for f in offices.facts(case) if isinstance(f, CaseEnded)] == [CaseOutcome.REJECTED]


def test_what_was_not_made_good_in_time_is_missed_once_and_can_still_be_made_good(
    offices: Offices, running: Lika
) -> None:
    case = take_green_channel(offices)
    works = running.services["casework"]
    works.timers.fire_due(works.store.clock.now())
    missed = [f for f in offices.facts(case) if isinstance(f, MakeGoodMissed)]
    assert [(f.effective_on, f.missing) for f in missed] == [
        (date(2015, 3, 18), ("meeting", "notice", "opinion", "inspection"))
    ]
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-16", **VOTES}))


def test_a_green_channel_is_taken_by_the_office_that_the_document_names(offices: Offices) -> None:
    case = offices.open_case()
    refused = offices.village.post(f"{case}/green-channel", {"on": "2015-03-02", "reason": "想快一点"})
    assert code(refused) == (403, "office_not_allowed")


def steps(client: ApiClient, case: str) -> dict[str, Any]:
    return {step["key"]: step for step in client.get(f"{case}/steps").json()["steps"]}


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


def test_what_the_green_channel_deferred_explains_its_clock(offices: Offices) -> None:
    case = take_green_channel(offices)
    seen = steps(offices.village, case)
    assert [seen[key]["state"] for key in ("meeting", "notice", "signature", "decision")] == [
        "due", "deferred", "done", "done",
    ]  # fmt: skip
    assert "2015-03-17" in seen["meeting"]["clock"]["zh"]
    assert seen["meeting"]["may"]


def waiting(client: ApiClient, case: str, **params: str) -> tuple[Any, ...]:
    """Kind, act and whether they may, of this case's entry in somebody's inbox."""
    case_id = case.rpartition("/")[2]
    entry = next(e for e in all_items(client, "/casework/inbox", **params) if e["id"] == case_id)
    return entry["kind"], entry["act"] and entry["act"]["operation"], entry["may"]


def test_the_inbox_says_whose_turn_it_is_and_which_act_answers(offices: Offices) -> None:
    case = offices.open_case()
    assert waiting(offices.village, case) == ("due", "hold_appraisal", True)
    assert waiting(offices.finance, case) == ("waiting", "hold_appraisal", False)
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    assert waiting(offices.village, case) == ("waiting", None, False)
    done(offices.village.post(f"{case}/objections", {"on": "2015-03-10", "text": "价格偏高"}))
    assert waiting(offices.township, case) == ("due", "resolve_objection", True)
    done(
        offices.township.post(
            f"{case}/objections/1/resolutions", {"on": "2015-03-12", "upheld": False, "finding": "不实"}
        )
    )
    done(offices.finance.post(f"{case}/returns", {"on": "2015-03-19", "back_to": "meeting", "reason": "签字不全"}))
    assert waiting(offices.village, case) == ("returned", "hold_appraisal", True)
    assert waiting(offices.village, case, kind="returned")[0] == "returned"


def test_what_was_to_be_made_good_is_overdue(offices: Offices) -> None:
    case = take_green_channel(offices)
    assert waiting(offices.village, case) == ("overdue", "hold_appraisal", True)


def test_the_inbox_counts_what_it_lists(offices: Offices) -> None:
    offices.open_case()
    for who in (offices.village, offices.county):
        counted = who.get("/casework/inbox/counts").json()["counts"]
        listed = [entry["kind"] for entry in all_items(who, "/casework/inbox", limit="3")]
        assert {kind: n for kind, n in counted.items() if n} == {kind: listed.count(kind) for kind in set(listed)}


def test_a_list_is_appraised_in_one_meeting_and_each_case_answers_for_itself(offices: Offices) -> None:
    cases = [offices.open_case() for _ in range(4)]
    ids = [case.rpartition("/")[2] for case in cases]
    done(offices.village.post(f"{cases[3]}/appraisals", {"on": "2015-03-05", **VOTES}))
    batch = {
        "act": "appraisals",
        "form": {"on": "2015-03-05", **VOTES},
        "cases": [{"case_id": ids[0]}, {"case_id": ids[1], "form": {"in_favour": 20, "against": 5}},
                  {"case_id": ids[2], "act": "withdrawals"}, {"case_id": ids[3]}, {"case_id": str(uuid4())}],
    }  # fmt: skip
    first = done(offices.village.post("/casework/cases/batches", batch, key="one-meeting"))
    assert (first.json()["recorded"], first.json()["refused"]) == (3, 2)
    assert [r["code"] for r in first.json()["results"]] == [None, None, None, "step_out_of_order", "not_found"]
    again = done(offices.village.post("/casework/cases/batches", batch, key="one-meeting"))
    assert [r["replayed"] for r in again.json()["results"]] == [True, True, True, True, False]
    assert [offices.village.get(case).json()["outcome"] for case in cases] == [None, None, "withdrawn", None]
    assert {str(f.batch) for case in cases[:3] for f in offices.facts(case)[1:]} == {first.json()["batch"]}


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"form": {"present": "many"}}, "present"),
        ({"form": {"colour": "red"}}, "#/cases/0/form"),
        ({"act": "dances"}, "act"),
    ],
)
def test_a_malformed_item_refuses_the_batch_and_names_its_place(
    offices: Offices, item: dict[str, Any], words: str
) -> None:
    case = offices.open_case().rpartition("/")[2]
    batch = {"act": "appraisals", "form": {"on": "2015-03-05", **VOTES}, "cases": [{"case_id": case, **item}]}
    refused = offices.village.post("/casework/cases/batches", batch)
    assert code(refused) == (422, "malformed")
    assert words in str(refused.json()["errors"])


def test_a_batch_names_each_case_once(offices: Offices) -> None:
    case = offices.open_case().rpartition("/")[2]
    batch = {"act": "appraisals", "form": {"on": "2015-03-05", **VOTES}, "cases": [{"case_id": case}] * 2}
    assert code(offices.village.post("/casework/cases/batches", batch)) == (422, "malformed")
