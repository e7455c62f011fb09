"""Health over HTTP, for whoever supervises the process."""

from collections.abc import Awaitable, Callable, Mapping

import anyio
import structlog
from fastapi import APIRouter
from pydantic import BaseModel

from services.chassis.ground.refusals import Unavailable, rule

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


class Health(BaseModel):
    """``up``; anything else is answered with a problem."""

    status: str = "up"


def operations_router(checks: Mapping[str, Check]) -> APIRouter:
    """``/health/live`` and ``/health/ready``. ``checks``: name of a part → whether it can serve."""
    router = APIRouter(tags=["operations"])

    @router.get("/health/live")
    async def live() -> Health:
        """The process answers."""
        return Health()

    @router.get("/health/ready")
    async def ready() -> Health:
        """Every part that requests need can serve."""
        missing: list[str] = []

        async def ask(name: str, check: Check) -> None:
            if not await _holds(name, check):
                missing.append(name)

        async with anyio.create_task_group() as asking:
            for name, check in checks.items():
                asking.start_soon(ask, name, check)
        if missing:
            raise Unavailable(NOT_READY, parts=sorted(missing))
        return Health()

    return router


async def _holds(name: str, check: Check) -> bool:
    try:
        with anyio.fail_after(PATIENCE):
            return await check()
    except Exception as error:  # noqa: BLE001 - whatever a check raises, the part it asks about is not ready
        structlog.get_logger().warning("check_failed", part=name, exception=type(error).__name__)
        return False
