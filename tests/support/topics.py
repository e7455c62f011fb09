"""Access to the Kafka topic of a log: reading what it holds, and putting in what does not belong there."""

from collections.abc import Sequence
from uuid import UUID

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from services.chassis.kafka.cloudevents import CloudEventCodec
from services.chassis.kafka.record_batches import Producer, RawRecord, batch, records
from services.chassis.kafka.topic import Topic, create, name_of
from services.chassis.log.entries import Entry
from tests.support.eventually import eventually


class Topics:
    """The topic of one log. Each call opens a connection of its own: slow, but never stale."""

    def __init__(self, bootstrap: str, log: str) -> None:
        self.bootstrap, self.log = bootstrap, log

    def create(self) -> None:
        create(self.bootstrap, self.log, 1)

    def delete(self) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            admin.delete_topics([name_of(self.log)])
            eventually(lambda: name_of(self.log) not in admin.list_topics())
        finally:
            admin.close()

    def delete_before(self, offset: int) -> None:
        """Delete the records before an offset, as retention does."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            admin.delete_records({TopicPartition(name_of(self.log), 0): offset})
        finally:
            admin.close()
        eventually(lambda: self.bounds()[0] == offset)

    def bounds(self) -> tuple[int, int]:
        topic = Topic(self.bootstrap, self.log)
        try:
            return topic.bounds()
        finally:
            topic.close()

    def raw_records(self) -> list[RawRecord]:
        topic = Topic(self.bootstrap, self.log)
        try:
            offset, end = topic.bounds()
            found: list[RawRecord] = []
            while offset < end:
                found += [raw for raw in records(topic.fetch(offset)) if raw.offset >= offset]
                offset = found[-1].offset + 1
            return found
        finally:
            topic.close()

    def positions(self, lineage: UUID) -> list[int | None]:
        """The log's positions in the order of the topic; ``None`` for a record of another log."""
        entries = map(CloudEventCodec(self.log, lineage).entry, self.raw_records())
        return [None if entry is None else entry.position for entry in entries]

    def put(self, lineage: UUID, entries: Sequence[Entry]) -> None:
        """Send entries as a relay does, or one that was resumed too late."""
        self.put_records(CloudEventCodec(self.log, lineage).records(entries))

    def put_records(self, encoded: Sequence[bytes]) -> None:
        topic = Topic(self.bootstrap, self.log)
        try:
            producer: Producer = topic.producer()
            topic.send(batch(encoded, producer, 0, 1))()
        finally:
            topic.close()
