"""The relay: copies a log into its topic, in order. Kafka is a cache of the log; no command ever waits for it.

Of all processes that could, the one that holds an advisory lock does. It keeps no cursor: where it stands is read from
the last of its log's records in the topic, which alone knows what arrived. So whatever happens, entries may come twice
(readers drop them by position) but not too early and not changed; what the topic lacks, readers fetch over HTTP.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from kafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    RetriableError,
    UnknownTopicOrPartitionError,
)

from services.chassis.following.sources import LocalSource
from services.chassis.ground.background import Background
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.failpoints import reach
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.kafka.cloudevents import CloudEventCodec
from services.chassis.kafka.record_batches import Producer, batch, records
from services.chassis.kafka.topic import LARGEST_BATCH, Topic, create
from services.chassis.log.entries import Entry
from services.chassis.log.session import APPEND_LOCK
from services.chassis.log.store import Store

RELAY_LOCK = APPEND_LOCK + 1
"""Key of the session lock, beside that of appends."""
PAGE = 1000
"""Entries read and sent at once."""
ENVELOPE = 640
"""Bytes of a record beside its payload, stream and actor, rounded up."""
BACKFILL = 1_000_000
"""An empty topic starts this far behind the head at most; who needs older entries fetches them over HTTP."""
LOOK_BACK = 100_000
"""Records of others at a topic's end that are searched for one of ours."""
STANDBY = 0.5
"""Seconds between two tries to take the lead, and between two looks whether it is still held."""
RETRY = 1.0
SEQUENCES = 2**31

log = structlog.get_logger("lika.relay")


class LeadershipLost(Exception):
    """The connection that held the lock is gone: another relay may lead by now."""


class TopicDiverged(Exception):
    """The topic holds entries that the log does not: the log was restored from an older copy. Until the topic is
    deleted nothing is added to it."""


class TopicShrank(Exception):
    """The topic was made anew or the broker lost its end: look again where it stands."""


@dataclass(slots=True)
class InFlight:
    """A batch under way: its bytes, the last position in it, the offset it should get, how to wait for the answer."""

    data: bytes
    position: int
    offset: int
    count: int
    answer: Callable[[], int]


