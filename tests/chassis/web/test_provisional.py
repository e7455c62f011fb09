"""What is read while a service catches up says so, refusals included; what needs no view does not."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.web.application import service_app
from services.chassis.web.positions import AskedPositions
from services.chassis.web.provisional import HEADER, Progress, ProvisionalHeader, format_progress
from services.chassis.web.routing import DeferredRouter
from tests.support.access import public_access

router = DeferredRouter()
behind: dict[str, Progress] = {}


@router.get("/totals")
async def read_totals(after: AskedPositions) -> dict[str, int]:
    behind.clear()  # as if the service caught up after it had read what it answers
    return {"households": 0}


@router.get("/missing")
async def read_missing(after: AskedPositions) -> dict[str, int]:
    raise Refused(NOT_FOUND)


@router.get("/template")
async def read_blank_form() -> dict[str, str]:
    return {}


@pytest.fixture
def client() -> Iterator[TestClient]:
    app: FastAPI = service_app(name="sample", title="Sample", routers=[router], access=public_access(router))
    app.add_middleware(ProvisionalHeader, catching_up=lambda: dict(behind))
    behind.clear()
    with TestClient(app) as started:
        yield started


def test_an_answer_read_during_catch_up_says_how_far_it_is(client: TestClient) -> None:
    behind.update({"registry": (123, 4567), "assistance": (0, None)})
    assert client.get("/totals").headers[HEADER] == "registry=123/4567, assistance=0/?"
    assert HEADER not in client.get("/totals").headers  # caught up meanwhile


def test_what_is_not_found_during_catch_up_may_still_come(client: TestClient) -> None:
    behind["registry"] = (123, 4567)
    answer = client.get("/missing")
    assert (answer.status_code, answer.headers[HEADER]) == (404, "registry=123/4567")


def test_what_rests_on_no_log_is_never_provisional(client: TestClient) -> None:
    behind["registry"] = (123, 4567)
    assert HEADER not in client.get("/template").headers


def test_nothing_behind_is_an_empty_value() -> None:
    assert format_progress({}) == ""
