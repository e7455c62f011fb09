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
from services.console.sessions import PATH as CONSOLE
from services.console.sessions import TOKEN_TOO_LONG, Session, Sessions

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
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
}
PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>立卡 Lika</title>
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}
button{{font:inherit;padding:.6rem 1.6rem;background:#1F5AA6;color:#fff;border:0;border-radius:4px}}small{{color:#555}}</style>
<h1>立卡 <small>Lika</small></h1>
<p>{about.zh}<br><small>{about.en}</small></p>
{content}</html>"""


def sign_in_router(
    links: OneTimeLinks, verifier: Verifier, sessions: Sessions, now: Callable[[], datetime]
) -> APIRouter:
    """A token that was revoked, or has ended since its link was made, is not given out. ``now``: the real clock."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    @router.get("/{code}", response_class=HTMLResponse)
    async def show_sign_in() -> Response:
        button = f'<form method="post"><button autofocus>{say("sign_in_button").line}</button></form>'
        return HTMLResponse(PAGE.format(about=say("sign_in_page"), content=button), headers=HEADERS)

    @router.post("/{code}")
    async def sign_in(code: str, request: Request) -> Response:
        tokens, opened = links.redeem(code), []
        if not tokens:
            raise Refused(LINK_USED)
        for token in tokens:
            try:
                actor, until = await verifier.signed_in(token)
            except Unauthenticated:
                raise Refused(LINK_USED) from None
            opened.append(Session(actor.subject, token, until))
        if "text/html" not in request.headers.get("Accept", ""):
            return JSONResponse({"token": tokens[0]}, headers=HEADERS)
        answer = RedirectResponse(f"{CONSOLE}/", 303, headers=HEADERS)
        for session in opened:
            cookie = sessions.cookie(session, now())
            if cookie is None:
                raise Refused(TOKEN_TOO_LONG)
            answer.headers.append("Set-Cookie", cookie)
        return answer

    return router
