"""Reading a log: one interface, whether the producer's database is at hand or behind HTTP.

A cursor is the position of the last entry read; pages come in position order without gaps.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

import httpx
import msgspec

from services.chassis.log.digests import PublishedDigests, published
from services.chassis.log.entries import Entry, EntryJson
from services.chassis.log.store import Store

PAGE = 256
"""Entries of one immutable HTTP page; page N holds positions N*256+1 .. (N+1)*256."""

POLL = 0.05
"""Seconds between two looks at a head that is somewhere else."""
REST = 0.4
"""Seconds after which a consumer reads although nothing came: the closed instant goes on, too."""


@dataclass(frozen=True, slots=True)
class Page:
    """Entries after ``start`` up to ``end`` (both cursors), and the instant before which this log is complete."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    closed_through: datetime


class Source(Protocol):
    """Where a consumer reads from."""

    @property
    def log(self) -> str: ...

    def read(self, cursor: int, limit: int) -> Page:
        """At most ``limit`` entries after ``cursor``; an empty page at the head."""
        ...

    def wait(self, cursor: int, stop: threading.Event) -> None:
        """Block a little while there is nothing after ``cursor``."""
        ...

    def head(self) -> int:
        """Position of the log's last entry, for the figure of how far a consumer is behind."""
        ...

    def digests(self, stretch: int) -> PublishedDigests:
        """What the producer publishes of a stretch, as far as it is written down."""
        ...

    @property
    def producer(self) -> "Source":
        """Where the log itself is read, with no cache in between: what is compared is the log."""
        ...


class LocalSource:
    """The producer's own database, read through its recorder."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def log(self) -> str:
        return self._store.name

    def read(self, cursor: int, limit: int) -> Page:
        entries, closed = self._store.page(cursor, limit)
        return Page(tuple(entries), cursor, entries[-1].position if entries else cursor, closed)

    def wait(self, cursor: int, stop: threading.Event) -> None:
        self._store.wait_beyond(cursor, REST, stop)

    def head(self) -> int:
        return self._store.position()

    def digests(self, stretch: int) -> PublishedDigests:
        with self._store.reading() as conn:
            return published(conn, self.log, stretch)

    @property
    def producer(self) -> Self:
        return self


class PageJson(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of ``GET /log/entries/{page}``. A full page never changes: ``head`` and ``closed_through`` are then
    those of its last entry, however far the log has gone on."""

    log: str
    page: int
    entries: tuple[EntryJson, ...]
    head: int
    closed_through: datetime
    simulated: bool


class HeadJson(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader needs of ``GET /log/head``."""

    position: int


class DigestsJson(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of ``GET /log/digests/{stretch}``: 32 bytes an entry, in base64. ``now``: null where it is as written."""

    log: str
    stretch: int
    written: bytes
    now: bytes | None


_page, _head = msgspec.json.Decoder(PageJson), msgspec.json.Decoder(HeadJson)
_digests = msgspec.json.Decoder(DigestsJson)
"""Made here, where no second thread makes them, too: msgspec breaks down over that."""


class HttpSource:
    """Another service's log over HTTP. For one consumer: while that waits, the producer holds its answer back until there
    is something, and the answer is what is read next. Whoever reads beside it costs it that answer at most."""

    def __init__(self, log: str, client: httpx.Client) -> None:
        self._log, self._client = log, client
        self._awaited: tuple[int, PageJson] | None = None

    @property
    def log(self) -> str:
        return self._log

    def read(self, cursor: int, limit: int) -> Page:
        """As many of the producer's pages as fit whole into ``limit``, and one at least. Raises ``httpx.HTTPError``
        while the producer is away."""
        awaited, self._awaited = self._awaited, None
        page = awaited[1] if awaited is not None and awaited[0] == cursor else self._page(cursor)
        entries = [w.entry() for w in page.entries if w.position > cursor]
        while len(page.entries) == PAGE and len(entries) + PAGE <= limit:
            page = self._page(entries[-1].position)
            entries += [w.entry() for w in page.entries]
        del entries[limit:]
        end = entries[-1].position if entries else cursor
        closed = page.closed_through if end >= page.head or not entries else entries[-1].recorded_at
        return Page(tuple(entries), cursor, end, closed)

    def _page(self, cursor: int, **params: float) -> PageJson:
        answer = self._client.get(f"/log/entries/{cursor // PAGE}", params=params)
        answer.raise_for_status()
        return _page.decode(answer.content)

    def wait(self, cursor: int, stop: threading.Event) -> None:
        """Raises ``httpx.HTTPError`` as ``read`` does."""
        if not stop.is_set():
            self._awaited = cursor, self._page(cursor, beyond=cursor, wait=REST)

    def head(self) -> int:
        answer = self._client.get("/log/head")
        answer.raise_for_status()
        return _head.decode(answer.content).position

    def digests(self, stretch: int) -> PublishedDigests:
        answer = self._client.get(f"/log/digests/{stretch}")
        answer.raise_for_status()
        found = _digests.decode(answer.content)
        return PublishedDigests(found.written, found.written if found.now is None else found.now)

    @property
    def producer(self) -> Self:
        return self
