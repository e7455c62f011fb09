"""The caller of a request, as FastAPI dependencies.

Who asks, and whether they may, is decided by ``Admission`` before anything else of the request is looked at, from the
route's row in the access table: an endpoint names no roles.
"""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers
from starlette.types import Scope

from contracts.roles import Role
from services.chassis.security.actor import Actor
from services.chassis.security.verifier import NOT_SIGNED_IN, Unauthenticated, Verifier
from services.chassis.web.request_budgets import SCOPE_KEY, RequestBudgets

ACTOR = "lika.actor"
"""Key in the ASGI scope of the verified caller."""
EXPIRED_ACCOUNT = "lika.expired_account"
"""Key in the ASGI scope of the account whose genuine token has ended."""

SIGNED_IN = "lika.signed_in"
"""Key in the ASGI scope: a token that was not seen here before was accepted."""

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT", description="lika token")


async def authenticate(scope: Scope) -> Actor:
    """The verified caller, also left in the scope. Raises ``Unauthenticated`` (401). The verifier stands in
    ``app.state.verifier``."""
    budgets: RequestBudgets | None = scope.get(SCOPE_KEY)
    try:
        scheme, _, token = Headers(scope=scope).get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(NOT_SIGNED_IN)
        verifier: Verifier = scope["app"].state.verifier
        is_known = verifier.remembers(token)
        scope[ACTOR] = actor = await verifier.actor(token)
    except Unauthenticated as refused:
        scope[EXPIRED_ACCOUNT] = refused.account
        if budgets is not None:
            budgets.sign_in_failed(scope, refused.account)
        raise
    # Services sign a new token every few minutes.
    scope[SIGNED_IN] = not is_known and actor.roles != {Role.SERVICE}
    if budgets is not None and not is_known:
        budgets.signed_in(scope, actor)
    return actor


async def current_actor(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Actor:
    """FastAPI dependency: the verified caller, whom the access table lets through."""
    actor: Actor = request.scope[ACTOR]
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]
