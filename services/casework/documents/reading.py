"""What commands, reactions, views and queries look documents up in.

The stream of a log's documents only grows, so its version says all: a process reads it once, and again when it has grown.
A command asks for the version together with whatever else it needs.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

import psycopg

from contracts.facts import Recorded
from services.casework.documents.domain import KnownDocuments, Register
from services.casework.documents.editions import STREAM, Edition
from services.casework.documents.kinds import DocumentKinds
from services.casework.documents.lookup import Lookup
from services.chassis.log.entries import decode_row
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.views.subject_reader import SubjectReader

Connection = psycopg.Connection[tuple[Any, ...]]


class NamedEditions:
    """The editions that cases run under, for views, which other processes are sent. ``registers``: by log; ``followed``:
    kind → the log that holds documents of it, where that is not ``own``."""

    def __init__(self, own: str, followed: Mapping[str, str], registers: Mapping[str, Register]) -> None:
        self._own, self._followed, self._registers = own, followed, dict(registers)

    def named(self, kind: str, key: str, edition: str) -> Edition:
        """Raises ``KeyError``."""
        state = self._registers[self._log_of(kind)].as_known().named(kind, key, edition)
        if state is None:
            raise KeyError(f"{kind}/{key}: {edition}")
        return state.edition

    def _log_of(self, kind: str) -> str:
        return self._followed.get(kind, self._own)


class Documents(NamedEditions):
    """The documents that a service decides by: its own, and of the ``followed`` kinds those of another log, of which it
    keeps copies."""

    def __init__(self, store: Store, kinds: DocumentKinds, followed: Mapping[str, str] | None = None) -> None:
        """``kinds``: of the service's own documents; ``followed``: kind → the log that holds documents of it."""
        followed = followed or {}
        super().__init__(store.name, followed, {log: Register() for log in (store.name, *followed.values())})
        self.store, self.kinds = store, kinds
        self._read_in: WeakKeyDictionary[Tx, dict[str, Register]] = WeakKeyDictionary()

    def __reduce__(self) -> tuple[Any, ...]:
        return NamedEditions, (self._own, self._followed, self._read_all())

    def in_unit(self, tx: Tx, known_at: datetime | None = None) -> Lookup:
        """For one decision: as known to its unit of work, or to an instant, which is excluded."""
        return Lookup(lambda kind: self._in_unit(tx, self._log_of(kind)).as_known(known_at))

    def current(self) -> Lookup:
        """For a query: as known now. Blocking."""
        registers = self._read_all()
        return Lookup(lambda kind: registers[self._log_of(kind)].as_known())

    def known_at(self, instant: datetime | None) -> Lookup:
        """For a query: as known at an instant, which is excluded; now, where none is given. Blocking."""
        with self.store.reading() as conn:
            return self.own_and_known_at(instant, conn)[1]

    def own_and_known_at(self, instant: datetime | None, conn: Connection) -> tuple[Register, Lookup]:
        """The service's own documents, and all as known at an instant, read at once on a connection of its store. Blocking."""
        registers = self._read(conn, *self._registers)
        return registers[self._own], Lookup(cache(lambda kind: registers[self._log_of(kind)].as_known(instant)))

    def kept(self) -> Lookup:
        """As known when documents were last read, for what was found once and for all; asks nobody."""
        return Lookup(lambda kind: self._registers[self._log_of(kind)].as_known())

    def as_known_to(self, decision: Recorded) -> Lookup:
        """For repeating a decision of this log: as known then, by the decision's position in its own log and by the
        positions that it says it read in others. Blocking."""
        basis, registers = decision.fact.decided_from, self._read_all()
        before = {p.log: p.position + 1 for p in (basis.logs if basis is not None else ())}
        before[self._own] = decision.position

        def known(kind: str) -> KnownDocuments:
            log = self._log_of(kind)
            return registers[log].as_known_before(before.get(log, 0))

        return Lookup(known)

    def own_in_unit(self, tx: Tx) -> Register:
        """The service's own documents, as known to a unit of work."""
        return self._in_unit(tx, self._own)

    def own(self) -> Register:
        """The service's own documents. Blocking."""
        with self.store.reading() as conn:
            return self._read(conn, self._own)[self._own]

    def named(self, kind: str, key: str, edition: str) -> Edition:
        """What an edition says never changes: what was read once is enough."""
        try:
            return super().named(kind, key, edition)
        except KeyError:
            self._read_all()
            return super().named(kind, key, edition)

    def _in_unit(self, tx: Tx, log: str) -> Register:
        if log != self._own:
            # A unit decides by one state of another log's documents: it looks them up dozens of times, under the append lock.
            read_in = self._read_in.setdefault(tx, {})
            if log not in read_in:
                read_in[log] = self._read(tx.cur.connection, log)[log]
            return read_in[log]
        kept = self._registers[log]
        if tx.version(STREAM) == kept.version:
            return kept
        facts = tx.load(STREAM)
        read = Register(facts)
        if facts.before is None:
            # All of it is durable. What was appended in this transaction may still fail, and is not kept.
            self._keep(log, read)
        return read

    def _read_all(self) -> Mapping[str, Register]:
        with self.store.reading() as conn:
            return self._read(conn, *self._registers)

    def _read(self, conn: Connection, *logs: str) -> Mapping[str, Register]:
        found = dict[str, Register]()
        for log, version in conn.execute(_versions(self._own, logs), prepare=True).fetchall():
            found[log] = self._registers[log]
            if (version or 0) != found[log].version:
                of: tuple[LiteralString, str | None] = ("log", None) if log == self._own else ("copies", log)
                reader = SubjectReader(of[0], "originator_id", "originator_version", of[1])
                found[log] = Register([decode_row(log, row) for row in reader.read(conn, [STREAM])])
                self._keep(log, found[log])
        return found

    def _keep(self, log: str, read: Register) -> None:
        if read.version > self._registers[log].version:
            self._registers[log] = read


@cache
def _versions(own: str, logs: tuple[str, ...]) -> bytes:
    """SQL of each log's version of its documents. Without parameters: for these PostgreSQL would make a plan each time, which takes
    longer than the answer."""
    tables = {log: "log WHERE" if log == own else f"copies WHERE log = '{log}' AND" for log in logs}
    return " UNION ALL ".join(
        f"SELECT '{log}', (SELECT max(originator_version) FROM {of} originator_id = '{STREAM}')"
        for log, of in tables.items()
    ).encode()
