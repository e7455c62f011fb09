"""One loop for every consumer: a batch's effects and the cursor move commit together, or not at all.

The cursor moves by compare-and-set from the position the batch was read at, so a zombie changes nothing. An entry that
cannot be digested is parked together with the later entries of its subject; everybody else goes on.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from psycopg import Cursor

from contracts.canonical import UnknownType
from services.chassis.following import copies, parking
from services.chassis.following.continuation import LogReplaced, require_continuation
from services.chassis.following.copied_types import followed_types
from services.chassis.following.parking import subject_of
from services.chassis.following.reactions import Reaction, react
from services.chassis.following.sources import PAGE, Page, Source
from services.chassis.ground.background import Background
from services.chassis.ground.failpoints import reach
from services.chassis.ground.metrics import conflicts
from services.chassis.ground.unreachable import UNREACHABLE, kind_of
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.entries import Entry, decode_entry, require_known
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

BATCH = 4 * PAGE
"""Entries digested in one transaction: whole pages, so that none is asked for twice."""
APPENDING = 2 * PAGE
"""The same where reactions append: until it commits nobody else appends to the service's log."""
LINGER = 0.04
"""Seconds between two batches while facts keep coming; the first after a rest is digested at once."""
HEAD_CHECK = 10.0
"""Seconds from one look whether the log still is the one that was read to the next."""
ENOUGH = PAGE
"""Entries of a batch after which the next one follows at once: by then the facts cost more than the batch."""

log = structlog.get_logger("lika.consumer")


class CursorMoved(Exception):
    """Another consumer of the same name has gone on; this one's batch is dropped."""


class LogHasGap(Exception):
    """A source left out entries; digesting what came after them would lose them for good."""


