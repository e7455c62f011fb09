"""One log's topic on the broker: making it, and reading it by offset."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import (
    AuthorizationError,
    KafkaTimeoutError,
    PolicyViolationError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from services.chassis.ground.messages import CHASSIS
from services.chassis.kafka.cluster import ANSWER_MS, Cluster, KafkaUnusable

LARGEST = (1 << 20) - 4096
"""Bytes of one record's value. With its frame it keeps within the broker's own default limit of a megabyte, laid down with
the topic; a larger entry stays out, and who reads finds a gap there and asks for it over HTTP."""
PARTITION = 0
"""Exactly one: the order in the topic is the order of the log."""
PATIENCE = 2.0
"""Seconds to wait for records that the topic is known to hold."""


def name_of(log: str) -> str:
    return f"lika.{log}"


def require_topics(cluster: Cluster, logs: Sequence[str], retention_hours: int, *, make: bool) -> Sequence[str]:
    """Every log has its topic of one partition, or may have it; ``make``: make those that are missing. The logs whose topic
    was missing, or not to be seen. Raises ``KafkaUnusable``, ``KafkaError``."""
    with closing(cluster.admin()) as admin:
        missing = _missing(admin, logs)
        for log in missing:
            try:
                admin.create_topics(
                    {name_of(log): _options(retention_hours)}, validate_only=not make, wait_for_metadata=make
                )
            except TopicAlreadyExistsError:
                admin.wait_for_topics([name_of(log)])
            except (AuthorizationError, PolicyViolationError) as refused:
                raise KafkaUnusable(
                    CHASSIS.say("kafka_topic_missing", topic=name_of(log), largest=1 << 20), type(refused).__name__
                ) from refused
    return missing


def _options(retention_hours: int) -> dict[str, Any]:
    configs = {
        "cleanup.policy": "delete",
        "retention.ms": str(retention_hours * 3_600_000),
        "max.message.bytes": str(1 << 20),
        # A sample's facts are of 2014; by their own time they would expire at once.
        "message.timestamp.type": "LogAppendTime",
        "compression.type": "producer",
    }
    return {"num_partitions": 1, "configs": configs}


def _missing(admin: KafkaAdminClient, logs: Sequence[str]) -> Sequence[str]:
    """Raises ``KafkaUnusable`` where a topic stands and cannot serve."""
    missing = []
    for described in admin.describe_topics([name_of(log) for log in logs]):
        topic, partitions = described["name"], len(described["partitions"])
        if described["error_code"] in (UnknownTopicOrPartitionError.errno, TopicAuthorizationFailedError.errno):
            missing.append(topic)
        elif partitions != 1:
            raise KafkaUnusable(CHASSIS.say("kafka_topic_partitions", topic=topic, partitions=partitions))
    return [log for log in logs if name_of(log) in missing]


class TopicReader:
    """The topic's records by offset; for one thread. Everything raises ``KafkaError`` or ``KafkaUnusable`` where there is
    no way to the broker or to the topic; what is left to do then is to close it and open another."""

    def __init__(self, cluster: Cluster, log: str) -> None:
        self._at = TopicPartition(name_of(log), PARTITION)
        self._consumer = cluster.consumer(f"lika-{log}")
        self.offset = 0
        """Of the record that comes next."""
        try:
            with closing(cluster.admin()) as admin:
                if _missing(admin, [log]):
                    raise UnknownTopicOrPartitionError
            self._consumer.assign([self._at])
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._consumer.close()

    def bounds(self) -> tuple[int, int]:
        """Offset of the first record still held, and the offset that the next one will get."""
        first = self._consumer.beginning_offsets([self._at], timeout_ms=ANSWER_MS)
        end = self._consumer.end_offsets([self._at], timeout_ms=ANSWER_MS)
        return first[self._at], end[self._at]

    def seek(self, offset: int) -> None:
        self._consumer.seek(self._at, offset)
        self.offset = offset

    def poll(self, timeout: float, most: int | None = None) -> Sequence[Any]:
        """The next records, as soon as there are any; nothing after ``timeout`` seconds. Raises ``OffsetOutOfRangeError``
        where the topic begins later or ends earlier."""
        found: Sequence[Any] = self._consumer.poll(timeout * 1000, most).get(self._at, ())
        if found:
            self.offset = found[-1].offset + 1
        return found

    def more(self) -> bool:
        """Whether the topic holds more than was read, as far as that is known."""
        return bool(self.offset < (self._consumer.highwater(self._at) or 0))

    def between(self, start: int, end: int) -> Iterator[Any]:
        """The records between two offsets, as far as there are any."""
        self.seek(start)
        # What compaction removed and markers of transactions have offsets, too: the position passes over them.
        while self._consumer.position(self._at) < end:
            found = self.poll(PATIENCE)
            if not found and self._consumer.position(self._at) < end:
                raise KafkaTimeoutError
            yield from found
