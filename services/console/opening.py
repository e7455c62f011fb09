"""Opening a session: a token is verified before a browser gets it, and every opening stands in the security log."""

from starlette.types import Scope

from services.chassis.ground.security_log import SECURITY, SecurityEvent
from services.chassis.security.actor import Actor
from services.chassis.security.verifier import Verifier
from services.console.access import CONSOLE
from services.console.sessions import Session


async def session_of(verifier: Verifier, token: str) -> tuple[Session, Actor]:
    """Raises ``Unauthenticated`` for a token that was revoked, has ended or is none, ``Refused`` for whom this installation
    does not serve, and ``Unavailable``."""
    actor, until = await verifier.signed_in(token)
    return Session(actor.subject, token, until), actor


def record_sign_in(scope: Scope, session: Session, route: str) -> None:
    """``route``: by which way."""
    client = scope.get("client")
    SECURITY.record(
        SecurityEvent(
            event="sign_in", service=CONSOLE, account=session.account, address=client[0] if client else None,
            method=scope["method"], route=route, status=303, code=None, request="",
        )
    )  # fmt: skip
