"""The relay: every entry of a log comes into its topic, in order, whoever dies meanwhile."""

import threading
from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg
import pytest

from services.chassis.following.sources import LocalSource
from services.chassis.kafka import relay as relay_module
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.kafka.relay import RELAY_LOCK, Relay
from services.chassis.kafka.topic import LARGEST
from services.chassis.log.entries import Entry
from services.chassis.log.store import Store
from tests.chassis.conftest import OpenStore
from tests.chassis.kafka.relays import UnreachableSource, running_relays
from tests.chassis.sample import append_households, insert_entry
from tests.support.databases import as_superuser
from tests.support.eventually import eventually
from tests.support.kafka import own_kafka
from tests.support.topics import Topics


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(f"log{uuid4().hex[:8]}")


@pytest.fixture
def topic(store: Store, kafka: Cluster) -> Topics:
    return Topics(kafka, store.name)


def positions(topic: Topics, lineage: UUID) -> list[int]:
    found = topic.positions(lineage)
    assert None not in found
    return [p for p in found if p is not None]


def test_what_was_appended_before_and_after_comes_into_the_topic_in_order(
    store: Store, topic: Topics, kafka: Cluster
) -> None:
    relay = Relay(store, kafka)
    lineage = append_households(store, 2500)
    with running_relays(relay):
        eventually(lambda: relay.acknowledged == 2500)
        append_households(store, 30)
        eventually(lambda: relay.acknowledged == 2530)
        assert (relay.leads, relay.lag()) == (True, 0)
    assert positions(topic, lineage) == list(range(1, 2531))
    assert not relay.leads


def test_a_log_that_is_still_empty_is_waited_for(store: Store, topic: Topics, kafka: Cluster) -> None:
    relay = Relay(store, kafka)
    with running_relays(relay):
        eventually(lambda: relay.leads)
        lineage = append_households(store, 3)
        eventually(lambda: relay.acknowledged == 3)
    assert positions(topic, lineage) == [1, 2, 3]


def test_a_relay_that_starts_again_goes_on_where_the_topic_ends(store: Store, topic: Topics, kafka: Cluster) -> None:
    lineage = append_households(store, 10)
    for n in range(1, 4):
        relay = Relay(store, kafka)
        with running_relays(relay):
            eventually(lambda r=relay, n=n: r.acknowledged == 10 * n)  # type: ignore[misc]
        append_households(store, 10)
    assert positions(topic, lineage) == list(range(1, 31))


def test_of_two_relays_one_sends_and_the_other_takes_over(
    store: Store, open_store: OpenStore, topic: Topics, kafka: Cluster
) -> None:
    other_process = open_store(store.name, store._conninfo)
    first, second = Relay(store, kafka), Relay(other_process, kafka)
    lineage = append_households(store, 20)
    with running_relays(second):
        with running_relays(first):
            for n in range(2, 6):
                eventually(lambda n=n: max(first.acknowledged, second.acknowledged) == 20 * (n - 1))  # type: ignore[misc]
                append_households(store, 20)
                eventually(lambda n=n: max(first.acknowledged, second.acknowledged) == 20 * n)  # type: ignore[misc]
                assert sorted((first.leads, second.leads)) == [False, True]
                assert (first if second.leads else second).lag() == 0
        append_households(store, 20)
        eventually(lambda: second.acknowledged == 120)
        assert second.leads
    assert positions(topic, lineage) == list(range(1, 121))


def test_a_relay_whose_connection_is_cut_leads_no_longer(
    store: Store, open_store: OpenStore, topic: Topics, kafka: Cluster
) -> None:
    first = Relay(store, kafka)
    second = Relay(open_store(store.name, store._conninfo), kafka)
    lineage = append_households(store, 5)
    with running_relays(first):
        eventually(lambda: first.acknowledged == 5)
        with running_relays(second):
            assert release(store) == 1
            eventually(lambda: second.leads and not first.leads)
            append_households(store, 5)
            eventually(lambda: second.acknowledged == 10)
    assert positions(topic, lineage) == list(range(1, 11))


def release(store: Store) -> int:
    """End the session that holds the relay's lock, as a broken connection does; how many there were."""
    with psycopg.connect(store._conninfo, autocommit=True) as conn:
        return conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (RELAY_LOCK,),
        ).rowcount


