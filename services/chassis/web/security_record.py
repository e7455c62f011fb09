"""What of a request stands in the security log."""

import secrets
from collections.abc import Iterator
from uuid import UUID

from starlette.types import Scope

from contracts.roles import Role
from services.chassis.ground.security_log import AS_UUID, SECURITY, SecurityEvent
from services.chassis.web.callers import ACTOR, EXPIRED_ACCOUNT, SIGNED_IN

REQUEST_HEADER = b"lika-request"
"""Names the line, or lines, about this request."""
ON_RECORD = "lika.on_record"
"""Key in the ASGI scope under which a route leaves what it did that is to be on record: a name of an event."""
ON_RECORD_COUNT = "lika.on_record.count"
"""Key in the ASGI scope: of how many, where a route says so."""
DISCLOSURE, EXPORT = "disclosure", "export"
REFUSED = frozenset({401, 403, 404, 429})
"""404 is also what lies outside the caller's area."""


def events_of(scope: Scope, status: int) -> list[str]:
    """Names of the events that a request with this answer is, mostly none."""
    return list(_events(scope, status))


def _events(scope: Scope, status: int) -> Iterator[str]:
    if scope.get(SIGNED_IN):
        yield "sign_in"
    if status in REFUSED:
        yield "refused"
    elif status < 400:
        if (done := scope.get(ON_RECORD)) is not None:
            yield done
        actor = scope.get(ACTOR)
        if actor is not None and scope["method"] != "GET" and actor.has(Role.OPERATOR):
            yield "operator_act"


def request_number() -> str:
    return secrets.token_hex(8)


def record(
    scope: Scope,
    events: list[str],
    number: str,
    *,
    service: str,
    method: str,
    route: str,
    status: int,
    code: str | None,
) -> None:
    actor, client = scope.get(ACTOR), scope.get("client")
    for event in events:
        SECURITY.record(
            SecurityEvent(
                event=event, service=service, account=actor.subject if actor is not None else scope.get(EXPIRED_ACCOUNT),
                address=client[0] if client else None, method=method, route=route, object=_object(scope), status=status,
                code=code, request=number, count=scope.get(ON_RECORD_COUNT) if event == scope.get(ON_RECORD) else None,
            )
        )  # fmt: skip


def _object(scope: Scope) -> UUID | None:
    """The first id in the path. What else stands there may be somebody's."""
    values = map(str, scope.get("path_params", {}).values())
    return next((UUID(value) for value in values if AS_UUID.fullmatch(value)), None)
