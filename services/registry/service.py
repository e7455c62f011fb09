"""The registry, put together."""

from fastapi import FastAPI

from services.chassis.service import Environment, Service, open_store
from services.registry.divisions import store as divisions
from services.registry.divisions.api import divisions_router

NAME = "registry"


def registry(environment: Environment) -> tuple[Service, FastAPI]:
    """The service and its HTTP face."""
    store = open_store(NAME, environment)
    service = Service(
        name=NAME,
        title="Lika registry",
        environment=environment,
        store=store,
        views=(divisions.view(),),
    )
    return service, service.app(divisions_router(service, divisions.Divisions(store)))
