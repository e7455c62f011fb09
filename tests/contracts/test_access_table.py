"""The access table walked over all routes of all services: whoever a row denies is answered so, whatever they ask for, and
nobody whom it allows is sent away for who they are. Every cell in the long run, in the short one some of each route."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts.registry.divisions import DIGITS, Level
from contracts.roles import Role
from lika.access import ACCESS
from services.chassis.security.access_table import AccessRow, Relation
from tests.contracts.seeded_county import VILLAGE, SeededCounty, empty_county, seeded_county
from tests.contracts.valid_requests import AUDIT, MakeRequest, ValidRequest
from tests.contracts.valid_requests_assistance import ASSISTANCE
from tests.contracts.valid_requests_monitoring import MONITORING
from tests.contracts.valid_requests_openings import OPENINGS
from tests.contracts.valid_requests_registry import REGISTRY
from tests.contracts.valid_requests_staff import POST
from tests.journeys.known_routes import Known, routes_of
from tests.support.long_run import LONG
from tests.support.running import ApiClient

REQUESTS: Mapping[str, Mapping[str, MakeRequest]] = {
    "registry": REGISTRY, "assistance": ASSISTANCE, "monitoring": MONITORING, "audit": AUDIT,
}  # fmt: skip
IDS = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LEVELS = tuple(Level)
ROLES: tuple[Role | None, ...] = (None, *Role)
OUTSIDE = "990002103201"
BY_AREA = {Relation.IN_AREA_TODAY, Relation.WAS_IN_AREA, Relation.OFFICE_OF_THE_STEP}
ABOVE_TOWNSHIP = (Level.COUNTY, Level.CITY, Level.PROVINCE)
SUBJECT_ELSEWHERE = {"read_history_import", "confirm_history_import", "approve_history_batch", *OPENINGS}
"""Their valid requests are about counties of their own; they have tests of their own."""


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededCounty]:
    with (seeded_county if LONG else empty_county)(module_database, tmp_path_factory.mktemp("table")) as running:
        yield running


@pytest.fixture(scope="module")
def callers(county: SeededCounty) -> Mapping[tuple[Role | None, str], ApiClient]:
    """A client for each role, or none, at each level: in the county of the subjects and in another."""
    return {
        (role, area[: DIGITS[level]]): county.client_for(
            f"walker-{role}", area[: DIGITS[level]], *filter(None, (role,))
        )
        for role, level, area in product(ROLES, LEVELS, (VILLAGE, OUTSIDE))
    }


def cells(number: int, row: AccessRow) -> list[tuple[Role | None, Level]]:
    """Roles and levels to ask as. In the short run every third role, each at another level, and somebody whom the row allows: over all
    routes every two of route's service, role and level meet, and nobody is let in nowhere."""
    every = list(product(ROLES, LEVELS))
    if LONG:
        return every
    thirds = [
        (role, LEVELS[(place + number) % len(LEVELS)]) for place, role in enumerate(ROLES) if (place + number) % 3 == 0
    ]
    start = 7 * number % len(every)
    allowed = [cell for cell in every[start:] + every[:start] if denied(row, *cell) is None]
    return list(dict.fromkeys([*thirds, *allowed[:1]]))


def denied(row: AccessRow, role: Role | None, level: Level) -> tuple[int, str] | None:
    """Status and code, in words of the test's own; ``None`` for whom the row allows."""
    if row.relation is Relation.PUBLIC:
        return None
    if role is Role.SERVICE:
        level = Level.PROVINCE  # a service has no area of its own
    if row.roles is not None and role not in row.roles:
        return 403, "role_not_allowed"
    if row.levels and level not in row.levels:
        return 403, "level_not_allowed"
    if row.relation is Relation.WHOLE_INSTALLATION and level is not Level.PROVINCE:
        return 404, "not_found"
    return None


def ask(county: SeededCounty, caller: ApiClient, route: Known) -> httpx.Response:
    """Without a body or a key: of whom it lets through, no command gets further than its form."""
    answer: httpx.Response = county.client.request(
        route.method, route.path, headers={"Authorization": f"Bearer {caller.token}"}
    )
    return answer


def test_every_route_answers_every_role_and_level_as_its_row_says(
    county: SeededCounty, callers: Mapping[tuple[Role | None, str], ApiClient]
) -> None:
    asked = 0
    for number, route in enumerate(r for r in routes_of(county.app) if r.method != "HEAD"):
        row = route.admission.row
        for role, level in cells(number, row):
            answer = ask(county, callers[role, VILLAGE[: DIGITS[level]]], route)
            cell, expected = (route.method, route.path, role, level), denied(row, role, level)
            asked += 1
            if expected is None:
                assert answer.status_code not in (401, 403), (cell, answer.text)
            else:
                assert (answer.status_code, answer.json()["code"]) == expected, cell
    assert asked > 900


