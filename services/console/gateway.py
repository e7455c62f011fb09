"""From a browser's session to a service: ``/console/api/registry/…`` becomes ``/registry/…`` with the session's token."""

from collections.abc import Callable, Collection
from datetime import datetime

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.ground.refusals import NOT_FOUND, Rule, rule
from services.chassis.web.middleware import AnswerHeaders
from services.chassis.web.problems import problem
from services.chassis.web.request_budgets import IS_SIGNED_IN
from services.chassis.web.request_metrics import REFUSAL_CODE, RequestMetrics
from services.console.access import CONSOLE
from services.console.cookies import PATH
from services.console.sessions import Sessions

API = f"{PATH}/api"
ACCOUNT = b"lika-account"
"""Header of a page: as whose it asks. No page of elsewhere can send it (a browser asks first), and two tabs may act for two
accounts without either taking the other's."""
NOT_FORWARDED = frozenset({b"cookie", b"authorization", ACCOUNT})
SMALLEST_PACKED = 1024
"""Bytes of an answer from which it pays to pack it."""
PACKING = 4
"""Of gzip's 1 to 9: a list becomes a tenth, in less time than its queries take."""
FORWARDED_BY = "lika.console"
"""Key in the ASGI scope: the request came through here, with a session's token."""

ACCOUNT_NOT_NAMED = rule(
    "console_account_not_named",
    zh="请求没有说明以哪个账号办理（Lika-Account），不予受理。",
    en="The request does not say for which account it is (Lika-Account), and is not taken.",
    source="OWASP ASVS 5.0 §3.5.1",
    status=428,
)
SESSION_ENDED = rule(
    "session_ended",
    zh="登录已结束：请在另一个标签页重新登录，再回到本页重试；已填写的内容仍在本页。",
    en="The session has ended: sign in again in another tab, come back and try again. What was typed is still on this page.",
    source="OWASP ASVS 5.0 §7.3.1",
    status=401,
)


class Gateway:
    """ASGI application around all others. ``inner`` answers for the ``services``, here or by asking them over HTTP; ``now``:
    the real clock. Answers to browsers go packed: the slow lines lie before them."""

    def __init__(
        self, inner: ASGIApp, sessions: Sessions, services: Collection[str], now: Callable[[], datetime]
    ) -> None:
        self._inner, self._sessions, self._services, self._now = inner, sessions, frozenset(services), now
        self._to_browsers = GZipMiddleware(inner, SMALLEST_PACKED, PACKING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{PATH}/"):
            # A sealed cookie opens for nobody who was not signed in: asked for at a throttled address only.
            scope[IS_SIGNED_IN] = lambda: bool(self._sessions.all_of(scope, self._now()))
            if scope["path"].startswith(f"{API}/"):
                await self._ask(scope, receive, send)
                return
            await self._to_browsers(scope, receive, send)
            return
        await self._inner(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"].removeprefix(API)
        accounts = [value.decode("latin-1") for name, value in scope["headers"] if name == ACCOUNT]
        if len(accounts) != 1:
            await _refuse(ACCOUNT_NOT_NAMED, scope, receive, send)
            return
        if not self._leads_to_a_service(path):
            await _refuse(NOT_FOUND, scope, receive, send)
            return
        session = self._sessions.of_account(scope, accounts[0], self._now())
        if session is None:
            await _refuse(SESSION_ENDED, scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in NOT_FORWARDED]
        headers.append((b"authorization", f"Bearer {session.token}".encode()))
        raw = scope.get("raw_path") or scope["path"].encode()
        inner = {
            **scope,
            "headers": headers,
            "path": path,
            "raw_path": raw[len(API) :],
            FORWARDED_BY: True,
            IS_SIGNED_IN: lambda: True,
        }
        await self._to_browsers(inner, receive, send)

    def _leads_to_a_service(self, path: str) -> bool:
        """Whatever stands between here and a service may take ``.`` and ``..`` for steps, and end elsewhere."""
        first, *others = path.split("/")[1:]
        return first in self._services and others != [] and not {".", ".."}.intersection(others)


async def _refuse(why: Rule, scope: Scope, receive: Receive, send: Send) -> None:
    scope[REFUSAL_CODE] = why.code
    await RequestMetrics(AnswerHeaders(problem(why)), CONSOLE)(scope, receive, send)
