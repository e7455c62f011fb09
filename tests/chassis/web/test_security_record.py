"""Which requests stand in the security log, and that nothing a caller sent does."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.roles import Role
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.ground.settings import Settings
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.security.verifier import Verifier
from services.chassis.web.access_rows import DOCUMENTATION_ROWS
from services.chassis.web.application import Body, service_app
from services.chassis.web.callers import CurrentActor
from services.chassis.web.routing import DeferredRouter
from tests.chassis.web.tokens import NOW, token_of
from tests.support.security_lines import security_lines

router = DeferredRouter()


class Note(Body):
    text: str


@router.get("/households/{household_id}")
async def read_household(household_id: UUID, actor: CurrentActor, name: str = "") -> dict[str, str]:
    if name == "elsewhere":
        raise Refused(NOT_FOUND)
    return {}


@router.get("/people/{number}")
async def find_person(number: str, actor: CurrentActor) -> dict[str, str]:
    raise Refused(NOT_FOUND)


@router.post("/notes")
async def write_note(note: Note, actor: CurrentActor) -> dict[str, str]:
    return {}


@router.post("/households/{household_id}/disclosures")
async def disclose(household_id: UUID, actor: CurrentActor) -> dict[str, str]:
    return {}


BOTH = frozenset({Role.CADRE, Role.OPERATOR})
ACCESS = AccessTable(
    *DOCUMENTATION_ROWS,
    AccessRow("read_household", BOTH, Relation.NONE, "读", "Read"),
    AccessRow("find_person", BOTH, Relation.NONE, "找", "Find"),
    AccessRow("write_note", BOTH, Relation.NONE, "记", "Write"),
    AccessRow("disclose", BOTH, Relation.NONE, "看", "Disclose", discloses=True),
)


@pytest.fixture(scope="module")
def key_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("security"))


@pytest.fixture
def app(key_settings: Settings) -> FastAPI:
    verifier = Verifier.of(key_settings, now=lambda: NOW)
    return service_app(name="small", title="Small", routers=[router], access=ACCESS, verifier=verifier)


def caller(app: FastAPI, token: str | None) -> TestClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return TestClient(app, client=("192.0.2.7", 1234), headers=headers)


def told(line: dict[str, Any]) -> tuple[str, str | None, str, str, int, str | None]:
    return (line["event"], line.get("account"), line["method"], line["route"], line["status"], line.get("code"))


def test_a_refusal_is_on_record_with_account_address_and_route(app: FastAPI, key_settings: Settings) -> None:
    ended = token_of(key_settings, Role.CADRE, subject="cadre-9", since=NOW - timedelta(hours=2))
    tokens = {
        "auditor-1": token_of(key_settings, Role.AUDITOR, subject="auditor-1"),
        "cadre-9": ended,
        None: "eyJ.forged.token",
    }
    with security_lines() as lines:
        for token in tokens.values():
            caller(app, token).post("/notes?name=Zhang", json={})
        caller(app, None).post("/notes", json={})
    refusals = [told(line) for line in lines if line["event"] == "refused"]
    assert refusals == [
        ("refused", "auditor-1", "POST", "/notes", 403, "role_not_allowed"),
        ("refused", "cadre-9", "POST", "/notes", 401, "token_expired"),
        ("refused", None, "POST", "/notes", 401, "token_not_accepted"),
        ("refused", None, "POST", "/notes", 401, "not_signed_in"),
    ]
    assert {line["address"] for line in lines} == {"192.0.2.7"}
    assert not any(token in json.dumps(lines) for token in tokens.values())


def test_what_is_not_found_names_the_object_and_the_answer_names_the_line(app: FastAPI, key_settings: Settings) -> None:
    cadre, household = caller(app, token_of(key_settings, Role.CADRE)), uuid4()
    with security_lines() as lines:
        answer = cadre.get(f"/households/{household}?name=elsewhere")
        cadre.get("/nowhere/at-all")
    found, nowhere = lines[-2:]
    assert (found["object"], found["status"], found["code"]) == (str(household), 404, "not_found")
    assert answer.headers["lika-request"] == found["request"]
    assert (nowhere["route"], "object" in nowhere) == ("unmatched", False)


def test_the_first_use_of_a_token_disclosures_and_an_operator_s_acts_are_on_record(
    app: FastAPI, key_settings: Settings
) -> None:
    cadre = caller(app, token_of(key_settings, Role.CADRE))
    operator = caller(app, token_of(key_settings, Role.OPERATOR, subject="operator-1"))
    household = f"/households/{uuid4()}"
    with security_lines() as lines:
        for client in (cadre, operator):
            for _ in range(2):
                assert client.get(household).status_code == 200
        assert cadre.post(f"{household}/disclosures").status_code == 200
        assert cadre.post("/notes", json={"text": "x"}).status_code == 200
        assert operator.post("/notes", json={"text": "x"}).status_code == 200
    assert [(line["event"], line["account"]) for line in lines] == [
        ("sign_in", "cadre-1"),
        ("sign_in", "operator-1"),
        ("disclosure", "cadre-1"),
        ("operator_act", "operator-1"),
    ]


FIELDS = {
    "at", "event", "service", "account", "address", "method", "route", "object", "status", "code", "request",
}  # fmt: skip
PERSONAL = st.sampled_from(["张三", "52020319850101001X", "13800138000", "贵州省某县某村12号", "Zhang San"]) | st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="/?#\x00"), min_size=7, max_size=40
).filter(lambda text: text.strip(". ") not in ("", ".", ".."))


@settings(max_examples=40)
@given(PERSONAL, st.sampled_from([None, Role.CADRE, Role.AUDITOR]))
def test_nothing_that_a_caller_sends_gets_into_the_log(personal: str, role: Role | None) -> None:
    app, key_settings = SHARED
    client = caller(app, token_of(key_settings, role) if role else personal.encode().hex())
    with security_lines() as lines:
        for path in ("/people/", "/households/", "/"):
            client.get(path + quote(personal, safe=""), params={"name": personal, personal: "1"})
        client.post("/notes", json={"text": personal, personal: personal}, headers={"Lika-Request": "x"})
    assert lines
    for line in lines:
        assert set(line) <= FIELDS
        told = json.dumps({**line, "at": "", "request": ""}, ensure_ascii=False)
        assert personal not in told
        assert json.dumps(personal, ensure_ascii=False)[1:-1] not in told


@pytest.fixture(autouse=True)
def _shared(app: FastAPI, key_settings: Settings) -> None:
    global SHARED
    SHARED = (app, key_settings)


SHARED: tuple[FastAPI, Settings]
