"""The HTTP face that all services share: one way to build the application, and problems for all that goes wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import structlog
from eventsourcing import persistence
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from psycopg import InterfaceError, OperationalError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Lifespan

from contracts.canonical import UnknownType
from services.chassis.ground.labels import LABELS
from services.chassis.ground.limits import Limits
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.security.access_table import AccessTable
from services.chassis.security.verifier import Verifier
from services.chassis.web.admission import admit
from services.chassis.web.labelled_schemas import with_labels
from services.chassis.web.middleware import AnswerHeaders, TargetGuard
from services.chassis.web.next_steps import PublishedActs
from services.chassis.web.open_acts import OpenActs, SubjectActs
from services.chassis.web.paging import listed_by
from services.chassis.web.payloads import Body, Day, Instant, Text
from services.chassis.web.problems import (
    RESPONSES,
    Incidents,
    Problem,
    database_away,
    http_error,
    malformed,
    problem,
    refused,
    release_outdated,
    with_problem_schema,
    with_signed_commands,
)
from services.chassis.web.request_metrics import RequestMetrics
from services.chassis.web.routing import DeferredRouter

__all__ = [
    "RESPONSES",
    "Body",
    "Day",
    "Instant",
    "Problem",
    "Text",
    "Unavailable",
    "problem",
    "service_app",
]


class Exports(Protocol):
    """Lists as files, beside their pages."""

    def of(self, route: APIRoute, item: type[BaseModel]) -> ASGIApp:
        """Instead of the route's own application, which gives the pages. ``item``: what the route lists."""

    def answers(self, responses: Mapping[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
        """``responses`` of a list, with the files."""


Completion = Callable[[dict[str, Any]], None]
"""Completes an OpenAPI document in its place."""


def service_app(
    *,
    name: str,
    title: str,
    routers: Sequence[DeferredRouter],
    access: AccessTable,
    lifespan: Lifespan[FastAPI] | None = None,
    verifier: Verifier | None = None,
    limits: Limits | None = None,
    exports: Exports | None = None,
    subjects: Mapping[str, SubjectActs] | None = None,
    besides: Completion | None = None,
) -> FastAPI:
    """The application of one service, to be mounted at ``/name`` or served alone. ``exports``: writes lists to files;
    ``subjects``: template of a path → which acts are open on such a subject; ``besides``: adds to the OpenAPI document what no
    route says, before it is labelled.

    ``verifier`` may also be set by the lifespan, as ``app.state.verifier``. Operation ids are the endpoints' function
    names, so these must differ within a service; ``access`` has a row for each. Raises ``AccessTableError`` otherwise.
    """
    if not structlog.is_configured():
        configure_logging("console")  # what structlog does by itself prints tracebacks with the values of variables
    # The documentation page brings its own scripts: a government network has no way to a public one.
    app = FastAPIOffline(
        title=title,
        version="1",
        lifespan=lifespan,
        responses=RESPONSES,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
        redoc_url=None,
    )
    limits = limits or Limits()
    app.state.service = name
    app.state.verifier = verifier
    for router in routers:
        _take_in(app, router, name, exports)
    app.state.access = access
    app.state.published_acts = PublishedActs.of(name, app.routes, access)
    app.state.open_acts = OpenActs.of(name, app.state.published_acts, subjects or {})
    admit(app.routes, access, limits)
    for kind, handler in {
        Refused: refused,
        RequestValidationError: malformed,
        HTTPException: http_error,
        OperationalError: database_away,
        InterfaceError: database_away,
        UnknownType: release_outdated,
        # The library's recorder tells the same in its own words.
        persistence.OperationalError: database_away,
        persistence.InterfaceError: database_away,
    }.items():
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]
    # Last added is outermost.
    app.add_middleware(TargetGuard, longest=limits.target_bytes)
    app.add_middleware(Incidents, service=name)
    app.add_middleware(AnswerHeaders)
    app.add_middleware(RequestMetrics, service=name)
    _document(app, access, besides)
    return app


def _take_in(app: FastAPI, router: DeferredRouter, tag: str, exports: Exports | None) -> None:
    """Every operation becomes one of the application's own: through a router within the router each request is matched
    twice, at a tenth of its cost."""
    for operation in router.operations:
        options = {**operation.options, "tags": operation.options["tags"] or [tag]}
        listed = listed_by(operation.endpoint)
        if exports is not None and listed is not None:
            options["responses"] = exports.answers(options["responses"] or {})
        app.router.add_api_route(operation.path, operation.endpoint, **options)
        if exports is not None and listed is not None:
            own = app.router.routes[-1]
            assert isinstance(own, APIRoute)
            own.app = exports.of(own, listed)


def _operation_id(route: APIRoute) -> str:
    return route.name


def _document(app: FastAPI, access: AccessTable, besides: Completion | None) -> None:
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = with_signed_commands(with_problem_schema(generate()))
            if besides is not None:
                besides(document)
            app.openapi_schema = with_labels(document, access, LABELS)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
