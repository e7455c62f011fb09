"""The child processes of the Kafka benchmark: the consuming service, and kafka-python's producer and consumer."""

import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from services.audit.statements.feed import divisions_view, stock_view
from services.chassis.following.consumer import Consumer
from services.chassis.following.reactions import Reaction
from services.chassis.following.sources import LocalSource, Page
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.log.store import Store
from tests.benchmarks.environment import answer, messages, read_message
from tests.benchmarks.propagation import CommitRecordingConsumer, catch_up

BATCH_BYTES = 256 << 10
LINGER_MS = 5
FETCH_BYTES = 8 << 20
MAX_RECORDS = 10_000


class CountingFallbackSource(LocalSource):
    """The producer's database, from which a Kafka source refills gaps; counts the entries read from it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.entries = 0

    def read(self, cursor: int, limit: int) -> Page:
        page = super().read(cursor, limit)
        if cursor:  # the first entry identifies the log
            self.entries += len(page.entries)
        return page


class KafkaFollower:
    """A consumer that reads through Kafka from its cursor on."""

    def __init__(self, producer: Store, store: Store, bootstrap: str, views: Sequence[Reaction]) -> None:
        self._fallback = CountingFallbackSource(producer)
        self._source = KafkaSource("registry", Cluster(bootstrap), self._fallback)
        self._consumer = CommitRecordingConsumer(store, self._source, views, keeps_all=True)
        self._consumer.start()

    def wait_for(self, position: int) -> tuple[float, int]:
        """The time at which a position was committed, and how many entries did not come through Kafka since the last call."""
        at, refilled = self._consumer.wait_for(position), self._fallback.entries
        self._fallback.entries = 0
        return at, refilled

    def stop(self) -> None:
        self._consumer.stop()
        self._source.close()


def service(config: Any) -> None:
    """The service: consumes from a ``begin`` to an ``end``, and answers when a position is committed."""
    configure_logging("json", level=40)
    producer = Store("registry", config["producer"], SystemClock())
    store = Store("audit", config["conninfo"], SystemClock())
    views: Sequence[Reaction] = (stock_view(), divisions_view()) if config["views"] else ()
    answer("ready")
    follower: KafkaFollower | None = None
    for message in messages():
        if "begin" in message:
            catch_up(Consumer(store, LocalSource(producer), views, keeps_all=True), message["begin"])
            follower = KafkaFollower(producer, store, config["kafka"], views)
            answer("begun")
        elif follower is not None and "upto" in message:
            answer(follower.wait_for(message["upto"]))
        elif follower is not None:
            follower.stop()
            answer("ended")


def producer(config: Any) -> None:
    """Loads records, answers, and sends all of them after the next message; answers with the time of the last acknowledgement."""
    client = KafkaProducer(
        bootstrap_servers=config["kafka"],
        batch_size=BATCH_BYTES,
        linger_ms=LINGER_MS,
        acks="all",
        enable_idempotence=True,
    )
    answer("ready")
    for message in messages():
        records = pickle.loads(Path(message["path"]).read_bytes())  # noqa: S301 - written by the parent
        client.partitions_for(message["topic"])
        answer("loaded")
        read_message()
        for key, value in records:
            client.send(message["topic"], value=value, key=key, partition=0)
        client.flush()
        answer(monotonic())


def consumer(config: Any) -> None:
    """Connects, answers, and reads so many records after the next message; answers with the time at which it had the last."""
    answer("ready")
    for message in messages():
        client = KafkaConsumer(
            bootstrap_servers=config["kafka"], max_poll_records=MAX_RECORDS, max_partition_fetch_bytes=FETCH_BYTES,
            enable_auto_commit=False, auto_offset_reset="earliest", group_id=None,
        )  # fmt: skip
        try:
            client.assign([TopicPartition(message["topic"], 0)])
            client.poll(timeout_ms=100)
            answer("connected")
            read_message()
            received = 0
            while received < message["events"]:
                received += sum(map(len, client.poll(timeout_ms=1000).values()))
            answer(monotonic())
        finally:
            client.close()


ROLES: dict[str, Callable[[Any], None]] = {"service": service, "producer": producer, "consumer": consumer}

if __name__ == "__main__":
    ROLES[sys.argv[1]](read_message())
