"""The national layout out and in: what is exported says what was taken in, and imported again it changes nothing."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from contracts.roles import Role
from services.casework.media_types import XLSX
from services.casework.workbooks.parsing import read_form
from services.casework.workbooks.reading.process import refuse_at_once
from services.casework.workbooks.reading.worker import messages
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS, NATIONAL
from tests.registry.intake.example_workbooks import TODAY
from tests.registry.intake.history_imports import ApprovedImporter, open_history_import
from tests.registry.intake.import_requests import (
    COUNTY,
    ELSEWHERE,
    NEIGHBOUR,
    VILLAGE,
    cadre_of,
    child_line,
    head_line,
    household_facts,
    household_line,
    import_workbook,
    income_fields,
    registry_with_villages,
    workbook_bytes,
)
from tests.registry.national_register.generated_households import FORM, Book, books
from tests.support.running import ApiClient, Lika

EXPORTS = "/registry/national-exports"
ORDER = {"organ": "县扶贫办", "document_no": "扶办〔2014〕3号"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def reviewer(running: Lika, division: str = VILLAGE[:9]) -> ApiClient:
    return running.client_for(f"reviewer-{division}", division, Role.REVIEWER)


def exported(person: ApiClient, division: str = VILLAGE, as_of: str = "2014-06-01") -> bytes:
    assert (
        person.get("/registry/households", limit=1).status_code == 200
    )  # waits until the view knows what was recorded
    answer = person.post(EXPORTS, {"division": division, "as_of": as_of, "order": ORDER})
    assert answer.status_code == 201, answer.text
    return answer.content


def rows_of(file: bytes) -> dict[str, list[dict[str, Any]]]:
    read = read_form(file, FORM, TODAY, reader=lambda content, order: refuse_at_once(messages(content, order)))
    assert not [e for rows in read.rows.values() for row in rows for e in row.errors]
    return {sheet: [row.values for row in rows] for sheet, rows in read.rows.items()}


def by_number(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(book=books())
def test_what_was_taken_in_is_exported_and_imported_again_unchanged(running: Lika, book: Book) -> None:
    cadre, sent = cadre_of(running), book.file()
    taken = import_workbook(cadre, sent, layout=NATIONAL)
    assert (taken["recorded"], taken["errors"]) == (len(book.households), [])
    file = exported(reviewer(running))
    again = import_workbook(cadre, file, layout=NATIONAL)
    assert (again["errors"], again["unchanged"], again["refused"], again["updated"]) == (
        [],
        again["households_seen"],
        0,
        0,
    )
    before, after = rows_of(sent), rows_of(file)
    for sheet, key in ((HOUSEHOLDS, "national_no"), (MEMBERS, "national_no")):
        found = by_number(after[sheet], key)
        for said in before[sheet]:
            kept = found[said[key]]
            assert {k: kept.get(k) for k in said if k != "surveyed_on"} == {
                k: v for k, v in said.items() if k != "surveyed_on"
            }
    assert rows_of(exported(reviewer(running))) == after


def sheet_of(file: bytes, name: str) -> tuple[list[str], Any]:
    """Headers of a sheet, and the sheet."""
    sheet = openpyxl.load_workbook(BytesIO(file))[name]
    return [str(cell.value) for cell in sheet[1]], sheet


def recorded_by_hand(person: ApiClient, number: str | None, **more: Any) -> str:
    body = {
        "effective_on": "2014-05-20", "division": NEIGHBOUR, "national_no": number,
        "members": [
            {"name": "陈一", "sex": "male", "birth_year": 1970, "relation": "head"},
            {"name": "陈二", "sex": "female", "birth_year": 2004, "relation": "child"},
        ],
        **more,
    }  # fmt: skip
    answer = person.post("/registry/households", body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"].rsplit("/", 1)[1])


def test_numbers_and_precision_are_kept_and_headers_are_the_national_systems(running: Lika) -> None:
    open_history_import(running)
    history = [
        {"household_no": "P1", "event": "识别", "effective_on": "2014", "source_recorded_on": "2014-03-01"},
        {"household_no": "P1", "event": "脱贫", "effective_on": "2014-04", "source_recorded_on": "2014-05-01"},
    ]
    line = household_line("P1", division=ELSEWHERE, account="621700000000000012", **income_fields(wages=12000))
    book = workbook_bytes([line], [head_line("P1", 801)], history)
    assert import_workbook(ApprovedImporter(running), book)["errors"] == []
    county = reviewer(running, COUNTY)
    file = exported(county, ELSEWHERE)
    headers, sheet = sheet_of(file, "户信息表")
    assert headers[:5] == ["省", "市", "县", "乡", "行政村名称"]
    row = dict(zip(headers, sheet[2], strict=True))
    assert (row["户编号"].value, row["脱贫属性"].value, row["家庭人口数"].value) == ("P1", "已脱贫", 1)
    assert (row["开户银行账号"].value, row["开户银行账号"].data_type) == ("621700000000000012", "s")
    assert (row["生产经营性支出(元)"].value, row["生产经营性支出(元)"].number_format) == (250.5, "0.00")
    assert (row["工资性收入(元)"].value, row["人均纯收入(元)"].value) == (12000, 13149.5)
    headers, sheet = sheet_of(file, "人员信息表")
    row = dict(zip(headers, sheet[2], strict=True))
    assert (row["证件号码"].data_type, len(row["证件号码"].value), row["与户主关系"].value) == ("s", 18, "户主")
    _, sheet = sheet_of(file, "状态变动表")
    told = [[cell.value for cell in line[:4]] for line in sheet.iter_rows(min_row=2)]
    assert told == [["P1", "识别", "2014", "2014-03-01"], ["P1", "脱贫", "2014-04", "2014-05-01"]]
    again = import_workbook(cadre_of(running, COUNTY), file, layout=NATIONAL)
    assert (again["unchanged"], again["errors"]) == (1, [])
    assert {w["column"] for w in again["warnings"] if w["code"] == "workbook_compared_only_column"} >= {"L 脱贫属性"}


def test_a_labour_skill_that_nobody_asked_for_is_a_blank_cell_out_and_in_and_none_is_a_word(running: Lika) -> None:
    cadre = cadre_of(running, ELSEWHERE)
    line = household_line("L1", division=ELSEWHERE)
    asked = child_line("L1", 905, labour_skill="无劳动力")
    assert import_workbook(cadre, workbook_bytes([line], [head_line("L1", 903), asked]))["errors"] == []
    households = f"/registry/households/{household_facts(running, 'L1')[0]}"

    def skills() -> list[str]:
        members = cadre.get(households).json()["members"]
        return [m["labour_skill"] for m in sorted(members, key=lambda m: m["relation"] != "head")]

    assert skills() == [None, "none"]
    file = exported(reviewer(running, COUNTY), ELSEWHERE)
    found = by_number(rows_of(file)[MEMBERS], "national_no")
    assert "labour_skill" not in found["L101"]
    assert found["L102"]["labour_skill"].value == "none"
    again = import_workbook(cadre, file, layout=NATIONAL)
    assert (again["errors"], again["updated"], skills()) == ([], 0, [None, "none"])


def test_who_has_no_document_is_known_by_name_sex_and_year_and_who_has_no_number_is_left_out_and_told(
    running: Lika,
) -> None:
    cadre = cadre_of(running, NEIGHBOUR)
    recorded_by_hand(cadre, "H1")
    recorded_by_hand(cadre, None)
    person = reviewer(running)
    assert person.get("/registry/households", limit=1).status_code == 200
    answer = person.post(EXPORTS, {"division": NEIGHBOUR, "as_of": "2014-05-20", "order": ORDER})
    assert (answer.headers["Lika-Items"], answer.headers["Lika-Left-Out"]) == ("1", "1")
    headers, sheet = sheet_of(answer.content, "人员信息表")
    assert [line[headers.index("与户主关系")].value for line in sheet.iter_rows(min_row=2)] == ["户主", "之女"]
    again = import_workbook(cadre, answer.content, layout=NATIONAL)
    assert (again["unchanged"], again["errors"]) == (1, [])
    assert rows_of(exported(person, NEIGHBOUR, "2014-05-19"))[HOUSEHOLDS] == [], "the day before it was on record"


def test_an_export_is_a_reading_of_each_household_by_an_order(running: Lika) -> None:
    person = running.client_for("reporter", NEIGHBOUR[:9], Role.REVIEWER)
    number = f"R{date(2014, 6, 1).toordinal()}"
    household = recorded_by_hand(cadre_of(running, NEIGHBOUR), number)
    assert person.get("/registry/households", limit=1).status_code == 200
    body = {"division": NEIGHBOUR, "as_of": "2014-06-01", "order": ORDER}
    first = person.post(EXPORTS, body, key="an-export-of-mine")
    (read,) = running.services["registry"].store.stream("access-2014-06-01-reporter")
    fact: Any = read.fact
    assert (fact.purpose, fact.order.document_no) == ("reporting", ORDER["document_no"])
    assert household in [str(each.household_id) for each in fact.households]
    again = person.post(EXPORTS, body, key="an-export-of-mine")
    assert (first.headers["content-type"], again.json()["replayed"]) == (XLSX, True), "a repeated request gets no file"
    assert person.post(EXPORTS, {**body, "as_of": "2014-06-02"}).json()["code"] == "future_day"
    assert person.post(EXPORTS, {**body, "division": ELSEWHERE}).status_code == 404
    assert cadre_of(running, NEIGHBOUR).post(EXPORTS, body).status_code == 403
