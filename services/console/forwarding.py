"""From the console apart to a service elsewhere: a browser's request goes on as it came, body and answer as a stream."""

import ssl
from collections.abc import AsyncIterator

import httpx
import structlog
from starlette.types import Receive, Scope, Send

from services.chassis.ground.limits import Limits
from services.chassis.ground.refusals import MALFORMED, NOT_FOUND, rule
from services.chassis.web.middleware import AnswerHeaders
from services.chassis.web.problems import TOO_LARGE, Incidents, problem
from services.console.access import CONSOLE
from services.console.gateway import FORWARDED_BY

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 300.0
"""Between two bytes: a statement of the whole province is computed before its first."""
CONNECTIONS = 100
"""To one service."""
RETRY_AFTER = 2
Headers = list[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset({
    b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te", b"trailer",
    b"transfer-encoding", b"upgrade",
})  # fmt: skip
"""Headers of one connection (RFC 9110 §7.6.1), and those that ``Connection`` names."""
NOT_SENT = HOP_BY_HOP | {
    b"host", b"expect", b"cookie", b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-proto",
    b"x-real-ip",
}  # fmt: skip
"""Who asks from where is told by the console alone."""
NOT_ANSWERED = HOP_BY_HOP | {b"server", b"date", b"set-cookie", b"strict-transport-security"}
"""What is said of the address that answers, which is the console's."""

SERVICE_AWAY = rule(
    "service_out_of_reach",
    zh="该服务暂时连接不上，请稍后重试；已填写的内容仍在本页，重试不会重复提交。",
    en="The service cannot be reached at this moment: try again shortly. What was typed is still on this page, and trying again"
    " sends nothing twice.",
    source="Lika operations",
    status=503,
)


class ClientGone(Exception):
    """Whoever sent a body hung up within it."""


class Forwarder:
    """ASGI application of one service behind its address. ``verify``: who signed its certificate. Nothing goes on that did
    not come through the gateway: what a service says to its peers is no matter of browsers."""

    def __init__(self, service: str, address: str, verify: ssl.SSLContext, limits: Limits) -> None:
        self._service, self._limits = service, limits
        self._app = AnswerHeaders(Incidents(self._answer, CONSOLE))
        self._base = httpx.URL(address)
        self._client = httpx.AsyncClient(
            verify=verify,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            trust_env=False,  # a proxy for the way out is no way to a peer
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if FORWARDED_BY not in scope:
            await problem(NOT_FOUND)(scope, receive, send)
            return
        if _announced(scope) > self._limits.upload_bytes:
            # A service would say so before it has read all, and close: the answer could be lost.
            await problem(TOO_LARGE, facts={"limit_bytes": self._limits.upload_bytes})(scope, receive, send)
            return
        try:
            request = self._request(scope, receive)
        except (httpx.InvalidURL, UnicodeDecodeError):
            await problem(MALFORMED)(scope, receive, send)
            return
        try:
            answer = await self._client.send(request, stream=True, follow_redirects=False)
        except httpx.HTTPError as error:
            structlog.get_logger().warning("peer_silent", peer=self._service, exception=type(error).__name__)
            headers = {"Retry-After": str(RETRY_AFTER)}
            await problem(SERVICE_AWAY, facts={"service": self._service}, headers=headers)(scope, receive, send)
            return
        except ClientGone:
            return
        try:
            # A service that breaks off within its answer raises: only the server can cut the browser's connection, too.
            await _stream(answer, send)
        finally:
            await answer.aclose()

    def _request(self, scope: Scope, receive: Receive) -> httpx.Request:
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        has_body = not {b"content-length", b"transfer-encoding"}.isdisjoint(name for name, _ in scope["headers"])
        # Made without the client, which would add headers of its own.
        return httpx.Request(
            scope["method"], self._base.copy_with(raw_path=target), headers=_sent(scope, self._base),
            content=_body(receive) if has_body else None,
        )  # fmt: skip


async def _stream(answer: httpx.Response, send: Send) -> None:
    headers = _without(answer.headers.raw, NOT_ANSWERED)
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    async for part in answer.aiter_raw():
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _sent(scope: Scope, base: httpx.URL) -> Headers:
    headers = _without(scope["headers"], NOT_SENT)
    client = scope.get("client")
    if client is not None:
        headers.append((b"x-forwarded-for", client[0].encode()))
    return [*headers, (b"x-forwarded-proto", scope["scheme"].encode()), (b"host", base.netloc)]


def _without(headers: Headers, left_out: frozenset[bytes]) -> Headers:
    named = {
        each.strip().lower() for name, value in headers if name.lower() == b"connection" for each in value.split(b",")
    }
    return [(name.lower(), value) for name, value in headers if name.lower() not in left_out | named]


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    """Raises ``ClientGone``."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _announced(scope: Scope) -> int:
    """Bytes of the body, where the request says so, else 0."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(length[:20]) if length.isdigit() else 0
