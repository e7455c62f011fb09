"""The caller of a request, as FastAPI dependencies.

Who asks, and whether they may, is decided by ``Admission`` before anything else of the request is looked at. It finds
what a route demands among the route's dependencies, so that an endpoint says it where it says everything else.
"""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers
from starlette.types import Scope

from contracts.roles import Role
from services.chassis.ground.refusals import FORBIDDEN, NOT_FOUND, Refused, Rule
from services.chassis.security.actor import Actor
from services.chassis.security.verifier import NOT_SIGNED_IN, Unauthenticated, Verifier

ACTOR = "lika.actor"
"""Key in the ASGI scope of the verified caller."""
EXPIRED_ACCOUNT = "lika.expired_account"
"""Key in the ASGI scope of the account whose genuine token has ended."""

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT", description="lika token")


async def authenticate(scope: Scope) -> Actor:
    """The verified caller, also left in the scope. Raises ``Unauthenticated`` (401). The verifier stands in
    ``app.state.verifier``."""
    scheme, _, token = Headers(scope=scope).get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(NOT_SIGNED_IN)
    verifier: Verifier = scope["app"].state.verifier
    try:
        scope[ACTOR] = actor = await verifier.actor(token)
    except Unauthenticated as refused:
        scope[EXPIRED_ACCOUNT] = refused.account
        raise
    return actor


async def current_actor(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Actor:
    """FastAPI dependency: the verified caller, whatever their role."""
    actor: Actor = request.scope[ACTOR]
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]


class RoleRequired:
    """What a caller must hold: one of ``roles``, else ``why`` (403); with ``everywhere`` also an area that is the whole
    installation's. Whoever has a smaller one finds nothing there (404)."""

    def __init__(self, *roles: Role, why: Rule = FORBIDDEN, everywhere: bool = False) -> None:
        self._roles, self._why, self._everywhere = roles, why, everywhere

    def check(self, actor: Actor) -> None:
        """Raises ``Refused``."""
        if refused := self.refusal(actor):
            raise refused

    def refusal(self, actor: Actor) -> Refused | None:
        """Why the caller may not, for who asks beforehand."""
        if not actor.has(*self._roles):
            return Refused(self._why)
        if self._everywhere and not actor.is_everywhere:
            return Refused(NOT_FOUND)
        return None


class require(RoleRequired):  # noqa: N801 - reads as the dependency that it is
    """FastAPI dependency: the caller if they hold one of the roles."""

    async def __call__(self, actor: CurrentActor) -> Actor:
        return actor


def require_everywhere(*roles: Role) -> require:
    """The same for what cannot be divided by area."""
    return require(*roles, everywhere=True)
