"""One metric and one log line per request, by route template, never by path or query."""

import time
from functools import cache

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.ground.metrics import http_requests, http_seconds, refusals
from services.chassis.web.security_record import REQUEST_HEADER, events_of, record, request_number

UNMATCHED = "unmatched"
"""Route label of a request that fits no route: its path is the caller's text and stays out."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REFUSAL_CODE = "lika.refusal"
"""Key in the ASGI scope under which the problem handler leaves the refusal's code."""
_REPORTED, _NUMBER = "lika.reported", "lika.request_number"


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
                if _NUMBER not in scope and (events := events_of(scope, status)):
                    # On record before anybody sees the answer: a process killed in between tells too much, never too little.
                    scope[_NUMBER] = number = request_number()
                    record(
                        scope, events, number, service=self.service, method=_method(scope), route=_route(scope),
                        status=status, code=scope.get(REFUSAL_CODE),
                    )  # fmt: skip
                    message["headers"] = [*message["headers"], (REQUEST_HEADER, number.encode())]
            await send(message)

        try:
            await self.app(scope, receive, observed)
        finally:
            # A mounted service has reported its own request already.
            if not scope.get(_REPORTED):
                scope[_REPORTED] = True
                self._report(scope, _route(scope), _method(scope), status, time.perf_counter() - started)

    def _report(self, scope: Scope, route: str, method: str, status: int, seconds: float) -> None:
        counter, histogram = _of_route(self.service, route, method, status)
        counter.inc()
        histogram.observe(seconds)
        line = {"route": route, "method": method, "status": status, "duration_ms": round(seconds * 1000, 1)}
        if code := scope.get(REFUSAL_CODE):
            refusals.labels(self.service, code).inc()
            line["code"] = code
        self._log.info("request", service=self.service, **line)


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path_format", UNMATCHED)


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "OTHER"


@cache
def _of_route(service: str, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return http_requests.labels(service, route, method, str(status)), http_seconds.labels(service, route, method)
