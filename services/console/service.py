"""The web console: pages for people, over the services' own interfaces."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from starlette.routing import Route, Router

from services.chassis.ground.settings import Settings
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import service_app
from services.chassis.web.operations_api import operations_router
from services.console.access import ACCESS
from services.console.bff_api import bff_router
from services.console.built_files import BuiltFiles
from services.console.forms_api import forms_router
from services.console.sessions import Sessions

CONSOLE = "console"


def backend_for_frontend(
    settings: Settings, sessions: Sessions, verifier: Verifier, now: Callable[[], datetime]
) -> FastAPI:
    """What the pages ask of the console itself, to be mounted at ``/console/bff``. ``now``: the real clock."""
    return service_app(
        name=CONSOLE,
        title="立卡 · 控制台 / Lika console",
        routers=[bff_router(sessions, verifier, now), forms_router(), operations_router({})],
        access=ACCESS,
        limits=settings.limits,
    )


def pages() -> Router:
    """The pages, to be mounted at ``/console``. What stands in an address after ``?`` is theirs alone."""
    files = BuiltFiles.at()
    return Router(
        routes=[Route("/assets/{digest}/{name:path}", files.asset), Route("/{page:path}", files.page)],
        redirect_slashes=False,
    )
