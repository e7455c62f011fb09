"""The unit of work: what one command (or one consumed batch) reads, decides and hands to one transaction.
A unit buffers what it writes; a refused or failed unit leaves nothing behind."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count, repeat
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.persistence import StoredEvent
from psycopg import Cursor

from contracts.canonical import decode
from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from services.chassis.ground.clock import TICK
from services.chassis.ground.refusals import Refused
from services.chassis.log.buffer import Buffer
from services.chassis.log.claims import Sources, TakenClaim
from services.chassis.log.clock_declaration import CLOCK_IS_DECLARED_FIRST, DECLARES_CLOCK
from services.chassis.log.command_record import CommandRef, CommandWarning, Reply
from services.chassis.log.entries import Payload, Row, decode_row, encode_fact
from services.chassis.log.needs import RELEASED, Claim, Needs, Part, Timer
from services.chassis.log.periods import Period, Periods
from services.chassis.log.session import Session
from services.chassis.log.stream_view import StreamView


@dataclass(frozen=True, slots=True)
class Unit:
    """``work`` runs under the append lock. What it names is fetched for it together with everybody else's: ``streams``,
    ``claims``, the exclusive periods of ``subjects``, the ``parts`` of streams that are enough for it, and how far the
    streams go that it ``extends`` without reading them. What it forgot to name it can still ask for, at the price of a
    round trip under the lock."""

    command: CommandRef
    work: Callable[["Tx"], Reply]
    streams: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    extends: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    subjects: tuple[UUID, ...] = ()
    remembered: bool = True
    """Whether the answer can be had again. Without it, ``work`` itself must know that it was carried out before."""

    @property
    def needs(self) -> Needs:
        command_id = self.command.command_id if self.remembered else None
        return Needs(command_id, self.streams, self.claims, self.extends, self.parts, self.subjects)


class StreamMoved(Exception):
    """The stream has another version than the writer expected."""


class Tx:
    """What a unit of work sees: streams as of the lock plus its own appends, and a buffer for what it writes."""

    def __init__(self, session: Session, command_id: UUID, actor: str) -> None:
        self._session = session
        self.command_id, self.actor = command_id, actor
        self.reaction: str | None = None  # which appends now, and whose facts have command ids of their own
        self.beginnings: Mapping[str, Sequence[tuple[Any, ...]]] = {}  # rows of this log that a batch brings, by stream
        self._buffer = Buffer()
        self._facts: dict[int, Fact] = {}
        self._seen: dict[str, StreamView] = {}
        self.instant = max(session.clock.now(), session.floor)
        self._saved, self.warnings = False, list[CommandWarning]()
        self.later = list[Recorded]()  # of a dry run: what a later step would bring about

    @property
    def cur(self) -> Cursor[tuple[Any, ...]]:
        """The transaction's cursor, for the SQL views that move with it. What a refused unit wrote is undone."""
        if self._session.shared and not self._session.dry_run and not self._saved:
            self._session.cur.execute("SAVEPOINT unit")
            self._saved = True
        return self._session.cur

    def undo(self) -> None:
        """Take back what this unit wrote by itself; what it buffered was never written."""
        if self._saved:
            self._session.cur.execute("ROLLBACK TO SAVEPOINT unit; RELEASE SAVEPOINT unit")

    def finish(self) -> int:
        """Leave what this unit wrote, by itself and into its buffer, to the transaction. Returns the head after it."""
        if self._saved:
            self._session.cur.execute("RELEASE SAVEPOINT unit")
        appended = self._buffer.appended
        # Whole streams with what was folded of them already.
        return self._session.take(self._buffer, {s: self.load(s) for s in appended if self._session.holds(s)})

    def refusal_of(self, work: Callable[["Tx"], object]) -> Refused | None:
        """Why this would be refused now, by what is durable and before it in its transaction; nothing of it is kept."""
        trial = Tx(self._session, self.command_id, self.actor)
        try:
            work(trial)
            self.later += trial.appended if self.dry_run else ()
        except Refused as no:
            return no
        finally:
            trial.undo()
        return None

    @property
    def log(self) -> str:
        return self._session.log

    @property
    def head(self) -> int:
        """Position of the last fact this unit could have read."""
        return self._session.head

    @property
    def dry_run(self) -> bool:
        return self._session.dry_run

    @property
    def today(self) -> date:
        """The Shanghai day of this unit."""
        return civil_day(self.instant)

    @property
    def appended(self) -> list[Recorded]:
        """What this unit appended, in order."""
        return [self._recorded(row) for row in self._buffer.rows]

    def after(self, cause: datetime) -> None:
        """``recorded_at`` exceeds its cause's, also when the cause's log runs on a faster clock."""
        if self._buffer.rows:
            raise RuntimeError("after() comes before the first append")
        self.instant = max(self.instant, cause + TICK)

    def load(self, stream: str) -> StreamView:
        """The whole stream, with what this unit appended."""
        known = self._session.read((stream,))[stream]
        own = self._buffer.appended.get(stream)
        if not own:
            return known
        seen = self._seen.get(stream)
        if seen is None or len(seen) != len(known) + len(own):
            seen = self._seen[stream] = known.extended_with([self._recorded(row) for row in own])
        return seen

    def part(self, part: Part) -> StreamView:
        """The stream, where the topics that may be left out need not be; with what this unit appended."""
        stream, without = part
        if self._session.holds(stream):
            return self.load(stream)
        own = [self._recorded(row) for row in self._buffer.appended.get(stream, ()) if row[3] not in without]
        return StreamView((*self._session.part(part), *own), version=self.version(stream))

    def _recorded(self, row: Row) -> Recorded:
        """A row of this unit's own, with the fact it was made of where that was given."""
        position, stream, version, _, state, recorded_at, command_id, actor = row
        if (fact := self._facts.get(position)) is None:
            return decode_row(self.log, row)
        return Recorded(self.log, position, stream, version, recorded_at, command_id, actor, fact, state)

    def load_many(self, streams: Iterable[str]) -> dict[str, StreamView]:
        """Several streams in one query."""
        wanted = tuple(dict.fromkeys(streams))
        self._session.read(wanted)
        return {s: self.load(s) for s in wanted}

    def version(self, stream: str) -> int:
        """Of the stream's last fact, with what this unit appended; 0 for none."""
        return self._session.version(stream) + len(self._buffer.appended.get(stream, ()))

    def append(self, stream: str, *facts: Fact | Payload, expected: int | None = None) -> tuple[str, ...]:
        """Add facts to a stream; returns their ids. Raises ``StreamMoved`` when ``expected`` is not its version."""
        session, rows = self._session, self._buffer.rows
        if not session.appends:
            raise RuntimeError("this unit did not take the append lock")
        own = self._buffer.appended.setdefault(stream, [])
        version = session.version(stream) + len(own)
        if expected is not None and expected != version:
            raise StreamMoved(f"{stream} is at {version}, not {expected}")
        commands = repeat(self.command_id) if self.reaction is None else self._commands(stream, facts)
        first = version + 1
        for number, fact, command_id in zip(count(first), facts, commands, strict=False):
            if rows and rows[-1][6] != command_id:
                self.instant += TICK  # instants increase from command to command
            position = session.head + len(rows) + 1
            if isinstance(fact, Payload):
                topic, state = fact
            else:
                topic, state = encode_fact(fact)
                self._facts[position] = fact
            if topic not in session.admitted:
                session.admit(topic)  # raises ``UpgradeUnderWay``
            if topic == DECLARES_CLOCK:
                self._declare_clock()
            row = (position, stream, number, topic, state, self.instant, command_id, self.actor)
            rows.append(row)
            own.append(row)
        return tuple([f"{session.log}/{stream}/{number}" for number in range(first, first + len(facts))])

    def _commands(self, stream: str, facts: Sequence[Fact | Payload]) -> list[UUID]:
        """Ids of what a reaction appends: of its cause, the reaction, and how many facts of that cause the stream held
        before. What else is in the batch plays no part, so whoever reacts again brings about the same id."""
        held = Counter(r.fact.caused_by for r in self.load(stream))
        ids = []
        for fact in facts:
            if isinstance(fact, Payload) or fact.caused_by is None:
                raise RuntimeError(f"{self.reaction} appends a fact that names no cause")
            ids.append(uuid5(REACTIONS, f"{fact.caused_by}\n{self.reaction}\n{held[fact.caused_by]}"))
            held[fact.caused_by] += 1
        return ids

    def _declare_clock(self) -> None:
        # Also not into an empty log that already runs on the machine's clock: its readers would believe the fact.
        if self._session.head or self._buffer.rows or not self._session.clock.simulated:
            raise Refused(CLOCK_IS_DECLARED_FIRST)

    def streams_of_transaction(self, prefix: str) -> set[str]:
        """Streams with this beginning that earlier units of the transaction appended to, and nobody else sees yet."""
        return self._session.streams_appended(prefix)

    def append_stored(self, stored: StoredEvent) -> None:
        """Append what the library's recorder was given, at the version it names."""
        name, _, version = stored.topic.partition("/")
        fact = decode(name, int(version), stored.state)
        self.append(str(stored.originator_id), fact, expected=stored.originator_version - 1)

    def holders(self, kind: str, digests: Sequence[tuple[int, bytes]]) -> dict[tuple[int, bytes], UUID]:
        """Who holds these claims, own and earlier units' claims of this transaction included."""
        if not digests:
            return {}
        held = self._session.holders(kind, digests)
        for number, digest in digests:
            for changes in (self._session.claims, self._buffer.claims):
                if (holder := changes.holders.get((kind, number, digest))) is not None:
                    held[number, digest] = holder
        return {claim: holder for claim, holder in held.items() if holder != RELEASED}

    def claim(self, kind: str, digests: Sequence[tuple[int, bytes]], holder: UUID, *, act: UUID | None = None) -> None:
        """Claim under every active key, by this act or an earlier one, in the place of any other holder."""
        held = self.holders(kind, digests)
        for number, digest in digests:
            if held.get((number, digest), holder) != holder:
                self._buffer.claims.release((kind, number, digest))
            self._buffer.claims.claim((kind, number, digest), holder, act or self.command_id)

    def release(self, kind: str, digests: Sequence[tuple[int, bytes]]) -> None:
        """Give up these claims."""
        for number, digest in digests:
            self._buffer.claims.release((kind, number, digest))

    def suspend_claims(self, acts: Collection[UUID]) -> None:
        """Claims that only these acts gave are free from now on."""
        self._buffer.claims.suspend(self._sources(acts), acts)

    def restore_claims(self, acts: Collection[UUID]) -> list[tuple[str, UUID]]:
        """Claims by these acts stand again; kind and holder of those that somebody else holds now, and that do not."""
        return self._buffer.claims.restore(self._sources(acts), acts)

    def settle_claims(self, stands: Mapping[tuple[UUID, UUID], bool]) -> list[TakenClaim]:
        """By act and holder: whether the holder's claims stand by it. Returns those that somebody else holds now, and that do not."""
        return self._buffer.claims.settle(self._sources({act for act, _ in stands}), stands) if stands else []

    def claims_by(self, act: UUID) -> list[tuple[Claim, UUID]]:
        """What the act claimed and that stands by it, and for whom."""
        return [(c, by[act][0]) for c, by in self._sources({act}).items() if by.get(act, (None, False))[1]]

    def _sources(self, acts: Collection[UUID]) -> dict[Claim, Sources]:
        found = self._session.sources(acts)
        for claim, sources in self._buffer.claims.sources.items():
            if claim in found:
                found[claim].update(sources)
        return found

    def periods_of(self, subjects: Iterable[UUID]) -> dict[UUID, Periods]:
        """Subject → holder → its exclusive periods, own and earlier units' changes included."""
        wanted = tuple(dict.fromkeys(subjects))
        held = self._session.periods_of(wanted) if wanted else {}
        return {subject: {**periods, **self._buffer.periods.get(subject, {})} for subject, periods in held.items()}

    def set_periods(self, subject: UUID, holder: UUID, periods: Sequence[Period]) -> None:
        """The exclusive periods in which the holder has the subject, from now on these."""
        self._buffer.periods.setdefault(subject, {})[holder] = tuple(periods)

    def set_timer(self, kind: str, stream: str, due_at: datetime, set_by: str, *, per_cause: bool = False) -> None:
        """A deadline of a stream; the same one set twice is one timer, or with ``per_cause`` one for each fact that set it."""
        if due_at.tzinfo is None:
            raise ValueError("a deadline is an instant with its offset")
        due = due_at.astimezone(UTC)
        key = "/".join((self.log, stream, kind, due.isoformat(), *([set_by] if per_cause else [])))
        self._buffer.timers.append(Timer(uuid5(TIMERS, key), kind, stream, due, set_by))


REACTIONS = UUID("e2c1b7f4-58d0-5a3e-b9c6-1f7a40d2c885")
"""Namespace of the command ids of reactions: UUIDv5 of cause, reaction and ordinal."""
TIMERS = UUID("5b1f6f0a-6a65-5c0e-9d52-0f4f6b1f2a77")
"""Namespace of timer ids: UUIDv5 of stream and deadline, so that setting one again is no second one."""
