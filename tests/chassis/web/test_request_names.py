"""Names that nobody knows are refused with the nearest known one; what a body is made of is bounded."""

from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from tests.chassis.web.sheets import errors_of, places


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("knownAt=2014-01-01", ("unknown_parameter", "knownAt", "known_at")),
        ("KNOWN-AT=2014-01-01", ("unknown_parameter", "KNOWN-AT", "known_at")),
        ("name", ("unknown_parameter", "name", None)),
        ("known_at=1&known_at=2", ("repeated_parameter", "known_at", None)),
        ("520203198501010010=1", ("unknown_parameter", None, None)),
        ("张三=1", ("unknown_parameter", None, None)),
    ],
)
def test_a_parameter_nobody_knows_is_named_with_the_nearest_if_it_looks_like_a_name(
    cadre: TestClient, query: str, expected: tuple[str, str | None, str | None]
) -> None:
    answer = cadre.get(f"/sheets?{query}")
    assert places(answer) == [expected]
    assert errors_of(answer)[0]["parameter"] == "query"
    assert "5202" not in answer.text
    assert "张三" not in answer.text


def test_a_parameter_that_takes_many_is_given_often(cadre: TestClient) -> None:
    assert cadre.get("/sheets?tag=a&tag=b&known_at=1").json() == "1"


def test_headers_of_ours_are_known_or_refused_and_all_others_are_not_ours(cadre: TestClient) -> None:
    position = "Lika-Position"
    assert places(cadre.get("/sheets", headers={"Lika-Positions": "x=1"})) == [
        ("unknown_parameter", "lika-positions", position)
    ]
    twice = httpx.Headers([(position, "x=1"), (position, "x=2")])
    assert places(cadre.get("/sheets", headers=twice)) == [("repeated_parameter", position, None)]
    assert cadre.get("/page", headers={position: "x=1", "X-Other": "1"}).status_code == 200


def test_of_two_callers_none_is_taken(cadre: TestClient) -> None:
    """Which of them is meant, a proxy before us may see otherwise."""
    who = httpx.Headers([("Authorization", cadre.headers["Authorization"]), ("Authorization", "Bearer other")])
    twice = httpx.Request("GET", cadre.base_url.join("/sheets"), headers=who)
    assert places(cadre.send(twice)) == [("repeated_parameter", "Authorization", None)]


@pytest.mark.parametrize(
    ("sheet", "pointer", "name", "near"),
    [
        ({"titel": 1}, "#", "titel", "title"),
        ({"lines": [{"kind": "a"}, {"kind": "a", "amuont": 1}]}, "#/lines/1", "amuont", "amount"),
        ({"subject": {"kind": "a", "sort": "a"}}, "#/subject", "sort", None),
        ({"13912345678": 1}, "#", None, None),
    ],
)
def test_a_field_nobody_knows_is_named_with_the_nearest_of_its_own_object(
    cadre: TestClient, sheet: dict[str, Any], pointer: str, name: str | None, near: str | None
) -> None:
    answer = cadre.post("/sheets", json=sheet)
    assert places(answer) == [("extra_forbidden", name, near)]
    assert errors_of(answer)[0]["pointer"] == pointer


JSON_BODIES = {
    "a name twice": (b'{"title": "a", "title": "b"}', "duplicate_name"),
    "a name twice further in": (b'{"lines": [{"kind": "a", "kind": "a"}]}', "duplicate_name"),
    "too deep": (b'{"lines": [[[[]]]]}', "json_too_deep"),
    "deep enough to break a parser": (b"[" * 1000, "json_too_deep"),
    "too many items": (b'{"lines": [' + b"{}," * 1000 + b"{}]}", "json_too_many_items"),
    "a mark before the text": (b'\xef\xbb\xbf{"title": "a"}', "json_invalid"),
}


@pytest.mark.parametrize("name", JSON_BODIES)
def test_the_shape_of_a_body_is_bounded(cadre: TestClient, name: str) -> None:
    body, code = JSON_BODIES[name]
    answer = cadre.post("/sheets", content=body, headers={"Content-Type": "application/json"})
    assert [e["code"] for e in errors_of(answer)] == [code]


def test_what_stands_within_a_text_is_no_shape(cadre: TestClient) -> None:
    title = '[{"\\",' * 1000 + "\\"
    assert cadre.post("/sheets", json={"title": title}).status_code == 201
    assert cadre.post("/sheets", json={"title": title + '"', "lines": [{"kind": "a"}] * 200}).json() == 200


def test_an_answer_lists_a_hundred_errors_and_counts_the_rest(cadre: TestClient) -> None:
    answer = cadre.post("/sheets", json={"lines": [{}] * 250})
    assert len(errors_of(answer)) == 100
    assert answer.json()["facts"] == {"more_errors": 150}


def test_a_body_where_none_is_taken_is_refused(cadre: TestClient) -> None:
    assert [e["code"] for e in errors_of(cadre.post("/ends", json={"because": 1}))] == ["body_not_taken"]
    assert cadre.post("/ends").status_code == 200
