"""The caller of a request, as FastAPI dependencies."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from contracts.roles import Role
from services.chassis.ground.refusals import FORBIDDEN, NOT_FOUND, Refused, Rule
from services.chassis.security.actor import Actor
from services.chassis.security.verifier import NOT_SIGNED_IN, Unauthenticated, Verifier

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT", description="lika token")


async def actor_of(request: Request) -> Actor:
    """The verified caller. Raises ``Unauthenticated`` (401). The verifier stands in ``app.state.verifier``."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(NOT_SIGNED_IN)
    verifier: Verifier = request.app.state.verifier
    return await verifier.actor(token)


async def current_actor(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Actor:
    """FastAPI dependency: the verified caller, or 401."""
    return await actor_of(request)


CurrentActor = Annotated[Actor, Depends(current_actor)]


def require(*roles: Role, why: Rule = FORBIDDEN) -> Callable[[Actor], Awaitable[Actor]]:
    """FastAPI dependency: the caller if they hold one of ``roles``, else 403."""

    async def allowed(actor: CurrentActor) -> Actor:
        if not actor.has(*roles):
            raise Refused(why)
        return actor

    return allowed


def require_everywhere(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    """The same for what cannot be divided by area; whoever has a smaller one finds nothing there (404)."""

    async def allowed(actor: Annotated[Actor, Depends(require(*roles))]) -> Actor:
        if not actor.is_everywhere:
            raise Refused(NOT_FOUND)
        return actor

    return allowed
