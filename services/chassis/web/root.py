"""One address for the services of a process: each under its name, and the process's own pages beside them."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Lifespan

from services.chassis.ground.limits import Limits
from services.chassis.security.access_table import AccessRow, AccessTable
from services.chassis.web.access_rows import DOCUMENTATION_ROWS, METRICS_ROW
from services.chassis.web.application import service_app
from services.chassis.web.metrics_page import metrics_router


def root_app(
    services: Mapping[str, ASGIApp],
    limits: Limits,
    lifespan: Lifespan[Router],
    routers: Sequence[APIRouter] = (),
    rows: Sequence[AccessRow] = (),
) -> Router:
    """``/metrics`` and the pages of ``routers``, to which ``rows`` admit, stand in an application beside the services and not
    around them: every request would pass a second stack of middleware. What fits no mount is that application's to
    refuse."""
    pages = service_app(
        name="house", title="立卡 Lika", routers=[*routers, metrics_router(limits.metrics_seconds)], limits=limits,
        access=AccessTable(*DOCUMENTATION_ROWS, METRICS_ROW, *rows),
    )  # fmt: skip
    mounts = [Mount(f"/{name}", app) for name, app in services.items()]
    return Router([*mounts, Mount("", pages)], redirect_slashes=False, default=pages, lifespan=lifespan)
