"""Producers for audit to read: stub services that have nothing but a log, on a clock the test steps."""

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import uuid4

from fastapi import FastAPI

from contracts.civil import SHANGHAI
from contracts.facts import Fact, HouseholdFact, published
from services.chassis.environment import Environment
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from tests.support.access import NO_ROUTES
from tests.support.recorded import stream_of
from tests.support.running import Lika


@published("AuditTestAidGranted")
class AidGranted(HouseholdFact, frozen=True, kw_only=True):
    """A fact of another service about a household."""

    programme: str


def stub_service(name: str) -> Callable[[Environment], tuple[Service, FastAPI]]:
    """A service that has a log and nothing else."""

    def build(environment: Environment) -> tuple[Service, FastAPI]:
        service = Service(
            name=name, title=name, environment=environment, store=open_store(name, environment), access=NO_ROUTES
        )
        return service, service.app()

    return build


class Producer:
    """Appends to the log of a stub service: ``append(day, *facts)`` records them on that day in Shanghai; their ids."""

    def __init__(self, running: Lika, name: str) -> None:
        self._running, self._store = running, running.services[name].store

    @property
    def store(self) -> Store:
        return self._store

    def append(self, day: date, *facts: Fact) -> list[str]:
        clock = self._store.clock
        assert isinstance(clock, SimulatedClock)
        clock.step(datetime.combine(day, time(9), SHANGHAI))
        ids = self._store.transact(lambda tx: [i for fact in facts for i in tx.append(stream_of(fact), fact)])
        self._running.positions[self._store.name] = self._store.head().position
        return ids

    def insert_raw(self, stream: str, topic: str, payload: bytes) -> None:
        """An entry that this release would not write: of a type that came with a later one."""
        with self._store.reading() as conn:
            conn.execute(
                "INSERT INTO log SELECT %s, coalesce(max(originator_version) FILTER (WHERE originator_id = %s), 0) + 1, %s, %s,"
                " max(notification_id) + 1, max(recorded_at) + interval '1 second', %s, 'cadre-1' FROM log",
                (stream, stream, topic, payload, uuid4()),
            )
        self._running.positions[self._store.name] = self._store.head().position
