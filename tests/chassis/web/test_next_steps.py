"""A refusal says what may be done next, over HTTP and at the command line; it cannot name a route that nobody published."""

from datetime import date
from uuid import UUID

import httpx
import pytest
from fastapi.testclient import TestClient

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.access_table import AccessRow, AccessTable, AccessTableError, Relation
from services.chassis.web.access_rows import DOCUMENTATION_ROWS
from services.chassis.web.application import service_app
from services.chassis.web.cli_client import reason
from services.chassis.web.next_steps import PublishedActs
from services.chassis.web.routing import DeferredRouter

TOO_EARLY = rule("test_thing_too_early", zh="未到日期。", en="Not yet.", source="a test")
COUNTY = Office((Role.DECIDER,), (Level.COUNTY, Level.CITY))
THING = UUID("00000000-0000-4000-8000-000000000001")
router = DeferredRouter()


@router.post("/things/{thing_id}/openings")
async def open_thing(thing_id: UUID) -> None:
    raise Refused(TOO_EARLY).advising(
        NextStep("open_thing", COUNTY, first_day=date(2015, 3, 2)),
        NextStep("list_things", Office((Role.CADRE,), another_person=True), form={"kind": thing_id}),
    )


@router.get("/things")
async def list_things() -> None: ...


ACCESS = AccessTable(
    *DOCUMENTATION_ROWS,
    AccessRow("open_thing", None, Relation.PUBLIC, "启用", "Open a thing"),
    AccessRow("list_things", None, Relation.PUBLIC, "查看", "List things"),
)


def answer(method: str, path: str) -> httpx.Response:
    with TestClient(service_app(name="shop", title="S", routers=[router], access=ACCESS)) as client:
        found: httpx.Response = client.request(method, path)
    return found


def test_a_refusal_names_the_published_request_and_who_may_send_it() -> None:
    opening, listing = answer("POST", f"/things/{THING}/openings").json()["next"]
    assert opening == {
        "act": "open_thing", "zh": "启用", "en": "Open a thing", "method": "POST",
        "path": f"/shop/things/{THING}/openings", "form": {}, "first_day": "2015-03-02",
        "office": {"roles": ["decider"], "levels": ["county", "city"], "another_person": False},
    }  # fmt: skip
    assert (listing["path"], listing["form"]) == ("/shop/things", {"kind": str(THING)})
    assert listing["office"]["another_person"]


def test_the_command_line_shows_it_in_both_languages() -> None:
    lines = reason(answer("POST", f"/things/{THING}/openings")).splitlines()
    assert lines[2:4] == [
        "→ 可以：启用，由县级或市级审定人办理，自 2015-03-02 起 / possible next: Open a thing, by county or city decider, from"
        f" 2015-03-02 on [lika post /shop/things/{THING}/openings]",
        "→ 可以：查看，由各级经办干部（须为另一人）办理 / possible next: List things, by cadre of any level, another person"
        f" [lika get /shop/things --with kind={THING}]",
    ]


def test_an_act_that_is_not_published_cannot_be_named() -> None:
    app = service_app(name="shop", title="S", routers=[router], access=ACCESS)
    with pytest.raises(AccessTableError, match="no_such_act"):
        PublishedActs.of("shop", app.routes, ACCESS).answers((NextStep("no_such_act", COUNTY),), {})
