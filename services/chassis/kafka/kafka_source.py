"""Reading a log through Kafka, by position as everywhere: the topic is a cache, what it lacks comes from ``refill``.

The cursor is the log's gapless position and owes nothing to offsets: which offset goes with it is found by search, what a
run holds that was read before is dropped, and a position that is missing is asked of the producer. So retention, a topic
made anew, a relay that wrote twice and records that are no run of this log cost time but change nothing. Who may write runs
is for the broker's rules to say (deploy/separate/README.md).

``closed_through`` is what a page of the log says: in the middle of it the last entry's ``recorded_at``, at its end the
instant that the run brings, as far as its entries bear that out. How far an idle log is closed since then nobody but the
producer knows: it is asked once a second, and as often as over HTTP as long as it has what the topic does not bring, because
a relay stands still or the broker is away.
"""

import threading
import time
from collections import deque
from datetime import datetime
from uuid import UUID

import structlog
from kafka.errors import OffsetOutOfRangeError, UnknownTopicOrPartitionError

from services.chassis.following.sources import POLL, Page, Source
from services.chassis.ground.clock import TICK
from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.kafka.cluster import AWAY, Cluster, KafkaUnusable
from services.chassis.kafka.runs import Run, run_of
from services.chassis.kafka.topic import PATIENCE, TopicReader
from services.chassis.log.digests import PublishedDigests
from services.chassis.log.entries import Entry

LOOK = 1.0
"""Seconds between two questions to the producer while nothing comes."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds without the broker before it is tried again; doubled up to the longest."""
STALE = 3.0
"""Seconds during which the producer has what the topic does not bring, until the broker is connected anew: the library goes
on in silence without one."""
KEEPS_COMING, MEANWHILE = 0.1, 0.005
"""Where records came so many seconds ago, so many are waited for those that came since: the library asks for the next ones
when it is polled, and would else bring them a batch later."""
NEAR = 10_000
"""Positions that are sooner read and dropped than searched past."""
PROBED = 16
"""Records of others that a search looks past."""

log = structlog.get_logger("lika.kafka")


