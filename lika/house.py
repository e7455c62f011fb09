"""The house: this project's word for all services of one machine, put together on one port; or one of them, apart. The only
module that knows every service, each of which it imports when that one is to be: apart, the others would be half of a start."""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial

from fastapi import FastAPI
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from lika.messages import say
from lika.sign_in import ROWS as SIGN_IN_ROWS
from lika.sign_in import sign_in_router
from services.chassis.environment import Environment
from services.chassis.following.sources import HttpSource, Source
from services.chassis.ground.certificates import used_certificates
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.kafka.cluster import Cluster
from services.chassis.running import run_services
from services.chassis.security.access_table import AccessRow, Relation
from services.chassis.security.data_keys import DataKeys, SharedDataKeys
from services.chassis.security.one_time_links import OneTimeLinks
from services.chassis.security.peers import Peers
from services.chassis.security.tokens import LocalKey
from services.chassis.security.vault_client import VaultClient
from services.chassis.security.verifier import Verifier
from services.chassis.service import Service
from services.chassis.web.consequences import Ask, asked_elsewhere
from services.chassis.web.operations_app import operations_app
from services.chassis.web.root import root_app
from services.chassis.web.routing import DeferredRouter
from services.console.cookies import PATH as PAGES
from services.console.forwarding import Forwarder
from services.console.gateway import Gateway
from services.console.sessions import Sessions
from services.registry.vault.keys import VAULT, Vault

Built = tuple[Service, FastAPI]


def _registry(environment: Environment) -> Built:
    from services.registry.service import registry

    return registry(environment)


def _assistance(environment: Environment) -> Built:
    from services.assistance.service import assistance

    return assistance(environment)


def _monitoring(environment: Environment) -> Built:
    from services.monitoring.service import monitoring

    return monitoring(environment)


def _audit(environment: Environment) -> Built:
    from services.audit.service import audit

    return audit(environment)


BUILDS: Mapping[str, Callable[[Environment], Built]] = {
    "registry": _registry,
    "assistance": _assistance,
    "monitoring": _monitoring,
    "audit": _audit,
}

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
    """The services of one process, mounted on one port; ``operations``: how they are, for another."""

    root: Router
    services: Sequence[Service]
    settings: Settings
    links: OneTimeLinks = field(default_factory=OneTimeLinks)
    operations: ASGIApp | None = None
    elsewhere: Mapping[str, Source] = field(default_factory=dict)
    """Logs of services that are not among these, and that these read."""
    sessions: Sessions | None = None
    """Of browsers, where the console is among these."""

    @cached_property
    def app(self) -> ASGIApp:
        return self.root if self.sessions is None else Gateway(self.root, self.sessions, BUILDS, SystemClock().now)

    @property
    def interfaces(self) -> list[FastAPI]:
        """Whose OpenAPI documents are published."""
        return [m.app for m in self.root.routes if isinstance(m, Mount) and isinstance(m.app, FastAPI)]

    @cached_property
    def key(self) -> LocalKey:
        """That signs tokens, where there is no identity provider."""
        return LocalKey.of(self.settings)


def build(
    settings: Settings,
    conninfo: Callable[[str], str],
    simulated_from: datetime | None,
    kafka: Cluster | None = None,
    names: Sequence[str] = tuple(BUILDS),
    peers: Peers | None = None,
) -> House:
    """Assemble the services; ``simulated_from`` counts only for logs that are still empty; ``kafka``: through which they
    read one another; ``peers``: the services that are not among ``names``. Raises ``LogOlderThanViews``."""
    environment = Environment(
        settings=settings,
        conninfo=conninfo,
        verifier=Verifier.of(settings, now=SystemClock().now, here=names),
        open_data_keys=SharedDataKeys(partial(data_keys, settings, conninfo, peers)),
        simulated_from=simulated_from,
    )
    built = [BUILDS[name](environment) for name in names]
    here, links = [service for service, _ in built], OneTimeLinks()
    read = {log for service in here for log in service.reads}.difference(names)
    elsewhere = {log: HttpSource(log, peers.client(log)) for log in read} if peers is not None else {}
    asked = {} if peers is None else _asked_elsewhere(names, peers)
    apps: dict[str, ASGIApp] = {service.name: app for service, app in built}
    rows: tuple[AccessRow, ...] = (INDEX_ROW,)
    routers, sessions = [index_router(front_page(names))], None
    if peers is None:
        from services.console.service import console

        face = console(settings, environment.verifier, SystemClock().now)
        apps, sessions = {**apps, **face.apps}, face.sessions
        routers = [home_router(), sign_in_router(links, environment.verifier, sessions, SystemClock().now)]
        rows = (*HOME_ROWS, *SIGN_IN_ROWS)
    root = root_app(apps, settings.limits, lambda _: run_services(here, kafka, elsewhere, asked), routers, rows)
    operations = operations_app([service.checks() for service in here], settings.limits, used_certificates(settings))
    return House(root, here, settings, links, operations, elsewhere, sessions)


