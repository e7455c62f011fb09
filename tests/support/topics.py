"""Access to the Kafka topic of a log: reading what it holds, and putting in what does not belong there."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any
from uuid import UUID

from kafka import TopicPartition

from services.chassis.kafka.cluster import Cluster
from services.chassis.kafka.runs import run_of, runs
from services.chassis.kafka.topic import TopicReader, name_of, require_topics
from services.chassis.log.entries import Entry
from tests.support.eventually import eventually

Header = tuple[str, bytes]


class Topics:
    """The topic of one log. Each call opens a connection of its own: slow, but never stale."""

    def __init__(self, cluster: Cluster, log: str) -> None:
        self.cluster, self.log = cluster, log

    def create(self) -> None:
        require_topics(self.cluster, [self.log], 1, make=True)

    def delete(self) -> None:
        with closing(self.cluster.admin()) as admin:
            admin.delete_topics([name_of(self.log)])
            eventually(lambda: name_of(self.log) not in admin.list_topics())

    def delete_before(self, offset: int) -> None:
        """Delete the records before an offset, as retention does."""
        with closing(self.cluster.admin()) as admin:
            admin.delete_records({TopicPartition(name_of(self.log), 0): offset})
        eventually(lambda: self.bounds()[0] == offset)

    def bounds(self) -> tuple[int, int]:
        with closing(TopicReader(self.cluster, self.log)) as topic:
            return topic.bounds()

    def records(self) -> list[Any]:
        with closing(TopicReader(self.cluster, self.log)) as topic:
            return list(topic.between(*topic.bounds()))

    def positions(self, lineage: UUID) -> list[int | None]:
        """The log's positions in the order of the topic; ``None`` for a record of another log."""
        found = (run_of(record, lineage) for record in self.records())
        return [p for run in found for p in ([None] if run is None else range(run.first, run.last + 1))]

    def put(self, lineage: UUID, entries: Sequence[Entry], closed_through: datetime | None = None) -> None:
        """Send entries as a relay does, or one that was resumed too late: each stretch of them a run."""
        stretches: list[list[Entry]] = []
        for entry in entries:
            if not stretches or stretches[-1][-1].position + 1 != entry.position:
                stretches.append([])
            stretches[-1].append(entry)
        self.put_records((run.value, run.headers(lineage)) for part in stretches for run in runs(part, closed_through))

    def put_records(self, records: Iterable[tuple[bytes | None, list[Header]]]) -> None:
        producer = self.cluster.producer("lika-test")
        sent = [producer.send(name_of(self.log), value, b"", headers, 0) for value, headers in records]
        for future in sent:
            future.get(10)
        producer.close()
