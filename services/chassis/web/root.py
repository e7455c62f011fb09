"""One address for the services of a process: each under its name, and the process's own pages beside them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from services.chassis.ground.limits import Limits
from services.chassis.ground.metrics import refusals
from services.chassis.ground.security_log import SECURITY, SecurityEvent
from services.chassis.security.access_table import AccessRow, AccessTable
from services.chassis.web.access_rows import DOCUMENTATION_ROWS
from services.chassis.web.application import service_app
from services.chassis.web.middleware import protected
from services.chassis.web.operations_api import HEALTH_PATHS
from services.chassis.web.problems import problem
from services.chassis.web.request_budgets import SCOPE_KEY, SIGN_INS_THROTTLED, RequestBudgets
from services.chassis.web.request_metrics import UNMATCHED
from services.chassis.web.routing import DeferredRouter

PAGES = "house"
RETRY_AFTER = 5


class GuardedRouter(Router):
    """Refuses a throttled address before anything else of its request is looked at: nothing is read, verified or logged for
    it. Even so a refusal takes a tenth of a millisecond, so it comes late: until then nothing more is read from the
    connection, and a flood waits in its sender. Then the connection ends: what was sent on it meanwhile is never read. Whether the
    process is well is told to anybody."""

    def __init__(self, limits: Limits, **more: Any) -> None:
        super().__init__(**more)
        self._budgets, self._seconds = RequestBudgets(limits), limits.throttled_seconds
        self._refusal = problem(SIGN_INS_THROTTLED, headers={"Retry-After": str(RETRY_AFTER), "Connection": "close"})
        self._refusal.raw_headers = protected(self._refusal.raw_headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[SCOPE_KEY] = self._budgets
            if self._budgets.is_throttled(scope) and not scope["path"].endswith(HEALTH_PATHS):
                _count(scope)
                await asyncio.sleep(self._seconds)
                await self._refusal(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


def _count(scope: Scope) -> None:
    refusals.labels(PAGES, SIGN_INS_THROTTLED.code).inc()
    SECURITY.record(
        SecurityEvent(
            event="refused", service=PAGES, account=None, address=scope["client"][0], method="", route=UNMATCHED,
            status=SIGN_INS_THROTTLED.status, code=SIGN_INS_THROTTLED.code, request="",
        )
    )  # fmt: skip


def root_app(
    services: Mapping[str, ASGIApp],
    limits: Limits,
    lifespan: Lifespan[Router],
    routers: Sequence[DeferredRouter] = (),
    rows: Sequence[AccessRow] = (),
) -> Router:
    """The pages of ``routers``, to which ``rows`` admit, stand in an application beside the services and not around them:
    every request would pass a second stack of middleware. What fits no mount is that application's to refuse."""
    access = AccessTable(*DOCUMENTATION_ROWS, *rows)
    pages = service_app(name=PAGES, title="立卡 Lika", routers=routers, limits=limits, access=access)
    mounts = [Mount(f"/{name}", app) for name, app in services.items()]
    return GuardedRouter(
        limits, routes=[*mounts, Mount("", pages)], redirect_slashes=False, default=pages, lifespan=lifespan
    )