def _asked_elsewhere(names: Sequence[str], peers: Peers) -> Mapping[str, Ask]:
    """Whom the register, where it is among ``names``, asks what would follow from a command."""
    if "registry" not in names:
        return {}
    from services.registry.consequences.collecting import FORETOLD_BY

    return {name: asked_elsewhere(peers.client(name)) for name in FORETOLD_BY if name not in names}


def data_keys(settings: Settings, conninfo: Callable[[str], str], peers: Peers | None) -> DataKeys:
    """The vault, in this process or behind its address."""
    return Vault.of(settings, conninfo(VAULT)) if peers is None else VaultClient(peers.client(VAULT, whole_paths=True))


def build_vault(settings: Settings, conninfo: Callable[[str], str]) -> House:
    """The vault of data keys alone."""
    from services.registry.vault.service import vault

    app = vault(settings, conninfo(VAULT), Verifier.of(settings, now=SystemClock().now, here=[VAULT]))

    @asynccontextmanager
    async def closing_at_end(_: Router) -> AsyncIterator[None]:
        yield
        app.state.vault.close()

    root = root_app({VAULT: app}, settings.limits, closing_at_end, [index_router(front_page([VAULT]))], [INDEX_ROW])
    return House(
        root, (), settings, operations=operations_app([app.state.checks], settings.limits, used_certificates(settings))
    )


def build_console(settings: Settings) -> House:
    """The web console alone, before services elsewhere. Raises ``KeyFileExposed``."""
    from services.console.service import console

    face = console(settings, Verifier.of(settings, now=SystemClock().now), SystemClock().now)
    trusted = ssl.create_default_context(cafile=settings.peers_ca_file)
    forwarders = {name: Forwarder(name, settings.peers[name], trusted, settings.limits) for name in BUILDS}

    @asynccontextmanager
    async def closing_at_end(_: Router) -> AsyncIterator[None]:
        yield
        for forwarder in forwarders.values():
            await forwarder.close()

    root = root_app({**face.apps, **forwarders}, settings.limits, closing_at_end, [home_router()], HOME_ROWS)
    return House(
        root,
        (),
        settings,
        operations=operations_app([], settings.limits, used_certificates(settings)),
        sessions=face.sessions,
    )


INDEX_ROW = AccessRow("index", None, Relation.PUBLIC, "首页", "The front page")


HOME_ROWS = (INDEX_ROW, AccessRow("open_console", None, Relation.PUBLIC, "打开控制台", "To the console"))


def home_router() -> DeferredRouter:
    """``/`` and ``/console``: to the console."""
    router = DeferredRouter()

    @router.get("/", include_in_schema=False, response_class=RedirectResponse)
    async def index() -> RedirectResponse:
        return RedirectResponse(f"{PAGES}/")

    @router.get(PAGES, include_in_schema=False, response_class=RedirectResponse)
    async def open_console() -> RedirectResponse:
        return RedirectResponse(f"{PAGES}/")

    return router


def index_router(page: str) -> DeferredRouter:
    """``/``."""
    router = DeferredRouter()

    @router.get("/", include_in_schema=False, response_class=HTMLResponse)
    async def index() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": STYLED_PAGE})

    return router
