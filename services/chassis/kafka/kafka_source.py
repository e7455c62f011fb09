"""Reading a log through Kafka, by position as everywhere: the topic is a cache, what it lacks comes from ``refill``.

The cursor is the log's gapless position and owes nothing to offsets: which offset goes with it is found by search, a
record that was read before is dropped, and a position that is missing is asked of the producer. So retention, a topic
made anew, a relay that wrote twice and records of strangers cost time but change nothing.

``closed_through`` is the last entry's ``recorded_at`` while entries come. At the end of the topic nobody but the producer
knows how far its log is closed: it is asked once a second, which also brings what a relay that stands still left behind.
"""

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

import structlog
from kafka.errors import KafkaError, OffsetOutOfRangeError, UnknownTopicOrPartitionError

from services.chassis.following.sources import POLL, Page, Source
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.kafka.cloudevents import CloudEventCodec
from services.chassis.kafka.record_batches import RawRecord, beyond, records
from services.chassis.kafka.topic import Topic
from services.chassis.log.digests import PublishedDigests
from services.chassis.log.entries import Entry

HOLD_MS = 500
"""How long the broker holds its answer back while there is nothing; records that come are sent at once."""
LOOK = 1.0
"""Seconds between two questions to the producer while nothing comes."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds without the broker before it is tried again; doubled up to the longest."""
PATIENCE = 2.0
"""Seconds to wait for records that the topic is known to hold."""
NEAR = 10_000
"""Positions that are sooner read and dropped than searched past."""
PROBE = 64 << 10
"""Bytes asked for in a search; the broker gives one whole batch at least."""

log = structlog.get_logger("lika.kafka")


