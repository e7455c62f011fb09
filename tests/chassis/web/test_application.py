"""Every way a request can go wrong, on a small application."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import anyio
import httpx
import psycopg
import pytest
from fastapi import Query, UploadFile
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from pydantic import Field

from services.chassis.ground.limits import MEBIBYTE, Limits
from services.chassis.ground.refusals import FORBIDDEN, NOT_FOUND, Refused, Rule
from services.chassis.web.application import Body, Text, Unavailable, service_app
from services.chassis.web.commands import IdempotencyKey
from services.chassis.web.routing import DeferredRouter
from tests.support.access import public_access

SECRET = "Zhang-San-52020319850101001X"
"""Stands for anything personal that a caller may send."""

RULE = Rule("too_early", "公示期未满。", "The notice still runs.", "P03 §2", 409)

router = DeferredRouter(prefix="/things")


class Part(Body):
    kind: str = Field(max_length=10)
    amount: Decimal = Field(ge=0, decimal_places=2)


class Thing(Body):
    name: str
    count: int = Field(le=5)
    parts: list[Part] = Field(default_factory=list)
    rows: dict[str, str] = Field(default_factory=dict)
    made_on: date | None = None


@router.post("", status_code=201)
async def make_thing(thing: Thing, key: IdempotencyKey) -> dict[str, str]:
    return {"made": key}


@router.get("/{case_id}")
async def read_thing(case_id: UUID, limit: Annotated[int, Query(le=10)] = 1, word: Text = "") -> dict[str, str]:
    return {"id": str(case_id), "word": word}


@router.post("/files")
async def send_file(file: UploadFile) -> dict[str, int]:
    return {"size": len(await file.read())}


@router.post("/{case_id}/refusals/{kind}")
async def refuse(case_id: str, kind: str) -> None:
    raise {
        "rule": Refused(RULE, runs_until=date(2014, 7, 1), votes=3, share=Decimal("0.50")),
        "absent": Refused(NOT_FOUND),
        "role": Refused(FORBIDDEN),
        "later": Unavailable(retry_after=7),
        "database": psycopg.OperationalError(f"connection of {SECRET} lost"),
        "defect": RuntimeError(f"could not store {SECRET}"),
    }[kind]


@router.get("/half/sent")
async def half_sent() -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"begun"
        raise RuntimeError("broke")

    return StreamingResponse(pieces())


APP = service_app(
    name="sample",
    title="样例 Sample",
    routers=[router],
    access=public_access(router),
    limits=Limits(upload_bytes=MEBIBYTE),
)
KEY = {"Idempotency-Key": "key-0000001"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(APP) as opened:
        yield opened


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body, after checking what every problem has."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:lika:problem:{code}"
    assert re.search("[\u4e00-\u9fff]", body["title"])
    assert body["title_en"].isascii()
    assert body["source"]
    assert SECRET not in answer.text
    return body


def test_a_good_command_is_taken(client: TestClient) -> None:
    answer = client.post("/things", json={"name": "张三", "count": 1}, headers=KEY)
    assert (answer.status_code, answer.json()) == (201, {"made": "key-0000001"})


def test_a_rule_is_409_with_both_languages_the_source_and_its_figures(client: TestClient) -> None:
    body = problem(client.post("/things/1/refusals/rule"), 409, "too_early")
    assert body["title"] == "公示期未满。"
    assert body["detail"] == "公示期未满。 票数（人）：3\nThe notice still runs. votes (persons): 3"
    assert body["source"] == "P03 §2"
    assert body["facts"] == {"runs_until": "2014-07-01", "votes": 3, "share": "0.50"}


@pytest.mark.parametrize(("kind", "status", "code"), [("absent", 404, "not_found"), ("role", 403, "role_not_allowed")])
def test_absent_and_role_have_their_status(client: TestClient, kind: str, status: int, code: str) -> None:
    problem(client.post(f"/things/1/refusals/{kind}"), status, code)


def test_not_now_is_503_and_says_when_to_come_back(client: TestClient) -> None:
    answer = client.post("/things/1/refusals/later")
    problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "7"


def test_a_lost_database_is_503_and_not_a_defect(client: TestClient) -> None:
    answer = client.post("/things/1/refusals/database")
    problem(answer, 503, "database_unavailable")
    assert answer.headers["retry-after"]


def test_a_defect_is_500_with_an_incident_number_and_without_the_message(client: TestClient) -> None:
    body = problem(client.post("/things/1/refusals/defect"), 500, "incident")
    assert re.fullmatch("[a-z]{10}", body["incident"])


def test_half_an_answer_is_cut_and_never_looks_whole(client: TestClient) -> None:
    with pytest.raises(RuntimeError, match="broke"):
        client.get("/things/half/sent")


def test_an_unknown_route_is_404_and_a_wrong_method_405(client: TestClient) -> None:
    problem(client.get(f"/{SECRET}"), 404, "not_found")
    answer = client.put("/things")
    assert problem(answer, 405, "method_not_allowed")["facts"] == {"methods": "POST"}
    assert answer.headers["allow"] == "POST"


def test_a_trailing_slash_is_no_redirect(client: TestClient) -> None:
    problem(client.post("/things/", json={}, headers=KEY), 404, "not_found")


@pytest.mark.parametrize("key", [None, "short", "x" * 81, "has space", "中文中文中文中文"])
def test_a_command_without_a_good_idempotency_key_is_422(client: TestClient, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key.encode()}
    body = problem(client.post("/things", json={"name": "a", "count": 1}, headers=headers), 422, "malformed")
    assert body["errors"][0]["parameter"] == "header: Idempotency-Key"


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({"name": SECRET}, "#/count", "missing"),
        ({"name": "a", "count": SECRET}, "#/count", "wrong_kind"),
        ({"name": "a", "count": 6}, "#/count", "less_than_equal"),
        ({"name": "a", "count": 1, SECRET: 1}, "#", "extra_forbidden"),
        ({"name": "a", "count": 1, "rows": {SECRET: 1}}, "#/rows", "string_type"),
        ({"name": "a", "count": 1, "parts": [{"kind": SECRET, "amount": 1}]}, "#/parts/0/kind", "string_too_long"),
        ({"name": "a", "count": 1, "parts": [{"kind": "a", "amount": "NaN"}]}, "#/parts/0/amount", "finite_number"),
        (
            {"name": "a", "count": 1, "parts": [{"kind": "a", "amount": "0.001"}]},
            "#/parts/0/amount",
            "decimal_max_places",
        ),
        ({"name": "a", "count": 1, "made_on": SECRET}, "#/made_on", "date_parsing"),
        ({"name": "a", "count": 1, "made_on": "2014-02-30"}, "#/made_on", "date_from_datetime_parsing"),
        ({"name": f"{SECRET}\x00", "count": 1}, "#/name", "text_not_storable"),
        ({"name": "a", "count": 1, "rows": {f"{SECRET}\x00": "a"}}, "#/rows", "text_not_storable"),
        ({"name": "a", "count": 1, "parts": [{"kind": "\x00", "amount": 1}]}, "#/parts/0/kind", "text_not_storable"),
        ([SECRET], "#", "model_attributes_type"),
    ],
)
def test_a_malformed_body_says_where_and_never_what(client: TestClient, sent: Any, pointer: str, code: str) -> None:
    answer = client.post("/things", json=sent, headers=KEY)
    error = problem(answer, 422, "malformed")["errors"][0]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert error["title"] != error["title_en"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"name": "\\ud800", "count": 1}',
        b'{"name": "' + SECRET.encode() + b'", "count"',
        b'{"name": "\xff\xfe", "count": 1}',
        b"[" * 100_000,
        b"9" * 10_000,
        b"",
    ],
    ids=["half a surrogate pair", "cut short", "not UTF-8", "nested too deeply", "a huge number", "nothing"],
)
def test_a_body_that_is_hardly_json_is_422(client: TestClient, content: bytes) -> None:
    answer = client.post("/things", content=content, headers={**KEY, "Content-Type": "application/json"})
    problem(answer, 422, "malformed")


def test_limits_of_the_schema_are_told(client: TestClient) -> None:
    body = problem(client.post("/things", json={"name": "a", "count": 6}, headers=KEY), 422, "malformed")
    assert body["errors"][0]["limits"] == {"le": 5}
    assert body["errors"][0]["title"] == "数值过大。"


def test_malformed_parameters_are_named_but_not_repeated(client: TestClient) -> None:
    body = problem(client.get(f"/things/{SECRET}?limit={SECRET}"), 422, "malformed")
    assert [error["parameter"] for error in body["errors"]] == ["path: case_id", "query: limit"]


@pytest.mark.parametrize("address", ["/things/a%00b", "/things/00000000-0000-0000-0000-000000000000?word=%00"])
def test_nul_in_an_address_is_422(client: TestClient, address: str) -> None:
    body = problem(client.get(address), 422, "malformed")
    assert body["errors"][0]["code"] == "text_not_storable"


def test_a_percent_sign_that_was_escaped_itself_is_no_nul(client: TestClient) -> None:
    answer = client.get("/things/00000000-0000-0000-0000-000000000000?word=%2500")
    assert answer.json()["word"] == "%00"


def test_a_json_body_has_its_own_limit() -> None:
    client = TestClient(
        service_app(
            name="small", title="Small", routers=[router], access=public_access(router), limits=Limits(body_bytes=1000)
        )
    )
    body = problem(client.post("/things", json={"name": "a" * 1000}, headers=KEY), 413, "too_large")
    assert body["facts"] == {"limit_bytes": 1000}


def test_a_file_that_announces_too_much_is_413_before_it_is_read() -> None:
    async def ask() -> httpx.Response:
        async def unread() -> AsyncIterator[bytes]:
            yield pytest.fail("the body was read")

        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://lika") as client:
            headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "200000000"}
            return await client.post("/things/files", content=unread(), headers=headers)

    assert problem(anyio.run(ask), 413, "too_large")["facts"] == {"limit_bytes": MEBIBYTE}


def test_a_file_that_streams_too_much_is_413() -> None:
    async def ask() -> httpx.Response:
        async def endless() -> AsyncIterator[bytes]:
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
            while True:
                yield b"0" * 65536

        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://lika") as client:
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            return await client.post("/things/files", content=endless(), headers=headers)

    problem(anyio.run(ask), 413, "too_large")


def test_a_file_within_the_limit_is_read(client: TestClient) -> None:
    assert client.post("/things/files", files={"file": b"0" * 900_000}).json() == {"size": 900_000}


def test_every_operation_documents_its_problems(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    operations = [op for path in document["paths"].values() for op in path.values()]
    assert {op["operationId"] for op in operations} >= {"make_thing", "read_thing"}
    for op in operations:
        assert {"401", "403", "404", "409", "413", "415", "422", "428", "503"} <= op["responses"].keys()
        assert list(op["responses"]["422"]["content"]) == ["application/problem+json"]
        assert op["tags"] == ["sample"]
    assert "HTTPValidationError" not in json.dumps(document)
    schemas = document["components"]["schemas"]
    assert schemas["Problem"]["properties"]["errors"]["items"] == {"$ref": "#/components/schemas/FieldError"}
    assert "FieldError" in schemas
