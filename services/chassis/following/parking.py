"""Poison: an entry that cannot be digested is parked together with the later ones of its subject, in order, and digested
again when the defect is repaired. Everybody else goes on meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from contracts.canonical import UnknownType
from services.chassis.following.reactions import Reaction, react
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.entries import COLUMNS, Entry, decode_entry, household_of
from services.chassis.log.lineage import begetting_topics, children_in
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx

BEHIND_PARKED = "behind a parked entry"

OF_CONSUMER = "consumer = %s AND log = %s"


@dataclass(frozen=True)
class Parked:
    """``error``: the kind of exception, or that it waits behind another entry of its ``subject`` (household or stream).
    ``since``: on the consuming service's clock."""

    consumer: str
    log: str
    position: int
    subject: str
    error: str
    since: datetime


@dataclass(frozen=True)
class Released:
    """What became of one subject: so many entries digested, so many still parked, and behind which kind of error."""

    log: str
    subject: str
    digested: int
    left: int
    error: str | None = None


def subject_of(stored: Entry) -> str:
    """Whose order matters: the household's, or else the stream's. Told from the bytes, so that an entry which cannot be
    read as a fact holds up the right household."""
    household = household_of(stored)
    return stored.stream if household is None else str(household)


def park(tx: Tx, consumer: str, log: str, stored: Entry, kind: str) -> None:
    """Keep in mind that this entry was not digested. ``kind``: never the exception's text, which may quote a payload."""
    tx.cur.execute(
        "INSERT INTO parked VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (consumer, log, position) DO NOTHING",
        (consumer, log, stored.position, subject_of(stored), kind, tx.instant),
    )


class BehindParked(Exception):
    """A subject starts from the state of another one that is still parked."""


def parked_subjects(cur: Cursor[Any], consumer: str, log: str, *, descendants_only: bool = False) -> set[str]:
    """Which subjects wait behind a parked entry, with those that start from their state: few, and nearly always none."""
    cur.execute(f"SELECT DISTINCT subject FROM parked WHERE {OF_CONSUMER}".encode(), (consumer, log), prepare=True)
    parked = {row[0] for row in cur}
    if not parked:
        return parked
    descendants = _descendants(cur, log, parked, own=log == consumer)
    return descendants if descendants_only else parked | descendants


def _descendants(cur: Cursor[Any], log: str, subjects: Iterable[str], *, own: bool) -> set[str]:
    """Subjects that start from the state of these, generation by generation."""
    topics = list(begetting_topics())
    found: set[str] = set()
    new = _streams(cur, subjects) if own else dict.fromkeys(filter(_is_uuid, subjects), "")
    while new:
        children: dict[str, str] = {}
        for subject, stream in new.items():
            where, key = ("originator_id = %s", (stream,)) if own else ("log = %s AND subject = %s", (log, subject))
            cur.execute(
                f"SELECT topic, state FROM {'log' if own else 'copies'} WHERE {where} AND topic = ANY(%s)".encode(),
                (*key, topics),
            )
            named = [str(child) for child in children_in((None, None, None, *row) for row in cur)]
            children.update({child: stream.replace(subject, child) for child in named})
        new = {child: stream for child, stream in children.items() if child not in found}
        found.update(new)
    return found


def _streams(cur: Cursor[Any], subjects: Iterable[str]) -> dict[str, str]:
    """The stream of each parked subject that is a household, in the service's own log."""
    cur.execute(
        b"SELECT DISTINCT subject, originator_id FROM parked JOIN log ON notification_id = position WHERE subject = ANY(%s)",
        (list(subjects),),
    )
    return {subject: stream for subject, stream in cur if _is_uuid(subject)}


def _is_uuid(subject: str) -> bool:
    try:
        UUID(subject)
    except ValueError:
        return False
    return True


def count(conn: Connection[Any], consumer: str, log: str) -> int:
    """Subjects that wait."""
    row = conn.execute(
        f"SELECT count(DISTINCT subject) FROM parked WHERE {OF_CONSUMER}".encode(), (consumer, log)
    ).fetchone()
    return row[0] if row else 0


