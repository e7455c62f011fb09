"""Reading the register over HTTP: pages, areas, days, and what was known at the end of a day in Shanghai."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import (
    ANOTHER_COUNTY,
    ANOTHER_VILLAGE,
    ELSEWHERE,
    NEIGHBOUR,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    move_accepted,
    record_household,
    registry_with_villages,
    status_and_code,
)
from tests.support.running import ApiClient, Lika

PLACES = [VILLAGE] * 3 + [NEIGHBOUR] * 2 + [ELSEWHERE] * 2


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("lika")
    with registry_with_villages(module_database, folder) as started:
        county = started.client_for("cadre-county", "990001", Role.CADRE)
        for number, place in enumerate(PLACES):
            record_household(county, place, national_no=f"H-{number}")
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", ANOTHER_COUNTY, Role.CADRE)


@pytest.fixture
def township(running: Lika) -> ApiClient:
    return running.client_for("reviewer-1", TOWNSHIP, Role.REVIEWER)


def pages(reader: ApiClient, limit: int, **asked: Any) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = []
    cursor = None
    while True:
        more: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
        page = reader.get("/registry/households", limit=limit, **asked, **more).json()
        found.append(page["items"])
        if (cursor := page["next"]) is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 200])
def test_pages_walk_through_the_villages_of_the_area_and_miss_nobody(township: ApiClient, limit: int) -> None:
    found = pages(township, limit)
    lines = [line for page in found for line in page]
    keys = [(line["division"], UUID(line["household_id"])) for line in lines]
    assert keys == sorted(set(keys))
    assert [division for division, _ in keys] == [VILLAGE] * 3 + [NEIGHBOUR] * 2
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)


@pytest.mark.parametrize(
    ("area", "asked", "seen"),
    [
        ("", "990001", PLACES),
        ("990001", OTHER_TOWNSHIP, [ELSEWHERE] * 2),
        (TOWNSHIP, "99", [VILLAGE] * 3 + [NEIGHBOUR] * 2),
        (TOWNSHIP, NEIGHBOUR, [NEIGHBOUR] * 2),
        (VILLAGE, TOWNSHIP, [VILLAGE] * 3),
    ],
)
def test_a_list_and_its_totals_are_narrowed_to_the_readers_area(
    running: Lika, area: str, asked: str, seen: list[str]
) -> None:
    reader = running.client_for("reader", area, Role.AUDITOR)
    lines = [line for page in pages(reader, 200, division=asked) for line in page]
    assert [line["division"] for line in lines] == seen
    totals = reader.get("/registry/totals", division=asked).json()["by_status"]
    assert totals == {"candidate": {"households": len(seen), "persons": 3 * len(seen)}}


@pytest.mark.parametrize("path", ["/registry/households", "/registry/totals"])
def test_another_area_is_as_if_it_did_not_exist(township: ApiClient, path: str) -> None:
    outside, nowhere = (township.get(path, division=d) for d in (OTHER_TOWNSHIP, "55"))
    assert status_and_code(outside) == (404, "not_found")
    assert outside.json() == nowhere.json()


def test_a_list_is_asked_by_status_and_by_household_number(township: ApiClient) -> None:
    assert pages(township, 10, status="registered") == [[]]
    assert len(pages(township, 10, status="candidate")[0]) == 5
    (line,) = pages(township, 10, national_no="H-3")[0]
    assert (line["national_no"], line["division"]) == ("H-3", NEIGHBOUR)
    assert pages(township, 10, national_no="H-5") == [[]]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"cursor": "not-one"}, "bad_cursor"),
        ({"cursor": "WyJkaXZpc2lvbnMiLCI5OSJd"}, "bad_cursor"),  # one of the divisions' list
        ({"limit": 0}, "malformed"),
        ({"limit": 201}, "malformed"),
        ({"division": "99x"}, "malformed"),
        ({"status": "rich"}, "malformed"),
        ({"as_of": "0"}, "malformed"),
        ({"known_at": "2014-06-01T00:00:00Z"}, "malformed"),
    ],
)
def test_a_question_that_makes_no_sense_is_malformed(township: ApiClient, asked: dict[str, Any], code: str) -> None:
    assert status_and_code(township.get("/registry/households", **asked)) == (422, code)


@pytest.mark.parametrize(("as_of", "status"), [("2014-05-19", 404), ("2014-05-20", 200), ("2014-05-21", 200)])
def test_before_anything_was_true_there_is_no_household(cadre: ApiClient, as_of: str, status: int) -> None:
    location = record_household(cadre, ANOTHER_COUNTY)
    assert cadre.get(location, as_of=as_of).status_code == status
    if status == 404:
        assert cadre.get(location, as_of=as_of).json() == cadre.get(f"/registry/households/{uuid4()}").json()


@pytest.mark.parametrize("edge", ["0001-01-01", "2200-12-31"])
def test_days_at_the_edge_of_the_calendar_are_answered(cadre: ApiClient, edge: str) -> None:
    location = record_household(cadre, ANOTHER_COUNTY)
    exists = edge.startswith("2")
    for asked in ({"as_of": edge}, {"known_at": edge}, {"as_of": edge, "known_at": edge}):
        assert cadre.get(location, **asked).status_code == (200 if exists else 404)
        assert bool(cadre.get("/registry/households", **asked).json()["items"]) is exists
        assert bool(cadre.get("/registry/totals", **asked).json()["by_status"]) is exists


@pytest.mark.parametrize("day", ["2201-01-01", "9999-12-31", "2014-W22-1", "20140520"])
@pytest.mark.parametrize("parameter", ["as_of", "known_at"])
def test_a_day_that_is_none_or_is_no_day_of_the_register_is_refused(cadre: ApiClient, parameter: str, day: str) -> None:
    for path in ("/registry/totals", "/registry/households", f"/registry/households/{uuid4()}"):
        assert cadre.get(path, **{parameter: day}).status_code == 422


def test_facts_are_listed_in_the_order_of_recording_with_who_entered_them(running: Lika, cadre: ApiClient) -> None:
    location = record_household(cadre, ANOTHER_COUNTY)
    for on in ("2014-05-25", "2014-05-22"):
        assert cadre.post(f"{location}/surveys", {"effective_on": on, "housing_m2": 40}).status_code == 201
    facts = cadre.get(f"{location}/facts").json()
    stream = location.rpartition("/")[2]
    assert [f["id"] for f in facts] == [f"registry/household-{stream}/{n}" for n in (1, 2, 3)]
    assert [(f["type"], f["effective_on"]) for f in facts[1:]] == [
        ("HouseholdSurveyed", "2014-05-25"),
        ("HouseholdSurveyed", "2014-05-22"),
    ]
    assert {f["entered_by"] for f in facts} == {"cadre-1"}
    assert [f["recorded_at"] for f in facts] == sorted({f["recorded_at"] for f in facts})
    outside = running.client_for("cadre-2", NEIGHBOUR, Role.CADRE).get(f"{location}/facts")
    assert (outside.status_code, outside.json()) == (404, cadre.get(f"/registry/households/{uuid4()}/facts").json())


def test_a_household_that_moved_is_counted_and_read_where_it_lived(running: Lika) -> None:
    """Its former village reads what was true while it lived there; its village of today reads everything."""
    leaving = running.client_for("cadre-1", ANOTHER_COUNTY, Role.CADRE)
    location = record_household(leaving, ANOTHER_COUNTY, national_no="H-moved")
    move = {"effective_on": "2014-05-28", "from_division": ANOTHER_COUNTY, "to_division": ANOTHER_VILLAGE}
    there = running.client_for("cadre-3", ANOTHER_VILLAGE, Role.CADRE)
    move_accepted(leaving, there, location, move)
    for as_of, found in (("2014-05-27", [1, 0]), ("2014-05-28", [0, 1]), ("2014-05-29", [0, 1])):
        lists = [pages(who, 200, as_of=as_of, national_no="H-moved")[0] for who in (leaving, there)]
        assert [len(lines) for lines in lists] == found
        assert leaving.get(location, as_of=as_of).status_code == (200 if found[0] else 404)
        assert there.get(location, as_of=as_of).status_code == 200
    assert [f["type"] for f in leaving.get(f"{location}/facts").json()] == ["HouseholdRecorded"]
    assert [f["type"] for f in there.get(f"{location}/facts").json()] == ["HouseholdRecorded", "HouseholdMoved"]


def test_knowledge_of_a_day_ends_at_midnight_in_shanghai(running: Lika, cadre: ApiClient) -> None:
    """16:00 UTC is 00:00 of the next day there."""
    operator = running.client_for("operator-1", "", Role.OPERATOR)
    found = {}
    for step in ("2014-06-03T15:59:59+00:00", "2014-06-03T16:00:00+00:00"):
        assert operator.post("/registry/clock/steps", {"to": step}).status_code == 201
        found[step] = record_household(cadre, ANOTHER_COUNTY)
    last, first = found.values()
    known = [
        [cadre.get(location, known_at=f"2014-06-0{d}").status_code for d in (2, 3, 4)] for location in (last, first)
    ]
    assert known == [[404, 200, 200], [404, 404, 200]]
    answer = cadre.get(last, known_at="2014-06-03").json()
    assert (answer["as_of"], answer["known_at"]) == ("2014-06-04", "2014-06-03T16:00:00Z")
    totals = cadre.get("/registry/totals", as_of="2014-05-20", known_at="2014-06-03").json()
    later = cadre.get("/registry/totals", as_of="2014-05-20", known_at="2014-06-04").json()
    counted = [t["by_status"]["candidate"]["households"] for t in (totals, later)]
    assert counted[1] - counted[0] == 1


def test_an_answer_names_the_day_until_which_it_can_be_known(cadre: ApiClient) -> None:
    today = cadre.get("/registry/totals").json()
    assert cadre.get("/registry/totals", known_at="2099-01-01").json()["known_at"] == today["known_at"]
