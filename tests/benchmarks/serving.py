"""Servers in child processes, all started the way the product starts: the registry, and its two floors."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from lika.house import House
from lika.http_server import Server
from services.chassis.environment import Environment
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.log.entries import COLUMNS
from services.chassis.running import run_services
from services.chassis.security.data_keys import SharedDataKeys
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.verifier import NOT_SIGNED_IN, Verifier
from services.chassis.web.problems import problem
from services.chassis.web.root import root_app
from services.registry.households.living_forms import HouseholdSurveyForm
from services.registry.service import registry
from services.registry.vault.keys import VAULT, Vault
from tests.benchmarks.environment import read_message, wait_for_end, write_line
from tests.benchmarks.stock_library import stock_environment
from tests.support.services import PEER_KEY, services_set

SURVEYS = "/registry/households/{household_id}/surveys"
INSERT = f"INSERT INTO log ({COLUMNS}) VALUES (%s, %s, %s, 'HouseholdSurveyed/1', %s, now(), %s, 'cadre-1')".encode()


def product(settings: Settings, databases: dict[str, str]) -> Router:
    """The registry alone, mounted as in production, with its consumers and timers."""
    peer = ServiceKey.made_at(settings.keys_dir / PEER_KEY, "audit")
    known = settings.model_copy(update={"services_jwks_file": services_set(settings.keys_dir, [peer])})
    verifier = Verifier.of(known, now=SystemClock().now, here=["registry"])
    keys = SharedDataKeys(partial(Vault.of, settings, databases[VAULT]))
    service, app = registry(Environment(settings, databases.__getitem__, verifier, keys))
    return root_app({"registry": app}, settings.limits, lambda _: run_services([service]))


def insert(_: Settings, conninfo: str, size: int, connections: int) -> FastAPI:
    """The least that a durable endpoint does: validate the form, insert one row with ``size`` bytes of payload, commit."""
    options = {"autocommit": True}
    pool = AsyncConnectionPool(conninfo, min_size=connections, max_size=connections, kwargs=options, open=False)
    numbers, payload = count(1), b"x" * size

    @asynccontextmanager
    async def open_pool(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            await pool.wait()
            yield

    app = FastAPI(lifespan=open_pool)

    @app.post(SURVEYS, status_code=201)
    async def survey(household_id: UUID, form: HouseholdSurveyForm) -> JSONResponse:
        number = next(numbers)
        async with pool.connection() as conn:
            row = (number, f"household-{household_id}", number, payload, uuid4())
            await conn.execute(INSERT, row, prepare=True)
        answer = {"location": f"/registry/households/{household_id}", "position": {"registry": number}}
        return JSONResponse(answer, status_code=201)

    return app


class Surveyed(Aggregate):
    """An aggregate with one event, that of its creation."""

    @event("Surveyed")
    def __init__(self, payload: str) -> None:
        self.payload = payload


def stock(_: Settings, conninfo: str, size: int, connections: int) -> FastAPI:
    """The eventsourcing library's ``Application.save``, with a new aggregate per request, so that nothing need be loaded."""
    sizes = {"POSTGRES_POOL_SIZE": str(connections), "POSTGRES_MAX_OVERFLOW": "0"}
    library: Application[UUID] = Application(env=stock_environment(conninfo, **sizes))
    [empty] = [library.mapper.to_stored_event(e) for e in Surveyed("").pending_events]
    payload = "x" * (size - len(empty.state))
    app = FastAPI()

    @app.post(SURVEYS, status_code=201)
    def survey(household_id: UUID, form: HouseholdSurveyForm) -> JSONResponse:
        [saved] = library.save(Surveyed(payload))
        answer = {"location": f"/registry/households/{household_id}", "position": {"registry": saved.notification.id}}
        return JSONResponse(answer, status_code=201)

    return app


def bare_refusal(_: Settings) -> Starlette:
    """The least that answers 401: one route, one answer made beforehand."""
    answer = problem(NOT_SIGNED_IN)

    async def refuse(_: Request) -> Response:
        return answer

    return Starlette(routes=[Route("/{path:path}", refuse, methods=["POST"])])


APPS: dict[str, Callable[..., Any]] = {
    "product": product,
    "insert": insert,
    "stock": stock,
    "bare_refusal": bare_refusal,
}


def main() -> None:
    """In a child: serve one of ``APPS`` with the arguments of the first message; prints its URL."""
    configure_logging("json", level=30)
    arguments = read_message()
    settings = Settings(data_dir=Path(arguments.pop("folder")), database_url=None)
    app = APPS[sys.argv[1]](settings, **arguments)
    with Server(House(app, [], settings), "127.0.0.1", 0) as url:
        write_line(url)
        wait_for_end()


if __name__ == "__main__":
    main()
