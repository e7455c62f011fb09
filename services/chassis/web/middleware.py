"""ASGI middleware around every service: what no operation should have to look for itself."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.refusals import MALFORMED
from services.chassis.web.payloads import UNSTORABLE
from services.chassis.web.problems import TARGET_TOO_LONG, problem
from services.chassis.web.request_metrics import REFUSAL_CODE
from services.chassis.web.validation_errors import FieldError

DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"
"""Data are nothing to be shown, run or framed."""
PAGE_POLICY = (
    b"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    b" connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The documentation page's library starts itself by a script within the page."""
HTML = b"text/html"

PROTECTIVE: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", DATA_POLICY),
)


TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


class TargetGuard:
    """Refuses a path and query that are too long, or that have NUL: no name or code has one, and PostgreSQL would fail
    on it."""

    def __init__(self, app: ASGIApp, longest: int) -> None:
        self.app, self.longest = app, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path, query = scope["path"], scope["query_string"]
            if len(path) + len(query) > self.longest:
                scope[REFUSAL_CODE] = TARGET_TOO_LONG.code
                await problem(TARGET_TOO_LONG, facts={"limit_bytes": self.longest})(scope, receive, send)
                return
            in_path, in_query = "\x00" in path, b"%00" in query or b"\x00" in query
            if in_path or in_query:
                scope[REFUSAL_CODE] = MALFORMED.code
                message = CHASSIS.say("field_error.address_not_storable")
                error = FieldError(
                    parameter="path" if in_path else "query", code=UNSTORABLE, title=message.zh, title_en=message.en
                )
                await problem(MALFORMED, errors=[error])(scope, receive, send)
                return
        await self.app(scope, receive, send)


class AnswerHeaders:
    """Answers are not kept by caches or browsers, not guessed at, not framed, and tell nobody where a reader came from,
    unless the operation says otherwise itself. Over TLS, here or at a trusted proxy, the address is asked for over TLS only
    from then on (RFC 6797)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = protected(message["headers"])
                if scope.get("scheme") == "https":
                    message["headers"].append(TRANSPORT)
            await send(message)

        await self.app(scope, receive, marked)


def protected(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers with those that protect it. Starlette gives the names in lower case."""
    told = dict(headers)
    if told.get(b"content-type", b"").startswith(HTML) and b"content-security-policy" not in told:
        headers = [*headers, (b"content-security-policy", PAGE_POLICY)]
        told = dict(headers)
    return [*headers, *(each for each in PROTECTIVE if each[0] not in told)]
