"""Text as people paste it into a form: read as it is meant, and the answer says what was read otherwise."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.roles import Role
from services.registry.households.resident_id import check_character
from tests.registry.households.example_requests import (
    VILLAGE,
    household_body,
    member_body,
    registry_with_villages,
    status_and_code,
    unused_resident_id,
)
from tests.support.running import ApiClient, Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("lika")
    with registry_with_villages(module_database, folder) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def reader(running: Lika) -> ApiClient:
    return running.client_for("reviewer-1", VILLAGE[:9], Role.REVIEWER)


def household_of(head: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**household_body(**more), "members": [member_body("head", **head)]}


def with_x() -> str:
    """An unused number whose check character is X."""
    for serial in range(1, 1000, 2):
        digits = f"99000119730317{serial:03}"
        if check_character(digits) == "X":
            return f"{digits}X"
    raise AssertionError


def test_what_was_pasted_is_recorded_as_it_is_meant(cadre: ApiClient) -> None:
    number = with_x()
    pasted = household_of(
        {
            "name": "阿依古丽 ・ 买买提\u200b",
            "id_number": f"'{number[:6]} {number[6:14]}\u00a0{number[14:17]}Ｘ",
            "birth_year": 1973,
            "phone": "１３９ 0000　0000",
            "school": "无",
        },
        effective_on="2014-05-20 00:00:00",
        arable_mu="3.5亩",
        housing_m2="1,080 平方米",
        address="青山村\n３组",
    )
    answer = cadre.post("/registry/households", pasted)
    assert answer.status_code == 201, answer.text
    household = cadre.get(answer.headers["Location"], as_of="2014-05-20").json()
    assert (household["arable_mu"], household["housing_m2"]) == ("3.500", "1080.000")
    told = {each["pointer"]: each["changes"] for each in answer.json()["read_as"]}
    assert told == {
        "#/effective_on": ["change.day"],
        "#/address": ["change.line_breaks", "change.width"],
        "#/arable_mu": ["change.unit"],
        "#/housing_m2": ["change.blanks", "change.unit", "change.separators"],
        "#/members/0/name": ["change.invisible", "change.middle_dots"],
        "#/members/0/id_number": ["change.blanks", "change.apostrophe", "change.width"],
        "#/members/0/school": ["change.nothing"],
        "#/members/0/phone": ["change.blanks", "change.width"],
    }
    for part in ("阿依古丽", number[6:14], "139", "青山"):
        assert part not in answer.text
    again = household_of({"id_number": number, "birth_year": 1973})
    assert status_and_code(cadre.post("/registry/households", again)) == (409, "id_number_on_register")


def test_what_is_written_as_it_should_be_needs_no_word(cadre: ApiClient) -> None:
    assert "read_as" not in cadre.post("/registry/households", household_body()).json()


def test_a_dry_run_says_the_same(cadre: ApiClient) -> None:
    answer = cadre.post("/registry/households?dry_run=true", household_of({"name": "陈　一"})).json()
    assert [each["pointer"] for each in answer["read_as"]] == ["#/members/0/name"]


def test_a_repeated_command_is_told_again(cadre: ApiClient) -> None:
    body, key = household_of({"name": "陈　一"}), "pasted-text-again"
    first, again = (cadre.post("/registry/households", body, key=key).json() for _ in range(2))
    assert again == {**first, "replayed": True}


def test_the_check_digit_guards_a_number_however_it_is_written(cadre: ApiClient) -> None:
    number = unused_resident_id()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    answer = cadre.post("/registry/households", household_of({"id_number": f" {wrong[:6]} {wrong[6:]} "}))
    assert status_and_code(answer) == (409, "id_wrong_checksum")


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("陈\n一", "name_unreadable", "U+000A 换行符"),
        (" ", "value_missing", ""),
        ("　", "value_missing", "U+3000 全角空格"),
        ("\u200b", "value_missing", "U+200B 零宽空格"),
        ("12", "name_unreadable", ""),
        ("。", "name_unreadable", ""),
        ("无", "value_missing", ""),
    ],
)
def test_what_is_not_a_name_is_refused_and_the_invisible_character_named(
    cadre: ApiClient, name: str, code: str, told: str
) -> None:
    answer = cadre.post("/registry/households", household_of({"name": name}))
    assert status_and_code(answer) == (422, "malformed")
    error = answer.json()["errors"][0]
    assert (error["pointer"], error["code"]) == ("#/members/0/name", code)
    assert told in error["title"]


def test_an_officer_s_name_is_read_in_the_same_way(running: Lika) -> None:
    operator = running.client_for("operator-1", "", Role.OPERATOR)
    decision = {"organ": "某县", "decided_on": "2014-05-01", "document_no": "1号", "signer": "县长"}
    body = {"person_id": str(UUID(int=7)), "effective_on": "2014-05-20", "name": "陈\n一", "decision": decision}
    answer = operator.post("/registry/staff", body)
    assert "name_unreadable" in {error["code"] for error in answer.json()["errors"]}
