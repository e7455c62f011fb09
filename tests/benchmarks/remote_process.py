"""The other processes of what goes through Kafka: the service that consumes, and the two sides of bare kafka-python."""

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
from services.chassis.kafka.kafka_source import KafkaSource
from services.chassis.kafka.record_batches import headers
from services.chassis.log.store import Store
from tests.benchmarks.environment import answer, questions, told
from tests.benchmarks.propagation import Marking, catch_up

BATCH_BYTES = 256 << 10
LINGER_MS = 5
FETCH_BYTES = 8 << 20
MANY = 10_000


class Refill(LocalSource):
    """The producer's database; knows how many entries came from it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.entries = 0

    def read(self, cursor: int, limit: int) -> Page:
        page = super().read(cursor, limit)
        if cursor:  # the first entry of all tells which log it is
            self.entries += len(page.entries)
        return page


class Following:
    """A consumer through Kafka, from where it stands."""

    def __init__(self, producer: Store, store: Store, bootstrap: str, views: Sequence[Reaction]) -> None:
        self._refill = Refill(producer)
        self._source = KafkaSource("registry", bootstrap, self._refill)
        self._consumer = Marking(store, self._source, views, keeps_all=True)
        self._consumer.start()

    def reaches(self, position: int) -> tuple[float, int]:
        """When a position was committed, and how many entries came past Kafka since the last question."""
        at, past = self._consumer.reaches(position), self._refill.entries
        self._refill.entries = 0
        return at, past

    def stop(self) -> None:
        self._consumer.stop()
        self._source.close()


def service(said: Any) -> None:
    """Consumes while it is told to."""
    configure_logging("json", level=40)
    producer = Store("registry", said["producer"], SystemClock())
    store = Store("audit", said["conninfo"], SystemClock())
    views: Sequence[Reaction] = (stock_view(), divisions_view()) if said["views"] else ()
    answer("ready")
    following: Following | None = None
    for question in questions():
        if "begin" in question:
            catch_up(Consumer(store, LocalSource(producer), views, keeps_all=True), question["begin"])
            following = Following(producer, store, said["kafka"], views)
            answer("begun")
        elif following is not None and "upto" in question:
            answer(following.reaches(question["upto"]))
        elif following is not None:
            following.stop()
            answer("ended")


def producer(said: Any) -> None:
    """Sends all records as soon as it is told to go; answers when the last was acknowledged."""
    client = KafkaProducer(
        bootstrap_servers=said["kafka"],
        batch_size=BATCH_BYTES,
        linger_ms=LINGER_MS,
        acks="all",
        enable_idempotence=True,
    )
    answer("ready")
    for question in questions():
        laid = pickle.loads(Path(question["path"]).read_bytes())  # noqa: S301 - written by the parent
        ready = [(key, value, _pairs(named)) for key, value, named in laid]
        client.partitions_for(question["topic"])
        answer("loaded")
        told()
        for key, value, named in ready:
            client.send(question["topic"], value=value, key=key, headers=named, partition=0)
        client.flush()
        answer(monotonic())


def consumer(said: Any) -> None:
    """Reads so many records as soon as it is told to go; answers when it had the last."""
    answer("ready")
    for question in questions():
        client = KafkaConsumer(
            bootstrap_servers=said["kafka"], max_poll_records=MANY, max_partition_fetch_bytes=FETCH_BYTES,
            enable_auto_commit=False, auto_offset_reset="earliest", group_id=None,
        )  # fmt: skip
        try:
            client.assign([TopicPartition(question["topic"], 0)])
            client.poll(timeout_ms=100)
            answer("connected")
            told()
            seen = 0
            while seen < question["events"]:
                seen += sum(map(len, client.poll(timeout_ms=1000).values()))
            answer(monotonic())
        finally:
            client.close()


def _pairs(laid: bytes) -> list[tuple[str, bytes]]:
    return [(name.decode(), value) for name, value in headers(laid).items()] if laid else []


SIDES: dict[str, Callable[[Any], None]] = {"service": service, "producer": producer, "consumer": consumer}

if __name__ == "__main__":
    SIDES[sys.argv[1]](told())