@pytest.mark.long_run
def test_a_relay_that_wakes_after_its_turn_only_repeats_itself(
    store: Store, open_store: OpenStore, topic: Topics, kafka: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep, awake = threading.Event(), threading.Event()

    def sleeps(point: str) -> None:
        if point == "relay.read" and threading.current_thread() is paused:
            asleep.set()
            awake.wait()

    monkeypatch.setattr(relay_module, "reach", sleeps)
    paused = Relay(store, kafka)
    successor = Relay(open_store(store.name, store._conninfo), kafka)
    lineage = append_households(store, 10)
    with running_relays(paused):
        assert asleep.wait(15)
        assert release(store) == 1
        with running_relays(successor):
            append_households(store, 10)
            eventually(lambda: successor.acknowledged == 20)
            awake.set()
            eventually(lambda: not paused.leads)
            append_households(store, 10)
            eventually(lambda: successor.acknowledged == 30)
    found = positions(topic, lineage)
    assert list(dict.fromkeys(found)) == list(range(1, 31))
    assert len(found) > 30
    source = KafkaSource(store.name, kafka, UnreachableSource(store))
    assert [e.position for e in read_all(source, 30)] == list(range(1, 31))
    source.close()


def read_all(source: KafkaSource, head: int) -> Sequence[Entry]:
    found: list[Entry] = []
    while len(found) < head:
        found += source.read(len(found), 500).entries
    return found


@pytest.mark.long_run
def test_a_broker_that_is_killed_loses_nothing_and_holds_up_no_append(store: Store) -> None:
    with own_kafka() as own:
        own.start()
        relay = Relay(store, own.cluster)
        lineage = append_households(store, 50)
        with running_relays(relay):
            eventually(lambda: relay.acknowledged == 50)
            own.kill()
            append_households(store, 50)
            assert relay.lag() >= 50
            own.start()
            eventually(lambda: relay.acknowledged == 100, within=60)
        assert positions(Topics(own.cluster, store.name), lineage) == list(range(1, 101))


@pytest.mark.long_run
def test_a_topic_that_is_deleted_is_made_anew_and_filled(store: Store, topic: Topics, kafka: Cluster) -> None:
    relay = Relay(store, kafka)
    lineage = append_households(store, 10)
    with running_relays(relay):
        eventually(lambda: relay.acknowledged == 10)
        topic.delete()
        append_households(store, 10)
        eventually(lambda: relay.acknowledged == 20)
    assert positions(topic, lineage) == list(range(1, 21))


@pytest.mark.long_run
def test_a_topic_that_shrank_under_the_relay_is_looked_at_again(store: Store, topic: Topics, kafka: Cluster) -> None:
    relay = Relay(store, kafka)
    lineage = append_households(store, 10)
    with running_relays(relay):
        eventually(lambda: relay.acknowledged == 10)
        topic.delete()
        topic.create()
        append_households(store, 5)
        eventually(lambda: relay.acknowledged == 15)
        append_households(store, 5)
        eventually(lambda: relay.acknowledged == 20)
    assert positions(topic, lineage)[-5:] == list(range(16, 21))


def test_an_empty_topic_starts_near_the_head(
    store: Store, topic: Topics, kafka: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "BACKFILL", 4)
    lineage = append_households(store, 10)
    relay = Relay(store, kafka)
    with running_relays(relay):
        eventually(lambda: relay.acknowledged == 10)
    assert positions(topic, lineage) == [7, 8, 9, 10]


@pytest.mark.long_run
def test_strangers_at_the_end_of_the_topic_do_not_hide_where_it_stands(
    store: Store, topic: Topics, kafka: Cluster
) -> None:
    lineage = append_households(store, 10)
    with running_relays(relay := Relay(store, kafka)):
        eventually(lambda: relay.acknowledged == 10)
    for _ in range(15):
        topic.put(uuid4(), store.page(0, 2)[0])
    append_households(store, 5)
    with running_relays(relay := Relay(store, kafka)):
        eventually(lambda: relay.acknowledged == 15)
    assert topic.positions(lineage) == [*range(1, 11), *[None] * 15, *range(11, 16)]


def test_to_a_topic_that_holds_what_the_log_does_not_nothing_is_added(
    store: Store, topic: Topics, kafka: Cluster
) -> None:
    lineage = append_households(store, 10)
    with running_relays(relay := Relay(store, kafka)):
        eventually(lambda: relay.acknowledged == 10)
    with psycopg.connect(
        as_superuser(store._conninfo), autocommit=True
    ) as conn:  # the log is restored from an older copy
        conn.execute("SET session_replication_role = replica")
        conn.execute("DELETE FROM log WHERE notification_id > 8")
    append_households(store, 5)
    before = topic.bounds()
    with running_relays(relay := Relay(store, kafka)):
        eventually(lambda: relay.waits_for is not None)
        assert relay.waits_for == "TopicDiverged"
        assert (relay.lag(), topic.bounds()) == (13, before)
        topic.delete()
        eventually(lambda: relay.acknowledged == 13)
    assert positions(topic, lineage) == list(range(1, 14))


def test_an_entry_too_large_for_the_broker_stays_out_and_readers_get_it_all_the_same(
    store: Store, topic: Topics, kafka: Cluster
) -> None:
    lineage = append_households(store, 2)
    insert_entry(store, "stream-x", "Large/1", b'{"x":"%s"}' % (b"y" * LARGEST))
    append_households(store, 2)
    insert_entry(store, "stream-x", "Large/1", b'{"x":"%s"}' % (b"y" * (LARGEST - 8000)))
    insert_entry(store, "stream-x", "Large/1", b'{"x":"%s"}' % (b"y" * LARGEST))
    with running_relays(relay := Relay(store, kafka)):
        eventually(lambda: relay.acknowledged == 7)
        assert relay.lag() == 0
    assert positions(topic, lineage) == [1, 2, 4, 5, 6]
    source = KafkaSource(store.name, kafka, LocalSource(store))
    assert read_all(source, 7) == store.page(0, 10)[0]
    source.close()
