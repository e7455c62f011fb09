"""The house: this project's word for all services of one machine, put together on one port. The only module that knows
every service."""

import gc
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

import services
from lika.messages import say
from services.assistance.service import assistance
from services.audit.service import audit
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings, database_name
from services.chassis.ground.structured_logging import UVICORN
from services.chassis.postgres.databases import server_databases
from services.chassis.postgres.embedded import EmbeddedPostgres
from services.chassis.postgres.migrate import CHASSIS_MIGRATIONS, migrate
from services.chassis.postgres.watchdog import DatabaseWatchdog
from services.chassis.security.tokens import LocalKey
from services.chassis.security.verifier import Verifier
from services.chassis.service import Environment, Service, run_services
from services.chassis.web.problems import http_error
from services.monitoring.service import monitoring
from services.registry.service import registry
from services.registry.vault.keys import VAULT, Vault

FOLDER = Path(services.__file__).parent
BUILDS: Mapping[str, Callable[[Environment], tuple[Service, FastAPI]]] = {
    "registry": registry,
    "assistance": assistance,
    "monitoring": monitoring,
    "audit": audit,
}
CASEWORK_MIGRATIONS = FOLDER / "casework" / "migrations"
CASEWORK = dict.fromkeys(("registry", "assistance"), (CASEWORK_MIGRATIONS,))
"""Services that run procedures."""
MIGRATIONS = {
    **{name: (CHASSIS_MIGRATIONS, *CASEWORK.get(name, ()), FOLDER / name / "migrations") for name in BUILDS},
    VAULT: (FOLDER / "registry" / VAULT / "migrations",),
}

PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>立卡 Lika</title>
<style>body{{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}
h1{{font-weight:600}}small{{color:#555}}</style>
<h1>立卡 <small>Lika</small></h1>
<p>{about.zh}<br>
<small>{about.en}</small></p>
<ul>{links}</ul></html>"""


def front_page(services: Sequence[str]) -> str:
    """Links to each service's interface."""
    links = "".join(
        f'<li><a href="/{s}/docs">/{s}/docs</a> · <a href="/{s}/openapi.json">OpenAPI</a></li>' for s in services
    )
    return PAGE.format(links=links, about=say("front_page"))


@contextmanager
def databases(settings: Settings) -> Iterator[Callable[[str], str]]:
    """Every service's migrated database, on the server of ``DATABASE_URL`` or on an embedded one."""
    names = {database_name(name): name for name in MIGRATIONS}
    with ExitStack() as stack:
        if settings.database_url:
            conninfos = server_databases(settings.database_url.get_secret_value(), names)
        else:
            embedded = stack.enter_context(EmbeddedPostgres(settings.data_dir / "postgres"))
            stack.enter_context(DatabaseWatchdog(embedded))
            conninfos = embedded.ensure_databases(names)
        for database, name in names.items():
            migrate(conninfos[database], MIGRATIONS[name])
        yield lambda name: conninfos[database_name(name)]


@dataclass
class House:
    """All services of one machine, mounted on one port."""

    app: Starlette
    services: Sequence[Service]
    key: LocalKey


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
    all_services = [service for service, _ in built]
    # Not a FastAPI application of its own: every request would pass a second stack of middleware.
    index = Route("/", lambda _: HTMLResponse(front_page(list(BUILDS))))
    mounts = [Mount(f"/{service.name}", app) for service, app in built]
    handlers: dict[Any, Any] = {HTTPException: http_error}
    root = Starlette(
        routes=[index, *mounts], lifespan=lambda _: run_services(all_services, kafka), exception_handlers=handlers
    )
    return House(root, all_services, LocalKey.of(settings))


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

    def __init__(self, house: House, host: str, port: int) -> None:
        super().__init__(name="http", daemon=True)
        self._server = uvicorn.Server(uvicorn.Config(house.app, host=host, port=port, **UVICORN))
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
