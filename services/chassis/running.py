"""The services of one process, started together and stopped together."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType

import anyio

from services.chassis.following.sources import LocalSource, Source
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.kafka.relay import Relay
from services.chassis.service import Service
from services.chassis.web.consequences import Ask, asked_here


@asynccontextmanager
async def run_services(
    services: Sequence[Service],
    kafka: Cluster | None = None,
    elsewhere: Mapping[str, Source] = MappingProxyType({}),
    asked: Mapping[str, Ask] = MappingProxyType({}),
) -> AsyncIterator[None]:
    """The services of one process, reading one another's logs in the databases beside them and those of ``elsewhere`` where
    these say, or all through the Kafka that is given; what that lacks still comes from there. ``asked``: services elsewhere that
    tell what would follow there."""
    here = {s.name: asked_here(s.foresight, s.wait_for_positions) for s in services if s.foresight is not None}
    for service in services:
        service.asks = {**asked, **here}
    beside = {**elsewhere, **{s.name: LocalSource(s.store) for s in services}}
    through: list[KafkaSource] = []
    try:
        for service in services:
            if kafka is None:
                service.start(beside)
                continue
            mine = {log: KafkaSource(log, kafka, beside[log]) for log in service.reads}
            through.extend(mine.values())
            hours = service.environment.settings.kafka_retention_hours
            service.start(mine, Relay(service.store, kafka, retention_hours=hours))
        yield
    finally:
        for service in services:
            service.halt()
        for service in reversed(services):
            await anyio.to_thread.run_sync(service.stop)
        for source in through:
            source.close()
