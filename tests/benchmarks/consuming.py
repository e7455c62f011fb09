"""Consuming a log with a view effect, as the audit does: entries are copied and every household is folded again; over HTTP
from the producer's server in a process of its own, and without transport from entries in memory.

The loop is the product's own thread, with its batches and its pauses. Reading from the producer's database, as services
of one process do, is a variant in no row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event
from time import monotonic

import httpx

from services.audit.statements.feed import divisions_view, stock_view
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import HttpSource, LocalSource, Page, Source
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.log.digests import PublishedDigests
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from services.chassis.security.service_keys import ServiceKey
from tests.benchmarks import serving
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment, server_process
from tests.benchmarks.seeding import seed_registry
from tests.benchmarks.synthetic_households import synthetic_households
from tests.support.eventually import eventually
from tests.support.services import PEER_KEY, peer_client

HOUSEHOLDS, FACTS = 500, 20
TIMEOUT = 120.0


@contextmanager
def consuming_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with ExitStack() as stack:
        registry, vault = stack.enter_context(environment.fresh("registry", "vault"))
        seed_registry(synthetic_households(HOUSEHOLDS, FACTS), registry, vault, environment.settings, view=False)
        databases = {"registry": registry, "vault": vault}
        url = stack.enter_context(
            server_process(serving.__name__, "product", folder=str(environment.folder), databases=databases)
        )
        client = stack.enter_context(registry_client(url, environment.settings))
        producer = Store("registry", registry, SystemClock())
        stack.callback(producer.close)
        entries, _ = producer.page(0, HOUSEHOLDS * FACTS)
        sources: Mapping[str, Callable[[], Source]] = {
            "ours": lambda: HttpSource("registry", client),
            "no transport": lambda: InMemorySource(entries),
            "the database beside": lambda: LocalSource(producer),
        }
        yield {name: partial(consume, environment, source, len(entries)) for name, source in sources.items()}


def registry_client(url: str, settings: Settings) -> httpx.Client:
    """The audit as an HTTP client of the registry."""
    return peer_client(ServiceKey.made_at(settings.keys_dir / PEER_KEY, "audit"), "registry", f"{url}/registry")


class InMemorySource:
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

    def digests(self, stretch: int) -> PublishedDigests:
        return PublishedDigests(b"", b"")

    @property
    def producer(self) -> Source:
        return self


def consume(environment: BenchmarkEnvironment, source: Callable[[], Source], head: int) -> float:
    """Consume a log into an empty audit; events a second until the effect of the last is committed."""
    with environment.fresh("audit") as (audit,):
        store = Store("audit", audit, SystemClock())
        consumer = Consumer(store, source(), (stock_view(), divisions_view()), keeps_all=True)
        try:
            started = monotonic()
            consumer.start()
            eventually(lambda: consumer.position >= head, TIMEOUT)
            seconds = monotonic() - started
        finally:
            consumer.stop()
            store.close()
    return head / seconds


CONSUMING = Benchmark("consuming with a view effect", consuming_variants, rounds=3)