class KafkaSource:
    """For one consumer. ``refill`` reads the same log where it is kept: over HTTP, or beside its database."""

    def __init__(self, log_name: str, bootstrap: str, refill: Source) -> None:
        self._log, self._servers, self._refill = log_name, bootstrap, refill
        self._envelopes: CloudEventCodec | None = None
        self._topic: Topic | None = None
        self._asked: object = None
        self._held: Iterator[RawRecord] = iter(())
        self._offset = 0  # what is asked for next
        self._end = 0  # where the topic ended when it was last seen
        self._cursor = -1  # what ``_held`` and then ``_offset`` go on from
        self._closed: datetime | None = None
        self._looked = self._away_until = 0.0
        self._pause = FIRST_PAUSE
        self._told: type[KafkaError] | None = None

    @property
    def log(self) -> str:
        return self._log

    def read(self, cursor: int, limit: int) -> Page:
        """Raises what ``refill`` raises, and only where the topic has nothing."""
        entries = self._from_topic(cursor, limit)
        if entries:
            self._closed = entries[-1].recorded_at
            return Page(tuple(entries), cursor, entries[-1].position, self._closed)
        if self._topic is not None and self._closed is not None and time.monotonic() - self._looked < LOOK:
            return Page((), cursor, cursor, self._closed)
        return self._ask_producer(cursor, limit)

    def wait(self, cursor: int, stop: threading.Event) -> None:
        if self._topic is None:
            self._refill.wait(cursor, stop)
            return
        try:
            while not stop.is_set() and time.monotonic() - self._looked < LOOK:
                if self._receive(self._topic, POLL):
                    return
        except OffsetOutOfRangeError:
            self._forget_place()
        except KafkaError as away:
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

    def _from_topic(self, cursor: int, limit: int) -> list[Entry]:
        if self._topic is None and time.monotonic() < self._away_until:
            return []
        if self._envelopes is None:
            first = self._refill.read(0, 1).entries
            if not first:
                return []
            self._envelopes = CloudEventCodec(self._log, first[0].command_id)
        try:
            if self._topic is None:
                self._topic = Topic(self._servers, self._log)
                self._pause, self._told = FIRST_PAUSE, None
                log.info("kafka_read", log=self._log)
            return self._take(self._topic, self._envelopes, cursor, limit)
        except OffsetOutOfRangeError:  # retention, or another topic under the old name
            self._forget_place()
            return []
        except KafkaError as away:
            self._lose(away)
            return []

    def _take(self, topic: Topic, envelopes: CloudEventCodec, cursor: int, limit: int) -> list[Entry]:
        """The next entries after the cursor, as far as they are at hand without a gap."""
        if not 0 <= cursor - self._cursor < NEAR or self._cursor < 0:
            self._seek(topic, envelopes, cursor)
        taken: list[Entry] = []
        expected = cursor + 1
        while len(taken) < limit:
            raw = next(self._held, None)
            if raw is None:
                # What is known to be there comes soon; what has come meanwhile goes into the same batch.
                known = self._offset < self._end
                if not self._receive(topic, 0 if not known else POLL if taken else PATIENCE):
                    break
                continue
            entry = envelopes.entry(raw)
            if entry is None or entry.position < expected:
                continue
            if entry.position == expected:
                taken.append(entry)
                expected += 1
                continue
            if not taken:
                # A gap. Where the log itself has nothing after the cursor the record is of no log we know.
                taken.extend(self._refill.read(cursor, min(limit, entry.position - expected)).entries)
                expected += len(taken)
                if not taken:
                    continue
            self._held = chain((raw,), self._held)
            break
        self._cursor = expected - 1
        return taken

    def _receive(self, topic: Topic, timeout: float) -> bool:
        """Whether records came. The next are asked for at once: the broker answers while these are digested."""
        if self._asked is None:
            self._asked = topic.ask(self._offset, HOLD_MS)
        fetched = topic.answered(self._asked, timeout)
        if fetched is None:
            return False
        found = [raw for raw in records(fetched.batches) if raw.offset >= self._offset]
        self._offset, self._end = max(self._offset, beyond(fetched.batches)), fetched.end
        self._held = iter(found)
        self._asked = topic.ask(self._offset, HOLD_MS)
        if found:
            # The relay is at work: what its topic lacks now is under way, and not to be asked of the producer.
            self._looked = time.monotonic()
        return bool(found)

    def _seek(self, topic: Topic, envelopes: CloudEventCodec, cursor: int) -> None:
        """Find where to go on. Duplicates and strangers may mislead the search, which is then made good by reading:
        what is too early is dropped, what is too late is a gap."""
        low, high = topic.bounds()
        self._end = high
        while low < high:
            middle = (low + high) // 2
            fetched = topic.fetch(middle, PROBE)
            entries = ((raw.offset, envelopes.entry(raw)) for raw in records(fetched) if raw.offset >= middle)
            offset, entry = next(((o, e) for o, e in entries if e is not None), (beyond(fetched), None))
            if entry is not None and entry.position > cursor:
                high = middle
            else:
                low = max(middle, offset) + (entry is not None or offset <= middle)
        self._offset, self._held, self._asked, self._cursor = low, iter(()), None, cursor

    def _ask_producer(self, cursor: int, limit: int) -> Page:
        try:
            page = self._refill.read(cursor, limit)
        except UNREACHABLE:
            if self._topic is None or self._closed is None:
                raise
            # The producer is away; what it sent before still comes.
            self._looked = time.monotonic()
            return Page((), cursor, cursor, self._closed)
        if len(page.entries) < limit:
            # That was all. Where a whole page came there is more, and a relay that stands still does not bring it.
            self._looked = time.monotonic()
        self._closed = page.closed_through if self._closed is None else max(self._closed, page.closed_through)
        return page

    def _lose(self, away: KafkaError) -> None:
        if self._told is not type(away):
            # A topic that is not there yet is only waited for: the relay makes it.
            tell = log.info if isinstance(away, UnknownTopicOrPartitionError) else log.warning
            tell("kafka_away", log=self._log, kind=type(away).__name__)
            self._told = type(away)
        self.close()
        self._forget_place()
        self._away_until = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _forget_place(self) -> None:
        self._held, self._asked, self._cursor = iter(()), None, -1
