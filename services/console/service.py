"""The web console: pages for people, over the services' own interfaces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.ground.settings import Settings
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import service_app
from services.chassis.web.middleware import AnswerHeaders
from services.chassis.web.operations_api import operations_router
from services.chassis.web.problems import METHOD_NOT_ALLOWED, problem
from services.console.access import ACCESS, CONSOLE
from services.console.bff_api import bff_router
from services.console.built_files import BuiltFiles
from services.console.forms_api import forms_router
from services.console.identity_provider import IdentityProvider
from services.console.provider_routes import ProviderRoutes
from services.console.sealing import Seal
from services.console.sessions import Sessions


@dataclass(frozen=True)
class Console:
    """``apps``: by the address that each answers under, a longer one before what it begins with."""

    sessions: Sessions
    apps: Mapping[str, ASGIApp]


def console(settings: Settings, verifier: Verifier, now: Callable[[], datetime]) -> Console:
    """``now``: the real clock. Raises ``KeyFileExposed``."""
    seal = Seal.of(settings)
    sessions = Sessions(seal)
    provider = IdentityProvider(settings.oidc, now) if settings.oidc.issuer else None
    apps: dict[str, ASGIApp] = {f"{CONSOLE}/bff": _backend_for_frontend(settings, sessions, verifier, provider, now)}
    if provider is not None:
        apps[f"{CONSOLE}/provider"] = ProviderRoutes(provider, seal, verifier, now).app
    return Console(sessions, {**apps, CONSOLE: _pages()})


def _backend_for_frontend(
    settings: Settings, sessions: Sessions, verifier: Verifier, provider: IdentityProvider | None,
    now: Callable[[], datetime],
) -> FastAPI:  # fmt: skip
    """What the pages ask of the console itself."""
    return service_app(
        name=CONSOLE,
        title="立卡 · 控制台 / Lika console",
        routers=[bff_router(sessions, verifier, provider, now), forms_router(), operations_router({})],
        access=ACCESS,
        limits=settings.limits,
    )


def _pages() -> ASGIApp:
    """What stands in an address after ``?`` is the pages' alone."""
    files = BuiltFiles.at()
    router = Router(
        routes=[Route("/assets/{digest}/{name:path}", files.asset), Route("/{page:path}", files.page)],
        redirect_slashes=False,
    )
    refusal = problem(METHOD_NOT_ALLOWED, facts={"methods": "GET, HEAD"}, headers={"Allow": "GET, HEAD"})

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        await (router if scope["method"] in ("GET", "HEAD") else refusal)(scope, receive, send)

    return AnswerHeaders(read)