class Consumer(Background):
    """One service reading one log. ``position`` is what its effects reflect, ``closed_through`` what they are final
    for; ``stopped_by`` names the type that stopped it, or why the log is not the one it read; ``failing`` what makes it
    try the same page again and again. ``caught_up``: whether it has been at the log's head since it started, or since
    much came at once; ``head``: where that was when it was last looked at."""

    def __init__(
        self,
        store: Store,
        source: Source,
        reactions: Sequence[Reaction],
        *,
        batch: int | None = None,
        keeps_all: bool = False,
    ) -> None:
        """Of another service's log the entries of subscribed types are kept in ``copies``; with ``keeps_all`` every
        entry, known or not. A subscribed type in an unknown version stops the consumer in any case, in the service's own
        log any unknown type."""
        super().__init__(f"{store.name}-reads-{source.log}")
        self._store, self._source, self._reactions = store, source, reactions
        self._keeps_all = keeps_all
        self._types = followed_types(reactions)
        self._appends = any(r.appends for r in reactions)
        self._batch = batch or (APPENDING if self._appends else BATCH)
        self.position = 0
        self._placed = False  # the position is read where the effects are, once, and again after any failure
        self.closed_through: datetime | None = None
        self.head: int | None = None
        self.caught_up = False
        self._checked: float | None = None  # when the log was last seen to be the one that was read
        self.stopped_by: str | None = None
        self.failing: str | None = None

    @property
    def log(self) -> str:
        return self._source.log

    @property
    def runs(self) -> bool:
        """Whether what it brings about can be trusted to go on."""
        return self.is_alive() and self.stopped_by is None and self.failing is None

    def lag(self) -> int:
        """Entries of the log not yet digested. Asks the producer."""
        return max(0, self._source.head() - self._cursor())

    def parked_subjects(self) -> int:
        """Households (or streams) that wait behind an entry which could not be digested."""
        with self._store.reading() as conn:
            return parking.count(conn, self._store.name, self.log)

    def run(self) -> None:
        busy, away = False, ""
        while not self._halt.is_set():
            try:
                digested = self.step()
                self.failing, away = None, ""
                if busy and 0 < digested < min(self._batch, ENOUGH):
                    # Facts keep coming: let some gather, for a batch costs more than the facts in it.
                    self._halt.wait(LINGER)
                busy = digested > 0
            except UnknownType as unknown:
                self.stopped_by = str(unknown)
                # A release that knows the type goes on where this one stands: nothing but a restart is needed.
                log.error(
                    "consumer_stopped", service=self._store.name, log=self.log, kind=self.stopped_by,
                    code="resumes_at_restart_with_a_release_that_knows_it",
                )  # fmt: skip
                return
            except LogReplaced as replaced:
                self.stopped_by = replaced.code
                log.error("consumer_stopped", service=self._store.name, log=self.log, code=replaced.code)
                return
            except CursorMoved:
                conflicts.labels(self._store.name, "cursor_moved").inc()
                self._halt.wait(0.05)
            except (*UNREACHABLE, StoreUnavailable) as error:
                if (kind := kind_of(error)) != away:  # once, however long it takes
                    log.warning("consumer_waits", service=self._store.name, log=self.log, kind=kind)
                away = kind
                self._halt.wait(0.2)
            except Exception as unexpected:  # noqa: BLE001 - a dead thread would go unnoticed; a failing one is told
                self.failing = type(unexpected).__name__
                log.error("consumer_failing", service=self._store.name, log=self.log, kind=self.failing)
                self._halt.wait(1)

    def step(self) -> int:
        """Read and digest one page; returns how many entries it held. At the head it waits a little."""
        if not self._placed:
            self.position = self._cursor()
        self._placed = False
        self._require_same_log()
        page = self._source.read(self.position, self._batch)
        self._look_ahead(page)
        if not page.entries:
            self._arrive()
            self._placed = True
            self._close(page)
            self._source.wait(self.position, self._halt)
            return 0
        if (page.start, page.end) != (self.position, self.position + len(page.entries)):
            raise LogHasGap(f"{self.log}: {len(page.entries)} entries from {page.start} to {page.end}")
        reach("consume.read")
        self._separate(page.entries)
        self._placed = True
        self._arrive()
        self._close(page)
        return len(page.entries)

    def _require_same_log(self) -> None:
        """At the start the newest entries read are looked at, too; later only where the log ends. Raises ``LogReplaced``."""
        if self._checked is None or time.monotonic() >= self._checked + HEAD_CHECK:
            require_continuation(self._store, self._source, self.position, entries=self._checked is None)
            self._checked = time.monotonic()

    def _look_ahead(self, page: Page) -> None:
        """Where the log ends. That is asked of the producer only at the start, and where much came at once."""
        much = 2 * len(page.entries) > self._batch
        behind = self.head is None or much
        if behind:
            try:
                self.head = self._source.head()
            except UNREACHABLE:
                log.info("head_unknown", service=self._store.name, log=self.log)
        self.head = max(self.head or 0, page.end)
        # Last, so that whoever reads that it is behind reads the new head with it.
        self.caught_up = self.caught_up and not behind

    def _arrive(self) -> None:
        self.caught_up = self.caught_up or self.position >= (self.head or 0)

    def _close(self, page: Page) -> None:
        known = self.closed_through
        self.closed_through = page.closed_through if known is None else max(known, page.closed_through)

    def _cursor(self) -> int:
        with self._store.reading() as conn:
            row = conn.execute(
                "SELECT position FROM cursors WHERE consumer = %s AND log = %s", (self._store.name, self.log)
            ).fetchone()
        return row[0] if row else 0

    def _digest(self, entries: Sequence[Entry], start: int, end: int) -> None:
        if self.log == self._store.name:
            # Passed over by a former release, a fact would be missing from the views of the later one for good.
            for topic in {e.topic for e in entries}:
                require_known(topic)
        subscribed = [e for e in entries if self._types is None or e.type_name in self._types]
        wanted = [(e, decode_entry(self.log, e)) for e in subscribed]

        def work(tx: Tx) -> None:
            reach("consume.moved")
            if self.log != self._store.name:
                copies.store_copies(tx.cur, self.log, entries if self._keeps_all else subscribed)
            held = parking.parked_subjects(tx.cur, self._store.name, self.log)
            late = {e.position for e in subscribed if subject_of(e) in held} if held else set()
            for stored, _ in wanted:
                if stored.position in late:
                    parking.park(tx, self._store.name, self.log, stored, parking.BEHIND_PARKED)
            react(tx, self._reactions, [fact for stored, fact in wanted if stored.position not in late])
            reach("consume.applied")

        self._store.transact(work, appends=self._appends, first=lambda cur: self._move(cur, start, end))
        reach("consume.committed")

    def _separate(self, entries: Sequence[Entry]) -> None:
        """Digest these together; where that fails, each half by itself, down to the entry that is to blame."""
        start, end = entries[0].position - 1, entries[-1].position
        try:
            self._digest(entries, start, end)
        except (*UNREACHABLE, StoreUnavailable, UnknownType, CursorMoved):
            raise
        except Exception as poison:
            # The exception's text may quote a payload: only its type is kept.
            kind = type(poison).__name__
            if len(entries) > 1:
                log.warning("consumer_separates", service=self._store.name, log=self.log, kind=kind)
                self._separate(entries[: len(entries) // 2])
                self._separate(entries[len(entries) // 2 :])
            else:
                log.error("entry_parked", service=self._store.name, log=self.log, position=end, kind=kind)
                self._quarantine(entries[0], start, kind)
        self.position = end

    def _quarantine(self, stored: Entry, start: int, kind: str) -> None:
        def work(tx: Tx) -> None:
            if self.log != self._store.name:
                copies.store_copies(tx.cur, self.log, (stored,))
            parking.park(tx, self._store.name, self.log, stored, kind)

        self._store.transact(work, appends=False, first=lambda cur: self._move(cur, start, stored.position))

    def _move(self, cur: Cursor[Any], start: int, end: int) -> None:
        """Comes before the append lock: whoever holds the cursor for a moment holds up no writers."""
        if start == 0:
            cur.execute("INSERT INTO cursors VALUES (%s, %s, 0) ON CONFLICT DO NOTHING", (self._store.name, self.log))
        cur.execute(
            "UPDATE cursors SET position = %s WHERE consumer = %s AND log = %s AND position = %s",
            (end, self._store.name, self.log, start),
        )
        if cur.rowcount != 1:
            raise CursorMoved(f"{self.log} is no longer at {start}")
