"""The log of a service that a test does not start, for those that read it: nothing was ever recorded there."""

import threading
from collections.abc import Iterable, Mapping
from typing import Self

from services.chassis.following.sources import REST, Page, Source
from services.chassis.log.digests import PublishedDigests
from services.chassis.log.store import Store
from services.chassis.service import Service


class EmptyLog:
    """Implements ``Source``. ``reader``: whose clock says what time it is."""

    def __init__(self, log: str, reader: Store) -> None:
        self._log, self._reader = log, reader

    @property
    def log(self) -> str:
        return self._log

    def read(self, cursor: int, limit: int) -> Page:
        return Page((), cursor, cursor, self._reader.now())

    def wait(self, cursor: int, stop: threading.Event) -> None:
        stop.wait(REST)

    def head(self) -> int:
        return 0

    def digests(self, stretch: int) -> PublishedDigests:
        return PublishedDigests(b"", b"")

    @property
    def producer(self) -> Self:
        return self


def logs_of_absent(services: Iterable[Service]) -> Mapping[str, Source]:
    """Of every service that one of these reads and that is none of them."""
    started = list(services)
    names = {service.name for service in started}
    return {log: EmptyLog(log, s.store) for s in started for log in s.reads if log not in names}
