"""The member's whole form as a workbook: recorded once; what the register says, sent again, changes nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from services.registry.households.member_answers import CODED
from tests.registry.intake.example_workbooks import resident_id_of
from tests.registry.intake.import_requests import (
    cadre_of,
    head_line,
    household_fact_types,
    household_facts,
    household_line,
    import_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika

OPEN: dict[str, Any] = {
    "education_level": "初中", "disability_level": "二级", "assistance_track": "开发式帮扶", "work_place": "县外省内",
    "work_months": 7, "medical_insurance": "城乡居民基本医疗保险", "medical_contribution": "财政代缴",
    "serious_illness_insurance": "是", "pension_insurance": "否", "pension_contribution": "未缴",
    "social_assistance": "低保", "hukou_here": "否", "lives_here": "是",
}  # fmt: skip
SEALED: dict[str, Any] = {
    "nation": "汉族", "political_status": "群众", "disability_category": "肢体", "military_service": "否",
    "hukou_address": "某省某县", "health": "残疾",
}  # fmt: skip


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def imported(person: ApiClient, number: str, **head: object) -> dict[str, int]:
    result = import_workbook(
        person, workbook_bytes([household_line(number)], [head_line(number, int(number[1:]), **head)])
    )
    assert result["errors"] == []
    return {key: result[key] for key in ("recorded", "updated", "unchanged") if result[key]}


def test_what_the_register_says_is_imported_again_unchanged(running: Lika) -> None:
    person = cadre_of(running)
    assert imported(person, "M1", **OPEN, **SEALED) == {"recorded": 1}
    household, _ = household_facts(running, "M1")
    answer = person.get(f"/registry/households/{household}").json()
    (seen,) = answer["members"]

    def word(column: str) -> Any:
        value = seen[column]
        if isinstance(value, bool):
            return "是" if value else "否"
        return answer["labels"][CODED[column]][str(value)]["zh"] if column in CODED else value

    assert imported(person, "M1", **{column: word(column) for column in OPEN}, **SEALED) == {"unchanged": 1}
    assert imported(person, "M1", **{**OPEN, "work_months": 8}, **SEALED) == {"updated": 1}
    assert household_fact_types(running, "M1") == ["HouseholdRecorded", "MemberSurveyed"]
    assert imported(person, "M1") == {"unchanged": 1}, "blank is not asked"


def test_a_card_says_kind_and_level_where_the_columns_are_blank(running: Lika) -> None:
    card = f"{resident_id_of('19700315', '003')}42"
    assert imported(cadre_of(running), "M3", disability_card=card) == {"recorded": 1}
    household, _ = household_facts(running, "M3")
    (seen,) = cadre_of(running).get(f"/registry/households/{household}").json()["members"]
    assert (seen["disability_level"], seen["disability_category"] is None, seen["disability_card"] is None) == (
        2,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("head", "column", "code"),
    [
        ({"work_months": 13}, "务工时间(月)", "months_beyond_year"),
        ({"work_months": 3.5}, "务工时间(月)", "bad_number"),
        ({"health": "健康、残疾"}, "健康状况", "health_contradicts_itself"),
        ({"disability_card": f"{resident_id_of('19700315', '005')}42", "disability_level": "三级"}, "残疾人证号",
         "disability_card_contradicts"),
    ],
)  # fmt: skip
def test_cells_that_cannot_be_are_refused_by_name(
    running: Lika, head: dict[str, object], column: str, code: str
) -> None:
    book = workbook_bytes([household_line("M5")], [head_line("M5", 5, **head)])
    errors = row_errors(import_workbook(cadre_of(running), book))
    assert (column, code) in [(where, what) for _, _, where, what in errors]
