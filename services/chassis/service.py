"""A running service: its store, its consumers and timers, and its HTTP face, assembled the same way every time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import anyio
import structlog
from fastapi import FastAPI

from services.chassis.environment import Environment
from services.chassis.following.consumer import Consumer
from services.chassis.following.copied_types import note_copied_types
from services.chassis.following.foresight import Foresight
from services.chassis.following.idle_transactions import IdleTransactionWatchdog
from services.chassis.following.reactions import Reaction
from services.chassis.following.sources import LocalSource, Source
from services.chassis.ground.background import Background
from services.chassis.ground.metrics import relay_lag, relay_leads
from services.chassis.integrity.comparing import copied_logs
from services.chassis.integrity.continuous import ContinuousComparison
from services.chassis.kafka.relay import Relay
from services.chassis.log.formats import readable_facts
from services.chassis.log.replicas import Replica, require_readable
from services.chassis.log.store import Store
from services.chassis.log.timers import Handler, Timers
from services.chassis.security.access_table import AccessTable
from services.chassis.service_metrics import service_metrics
from services.chassis.views import editions
from services.chassis.web.access_api import access_router
from services.chassis.web.application import Completion, Exports, service_app
from services.chassis.web.clock_api import SimulatedClockHeader, clock_router
from services.chassis.web.consequences import Ask, consequences_router
from services.chassis.web.integrity import IntegrityHeader, integrity_router
from services.chassis.web.log_api import log_router
from services.chassis.web.metrics_page import SCRAPED, ScrapedGauges
from services.chassis.web.open_acts import SubjectActs
from services.chassis.web.open_acts_api import open_acts_router
from services.chassis.web.operations_api import Check, operations_router
from services.chassis.web.positions import wait_for
from services.chassis.web.previews import Previews
from services.chassis.web.provisional import Progress, ProvisionalHeader
from services.chassis.web.routing import DeferredRouter

log = structlog.get_logger("lika.service")


@dataclass
class Service:
    """One service of Lika. ``reads``: other logs and the reactions to them; ``views``: reactions to its own log;
    ``keeps_all``: copy every entry read, known or not (the audit); ``background``: other threads that run with it;
    ``at_start``: what comes before anything is consumed or served, in an upgrade when the former release is gone;
    ``closes``: what else to close at the end; ``access``: who may do what over HTTP, by default nobody anything; ``foresight``: what
    would follow here from facts that are not recorded yet. ``asks``: every service that has one, once this one is started;
    ``previews``: who collects what they say."""

    name: str
    title: str
    environment: Environment
    store: Store
    views: Sequence[Reaction] = ()
    reads: Mapping[str, Sequence[Reaction]] = field(default_factory=dict)
    deadlines: Mapping[str, Handler] = field(default_factory=dict)
    keeps_all: bool = False
    background: Sequence[Background] = ()
    at_start: Sequence[Callable[[], None]] = ()
    closes: Sequence[Callable[[], None]] = ()
    access: AccessTable = field(default_factory=AccessTable)
    foresight: Foresight | None = None
    consumers: dict[str, Consumer] = field(default_factory=dict, init=False)
    asks: Mapping[str, Ask] = field(default_factory=dict, init=False)
    previews: Previews | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        formats = readable_facts()
        require_readable(self.store, formats)
        with self.store.reading() as conn:
            self._outdated = editions.adopt(conn, self.name, {self.name: self.views, **self.reads})
        self._note_copied_types()
        self._replica = Replica(self.store, formats, on_beat=self._prepare, on_outdated=self.halt)
        self._unprepared = [self._note_copied_types, *self.at_start]
        self.timers = Timers(self.store, self.deadlines)
        self._watch = IdleTransactionWatchdog(self.store)
        self._measured: tuple[ScrapedGauges, ...] = ()
        self._relay: Relay | None = None
        self._comparison: ContinuousComparison | None = None
        self._threads: Sequence[Background] = ()

    def app(
        self,
        *routers: DeferredRouter,
        exports: Exports | None = None,
        subjects: Mapping[str, SubjectActs] | None = None,
        besides: Completion | None = None,
    ) -> FastAPI:
        """The HTTP face with the parts every service has: log, clock, health, and what the caller may. ``subjects``,
        ``besides``: as ``service_app`` has them."""
        built = service_app(
            name=self.name,
            title=self.title,
            routers=[
                *routers,
                *([] if self.foresight is None else [consequences_router(self.foresight, self.wait_for_positions)]),
                access_router(self.access),
                open_acts_router(self.wait_for_positions),
                log_router(self.store),
                integrity_router(self.store),
                clock_router(self.store, self.timers),
                operations_router({"database": self._database_answers, "consumers": self._consumers_run}),
            ],
            access=self.access,
            verifier=self.environment.verifier,
            limits=self.environment.settings.limits,
            exports=exports,
            subjects=subjects,
            besides=besides,
        )
        built.state.store, built.state.previews = self.store, self.previews
        built.state.digest_key = max(self.environment.settings.load_index_keys().items())[1]
        built.add_middleware(SimulatedClockHeader, clock=self.store.clock)
        built.add_middleware(ProvisionalHeader, catching_up=self.catching_up)
        built.add_middleware(IntegrityHeader, open_differences=self.open_differences)
        return built

    def start(self, sources: Mapping[str, Source], relay: Relay | None = None) -> None:
        """Start consuming, watching deadlines and relaying. ``sources``: where each log in ``reads`` is read from. Raises
        ``ReleaseOutdated``."""
        self._threads = (self._watch,)
        self._watch.start()  # a process that stands still with the append lock would keep this one from registering
        self._replica.register()
        self._prepare()
        self._replica.start()
        for view in self._outdated:
            log.warning("view_outdated", service=self.name, reaction=view)
        self.consumers[self.name] = Consumer(self.store, LocalSource(self.store), self.views)
        for name, reactions in self.reads.items():
            self.consumers[name] = Consumer(self.store, sources[name], reactions, keeps_all=self.keeps_all)
        for consumer in self.consumers.values():
            consumer.start()
        copied = copied_logs(self.reads, sources, keeps_all=self.keeps_all)
        share = self.environment.settings.comparison_share
        self._comparison = ContinuousComparison(self.store, copied, share=share)
        others = (self.timers, self._comparison, *self.background)
        self._threads = (*self._threads, *others)
        for thread in others:
            thread.start()
        self._measured = service_metrics(
            self.store, self.timers, tuple(self.consumers.values()), self.environment.settings.data_dir
        )
        if relay is not None:
            self._relay = relay
            relay.start()
            gauges = relay_leads.labels(self.name), relay_lag.labels(self.name)
            self._measured += (ScrapedGauges(gauges, lambda: (relay.leads, relay.lag())),)
        SCRAPED.extend(self._measured)

    def stop(self) -> None:
        """End what ``start`` began, then close the store."""
        for measured in self._measured:
            SCRAPED.remove(measured)
        self._measured = ()
        self.halt()
        for consumer in self.consumers.values():
            consumer.stop()
        for thread in self._threads:
            thread.stop()
        if self._relay is not None:
            self._relay.stop()
        self._replica.stop()
        self.store.close()
        for close in self.closes:
            close()

    def halt(self) -> None:
        """Ask every thread to end before waiting for the first."""
        for consumer in self.consumers.values():
            consumer.halt()
        for thread in self._threads:
            thread.halt()
        if self._relay is not None:
            self._relay.halt()
        self._replica.halt()
        self.store.wake()

    def _prepare(self) -> None:
        """What a release brings with it, such as the texts it ships, waits until no replica of another one is left: the
        former could not read it."""
        while self._unprepared and self._replica.alone_in_release:
            self._unprepared[0]()
            del self._unprepared[0]

    def _note_copied_types(self) -> None:
        if not self.keeps_all:
            with self.store.reading() as conn:
                note_copied_types(conn, self.name, self.reads)

    def open_differences(self) -> int:
        """Entries of this service's log and copies that are known to differ from their digests."""
        return self._comparison.open_differences if self._comparison is not None else 0

    def reached(self, log_name: str) -> int | None:
        """How far this service's answers reflect a log; ``None`` for a log they do not depend on."""
        consumer = self.consumers.get(log_name)
        return consumer.position if consumer else None

    def catching_up(self) -> dict[str, Progress]:
        """The logs that this service's answers do not reflect to the end yet: position reached, and head."""
        return {
            name: (consumer.position, consumer.head)
            for name, consumer in self.consumers.items()
            if not consumer.caught_up and (name in self.reads or self.views)
        }

    async def wait_for_positions(self, positions: Mapping[str, int]) -> None:
        """Wait until answers reflect these positions. Raises ``Unavailable`` (503) after five seconds."""
        await wait_for(positions, self.reached)

    def checks(self) -> dict[str, Check]:
        """What the process's readiness asks of this service."""
        return {f"{self.name}.database": self._database_answers, f"{self.name}.consumers": self._consumers_run}

    async def _database_answers(self) -> bool:
        await anyio.to_thread.run_sync(self.store.head, abandon_on_cancel=True)
        return True

    async def _consumers_run(self) -> bool:
        return all(c.runs for c in self.consumers.values())
