"""The provider's public keys: fetched in the background, within limits, and withdrawn in a minute. Real HTTP on the loopback."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import pytest
from joserfc.jwk import KeySet, OKPKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.chassis.ground import refreshed
from services.chassis.ground.refusals import Unavailable
from services.chassis.security import provider_keys
from services.chassis.security.provider_keys import KEYS_AGE, KEYS_RETRY, ProviderKeys, json_at
from tests.support.eventually import eventually
from tests.support.serving import serving

FIRST, SECOND = OKPKey.generate_key("Ed25519"), OKPKey.generate_key("Ed25519")
for each in (FIRST, SECOND):
    each.ensure_kid()


class Provider:
    """An identity provider whose answer changes; ``held`` answers wait until it is let go. Counts how often it was asked."""

    def __init__(self) -> None:
        self.answer: Callable[[], Response] = self.publishing(FIRST)
        self.asked, self.bytes_sent, self.free = 0, 0, threading.Event()
        self.free.set()
        self.url = ""

    @staticmethod
    def publishing(*keys: OKPKey) -> Callable[[], Response]:
        document = KeySet(list(keys)).as_dict(private=False)
        return lambda: JSONResponse(document)

    def away(self) -> None:
        self.answer = lambda: Response(status_code=503)

    async def serve(self, _: Request) -> Response:
        self.asked += 1
        await asyncio.to_thread(self.free.wait)
        return self.answer()

    async def pieces(self, piece: bytes, count: int, pause: float) -> AsyncIterator[bytes]:
        for _ in range(count):
            self.bytes_sent += len(piece)
            yield piece
            await asyncio.sleep(pause)


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    provider = Provider()
    with serving(Starlette(routes=[Route("/jwks", provider.serve)])) as url:
        provider.url = f"{url}/jwks"
        yield provider


@pytest.fixture
def provider(served: Provider) -> Iterator[Provider]:
    served.answer, served.asked, served.bytes_sent = served.publishing(FIRST), 0, 0
    yield served
    served.free.set()
    # What goes on in the background ends here: the next test counts its own.
    eventually(lambda: not any(thread.name == "refresh" for thread in threading.enumerate()))


class Asking:
    """Keys as a verifier asks for them, at an hour of the test's."""

    def __init__(self, provider: Provider, serves: float = 3600.0) -> None:
        self.now = 1000.0
        self.keys = ProviderKeys(json_at(provider.url), serves=serves, ticks=lambda: self.now)

    def has(self, key: OKPKey) -> bool:
        return bool(anyio.run(self.keys.with_number, key.kid))


@contextmanager
def held(provider: Provider) -> Iterator[None]:
    provider.free.clear()
    try:
        yield
    finally:
        provider.free.set()


def test_a_known_key_never_waits_for_the_provider(provider: Provider) -> None:
    asking = Asking(provider)
    assert asking.has(FIRST)
    asking.now += KEYS_AGE
    with held(provider):
        assert [asking.has(FIRST) for _ in range(50)] == [True] * 50
        eventually(lambda: provider.asked == 2)
    assert asking.has(FIRST)


def test_a_withdrawn_key_ends_with_the_next_look_and_what_was_verified_with_it(provider: Provider) -> None:
    asking = Asking(provider)
    assert asking.has(FIRST)
    generation = asking.keys.generation
    provider.answer = provider.publishing(SECOND)
    asking.now += KEYS_AGE
    eventually(lambda: not asking.has(FIRST))
    assert asking.keys.generation == generation + 1
    assert provider.asked == 2


def test_after_a_rest_in_which_nobody_signed_in_the_first_waits_for_the_keys_of_now(provider: Provider) -> None:
    asking = Asking(provider)
    assert asking.has(FIRST)
    provider.answer = provider.publishing(SECOND)
    asking.now += 10 * KEYS_AGE
    assert not asking.has(FIRST)


def test_a_new_key_is_fetched_once_and_strangers_do_not_make_us_hammer_the_provider(provider: Provider) -> None:
    asking, stranger = Asking(provider), OKPKey.generate_key("Ed25519")
    stranger.ensure_kid()
    assert asking.has(FIRST)
    provider.answer = provider.publishing(FIRST, SECOND)
    asking.now += 1
    assert asking.has(SECOND)
    assert [asking.has(stranger) for _ in range(20)] == [False] * 20
    assert provider.asked == 2
    asking.now += KEYS_RETRY
    assert not asking.has(stranger)
    assert provider.asked == 3


def test_while_one_waits_for_an_unknown_key_all_others_are_answered(provider: Provider) -> None:
    asking = Asking(provider)
    assert asking.has(FIRST)
    asking.now += 1

    async def ask() -> None:
        waiting = asyncio.create_task(asking.keys.with_number(SECOND.kid))
        while provider.asked < 2:
            await asyncio.sleep(0)
        assert await asking.keys.with_number(FIRST.kid)
        assert not await asking.keys.with_number("a stranger's")
        assert not waiting.done()
        provider.free.set()
        assert not await waiting

    with held(provider):
        anyio.run(ask)


def test_while_the_provider_is_away_known_keys_serve_for_as_long_as_tokens_live(provider: Provider) -> None:
    asking = Asking(provider, serves=3600)
    assert asking.has(FIRST)
    provider.away()
    asking.now += KEYS_AGE
    assert asking.has(FIRST)
    eventually(lambda: asking.keys._set.is_failing)
    with pytest.raises(Unavailable):
        asking.has(SECOND)
    asking.now += 3500 - KEYS_AGE
    assert asking.has(FIRST)
    asking.now += 101
    with pytest.raises(Unavailable):
        asking.has(FIRST)


def slow(provider: Provider) -> Response:
    return StreamingResponse(provider.pieces(b" ", 100_000, 0.01))


def huge(provider: Provider) -> Response:
    return StreamingResponse(provider.pieces(b" " * 65536, 300 * 16, 0))


def packed(_: Provider) -> Response:
    return Response(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})


def elsewhere(provider: Provider) -> Response:
    return Response(status_code=307, headers={"Location": provider.url})


@pytest.mark.parametrize("answer", [slow, huge, packed, elsewhere], ids=lambda f: f.__name__)
def test_a_provider_that_drips_or_floods_or_sends_elsewhere_is_given_up(
    provider: Provider, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_keys, "FETCH_SECONDS", 0.2)
    provider.answer = lambda: answer(provider)
    with pytest.raises(Unavailable):
        Asking(provider).has(FIRST)
    assert provider.asked == 1
    assert provider.bytes_sent < 16 * 2**20  # what both sides' sockets hold, of 300 MB


def test_what_is_waited_for_has_an_end(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshed, "PATIENCE", 0.1)
    with held(provider), pytest.raises(Unavailable):
        Asking(provider).has(FIRST)


def test_a_document_that_is_none_is_no_key(provider: Provider) -> None:
    for content in (b"[]", b"{}", b"{", json.dumps({"keys": [{"kty": "?"}]}).encode()):
        provider.answer = lambda content=content: Response(content)  # type: ignore[misc]
        with pytest.raises(Unavailable):
            Asking(provider).has(FIRST)
