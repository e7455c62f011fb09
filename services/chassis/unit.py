"""The unit of work: what one command (or one consumed batch) reads, decides and hands to one transaction.

Every transaction that appends holds one advisory lock, so positions are gapless and in commit order, and a decision
made under it can never be overtaken. A unit buffers what it writes; a refused or failed unit leaves nothing behind.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.persistence import StoredEvent
from psycopg import Cursor

from contracts.canonical import decode
from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from services.chassis.clock import TICK, Clock
from services.chassis.entries import COLUMNS, entry, read, written

APPEND_LOCK = 0x11CA
"""Key of the advisory lock. ``LOCK TABLE`` would wait for VACUUM; this does not."""


@dataclass(frozen=True, slots=True)
class CommandRef:
    """Which request this is: one effect and one answer per (principal, route, key)."""

    command_id: UUID
    principal: str
    route: str
    key: str
    digest: bytes

    @property
    def address(self) -> tuple[str, str, str]:
        return self.principal, self.route, self.key


@dataclass(frozen=True, slots=True)
class Reply:
    """What a unit answers when it is accepted."""

    status: int = 201
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a unit. ``position`` is the log position a reader must have seen to see the effect."""

    status: int
    code: str | None
    location: str | None
    position: int
    replayed: bool = False
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    """``work`` runs under the append lock; ``streams`` are fetched for it together with everybody else's."""

    command: CommandRef
    work: Callable[["Tx"], Reply]
    streams: tuple[str, ...] = ()


class StreamMoved(Exception):
    """The stream has another version than the writer expected."""


@dataclass(slots=True)
class Timer:
    id: UUID
    kind: str
    stream: str
    due_at: datetime
    set_by: str


