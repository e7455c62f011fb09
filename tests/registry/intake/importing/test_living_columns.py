"""The household's whole form as a workbook: recorded once; what the register says, sent again, changes nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.registry.intake.example_workbooks import SheetLine
from tests.registry.intake.import_requests import (
    cadre_of,
    child_line,
    head_line,
    household_fact_types,
    household_facts,
    household_line,
    import_workbook,
    income_fields,
    registry_with_villages,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika

WORDS: dict[str, Any] = {
    "risks": "因病、因产业项目失败", "village_group": "三组", "natural_village": "杨家湾", "irrigated_mu": 1.5, "orchard_mu": 0.8,
    "reforested_mu": 1, "pasture_mu": 0, "water_surface_mu": "0.2亩", "housing_grade": "C级", "road_km": "0.3公里",
    "water_supply": "自来水", "power_supply": "通动力电", "toilet": "旱厕", "cooperative_member": "是", "relocated": "否",
    "attribute": "低保边缘家庭", "other_causes": "缺技术、因学",
}  # fmt: skip
LABELS: dict[str, str] = {
    "risks": "risk", "housing_grade": "housing_grade", "water_supply": "water_supply", "power_supply": "power_supply",
    "toilet": "toilet", "attribute": "household_attribute", "other_causes": "poverty_cause",
}  # fmt: skip
"""Columns of codes, by their code lists."""


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def words_of(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says, as a row of the form has it."""

    def word(column: str, value: Any) -> Any:
        if isinstance(value, list):
            return "、".join(word(column, each) for each in value)
        if column in LABELS:
            return answer["labels"][LABELS[column]][value]["zh"]
        return ("是" if value else "否") if isinstance(value, bool) else value

    return {column: word(column, answer[column]) for column in WORDS}


def imported(person: ApiClient, household: SheetLine, *members: SheetLine) -> dict[str, int]:
    result = import_workbook(person, workbook_bytes([household], members))
    assert result["errors"] == []
    return {key: result[key] for key in ("recorded", "updated", "unchanged") if result[key]}


def test_what_the_register_says_is_imported_again_unchanged(running: Lika) -> None:
    person, reference = cadre_of(running), {"insurance_payouts": 500, "compliant_spending": 1200}
    head = head_line("L1", 1)
    away = child_line("L1", 2, lives_in_common="否", residence_reason="空挂户")
    assert imported(person, household_line("L1", **WORDS, **income_fields(), **reference), head, away) == {
        "recorded": 1
    }
    kinds = ["HouseholdRecorded", "CommonResidenceRecorded", "IncomeSurveyed"]
    assert household_fact_types(running, "L1") == kinds
    household, _ = household_facts(running, "L1")
    seen = person.get(f"/registry/households/{household}").json()
    assert [member["lives_in_common"] for member in seen["members"]] == [True, False]
    (income,) = seen["incomes"]
    assert (income["period"], income["persons"], income["reference_per_head"]) == ("calendar_year", 1, "4649.50")
    again = {**household_line("L1"), **words_of(seen), **income_fields(), **reference}
    assert imported(person, again, head, away) == {"unchanged": 1}
    assert imported(person, household_line("L1", **income_fields()), head, child_line("L1", 2)) == {"updated": 1}
    assert household_fact_types(running, "L1") == [*kinds, "HouseholdSurveyed"]  # attribute and nothing else


def test_the_twelve_months_before_are_those_before_the_survey(running: Lika) -> None:
    person, amounts = cadre_of(running), {k: v for k, v in income_fields().items() if k != "income_year"}
    line = household_line("L2", income_period="前12个月", **amounts)
    assert imported(person, line, head_line("L2", 11)) == {"recorded": 1}
    household, _ = household_facts(running, "L2")
    (income,) = person.get(f"/registry/households/{household}").json()["incomes"]
    assert (income["period_from"], income["period_to"]) == ("2013-05-20", "2014-05-19")


@pytest.mark.parametrize(
    ("household", "member", "code"),
    [
        ({"income_period": "前12个月", **income_fields()}, {}, "intake_year_of_twelve_months"),
        ({"income_period": "前12个月", "surveyed_on": "2014-05", **income_fields()}, {}, "intake_day_of_twelve_months"),
        ({"insurance_payouts": 1}, {}, "intake_income_incomplete"),
        ({}, {"lives_in_common": "是"}, "intake_residence_incomplete"),
        ({}, {"lives_in_common": "是", "residence_reason": "服刑"}, "intake_residence_contradicts"),
        ({"village_group": "<3组>"}, {}, "place_name_unreadable"),
        ({"risks": "因病、因学、因残、因意外事故、缺劳力、其他"}, {}, "workbook_too_many_codes"),
        ({"housing_grade": "E级"}, {}, "workbook_unknown_label"),
        ({"road_km": "500米"}, {}, "number_unreadable"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_name(
    running: Lika, household: dict[str, object], member: dict[str, object], code: str
) -> None:
    book = workbook_bytes([household_line("L9", **household)], [head_line("L9", 91, **member)])
    errors = import_workbook(cadre_of(running), book)["errors"]
    assert code in [error["code"] for error in errors]
