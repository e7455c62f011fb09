"""Pages without a script, for what a browser is shown before it is signed in: both languages, and what to do."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.web.problems import problem
from services.chassis.web.request_metrics import REFUSAL_CODE
from services.console.cookies import PATH

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
}
PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>立卡 Lika</title>
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1B2430}}
button,.button{{display:inline-block;font:inherit;padding:.6rem 1.6rem;background:#1F5AA6;color:#fff;border:0;border-radius:4px;
text-decoration:none}}small{{color:#56616F}}</style>
<main><h1>立卡 <small lang="en">Lika</small></h1>
<p>{about.zh}<br><small lang="en">{about.en}</small></p>
{content}</main></html>"""


def plain_page(about: Message, content: str, status: int = 200) -> HTMLResponse:
    """``content``: HTML, in which nothing stands that a caller sent."""
    return HTMLResponse(PAGE.format(about=about, content=content), status, headers=HEADERS)


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer, in a browser."""
    return "text/html" in request.headers.get("Accept", "")


def refusal(request: Request, refused: Refused) -> Response:
    """A page for persons, a problem for programs."""
    why = refused.rule
    request.scope[REFUSAL_CODE] = why.code
    if not wants_page(request):
        return problem(why, facts=refused.facts, headers=refused.headers)
    content = (
        f'<p><small><code>{why.code}</code> {escape(why.source)}</small></p>'
        f'<p><a class="button" href="{PATH}/sign-in">重新登录 / sign in again</a></p>'
    )  # fmt: skip
    page = plain_page(Message(why.code, escape(why.zh), escape(why.en)), content, why.status)
    page.headers.update(refused.headers)
    return page
