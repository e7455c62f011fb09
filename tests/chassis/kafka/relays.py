"""Relays that run for a test, what they have to relay, and a producer that answers no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import httpx

from services.chassis.following.sources import LocalSource, Page
from services.chassis.kafka.relay import Relay
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from tests.chassis.sample import enrolled, stream_of


@contextmanager
def running(*relays: Relay) -> Iterator[None]:
    for relay in relays:
        relay.start()
    try:
        yield
    finally:
        for relay in relays:
            relay.stop()


def fill(store: Store, count: int) -> UUID:
    """Append in one commit; the log's lineage."""

    def work(tx: Tx) -> None:
        for _ in range(count):
            household = uuid4()
            tx.append(stream_of(household), enrolled(household))

    store.transact(work)
    return store.page(0, 1)[0][0].command_id


class Refuses(LocalSource):
    """Gives the first entry, which names the log, and is away for anything else."""

    def read(self, cursor: int, limit: int) -> Page:
        if (cursor, limit) != (0, 1):
            raise httpx.ConnectError("away")
        return super().read(cursor, limit)
