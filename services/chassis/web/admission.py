"""What every request passes before its endpoint, in this order: who asks, whether they may, whether every name is known,
how large the body is, what shape it has. Nothing of a body is read for a caller who may not send it."""

from contextlib import ExitStack
from typing import Any

from fastapi import Request, params
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from services.chassis.ground.limits import LARGE_BODY, Limits
from services.chassis.ground.refusals import Refused
from services.chassis.security.access_table import AccessRow, AccessTable, AccessTableError
from services.chassis.web.callers import ACTOR, authenticate, current_actor
from services.chassis.web.command_route import FastPath
from services.chassis.web.commands import READ_BODY, READ_JSON, current_command
from services.chassis.web.json_bodies import check_shape, read_json
from services.chassis.web.position_tokens import HEADER
from services.chassis.web.problems import TOO_LARGE
from services.chassis.web.request_budgets import SCOPE_KEY
from services.chassis.web.request_names import KnownNames, dependants
from services.chassis.web.security_record import DISCLOSURE, ON_RECORD
from services.chassis.web.slots import Slots
from services.chassis.web.uploads import upload_slots

BODY_NOT_TAKEN = "body_not_taken"
_BODILESS = frozenset({"GET", "HEAD"})


class Admission:
    """The ASGI application of one route, around the framework's own. Everything about the route is found out when it is
    made; per request it costs some microseconds."""

    def __init__(self, route: Route, row: AccessRow, limits: Limits, slots: Slots) -> None:
        self.row = row
        operation = route if isinstance(route, APIRoute) else None
        asked = operation.dependant if operation is not None else Dependant()
        if row.is_public and not {current_actor, current_command}.isdisjoint(d.call for d in dependants(asked)):
            raise AccessTableError(f"{row.act} is public and asks for its caller")
        # A position is a known name everywhere: what rests on no view has always seen it.
        self.names = KnownNames(asked, (HEADER,))
        self._limits, self._slots, self._framework = limits, slots, route.app
        self._bodiless = route.methods is not None and route.methods <= _BODILESS
        self._is_upload = operation is not None and _takes_file(operation)
        self._has_form = operation is not None and operation.body_field is not None
        self._short = FastPath.of(operation) if operation is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.row.is_public:
            await self._admit(scope)
        self.names.check(scope)
        if self._bodiless:
            await self._framework(scope, receive, send)
            return
        with ExitStack() as slot:
            body = _Body(scope, receive, self._limits, slot, self._slots)
            if self._is_upload:
                body.start(self._limits.upload_bytes)
                await self._framework(scope, body.receive, send)
            else:
                body.start(self._limits.body_bytes)
                await self._with_whole_body(scope, await body.whole(), receive, send)

    async def _admit(self, scope: Scope) -> None:
        actor, budgets = await authenticate(scope), scope.get(SCOPE_KEY)
        if budgets is not None:
            budgets.spend(actor, self.row)
        self.row.check(actor)
        if self.row.discloses:
            scope[ON_RECORD] = DISCLOSURE

    async def _with_whole_body(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        scope[READ_BODY], content = body, None
        if body:
            if not self._has_form:
                raise RequestValidationError([{"type": BODY_NOT_TAKEN, "loc": ("body",)}])
            if _is_json(scope):
                content = scope[READ_JSON] = read_json(body, self._limits)
            else:
                check_shape(body, self._limits)
        if self._short is not None:
            response = await self._short.answer(Request(scope), content)
            if response is not None:
                await response(scope, receive, send)
                return
        await self._framework(scope, _again(body, receive), send)


class _Body:
    """The body of one request as it comes in."""

    def __init__(self, scope: Scope, receive: Receive, limits: Limits, slot: ExitStack, slots: Slots) -> None:
        self._scope, self._receive, self._slot, self._slots = scope, receive, slot, slots
        self._received, self._limit, self._is_large = 0, 0, False

    def start(self, limit: int) -> None:
        """Raises ``Refused`` for a body that says it is too large."""
        self._limit = limit
        self._check(_announced(self._scope))

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise Refused(TOO_LARGE, limit_bytes=self._limit)
        if size > LARGE_BODY and not self._is_large:
            self._is_large = True
            actor = self._scope.get(ACTOR)
            self._slot.enter_context(self._slots.one(actor.subject if actor else ""))

    async def receive(self) -> Message:
        """The next part. Raises ``HTTPException`` because of a ``Refused`` when they are too large together: any other
        error the framework takes for a broken form."""
        message = await self._receive()
        self._received += len(message.get("body", b""))
        try:
            self._check(self._received)
        except Refused as refused:
            raise HTTPException(refused.rule.status) from refused
        return message

    async def whole(self) -> bytes:
        """All parts. Raises ``HTTPException`` when the caller hangs up within them."""
        parts: list[bytes] = []
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise HTTPException(400)
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        return b"".join(parts)


def _takes_file(route: APIRoute) -> bool:
    is_form = route.body_field is not None and isinstance(route.body_field.field_info, params.Form)
    return is_form or "requestBody" in (route.openapi_extra or {})


def _announced(scope: Scope) -> int:
    """Bytes of the body, where the request says so, else 0."""
    length = _header(scope, b"content-length")
    return int(length[:20]) if length.isdigit() else 0


def _is_json(scope: Scope) -> bool:
    kind = _header(scope, b"content-type").partition(b";")[0].strip().lower()
    return kind == b"application/json" or (kind.startswith(b"application/") and kind.endswith(b"+json"))


def _header(scope: Scope, name: bytes) -> bytes:
    # ASGI servers give the names in lower case.
    return next((value for key, value in scope["headers"] if key == name), b"")


def _again(body: bytes, receive: Receive) -> Receive:
    """What the client sends, from the start."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again


def admit(routes: list[Any], access: AccessTable, limits: Limits) -> None:
    """Put an ``Admission`` before every route. Files of the documentation page (mounts) are not routes of ours. Raises
    ``AccessTableError`` where routes and rows do not agree."""
    slots = upload_slots(limits)
    own = [route for route in routes if isinstance(route, Route)]
    for route in own:
        route.app = Admission(route, access.row(route.name), limits, slots)
    access.require_routes(route.name for route in own)
