"""The public keys that tokens are verified with: where they come from, and how soon a withdrawn one counts no more."""

import json
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio
import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from services.chassis.ground.refreshed import Refreshed
from services.chassis.ground.refusals import Unavailable, rule

KEYS_AGE = 60.0
"""Seconds between two looks. With the next, a key that the provider withdrew counts for 65 seconds at most."""
FETCH_SECONDS = 5.0
"""The whole of a fetch, however slowly its bytes come."""
LARGEST_DOCUMENT = 256 * 1024
"""Bytes of a JWKS document: some hundred keys with their certificates."""
KEYS_RETRY = 30.0
"""Seconds in which unknown key numbers bring about one fetch: strangers' tokens must not make us hammer the provider."""
KEYS_REST = 5.0
"""Seconds after a failure."""

KEYS_OUT_OF_REACH = rule(
    "identity_provider_unreachable",
    zh="暂时连接不上身份平台，无法核对登录身份，请稍后再试。",
    en="The identity provider cannot be reached at this moment; try again shortly.",
    source="Lika access rules",
    status=503,
)

UNREADABLE = (OSError, httpx.HTTPError, JoseError, ValueError, TypeError, KeyError)
"""What loading raises, and what the library raises for a document that is no set of keys."""

LoadKeys = Callable[[], Awaitable[Mapping[str, Any]]]
"""Brings a JWKS document. Raises ``OSError``, ``httpx.HTTPError`` or ``ValueError``."""


def jwks_file(path: Path) -> LoadKeys:
    async def load() -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads(await anyio.Path(path).read_bytes())
        return document

    return load


def holds_keys(path: Path) -> bool:
    """Whether the file can be read and is a JWKS document."""
    try:
        _key_set(jwks_file(path))
    except UNREADABLE:
        return False
    return True


def _key_set(load: LoadKeys) -> KeySet:
    return KeySet.import_key_set(dict(anyio.run(load)))  # type: ignore[arg-type]


def json_at(url: str, transport: httpx.AsyncBaseTransport | None = None) -> LoadKeys:
    """A document at an address; redirections are not followed, and nothing is unpacked."""

    async def load() -> Mapping[str, Any]:
        async with httpx.AsyncClient(timeout=FETCH_SECONDS, transport=transport) as client:
            with anyio.fail_after(FETCH_SECONDS):
                async with client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
                    answer.raise_for_status()
                    document: Mapping[str, Any] = json.loads(await _whole(answer))
        return document

    return load


async def _whole(answer: httpx.Response) -> bytes:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise ValueError("a packed document may be of any size")
    document = bytearray()
    async for part in answer.aiter_raw():
        document += part
        if len(document) > LARGEST_DOCUMENT:
            raise ValueError("the document is too large")
    return bytes(document)


class ProviderKeys:
    """Keys by number. ``generation`` counts how often the set was found changed: what was verified with an earlier one has
    to be verified again. ``serves``: seconds that keys serve while the provider is away."""

    def __init__(self, load: LoadKeys, *, serves: float, ticks: Callable[[], float] = time.monotonic) -> None:
        self._load, self._ticks = load, ticks
        self._set = Refreshed(self._fetch, age=KEYS_AGE, rest=KEYS_REST, serves=serves, ticks=ticks)
        self._ask_again_at = -math.inf
        self._prints: frozenset[tuple[str | None, str]] = frozenset()
        self.generation = 0

    async def look(self) -> None:
        """Keep the keys current. Raises ``Unavailable``."""
        await self._set.get()

    async def with_number(self, kid: object) -> Sequence[Key]:
        """The keys of that number; none for one that the provider does not know. Raises ``Unavailable``."""
        asked_at = self._ticks()
        found = _numbered(await self._set.get(), kid)
        if found or not isinstance(kid, str):
            return found
        if self._set.brought_at < asked_at and asked_at >= self._ask_again_at:
            self._ask_again_at = asked_at + KEYS_RETRY
            return _numbered(await self._set.again(), kid)
        if self._set.is_failing:  # it may be a key of which we could not hear yet
            raise Unavailable(KEYS_OUT_OF_REACH, retry_after=5)
        return found

    def _fetch(self) -> KeySet:
        try:
            keys = _key_set(self._load)
            prints = frozenset((key.kid, key.thumbprint()) for key in keys)
        except UNREADABLE as error:
            structlog.get_logger().error("identity_keys_unreadable", exception=type(error).__name__)
            raise Unavailable(KEYS_OUT_OF_REACH, retry_after=5) from None
        if prints != self._prints:
            self._prints = prints
            self.generation += 1
        return keys


def _numbered(keys: KeySet, kid: object) -> Sequence[Key]:
    return [key for key in keys if isinstance(kid, str) and key.kid == kid]
