"""The relay: copies a log into its topic, in order. Kafka is a cache of the log; no command ever waits for it.

Of all processes that could, the one that holds an advisory lock does. It keeps no cursor: where it stands is read from
the last of its log's runs in the topic, which alone knows what arrived. So whatever happens, entries may come twice
(readers drop them by position) but not too early and not changed; what the topic lacks, readers fetch over HTTP.
"""

import time
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg
import structlog
from kafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from services.chassis.following.sources import LocalSource
from services.chassis.ground.background import Background
from services.chassis.ground.failpoints import reach
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.kafka.cluster import ANSWER_MS, AWAY, Cluster, KafkaUnusable
from services.chassis.kafka.runs import BYTES, ENTRIES, Run, run_of, runs
from services.chassis.kafka.topic import LARGEST, PARTITION, TopicReader, name_of, require_topics
from services.chassis.log.session import APPEND_LOCK
from services.chassis.log.store import Store

RELAY_LOCK = APPEND_LOCK + 1
"""Key of the session lock, beside that of appends."""
PAGE = 4 * ENTRIES
"""Entries read at once."""
BACKFILL = 1_000_000
"""An empty topic starts this far behind the head at most; who needs older entries fetches them over HTTP."""
LOOK_BACK = 1000
"""Records of others at a topic's end that are searched for one of ours."""
STANDBY = 0.5
"""Seconds between two tries to take the lead, and between two looks whether it is still held."""
RETRY = 1.0
ACKNOWLEDGED = 3 * ANSWER_MS / 1000
"""Seconds after which a run counts as lost, whatever the library says: longer than it tries itself."""

log = structlog.get_logger("lika.relay")


class LeadershipLost(Exception):
    """The connection that held the lock is gone: another relay may lead by now."""


class TopicDiverged(Exception):
    """The topic holds entries that the log does not: the log was restored from an older copy. Until the topic is
    deleted nothing is added to it."""


class TopicShrank(Exception):
    """The topic was made anew or the broker lost its end: look again where it stands."""


class Relay(Background):
    """One service's relay. ``leads``: whether it is the one that sends; ``acknowledged``: the last position that the
    broker is known to hold; ``waits_for``: code of what keeps it from sending."""

    def __init__(self, store: Store, cluster: Cluster, *, retention_hours: int = 168) -> None:
        super().__init__(f"{store.name}-relay")
        self._store, self._cluster, self._retention = store, cluster, retention_hours
        self._source = LocalSource(store)
        self._largest = LARGEST
        self._looked = 0.0
        self.waits_for: str | None = None
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
            except (*AWAY, TopicShrank) as away:
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
        lineage, name = first[0].command_id, self._store.name
        require_topics(self._cluster, [name], self._retention, make=True)
        with closing(TopicReader(self._cluster, name)) as reader:
            self.acknowledged = cursor = self._stands(reader, lineage)
            end = reader.bounds()[1]
        with closing(TopicWriter(self._cluster, name, lineage, end)) as topic:
            log.info("relay_leads", service=name, position=cursor)
            self.waits_for = None
            while not self._halt.is_set():
                self._still_leads(conn)
                page = self._source.read(cursor, PAGE)
                if not page.entries:
                    self._settle(topic)
                    self.acknowledged = cursor  # also of entries that stay out
                    self._source.wait(cursor, self._halt)
                    continue
                reach("relay.read")
                for run in runs(page.entries, page.closed_through, min(self._largest, BYTES)):
                    self._settle(topic)
                    if len(run.value) > self._largest:
                        log.warning("relay_leaves_out", service=name, position=run.first, size=len(run.value))
                        continue
                    topic.send(run)
                    reach("relay.sent")
                cursor = page.end
            self._settle(topic)

    def _settle(self, topic: "TopicWriter") -> None:
        """Wait for the run under way, if there is one: at any time only one is, so none can overtake another."""
        if topic.under_way is not None:
            self.acknowledged = topic.settle()
            reach("relay.acknowledged")

    def _stands(self, topic: TopicReader, lineage: UUID) -> int:
        """The last position in the topic. Raises ``TopicDiverged``."""
        first, end = topic.bounds()
        back = 1
        while back <= LOOK_BACK and first < end:
            start = max(first, end - back)
            found = [run for record in topic.between(start, end) if (run := run_of(record, lineage)) and run.entries]
            if found:
                last = max((run.entries[-1] for run in found), key=lambda entry: entry.position)
                if self._source.read(last.position - 1, 1).entries != (last,):
                    raise TopicDiverged(f"{self._store.name} at {last.position}")
                return last.position
            if start == first:
                break
            back *= 10
        return max(0, self._source.head() - BACKFILL)

    def _tell(self, event: str, reason: Exception) -> None:
        code = reason.message.code if isinstance(reason, KafkaUnusable) else type(reason).__name__
        if self.waits_for != code:
            log.warning(event, service=self._store.name, code=code)
            self.waits_for = code
        self._halt.wait(RETRY)


class TopicWriter:
    """The way into a topic: one producer, one run under way."""

    def __init__(self, cluster: Cluster, log_name: str, lineage: UUID, end: int) -> None:
        """``end``: the offset that the next record should get."""
        self._topic, self._lineage, self._end = name_of(log_name), lineage, end
        self._producer = cluster.producer(f"lika-{log_name}-relay")
        self.under_way: tuple[Run, Any] | None = None

    def close(self) -> None:
        try:
            self._producer.close(timeout=0)
        except KafkaError:
            log.info("relay_left_a_run_behind")

    def send(self, run: Run) -> None:
        sent = self._producer.send(
            self._topic, run.value, str(run.first).encode(), run.headers(self._lineage), PARTITION
        )
        self.under_way = run, sent

    def settle(self) -> int:
        """Wait until the run under way is acknowledged; its last position."""
        assert self.under_way is not None
        run, sent = self.under_way
        offset = sent.get(ACKNOWLEDGED).offset
        if offset < self._end:
            raise TopicShrank
        # Beyond what was expected: another relay, whose lock is gone, wrote between.
        self._end, self.under_way = offset + 1, None
        return run.last
