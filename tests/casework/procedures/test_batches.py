"""One act on many cases: each answers for itself, and the batch is one request."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.casework.procedures.works_offices import VOTES, Offices, code, done, works_of_2015
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with works_of_2015(module_database, tmp_path_factory.mktemp("works")) as started:
        yield started


@pytest.fixture
def offices(running: Lika) -> Offices:
    return Offices(running)


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


def test_a_batch_goes_on_under_its_key_with_the_same_content_only(offices: Offices) -> None:
    """The rest of a list is not decided under another document number than its beginning."""
    first, second = (offices.open_case().rpartition("/")[2] for _ in range(2))
    form = {"on": "2015-03-05", **VOTES}
    meeting = {"act": "appraisals", "form": form, "cases": [{"case_id": first}]}
    done(offices.village.post("/casework/cases/batches", meeting, key="broken-off"))
    other = {
        "act": "appraisals",
        "form": {**form, "on": "2015-03-06"},
        "cases": [{"case_id": first}, {"case_id": second}],
    }
    tried = offices.village.post("/casework/cases/batches?dry_run=true", other, key="broken-off")
    assert [no["code"] for no in tried.json()["refused"]] == ["idempotency_key_reused"]
    assert code(offices.village.post("/casework/cases/batches", other, key="broken-off")) == (
        409,
        "idempotency_key_reused",
    )
    assert offices.village.get(f"/casework/cases/{second}").json()["due"] == "meeting"


def test_what_a_form_of_the_batch_was_read_as_is_told_once_with_its_place(offices: Offices) -> None:
    ids = [offices.open_case().rpartition("/")[2] for _ in range(2)]
    batch = {
        "act": "appraisals",
        "form": {"on": "2015/3/5", **VOTES},
        "cases": [{"case_id": ids[0]}, {"case_id": ids[1], "form": {"on": "20150306"}}],
    }
    answer = done(offices.village.post("/casework/cases/batches", batch)).json()
    assert answer["recorded"] == 2
    told = {each["pointer"]: each["changes"] for each in answer["read_as"]}
    assert told.keys() == {"#/form/on", "#/cases/1/form/on"}


def test_what_waits_for_an_office_is_told_by_procedure_and_step(offices: Offices) -> None:
    def due() -> dict[str, int]:
        return {each["due"]: each["cases"] for each in offices.village.get("/casework/cases/due-steps").json()}

    before = due()
    ids = [offices.open_case().rpartition("/")[2] for _ in range(2)]
    (step,) = [each for each in offices.village.get("/casework/cases/due-steps").json() if each["act"] == "appraisals"]
    assert (step["procedure"], step["operation"]) == ("project_approval", "hold_appraisal")
    assert step["procedure_name"]["zh"]
    assert step["step_name"]["zh"]
    assert step["cases"] == before.get(step["due"], 0) + 2
    form = {"on": "2015-03-05", **VOTES}
    taken = {"act": step["act"], "form": form, "cases": [{"case_id": each} for each in ids]}
    assert done(offices.village.post("/casework/cases/batches", taken)).json()["recorded"] == 2
    assert due().get(step["due"], 0) == before.get(step["due"], 0)
