"""Figures and health of a process, and that neither names anybody."""

from uuid import UUID, uuid4

import anyio
from fastapi.testclient import TestClient

from services.chassis.ground.metrics import REGISTRY
from services.chassis.ground.refusals import FORBIDDEN, Refused
from services.chassis.web import operations_api
from services.chassis.web.application import service_app
from services.chassis.web.metrics_page import metrics_router
from services.chassis.web.operations_api import operations_router
from services.chassis.web.routing import DeferredRouter
from tests.support.access import public_access

router = DeferredRouter(prefix="/households")


@router.get("/{household_id}")
async def read_household(household_id: UUID, name: str = "") -> dict[str, str]:
    return {}


@router.delete("/{household_id}")
async def refuse(household_id: UUID) -> None:
    raise Refused(FORBIDDEN)


@router.post("")
async def break_down() -> None:
    raise RuntimeError


async def good() -> bool:
    return True


async def bad() -> bool:
    return False


async def broken() -> bool:
    raise ConnectionError


async def hangs() -> bool:
    await anyio.sleep_forever()
    return True


def client(service: str, **checks: operations_api.Check) -> TestClient:
    routers = operations_router(checks), metrics_router(0)
    root = service_app(name="root", title="Root", routers=routers, access=public_access(*routers))
    root.mount("/registry", service_app(name=service, title="Sample", routers=[router], access=public_access(router)))
    return TestClient(root)


def figure(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_requests_are_counted_once_by_template_and_without_ids() -> None:
    asked = client("counted")
    household = uuid4()
    for _ in range(2):
        asked.get(f"/registry/households/{household}?name=Zhangsan")
    asked.get("/registry/Zhangsan")
    asked.request("ZHANGSAN", "/registry/households")
    route = "/households/{household_id}"
    assert figure("lika_http_requests_total", service="counted", route=route, method="GET", status="200") == 2
    assert figure("lika_http_request_seconds_count", service="counted", route=route, method="GET") == 2
    assert figure("lika_http_requests_total", service="counted", route="unmatched", method="GET", status="404") == 1
    assert figure("lika_http_requests_total", service="root", route="unmatched", method="GET", status="404") is None
    printed = asked.get("/metrics").text
    assert 'service="counted"' in printed
    assert str(household) not in printed
    assert "zhangsan" not in printed.lower()


def test_refusals_are_counted_by_code_and_defects_as_incidents() -> None:
    asked = client("refusing")
    asked.delete(f"/registry/households/{uuid4()}")
    asked.get("/registry/households/not-an-id")
    asked.post("/registry/households")
    assert figure("lika_refusals_total", service="refusing", code="role_not_allowed") == 1
    assert figure("lika_refusals_total", service="refusing", code="malformed") == 1
    assert figure("lika_incidents_total", service="refusing") == 1


def test_a_process_that_answers_is_alive_whatever_its_parts_do() -> None:
    assert client("live", database=bad).get("/health/live").json() == {"status": "up"}


def test_a_process_is_ready_when_every_part_is() -> None:
    assert client("ready", database=good, consumer=good).get("/health/ready").json() == {"status": "up"}


def test_a_part_that_is_away_broken_or_hanging_makes_it_unready() -> None:
    answer = client("unready", database=good, consumer=bad, vault=broken).get("/health/ready")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["facts"] == {"parts": ["consumer", "vault"]}


def test_a_check_that_hangs_is_given_up() -> None:
    operations_api.PATIENCE, patience = 0.01, operations_api.PATIENCE
    try:
        assert client("hanging", database=hangs).get("/health/ready").json()["facts"] == {"parts": ["database"]}
    finally:
        operations_api.PATIENCE = patience
