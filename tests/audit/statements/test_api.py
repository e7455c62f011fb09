"""Statements over HTTP, from a registry's log to the households behind each figure."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.registry.divisions import DivisionDeclared, Level
from contracts.roles import Role
from services.audit.service import audit
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.web.provisional import HEADER as PROVISIONAL
from tests.audit.fact_builders import (
    HILL,
    HOUSEHOLD,
    LAKE,
    NEIGHBOUR,
    TOWN,
    died,
    enrolled,
    exited,
    formed,
    household_recorded,
    moved,
    removed,
    returned,
    split,
)
from tests.audit.producers import Producer, stub_service
from tests.support.running import ApiClient, Build, Lika, lika

A, B, C, D = HOUSEHOLD, *(UUID(int=n, version=4) for n in range(2, 5))
ENTRY = date(2014, 6, 20)


def record_history(registry: Producer) -> None:
    """Three households of the township are identified in 2014; later years bring what the demonstration brings."""
    for code in (HILL, LAKE, NEIGHBOUR):
        registry.append(
            ENTRY,
            DivisionDeclared(effective_on=ENTRY, entered_by="op-1", code=code, level=Level.VILLAGE, name="某村"),
        )
    for household, persons, village in ((A, 3, HILL), (B, 2, HILL), (C, 5, LAKE)):
        registry.append(ENTRY, household_recorded(ENTRY, persons, village, household), enrolled(ENTRY, household))
    registry.append(date(2015, 11, 2), exited(date(2015, 11, 1), A))
    registry.append(date(2016, 7, 2), returned(date(2016, 7, 1), A))
    registry.append(date(2017, 9, 2), removed(ENTRY, B))
    registry.append(date(2017, 9, 3), split(date(2017, 9, 1), (4, 5), D, C), formed(date(2017, 9, 1), (4, 5), D, C))
    registry.append(date(2017, 10, 1), died(date(2017, 9, 30), 3, C))
    registry.append(date(2017, 11, 1), moved(date(2017, 10, 31), LAKE, NEIGHBOUR, C))
    registry.append(date(2017, 11, 2), moved(date(2017, 11, 1), HILL, LAKE, A))


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("lika")
    built: list[Build] = [stub_service("registry"), partial(audit, logs=("registry",))]
    with lika(built, module_database, folder, datetime(2014, 1, 1, tzinfo=UTC)) as started:
        record_history(Producer(started, "registry"))
        yield started


@pytest.fixture
def auditor(running: Lika) -> ApiClient:
    return running.client_for("auditor-1", "", Role.AUDITOR)


def rows_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """The rows, each figure as (households, persons), lines without movement left out."""
    assert answer.status_code == 200, answer.text
    return [
        {
            key: (value["households"], value["persons"])
            for key, value in row.items()
            if key != "period" and (key in {"opening", "closing"} or any(value.values()))
        }
        for row in answer.json()["rows"]
    ]


def test_the_township_s_years_as_they_are_known_today(auditor: ApiClient) -> None:
    answer = auditor.get("/audit/statements", division=TOWN, **{"from": 2014, "to": 2017})
    assert rows_of(answer) == [
        {"opening": (0, 0), "identified": (3, 10), "removed": (1, 2), "closing": (2, 8)},
        {"opening": (2, 8), "exited": (1, 3), "closing": (1, 5)},
        {"opening": (1, 5), "returned": (1, 3), "closing": (2, 8)},
        {"opening": (2, 8), "size_change": (1, -1), "moved_out": (1, 2), "closing": (2, 5)},
    ]


def test_the_same_years_as_they_were_known_at_the_end_of_2016(auditor: ApiClient) -> None:
    answer = auditor.get("/audit/statements", division=TOWN, known_at="2016-12-31", **{"from": 2014, "to": 2017})
    assert rows_of(answer) == [
        {"opening": (0, 0), "identified": (3, 10), "closing": (3, 10)},
        {"opening": (3, 10), "exited": (1, 3), "closing": (2, 7)},
        {"opening": (2, 7), "returned": (1, 3), "closing": (3, 10)},
        {"opening": (3, 10), "closing": (3, 10)},
    ]
    body = answer.json()
    assert (body["known_at"], body["known_before"]) == ("2016-12-31", "2016-12-31T16:00:00Z")
    assert not body["provisional"]


def test_a_fact_is_known_from_its_instant_on(auditor: ApiClient) -> None:
    def exits(known_at: str) -> int:
        (row,) = auditor.get("/audit/statements", known_at=known_at, **{"from": 2015, "to": 2015}).json()["rows"]
        return int(row["exited"]["households"])

    assert exits("2015-11-01") == 0
    assert exits("2015-11-02T09:00:00+08:00") == 0
    assert exits("2015-11-02T01:00:01Z") == 1
    assert exits("2015-11-02") == 1


def test_a_village_shows_the_move_that_its_township_does_not(auditor: ApiClient) -> None:
    lake, hill = (
        rows_of(auditor.get("/audit/statements", division=village, **{"from": 2017, "to": 2017}))
        for village in (LAKE, HILL)
    )
    assert lake == [
        {"opening": (1, 5), "moved_in": (1, 3), "size_change": (1, -1), "moved_out": (1, 2), "closing": (2, 5)}
    ]
    assert hill == [{"opening": (1, 3), "moved_out": (1, 3), "closing": (0, 0)}]


def test_the_households_behind_a_figure_come_page_by_page_and_sum_to_it(auditor: ApiClient) -> None:
    asked = {"division": TOWN, "period": 2014, "column": "identified", "limit": 2}
    first = auditor.get("/audit/movements", **asked).json()
    second = auditor.get("/audit/movements", cursor=first["next"], **asked).json()
    items = [*first["items"], *second["items"]]
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    assert {i["household"] for i in items} == {str(A), str(B), str(C)}
    assert sum(i["households"] for i in items) == 3
    assert sum(i["persons"] for i in items) == 10
    known_then = auditor.get("/audit/movements", known_at="2014-06-19", cursor=first["next"], **asked).json()
    assert known_then == second  # the pages of one list rest on what was known on the first
    assert items[0]["fact"] == f"registry/household-{items[0]['household']}/2"
    (gone,) = auditor.get("/audit/movements", division=TOWN, period=2017, column="moved_out").json()["items"]
    assert (gone["division"], gone["counterpart"], gone["persons"]) == (LAKE, NEIGHBOUR, 2)


def test_the_households_of_a_closing(auditor: ApiClient) -> None:
    asked = {"division": TOWN, "as_of": "2017-12-31", "limit": 1}
    first = auditor.get("/audit/stock", **asked).json()
    second = auditor.get("/audit/stock", cursor=first["next"], **asked).json()
    found = {(i["household"], i["division"], i["persons"], i["since"]) for i in first["items"] + second["items"]}
    assert found == {(str(A), LAKE, 3, "2017-11-01"), (str(D), LAKE, 2, "2017-09-01")}
    assert second["next"] is None


def test_the_last_day_that_can_be_asked_about_has_today_s_stock(auditor: ApiClient) -> None:
    found = auditor.get("/audit/stock", division=TOWN, as_of="2200-12-31", known_at="2200-12-31").json()["items"]
    assert {i["household"] for i in found} == {str(A), str(D)}


def test_the_answer_names_the_logs_it_rests_on(running: Lika, auditor: ApiClient) -> None:
    body = auditor.get("/audit/statements", **{"from": 2014, "to": 2014}).json()
    (head,) = body["logs"]
    reached = running.services["registry"].store.head().position
    assert (head["log"], head["position"], head["head"]) == ("registry", reached, reached)
    assert head["closed_through"].startswith("2017-11-02")
    assert (body["known_at"], body["provisional"], body["incomplete"]) == ("2017-11-02", True, 0)
    assert (
        auditor.get("/audit/statements", known_at="2017-11-01", **{"from": 2014, "to": 2014}).json()["provisional"]
        is False
    )


def test_what_is_read_during_catch_up_is_provisional_in_header_and_body_alike(
    running: Lika, auditor: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, registry = running.services["audit"], running.services["registry"].store
    caught_up, behind = service.consumers["registry"], Consumer(service.store, LocalSource(registry), ())
    behind.position, behind.closed_through = caught_up.position, caught_up.closed_through
    for consumer, provisional in ((behind, True), (caught_up, False)):
        monkeypatch.setitem(service.consumers, "registry", consumer)
        answer = auditor.get("/audit/statements", known_at="2016-12-31", **{"from": 2014, "to": 2014})
        assert (PROVISIONAL in answer.headers, answer.json()["provisional"]) == (provisional, provisional)


def test_a_parked_household_makes_the_figures_incomplete(running: Lika, auditor: ApiClient) -> None:
    with running.services["audit"].store.reading() as conn:
        parked = ("audit", "registry", 1, str(A), "ValueError", datetime(2017, 1, 1, tzinfo=UTC))
        conn.execute("INSERT INTO parked VALUES (%s, %s, %s, %s, %s, %s)", parked)
        try:
            assert auditor.get("/audit/statements", **{"from": 2014, "to": 2014}).json()["incomplete"] == 1
        finally:
            conn.execute("DELETE FROM parked")


def test_a_difference_is_shown_and_not_hidden(running: Lika, auditor: ApiClient) -> None:
    with running.services["audit"].store.reading() as conn:
        conn.execute("UPDATE stock_periods SET persons = persons + 32 WHERE household = %s", (C,))
    try:
        first, second, *_ = rows_of(auditor.get("/audit/statements", division=LAKE, **{"from": 2014, "to": 2017}))
        assert first["difference"] == (0, -32)
        assert "difference" not in second
    finally:
        with running.services["audit"].store.reading() as conn:
            conn.execute("UPDATE stock_periods SET persons = persons - 32 WHERE household = %s", (C,))


@pytest.mark.parametrize("division", ["990001999", NEIGHBOUR[:6] + "999"])
def test_a_division_that_nobody_declared_is_not_answered_with_zeros(auditor: ApiClient, division: str) -> None:
    for path, more in (
        ("statements", {"from": 2014, "to": 2014}),
        ("movements", {"period": 2014, "column": "exited"}),
        ("stock", {"as_of": "2014-12-31"}),
    ):
        assert auditor.get(f"/audit/{path}", division=division, **more).status_code == 404


def test_everybody_reads_within_their_area(running: Lika) -> None:
    cadre = running.client_for("cadre-1", HILL, Role.CADRE)
    years = {"from": 2014, "to": 2014}
    assert cadre.get("/audit/statements", **years).json()["division"] == HILL
    assert cadre.get("/audit/statements", division=LAKE, **years).status_code == 404
    assert cadre.get("/audit/statements", division=TOWN, **years).status_code == 404
    assert cadre.get("/audit/stock", division=LAKE, as_of="2014-12-31").status_code == 404
    assert running.client_for("op-1", "", Role.OPERATOR).get("/audit/statements", **years).status_code == 403


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        ("statements", {"from": 2015, "to": 2014}, "bad_periods"),
        ("statements", {"from": 1949, "to": 2200}, "bad_periods"),
        ("statements", {"from": 2014, "to": 9999}, "malformed"),
        ("statements", {"from": 2014, "to": 2014, "division": "99000"}, "malformed"),
        ("statements", {"from": 2014, "to": 2014, "known_at": "2014-02-30"}, "bad_known_at"),
        ("statements", {"from": 2014, "to": 2014, "known_at": "9999-12-31"}, "bad_known_at"),
        ("statements", {"from": 2014, "to": 2014, "known_at": "2201-01-01"}, "bad_known_at"),
        ("statements", {"from": 2014, "to": 2014, "known_at": "2018-W01-1"}, "bad_known_at"),
        ("statements", {"from": 2014, "to": 2014, "known_at": "2018-W01-1T12:00:00+08:00"}, "bad_known_at"),
        ("statements", {"from": 2014, "to": 2014, "known_at": "20180101"}, "bad_known_at"),
        ("statements", {"from": 2014, "to": 2014, "known_at": "2014-06-01T12:00:00"}, "bad_known_at"),
        ("movements", {"period": 2014, "column": "closing"}, "malformed"),
        ("movements", {"period": 2014, "column": "exited", "cursor": "x"}, "bad_cursor"),
        ("stock", {}, "malformed"),
        ("stock", {"as_of": "9999-12-31"}, "malformed"),
        ("stock", {"as_of": "2018-W01-1"}, "malformed"),
        ("stock", {"as_of": "0"}, "malformed"),
    ],
)
def test_a_malformed_question_is_refused_with_a_code(
    auditor: ApiClient, path: str, asked: dict[str, Any], code: str
) -> None:
    answer = auditor.get(f"/audit/{path}", **asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
