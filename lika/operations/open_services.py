"""The services without their background work: for commands that work on their databases, whether they run or not."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lika.databases import databases
from lika.house import build
from services.chassis.ground.settings import Settings
from services.chassis.service import Service


@contextmanager
def open_services() -> Iterator[Mapping[str, Service]]:
    """Every service by name. Nothing consumes, no deadline is watched and nothing is served."""
    settings = Settings()
    with databases(settings) as conninfo:
        house = build(settings, conninfo, None)
        try:
            yield {service.name: service for service in house.services}
        finally:
            for service in reversed(house.services):
                service.stop()
