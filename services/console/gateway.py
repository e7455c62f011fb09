"""From a browser's session to a service: ``/console/api/registry/…`` becomes ``/registry/…`` with the session's token."""

from collections.abc import Callable
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.ground.refusals import rule
from services.chassis.web.middleware import protected
from services.chassis.web.problems import problem
from services.console.sessions import PATH, Sessions

API = f"{PATH}/api"
ACCOUNT = b"lika-account"
"""Header of a page: as whose it asks. No page of elsewhere can send it (a browser asks first), and two tabs may act for two
accounts without either taking the other's."""
NOT_FORWARDED = frozenset({b"cookie", b"authorization", ACCOUNT})

ACCOUNT_NOT_NAMED = rule(
    "console_account_not_named",
    zh="请求没有说明以哪个账号办理（Lika-Account），不予受理。",
    en="The request does not say for which account it is (Lika-Account), and is not taken.",
    source="OWASP ASVS 5.0 §3.5.1",
    status=403,
)
SESSION_ENDED = rule(
    "session_ended",
    zh="登录已结束，请重新登录；已填写的内容仍在本页。",
    en="The session has ended: sign in again. What was typed is still on this page.",
    source="OWASP ASVS 5.0 §7.3.1",
    status=401,
)


class Gateway:
    """ASGI application around all others. ``inner`` answers for the services, here or by asking them over HTTP; ``now``: the
    real clock."""

    def __init__(self, inner: ASGIApp, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._inner, self._sessions, self._now = inner, sessions, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(f"{API}/"):
            await self._inner(scope, receive, send)
            return
        account = next((value.decode("latin-1") for name, value in scope["headers"] if name == ACCOUNT), None)
        session = None if account is None else self._sessions.of_account(scope, account, self._now())
        if session is None:
            answer = problem(ACCOUNT_NOT_NAMED if account is None else SESSION_ENDED)
            answer.raw_headers = protected(answer.raw_headers)
            await answer(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in NOT_FORWARDED]
        headers.append((b"authorization", f"Bearer {session.token}".encode()))
        raw = scope.get("raw_path") or scope["path"].encode()
        inner = {
            **scope,
            "headers": headers,
            "path": scope["path"].removeprefix(API),
            "raw_path": raw.removeprefix(API.encode()),
        }
        await self._inner(inner, receive, send)
