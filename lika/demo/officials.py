"""The officials of the sample township, as clients: each speaks HTTP with a token of their own, nothing else."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid5

import httpx

from contracts.roles import Role
from lika.demo.places import COUNTY, TOWNSHIP
from services.chassis.ground.clock import SystemClock
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.web.positions import HEADER, format_positions

KEYS = UUID("3f0c3d8e-8b0e-5d3c-9c1f-6f2f1f0f7a55")
"""Namespace of the story's Idempotency-Keys: the same request has the same key, so a broken-off load can be repeated."""

AT_ONCE = 32
"""Requests under way at the same time; group commit makes one transaction of those that wait together."""


TRIES = 5
"""A server closes a connection that was idle; a request already on its way then has no answer."""


@dataclass(frozen=True, slots=True)
class Official:
    """An account, what it does, and where."""

    subject: str
    role: Role
    division: str


OPERATOR = Official("operator", Role.OPERATOR, "")
TOWNSHIP_CADRE = Official("township-cadre", Role.CADRE, TOWNSHIP)
TOWNSHIP_REVIEWER = Official("township-reviewer", Role.REVIEWER, TOWNSHIP)
COUNTY_REVIEWER = Official("county-reviewer", Role.REVIEWER, COUNTY)
COUNTY_DECIDER = Official("county-decider", Role.DECIDER, COUNTY)
AUDITOR = Official("auditor", Role.AUDITOR, "")


def village_cadre(village: str) -> Official:
    return Official(f"cadre-{village}", Role.CADRE, village)


class StoryBroken(Exception):
    """An official was refused what the story says they did."""


class Officials:
    """Sends requests on behalf of officials, and remembers how far the logs have come for the reads that follow."""

    def __init__(self, url: str, key: LocalKey) -> None:
        self.url, self._key = url, key
        self._tokens: dict[Official, str] = {}
        self._seen: dict[str, int] = {}
        self._clients: asyncio.LifoQueue[httpx.AsyncClient] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        # One client per connection: httpx looks through its whole pool for every request.
        for _ in range(AT_ONCE):
            self._clients.put_nowait(httpx.AsyncClient(base_url=self.url, timeout=120))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        while not self._clients.empty():
            await self._clients.get_nowait().aclose()

    def token(self, who: Official) -> str:
        """A bearer token, good for twelve hours of the real clock."""
        if who not in self._tokens:
            self._tokens[who] = issue_token(
                self._key, subject=who.subject, roles=(who.role,), division=who.division,
                ttl=timedelta(hours=12), now=SystemClock().now(),
            )  # fmt: skip
        return self._tokens[who]

    async def post(
        self, who: Official, path: str, body: Mapping[str, Any], *, done_before: str | None = None
    ) -> dict[str, Any]:
        """The answer of a command. A refusal with the code ``done_before`` says that an earlier load got this far.
        Raises ``StoryBroken`` for any other refusal."""
        content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        key = str(uuid5(KEYS, f"{who.subject} {path} {content.decode()}"))
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        answer = await self._send("POST", path, content=content, headers={**self._as(who), **headers})
        told: dict[str, Any] = self._told(who, path, answer, done_before)
        return told

    async def send_workbook(self, who: Official, name: str, content: bytes) -> dict[str, Any]:
        """Import one workbook."""
        key = str(uuid5(KEYS, f"{who.subject} {name}"))
        headers = {**self._as(who), "Idempotency-Key": key, "Content-Type": "application/octet-stream"}
        path = "/registry/intake/workbooks"
        answer = await self._send("POST", path, params={"name": name}, content=content, headers=headers)
        told: dict[str, Any] = self._told(who, name, answer, None)
        return told

    async def get(self, who: Official, path: str, **params: Any) -> Any:
        """What somebody reads, having waited for everything the story has done so far."""
        headers = {**self._as(who), HEADER: format_positions(self._seen)}
        answer = await self._send("GET", path, params=params, headers=headers)
        return self._told(who, path, answer, None)

    async def pages(self, who: Official, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every item of a paged list."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(who, path, limit=200, **params, **cursor)
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}

    async def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """An answer, asked for again when the connection broke: the key makes sure that it happens once."""
        client = await self._clients.get()
        try:
            for _ in range(TRIES):
                with contextlib.suppress(httpx.TransportError):
                    return await client.request(method, path, **request)
            return await client.request(method, path, **request)
        finally:
            self._clients.put_nowait(client)

    def _as(self, who: Official) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(who)}"}

    def _told(self, who: Official, path: str, answer: httpx.Response, done_before: str | None) -> Any:
        told: Any = answer.json()
        if not answer.is_success and told.get("code") != done_before:
            raise StoryBroken(f"{who.subject}: {path}: {answer.status_code} {json.dumps(told, ensure_ascii=False)}")
        if isinstance(told, dict) and isinstance(told.get("position"), dict):
            for log, position in told["position"].items():
                self._seen[log] = max(self._seen.get(log, 0), position)
        return told
