"""One log's topic on the broker: read by offset, written by batch. Connections, versions, security and leaders are the
client library's; the batches are ours (``batches``), because that is where its time goes."""

import logging
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.cluster import collect_hosts
from kafka.errors import (
    CoordinatorLoadInProgressError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    NodeNotReadyError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)
from kafka.future import Future
from kafka.net.compat import KafkaNetClient
from kafka.protocol.consumer import FetchRequest, ListOffsetsRequest
from kafka.protocol.producer import InitProducerIdRequest, ProduceRequest

from services.chassis.kafka.record_batches import Producer

logging.getLogger("kafka").setLevel(logging.CRITICAL)
"""Each failure reaches us as an exception and is told once, by who reads or relays the log."""

CONNECT_MS = 3_000
ANSWER_MS = 10_000
"""How long a broker may take to be found, and to answer one request, before it counts as away."""
REACH = 1.0
"""Seconds for one bootstrap server to accept a connection."""
LARGEST_BATCH = 1 << 20
"""Bytes of one batch: the broker's own default limit, laid down with the topic. A larger entry stays out of the topic;
who reads finds a gap there and asks for it over HTTP."""
FETCH = 2 << 20
EARLIEST, LATEST = -2, -1
PARTITION = 0
"""Exactly one: the order in the topic is the order of the log."""


def name_of(log: str) -> str:
    return f"lika.{log}"


def protocol(bootstrap: str) -> str | None:
    """The release of Kafka whose protocol a broker speaks, ``4.3``; ``None`` where no broker answers."""
    if not _reachable(bootstrap):
        return None
    client = _client(bootstrap, "lika")
    try:
        client.check_version(timeout_ms=CONNECT_MS)
        return ".".join(map(str, client.get_broker_version()))
    except KafkaError:
        return None
    finally:
        client.close()