class KafkaSource:
    """For one consumer. ``refill`` reads the same log where it is kept: over HTTP, or beside its database."""

    def __init__(self, log_name: str, cluster: Cluster, refill: Source) -> None:
        self._log, self._cluster, self._refill = log_name, cluster, refill
        self._lineage: UUID | None = None
        self._topic: TopicReader | None = None
        self._held: deque[Run] = deque()
        self._cursor = -1  # what ``_held`` and then the topic go on from
        self._closed: datetime | None = None
        self._came = self._ask_at = self._away_until = 0.0
        self._lacks_since: float | None = None  # the producer has what the topic does not bring
        self._pause = FIRST_PAUSE
        self._told: object = None

    @property
    def log(self) -> str:
        return self._log

    def read(self, cursor: int, limit: int) -> Page:
        """Raises what ``refill`` raises, and only where the topic has nothing."""
        entries, closed = self._from_topic(cursor, limit)
        if entries:
            # Who wrote the run is not known: no more is believed of it than that the log ended there.
            last = entries[-1].recorded_at
            self._closed = last if closed is None else min(closed, last + TICK)
            return Page(tuple(entries), cursor, entries[-1].position, self._closed)
        if self._topic is not None and self._closed is not None and time.monotonic() < self._ask_at:
            return Page((), cursor, cursor, self._closed)
        return self._ask_producer(cursor, limit)

    def wait(self, cursor: int, stop: threading.Event) -> None:
        if self._topic is None:
            self._refill.wait(cursor, stop)
            return
        try:
            while not stop.is_set() and time.monotonic() < self._ask_at:
                if self._receive(self._topic, POLL):
                    return
        except AWAY as away:
            self._lose(away)

    def head(self) -> int:
        return self._refill.head()

    def digests(self, stretch: int) -> PublishedDigests:
        return self._refill.digests(stretch)

    @property
    def producer(self) -> Source:
        return self._refill.producer

    def close(self) -> None:
        """Let go of the broker, when nobody reads any more."""
        if self._topic is not None:
            self._topic.close()
            self._topic = None

    def _from_topic(self, cursor: int, limit: int) -> tuple[list[Entry], datetime | None]:
        if self._topic is None and time.monotonic() < self._away_until:
            return [], None
        if self._lineage is None:
            first = self._refill.read(0, 1).entries
            if not first:
                return [], None
            self._lineage = first[0].command_id
        try:
            if self._topic is None:
                self._topic = TopicReader(self._cluster, self._log)
                self._told = None
                log.info("kafka_read", log=self._log)
            return self._take(self._topic, cursor, limit)
        except AWAY as away:
            self._lose(away)
            return [], None

    def _take(self, topic: TopicReader, cursor: int, limit: int) -> tuple[list[Entry], datetime | None]:
        """The next entries after the cursor, as far as they are at hand without a gap; and through when they close their
        log, where they reached its end."""
        if not 0 <= cursor - self._cursor < NEAR or self._cursor < 0:
            self._seek(topic, cursor)
        taken: list[Entry] = []
        closed: datetime | None = None
        keeps_coming = time.monotonic() - self._came < KEEPS_COMING
        while len(taken) < limit:
            if not self._held:
                # What is known to be there comes soon; what has come meanwhile goes into the same batch.
                timeout = MEANWHILE if taken and keeps_coming else 0
                if not self._receive(topic, timeout if not topic.more() else POLL if taken else PATIENCE):
                    break
                continue
            run, expected = self._held[0], cursor + len(taken) + 1
            if run.first > expected:
                if not taken:
                    # A gap. Where the log itself has nothing after the cursor the run is of no log we know.
                    taken.extend(self._refill.read(cursor, min(limit, run.first - expected)).entries)
                if taken:
                    break
                self._held.popleft()
                continue
            fresh = run.entries[expected - run.first :][: limit - len(taken)] if run.last >= expected else ()
            taken.extend(fresh)
            if not fresh or fresh[-1].position == run.last:
                closed = run.closed_through if fresh else closed
                self._held.popleft()
            else:
                closed = None
        self._cursor = cursor + len(taken)
        return taken, closed

    def _receive(self, topic: TopicReader, timeout: float) -> bool:
        """Whether runs came."""
        assert self._lineage is not None
        found = [run for record in topic.poll(timeout) if (run := run_of(record, self._lineage)) is not None]
        self._held.extend(found)
        if found:
            # The relay is at work: what its topic lacks now is under way, and not to be asked of the producer.
            self._came = time.monotonic()
            self._ask_at, self._pause, self._lacks_since = self._came + LOOK, FIRST_PAUSE, None
        return bool(found)

    def _seek(self, topic: TopicReader, cursor: int) -> None:
        """Find where to go on. Duplicates and strangers may mislead the search, which is then made good by reading:
        what is too early is dropped, what is too late is a gap."""
        low, end = topic.bounds()
        high = end
        while low < high:
            middle = (low + high) // 2
            run = self._probe(topic, middle, end)
            if topic.offset == middle or (run is not None and run.last > cursor):
                high = middle
            else:
                low = topic.offset
        topic.seek(low)
        self._held.clear()
        self._cursor = cursor

    def _probe(self, topic: TopicReader, offset: int, end: int) -> Run | None:
        """The first run of ours among the next few records."""
        assert self._lineage is not None
        topic.seek(offset)
        for _ in range(PROBED):
            found = topic.poll(PATIENCE, 1) if topic.offset < end else ()
            run = run_of(found[0], self._lineage) if found else None
            if run is not None or not found:
                return run
        return None

    def _ask_producer(self, cursor: int, limit: int) -> Page:
        now = time.monotonic()
        try:
            page = self._refill.read(cursor, limit)
        except UNREACHABLE:
            if self._topic is None or self._closed is None:
                raise
            # The producer is away; what it sent before still comes.
            self._ask_at = now + LOOK
            return Page((), cursor, cursor, self._closed)
        self._ask_at = now
        if len(page.entries) < limit:
            self._ask_at += POLL if page.entries else LOOK
        if page.entries and self._topic is not None:
            self._lacks_since = self._lacks_since or now
            if now - self._lacks_since > STALE:
                self._lose(KafkaUnusable(CHASSIS.say("kafka_topic_behind", log=self._log)))
        self._closed = page.closed_through if self._closed is None else max(self._closed, page.closed_through)
        return page

    def _lose(self, away: Exception) -> None:
        self._held.clear()
        self._cursor, self._lacks_since = -1, None
        if isinstance(away, OffsetOutOfRangeError):  # retention, or another topic under the old name
            return
        self.close()
        code = away.message.code if isinstance(away, KafkaUnusable) else type(away).__name__
        if self._told != code:
            # A topic that is not there yet is only waited for: the relay makes it.
            tell = log.info if isinstance(away, UnknownTopicOrPartitionError) else log.warning
            tell("kafka_away", log=self._log, code=code)
            self._told = code
        self._away_until = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
