"""The green channel: decided first, and made good afterwards."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import pytest

from contracts.casework.cases import CaseEnded, CaseOutcome, MakeGoodMissed
from tests.casework.procedures.works_offices import DOCUMENT, VOTES, Offices, code, done, steps, waiting, works_of_2015
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with works_of_2015(module_database, tmp_path_factory.mktemp("works")) as started:
        yield started


@pytest.fixture
def offices(running: Lika) -> Offices:
    return Offices(running)


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


def test_what_the_green_channel_deferred_explains_its_clock(offices: Offices) -> None:
    case = take_green_channel(offices)
    seen = steps(offices.village, case)
    assert [seen[key]["state"] for key in ("meeting", "notice", "signature", "decision")] == [
        "due", "deferred", "done", "done",
    ]  # fmt: skip
    assert "2015-03-17" in seen["meeting"]["clock"]["zh"]
    assert seen["meeting"]["may"]


def test_what_was_to_be_made_good_is_overdue(offices: Offices) -> None:
    case = take_green_channel(offices)
    assert waiting(offices.village, case) == ("overdue", "hold_appraisal", True)


def test_an_objection_upheld_after_the_approval_has_the_notice_made_good_again_and_nothing_decided_twice(
    offices: Offices,
) -> None:
    case = take_green_channel(offices)
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-05"}))
    done(offices.village.post(f"{case}/objections", {"on": "2015-03-06", "text": "价格偏高"}))
    upheld = {"on": "2015-03-09", "upheld": True, "finding": "公示内容有误"}
    done(offices.township.post(f"{case}/objections/1/resolutions", upheld))
    again = offices.decider.post(f"{case}/decisions", {"on": "2015-03-10", **DOCUMENT})
    assert code(again) == (409, "step_out_of_order")
    assert offices.village.get(case).json()["due"] == "notice"
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-10"}))
    done(offices.finance.post(f"{case}/opinions", {"on": "2015-03-18", "favourable": True}))
    done(offices.inspector.post(f"{case}/inspections", {"on": "2015-03-19", "passed": True}))
    assert offices.village.get(case).json()["outcome"] == "completed"
    assert len(offices.approvals(case)) == 1


def test_the_green_channel_is_taken_once_and_only_for_what_it_defers(offices: Offices) -> None:
    case = offices.open_case("2015-03-02")
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-09"}))
    done(offices.finance.post(f"{case}/opinions", {"on": "2015-03-17", "favourable": True}))
    done(offices.inspector.post(f"{case}/inspections", {"on": "2015-03-20", "passed": True}))
    late = offices.county.post(f"{case}/green-channel", {"on": "2015-03-20", "reason": "洪水冲毁"})
    assert code(late) == (409, "no_green_channel")


def test_a_deadline_of_the_notice_is_none_of_making_good(offices: Offices, running: Lika) -> None:
    """Both fall on 18 March; the notice is suspended by an objection, and its old deadline passes without a word."""
    case = take_green_channel(offices)
    done(offices.village.post(f"{case}/appraisals", {"on": "2015-03-05", **VOTES}))
    done(offices.village.post(f"{case}/notices", {"on": "2015-03-10"}))
    assert offices.village.get(case).json()["notice_ends"] == "2015-03-18"
    done(offices.village.post(f"{case}/objections", {"on": "2015-03-11", "text": "价格偏高"}))
    works, failed = running.services["casework"], set[UUID]()
    works.timers.fire_due(works.store.clock.now(), failed)
    assert not failed
