"""One metric and one log line per request, by route template, never by path or query."""

import time
from functools import cache

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.ground.metrics import http_requests, http_seconds, refusals
from services.chassis.web.callers import ACTOR, EXPIRED_ACCOUNT

UNMATCHED = "unmatched"
"""Route label of a request that fits no route: its path is the caller's text and stays out."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REFUSAL_CODE = "lika.refusal"
"""Key in the ASGI scope under which the problem handler leaves the refusal's code."""
REFUSED_ACCESS = frozenset({401, 403})
_REPORTED = "lika.reported"


class RequestMetrics:
    """ASGI middleware."""

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

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, observed)
        finally:
            # A mounted service has reported its own request already.
            if not scope.get(_REPORTED):
                scope[_REPORTED] = True
                self._report(scope, status, time.perf_counter() - started)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", UNMATCHED)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        counter, histogram = _of_route(self.service, route, method, status)
        counter.inc()
        histogram.observe(seconds)
        line = {"route": route, "method": method, "status": status, "duration_ms": round(seconds * 1000, 1)}
        if code := scope.get(REFUSAL_CODE):
            refusals.labels(self.service, code).inc()
            line["code"] = code
        if status in REFUSED_ACCESS:
            # Whose hands these are must be on record; it is an account, never a name.
            self._log.warning("access_refused", service=self.service, **line, **_caller(scope))
        else:
            self._log.info("request", service=self.service, **line)


def _caller(scope: Scope) -> dict[str, str]:
    """The account, where the token was genuine, and the address."""
    actor, client = scope.get(ACTOR), scope.get("client")
    account = actor.subject if actor is not None else scope.get(EXPIRED_ACCOUNT)
    return {**({"account": account} if account else {}), **({"client": client[0]} if client else {})}


@cache
def _of_route(service: str, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return http_requests.labels(service, route, method, str(status)), http_seconds.labels(service, route, method)
