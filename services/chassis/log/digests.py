"""Digests of entries as tables hold them: computed by PostgreSQL from the rows of ``log`` or ``copies``, and those written down
in ``log_digests``. A row costs the database about 3.5 µs and this process nothing.

A log is compared in stretches of ``STRETCH`` entries: stretch N holds positions N*1024+1 to (N+1)*1024.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg import Connection, DataError

from contracts.entry_digest import SIZE, encode_entry, leaf_hash
from services.chassis.log.entries import COLUMNS, Entry, household_of

STRETCH = 1024
"""Entries of one stretch, and of one page of published digests."""

DatabaseConnection = Connection[tuple[Any, ...]]

LEAF = r"""sha256('\x0001'::bytea || int8send(notification_id) || int8send(originator_version)
    || int8send((extract(epoch FROM recorded_at) * 1000000)::bigint) || uuid_send(command_id)
    || int4send(octet_length(%(log)s)) || convert_to(%(log)s, 'UTF8')
    || int4send(octet_length(originator_id)) || convert_to(originator_id, 'UTF8')
    || int4send(octet_length(topic)) || convert_to(topic, 'UTF8')
    || int4send(octet_length(actor)) || convert_to(actor, 'UTF8')
    || int4send(octet_length(state)) || state)"""
"""``contracts.entry_digest`` in SQL, of a row of either table."""

OWN = "log WHERE"
COPIED = "copies WHERE log = %(log)s AND"
WITHIN = "notification_id > %(after)s AND notification_id <= %(through)s"
SUBJECT = "bool_and(subject IS NOT DISTINCT FROM (convert_from(state, 'UTF8')::json ->> 'household_id')::uuid)"
"""Whether every copy stands under the household that its payload is about."""


class Rows(NamedTuple):
    """What a table holds of a range: positions, and their digests one after the other. ``subjects``: whether every copy
    stands under its household."""

    positions: list[int]
    digests: bytes
    subjects: bool


@dataclass(frozen=True)
class Table:
    """The rows of one log: the service's own, or its copies of another's (``copies``)."""

    log: str
    copies: bool

    def rows(self, conn: DatabaseConnection, after: int, through: int) -> Rows | None:
        """Those after a position up to another. ``None`` where the database cannot read them as what they should be."""
        where, subjects = (COPIED, SUBJECT) if self.copies else (OWN, "true")
        sql = (
            "SELECT coalesce(array_agg(notification_id ORDER BY notification_id), '{}'),"
            f" coalesce(string_agg({LEAF}, ''::bytea ORDER BY notification_id), ''), coalesce({subjects}, true)"
            f" FROM {where} {WITHIN}"
        )
        try:
            row = conn.execute(sql.encode(), {"log": self.log, "after": after, "through": through}).fetchone()
        except DataError:
            return None
        assert row is not None
        return Rows(*row)

    def digests(self, conn: DatabaseConnection, after: int, through: int) -> dict[int, bytes | None]:
        """The same row by row, computed here: position → digest, ``None`` for a copy that stands under another household."""
        where, subject = (COPIED, ", subject") if self.copies else (OWN, "")
        sql = f"SELECT {COLUMNS}{subject} FROM {where} {WITHIN} ORDER BY notification_id"
        found: dict[int, bytes | None] = {}
        for row in conn.execute(sql.encode(), {"log": self.log, "after": after, "through": through}):
            entry = Entry(*row[:8])
            misplaced = self.copies and household_of(entry) != row[8]
            found[entry.position] = None if misplaced else digest_of(self.log, entry)
        return found

    def positions(self, conn: DatabaseConnection, after: int, through: int) -> list[int]:
        """Which of these positions it has."""
        where = COPIED if self.copies else OWN
        sql = f"SELECT notification_id FROM {where} {WITHIN}"
        rows = conn.execute(sql.encode(), {"log": self.log, "after": after, "through": through})
        return [position for (position,) in rows]


def digest_of(log: str, e: Entry) -> bytes:
    """The digest of an entry of that log."""
    return leaf_hash(
        encode_entry(log, e.position, e.stream, e.version, e.topic, e.state, e.recorded_at, e.command_id, e.actor)
    )


@dataclass(frozen=True)
class WrittenDigests:
    """What is written down of one stretch: digests by position, and the positions of which a copy was kept when they were
    written. ``intact``: whether its rows follow one another without gap or overlap."""

    first: int
    digests: bytes
    copied: frozenset[int]
    intact: bool = True

    @property
    def last(self) -> int:
        """The last position covered; the one before ``first`` where there is none."""
        return self.first - 1 + len(self.digests) // SIZE

    def at(self, position: int) -> bytes | None:
        """``None`` where none is written down."""
        return digest_at(self.digests, position - self.first)


def digest_at(digests: bytes, index: int) -> bytes | None:
    """One of many, from 0; ``None`` where there is none."""
    found = digests[index * SIZE : (index + 1) * SIZE] if index >= 0 else b""
    return None if found in (b"", ABSENT) else found


def written(conn: DatabaseConnection, log: str, stretch: int) -> WrittenDigests:
    """What is written down of a stretch. What stands behind a gap is left out, and the stretch is not intact."""
    first = stretch * STRETCH + 1
    rows = conn.execute(
        "SELECT position, digests, copied FROM log_digests WHERE log = %s AND position BETWEEN %s AND %s ORDER BY position",
        (log, first, first + STRETCH - 1),
    ).fetchall()
    parts: list[bytes] = []
    copied: set[int] = set()
    last = first - 1
    for position, digests, bits in rows:
        if position != last + len(digests) // SIZE:
            return WrittenDigests(first, b"".join(parts), frozenset(copied), intact=False)
        copied.update(_set_bits(bits, last + 1))
        parts.append(digests)
        last = position
    # Of a stretch that another follows nothing may be left to write.
    intact = last == first + STRETCH - 1 or written_through(conn, log) <= last
    return WrittenDigests(first, b"".join(parts), frozenset(copied), intact)


@dataclass(frozen=True)
class PublishedDigests:
    """What a service publishes of a stretch: digests as they were ``written`` down, and of the same entries as its log has
    them ``now``, ``ABSENT`` where it has none. The two are the same in a log that nobody altered."""

    written: bytes
    now: bytes

    def __post_init__(self) -> None:
        if len(self.written) != len(self.now):
            raise ValueError("two digests for every entry")


ABSENT = bytes(SIZE)


def published(conn: DatabaseConnection, log: str, stretch: int) -> PublishedDigests:
    """What the service publishes of its own log."""
    known, table = written(conn, log, stretch), Table(log, copies=False)
    rows = table.rows(conn, known.first - 1, known.last)
    if rows is not None and rows.digests == known.digests:
        return PublishedDigests(known.digests, known.digests)
    found = table.digests(conn, known.first - 1, known.last)
    now = b"".join(found.get(position) or ABSENT for position in range(known.first, known.last + 1))
    return PublishedDigests(known.digests, now)


def written_through(conn: DatabaseConnection, log: str) -> int:
    """The last position of which a digest is written down."""
    row = conn.execute("SELECT coalesce(max(position), 0) FROM log_digests WHERE log = %s", (log,)).fetchone()
    return int(row[0]) if row else 0


def write(conn: DatabaseConnection, log: str, digests: bytes, through: int, copied: Iterable[int] | None) -> None:
    """Write down digests that end at a position, once: whoever comes second changes nothing. ``copied``: of another log,
    the positions of which a copy is kept."""
    first = through - len(digests) // SIZE + 1
    bits = None if copied is None else _bits(copied, first, through)
    conn.execute(
        "INSERT INTO log_digests SELECT %(log)s, %(through)s, %(digests)s, %(bits)s"
        " WHERE %(first)s = 1 OR EXISTS (SELECT FROM log_digests WHERE log = %(log)s AND position = %(first)s - 1)"
        " ON CONFLICT DO NOTHING",
        {"log": log, "through": through, "digests": digests, "bits": bits, "first": first},
    )


def _bits(positions: Iterable[int], first: int, through: int) -> bytes:
    number = 0
    for position in positions:
        number |= 1 << (position - first)
    return number.to_bytes((through - first) // 8 + 1, "little")


def _set_bits(bits: bytes | None, first: int) -> list[int]:
    number = int.from_bytes(bits or b"", "little")
    return [first + n for n in range(number.bit_length()) if number >> n & 1]
