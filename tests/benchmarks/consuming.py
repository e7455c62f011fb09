"""Consuming a log with a view effect: copies, and every household folded again, as the audit does; over HTTP from the
producer's server in a process of its own, and without any transport, the entries being in memory already.

The loop is the product's own thread, with its batches and its pauses. A read beside the producer's database, as in one
house, is shown, too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from threading import Event
from time import monotonic

import httpx

from contracts.roles import Role
from services.audit.statements.feed import divisions_view, stock_view
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import HttpSource, LocalSource, Page, Source
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from services.chassis.security.tokens import LocalKey, issue_token
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground, child
from tests.benchmarks.seeding import plant
from tests.benchmarks.synthetic_households import lives
from tests.support.eventually import eventually

HOUSEHOLDS, FACTS = 500, 20
PATIENCE = 120.0


@contextmanager
def consumed(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as stack:
        registry, vault = stack.enter_context(ground.fresh("registry", "vault"))
        plant(lives(HOUSEHOLDS, FACTS), registry, vault, ground.settings, view=False)
        databases = {"registry": registry, "vault": vault}
        url = stack.enter_context(child("serving", "product", folder=str(ground.folder), databases=databases))
        client = stack.enter_context(reader(url, ground.settings))
        producer = Store("registry", registry, SystemClock())
        stack.callback(producer.close)
        entries, _ = producer.page(0, HOUSEHOLDS * FACTS)
        sources: Mapping[str, Callable[[], Source]] = {
            "ours": lambda: HttpSource("registry", client),
            "no transport": lambda: Remembered(entries),
            "the database beside": lambda: LocalSource(producer),
        }
        yield {name: partial(digested, ground, source, len(entries)) for name, source in sources.items()}


def reader(url: str, settings: Settings) -> httpx.Client:
    """A client of the registry for another service."""
    token = issue_token(
        LocalKey.of(settings), subject="audit", roles=[Role.SERVICE], division="99", ttl=timedelta(hours=2),
        now=SystemClock().now(),
    )  # fmt: skip
    return httpx.Client(base_url=f"{url}/registry", headers={"Authorization": f"Bearer {token}"}, timeout=30)


class Remembered:
    """A log in memory."""

    log = "registry"

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    def read(self, cursor: int, limit: int) -> Page:
        found = tuple(self._entries[cursor : cursor + limit])
        return Page(found, cursor, cursor + len(found), self._entries[-1].recorded_at)

    def wait(self, cursor: int, stop: Event) -> None:
        stop.wait(1)

    def head(self) -> int:
        return len(self._entries)


def digested(ground: Ground, source: Callable[[], Source], head: int) -> float:
    """Events a second into an empty audit, until the effect of the last is committed."""
    with ground.fresh("audit") as (audit,):
        store = Store("audit", audit, SystemClock())
        consumer = Consumer(store, source(), (stock_view(), divisions_view()), keeps_all=True)
        try:
            began = monotonic()
            consumer.start()
            eventually(lambda: consumer.position >= head, PATIENCE)
            seconds = monotonic() - began
        finally:
            consumer.stop()
            store.close()
    return head / seconds


CONSUMING = Contest("consuming with a view effect", consumed, rounds=3)