def create(bootstrap: str, log: str, retention_hours: int) -> None:
    """Make a log's topic; nothing happens where it stands already. Raises ``KafkaError``."""
    configs = {
        "cleanup.policy": "delete",
        "retention.ms": str(retention_hours * 3_600_000),
        "max.message.bytes": str(LARGEST_BATCH),
        # A sample's facts are of 2014; by their own time they would expire at once.
        "message.timestamp.type": "LogAppendTime",
        "compression.type": "producer",
    }
    admin = KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=CONNECT_MS, request_timeout_ms=ANSWER_MS)
    try:
        admin.create_topics({name_of(log): {"num_partitions": 1, "configs": configs}}, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        admin.wait_for_topics([name_of(log)])
    finally:
        admin.close()


class Fetched(NamedTuple):
    """Batches as they stand in the topic, the last perhaps cut off, and the offset at which the topic ended."""

    batches: bytes
    end: int


class Topic:
    """A connection to the broker that leads the topic; for one thread. Everything raises ``KafkaError`` where the broker
    is away or the topic is missing; what is left to do then is to close it and open another."""

    def __init__(self, bootstrap: str, log: str) -> None:
        if not _reachable(bootstrap):
            raise KafkaConnectionError
        self._at = TopicPartition(name_of(log), PARTITION)
        self._client = _client(bootstrap, f"lika-{log}")
        try:
            self._leader = self._connect()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._client.close()

    def bounds(self) -> tuple[int, int]:
        """Offset of the first record still held, and the offset that the next one will get."""
        return self._offset(EARLIEST), self._offset(LATEST)

    def ask(self, offset: int, wait_ms: int, most: int = FETCH) -> Any:
        """Ask for records from an offset on; the broker holds its answer back at most ``wait_ms`` until there are some.
        The future is for ``answered``."""
        part = FetchRequest.FetchTopic.FetchPartition(
            partition=PARTITION, current_leader_epoch=-1, fetch_offset=offset, last_fetched_epoch=-1,
            log_start_offset=-1, partition_max_bytes=most,
        )  # fmt: skip
        request = FetchRequest(
            max_wait_ms=wait_ms, min_bytes=1, max_bytes=most, isolation_level=0, session_id=0, session_epoch=-1,
            topics=[FetchRequest.FetchTopic(topic=self._at.topic, partitions=[part])], forgotten_topics_data=[],
            rack_id="", min_version=4, max_version=12,
        )  # fmt: skip
        return self._client.send(self._leader, request)

    def answered(self, asked: Any, timeout: float) -> Fetched | None:
        """The batches that were asked for, from the one with that offset in it on; ``None``: no answer yet. Raises
        ``OffsetOutOfRangeError`` where the topic begins later or ends earlier."""
        self._client.poll(timeout_ms=timeout * 1000, future=asked)
        if not asked.is_done:
            return None
        if asked.exception is not None:
            raise asked.exception
        part = asked.value.responses[0].partitions[0]
        _check(part.error_code)
        return Fetched(bytes(part.records or b""), part.high_watermark)

    def fetch(self, offset: int, most: int = FETCH) -> bytes:
        """What the topic holds from an offset on, now."""
        found = self.answered(self.ask(offset, 0, most), ANSWER_MS / 1000)
        if found is None:
            raise KafkaTimeoutError
        return found.batches

    def producer(self) -> Producer:
        """Introduce ourselves; the broker recognises a batch that this producer sends again."""
        deadline = time.monotonic() + ANSWER_MS / 1000
        while True:
            answer = self._answer(
                InitProducerIdRequest(
                    transactional_id=None, transaction_timeout_ms=ANSWER_MS, producer_id=-1, producer_epoch=-1,
                    min_version=0, max_version=4,
                )
            )  # fmt: skip
            # A broker that has just started waits for its controller to give it numbers.
            if answer.error_code != CoordinatorLoadInProgressError.errno or time.monotonic() > deadline:
                _check(answer.error_code)
                return Producer(answer.producer_id, answer.producer_epoch)
            self._client.poll(timeout_ms=50, future=Future())

    def send(self, batch: bytes) -> Callable[[], int]:
        """Send a batch; the answer waits until every replica in sync holds it and gives its first offset."""
        part = ProduceRequest.TopicProduceData.PartitionProduceData(index=PARTITION, records=batch)
        topic = ProduceRequest.TopicProduceData(name=self._at.topic, partition_data=[part])
        sent = self._client.send(
            self._leader,
            ProduceRequest(
                transactional_id=None, acks=-1, timeout_ms=ANSWER_MS, topic_data=[topic], min_version=3, max_version=9
            ),
        )
        self._client.poll(timeout_ms=0)

        def acknowledged() -> int:
            answer = self._wait(sent).responses[0].partition_responses[0]
            _check(answer.error_code)
            return int(answer.base_offset)

        return acknowledged

    def _connect(self) -> int:
        client = self._client
        client.cluster.config["allow_auto_create_topics"] = False
        client.check_version(timeout_ms=CONNECT_MS)
        self._wait(client.cluster.set_topics([self._at.topic]))
        leader = client.cluster.leader_for_partition(self._at)
        if leader is None:
            raise UnknownTopicOrPartitionError
        if leader < 0:
            raise NodeNotReadyError
        return int(leader)

    def _offset(self, which: int) -> int:
        part = ListOffsetsRequest.ListOffsetsTopic.ListOffsetsPartition(
            partition_index=PARTITION, current_leader_epoch=-1, timestamp=which
        )
        topic = ListOffsetsRequest.ListOffsetsTopic(name=self._at.topic, partitions=[part])
        request = ListOffsetsRequest(replica_id=-1, isolation_level=0, topics=[topic], min_version=1, max_version=6)
        answer = self._answer(request).topics[0].partitions[0]
        _check(answer.error_code)
        return int(answer.offset)

    def _answer(self, request: Any) -> Any:
        return self._wait(self._client.send(self._leader, request))

    def _wait(self, future: Any) -> Any:
        self._client.poll(timeout_ms=ANSWER_MS, future=future)
        if not future.is_done:
            raise KafkaTimeoutError
        if future.exception is not None:
            raise future.exception
        return future.value


def _check(code: int) -> None:
    if code:
        error: type[KafkaError] = for_code(code)
        raise error


def _reachable(bootstrap: str) -> bool:
    """Whether anybody listens: the library would try again and again, as long as it may, where nobody does."""
    for host, port, _ in collect_hosts(bootstrap):
        try:
            socket.create_connection((host, port), REACH).close()
        except OSError:
            continue
        return True
    return False


def _client(bootstrap: str, name: str) -> KafkaNetClient:
    return KafkaNetClient(
        bootstrap_servers=bootstrap, client_id=name, request_timeout_ms=ANSWER_MS,
        socket_connection_setup_timeout_ms=CONNECT_MS, receive_message_max_bytes=100_000_000,
    )  # fmt: skip
