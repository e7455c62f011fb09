"""One transaction of the store: what it reads for its units of work, and all that they will have it write.

Every transaction that appends holds one advisory lock, so positions are gapless and in commit order, and a decision
made under it can never be overtaken.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Recorded
from services.chassis.ground.clock import TICK, Clock, SystemClock
from services.chassis.log.array_literals import texts, uuids
from services.chassis.log.binary_copy import copy_blocks
from services.chassis.log.buffer import Buffer
from services.chassis.log.claims import ClaimChanges, Sources
from services.chassis.log.command_record import CommandRef, Outcome, warnings_from
from services.chassis.log.entries import Row, decode_row
from services.chassis.log.formats import ADMIT, AdmittedFormats
from services.chassis.log.needs import Claim, Needs, Part, Timer
from services.chassis.log.periods import Period, PeriodChanges, Periods
from services.chassis.log.pipeline import Pipeline, Rows, Statement
from services.chassis.log.statements import (
    ANSWERS,
    BEGIN,
    CLAIMS,
    COMMIT,
    COPY_FROM,
    COPY_ROWS,
    DROP_CLAIMS,
    DROP_PERIODS,
    HEAD,
    KEEP_ANSWERS,
    KEEP_CLAIMS,
    KEEP_PERIODS,
    KEEP_ROWS,
    KEEP_TIMERS,
    LOCK,
    PARTS,
    PERIODS,
    SNAPSHOT,
    SOURCES,
    STREAMS,
    VERSIONS,
)
from services.chassis.log.stream_view import StreamView

APPEND_LOCK = 0x11CA
"""Key of the advisory lock. ``LOCK TABLE`` would wait for VACUUM; this does not."""


class Session:
    """One transaction under the append lock: head, streams and claims as of the lock, and all that will be written."""

    def __init__(
        self,
        log: str,
        cur: Cursor[tuple[Any, ...]],
        clock: Clock,
        *,
        appends: bool = True,
        needs: Sequence[Needs] = (),
        dry_run: bool = False,
        admitted: AdmittedFormats | None = None,
    ) -> None:
        """``dry_run``: on a snapshot that can only be read and without the lock; what a unit appends is never written.
        ``needs``: of the units that are decided in this transaction, each to be refused on its own. The session then
        begins it, and asks for their answers, streams and claims together with the lock, in one round trip. Without
        them, whoever opens the session has begun a transaction. ``admitted``: what is known of the formats that may be
        written."""
        self.log, self.cur, self.clock = log, cur, clock
        self.appends, self.shared, self.dry_run = appends, bool(needs), dry_run
        wanted = tuple(dict.fromkeys(s for n in needs for s in n.streams))
        parts = _by_topics(p for n in needs for p in n.parts if p[0] not in wanted)
        extended = tuple({s for n in needs for s in (*n.extends, *(p[0] for p in n.parts))}.difference(wanted))
        asked = [(n.command_id,) for n in needs if n.command_id is not None]
        claimed = tuple(dict.fromkeys(c for n in needs for c in n.claims))
        subjects = tuple(dict.fromkeys(s for n in needs for s in n.subjects))
        opening = Pipeline(cur.connection)
        if needs:
            opening.add(SNAPSHOT if dry_run else BEGIN)
        if appends and not dry_run:
            # The lock is its own earlier statement: a statement that takes it already has its snapshot.
            opening.add(LOCK, str(APPEND_LOCK))
        head = opening.add(HEAD)
        answers = opening.add_rows(ANSWERS, asked) if asked else None
        streams = opening.add(STREAMS, texts(wanted)) if wanted else None
        partly = {without: opening.add(PARTS, texts(of), texts(without)) for without, of in parts.items()}
        versions = opening.add(VERSIONS, texts(extended)) if extended else None
        claims = opening.add_rows(CLAIMS, claimed) if claimed else None
        periods = opening.add(PERIODS, uuids(subjects)) if subjects else None
        found = opening.run()
        ((position, latest, closed),) = found[head]
        self.head: int = position
        self.floor: datetime = closed if latest is None else max(latest + TICK, closed)
        self.answered: dict[UUID, tuple[bytes, Outcome]] = {}
        if answers is not None:
            for r in found[answers]:
                outcome = Outcome(r[2], r[3], r[4], r[5], replayed=True, warnings=warnings_from(r[6]))
                self.answered[r[0]] = r[1], outcome
        self._streams = {} if streams is None else self._of_streams(wanted, found[streams])
        self._parts: dict[Part, StreamView] = {}
        for without, place in partly.items():
            self._keep_parts(without, self._of_streams(parts[without], found[place]))
        self._versions = {} if versions is None else _of_versions(found[versions])
        self._held: dict[Claim, UUID | None] = dict.fromkeys(claimed)
        if claims is not None:
            self._held.update(_of_claims(found[claims]))
        self._periods = _of_periods(subjects, found[periods] if periods is not None else ())
        self._appended: dict[str, list[Row]] = {}
        self.rows: list[Row] = []
        self.claims = ClaimChanges()
        self.periods: PeriodChanges = {}
        self.timers: list[Timer] = []
        self.outcomes: list[tuple[Any, ...]] = []
        self.admitted = admitted or AdmittedFormats()
        self._admitting: set[str] = set()

    def read(self, streams: Iterable[str]) -> Mapping[str, StreamView]:
        """Whole streams with what earlier units appended; all that are not yet here come in one query."""
        missing = [s for s in dict.fromkeys(streams) if s not in self._streams]
        if missing:
            self._streams.update(self._of_streams(missing, self._ask(STREAMS, texts(missing))))
            for stream in self._appended.keys() & set(missing):
                of_stream = [decode_row(self.log, row) for row in self._appended[stream]]
                self._streams[stream] = self._streams[stream].extended_with(of_stream)
        return self._streams

    def admit(self, topic: str) -> None:
        """Have it written that facts of this type and version may stand in the log. Raises ``UpgradeUnderWay``."""
        self.admitted.require(topic, self._admitting, self._ask)

    def holds(self, stream: str) -> bool:
        """Whether the whole stream is at hand."""
        return stream in self._streams

    def part(self, part: Part) -> StreamView:
        """A stream without some topics, with what earlier units appended."""
        stream, without = part
        if part not in self._parts:
            self._keep_parts(without, self._of_streams((stream,), self._ask(PARTS, texts((stream,)), texts(without))))
        added = [decode_row(self.log, row) for row in self._appended.get(stream, ()) if row[3] not in without]
        return self._parts[part].extended_with(added) if added else self._parts[part]

    def _keep_parts(self, without: frozenset[str], found: Mapping[str, StreamView]) -> None:
        self._parts.update({(stream, without): known for stream, known in found.items()})

    def version(self, stream: str) -> int:
        """Of the stream's last fact, those of earlier units included; 0 for none."""
        if (loaded := self._streams.get(stream)) is not None:
            return len(loaded)
        if stream not in self._versions:
            self._versions.update(_of_versions(self._ask(VERSIONS, texts((stream,)))))
        return self._versions[stream]

    def _of_streams(self, wanted: Iterable[str], rows: Rows) -> dict[str, StreamView]:
        found: dict[str, list[Recorded]] = {s: [] for s in wanted}
        for row in rows:
            found[row[1]].append(decode_row(self.log, row))
        return {s: StreamView(facts) for s, facts in found.items()}

    def take(self, buffer: Buffer, whole: Mapping[str, StreamView]) -> int:
        """Take over what a unit buffered. ``whole``: streams at hand, with what it appended. Returns the head after it."""
        self._streams.update(whole)
        for stream, rows in buffer.appended.items():
            if stream not in whole:
                self._versions[stream] += len(rows)
            self._appended.setdefault(stream, []).extend(rows)
        self.rows.extend(buffer.rows)
        self.claims.absorb(buffer.claims)
        for subject, changed in buffer.periods.items():
            self.periods.setdefault(subject, {}).update(changed)
        self.timers.extend(buffer.timers)
        if buffer.rows:
            position, *_, instant, _, _ = buffer.rows[-1]
            self.head, self.floor = position, instant + TICK
        return self.head

    def streams_appended(self, prefix: str) -> set[str]:
        """Streams with this beginning that units of this transaction appended to."""
        return {stream for stream in self._appended if stream.startswith(prefix)}

    def holders(self, kind: str, digests: Sequence[tuple[int, bytes]]) -> dict[tuple[int, bytes], UUID]:
        """Who holds these claims, as of the lock."""
        asked = [(kind, number, digest) for number, digest in digests]
        missing = [claim for claim in asked if claim not in self._held]
        if missing:
            self._held.update(dict.fromkeys(missing))
            self._held.update(_of_claims(self._ask(CLAIMS, *CLAIMS.columns(missing))))
        return {(n, d): holder for k, n, d in asked if (holder := self._held[k, n, d]) is not None}

    def sources(self, acts: Iterable[UUID]) -> dict[Claim, Sources]:
        """Every claim that rests on one of these acts, with all that it rests on, as of the lock and this transaction."""
        wanted = frozenset(acts)
        found: dict[Claim, Sources] = {}
        for kind, number, digest, act, holder, standing in self._ask(SOURCES, uuids(wanted)):
            if (kind, number, digest) not in self.claims.dropped:
                found.setdefault((kind, number, digest), {})[act] = holder, standing
        for claim, sources in self.claims.sources.items():
            if claim in found or not wanted.isdisjoint(sources):
                found.setdefault(claim, {}).update(sources)
        return found

    def periods_of(self, subjects: Iterable[UUID]) -> dict[UUID, Periods]:
        """The exclusive periods of these subjects, with what earlier units changed."""
        asked = tuple(subjects)
        missing = [s for s in dict.fromkeys(asked) if s not in self._periods]
        if missing:
            self._periods.update(_of_periods(missing, self._ask(PERIODS, uuids(missing))))
        return {s: {**self._periods[s], **self.periods.get(s, {})} for s in asked}

    def answer(self, command: CommandRef, outcome: Outcome) -> None:
        """Remember the answer. Whoever repeats a request lives in real time, whatever the log's clock says."""
        # The same key twice in one group is the same request twice.
        again = Outcome(
            outcome.status, outcome.code, outcome.location, outcome.position, True, warnings=outcome.warnings
        )
        self.answered[command.command_id] = command.digest, again
        self.outcomes.append(
            (
                *(command.principal, command.route, command.key),
                command.command_id,
                command.digest,
                outcome.status,
                outcome.code,
                outcome.location,
                outcome.position,
                SystemClock().now(),
                outcome.warnings_kept,
            )
        )

    def flush(self, *, commit: bool = False) -> None:
        """Write everything in one round trip, and with ``commit`` end the transaction in it; else the caller does."""
        held = [(subject, holder, of) for subject, by in self.periods.items() for holder, of in by.items()]
        periods = [(subject, holder, *period) for subject, holder, of in held for period in of]
        timers = [(t.id, t.kind, t.stream, t.due_at, t.set_by) for t in self.timers]
        if len(self.rows) >= COPY_FROM:
            self._copy_rows()
        admitting = [(topic,) for topic in self._admitting.intersection(row[3] for row in self.rows)]
        closing = Pipeline(self.cur.connection)
        for statement, rows in (
            (ADMIT, admitting),
            (KEEP_ROWS, self.rows if len(self.rows) < COPY_FROM else ()),
            (DROP_CLAIMS, tuple(self.claims.dropped)),
            (KEEP_CLAIMS, tuple(self.claims.rows())),
            (DROP_PERIODS, [(subject, holder) for subject, holder, _ in held]),
            (KEEP_PERIODS, periods),
            (KEEP_TIMERS, timers),
            (KEEP_ANSWERS, self.outcomes),
        ):
            if rows:
                closing.add_rows(statement, rows)
        if commit:
            closing.add(COMMIT)
        closing.run()

    def _copy_rows(self) -> None:
        with self.cur.connection.cursor() as cur, cur.copy(COPY_ROWS) as copy:
            for block in copy_blocks(self.rows):
                copy.write(block)

    def _ask(self, statement: Statement, *params: str) -> Rows:
        asking = Pipeline(self.cur.connection)
        asking.add(statement, *params)
        return asking.run()[0]


def _by_topics(parts: Iterable[Part]) -> dict[frozenset[str], list[str]]:
    found: dict[frozenset[str], dict[str, None]] = {}
    for stream, without in parts:
        found.setdefault(without, {})[stream] = None
    return {without: list(streams) for without, streams in found.items()}


def _of_versions(rows: Rows) -> dict[str, int]:
    return {stream: version or 0 for stream, version in rows}


def _of_periods(subjects: Iterable[UUID], rows: Rows) -> dict[UUID, Periods]:
    found: dict[UUID, dict[UUID, tuple[Period, ...]]] = {s: {} for s in subjects}
    for subject, holder, first, end, final in rows:
        found[subject][holder] = (*found[subject].get(holder, ()), Period(first, end, final))
    return dict(found)


def _of_claims(rows: Rows) -> dict[Claim, UUID | None]:
    return {(kind, number, digest): holder for kind, number, digest, holder in rows}
