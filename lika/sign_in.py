"""``/sign-in/CODE``: the page behind a one-time link. Looking at it uses nothing up; sending its form does: a browser is
signed in to the console, a program gets the token."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from lika.messages import say
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.access_table import AccessRow, Relation
from services.chassis.security.one_time_links import PATH, OneTimeLinks
from services.chassis.security.verifier import Unauthenticated, Verifier
from services.console.cookies import PATH as CONSOLE
from services.console.opening import record_sign_in, session_of
from services.console.plain_pages import HEADERS, plain_page, refusal, wants_page
from services.console.sessions import Session, Sessions

LINK_USED = rule(
    "sign_in_link_used",
    zh="此登录链接已用过或已过期，请管理员重新发一个（lika up 启动时打印，或 lika token 签发令牌）。",
    en="This link was used or has expired; ask for another (lika up prints one, lika token makes a token).",
    source="Lika access rules",
    status=404,
)
ROWS = (
    AccessRow("show_sign_in", None, Relation.PUBLIC, "登录页", "The page of a one-time link"),
    AccessRow("sign_in", None, Relation.PUBLIC, "用一次性链接登录", "Sign in with a one-time link"),
)


def sign_in_router(
    links: OneTimeLinks, verifier: Verifier, sessions: Sessions, now: Callable[[], datetime]
) -> APIRouter:
    """A token that was revoked, or has ended since its link was made, is not given out. ``now``: the real clock."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    @router.get("/{code}", response_class=HTMLResponse)
    async def show_sign_in() -> Response:
        button = f'<form method="post"><button autofocus>{say("sign_in_button").line}</button></form>'
        return plain_page(say("sign_in_page"), button)

    @router.post("/{code}")
    async def sign_in(code: str, request: Request) -> Response:
        try:
            opened = [await _opened(verifier, token) for token in links.redeem(code)]
            if not opened:
                raise Refused(LINK_USED)
            for session in opened:
                record_sign_in(request.scope, session, f"{PATH}/{{code}}")
            if not wants_page(request):
                return JSONResponse({"token": opened[0].token}, headers=HEADERS)
            answer = RedirectResponse(f"{CONSOLE}/", 303, headers=HEADERS)
            for session in opened:
                answer.headers.append("Set-Cookie", sessions.cookie(request.scope, session, now()))
        except Refused as refused:
            return refusal(request, refused)
        return answer

    return router


async def _opened(verifier: Verifier, token: str) -> Session:
    """Raises ``Refused``."""
    try:
        session, _ = await session_of(verifier, token)
    except Unauthenticated:
        raise Refused(LINK_USED) from None
    return session
