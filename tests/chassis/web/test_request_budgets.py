"""How often one account may ask, and one address may fail to sign in."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Router

from contracts.roles import Role
from services.chassis.ground.limits import Limits
from services.chassis.ground.metrics import REGISTRY
from services.chassis.ground.security_log import SECURITY
from services.chassis.ground.settings import Settings
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.service_tokens import service_token
from services.chassis.security.verifier import Verifier
from services.chassis.web.access_rows import DOCUMENTATION_ROWS, HEALTH_ROWS
from services.chassis.web.application import service_app
from services.chassis.web.callers import CurrentActor
from services.chassis.web.operations_api import operations_router
from services.chassis.web.root import root_app
from services.chassis.web.routing import DeferredRouter
from tests.chassis.web.tokens import NOW, token_of
from tests.support.security_lines import security_lines
from tests.support.services import services_set

LIMITS = Limits(
    failed_sign_ins=3, failed_sign_ins_per_second=0.001, throttled_seconds=0, requests=5, requests_per_second=0.001, costly_requests=2,
    costly_requests_per_second=0.001,
)  # fmt: skip
router = DeferredRouter()


@router.get("/notes")
async def read_note(actor: CurrentActor) -> dict[str, str]:
    return {}


@router.get("/statements")
async def read_statement(actor: CurrentActor) -> dict[str, str]:
    return {}


ACCESS = AccessTable(
    *DOCUMENTATION_ROWS, *HEALTH_ROWS,
    AccessRow("read_note", frozenset({Role.CADRE, Role.SERVICE}), Relation.NONE, "读", "Read"),
    AccessRow("read_statement", frozenset({Role.CADRE}), Relation.NONE, "报表", "Statement", is_costly=True),
)  # fmt: skip


class Served:
    def __init__(self, settings: Settings, limits: Limits = LIMITS) -> None:
        self.peer = ServiceKey.generate("audit")
        known = settings.model_copy(update={"services_jwks_file": services_set(settings.data_dir, [self.peer])})
        verifier = Verifier.of(known, now=lambda: NOW, here=["small"])
        service = service_app(
            name="small", title="Small", routers=[router, operations_router({})], access=ACCESS, verifier=verifier,
            limits=limits,
        )  # fmt: skip
        self.settings = settings
        self.root: Router = root_app({"small": service}, limits, lifespan=None)  # type: ignore[arg-type]

    def client(self, token: str | None, address: str = "192.0.2.7") -> TestClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return TestClient(self.root, client=(address, 1234), headers=headers)

    def service(self, since: datetime = NOW, address: str = "192.0.2.7") -> TestClient:
        return self.client(service_token(self.peer, "small", since), address)

    def account(self, subject: str = "cadre-1", *roles: Role, address: str = "192.0.2.7") -> TestClient:
        return self.client(token_of(self.settings, *(roles or (Role.CADRE,)), subject=subject), address)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(Settings(data_dir=tmp_path))


def statuses(client: TestClient, path: str, times: int) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


def test_an_account_has_so_many_requests_whatever_its_addresses_and_others_are_not_concerned(served: Served) -> None:
    assert statuses(served.account(), "/small/notes", 5) == [200] * 5
    answer = served.account(address="192.0.2.8").get("/small/notes")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer.json()["title_en"]
    assert int(answer.headers["retry-after"]) > 900
    assert served.account("cadre-2").get("/small/notes").status_code == 200


def test_what_is_costly_has_a_budget_of_its_own(served: Served) -> None:
    assert statuses(served.account(), "/small/statements", 3) == [200, 200, 429]
    assert served.account().get("/small/statements").json()["code"] == "too_many_costly_requests"
    assert served.account().get("/small/notes").status_code == 200


def test_a_service_of_lika_has_no_budget_and_renews_its_token_at_a_throttled_address(served: Served) -> None:
    assert statuses(served.service(), "/small/notes", 20) == [200] * 20
    assert statuses(served.client("x"), "/small/notes", 4)[-1] == 429
    assert served.service(NOW + timedelta(seconds=1)).get("/small/notes").status_code == 200
    assert served.service(address="192.0.2.8").get("/small/notes").status_code == 200
    assert statuses(served.client("x", "192.0.2.9"), "/small/notes", 4)[-1] == 429
    # Where no service is known to be, saying so is no help.
    assert served.service(NOW + timedelta(seconds=2), "192.0.2.9").get("/small/notes").status_code == 429


def test_an_address_whose_sign_ins_fail_is_answered_without_being_looked_at(served: Served) -> None:
    forged = served.client("eyJ.forged.token")
    assert statuses(forged, "/small/notes", 5) == [401] * 3 + [429] * 2
    before = REGISTRY.get_sample_value("lika_http_requests_total", {
        "service": "small", "route": "/notes", "method": "GET", "status": "401",
    })  # fmt: skip
    for path in ("/small/notes", "/", "/docs", "/nowhere"):
        answer = forged.get(path)
        assert (answer.status_code, answer.json()["code"]) == (429, "sign_ins_throttled")
        assert answer.headers["retry-after"]
        assert answer.headers["connection"] == "close"  # what was sent meanwhile is never read
        assert answer.headers["x-content-type-options"] == "nosniff"
    after = REGISTRY.get_sample_value("lika_http_requests_total", {
        "service": "small", "route": "/notes", "method": "GET", "status": "401",
    })  # fmt: skip
    assert after == before
    assert served.client(None, "192.0.2.8").get("/small/notes").status_code == 401


def test_a_throttled_address_waits_for_its_refusals(settings: Settings) -> None:
    held = Served(settings, LIMITS.model_copy(update={"throttled_seconds": 0.05})).client("eyJ.forged.token")
    assert statuses(held, "/small/notes", 3) == [401] * 3
    began = time.monotonic()
    assert statuses(held, "/small/notes", 2) == [429] * 2
    assert time.monotonic() - began >= 0.1


def test_whoever_is_signed_in_at_a_throttled_address_goes_on_and_is_told_how_the_service_is(served: Served) -> None:
    signed_in = served.account()
    assert signed_in.get("/small/notes").status_code == 200
    assert statuses(served.client(None), "/small/notes", 4)[-1] == 429
    assert signed_in.get("/small/notes").status_code == 200
    assert served.account("cadre-2").get("/small/notes").status_code == 429
    assert served.client(None).get("/small/health/live").status_code == 200
    assert served.client(None).get("/small/health/ready").status_code == 200


def test_tokens_that_end_at_noon_throttle_nobody_s_network(served: Served) -> None:
    for cadre in ("cadre-1", "cadre-2", "cadre-3"):
        ended = served.client(token_of(served.settings, Role.CADRE, subject=cadre, since=NOW.replace(hour=6)))
        assert statuses(ended, "/small/notes", 3) == [401] * 3
    assert served.account("cadre-4").get("/small/notes").status_code == 200


def test_whoever_has_an_ended_token_of_an_account_is_throttled_and_the_account_is_not(served: Served) -> None:
    old = token_of(served.settings, Role.CADRE, since=NOW.replace(hour=6))
    assert statuses(served.client(old, "192.0.2.66"), "/small/notes", 10) == [401] * 3 + [429] * 7
    assert statuses(served.account(), "/small/notes", 5) == [200] * 5
    older = token_of(served.settings, Role.CADRE, since=NOW.replace(hour=5))
    assert served.client(older, "192.0.2.66").get("/small/notes").json()["code"] == "sign_ins_throttled"
    # Elsewhere it may be the account's own.
    assert served.client(old).get("/small/notes").status_code == 401


def test_a_flood_is_one_sum_in_the_security_log(served: Served) -> None:
    with security_lines() as lines:
        statuses(served.client("eyJ.forged.token"), "/small/notes", 400)
        SECURITY.sum_up()
    assert len(lines) == 121
    assert (lines[-1]["code"], lines[-1]["more"]) == ("sign_ins_throttled", 400 - 120)
