"""A small application with every kind of operation, and what its refusals say."""

from typing import Annotated, Any

import httpx
from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from contracts.roles import Role
from services.chassis.ground.limits import Limits
from services.chassis.web.application import Body
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from tests.support.access import access_of

FILE: dict[str, Any] = {"requestBody": {"content": {"application/octet-stream": {}}}}
LIMITS = Limits(target_bytes=300, json_depth=4, json_items=1000, uploads=2, uploads_per_account=1)


class Line(Body):
    kind: str
    amount: int = 0


class Sheet(Body):
    title: str = ""
    lines: list[Line] = Field(default_factory=list)
    subject: Line | None = None


router = DeferredRouter()


@router.post("/sheets", status_code=201)
async def write_sheet(sheet: Sheet, actor: CurrentActor) -> int:
    return len(sheet.lines)


@router.get("/sheets")
async def list_sheets(
    actor: CurrentActor, after: AskedPositions, known_at: str = "", tag: Annotated[list[str] | None, Query()] = None
) -> str:
    return known_at


@router.post("/files", openapi_extra=FILE)
async def send_file(request: Request, actor: CurrentActor) -> int:
    return len(await request.body())


@router.post("/ends")
async def end(actor: CurrentActor) -> None: ...


@router.get("/page")
async def page() -> HTMLResponse:
    return HTMLResponse("<p>")


CADRES = {"write_sheet": [Role.CADRE], "send_file": [Role.CADRE]}
ACCESS = access_of(router, public=["page"], roles=CADRES)


def errors_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    found: list[dict[str, Any]] = answer.json()["errors"]
    return found


def places(answer: httpx.Response) -> list[tuple[str, str | None, str | None]]:
    """Code, name and nearest known name of each error."""
    return [(e["code"], e.get("name"), e.get("nearest")) for e in errors_of(answer)]
