"""Documents of every kind in a workbook, and those that come later."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.registry.households.example_villages import act_of, done
from tests.registry.intake.example_workbooks import SheetLine
from tests.registry.intake.import_requests import (
    cadre_of,
    child_line,
    head_line,
    household_fact_types,
    household_line,
    import_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


@pytest.fixture
def person(running: Lika) -> ApiClient:
    return cadre_of(running)


def without_number(number: str, kind: str = "无证件", **more: Any) -> SheetLine:
    line = {**child_line(number, 2), "national_no": None, "id_number": None, "name": "陈小二"}
    return {**line, "document_kind": kind, "sex": "男", "birth_year": 2014, "school_stage": None, **more}


def imported(person: ApiClient, number: str, *members: SheetLine) -> dict[str, Any]:
    return import_workbook(person, workbook_bytes([household_line(number)], list(members)))


def test_no_document_with_its_reason_is_taken_and_not_entered_twice(running: Lika, person: ApiClient) -> None:
    lines = head_line("D1", 601), without_number("D1", no_document_reason="尚未办证")
    assert imported(person, "D1", *lines)["recorded"] == 1
    assert imported(person, "D1", {**lines[0], "phone": "13900000001"}, lines[1])["updated"] == 1
    assert "MemberJoined" not in household_fact_types(running, "D1")


def test_a_newborns_number_comes_with_a_later_workbook(running: Lika, person: ApiClient) -> None:
    """Cases A4."""
    head, child = head_line("D2", 603), without_number("D2", no_document_reason="未落户")
    imported(person, "D2", head, child)
    numbered = {**child_line("D2", 603, "20140310"), "national_no": None, "name": "陈小二", "school_stage": None}
    answer = imported(person, "D2", head, numbered)
    assert (answer["updated"], answer["errors"]) == (1, [])
    assert household_fact_types(running, "D2").count("PersonDocumentRecorded") == 1
    assert imported(person, "D2", head, numbered)["unchanged"] == 1
    stranger = {**numbered, "household_no": "D3", "relation": "子女"}
    refused = imported(person, "D3", head_line("D3", 605), stranger)
    assert ("成员表", 3, "证件号码", "id_number_on_register") in row_errors(refused)


def test_a_passport_is_taken_and_is_one_persons(person: ApiClient) -> None:
    foreign = without_number(
        "D4", "护照", id_number="E61000001", name="阮氏梅", relation="配偶", birth_year=1985, sex="女"
    )
    assert imported(person, "D4", head_line("D4", 607), foreign)["recorded"] == 1
    refused = imported(person, "D5", head_line("D5", 609), {**foreign, "household_no": "D5"})
    assert row_errors(refused) == [("成员表", 3, "证件号码", "id_number_on_register")]


@pytest.mark.parametrize(
    ("wrong", "column", "code"),
    [
        ({"document_kind": "无证件"}, "无证件原因", "no_document_reason_missing"),
        (
            {"document_kind": "无证件", "no_document_reason": "遗失", "id_number": "E61000009"},
            "证件类型",
            "document_and_none",
        ),
        ({"document_kind": "护照", "id_number": "E61000009", "birth_year": None}, "出生年份", "sex_and_year_missing"),
        ({"document_kind": "护照", "id_number": "12"}, "证件号码", "document_number_malformed"),
    ],
)
def test_what_kind_and_number_contradict_is_an_error_of_the_row(
    person: ApiClient, wrong: dict[str, object], column: str, code: str
) -> None:
    errors = row_errors(imported(person, "D6", head_line("D6", 611), {**without_number("D6"), **wrong}))
    assert errors == [("成员表", 3, column, code)]


def test_the_number_of_an_annulled_household_is_free_for_its_owner(running: Lika, person: ApiClient) -> None:
    """Cases A1, by workbook: neither number is held by what is void."""
    answer = imported(person, "D7", head_line("D7", 613))
    assert answer["recorded"] == 1
    (household,) = [
        f"/registry/households/{each['household_id']}"
        for each in person.get("/registry/households", limit=200).json()["items"]
        if each["national_no"] == "D7"
    ]
    act = act_of(person, household, "HouseholdRecorded")
    done(person.post(f"{household}/corrections", {"effective_on": "2014-05-30", "acts": [act], "reason": "录入有误"}))
    assert imported(person, "D8", head_line("D8", 613))["recorded"] == 1
