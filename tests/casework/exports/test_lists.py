"""One list as a file: numbers instead of ids, one instant however the register moves, whole or refused, in both languages."""

import io
from collections.abc import Callable, Iterator
from contextvars import Context
from typing import Any
from zipfile import ZipFile

import pytest

from contracts.casework.exports import ListExported
from contracts.roles import Role
from services.casework.exports import lists, pages
from services.casework.exports.files import CSV
from services.casework.exports.pages import items_of
from services.casework.media_types import XLSX
from tests.casework.exports.reading import column, export, rows_of
from tests.registry.households.example_requests import (
    NEIGHBOUR,
    VILLAGE,
    record_household,
    registry_with_villages,
)
from tests.support.readings import readings_of
from tests.support.running import ApiClient, Lika

HOUSEHOLDS = "/registry/households"
NUMBER, DIVISION = "户编号 / household no.", "行政区划 / division"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        cadre = started.client_for("cadre-1", VILLAGE, Role.CADRE)
        for number in range(5):
            record_household(cadre, national_no=f"X{number}", address="某组 3 号")
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LARGEST_PAGE", 2)


@pytest.mark.parametrize("accept", [CSV, XLSX])
def test_a_list_names_households_by_number_and_says_what_it_is(
    cadre: ApiClient, accept: str, small_pages: None
) -> None:
    answer = export(cadre, HOUSEHOLDS, accept, status="candidate", as_of="2014-06-01")
    head, headers, *found, end = rows_of(answer)
    assert sorted(column(answer, NUMBER)) == [f"X{n}" for n in range(5)]
    assert headers.count(NUMBER) == 1
    assert {line[headers.index("户属性 / attribute")] for line in found} == {"未分类 / unclassified"}
    assert {line[headers.index("贫困状态 / poverty status")] for line in found} == {"候选 / candidate"}
    assert [str(cell) for cell in column(answer, "人数 / persons")] == ["3"] * 5
    text = "\n".join(map(str, head))
    assert "农户清单 / List households" in text
    for part in ("贫困状态=candidate", "2014-06-01", "2014-06-01T08:00:00+08:00", "registry=", "cadre-1", "模拟时钟"):
        assert part in text
    assert end[0] == "共5条，清单完 / 5 items, end of the list"
    assert "filename*=UTF-8''%E5%86%9C%E6%88%B7%E6%B8%85%E5%8D%95" in answer.headers["Content-Disposition"]


def test_the_language_is_the_callers(cadre: ApiClient) -> None:
    assert rows_of(export(cadre, HOUSEHOLDS, CSV, "zh-CN,zh;q=0.9,en;q=0.8"))[1][0] == "户编号"
    english = rows_of(export(cadre, HOUSEHOLDS, CSV, "en"))
    assert (english[1][0], english[2][2]) == ("household no.", "candidate")


def test_a_file_is_of_one_instant_though_the_register_moves(
    running: Lika, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = running.client_for("cadre-2", NEIGHBOUR, Role.CADRE)
    auditor = running.client_for("auditor-1", "990001", Role.AUDITOR)

    def while_somebody_enters(*asked: Any) -> Iterator[Any]:
        for page in items_of(*asked):
            # Not in the context of the export, whose snapshot they would read.
            Context().run(record_household, other, NEIGHBOUR)
            assert NEIGHBOUR in Context().run(other.get, HOUSEHOLDS).text
            yield page

    monkeypatch.setattr(lists, "items_of", while_somebody_enters)
    before = export(auditor, HOUSEHOLDS)
    assert column(before, DIVISION) == [VILLAGE] * 5
    monkeypatch.undo()
    after = auditor.get(HOUSEHOLDS).json()["items"]
    assert [item["division"] for item in after].count(NEIGHBOUR) >= 3


def test_half_a_list_is_refused(cadre: ApiClient) -> None:
    for part in ({"limit": 10}, {"cursor": "x"}):
        answer = export(cadre, HOUSEHOLDS, **part)
        assert (answer.status_code, answer.json()["code"]) == (422, "export_is_whole")


def test_a_list_refuses_as_its_pages_do(cadre: ApiClient) -> None:
    assert export(cadre, HOUSEHOLDS, XLSX, status="rich").json()["code"] == "malformed"
    assert export(cadre, HOUSEHOLDS, XLSX, statu="x").json()["errors"][0]["nearest"] == "status"
    assert export(cadre, HOUSEHOLDS, XLSX, division="990002").json()["code"] == "not_found"


def test_a_list_beyond_the_limit_is_refused_with_the_limit(cadre: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "most_rows", lambda _: 4)
    answer = export(cadre, HOUSEHOLDS, XLSX)
    assert (answer.json()["code"], answer.json()["facts"]) == ("export_too_large", {"limit": 4})


def test_an_account_exports_one_list_at_a_time_and_sees_how_far_it_is(
    cadre: ApiClient, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[Any]()

    def while_looked_at(*asked: Any) -> Iterator[Any]:
        for page in items_of(*asked):
            seen.append(Context().run(cadre.get, "/registry/exports").json())
            second = Context().run(export, cadre, HOUSEHOLDS)
            assert (second.status_code, second.json()["code"]) == (429, "too_many_exports")
            yield page

    monkeypatch.setattr(lists, "items_of", while_looked_at)
    assert export(cadre, HOUSEHOLDS).status_code == 200
    assert [[(e["operation"], e["items"]) for e in each] for each in seen] == [
        [("list_households", count)] for count in (2, 4, 5)
    ]
    assert cadre.get("/registry/exports").json() == []


def test_masks_hold_and_nothing_calculates(cadre: ApiClient) -> None:
    answer = export(cadre, "/registry/staff/posts", XLSX)
    with ZipFile(io.BytesIO(answer.content)) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "某组" not in export(cadre, HOUSEHOLDS).text


def test_every_export_is_a_fact_without_what_people_typed(running: Lika, cadre: ApiClient) -> None:
    export(cadre, HOUSEHOLDS, division=VILLAGE, status="candidate", national_no="李四")
    fact = readings_of(running.services["registry"].store, "cadre-1")[-1].fact
    assert isinstance(fact, ListExported)
    assert (fact.operation, fact.format, fact.items) == ("list_households", "csv", 0)
    kept = {each.parameter: each.value for each in fact.filters}
    assert kept == {"division": VILLAGE, "status": "candidate", "national_no": None}
