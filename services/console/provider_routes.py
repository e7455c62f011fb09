"""``/console/provider``: to the identity provider and back. Parameters that a provider adds are passed over (RFC 6749
§4.1.2), so these are no routes of an interface."""

import json
from collections.abc import Callable
from datetime import datetime

from joserfc import jws
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.actor import account
from services.chassis.security.verifier import TOKEN_NOT_ACCEPTED, Unauthenticated, Verifier
from services.chassis.web.middleware import AnswerHeaders
from services.chassis.web.request_metrics import RequestMetrics
from services.console.access import CONSOLE
from services.console.identity_provider import CALLBACK, IdentityProvider, refused_by_provider
from services.console.opening import record_sign_in, session_of
from services.console.pending_sign_ins import PendingSignIn
from services.console.plain_pages import refusal
from services.console.sealing import Seal
from services.console.sessions import Session, Sessions

SIGN_IN_NOT_BEGUN = rule(
    "sign_in_not_begun_here",
    zh="这次登录不是从本浏览器发起的，或发起已超过十分钟：请重新登录。",
    en="This sign-in was not begun in this browser, or more than ten minutes ago: sign in again.",
    source="RFC 6749 §10.12",
    status=403,
)
SIGN_IN_WITHOUT_POST = rule(
    "sign_in_without_post",
    zh="身份平台没有说明您的岗位（roles）和区划（division）：请与身份平台的管理员联系。",
    en="The identity provider did not say what your roles and your division are: ask whoever administers it.",
    source="decision 0047",
    status=403,
)


class ProviderRoutes:
    """``now``: the real clock."""

    def __init__(self, provider: IdentityProvider, seal: Seal, verifier: Verifier, now: Callable[[], datetime]) -> None:
        self._provider, self._seal, self._verifier, self._now = provider, seal, verifier, now
        self._sessions = Sessions(seal)

    @property
    def app(self) -> ASGIApp:
        routes = [Route("/sign-in", self.begin), Route("/callback", self.callback)]
        return RequestMetrics(AnswerHeaders(Router(routes, redirect_slashes=False)), CONSOLE)

    async def begin(self, request: Request) -> Response:
        """Off to the provider. ``back``: the page to come back to."""
        pending = PendingSignIn.new(request.query_params.get("back"), self._now())
        try:
            address = await self._provider.address_to_sign_in(pending.state, pending.nonce, pending.verifier)
        except Refused as refused:
            return refusal(request, refused)
        answer = RedirectResponse(address, 303)
        answer.headers.append("Set-Cookie", pending.cookie(self._seal, request.scope))
        return answer

    async def callback(self, request: Request) -> Response:
        """Back from the provider."""
        told = request.query_params
        pending = PendingSignIn.brought(self._seal, request.scope, told.get("state", ""), self._now())
        if pending is None or told.get("iss", self._provider.issuer) != self._provider.issuer:
            return refusal(request, Refused(SIGN_IN_NOT_BEGUN))
        try:
            session = await self._session(told.get("code"), told.get("error"), pending)
            cookies = self._sessions.signed_in(request.scope, [session], self._now())
        except Refused as refused:
            answer = refusal(request, refused)
        else:
            record_sign_in(request.scope, session, CALLBACK)
            answer = RedirectResponse(pending.back, 303)
            for cookie in cookies:
                answer.headers.append("Set-Cookie", cookie)
        answer.headers.append("Set-Cookie", pending.ended(request.scope))
        return answer

    async def _session(self, code: str | None, error: str | None, pending: PendingSignIn) -> Session:
        if code is None:
            raise refused_by_provider(error or "")
        token, subject = await self._provider.token_for(code, pending.nonce, pending.verifier)
        try:
            session, actor = await session_of(self._verifier, token)
        except Unauthenticated as refused:
            raise Refused(SIGN_IN_WITHOUT_POST) if _lacks_post(token) else refused from None
        if not actor.roles:
            raise Refused(SIGN_IN_WITHOUT_POST)
        if actor.subject != account(subject):
            raise Unauthenticated(TOKEN_NOT_ACCEPTED)
        return session


def _lacks_post(token: str) -> bool:
    """Whether a token that was not accepted says nothing of roles or division."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
        return not isinstance(claims.get("roles"), list) or not isinstance(claims.get("division"), str)
    except (JoseError, ValueError, AttributeError):
        return False
