"""The house: this project's word for all services of one machine, put together on one port. The only module that knows
every service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse
from starlette.routing import Router
from starlette.types import ASGIApp

from lika.messages import say
from lika.sign_in import ROWS as SIGN_IN_ROWS
from lika.sign_in import sign_in_router
from services.assistance import access as assistance_access
from services.assistance.service import assistance
from services.audit import access as audit_access
from services.audit.service import audit
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.security.one_time_links import OneTimeLinks
from services.chassis.security.tokens import LocalKey
from services.chassis.security.verifier import Verifier
from services.chassis.service import Environment, Service, run_services
from services.chassis.web.operations_app import operations_app
from services.chassis.web.root import root_app
from services.monitoring import access as monitoring_access
from services.monitoring.service import monitoring
from services.registry import access as registry_access
from services.registry.service import registry
from services.registry.vault.keys import VAULT, Vault

BUILDS: Mapping[str, Callable[[Environment], tuple[Service, FastAPI]]] = {
    "registry": registry,
    "assistance": assistance,
    "monitoring": monitoring,
    "audit": audit,
}
ACCESS: Mapping[str, AccessTable] = {
    "registry": registry_access.ACCESS,
    "assistance": assistance_access.ACCESS,
    "monitoring": monitoring_access.ACCESS,
    "audit": audit_access.ACCESS,
}
"""Who may do what in each service."""

PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>立卡 Lika</title>
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}
h1{{font-weight:600}}small{{color:#555}}</style>
<h1>立卡 <small>Lika</small></h1>
<p>{about.zh}<br>
<small>{about.en}</small></p>
<ul>{links}</ul></html>"""


STYLED_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a browser may do with the front page: it has a style within and no script."""


def front_page(services: Sequence[str]) -> str:
    """Links to each service's interface."""
    links = "".join(
        f'<li><a href="/{s}/docs">/{s}/docs</a> · <a href="/{s}/openapi.json">OpenAPI</a></li>' for s in services
    )
    return PAGE.format(links=links, about=say("front_page"))


@dataclass
class House:
    """All services of one machine, mounted on one port; ``operations``: how they are, for another."""

    app: Router
    services: Sequence[Service]
    key: LocalKey
    links: OneTimeLinks = field(default_factory=OneTimeLinks)
    operations: ASGIApp | None = None


def build(
    settings: Settings, conninfo: Callable[[str], str], simulated_from: datetime | None, kafka: str | None = None
) -> House:
    """Assemble the services; ``simulated_from`` counts only for logs that are still empty; ``kafka``: bootstrap servers
    of the broker through which they read one another."""
    environment = Environment(
        settings=settings,
        conninfo=conninfo,
        verifier=Verifier.of(settings, now=SystemClock().now),
        open_data_keys=cache(lambda: Vault.of(settings, conninfo(VAULT))),
        simulated_from=simulated_from,
    )
    built = [make(environment) for make in BUILDS.values()]
    all_services, links = [service for service, _ in built], OneTimeLinks()
    root = root_app(
        {service.name: app for service, app in built}, settings.limits, lambda _: run_services(all_services, kafka),
        [index_router(front_page(list(BUILDS))), sign_in_router(links, environment.verifier)], [INDEX_ROW, *SIGN_IN_ROWS],
    )  # fmt: skip
    operations = operations_app([service.checks() for service in all_services], settings.limits)
    return House(root, all_services, LocalKey.of(settings), links, operations)


INDEX_ROW = AccessRow("index", None, Relation.PUBLIC, "首页", "The front page")


def index_router(page: str) -> APIRouter:
    """``/``."""
    router = APIRouter()

    @router.get("/", include_in_schema=False, response_class=HTMLResponse)
    async def index() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": STYLED_PAGE})

    return router