class Session:
    """One transaction under the append lock: head, streams and claims as of the lock, and all that will be written."""

    def __init__(self, log: str, cur: Cursor[tuple[Any, ...]], clock: Clock, *, appends: bool = True) -> None:
        self.appends = appends
        if appends:
            # The lock is its own earlier statement: a statement that takes it already has its snapshot.
            cur.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,), prepare=True)
        cur.execute(
            "SELECT coalesce(max(notification_id), 0), max(recorded_at), (SELECT closed_through FROM closing)"
            " FROM (SELECT notification_id, recorded_at FROM log ORDER BY notification_id DESC LIMIT 1) AS last",
            prepare=True,
        )
        row = cur.fetchone()
        assert row is not None
        self.log, self.cur, self.clock = log, cur, clock
        self.head: int = row[0]
        self.floor: datetime = max(i for i in (row[1] and row[1] + TICK, row[2]) if i is not None)
        self.streams: dict[str, tuple[Recorded, ...]] = {}
        self.rows: list[tuple[Any, ...]] = []
        self.claims: dict[tuple[str, int, bytes], UUID] = {}
        self.timers: list[Timer] = []
        self.outcomes: list[tuple[Any, ...]] = []

    def fetch(self, streams: Iterable[str]) -> None:
        """Read whole streams into the session, in one query."""
        missing = [s for s in dict.fromkeys(streams) if s not in self.streams]
        if not missing:
            return
        found: dict[str, list[Recorded]] = {s: [] for s in missing}
        self.cur.execute(
            f"SELECT {COLUMNS} FROM log WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version",
            (missing,),
            prepare=True,
        )
        for row in self.cur:
            recorded = read(self.log, entry(row))
            found[recorded.stream].append(recorded)
        self.streams.update((s, tuple(facts)) for s, facts in found.items())

    def answered(self, units: Sequence[Unit]) -> dict[tuple[str, str, str], tuple[bytes, Outcome]]:
        """Which of these commands were answered before, and how."""
        addresses = [u.command.address for u in units]
        self.cur.execute(
            "SELECT principal, route, key, digest, status, code, location, position FROM commands"
            " WHERE (principal, route, key) IN (SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]))",
            tuple([a[i] for a in addresses] for i in range(3)),
            prepare=True,
        )
        return {(r[0], r[1], r[2]): (bytes(r[3]), Outcome(r[4], r[5], r[6], r[7], replayed=True)) for r in self.cur}

    def begin(self, command_id: UUID, actor: str) -> "Tx":
        return Tx(self, command_id, actor)

    def absorb(self, tx: "Tx") -> int:
        """Take over what a successful unit buffered. Returns the head after it."""
        for stream, facts in tx.appended.items():
            self.streams[stream] = self.streams.get(stream, ()) + tuple(facts)
        self.rows.extend(tx.rows)
        self.claims.update(tx.claims)
        self.timers.extend(tx.timers)
        if tx.rows:
            self.head = tx.rows[-1][0]
            self.floor = tx.instant + TICK
        return self.head

    def answer(self, command: CommandRef, outcome: Outcome) -> None:
        self.outcomes.append(
            (
                *command.address,
                command.command_id,
                command.digest,
                outcome.status,
                outcome.code,
                outcome.location,
                outcome.position,
                self.clock.now(),
            )
        )

    def flush(self) -> None:
        """Write everything in one round trip; the caller commits."""
        with self.cur.connection.pipeline():
            if self.rows:
                self._insert(
                    f"INSERT INTO log ({COLUMNS}) SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[],"
                    " %s::text[], %s::bytea[], %s::timestamptz[], %s::uuid[], %s::text[])",
                    self.rows,
                )
            given_up = [claim for claim, holder in self.claims.items() if holder == RELEASED]
            if given_up:
                self._insert(
                    "DELETE FROM claims WHERE (kind, key_number, digest) IN"
                    " (SELECT * FROM unnest(%s::text[], %s::int[], %s::bytea[]))",
                    given_up,
                )
            if len(given_up) < len(self.claims):
                self._insert(
                    "INSERT INTO claims (kind, key_number, digest, holder)"
                    " SELECT * FROM unnest(%s::text[], %s::int[], %s::bytea[], %s::uuid[])"
                    " ON CONFLICT (kind, key_number, digest) DO UPDATE SET holder = excluded.holder",
                    [(*claim, holder) for claim, holder in self.claims.items() if holder != RELEASED],
                )
            if self.timers:
                self._insert(
                    "INSERT INTO timers (id, kind, stream, due_at, set_by)"
                    " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])"
                    " ON CONFLICT (id) DO NOTHING",
                    [(t.id, t.kind, t.stream, t.due_at, t.set_by) for t in self.timers],
                )
            if self.outcomes:
                self._insert(
                    "INSERT INTO commands (principal, route, key, command_id, digest, status, code, location,"
                    " position, decided_at) SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::uuid[],"
                    " %s::bytea[], %s::int[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[])",
                    self.outcomes,
                )

    def _insert(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self.cur.execute(statement, tuple(map(list, zip(*rows, strict=True))), prepare=True)


class Tx:
    """What a unit of work sees: streams as of the lock plus its own appends, and a buffer for what it writes."""

    def __init__(self, session: Session, command_id: UUID, actor: str) -> None:
        self._session = session
        self.command_id, self.actor = command_id, actor
        self.rows: list[tuple[Any, ...]] = []
        self.appended: dict[str, list[Recorded]] = {}
        self.claims: dict[tuple[str, int, bytes], UUID] = {}
        self.timers: list[Timer] = []
        self.instant = max(session.clock.now(), session.floor)

    @property
    def cur(self) -> Cursor[tuple[Any, ...]]:
        """The transaction's cursor, for the SQL views that move with it."""
        return self._session.cur

    @property
    def log(self) -> str:
        return self._session.log

    @property
    def head(self) -> int:
        """Position of the last fact this unit could have read."""
        return self._session.head

    @property
    def today(self) -> date:
        """The Shanghai day of this unit."""
        return civil_day(self.instant)

    def after(self, cause: datetime) -> None:
        """``recorded_at`` exceeds its cause's, also when the cause's log runs on a faster clock."""
        if self.rows:
            raise RuntimeError("after() comes before the first append")
        self.instant = max(self.instant, cause + TICK)

    def load(self, stream: str) -> tuple[Recorded, ...]:
        """The whole stream, with what this unit appended."""
        self._session.fetch((stream,))
        return self._session.streams[stream] + tuple(self.appended.get(stream, ()))

    def load_many(self, streams: Iterable[str]) -> dict[str, tuple[Recorded, ...]]:
        """Several streams in one query."""
        wanted = tuple(dict.fromkeys(streams))
        self._session.fetch(wanted)
        return {s: self.load(s) for s in wanted}

    def append(self, stream: str, *facts: Fact, expected: int | None = None) -> tuple[str, ...]:
        """Add facts to a stream; returns their ids. Raises ``StreamMoved`` when ``expected`` is not its version."""
        if not self._session.appends:
            raise RuntimeError("this unit did not take the append lock")
        version = len(self.load(stream))
        if expected is not None and expected != version:
            raise StreamMoved(f"{stream} is at {version}, not {expected}")
        ids = []
        for number, fact in enumerate(facts, start=version + 1):
            topic, payload = written(fact)
            position = self._session.head + len(self.rows) + 1
            self.rows.append((position, stream, number, topic, payload, self.instant, self.command_id, self.actor))
            recorded = Recorded(
                self.log, position, stream, number, self.instant, self.command_id, self.actor, fact, payload
            )
            self.appended.setdefault(stream, []).append(recorded)
            ids.append(recorded.id)
        return tuple(ids)

    def append_stored(self, stored: StoredEvent) -> None:
        """Append what the library's recorder was given, at the version it names."""
        stream = str(stored.originator_id)
        if stored.originator_version != len(self.load(stream)) + 1:
            raise StreamMoved(stream)
        name, _, version = stored.topic.partition("/")
        self.append(stream, decode(name, int(version), stored.state))

    def holders(self, kind: str, digests: Sequence[tuple[int, bytes]]) -> dict[tuple[int, bytes], UUID]:
        """Who holds these claims, own and earlier units' claims of this transaction included."""
        held: dict[tuple[int, bytes], UUID] = {}
        if not digests:
            return held
        self.cur.execute(
            "SELECT key_number, digest, holder FROM claims WHERE kind = %s AND (key_number, digest) IN"
            " (SELECT * FROM unnest(%s::int[], %s::bytea[]))",
            (kind, [n for n, _ in digests], [d for _, d in digests]),
            prepare=True,
        )
        held.update({(r[0], bytes(r[1])): r[2] for r in self.cur})
        for number, digest in digests:
            for buffer in (self._session.claims, self.claims):
                if (holder := buffer.get((kind, number, digest))) is not None:
                    held[number, digest] = holder
        return {claim: holder for claim, holder in held.items() if holder != RELEASED}

    def claim(self, kind: str, digests: Sequence[tuple[int, bytes]], holder: UUID) -> None:
        """Claim under every active key; the caller has asked ``holders`` first."""
        self.claims.update({(kind, number, digest): holder for number, digest in digests})

    def release(self, kind: str, digests: Sequence[tuple[int, bytes]]) -> None:
        """Give up these claims."""
        for number, digest in digests:
            self.claims[kind, number, digest] = RELEASED

    def set_timer(self, kind: str, stream: str, due_at: datetime, set_by: str) -> None:
        """A deadline of a stream; the same deadline set twice is one timer."""
        key = f"{self.log}/{stream}/{kind}/{due_at.isoformat()}"
        self.timers.append(Timer(uuid5(TIMERS, key), kind, stream, due_at, set_by))


RELEASED = UUID(int=0)
"""Stands in a buffer for a claim that was given up."""

TIMERS = UUID("5b1f6f0a-6a65-5c0e-9d52-0f4f6b1f2a77")
"""Namespace of timer ids: UUIDv5 of stream and deadline, so that setting one again is no second one."""
