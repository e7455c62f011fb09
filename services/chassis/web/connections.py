"""Connections before there is a request: how many there may be, and how much and how long they may send.

uvicorn hands over a request when its headers are complete and bounds neither their size nor the time they take. Its
protocol class is an option; this one counts bytes and looks at the clock, and leaves HTTP to its parent and to httptools.
"""

import asyncio
from collections import Counter
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, cast

import h11
from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from services.chassis.ground.limits import Limits
from services.chassis.ground.metrics import refusals
from services.chassis.ground.refusals import Rule, rule
from services.chassis.ground.structured_logging import UVICORN
from services.chassis.web.middleware import protected
from services.chassis.web.problems import problem

TOO_SLOW = rule(
    "request_timeout",
    zh="请求发送过慢，连接已关闭，请重新提交。",
    en="The request came too slowly and the connection was closed; send it again.",
    source="RFC 9110 §15.5.9",
    status=408,
)
HEADERS_TOO_LARGE = rule(
    "headers_too_large",
    zh="请求头过大，请减少请求头。",
    en="The request's headers are too large; send fewer or shorter ones.",
    source="RFC 6585 §5",
    status=431,
)
TOO_MANY_CONNECTIONS = rule(
    "too_many_connections",
    zh="连接过多，请稍后再试。",
    en="There are too many connections; try again shortly.",
    source="RFC 9110 §15.6.4",
    status=503,
)
SWEEP = 1.0
"""Seconds between two looks at the clock, for all connections together."""
MOST_WAITING = 8
"""Requests that a connection sends before earlier ones are answered. Whoever sends more is cut off and may send again (RFC 9112
§9.3.2): uvicorn keeps all that it has read, and reads on after each answer."""
MOST_FRAMING = 16
"""One byte of chunk sizes and trailers for so many bytes of body, beside what headers may take."""


def _answer(why: Rule) -> Response:
    retry = {"Retry-After": "2"} if why is TOO_MANY_CONNECTIONS else {}
    answer = problem(why, headers={"Connection": "close", **retry})
    answer.raw_headers = protected(answer.raw_headers)
    return answer


def _as_sent(answer: Response) -> bytes:
    wire = h11.Connection(h11.SERVER)
    status = HTTPStatus(answer.status_code)
    head = h11.Response(status_code=status.value, reason=status.phrase.encode(), headers=answer.raw_headers)
    parts = head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()
    return b"".join(wire.send(part) or b"" for part in parts)


ANSWERS = {why: _answer(why) for why in (TOO_SLOW, HEADERS_TOO_LARGE, TOO_MANY_CONNECTIONS)}
AS_SENT = {why: _as_sent(answer) for why, answer in ANSWERS.items()}


class LimitedConnection(HttpToolsProtocol):
    """One connection. A subclass per server holds what its connections share."""

    limits: ClassVar[Limits]
    of_address: ClassVar[Counter[str]]
    sweeping: ClassVar[bool]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since: float | None = self.loop.time()
        self._unread_since: float | None = None
        self._unread = 0
        self._is_refused = False
        self._in_headers, self._received, self._body = True, 0, 0
        self._address = self.client[0] if self.client else ""
        self.of_address[self._address] += 1
        excess = max(
            len(self.connections) / self.limits.connections,
            self.of_address[self._address] / self.limits.connections_per_address,
        )
        if excess > 2:
            transport.abort()
        elif excess > 1:
            # Answered when it asks something: an answer to nothing would be lost with the connection.
            self._replace_app(TOO_MANY_CONNECTIONS)
        if not type(self).sweeping:
            type(self).sweeping = True
            self.loop.call_later(SWEEP, self._sweep)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.pipeline.clear()
        self.of_address[self._address] -= 1
        if not self.of_address[self._address]:
            del self.of_address[self._address]

    def data_received(self, data: bytes) -> None:
        if self._since is None:
            self._since = self.loop.time()
        self._received += len(data)
        super().data_received(data)
        if self._is_refused or self.transport.is_closing():
            return
        if self._received - self._body > self.limits.header_bytes + self._body // MOST_FRAMING:
            self._end(HEADERS_TOO_LARGE)
        elif self._body > self.limits.upload_bytes and self.cycle.response_complete:
            # Refused, and does not listen. Not sooner: closing over bytes that nobody read loses the answer on its way, and a
            # client that reads only once it has written all, as the console does, would not hear why.
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._since is None:  # the second request of one packet
            self._since, self._received = self.loop.time(), 0

    def on_headers_complete(self) -> None:
        self._in_headers = False
        if self.transport.is_closing():
            return
        if self._received > self.limits.header_bytes and self._header_size() > self.limits.header_bytes:
            self._replace_app(HEADERS_TOO_LARGE)
        super().on_headers_complete()
        if len(self.pipeline) > MOST_WAITING:
            self.transport.abort()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.transport.is_closing():
            super().on_message_complete()
        self._since, self._in_headers, self._received, self._body = None, True, 0, 0

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since, self._unread = self.loop.time(), self.transport.get_write_buffer_size()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None

    def _header_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _replace_app(self, why: Rule) -> None:
        """Answer the request, and with it the connection, by a refusal."""
        self.app, self._is_refused = ANSWERS[why], True
        refusals.labels("connections", why.code).inc()

    def _sweep(self) -> None:
        now = self.loop.time()
        for each in tuple(self.connections):
            if isinstance(each, LimitedConnection):
                each.look_at_clock(now)
        if self.connections:
            self.loop.call_later(SWEEP, self._sweep)
        else:
            type(self).sweeping = False

    def look_at_clock(self, now: float) -> None:
        """End what should have been received by now, and who does not read what they asked for."""
        if self._unread_since is not None:
            before, self._unread = self._unread, self.transport.get_write_buffer_size()
            if self._unread < before:
                self._unread_since = now
            elif now - self._unread_since > self.limits.body_seconds:
                self.transport.abort()
                return
        if self._since is None:
            return
        if self.flow.read_paused:  # we are the slow ones
            self._since += SWEEP
            return
        seconds = self.limits.header_seconds
        if not self._in_headers:
            seconds = self.limits.body_seconds + self._body / self.limits.body_bytes_per_second
        if now - self._since > seconds:
            self._end(TOO_SLOW)

    def _end(self, why: Rule) -> None:
        self._since, self._is_refused = None, True
        refusals.labels("connections", why.code).inc()
        cycle = cast("RequestResponseCycle | None", self.cycle)
        before = (cycle is None or cycle.response_complete) if self._in_headers else not self.cycle.response_started
        if before:  # otherwise it would look like a part of the answer under way
            self.transport.write(AS_SENT[why])
        self.transport.close()


def uvicorn_options(limits: Limits, certificate: Path | None = None, key: Path | None = None) -> dict[str, Any]:
    """Options of ``uvicorn.Config`` for every server of ours. ``certificate``, ``key``: PEM files, for TLS."""
    shared = {"limits": limits, "of_address": Counter(), "sweeping": False}
    return {
        **UVICORN,
        "ssl_certfile": certificate,
        "ssl_keyfile": key,
        "http": type("ServerConnection", (LimitedConnection,), shared),
        "ws": "none",
        "proxy_headers": bool(limits.trusted_proxies),
        "forwarded_allow_ips": list(limits.trusted_proxies),
        "server_header": False,
    }
