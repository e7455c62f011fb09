"""What a request passes before its endpoint: who, how much, how many at once. On a small application."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from contracts.roles import Role
from services.chassis.ground.limits import LARGE_BODY, Limits
from services.chassis.ground.settings import Settings
from services.chassis.web.application import service_app
from services.chassis.web.metrics_page import SCRAPED, ScrapedGauges, metrics_router
from tests.chassis.web.tokens import token_of
from tests.support.access import public_access


def test_an_address_that_is_too_long_is_414(cadre: TestClient) -> None:
    answer = cadre.get(f"/sheets?known_at={'1' * 300}")
    assert (answer.status_code, answer.json()["code"]) == (414, "target_too_long")


@pytest.mark.parametrize(("header", "status"), [({}, 401), ({"Authorization": "Bearer x"}, 401), (None, 403)])
@pytest.mark.parametrize("path", ["/sheets", "/files"])
def test_nothing_of_a_body_is_read_for_a_caller_who_may_not_send_it(
    app: FastAPI, settings: Settings, path: str, header: dict[str, str] | None, status: int
) -> None:
    async def ask() -> httpx.Response:
        async def unread() -> AsyncIterator[bytes]:
            yield pytest.fail("the body was read")

        signed = {"Authorization": f"Bearer {token_of(settings, Role.AUDITOR)}"} if header is None else header
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://lika") as client:
            sizes = {"Content-Length": "99999999", "Content-Type": "application/json"}
            return await client.post(f"{path}?unknown=1", content=unread(), headers={**signed, **sizes})

    assert anyio.run(ask).status_code == status


class SlowBody:
    """A large body whose end comes when it may."""

    def __init__(self) -> None:
        self.begun, self.may_end = anyio.Event(), anyio.Event()

    async def parts(self) -> AsyncIterator[bytes]:
        yield b"x" * (LARGE_BODY + 1)
        self.begun.set()
        await self.may_end.wait()
        yield b"x"


def test_large_bodies_are_few_at_once_for_an_account_and_for_all(app: FastAPI, settings: Settings) -> None:
    async def ask() -> None:
        tokens = [token_of(settings, Role.CADRE, subject=f"cadre-{n}") for n in range(3)]
        sent, answers = [SlowBody(), SlowBody()], []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://lika") as client:

            async def post(token: str, content: Any, path: str = "/files") -> httpx.Response:
                return await client.post(path, content=content, headers={"Authorization": f"Bearer {token}"})

            async def hold(token: str, body: SlowBody) -> None:
                answers.append((await post(token, body.parts())).json())

            async with anyio.create_task_group() as group:
                for token, body in zip(tokens, sent, strict=False):
                    group.start_soon(hold, token, body)
                    await body.begun.wait()
                large, small = b"x" * (LARGE_BODY + 1), b"x"
                for token, status, code in ((tokens[0], 429, "too_many_uploads"), (tokens[2], 503, "uploads_busy")):
                    for path in ("/files", "/sheets"):
                        refused = await post(token, large, path)
                        assert (refused.status_code, refused.json()["code"]) == (status, code)
                        assert refused.headers["retry-after"]
                    assert (await post(token, small)).json() == 1
                for body in sent:
                    body.may_end.set()
            assert answers == [LARGE_BODY + 2] * 2
            assert (await post(tokens[0], large)).json() == LARGE_BODY + 1

    anyio.run(ask)


@pytest.mark.parametrize("path", ["/sheets", "/nowhere", "/openapi.json", "/page", "/docs"])
def test_every_answer_is_protected(cadre: TestClient, path: str) -> None:
    headers = cadre.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.startswith("default-src 'none'")
    assert ("script-src 'self'" in policy) == (path in {"/page", "/docs"})


def test_however_many_ask_for_figures_they_are_taken_once() -> None:
    taken = []

    def ask() -> list[float]:
        taken.append(1)
        return []

    pages = metrics_router(60)
    app = service_app(name="figures", title="Figures", routers=[pages], access=public_access(pages))

    async def hundred() -> list[httpx.Response]:
        answers: list[httpx.Response] = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://lika") as client:

            async def one() -> None:
                answers.append(await client.get("/metrics"))

            async with anyio.create_task_group() as group:
                for _ in range(100):
                    group.start_soon(one)
        return answers

    scraped = ScrapedGauges((), ask)
    SCRAPED.append(scraped)
    try:
        answers = anyio.run(hundred)
    finally:
        SCRAPED.remove(scraped)
    assert len(taken) == 1
    assert {(a.status_code, a.text) for a in answers} == {(200, answers[0].text)}


def test_limits_are_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIKA_LIMIT_BODY_BYTES", "123")
    monkeypatch.setenv("LIKA_LIMIT_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16")
    limits = Settings(data_dir=tmp_path).limits
    assert (limits.body_bytes, limits.trusted_proxies) == (123, ("10.0.0.1", "10.1.0.0/16"))
    with pytest.raises(ValueError, match="body_bytes"):
        Limits(body_bytes=0)


def test_every_limit_is_documented_with_its_default() -> None:
    lines = (Path(__file__).parents[3] / "docs" / "limits.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip(" `") for cell in line.split("|")[1:3]] for line in lines if line.startswith("| `LIKA_LIMIT_")]
    assert rows == [
        [f"LIKA_LIMIT_{name.upper()}", "" if field.default == () else str(field.default)]
        for name, field in Limits.model_fields.items()
    ]
