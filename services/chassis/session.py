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
from services.chassis.clock import TICK, Clock, SystemClock
from services.chassis.entries import COLUMNS, read_row
from services.chassis.unit import RELEASED, Claim, CommandRef, Outcome, Timer, Tx, Unit

APPEND_LOCK = 0x11CA
"""Key of the advisory lock. ``LOCK TABLE`` would wait for VACUUM; this does not."""

HEAD = (
    "SELECT coalesce(max(notification_id), 0), max(recorded_at), (SELECT closed_through FROM closing)"
    " FROM (SELECT notification_id, recorded_at FROM log ORDER BY notification_id DESC LIMIT 1) AS last"
)
ANSWERS = (
    "SELECT principal, route, key, digest, status, code, location, position FROM commands"
    " WHERE (principal, route, key) IN (SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]))"
)
STREAMS = f"SELECT {COLUMNS} FROM log WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version".encode()
VERSIONS = (
    "SELECT stream, (SELECT max(originator_version) FROM log WHERE originator_id = stream)"
    " FROM unnest(%s::text[]) AS asked (stream)"
)
CLAIMS = (
    "SELECT kind, key_number, digest, holder FROM claims WHERE (kind, key_number, digest) IN"
    " (SELECT * FROM unnest(%s::text[], %s::int[], %s::bytea[]))"
)


class Session:
    """One transaction under the append lock: head, streams and claims as of the lock, and all that will be written."""

    def __init__(
        self,
        log: str,
        cur: Cursor[tuple[Any, ...]],
        clock: Clock,
        *,
        appends: bool = True,
        shared: bool = False,
        units: Sequence[Unit] = (),
    ) -> None:
        """``shared``: several units decide in this transaction, and each may be refused on its own. ``units``: whose
        answers, streams and claims are asked for together with the lock, in one round trip."""
        self.log, self.cur, self.clock = log, cur, clock
        self.appends, self.shared = appends, shared
        # A cursor of its own: a unit that is reading rows through ``Tx.cur`` can load streams meanwhile.
        self._own = cur.connection.cursor(binary=True)
        head, answers, streams, versions, claims = (cur.connection.cursor(binary=True) for _ in range(5))
        wanted = tuple(dict.fromkeys(s for u in units for s in u.streams))
        extended = tuple({s for u in units for s in u.extends}.difference(wanted))
        claimed = tuple(dict.fromkeys(c for u in units for c in u.claims))
        with cur.connection.pipeline():
            if appends:
                # The lock is its own earlier statement: a statement that takes it already has its snapshot.
                self._own.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,), prepare=True)
            head.execute(HEAD, prepare=True)
            if units:
                answers.execute(ANSWERS, _columns([u.command.address for u in units], 3), prepare=True)
            if wanted:
                streams.execute(STREAMS, (list(wanted),), prepare=True)
            if extended:
                versions.execute(VERSIONS, (list(extended),), prepare=True)
            if claimed:
                claims.execute(CLAIMS, _columns(claimed, 3), prepare=True)
        row = head.fetchone()
        assert row is not None
        self.head: int = row[0]
        self.floor: datetime = max(i for i in (row[1] and row[1] + TICK, row[2]) if i is not None)
        self.answered: dict[tuple[str, str, str], tuple[bytes, Outcome]] = (
            {(r[0], r[1], r[2]): (bytes(r[3]), Outcome(r[4], r[5], r[6], r[7], replayed=True)) for r in answers}
            if units
            else {}
        )
        self._streams: dict[str, tuple[Recorded, ...]] = self._found(wanted, streams) if wanted else {}
        self._versions: dict[str, int] = {s: version or 0 for s, version in versions} if extended else {}
        self._held: dict[Claim, UUID | None] = dict.fromkeys(claimed)
        if claimed:
            self._held.update({(r[0], r[1], bytes(r[2])): r[3] for r in claims})
        self._appended: list[Mapping[str, Sequence[Recorded]]] = []
        self.rows: list[tuple[Any, ...]] = []
        self.claims: dict[Claim, UUID] = {}
        self.timers: list[Timer] = []
        self.outcomes: list[tuple[Any, ...]] = []

    def read(self, streams: Iterable[str]) -> Mapping[str, tuple[Recorded, ...]]:
        """Whole streams with what earlier units appended; all that are not yet here come in one query."""
        missing = [s for s in dict.fromkeys(streams) if s not in self._streams]
        if missing:
            self._own.execute(STREAMS, (missing,), prepare=True)
            self._streams.update(self._found(missing, self._own))
            for appended in self._appended:
                for stream in appended.keys() & set(missing):
                    self._streams[stream] += tuple(appended[stream])
        return self._streams

    def version(self, stream: str) -> int:
        """Of the stream's last fact, those of earlier units included; 0 for none."""
        if (loaded := self._streams.get(stream)) is not None:
            return len(loaded)
        if stream not in self._versions:
            self._own.execute(VERSIONS, ([stream],), prepare=True)
            self._versions.update({s: version or 0 for s, version in self._own})
        return self._versions[stream]

    def _found(self, wanted: Iterable[str], cur: Cursor[tuple[Any, ...]]) -> dict[str, tuple[Recorded, ...]]:
        found: dict[str, list[Recorded]] = {s: [] for s in wanted}
        for row in cur:
            found[row[1]].append(read_row(self.log, row))
        return {s: tuple(facts) for s, facts in found.items()}

    def begin(self, command_id: UUID, actor: str) -> Tx:
        return Tx(self, command_id, actor)

    def absorb(self, tx: Tx) -> int:
        """Take over what a successful unit buffered. Returns the head after it."""
        tx.keep()
        for stream, facts in tx.appended.items():
            if stream in self._streams:
                self._streams[stream] += tuple(facts)
            else:
                self._versions[stream] += len(facts)
        self._appended.append(tx.appended)
        self.rows.extend(tx.rows)
        self.claims.update(tx.claims)
        self.timers.extend(tx.timers)
        if tx.rows:
            self.head = tx.rows[-1][0]
            self.floor = tx.instant + TICK
        return self.head

    def holders(self, kind: str, digests: Sequence[tuple[int, bytes]]) -> dict[tuple[int, bytes], UUID]:
        """Who holds these claims, as of the lock."""
        asked = [(kind, number, digest) for number, digest in digests]
        missing = [claim for claim in asked if claim not in self._held]
        if missing:
            self._own.execute(CLAIMS, _columns(missing, 3), prepare=True)
            self._held.update(dict.fromkeys(missing))
            self._held.update({(r[0], r[1], bytes(r[2])): r[3] for r in self._own})
        return {(n, d): holder for k, n, d in asked if (holder := self._held[k, n, d]) is not None}

    def answer(self, command: CommandRef, outcome: Outcome) -> None:
        """Remember the answer. Whoever repeats a request lives in real time, whatever the log's clock says."""
        self.outcomes.append(
            (
                *command.address,
                command.command_id,
                command.digest,
                outcome.status,
                outcome.code,
                outcome.location,
                outcome.position,
                SystemClock().now(),
            )
        )

    def flush(self) -> None:
        """Write everything in one round trip; the caller commits."""
        with self._own.connection.pipeline():
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
        self._own.execute(statement, _columns(rows, len(rows[0])), prepare=True)


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> tuple[list[Any], ...]:
    """Rows as the columns that ``unnest`` takes."""
    return tuple([row[i] for row in rows] for i in range(count))
