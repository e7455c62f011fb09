"""The monthly comparison with the national system's list: same, missing here, missing there and different, as findings that close by the
facts or by a reasoned answer."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest

from contracts.roles import Role
from services.casework.media_types import XLSX
from services.casework.workbooks.writing.workbook_writer import write_form
from services.registry.intake.layout import HISTORY, HOUSEHOLDS, MEMBERS
from services.registry.reconciliations.checks import explain
from services.registry.reconciliations.document import OF_HOUSEHOLD, OF_MEMBERS
from tests.registry.intake.example_workbooks import SheetLine
from tests.registry.intake.history_imports import ApprovedImporter, open_history_import
from tests.registry.intake.import_requests import (
    COUNTY,
    VILLAGE,
    cadre_of,
    head_line,
    household_line,
    import_workbook,
    registry_with_villages,
    workbook_bytes,
)
from tests.registry.national_register.generated_households import FORM
from tests.support.eventually import eventually
from tests.support.running import ApiClient, Lika, all_items

PATH = "/registry/reconciliations"
DAY = "2014-06-01"
IDENTIFIED = ("E1", "E2", "E3")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        open_history_import(started)
        history = [
            {"household_no": n, "event": "识别", "effective_on": "2014-05", "source_recorded_on": "2014-05-20"}
            for n in IDENTIFIED
        ]
        members = [head_line(n, 101 + 2 * place) for place, n in enumerate(IDENTIFIED)]
        book = workbook_bytes([household_line(n) for n in IDENTIFIED], members, history)
        assert import_workbook(ApprovedImporter(started), book)["recorded"] == len(IDENTIFIED)
        ordinary = workbook_bytes([household_line("C1")], [head_line("C1", 151)])
        assert import_workbook(cadre_of(started), ordinary)["recorded"] == 1
        yield started


def clerk(running: Lika) -> ApiClient:
    return running.client_for("county-clerk", COUNTY, Role.REVIEWER)


def township(running: Lika) -> ApiClient:
    return running.client_for("township-reviewer", VILLAGE[:9], Role.REVIEWER)


def household(number: str, **more: Any) -> SheetLine:
    said = {
        "national_no": number, "division": VILLAGE, "surveyed_on": DAY, "poverty_status": "未脱贫", "size": 1,
        "head_name": "陈1", "attribute": "一般贫困户", "main_cause": "因病", "arable_mu": 3.5,
    }  # fmt: skip
    return {**said, **more}


def member(number: str, place: int, **more: Any) -> SheetLine:
    return {**head_line(number, 101 + 2 * place), **more}


THEIR_MEMBERS = [member(n, p) for p, n in enumerate(IDENTIFIED)]


def national_list(households: Sequence[SheetLine], members: Sequence[SheetLine]) -> bytes:
    return write_form(FORM, {HOUSEHOLDS: households, MEMBERS: members, HISTORY: []})  # type: ignore[dict-item]


def the_same() -> bytes:
    return national_list([household(n) for n in IDENTIFIED], THEIR_MEMBERS)


def other_list() -> bytes:
    """E1 as here; E2 with another status, cause and phone of its head; E3 not at all; F1 in addition."""
    households = [household("E1"), household("E2", poverty_status="已脱贫", main_cause="因残"), household("F1", size=2)]
    members = [member("E1", 0), member("E2", 1, phone="13900000009"), member("F1", 50)]
    return national_list(households, members)


def sent(person: ApiClient, file: bytes, day: str = DAY, **more: Any) -> httpx.Response:
    assert (
        person.get("/registry/households", limit=1).status_code == 200
    )  # waits until the view knows what was recorded
    return person.post(PATH, content=file, params={"compared_on": day, **more})


def compared(person: ApiClient, file: bytes) -> tuple[str, dict[str, tuple[int, int, int]]]:
    """The comparison, and by result households, persons here, persons there."""
    answer = sent(person, file)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["errors"] == []
    return body["batch_id"], figures_of(body)


def figures_of(body: Any) -> dict[str, tuple[int, int, int]]:
    told = {f["result"]: (f["households"], f["persons_here"], f["persons_there"]) for f in body["figures"]}
    return {result: figures for result, figures in told.items() if any(figures)}


def findings_of(person: ApiClient, **asked: Any) -> list[tuple[str, str]]:
    rules = ("missing_in_register", "missing_in_other_system", "differs_from_other_system")
    found = [f for rule in rules for f in all_items(person, "/registry/findings", rule=rule, **asked)]
    return [(f["rule"], f["values"]["national_no"]) for f in found]


OPEN = [
    ("missing_in_register", "F1"), ("missing_in_other_system", "E3"), ("differs_from_other_system", "E2"),
]  # fmt: skip


def test_a_list_that_says_what_the_register_says_is_the_same(running: Lika) -> None:
    _, figures = compared(clerk(running), the_same())
    assert figures == {"same": (3, 3, 3)}, "an ordinary household is in neither"


def test_what_differs_is_kept_by_result_with_who_corrects_it_where(running: Lika) -> None:
    who = clerk(running)
    reconciliation, figures = compared(who, other_list())
    assert figures == {
        "same": (1, 1, 1), "missing_here": (1, 0, 2), "missing_there": (1, 1, 0), "different": (1, 1, 1)
    }  # fmt: skip
    kept = who.get(f"{PATH}/{reconciliation}").json()
    assert (kept["compared_on"], kept["county"], figures_of(kept)) == (DAY, COUNTY, figures)
    lines = all_items(who, f"{PATH}/{reconciliation}/households")
    assert {line["national_no"]: line["result"] for line in lines} == {
        "E2": "different", "E3": "missing_there", "F1": "missing_here",
    }  # fmt: skip
    (different,) = all_items(who, f"{PATH}/{reconciliation}/households", result="different")
    told = {d["field"]: (d["here"], d["there"], d["corrected_in"]) for d in different["differences"]}
    assert told == {
        "poverty_status": ("registered", "exited", "there"),
        "main_cause": ("illness", "disability", "here"),
        "phone": ("***", "***", "here"),
    }
    assert {d["corrected_by"]["level"] for d in different["differences"]} == {"county", "village"}
    xlsx = who.get_with({"Accept": XLSX}, f"{PATH}/{reconciliation}/households")
    cells = [
        cell for row in openpyxl.load_workbook(BytesIO(xlsx.content)).active.iter_rows(values_only=True) for cell in row
    ]
    assert "E2" in cells
    assert not any("1390000" in str(cell) for cell in cells)
    assert reconciliation in {each["reconciliation_id"] for each in all_items(who, PATH)}


def test_each_is_a_finding_with_an_owner_that_a_later_comparison_closes(running: Lika) -> None:
    who, office = clerk(running), township(running)
    compared(who, other_list())
    assert sorted(findings_of(office)) == sorted(OPEN)
    (found,) = office.get("/registry/findings", rule="differs_from_other_system").json()["items"]
    assert (found["owner"], found["raised_on"], found["due_by"]) == (
        {"level": "township", "role": "reviewer"}, "2014-06-01", "2014-07-01",
    )  # fmt: skip
    assert found["values"]["fields"] == "poverty_status,main_cause,phone"
    inbox = all_items(office, "/registry/inbox")
    assert found["finding_id"] in {entry["id"] for entry in inbox}
    compared(who, the_same())
    eventually(lambda: findings_of(office) == [])
    cleared = {f["values"]["national_no"] for f in all_items(office, "/registry/findings", state="cleared")}
    assert cleared >= {"E2", "E3"}


def test_what_was_corrected_here_is_the_same_in_the_next_comparison(running: Lika) -> None:
    who, cadre = clerk(running), cadre_of(running)
    listed = national_list([household("E1", arable_mu=4), *map(household, ("E2", "E3"))], THEIR_MEMBERS)
    _, figures = compared(who, listed)
    assert figures == {"same": (2, 2, 2), "different": (1, 1, 1)}
    corrected = workbook_bytes([household_line("E1", surveyed_on="2014-05-31", arable_mu=4)], [head_line("E1", 101)])
    assert import_workbook(cadre, corrected)["updated"] == 1
    _, figures = compared(who, listed)
    assert figures == {"same": (3, 3, 3)}
    back = workbook_bytes([household_line("E1", surveyed_on="2014-06-01")], [head_line("E1", 101)])
    assert import_workbook(cadre, back)["updated"] == 1


def test_an_answer_holds_as_long_as_the_difference_is_the_same(running: Lika) -> None:
    who, office = clerk(running), township(running)
    compared(who, other_list())
    (found,) = office.get("/registry/findings", rule="differs_from_other_system").json()["items"]
    answers = f"/registry/findings/{found['finding_id']}/answers"
    assert who.post(answers, {"reason": "county"}).json()["code"] == "finding_of_another_office"
    answered = office.post(answers, {"reason": "全国系统下月更新"})
    assert answered.status_code == 201, answered.text
    compared(who, other_list())
    assert ("differs_from_other_system", "E2") not in findings_of(office, state="open")
    changed = national_list(
        [household("E1"), household("E2", main_cause="因学"), household("E3")],
        THEIR_MEMBERS,
    )
    compared(who, changed)
    assert findings_of(office, state="open") == [("differs_from_other_system", "E2")], "on other grounds"


def test_a_member_in_one_of_the_two_alone_is_a_difference(running: Lika) -> None:
    extra = {**head_line("E1", 961), "national_no": "E102", "relation": "其他", "name": "林九"}
    listed = national_list(
        [household("E1", size=2), household("E2"), household("E3")],
        [*THEIR_MEMBERS, extra],
    )
    reconciliation, _ = compared(clerk(running), listed)
    (line,) = all_items(clerk(running), f"{PATH}/{reconciliation}/households")
    told = {d["field"]: (d["person_no"], d["here"], d["there"]) for d in line["differences"]}
    assert told == {"size": (None, "1", "2"), "member": ("E102", "0", "1")}


def test_rows_with_errors_are_not_compared_and_not_taken_for_missing(running: Lika) -> None:
    listed = national_list(
        [household("E1"), household("E2"), household("E3", attribute="某某户")],
        THEIR_MEMBERS,
    )
    answer = sent(clerk(running), listed).json()
    assert figures_of(answer) == {"same": (2, 2, 2), "not_compared": (1, 0, 1)}
    assert [(e["row"], e["code"]) for e in answer["errors"]] == [(4, "workbook_unknown_label")]


def test_a_list_is_compared_as_of_its_own_day_and_none_to_come(running: Lika) -> None:
    who = clerk(running)
    assert sent(who, the_same(), "2014-05-31").json()["code"] == "reconciliation_of_another_day"
    assert sent(who, the_same(), "2014-06-02").json()["code"] == "future_day"
    before = national_list([household("E1", surveyed_on="2014-04-30")], [member("E1", 0)])
    assert figures_of(sent(who, before, "2014-04-30").json()) == {"missing_here": (1, 0, 1)}, (
        "the day before it was on record"
    )
    on_the_day = national_list([household("E1", surveyed_on="2014-05-01")], [member("E1", 0)])
    assert figures_of(sent(who, on_the_day, "2014-05-01").json())["missing_there"] == (2, 2, 0)


def test_trying_a_list_keeps_nothing_and_only_the_countys_office_compares(running: Lika) -> None:
    who = clerk(running)
    before = len(all_items(who, PATH))
    tried = sent(who, other_list(), dry_run=True)
    assert (tried.status_code, tried.json()["batch_id"], figures_of(tried.json())["different"]) == (
        200,
        None,
        (1, 1, 1),
    )
    assert len(all_items(who, PATH)) == before
    refused = sent(township(running), other_list())
    assert (refused.status_code, refused.json()["code"]) == (403, "level_not_allowed")
    elsewhere = running.client_for("other-clerk", "990002", Role.REVIEWER)
    assert all_items(elsewhere, PATH) == []


def test_every_field_that_is_compared_is_explained_in_words() -> None:
    for field in sorted(OF_HOUSEHOLD | OF_MEMBERS):
        why = explain("differs_from_other_system", {"national_no": "E1", "fields": field})
        assert field not in why.zh
