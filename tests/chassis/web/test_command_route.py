"""The short way of a command answers as FastAPI does, to the byte, and is taken by what is well-formed."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import pytest
from fastapi import FastAPI, routing
from fastapi.dependencies import utils
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from contracts.roles import Role
from services.chassis.ground.refusals import FORBIDDEN, Refused
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import Body, service_app
from services.chassis.web.command_route import FastPath
from services.chassis.web.commands import CurrentCommand
from services.chassis.web.routing import DeferredRouter
from tests.support.access import access_of, acts_of

PATH = "/things/0f4205b4-907a-40c3-9012-f037b64ce422/names"
KEY = "key-of-the-test"


class Name(Body):
    text: str
    given_on: date
    weight: Decimal | None = None
    others: tuple[str, ...] = ()


router = DeferredRouter(prefix="/things")


@router.post("/{thing_id}/names", status_code=201)
async def name_thing(thing_id: UUID, form: Name, command: CurrentCommand) -> JSONResponse:
    if form.text == "refused":
        raise Refused(FORBIDDEN)
    said = {"thing": str(thing_id), "form": form.model_dump(mode="json"), "by": command.by, "ref": str(command.ref)}
    return JSONResponse(said, 201)


@router.post("/{thing_id}/ends", status_code=201)
async def end_thing(thing_id: UUID, command: CurrentCommand) -> JSONResponse:
    return JSONResponse({"thing": str(thing_id), "ref": str(command.ref)}, 201)


@router.post("/{thing_id}/trials", status_code=201)
async def try_thing(thing_id: UUID, command: CurrentCommand, trial: bool = False) -> JSONResponse:
    return JSONResponse({"thing": str(thing_id), "trial": trial}, 201)


CADRES = access_of(router, roles={act: [Role.CADRE] for act in acts_of(router)})


class Ways:
    """One application with the short way and one without, for one caller."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(data_dir=folder)
        self.short = TestClient(self._app(settings), raise_server_exceptions=False)
        with pytest.MonkeyPatch.context() as without:
            without.setattr(FastPath, "of", lambda _: None)
            self.long = TestClient(self._app(settings), raise_server_exceptions=False)
        self._key = LocalKey.of(settings)
        self.headers = self.of(Role.CADRE)

    def of(self, role: Role) -> dict[str, str]:
        token = issue_token(
            self._key, subject="cadre-1", roles=[role], division="99", ttl=timedelta(hours=1), now=datetime.now(UTC)
        )
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": KEY, "Content-Type": "application/json"}

    def answers(self, path: str, body: bytes | None, **headers: str | None) -> list[tuple[int, bytes, dict[str, str]]]:
        """To the same request, by the short way and by the long one."""
        asked = {name: value for name, value in {**self.headers, **headers}.items() if value is not None}
        answers = [client.post(path, content=body, headers=asked) for client in (self.short, self.long)]
        # Each has a line of its own in the security log, which its answer names.
        return [
            (a.status_code, a.content, {k: v for k, v in a.headers.items() if k != "lika-request"}) for a in answers
        ]

    @staticmethod
    def _app(settings: Settings) -> FastAPI:
        verifier = Verifier.of(settings, now=lambda: datetime.now(UTC))
        app = service_app(name="small", title="Small", routers=[router], access=CADRES, verifier=verifier)
        app.state.digest_key = b"k" * 32
        return app


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Ways:
    return Ways(tmp_path_factory.mktemp("ways"))


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """An entry for each request whose parameters FastAPI solved."""
    found: list[object] = []
    solve = utils.solve_dependencies

    async def told(**asked: Any) -> Any:
        found.append(asked["dependant"])
        return await solve(**asked)

    monkeypatch.setattr(routing, "solve_dependencies", told)
    return found


