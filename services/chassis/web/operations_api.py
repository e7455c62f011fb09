"""Health over HTTP, for whoever supervises the process, or sends requests to it."""

import math
import time
from collections.abc import Awaitable, Callable, Mapping

import anyio
import structlog
from pydantic import BaseModel

from services.chassis.ground.refusals import Unavailable, rule
from services.chassis.web.routing import DeferredRouter

NOT_READY = rule(
    "not_ready",
    zh="服务尚未就绪。",
    en="The service is not ready.",
    source="Lika operations",
    status=503,
)

Check = Callable[[], Awaitable[bool]]
PATIENCE = 2.0
"""Seconds that one readiness check may take."""
READY_SECONDS = 0.5
"""How long what was found serves: a service's own answer stands on its public address, for a balancer to read, and each
look asks the database."""
HEALTH_PATHS = ("/health/live", "/health/ready")


class Health(BaseModel):
    """``up``; anything else is answered with a problem."""

    status: str = "up"


class Readiness:
    """The parts that cannot serve, looked for at most every ``READY_SECONDS``, by one of those who ask."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks, self._missing, self._until = checks, list[str](), -math.inf
        self._asking = anyio.Lock()

    async def missing(self) -> list[str]:
        if time.monotonic() >= self._until:
            async with self._asking:
                if time.monotonic() >= self._until:
                    self._missing = await self._look()
                    self._until = time.monotonic() + READY_SECONDS
        return self._missing

    async def _look(self) -> list[str]:
        missing: list[str] = []

        async def ask(name: str, check: Check) -> None:
            if not await _holds(name, check):
                missing.append(name)

        async with anyio.create_task_group() as asking:
            for name, check in self._checks.items():
                asking.start_soon(ask, name, check)
        return sorted(missing)


def operations_router(checks: Mapping[str, Check]) -> DeferredRouter:
    """``/health/live`` and ``/health/ready``. ``checks``: name of a part → whether it can serve."""
    router, readiness = DeferredRouter(tags=["operations"]), Readiness(checks)

    @router.get("/health/live")
    async def live() -> Health:
        """The process answers."""
        return Health()

    @router.get("/health/ready")
    async def ready() -> Health:
        """Every part that requests need can serve."""
        if missing := await readiness.missing():
            raise Unavailable(NOT_READY, parts=missing)
        return Health()

    return router


async def _holds(name: str, check: Check) -> bool:
    try:
        with anyio.fail_after(PATIENCE):
            return await check()
    except Exception as error:  # noqa: BLE001 - whatever a check raises, the part it asks about is not ready
        structlog.get_logger().warning("check_failed", part=name, exception=type(error).__name__)
        return False
