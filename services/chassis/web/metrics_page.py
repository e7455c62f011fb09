"""Prometheus figures of the whole process, on an address of their own: however many ask, they are taken once a second."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import anyio
import structlog
from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from services.chassis.ground.metrics import REGISTRY
from services.chassis.web.routing import DeferredRouter

PATIENCE = 2.0
"""Seconds that the figures of one service may take."""


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
"""Of every service that runs in this process."""


async def _measure(scraped: ScrapedGauges) -> None:
    values = [scraped.otherwise] * len(scraped.gauges)
    with anyio.move_on_after(PATIENCE) as patience:
        values = await anyio.to_thread.run_sync(scraped.values, abandon_on_cancel=True)
    if patience.cancelled_caught:
        structlog.get_logger().warning("figures_unknown", exception="TimeoutError")
    for gauge, value in zip(scraped.gauges, values, strict=True):
        gauge.set(value)


class MetricsPage:
    """The page, taken at most every ``seconds``, by one of those who ask; the others wait for it. ``own``: figures of the
    process that are none of its services'."""

    def __init__(self, seconds: float, own: tuple[ScrapedGauges, ...] = ()) -> None:
        self._seconds, self._own, self._page, self._until = seconds, own, b"", -math.inf
        self._taking = anyio.Lock()

    async def current(self) -> bytes:
        if time.monotonic() >= self._until:
            async with self._taking:
                if time.monotonic() >= self._until:
                    async with anyio.create_task_group() as asking:
                        for scraped in (*self._own, *SCRAPED):
                            asking.start_soon(_measure, scraped)
                    # In a thread: thousands of series are text in tens of milliseconds.
                    self._page = await anyio.to_thread.run_sync(generate_latest, REGISTRY)
                    self._until = time.monotonic() + self._seconds
        return self._page


def metrics_router(seconds: float, *own: ScrapedGauges) -> DeferredRouter:
    """``/metrics``."""
    router, page = DeferredRouter(tags=["operations"]), MetricsPage(seconds, own)

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def metrics() -> Response:
        """Prometheus figures of all services of this process."""
        return Response(await page.current(), media_type=CONTENT_TYPE_LATEST)

    return router
