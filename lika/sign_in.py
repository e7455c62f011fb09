"""``/sign-in/CODE``: the page behind a one-time link. Looking at it uses nothing up; sending its form does: a browser is
signed in to the console, a program gets the token."""

from collections.abc import Callable
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from lika.messages import say
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.access_table import AccessRow, Relation
from services.chassis.security.one_time_links import PATH, OneTimeLinks
from services.chassis.security.verifier import Unauthenticated, Verifier
from services.chassis.web.routing import DeferredRouter
from services.console.cookies import PATH as CONSOLE
from services.console.cookies import cookie_name, set_cookie
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
PAGE_NOT_OPENED = rule(
    "sign_in_page_not_opened",
    zh="登录不是从本机打开的登录页提交的，或打开已超过一刻钟：请重新打开链接，再按登录（链接没有用掉）。",
    en="This was not sent from the sign-in page in this browser, or that was opened more than a quarter of an hour ago: open the"
    " link again and press the button (the link is not used up).",
    source="OWASP, login cross-site request forgery",
    status=403,
)
SHOWN = "lika-sign-in-page"
"""Cookie of a browser that was shown the page. It is Strict, so that no page of another site signs somebody in as an account
of its choice. ``Origin`` would not do: of a page with ``no-referrer`` it is ``null``."""
SHOWN_SECONDS = 15 * 60
ROWS = (
    AccessRow("show_sign_in", None, Relation.PUBLIC, "登录页", "The page of a one-time link"),
    AccessRow("sign_in", None, Relation.PUBLIC, "用一次性链接登录", "Sign in with a one-time link"),
)


def sign_in_router(
    links: OneTimeLinks, verifier: Verifier, sessions: Sessions, now: Callable[[], datetime]
) -> DeferredRouter:
    """A token that was revoked, or has ended since its link was made, is not given out. ``now``: the real clock."""
    router = DeferredRouter(prefix=PATH, include_in_schema=False)

    @router.get("/{code}", response_class=HTMLResponse)
    async def show_sign_in(request: Request) -> Response:
        button = f'<form method="post"><button autofocus>{say("sign_in_button").line}</button></form>'
        page = plain_page(say("sign_in_page"), button)
        shown = set_cookie(request.scope, SHOWN, "1", SHOWN_SECONDS, PATH, "Strict")
        page.headers.append("Set-Cookie", shown)
        return page

    @router.post("/{code}")
    async def sign_in(code: str, request: Request) -> Response:
        try:
            if wants_page(request) and cookie_name(request.scope, SHOWN) not in request.cookies:
                raise Refused(PAGE_NOT_OPENED)
            opened = [await _opened(verifier, token) for token in links.redeem(code)]
            if not opened:
                raise Refused(LINK_USED)
            for session in opened:
                record_sign_in(request.scope, session, f"{PATH}/{{code}}")
            if not wants_page(request):
                return JSONResponse({"token": opened[0].token}, headers=HEADERS)
            answer = RedirectResponse(f"{CONSOLE}/", 303, headers=HEADERS)
            for cookie in sessions.signed_in(request.scope, opened, now()):
                answer.headers.append("Set-Cookie", cookie)
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
