"""Relays that run for a test, and a log that cannot be reached."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from services.chassis.following.sources import LocalSource, Page
from services.chassis.kafka.relay import Relay


@contextmanager
def running_relays(*relays: Relay) -> Iterator[None]:
    for relay in relays:
        relay.start()
    try:
        yield
    finally:
        for relay in relays:
            relay.stop()


class UnreachableSource(LocalSource):
    """Gives the first entry, which identifies the log; raises ``ConnectError`` for any other."""

    def read(self, cursor: int, limit: int) -> Page:
        if (cursor, limit) != (0, 1):
            raise httpx.ConnectError("unreachable")
        return super().read(cursor, limit)
