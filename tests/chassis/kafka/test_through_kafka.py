"""From a fact appended in one service to its effect committed in another, through Kafka: once, whatever happens."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fastapi import FastAPI

from contracts.facts import Recorded
from contracts.roles import Role
from services.chassis.environment import Environment
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource, Source
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.kafka.relay import Relay
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from tests.chassis.conftest import OpenStore
from tests.chassis.kafka.relays import UnreachableSource, running_relays
from tests.chassis.sample import FOLLOWED, append_households, rows, sample
from tests.support.access import NO_ROUTES
from tests.support.eventually import eventually
from tests.support.kafka import own_kafka
from tests.support.running import lika
from tests.support.topics import Topics


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(f"log{uuid4().hex[:8]}")


class Writes:
    """Reaction: one row per fact, so that a fact digested twice shows."""

    name = "writes"
    appends = False
    types = FOLLOWED

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            tx.cur.execute("INSERT INTO digested VALUES (%s, %s)", (fact.position, fact.stream))


@pytest.fixture
def reader(open_store: OpenStore, database: Callable[[str], str]) -> Store:
    conninfo = database("chassis")
    with psycopg.connect(conninfo, autocommit=True) as conn:
        conn.execute("CREATE TABLE service.digested (position bigint, stream text)")
    return open_store("reader", conninfo)


@contextmanager
def choreography(store: Store, reader: Store, cluster: Cluster, refill: Source) -> Iterator[tuple[Relay, Consumer]]:
    """One service relays, another consumes."""
    source = KafkaSource(store.name, cluster, refill)
    consumer = Consumer(reader, source, [Writes()])
    with running_relays(relay := Relay(store, cluster)):
        consumer.start()
        try:
            yield relay, consumer
        finally:
            consumer.stop()
            source.close()


def effects(reader: Store) -> list[int]:
    return [p for (p,) in rows(reader, "SELECT position FROM digested ORDER BY position")]


def test_what_one_service_appends_takes_effect_in_another_once_through_kafka_alone(
    store: Store, reader: Store, kafka: Cluster
) -> None:
    append_households(store, 100)
    with choreography(store, reader, kafka, UnreachableSource(store)) as (_, consumer):
        for _ in range(20):
            append_households(store, 7)
        eventually(lambda: consumer.position == 240)
        assert consumer.runs
    assert effects(reader) == list(range(1, 241))


@pytest.mark.long_run
def test_it_does_so_whatever_happens_to_the_broker(store: Store, reader: Store) -> None:
    with own_kafka() as own:
        own.start()
        topic = Topics(own.cluster, store.name)
        happenings: Sequence[tuple[Callable[[], object], bool]] = (
            (lambda: None, True), (own.kill, False), (own.start, True), (topic.delete, True)
        )  # fmt: skip
        head = 0
        with choreography(store, reader, own.cluster, LocalSource(store)) as (relay, consumer):
            for happens, up in happenings:
                happens()
                for _ in range(10):
                    append_households(store, 7)
                    head += 7
                eventually(lambda h=head: consumer.position == h)  # type: ignore[misc]
                if up:
                    eventually(lambda h=head: relay.acknowledged == h, within=60)  # type: ignore[misc]
            assert consumer.failing is None
    assert effects(reader) == list(range(1, head + 1))


def follower(environment: Environment) -> tuple[Service, FastAPI]:
    """A service that reads the sample's log."""
    store = open_store("follower", environment)
    with store.reading() as conn:
        conn.execute("CREATE TABLE service.digested (position bigint, stream text)")
    service = Service("follower", "Follower", environment, store, reads={"sample": [Writes()]}, access=NO_ROUTES)
    return service, service.app()


def test_services_that_are_given_a_broker_read_one_another_through_it_and_tell_how_it_goes(
    database: Callable[[str], str], tmp_path: Path, kafka: Cluster
) -> None:
    with lika([sample, follower], database, tmp_path, kafka=kafka) as house:
        cadre = house.client_for("cadre-1", "", Role.CADRE)
        for _ in range(5):
            assert cadre.post(f"/sample/households/{uuid4()}/enrolments", {}).status_code == 201
        follows = house.services["follower"].store
        eventually(lambda: effects(follows) == [1, 2, 3, 4, 5])
        wanted = {
            'lika_relay_leads{service="sample"} 1.0',
            'lika_relay_lag{service="sample"} 0.0',
            'lika_relay_leads{service="follower"} 1.0',
        }
        eventually(lambda: wanted <= set(house.operations.get("/metrics").text.splitlines()))
        assert cadre.post(f"/sample/households/{uuid4()}/enrolments", {}).status_code == 201
        eventually(lambda: effects(follows) == [1, 2, 3, 4, 5, 6])
        lineage = house.services["sample"].store.page(0, 1)[0][0].command_id
        eventually(lambda: [p for p in Topics(kafka, "sample").positions(lineage) if p] == [1, 2, 3, 4, 5, 6])
