"""Valid rows that the register refuses: persons and villages that do not match what is on record."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from tests.registry.intake.import_requests import (
    ELSEWHERE,
    NEIGHBOUR,
    VILLAGE,
    cadre_of,
    child_line,
    head_line,
    household_line,
    import_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def test_an_id_of_another_person_refuses_its_household_and_no_other(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("K1")], [head_line("K1", 23)]))
    book = workbook_bytes(
        [household_line("K2"), household_line("K3")], [head_line("K2", 25), child_line("K2", 24), head_line("K3", 23)]
    )
    result = import_workbook(person, book)
    assert (result["recorded"], result["refused"]) == (1, 1)
    assert row_errors(result) == [("成员表", 4, "证件号码", "id_number_on_register")]
    again = import_workbook(person, workbook_bytes([household_line("K3")], [head_line("K3", 27)]))
    assert again["recorded"] == 1


def test_an_id_of_another_person_in_a_known_household_is_refused_too(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(
        person, workbook_bytes([household_line("L1"), household_line("L2")], [head_line("L1", 29), head_line("L2", 31)])
    )
    stranger = {**head_line("L1", 31), "national_no": None, "relation": "其他"}
    assert row_errors(
        import_workbook(person, workbook_bytes([household_line("L1")], [head_line("L1", 29), stranger]))
    ) == [("成员表", 3, "证件号码", "id_number_on_register")]


def test_who_somebody_is_does_not_change_by_a_survey(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("N1")], [head_line("N1", 33), child_line("N1", 34)]))
    result = import_workbook(
        person,
        workbook_bytes([household_line("N1")], [{**head_line("N1", 33), "name": "王五"}, {**child_line("N1", 36)}]),
    )
    assert row_errors(result) == [
        ("成员表", 2, "姓名", "identity_differs"),
        ("成员表", 3, "证件号码", "identity_differs"),
    ]
    swapped = [{**head_line("N1", 33), "relation": "父母"}, {**child_line("N1", 34), "relation": "户主"}]
    assert {
        code for *_, code in row_errors(import_workbook(person, workbook_bytes([household_line("N1")], swapped)))
    } == {"head_differs"}


def test_villages_unknown_outside_the_area_or_not_the_households_own_are_row_errors(running: Lika) -> None:
    township = cadre_of(running, VILLAGE[:9])
    import_workbook(
        township,
        workbook_bytes(
            [household_line("V1"), household_line("V2", division=NEIGHBOUR)], [head_line("V1", 37), head_line("V2", 39)]
        ),
    )
    lines = [household_line("V1", division=NEIGHBOUR), household_line("V3", division=ELSEWHERE)]
    result = import_workbook(
        township,
        workbook_bytes(
            [*lines, household_line("V4", division="990001101777")],
            [head_line("V1", 37), head_line("V3", 41), head_line("V4", 43)],
        ),
    )
    assert row_errors(result) == [
        ("户表", 2, "行政区划代码", "other_village"),
        ("户表", 3, "行政区划代码", "village_outside_area"),
        ("户表", 4, "行政区划代码", "unknown_village"),
    ]
    # Where a household out of sight lives is not result.
    result = import_workbook(cadre_of(running), workbook_bytes([household_line("V2")], [head_line("V2", 39)]))
    assert row_errors(result) == [("户表", 2, "户编号", "household_no_on_register")]


def test_a_person_whom_nobody_knows_needs_an_id(running: Lika) -> None:
    nameless = {**head_line("P1", 45), "id_number": None, "sex": "男"}
    assert row_errors(import_workbook(cadre_of(running), workbook_bytes([household_line("P1")], [nameless]))) == [
        ("成员表", 2, "证件号码", "new_person_needs_id")
    ]


def test_a_survey_before_the_household_was_on_record_is_refused(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("E1")], [head_line("E1", 47)]))
    result = import_workbook(
        person, workbook_bytes([household_line("E1", surveyed_on="2014-05-01", arable_mu=9)], [head_line("E1", 47)])
    )
    assert row_errors(result) == [("户表", 2, "调查日期", "household_not_yet_recorded")]
