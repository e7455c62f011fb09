"""The officials' HTTP client: each request carries the bearer token of the official who makes it."""

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid5

import httpx

from lika.demo.officials import Official
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import addresses
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.web.position_tokens import HEADER, format_positions

IDEMPOTENCY_NAMESPACE = UUID("3f0c3d8e-8b0e-5d3c-9c1f-6f2f1f0f7a55")
"""Namespace of the Idempotency-Keys: the same request has the same key, so an interrupted load can be repeated."""

MAX_CONCURRENT_REQUESTS = 32
"""Group commit makes one transaction of the commands that wait together."""

MAX_RETRIES = 5
"""A server closes a connection that was idle; a request already on its way then has no answer."""


class ServiceAddresses:
    """Where each service answers: all at one address, or each at its own. Read from ``http://host:port``, or from
    ``registry=http://host:port,…``. Raises ``ValueError``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._apart = addresses(text) if "=" in text else {}

    def url(self, path: str) -> str:
        """Of a path that begins with a service's name. Raises ``KeyError`` for one that has no address."""
        service = path.split("/", 2)[1]
        return f"{self._apart[service] if self._apart else self.text}{path}"


class RequestRefused(Exception):
    """A service refused a request of the sample's officials."""


class OfficialsClient:
    """Sends requests as officials, and keeps the log positions that their answers name, so that later reads wait for
    what was written before."""

    def __init__(self, addresses: ServiceAddresses, key: LocalKey) -> None:
        self._addresses, self._key = addresses, key
        self._tokens: dict[Official, str] = {}
        self._positions: dict[str, int] = {}
        self._connections: asyncio.LifoQueue[httpx.AsyncClient] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        # One client per connection: httpx looks through its whole pool for every request.
        for _ in range(MAX_CONCURRENT_REQUESTS):
            self._connections.put_nowait(httpx.AsyncClient(timeout=120))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        while not self._connections.empty():
            await self._connections.get_nowait().aclose()

    def token(self, official: Official) -> str:
        """A bearer token, valid for twelve hours of the real clock."""
        if official not in self._tokens:
            self._tokens[official] = issue_token(
                self._key, subject=official.subject, roles=(official.role,), division=official.division,
                ttl=timedelta(hours=12), now=SystemClock().now(),
            )  # fmt: skip
        return self._tokens[official]

    async def post(
        self, official: Official, path: str, body: Mapping[str, Any], *, accepted_refusal: str | None = None
    ) -> dict[str, Any]:
        """The response body of a command. A refusal with the code ``accepted_refusal`` counts as success: an earlier
        load has executed the command. Raises ``RequestRefused`` for any other refusal."""
        content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        key = str(uuid5(IDEMPOTENCY_NAMESPACE, f"{official.subject} {path} {content.decode()}"))
        headers = {**self._authorization(official), "Content-Type": "application/json", "Idempotency-Key": key}
        response = await self._send("POST", path, content=content, headers=headers)
        result: dict[str, Any] = self._body_of(response, official, path, accepted_refusal)
        return result

    async def post_batch(self, official: Official, path: str, body: Mapping[str, Any]) -> None:
        """One act on several cases. Raises ``RequestRefused`` where one of them is refused."""
        answer = await self.post(official, path, body)
        if refused := next((result for result in answer["results"] if not result["recorded"]), None):
            raise RequestRefused(f"{official.subject}: {path}: {json.dumps(refused, ensure_ascii=False)}")

    async def import_workbook(self, official: Official, name: str, content: bytes) -> dict[str, Any]:
        """The import report of one workbook. Raises ``RequestRefused``."""
        key = str(uuid5(IDEMPOTENCY_NAMESPACE, f"{official.subject} {name}"))
        headers = {
            **self._authorization(official), "Idempotency-Key": key, "Content-Type": "application/octet-stream",
        }  # fmt: skip
        path = "/registry/intake/workbooks"
        response = await self._send("POST", path, content=content, headers=headers)
        report: dict[str, Any] = self._body_of(response, official, name)
        return report

    async def upload(
        self, official: Official, path: str, kind: str, content: bytes, subjects: Sequence[str]
    ) -> dict[str, Any]:
        """The answer to an upload of evidence about subjects that this client's commands have made. Raises
        ``RequestRefused``."""
        key = str(uuid5(IDEMPOTENCY_NAMESPACE, f"{official.subject} {path} {kind} {content.decode()} {subjects}"))
        headers = {
            **self._authorization(official), "Idempotency-Key": key, HEADER: format_positions(self._positions),
        }  # fmt: skip
        form = {"kind": kind, "subjects": list(subjects)}
        response = await self._send("POST", path, data=form, files={"file": content}, headers=headers)
        answer: dict[str, Any] = self._body_of(response, official, path)
        return answer

    async def get(self, official: Official, path: str, **params: Any) -> Any:
        """The response body of a read that waits for every write of this client. Raises ``RequestRefused``."""
        headers = {**self._authorization(official), HEADER: format_positions(self._positions)}
        response = await self._send("GET", path, params=params, headers=headers)
        return self._body_of(response, official, path)

    async def get_all(self, official: Official, path: str, **params: Any) -> list[dict[str, Any]]:
        """The items of every page of a list."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(official, path, limit=200, **params, **cursor)
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}

    async def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Sends again after a transport error: the Idempotency-Key makes sure that a command is executed once."""
        url = self._addresses.url(path)
        connection = await self._connections.get()
        try:
            for _ in range(MAX_RETRIES):
                with contextlib.suppress(httpx.TransportError):
                    return await connection.request(method, url, **request)
            return await connection.request(method, url, **request)
        finally:
            self._connections.put_nowait(connection)

    def _authorization(self, official: Official) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(official)}"}

    def _body_of(
        self, response: httpx.Response, official: Official, path: str, accepted_refusal: str | None = None
    ) -> Any:
        body: Any = response.json()
        if not response.is_success and body.get("code") != accepted_refusal:
            problem = json.dumps(body, ensure_ascii=False)
            raise RequestRefused(f"{official.subject}: {path}: {response.status_code} {problem}")
        if isinstance(body, dict) and isinstance(body.get("position"), dict):
            for log, position in body["position"].items():
                self._positions[log] = max(self._positions.get(log, 0), position)
        return body
