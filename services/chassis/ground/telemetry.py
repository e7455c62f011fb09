"""Figures about the running process, for Prometheus, and the health of what it stands on. No figure carries an id."""

import math
import platform
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import anyio
import structlog
from fastapi import APIRouter, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.ground.refusals import Unavailable, rule

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series beside each counter, which nobody reads

REGISTRY = CollectorRegistry()
"""One per process; a process that mounts several services tells them apart by the label ``service``."""

ProcessCollector(registry=REGISTRY)  # memory, processor time and open files, where the system tells them

build_info = Gauge("lika_build_info", "1; the release that runs", ["version", "python"], registry=REGISTRY)
http_requests = Counter(
    "lika_http_requests", "HTTP requests", ["service", "route", "method", "status"], registry=REGISTRY
)
http_seconds = Histogram(
    "lika_http_request_seconds", "Time to answer", ["service", "route", "method"], registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
refusals = Counter("lika_refusals", "Requests refused, by the rule's code", ["service", "code"], registry=REGISTRY)
incidents = Counter("lika_incidents", "Unexpected failures, answered with 500", ["service"], registry=REGISTRY)
database_up = Gauge("lika_database_up", "Whether the service's database answers", ["service"], registry=REGISTRY)
data_free_bytes = Gauge("lika_data_free_bytes", "Bytes free under the data folder", ["service"], registry=REGISTRY)
log_head = Gauge("lika_log_head", "Last position of the service's own log", ["service"], registry=REGISTRY)
log_closed_through = Gauge(
    "lika_log_closed_through_seconds", "Unix time before which nothing will ever be added to the log", ["service"],
    registry=REGISTRY,
)  # fmt: skip
log_closed_age = Gauge(
    "lika_log_closed_age_seconds", "How long ago that is on the log's own clock", ["service"], registry=REGISTRY
)
consumer_runs = Gauge(
    "lika_consumer_runs", "Whether a consumer goes on: neither stopped nor failing", ["service", "consumer", "log"],
    registry=REGISTRY,
)  # fmt: skip
consumer_lag = Gauge(
    "lika_consumer_lag", "Positions that a consumer is behind a log's head", ["service", "consumer", "log"],
    registry=REGISTRY,
)  # fmt: skip
parked_households = Gauge(
    "lika_parked_households", "Households whose events are parked behind poison", ["service", "consumer"],
    registry=REGISTRY,
)  # fmt: skip
relay_lag = Gauge(
    "lika_relay_lag", "Positions of the log that Kafka has not acknowledged, where this process leads", ["service"],
    registry=REGISTRY,
)  # fmt: skip
relay_leads = Gauge(
    "lika_relay_leads", "Whether this process's relay is the one that sends", ["service"], registry=REGISTRY
)
timers_due = Gauge("lika_timers_due", "Timers past their deadline and not yet fired", ["service"], registry=REGISTRY)
timers_failing = Gauge(
    "lika_timers_failing", "Timers whose handler failed and that are tried again", ["service"], registry=REGISTRY
)
commands_waiting = Gauge("lika_commands_waiting", "Units queued for the next commit", ["service"], registry=REGISTRY)
conflicts = Counter(
    "lika_conflicts", "Units that lost: an idempotency key used twice, a stream or a cursor that moved on",
    ["service", "kind"], registry=REGISTRY,
)  # fmt: skip
commit_seconds = Histogram(
    "lika_commit_seconds", "From asking for the append lock until the group is durable", ["service"], registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
commit_group_size = Histogram(
    "lika_commit_group_size", "Units of work in one transaction", ["service"], registry=REGISTRY,
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)  # fmt: skip
log_values_dropped = Counter(
    "lika_log_values_dropped", "Values kept out of log lines because they are not known to be safe", registry=REGISTRY
)

CONFLICTS = ("key_reused", "stream_moved", "cursor_moved")
"""Kinds of conflicts."""

try:
    build_info.labels(version("lika"), platform.python_version()).set(1)
except PackageNotFoundError:  # run from its source tree
    build_info.labels("source", platform.python_version()).set(1)

UNMATCHED = "unmatched"
"""Route label of a request that fits no route: its path is the caller's text and stays out."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REFUSAL_CODE = "lika.refusal"
"""Key in the ASGI scope under which the problem handler leaves the refusal's code."""
_OBSERVED = "lika.observed"


class Observed:
    """ASGI middleware: one figure and one log line per request, by route template, never by path or query."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app = app
        self.service = service
        self._log = structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            # A mounted service has reported its own request already.
            if not scope.get(_OBSERVED):
                scope[_OBSERVED] = True
                self._report(scope, status, time.perf_counter() - started)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", UNMATCHED)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        counter, histogram = _figures(self.service, route, method, status)
        counter.inc()
        histogram.observe(seconds)
        line = {"route": route, "method": method, "status": status, "duration_ms": round(seconds * 1000, 1)}
        if code := scope.get(REFUSAL_CODE):
            refusals.labels(self.service, code).inc()
            line["code"] = code
        self._log.info("request", service=self.service, **line)


@cache
def _figures(service: str, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return http_requests.labels(service, route, method, str(status)), http_seconds.labels(service, route, method)


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
class Measured:
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


def together(*parts: Measured) -> Measured:
    """Several as one, asked one after the other in one thread; what one of them cannot tell leaves the others."""
    return Measured(tuple(g for p in parts for g in p.gauges), lambda: [value for p in parts for value in p.values()])


SCRAPED: list[Measured] = []
"""Of every service that runs in this process: whichever ``/metrics`` is asked answers for all of them."""


async def _measure(measured: Measured) -> None:
    values = [measured.otherwise] * len(measured.gauges)
    with anyio.move_on_after(PATIENCE) as patience:
        values = await anyio.to_thread.run_sync(measured.values, abandon_on_cancel=True)
    if patience.cancelled_caught:
        structlog.get_logger().warning("figures_unknown", exception="TimeoutError")
    for gauge, value in zip(measured.gauges, values, strict=True):
        gauge.set(value)


def operations_router(checks: Mapping[str, Check]) -> APIRouter:
    """``/metrics``, ``/health/live`` and ``/health/ready``. ``checks``: name of a part → whether it can serve."""
    router = APIRouter(tags=["operations"])

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def metrics() -> Response:
        """Prometheus figures."""
        async with anyio.create_task_group() as asking:
            for measured in tuple(SCRAPED):
                asking.start_soon(_measure, measured)
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