def parked_entries(conn: Connection[Any]) -> list[Parked]:
    """Everything parked in a service's database, by log, subject and position."""
    rows = conn.execute(
        "SELECT consumer, log, position, subject, error, parked_at FROM parked"
        " ORDER BY consumer, log, min(position) OVER (PARTITION BY consumer, log, subject), position"
    )
    return [Parked(*row) for row in rows]


def lock_consumer(cur: Cursor[Any], consumer: str, log: str) -> None:
    """Keep the consumer from digesting a batch until this transaction ends: it would park behind what is released now."""
    cur.execute(f"SELECT position FROM cursors WHERE {OF_CONSUMER} FOR UPDATE".encode(), (consumer, log))


def release(store: Store, log: str, reactions: Sequence[Reaction], subject: str | None = None) -> list[Released]:
    """Digest again what is parked of one log (of one ``subject``, if said), subject by subject in the order in which they
    were parked. A subject's effects and the end of its parking commit together, so they come about once. Raises what
    says that a database is away, and ``UnknownType``."""
    with store.reading() as conn:
        waiting = [p for p in parked_entries(conn) if (p.consumer, p.log) == (store.name, log)]
    subjects = dict.fromkeys(p.subject for p in waiting if subject is None or p.subject == subject)
    return [_Subject(store, log, reactions, s).release() for s in subjects]


@dataclass(frozen=True)
class _Subject:
    store: Store
    log: str
    reactions: Sequence[Reaction]
    subject: str

    def release(self) -> Released:
        """All of it in one transaction, or as much as can be digested before the first entry that cannot."""
        positions = self._positions()
        try:
            self._digest(positions)
        except (*UNREACHABLE, StoreUnavailable, UnknownType):
            raise
        except Exception:  # noqa: BLE001 - one of them; one after the other it is known which
            return self._one_by_one(positions)
        return Released(self.log, self.subject, len(positions), 0)

    def _one_by_one(self, positions: Sequence[int]) -> Released:
        for done, position in enumerate(positions):
            try:
                self._digest([position])
            except (*UNREACHABLE, StoreUnavailable, UnknownType):
                raise
            except Exception as poison:  # noqa: BLE001 - whatever a reaction raises parks its subject
                kind = type(poison).__name__
                self._blame(position, kind)
                return Released(self.log, self.subject, done, len(positions) - done, kind)
        return Released(self.log, self.subject, len(positions), 0)

    def _positions(self) -> list[int]:
        with self.store.reading() as conn:
            rows = conn.execute(
                f"SELECT position FROM parked WHERE {OF_CONSUMER} AND subject = %s ORDER BY position".encode(),
                (self.store.name, self.log, self.subject),
            )
            return [position for (position,) in rows]

    def _digest(self, positions: Sequence[int]) -> None:
        def work(tx: Tx) -> None:
            if self.subject in parked_subjects(tx.cur, self.store.name, self.log, descendants_only=True):
                raise BehindParked(self.subject)
            tx.cur.execute(
                f"DELETE FROM parked WHERE {OF_CONSUMER} AND position = ANY(%s) RETURNING position".encode(),
                (self.store.name, self.log, list(positions)),
            )
            # What somebody else has released meanwhile is not there any more, and not digested twice.
            there = [position for (position,) in tx.cur]
            react(tx, self.reactions, [decode_entry(self.log, e) for e in self._entries(tx.cur, there)])

        self.store.transact(work, appends=any(r.appends for r in self.reactions), first=self._hold)

    def _entries(self, cur: Cursor[Any], positions: Sequence[int]) -> list[Entry]:
        own = self.log == self.store.name
        where, params = ("", []) if own else (" AND log = %s", [self.log])
        cur.execute(
            f"SELECT {COLUMNS} FROM {'log' if own else 'copies'} WHERE notification_id = ANY(%s){where} ORDER BY 1".encode(),
            (list(positions), *params),
        )
        found = [Entry(*row) for row in cur]
        if len(found) != len(positions):
            raise LookupError("a parked entry is not at hand")
        return found

    def _blame(self, position: int, kind: str) -> None:
        with self.store.reading() as conn:
            conn.execute(
                f"UPDATE parked SET error = %s WHERE {OF_CONSUMER} AND position = %s".encode(),
                (kind, self.store.name, self.log, position),
            )

    def _hold(self, cur: Cursor[Any]) -> None:
        lock_consumer(cur, self.store.name, self.log)
