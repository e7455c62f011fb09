"""Every route of every service decides who asks before it looks at anything else, and knows every name or refuses it; and
every list exports without code of its own."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import anyio
import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.types import Message, Scope

from contracts.registry.divisions import DIGITS, Level
from contracts.roles import Role
from services.casework.exports.files import CSV
from services.casework.media_types import XLSX
from services.chassis.ground.limits import MEBIBYTE
from services.chassis.ground.security_log import SECURITY
from services.chassis.web import admission
from services.chassis.web.paging import listed_by
from tests.casework.exports.reading import export, rows_of
from tests.contracts.seeded_county import COUNTY, SERVICES, VILLAGE, SeededCounty, empty_county
from tests.journeys.known_routes import Known, routes_of
from tests.support.running import ApiClient, all_items
from tests.support.security_lines import security_lines

Everybody = Mapping[Level, ApiClient]
PUBLIC = {
    "/": {"GET"}, "/console": {"GET"}, "/sign-in/{code}": {"GET", "POST"}, "/openapi.json": {"GET", "HEAD"}, "/docs": {"GET"},
    "/docs/oauth2-redirect": {"GET"}, "/health/live": {"GET"}, "/health/ready": {"GET"}, "/session": {"GET"},
    "/session/endings": {"POST"}, "/labels/{digest}": {"GET"}, "/forms/{service}/{act}": {"GET"},
    "/reads/{service}": {"GET"}, "/reads/{service}/{act}": {"GET"},
}  # fmt: skip
"""All that is answered to anybody."""
ASKED = {
    "/registry/pupils": {"school_code": "2199000101"},
    "/assistance/eligibility": {"programme": "education_aid"},
    "/assistance/entitlements/queue": {"programme": "few_places", "division": "990001"},
    "/assistance/payments/year-end-blocks": {"programme": "education_aid", "year": "2014"},
    "/assistance/payments/totals": {"programme": "education_aid"},
    "/assistance/payments/quotas": {"programme": "education_aid", "division": "990001"},
    "/assistance/payments/fund-postings": {"programme": "education_aid", "division": "990001"},
    "/audit/stock": {"as_of": "2014-06-10"},
    "/monitoring/execution": {"by": "fund"},
    "/monitoring/fund-floors": {"year": "2014"},
    "/monitoring/village-fund-floors": {"year": "2014"},
    "/audit/movements": {"period": "2014", "column": "identified"},
    "/audit/revisions": {"period": "2014", "column": "closing", "compared_with": "2013-12-31"},
}
"""What a list cannot be asked for without."""
TAKEN_TWICE = {
    ("/registry/divisions", "code"), ("/registry/disclosures/matters", "household_id"),
    ("/registry/households", "household_id"),
    *((f"/{service}/acts", "subject") for service in SERVICES),
}  # fmt: skip
"""Parameters that are lists."""
NOBODY = "00000000-0000-4000-8000-000000000001"
EVIDENCE = b'{"evidence":[' + b"{}," * (4 * MEBIBYTE // 3 - 10) + b"{}]}"


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededCounty]:
    with empty_county(module_database, tmp_path_factory.mktemp("routes")) as running:
        yield running


@pytest.fixture(scope="module")
def routes(county: SeededCounty) -> list[Known]:
    found = list(routes_of(county.app))
    assert {r.path.split("/")[1] for r in found} >= {"registry", "assistance", "monitoring", "audit", ""}
    assert len(found) > 100
    return found


@pytest.fixture(scope="module")
def everybody(county: SeededCounty) -> Everybody:
    """An account with every role, at the level of each act: nothing is refused for who asks."""
    return {level: county.client_for("everybody", VILLAGE[:digits], *Role) for level, digits in DIGITS.items()}


def ask(county: SeededCounty, everybody: Everybody, route: Known, **request: Any) -> httpx.Response:
    row = route.admission.row
    client = everybody[min(row.levels, default=Level.PROVINCE)]
    if row.roles == frozenset({Role.SERVICE}):  # which no person has
        client = county.client_for("peer", "", Role.SERVICE)
    headers = {
        "Authorization": f"Bearer {client.token}",
        "Idempotency-Key": "key-of-the-test",
        **request.pop("headers", {}),
    }
    answer: httpx.Response = county.client.request(route.method, route.path, headers=headers, **request)
    return answer


def malformed(answer: httpx.Response, route: Known) -> list[dict[str, Any]]:
    assert answer.status_code == 422, (route.method, route.path, answer.status_code)
    found: list[dict[str, Any]] = [] if route.method == "HEAD" else answer.json()["errors"]
    return found


def test_only_these_pages_are_for_anybody(routes: list[Known]) -> None:
    found: dict[str, set[str]] = {}
    for route in routes:
        if route.admission.row.is_public:
            found.setdefault(route.template, set()).add(route.method)
    assert found == PUBLIC


def test_no_route_takes_a_query_parameter_that_it_does_not_know(
    county: SeededCounty, routes: list[Known], everybody: Everybody
) -> None:
    for route in routes:
        for error in malformed(ask(county, everybody, route, params={"nobodyKnows": "1"}), route):
            assert (error["code"], error["name"]) == ("unknown_parameter", "nobodyKnows")
        for name in route.admission.names.query:
            [misspelt] = malformed(ask(county, everybody, route, params={f"{name}X": "1"}), route)
            assert (misspelt["name"], misspelt["nearest"]) == (f"{name}X", name)
            if (route.path, name) in TAKEN_TWICE:
                continue
            [twice] = malformed(ask(county, everybody, route, params={name: ["1", "1"]}), route)
            assert (twice["code"], twice["name"]) == ("repeated_parameter", name)


def test_no_route_takes_a_header_of_ours_that_it_does_not_know(
    county: SeededCounty, routes: list[Known], everybody: Everybody
) -> None:
    for route in routes:
        for error in malformed(ask(county, everybody, route, headers={"Lika-Positon": "registry=1"}), route):
            assert (error["name"], error["nearest"]) == ("lika-positon", "Lika-Position")


def test_no_route_takes_a_field_that_it_does_not_know(
    county: SeededCounty, routes: list[Known], everybody: Everybody
) -> None:
    forms = 0
    for route in routes:
        if route.form is None:
            continue
        forms += 1
        field = min(route.form.model_fields)
        errors = malformed(ask(county, everybody, route, json={f"{field}X": 1}), route)
        assert [(e["name"], e["nearest"]) for e in errors if e["code"] == "extra_forbidden"] == [(f"{field}X", field)]
    assert forms > 40


def test_no_route_reads_a_body_before_it_knows_who_sends_it(
    county: SeededCounty, routes: list[Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []
    for name in ("read_json", "check_shape"):
        monkeypatch.setattr(admission, name, lambda body, _: parsed.append(len(body)))
    stranger = county.client_for("stranger", "")

    async def status(route: Known, authorization: str) -> int:
        told: list[Message] = []

        async def receive() -> Message:
            pytest.fail(f"{route.path} reads a body")

        async def send(message: Message) -> None:
            told.append(message)

        headers = {
            "Authorization": authorization,
            "Content-Length": str(len(EVIDENCE)),
            "Content-Type": "application/json",
        }
        lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope: Scope = {
            "type": "http", "method": route.method, "path": route.path, "raw_path": route.path.encode(), "root_path": "",
            "scheme": "http", "query_string": b"nobodyKnows=1", "headers": lines, "server": ("lika", 80),
            "client": ("127.0.0.1", 1), "http_version": "1.1", "state": {},
        }  # fmt: skip
        await county.app(scope, receive, send)
        return int(told[0]["status"])

    async def all_statuses() -> list[tuple[str, str, int, int]]:
        return [
            (r.method, r.path, await status(r, "Bearer nonsense"), await status(r, f"Bearer {stranger.token}"))
            for r in routes
            if not r.admission.row.is_public
        ]

    demanding = {(r.method, r.path) for r in routes if r.admission.row.roles is not None}
    for method, path, unknown, without_role in anyio.run(all_statuses):
        assert unknown == 401, (method, path)
        assert without_role == (403 if (method, path) in demanding else 422), (method, path)
    answer = county.client.post(
        "/registry/cases", content=EVIDENCE, headers={"Authorization": "Bearer x", "Content-Type": "application/json"}
    )
    assert answer.status_code == 401
    assert parsed == []


@pytest.mark.long_run
def test_no_route_lets_what_a_caller_sends_into_the_security_log(
    county: SeededCounty, routes: list[Known], everybody: Everybody
) -> None:
    personal = {"name": "张三丰", "id": "52020319850101001X", "phone": "13800138000"}
    with security_lines() as lines:
        for route in routes:
            for value in personal.values():
                filled = replace(route, path=re.sub(r"(?<=/)1(?=/|$)", quote(value), route.path))
                for headers in ({}, {"Authorization": f"Bearer {quote(value)}"}):
                    ask(
                        county,
                        everybody,
                        filled,
                        params={"q": value, quote(value): "1"},
                        json={value: value},
                        headers=headers,
                    )
            SECURITY.sum_up()
    assert len(lines) > len(routes)
    written = json.dumps(lines, ensure_ascii=False)
    assert [value for value in (*personal.values(), *map(quote, personal.values())) if value in written] == []


def test_the_front_page_is_the_console(county: SeededCounty) -> None:
    answer = county.client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/console/")
    assert answer.headers["x-content-type-options"] == "nosniff"


def lists(routes: list[Known]) -> Iterator[tuple[Known, str]]:
    """Each with its path; those of one person or household have nothing to list here."""
    for route in routes:
        if isinstance(route.route, APIRoute) and listed_by(route.route.endpoint):
            yield route, re.sub(r"(?<=/)1(?=/|$)", NOBODY, route.path)


def test_every_list_exports_what_its_pages_have(county: SeededCounty, routes: list[Known]) -> None:
    for _ in range(3):
        county.household()
    county.wait_for_services()
    reader, walked = county.client_for("reader-of-lists", COUNTY, Role.AUDITOR, Role.REVIEWER), set()
    for _, path in lists(routes):
        asked = ASKED.get(path, {})
        for accept in (CSV, XLSX):
            pages = reader.get(path, **asked)
            before = len(all_items(reader, path, **asked)) if pages.is_success else 0
            answer = export(reader, path, accept, **asked)
            if pages.status_code == 404:
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
                continue
            assert answer.status_code == 200, (path, answer.text)
            items = int(answer.headers["Lika-Items"])
            # Exports themselves are among what some of these lists are of.
            assert before <= items <= len(all_items(reader, path, **asked)), path
            head, headers, *lines, end = rows_of(answer)
            assert len(lines) >= items, path
            assert all(" / " in str(header) for header in headers if header is not None), (path, headers)
            assert str(items) in end[0]
            assert "registry=" in str(head[4]) or path.split("/")[1] in str(head[4]), head
        walked.add(path)
    assert {path.split("/")[1] for path in walked} == set(SERVICES)
    assert len(walked) > 15


def test_whoever_may_not_read_a_list_may_not_export_it(county: SeededCounty, routes: list[Known]) -> None:
    stranger = county.client_for("stranger", COUNTY)
    elsewhere = county.client_for("reader-elsewhere", "990002", Role.AUDITOR)
    for route, path in lists(routes):
        if route.admission.row.roles is not None:
            assert export(stranger, path, XLSX).status_code == 403, path
    assert export(elsewhere, "/registry/households", division=COUNTY).json()["code"] == "not_found"
    [(end, *_)] = rows_of(export(elsewhere, "/registry/households"))[2:]
    assert end.startswith("共0条")