TEXTS = st.text(max_size=5) | st.sampled_from(["2014-06-01", "3.50", "1e3", "NaN", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
FIELDS = st.sampled_from(["text", "given_on", "weight", "others"]) | TEXTS
GOOD = {"text": "甲", "given_on": "2014-06-01", "weight": "3.50", "others": ["乙"]}


def test_only_commands_of_plain_shape_have_it(ways: Ways) -> None:
    app = ways.short.app
    assert isinstance(app, FastAPI)
    commands = [r for r in app.routes if isinstance(r, APIRoute) and r.include_in_schema]
    assert {r.name: FastPath.of(r) is not None for r in commands} == {
        "name_thing": True, "end_thing": True, "try_thing": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PATH, GOOD),
        (PATH.replace("-", ""), GOOD),
        (PATH.upper().replace("THINGS", "things").replace("NAMES", "names"), GOOD),
        (PATH, {"text": "refused", "given_on": "2014-06-01"}),
        (PATH.replace("names", "ends"), None),
    ],
)
def test_what_is_well_formed_takes_it(ways: Ways, solved: list[object], path: str, body: dict[str, Any] | None) -> None:
    short, long = ways.answers(path, None if body is None else json.dumps(body).encode())
    assert short == long
    assert short[0] == (403 if body and body["text"] == "refused" else 201)
    assert len(solved) == 1  # by the long way alone


@pytest.mark.parametrize(("query", "status"), [("dry_run=true", 201), ("dry_run=false", 201), ("dry_run=perhaps", 422)])
def test_a_request_with_a_query_is_answered_by_the_framework(
    ways: Ways, solved: list[object], query: str, status: int
) -> None:
    short, long = ways.answers(f"{PATH}?{query}", json.dumps(GOOD).encode())
    assert short == long
    assert short[0] == status
    assert len(solved) == 2


def test_a_dry_run_is_one_of_the_same_request(ways: Ways) -> None:
    refs = [
        json.loads(ways.answers(f"{PATH}{query}", json.dumps(GOOD).encode())[0][1])["ref"]
        for query in ("", "?dry_run=true", "?dry_run=false")
    ]
    assert refs[1:] == refs[:1] * 2


BAD_BODIES = {
    "none": None, "no json": b"{", "broken utf-8": b'{"text": "\xff"}', "half a pair": rb'{"text": "\ud800"}',
    "nul": rb'{"text": "\u0000", "given_on": "2014-06-01"}', "a list": b"[]", "a number": b"3", "nan": b"NaN",
    "unknown field": json.dumps({**GOOD, "more": 1}).encode(), "a day as a number": b'{"text": "a", "given_on": 0}',
    "too deep": b"[" * 100_000, "missing": b'{"text": "a"}', "weight is no number": b'{"weight": NaN}',
}  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_body_that_does_not_fit_is_answered_by_the_framework(ways: Ways, body: bytes | None) -> None:
    short, long = ways.answers(PATH, body)
    assert short == long
    assert short[0] == 422, short


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Idempotency-Key": None}, 422),
        ({"Idempotency-Key": "short"}, 422),
        ({"Idempotency-Key": "with a space"}, 422),
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Content-Type": "text/plain"}, 422),
        ({"Content-Type": "application/json; charset=utf-8"}, 201),
        ({"Content-Type": "application/vnd.lika+json"}, 201),
    ],
)
def test_headers_count_as_they_do_by_the_long_way(ways: Ways, headers: dict[str, str | None], status: int) -> None:
    short, long = ways.answers(PATH, json.dumps(GOOD).encode(), **headers)
    assert short == long
    assert short[0] == status


def test_a_role_that_may_not_command_is_403_and_an_id_that_is_none_422(ways: Ways) -> None:
    for path, role, status in ((PATH, Role.AUDITOR, 403), ("/things/17/names", Role.CADRE, 422)):
        short, long = ways.answers(path, json.dumps(GOOD).encode(), **ways.of(role))
        assert short == long
        assert short[0] == status


@given(
    body=VALUES | st.dictionaries(FIELDS, VALUES) | st.dictionaries(FIELDS, VALUES).map(lambda some: {**GOOD, **some})
)
def test_any_body_has_the_same_answer_both_ways(ways: Ways, body: Any) -> None:
    short, long = ways.answers(PATH, json.dumps(body).encode())
    assert short == long


def test_a_caller_that_hangs_up_within_the_body_is_no_incident(ways: Ways) -> None:
    said: list[dict[str, Any]] = []
    sent: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, Any]:
        return next(sent)

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in ways.headers.items()]
    scope = {"type": "http", "method": "POST", "path": PATH, "raw_path": PATH.encode(), "root_path": "", "scheme": "http",
             "query_string": b"", "headers": headers, "server": ("here", 80), "client": ("there", 1), "http_version": "1.1",
             "state": {}}  # fmt: skip
    anyio.run(ways.short.app, scope, receive, send)
    assert said[0]["status"] == 422