class Relay(Background):
    """One service's relay. ``leads``: whether it is the one that sends; ``acknowledged``: the last position that the
    broker is known to hold."""

    def __init__(self, store: Store, bootstrap: str, *, retention_hours: int = 168) -> None:
        super().__init__(f"{store.name}-relay")
        self._store, self._servers, self._retention = store, bootstrap, retention_hours
        self._source = LocalSource(store)
        self._largest = LARGEST_BATCH - 4096
        self._looked = 0.0
        self._told: object = None
        self.leads = False
        self.acknowledged = 0

    def halt(self) -> None:
        super().halt()
        self._store.wake()

    def lag(self) -> int:
        """Positions that the broker has not acknowledged; 0 where another process leads."""
        return max(0, self._store.position() - self.acknowledged) if self.leads else 0

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                with self._store.connect() as conn:
                    self._take_turns(conn)
            except (*UNREACHABLE, LeadershipLost) as away:
                self._tell("relay_waits", away)
            except Exception as unexpected:  # noqa: BLE001 - a dead thread would go unnoticed
                self._tell("relay_failing", unexpected)
            self.leads = False

    def _take_turns(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> None:
        while not self._halt.is_set() and not self._lead(conn):
            self._halt.wait(STANDBY)
        while not self._halt.is_set():
            try:
                self._relay(conn)
            except TopicDiverged as differs:
                self._tell("relay_topic_differs", differs)
            except (KafkaError, TopicShrank) as away:
                if isinstance(away, MessageSizeTooLargeError | RecordListTooLargeError):
                    self._largest //= 2
                self._tell("relay_waits", away)

    def _lead(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> bool:
        row = conn.execute("SELECT pg_try_advisory_lock(%s)", (RELAY_LOCK,)).fetchone()
        self.leads = bool(row and row[0])
        return self.leads

    def _still_leads(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> None:
        if time.monotonic() - self._looked > STANDBY:
            try:
                conn.execute("SELECT 1")
            except psycopg.Error as broken:
                raise LeadershipLost from broken
            self._looked = time.monotonic()

    def _relay(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> None:
        """Send what the log has and the topic has not, as long as all goes well."""
        while not (first := self._source.read(0, 1).entries):
            self._source.wait(0, self._halt)
            self._still_leads(conn)
            if self._halt.is_set():
                return
        envelopes = CloudEventCodec(self._store.name, first[0].command_id)
        line = TopicWriter(self._servers, self._store.name, self._retention)
        try:
            self.acknowledged = cursor = self._stands(line.topic, envelopes)
            log.info("relay_leads", service=self._store.name, position=cursor)
            self._told = None
            while not self._halt.is_set():
                self._still_leads(conn)
                page = self._source.read(cursor, PAGE)
                if not page.entries:
                    self._settle(line)
                    self.acknowledged = cursor  # also of entries that stay out
                    self._source.wait(cursor, self._halt)
                    continue
                reach("relay.read")
                for part in self._parts(page.entries):
                    written = envelopes.records(part)
                    self._settle(line)
                    line.send(written, part[-1].position)
                    reach("relay.sent")
                cursor = page.end
            self._settle(line)
        finally:
            line.close()

    def _settle(self, line: "TopicWriter") -> None:
        """Wait for the batch under way, if there is one: at any time only one is, so none can overtake another."""
        if line.under_way is not None:
            self.acknowledged = line.settle()
            reach("relay.acknowledged")

    def _parts(self, entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
        """Cut to what the broker takes at once. An entry that alone is more stays out."""
        start, size = 0, 0
        for at, entry in enumerate(entries):
            weight = ENVELOPE + len(entry.state) + 2 * len(entry.stream) + 4 * len(entry.actor)
            if size + weight > self._largest:
                if at > start:
                    yield entries[start:at]
                start, size = at, 0
                if weight > self._largest:
                    log.warning("relay_leaves_out", service=self._store.name, position=entry.position, size=weight)
                    start = at + 1
                    continue
            size += weight
        if start < len(entries):
            yield entries[start:]

    def _stands(self, topic: Topic, envelopes: CloudEventCodec) -> int:
        """The last position in the topic. Raises ``TopicDiverged``."""
        first, end = topic.bounds()
        back = 1
        while back <= LOOK_BACK and first < end:
            found = [e for e in map(envelopes.entry, _tail(topic, max(first, end - back), end)) if e is not None]
            if found:
                last = max(found, key=lambda entry: entry.position)
                ours = self._source.read(last.position - 1, 1).entries
                if ours != (last,):
                    raise TopicDiverged(f"{self._store.name} at {last.position}")
                return last.position
            if end - back <= first:
                break
            back *= 10
        return max(0, self._source.head() - BACKFILL)

    def _tell(self, event: str, reason: Exception) -> None:
        if self._told != (event, type(reason)):
            log.warning(event, service=self._store.name, kind=type(reason).__name__)
            self._told = event, type(reason)
        self._halt.wait(RETRY)


def _tail(topic: Topic, offset: int, end: int) -> Iterator[Any]:
    while offset < end:
        found = [raw for raw in records(topic.fetch(offset)) if raw.offset >= offset]
        yield from found
        offset = found[-1].offset + 1 if found else end


class TopicWriter:
    """The way into a topic: one producer, one batch under way."""

    def __init__(self, bootstrap: str, log_name: str, retention_hours: int) -> None:
        self._servers, self._log = bootstrap, log_name
        try:
            self.topic = Topic(bootstrap, log_name)
        except UnknownTopicOrPartitionError:
            create(bootstrap, log_name, retention_hours)
            self.topic = Topic(bootstrap, log_name)
        self._producer: Producer = self.topic.producer()
        self._sequence, self._end = 0, self.topic.bounds()[1]
        self.under_way: InFlight | None = None

    def close(self) -> None:
        self.topic.close()

    def send(self, written: Sequence[bytes], position: int) -> None:
        now = int(SystemClock().now().timestamp() * 1000)
        data = batch(written, self._producer, self._sequence, now)
        self.under_way = InFlight(data, position, self._end, len(written), self.topic.send(data))
        self._sequence = (self._sequence + len(written)) % SEQUENCES

    def settle(self) -> int:
        """Wait until the batch under way is acknowledged; its last position. Where the answer was lost the same bytes
        are sent once more: the broker recognises the producer's sequence and does not write them twice."""
        sent = self.under_way
        assert sent is not None
        try:
            offset = sent.answer()
        except RetriableError:
            self.topic.close()
            self.topic = Topic(self._servers, self._log)
            offset = self.topic.send(sent.data)()
        if offset < sent.offset:
            raise TopicShrank
        # Beyond what was expected: another relay, whose lock is gone, wrote between.
        self._end, self.under_way = offset + sent.count, None
        return sent.position
