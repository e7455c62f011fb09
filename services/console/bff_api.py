"""Backend for frontend: what the pages ask of the console itself. ``/session``: who is signed in in this browser."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Header, Path, Request, Response
from pydantic import BaseModel

from contracts.roles import Role
from services.chassis.ground.refusals import NOT_FOUND, Refused, Unavailable
from services.chassis.security.verifier import Verifier
from services.chassis.web.routing import DeferredRouter
from services.console.gateway import ACCOUNT, ACCOUNT_NOT_NAMED
from services.console.identity_provider import IdentityProvider
from services.console.labels import label_file
from services.console.sessions import Sessions


class HatAnswer(BaseModel):
    """An account that is signed in here. ``division``: its area, empty for everywhere; ``until``: when its session ends,
    by the server's clock, and in how many seconds."""

    account: str
    roles: list[Role]
    division: str
    until: datetime
    seconds_left: int


class SessionAnswer(BaseModel):
    """``labels``: digest of the labels, by which they are asked for; ``provider``: whether one signs in at an identity
    provider."""

    hats: list[HatAnswer]
    labels: str
    provider: bool


class EndingAnswer(BaseModel):
    """``provider``: address at which the browser ends its session at the identity provider, too."""

    provider: str | None


def bff_router(
    sessions: Sessions, verifier: Verifier, provider: IdentityProvider | None, now: Callable[[], datetime]
) -> DeferredRouter:
    """``now``: the real clock."""
    router = DeferredRouter()
    labels = label_file()

    @router.get("/session")
    async def read_session(request: Request) -> SessionAnswer:
        """Who is signed in in this browser; nobody is no error."""
        hats = []
        for session in sessions.all_of(request.scope, now()):
            try:
                actor = await verifier.actor(session.token)
            except Unavailable:
                raise
            except Refused:
                continue  # revoked meanwhile, or without a post
            hats.append(
                HatAnswer(
                    account=session.account,
                    roles=sorted(actor.roles),
                    division=actor.division,
                    until=session.until,
                    seconds_left=session.seconds_left(now()),
                )
            )
        return SessionAnswer(hats=hats, labels=labels.digest, provider=provider is not None)

    @router.post("/session/endings")
    async def end_session(
        request: Request, response: Response, account: Annotated[str | None, Header(alias=ACCOUNT.decode())] = None
    ) -> EndingAnswer:
        """Sign every account out of this browser."""
        if account is None:
            raise Refused(ACCOUNT_NOT_NAMED)
        for session in sessions.all_of(request.scope, now()):
            response.headers.append("Set-Cookie", sessions.ended(request.scope, session.account))
        return EndingAnswer(provider=None if provider is None else await provider.address_to_sign_out())

    @router.get("/labels/{digest}", response_class=Response)
    async def read_labels(digest: Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]) -> Response:
        """Labels of facts, fields and codes in both languages."""
        if digest != labels.digest:
            raise Refused(NOT_FOUND)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(labels.content, media_type="application/json", headers=headers)

    return router