@pytest.mark.parametrize("service", REQUESTS)
def test_what_is_outside_the_area_is_not_found_whatever_the_role(
    service: str, county: SeededCounty, callers: Mapping[tuple[Role | None, str], ApiClient]
) -> None:
    """Every act that asks for a relation by area, on subjects that are there."""
    templates = {r.route.name: r for r in routes_of(county.app) if r.path.startswith(f"/{service}/")}
    walked = 0
    for number, (act, row) in enumerate(ACCESS[service].rows.items()):
        if row.relation not in BY_AREA or row.roles is None or act in SUBJECT_ELSEWHERE:
            continue
        route, valid = templates[act], request_of(county, service, act)
        if valid is None:
            continue
        walked += 1
        path = f"/{service}{route.template.format(**valid.path)}"
        roles = sorted(row.roles)
        levels = [level for level in LEVELS if level in row.levels] or list(LEVELS)
        near = [level for level in levels if level in ABOVE_TOWNSHIP]
        for role in roles if LONG else [roles[number % len(roles)]]:
            for level in near if LONG else near[number % max(len(near), 1) :][:1]:
                inside = send(callers[role, VILLAGE[: DIGITS[level]]], route.method, path, valid)
                assert inside.status_code not in (401, 404), (act, role, level, inside.text)
                assert not {"role_not_allowed", "level_not_allowed"} & {code_of(inside)}, (act, role, level)
            far = [level for level in levels if level not in (Level.PROVINCE, Level.CITY)]
            for level in far if LONG else [far[number % len(far)]]:
                outside = send(callers[role, OUTSIDE[: DIGITS[level]]], route.method, path, valid)
                lists = route.method == "GET" and not valid.path and outside.status_code == 200
                if lists:
                    assert VILLAGE not in outside.text, (act, role, level)
                elif route.method == "GET" or "{" in route.template:
                    assert outside.status_code in (403, 404), (act, role, level, outside.text)
                    # Nor can it be told from what is nowhere.
                    nowhere = other_ids(valid)
                    path_nowhere = f"/{service}{route.template.format(**nowhere.path)}"
                    absent = send(callers[role, OUTSIDE[: DIGITS[level]]], route.method, path_nowhere, nowhere)
                    assert told(absent) == told(outside), (act, role, level)
    assert walked > {"registry": 30, "monitoring": 5}.get(service, 0) or LONG


def code_of(answer: httpx.Response) -> str | None:
    """Of a problem."""
    return answer.json()["code"] if answer.is_client_error else None


def request_of(county: SeededCounty, service: str, act: str) -> ValidRequest | None:
    """``None`` in a county where nothing is registered yet."""
    try:
        valid = REQUESTS[service][act](county)
    except (IndexError, KeyError):
        assert not LONG, act
        return None
    if "staff_id" in valid.path:
        # Who holds no post yet is in nobody's area.
        staff = f"/registry/staff/{valid.path['staff_id']}"
        if not county.operator.get(staff).json()["posts"]:
            county.post(county.operator, f"{staff}/posts", POST)
    return valid


def send(client: ApiClient, method: str, path: str, valid: ValidRequest) -> httpx.Response:
    """A command is only tried out."""
    query = dict(valid.query)
    if method == "GET":
        return client.get(path, **query)
    if isinstance(valid.body, bytes):
        return client.post(path, content=valid.body, params=query | {"dry_run": True})
    return client.post(path, valid.body, params=query | {"dry_run": True})


def other_ids(valid: ValidRequest) -> ValidRequest:
    """The same request about things that are nowhere: each id, in path, query or body, is another, the same for the same."""
    others: dict[str, str] = {}

    def other(value: Any) -> Any:
        text = json.dumps(value, default=str, ensure_ascii=False)
        return json.loads(IDS.sub(lambda found: others.setdefault(found[0], str(uuid4())), text))

    body = valid.body if isinstance(valid.body, bytes | None) else other(valid.body)
    return replace(valid, path=other(dict(valid.path)), query=other(dict(valid.query)), body=body)


def told(answer: httpx.Response) -> tuple[int, str]:
    """What an observer learns beside the ids that they named."""
    return answer.status_code, IDS.sub("#", answer.text)


HOUSEHOLD_DATA = (
    "/registry/households", "/registry/households/1", "/registry/households/1/facts", "/registry/totals",
    "/registry/cases", "/registry/cases/1", "/registry/intake/workbooks/1", "/registry/inbox", "/assistance/pairs",
    "/assistance/cases", "/assistance/entitlements", "/assistance/inbox",
    "/audit/households/1/history", "/audit/statements", "/audit/stock",
)  # fmt: skip


@pytest.mark.parametrize("role", [None, Role.OPERATOR, Role.SERVICE])
def test_a_token_without_a_reader_s_role_reads_nothing_of_households(role: Role | None, county: SeededCounty) -> None:
    """Not even everywhere. An operator still reads what they run, a service the logs."""
    client = county.client_for("nobody-1", "", *filter(None, (role,)))
    for path in HOUSEHOLD_DATA:
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed"), path
    runs = ("/registry/divisions", "/registry/staff/posts", "/registry/documents", "/monitoring/targets")
    assert {client.get(path).status_code for path in runs} == {200 if role is Role.OPERATOR else 403}
    logs = [f"/{service}/log/head" for service in REQUESTS]
    assert {client.get(path).status_code for path in logs} == {200 if role is Role.SERVICE else 403}


def test_everybody_is_told_their_own_rows(county: SeededCounty) -> None:
    def acts(client: ApiClient, service: str = "registry") -> set[str]:
        return {each["act"] for each in client.get(f"/{service}/access").json()["acts"]}

    assert acts(county.client_for("nobody-1", "")) == {"read_access", "list_open_acts", "read_clock"}
    assert acts(county.operator) >= {"declare_division", "step_clock"}
    assert not {"declare_division", "step_clock"} & acts(county.village)
    local = county.client_for("operator-1", VILLAGE[:6], Role.OPERATOR)
    whole = {"step_clock", "revoke_tokens", "read_integrity", "list_differences"}
    assert acts(county.operator) - acts(local) == whole
    assert "approve_history_batch" in acts(county.county_reviewer) - acts(county.township_reviewer)
    mine = county.village.get("/registry/access").json()
    assert (mine["account"], mine["roles"], mine["level"]) == ("cadre-v", ["cadre"], "village")
    (entering,) = [each for each in mine["acts"] if each["act"] == "record_household"]
    assert (entering["relation"], entering["zh"]) == ("in_area_today", "登记农户")
