"""ASGI guards in front of every service: what no operation should have to look for itself."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.refusals import MALFORMED
from services.chassis.web.payloads import UNSTORABLE
from services.chassis.web.problems import TOO_LARGE, problem
from services.chassis.web.request_metrics import REFUSAL_CODE
from services.chassis.web.validation_errors import FieldError

MEGABYTE = 1024 * 1024
JSON_LIMIT = 4 * MEGABYTE
"""Bytes of a JSON body. It is parsed in memory as a whole; files are not, and have their own limit."""

PRIVATE = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class BodyLimit:
    """Refuses a body that says it is too large before a byte of it is read, and one that does not say so in time."""

    def __init__(self, app: ASGIApp, upload_limit: int) -> None:
        self.app = app
        self.upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced, limit = _announced(scope), self.upload_limit
        if limit > JSON_LIMIT and _is_json(scope):
            limit = JSON_LIMIT
        if announced > limit:
            scope[REFUSAL_CODE] = TOO_LARGE.code
            await problem(TOO_LARGE, facts={"limit_bytes": limit})(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


def _announced(scope: Scope) -> int:
    """Bytes of the body, where the request says so, else 0."""
    length = _header(scope, b"content-length")
    return int(length[:20]) if length.isdigit() else 0


def _is_json(scope: Scope) -> bool:
    kind = _header(scope, b"content-type").partition(b";")[0].strip().lower()
    return kind == b"application/json" or kind.endswith(b"+json")


def _header(scope: Scope, name: bytes) -> bytes:
    # ASGI servers give the names in lower case.
    return next((value for key, value in scope["headers"] if key == name), b"")


class RejectNul:
    """Refuses NUL in path and query: no name or code has one, and PostgreSQL would fail on it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            query = scope.get("query_string", b"")
            in_path, in_query = "\x00" in scope["path"], b"%00" in query or b"\x00" in query
            if in_path or in_query:
                scope[REFUSAL_CODE] = MALFORMED.code
                message = CHASSIS.say("field_error.address_not_storable")
                error = FieldError(
                    parameter="path" if in_path else "query", code=UNSTORABLE, title=message.zh, title_en=message.en
                )
                await problem(MALFORMED, errors=[error])(scope, receive, send)
                return
        await self.app(scope, receive, send)


class NoStoreByDefault:
    """Answers are not kept by caches or browsers unless the operation says that they may be."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in PRIVATE if each[0] not in told)]
            await send(message)

        await self.app(scope, receive, marked)
