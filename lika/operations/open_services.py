"""The services without their background work: for commands that work on their databases, whether they run or not."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from lika.databases import databases
from lika.deployment.opening import service_apart
from lika.deployment.requirements import require_complete
from lika.house import House, build
from services.chassis.following.sources import LocalSource, Source
from services.chassis.ground.settings import Settings
from services.chassis.service import Service


@dataclass(frozen=True, slots=True)
class OpenServices:
    """``by_name``: nothing consumes, no deadline is watched and nothing is served. ``sources``: the logs of these, and those
    that they read."""

    by_name: Mapping[str, Service]
    sources: Mapping[str, Source]


@contextmanager
def open_services(*names: str) -> Iterator[OpenServices]:
    """All services of a house. Where services are apart (``LIKA_PEERS``), the one of these names whose settings these are."""
    settings = Settings()
    with ExitStack() as stack:
        if settings.peers and len(names) == 1:
            require_complete(settings, names[0])
            house = stack.enter_context(service_apart(settings, names[0]))
        else:
            house = build(settings, stack.enter_context(databases(settings)), None)
        stack.callback(_stop, house)
        own = {service.name: service for service in house.services}
        yield OpenServices(own, {**house.elsewhere, **{name: LocalSource(s.store) for name, s in own.items()}})


def _stop(house: House) -> None:
    for service in reversed(house.services):
        service.stop()
