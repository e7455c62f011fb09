"""Metrics and health over HTTP, for Prometheus and whoever supervises the process."""

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

import anyio
import structlog
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel

from services.chassis.ground.metrics import REGISTRY
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
"""Seconds that one readiness check, or the figures of one service, may take."""


class Health(BaseModel):
    """``up``; anything else is answered with a problem."""

    status: str = "up"


@dataclass(frozen=True, eq=False)
class ScrapedGauges:
    """Figures that are asked for at each scrape, in the order of their gauges; ``otherwise`` while they are unknown."""

    gauges: tuple[Gauge, ...]
    ask: Callable[[], Iterable[float]]
    otherwise: float = math.nan

    def values(self) -> list[float]:
        """One per gauge, whatever happens."""
        try:
            return list(self.ask())
        except Exception as error:  # noqa: BLE001 - whatever is away, the other figures are still worth having
            structlog.get_logger().warning("figures_unknown", exception=type(error).__name__)
            return [self.otherwise] * len(self.gauges)


def combined(*parts: ScrapedGauges) -> ScrapedGauges:
    """Several as one, asked one after the other in one thread; what one of them cannot tell leaves the others."""
    return ScrapedGauges(
        tuple(g for p in parts for g in p.gauges), lambda: [value for p in parts for value in p.values()]
    )


SCRAPED: list[ScrapedGauges] = []
"""Of every service that runs in this process: whichever ``/metrics`` is asked answers for all of them."""


async def _measure(scraped: ScrapedGauges) -> None:
    values = [scraped.otherwise] * len(scraped.gauges)
    with anyio.move_on_after(PATIENCE) as patience:
        values = await anyio.to_thread.run_sync(scraped.values, abandon_on_cancel=True)
    if patience.cancelled_caught:
        structlog.get_logger().warning("figures_unknown", exception="TimeoutError")
    for gauge, value in zip(scraped.gauges, values, strict=True):
        gauge.set(value)


def operations_router(checks: Mapping[str, Check]) -> APIRouter:
    """``/metrics``, ``/health/live`` and ``/health/ready``. ``checks``: name of a part → whether it can serve."""
    router = APIRouter(tags=["operations"])

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def metrics() -> Response:
        """Prometheus figures."""
        async with anyio.create_task_group() as asking:
            for scraped in tuple(SCRAPED):
                asking.start_soon(_measure, scraped)
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

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
