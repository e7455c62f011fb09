"""The house: this project's word for all services of one machine, put together on one port. The only module that knows
every service."""

import gc
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse
from starlette.routing import Router

from lika.messages import say
from lika.sign_in import ROWS as SIGN_IN_ROWS
from lika.sign_in import sign_in_router
from services.assistance import access as assistance_access
from services.assistance.service import assistance
from services.audit import access as audit_access
from services.audit.service import audit
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.limits import Limits
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.security.one_time_links import OneTimeLinks
from services.chassis.security.tokens import LocalKey
from services.chassis.security.verifier import Verifier
from services.chassis.service import Environment, Service, run_services
from services.chassis.web.connections import uvicorn_options
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
    """All services of one machine, mounted on one port."""

    app: Router
    services: Sequence[Service]
    key: LocalKey
    links: OneTimeLinks = field(default_factory=OneTimeLinks)


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
        [index_router(front_page(list(BUILDS))), sign_in_router(links)], [INDEX_ROW, *SIGN_IN_ROWS],
    )  # fmt: skip
    return House(root, all_services, LocalKey.of(settings), links)


INDEX_ROW = AccessRow("index", None, Relation.PUBLIC, "首页", "The front page")


def index_router(page: str) -> APIRouter:
    """``/``."""
    router = APIRouter()

    @router.get("/", include_in_schema=False, response_class=HTMLResponse)
    async def index() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": STYLED_PAGE})

    return router


def tune_garbage_collection() -> None:
    """What has been set up by now stays, and a group of commands holds thousands of objects for some milliseconds:
    Python's collector of cycles would walk through all of them again and again, for a third of a server's time. Cycles
    are rare; some megabytes of them may wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


class PortTaken(ExplainedError):
    """Nobody can be served on this port."""

    def __init__(self) -> None:
        super().__init__(say("port_taken"))


class Server(threading.Thread):
    """uvicorn in a thread; entered, it gives its address once it answers. Raises ``PortTaken``."""

    def __init__(self, house: House, host: str, port: int, limits: Limits | None = None) -> None:
        super().__init__(name="http", daemon=True)
        options = uvicorn_options(limits or Limits())
        self._server = uvicorn.Server(uvicorn.Config(house.app, host=host, port=port, **options))
        self._host = host

    def run(self) -> None:
        self._server.run()

    def __enter__(self) -> str:
        self.start()
        while not self._server.started:
            self.join(0.02)
            if not self.is_alive():
                raise PortTaken
        tune_garbage_collection()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://{self._host}:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self.join()

    def wait(self) -> None:
        """As long as it runs."""
        while self.is_alive():
            self.join(1.0)
