"""Comparing one stretch of a log: rows with digests that were written down, copies with the log that they are of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from services.chassis.following.copied_types import followed_types, lacking_copies
from services.chassis.following.reactions import Reaction
from services.chassis.following.sources import Page, Source
from services.chassis.integrity.verdicts import Altered, Difference, Evidence
from services.chassis.log.digests import (
    STRETCH,
    DatabaseConnection,
    PublishedDigests,
    Rows,
    Table,
    WrittenDigests,
    digest_at,
    digest_of,
    written,
)
from services.chassis.log.entries import Entry


class Producer(Protocol):
    """Where the log itself is kept: a source without a cache in between."""

    def read(self, cursor: int, limit: int) -> Page: ...

    def digests(self, stretch: int) -> PublishedDigests: ...


@dataclass(frozen=True)
class Copied:
    """A log that a service copies. ``types``: of which entries, ``None`` for all; ``since``: of types that it followed late, the last
    entry that it had read by then."""

    log: str
    producer: Producer
    types: Collection[str] | None = None
    since: Mapping[str, int] = field(default_factory=dict)

    def copies(self, entry: Entry) -> bool:
        """Whether a copy is kept of such an entry."""
        return self.types is None or (
            entry.type_name in self.types and entry.position > self.since.get(entry.type_name, 0)
        )

    def as_kept(self, conn: DatabaseConnection) -> "Copied":
        """As the service's database says today."""
        return replace(self, since=lacking_copies(conn, self.log))


def copied_logs(
    reads: Mapping[str, Sequence[Reaction]], sources: Mapping[str, Source], *, keeps_all: bool
) -> list[Copied]:
    """What a service copies of the logs it reads: of each the entries that its reactions follow, or every one."""
    return [
        Copied(
            log,
            sources[log].producer,
            None if keeps_all else followed_types(of),
        )
        for log, of in reads.items()
    ]


def compare_log(conn: DatabaseConnection, log: str, stretch: int) -> list[Difference]:
    """Where the service's own log differs from the digests that were written down of it."""
    return [Difference(log, p, Altered.LOG_OR_DIGESTS) for p in unlike_written(conn, Table(log, copies=False), stretch)]


def unlike_written(conn: DatabaseConnection, table: Table, stretch: int, *, partly: bool = False) -> list[int]:
    """Positions at which a table's rows are not those of which digests were written down. ``partly``: copies of some types
    only."""
    known = written(conn, table.log, stretch)
    torn = [] if known.intact else [known.last + 1]
    rows = table.rows(conn, known.first - 1, known.last)
    if rows is not None and _agree(known, rows, partly=partly):
        return torn
    found = table.digests(conn, known.first - 1, known.last)
    return torn + [
        position
        for position in range(known.first, known.last + 1)
        if (not partly or position in known.copied or position in found) and found.get(position) != known.at(position)
    ]


def compare_copy(
    conn: DatabaseConnection, copied: Copied, stretch: int, *, read_entries: bool = False
) -> list[Difference]:
    """Where the log, its copy here, and the digests of both do not agree. ``read_entries``: of a copy of some types only, the
    log is read as well, for entries that should be among the copies and never were. Raises what says that the producer is
    away."""
    copied = copied.as_kept(conn)
    known, table = written(conn, copied.log, stretch), Table(copied.log, copies=True)
    rows = table.rows(conn, known.first - 1, known.last)
    published = copied.producer.digests(stretch)
    partly = copied.types is not None
    if rows is not None and _published_alike(known, published) and _agree(known, rows, partly=partly):
        if not (partly and read_entries):
            return _torn(copied.log, known)
        return _torn(copied.log, known) + _left_out(copied, known, rows.positions)
    found = table.digests(conn, known.first - 1, known.last)
    differences = _torn(copied.log, known)
    for position in range(known.first, known.last + 1):
        evidence = Evidence(
            written=known.at(position),
            published=digest_at(published.written, position - known.first),
            log=digest_at(published.now, position - known.first),
            copy=found.get(position),
            copied=not partly or position in known.copied or position in found,
        )
        if (altered := evidence.verdict()) is not None:
            differences.append(Difference(copied.log, position, altered))
    if partly and read_entries:
        named = {d.position for d in differences}
        differences += [d for d in _left_out(copied, known, found) if d.position not in named]
    return differences


def compare_unwritten(conn: DatabaseConnection, copied: Copied, after: int, through: int) -> list[Difference]:
    """The same of entries, all of one stretch, whose digests are not written down here yet: what the producer published of
    them tells whether the log was altered since; where it published nothing, or what its log says, nobody knows."""
    copied, stretch = copied.as_kept(conn), after // STRETCH
    published = copied.producer.digests(stretch).written
    entries = {e.position: e for e in _entries(copied.producer, after, through)}
    found = Table(copied.log, copies=True).digests(conn, after, through)
    differences = []
    for position in range(after + 1, through + 1):
        entry = entries.get(position)
        if position not in found and (entry is None or not copied.copies(entry)):
            continue
        log, first = entry and digest_of(copied.log, entry), digest_at(published, position - stretch * STRETCH - 1)
        if found.get(position) != log:
            altered = Altered.LOG if first is not None and found.get(position) == first else Altered.UNDECIDED
            differences.append(Difference(copied.log, position, altered))
    return differences


def _published_alike(known: WrittenDigests, published: PublishedDigests) -> bool:
    return published.written.startswith(known.digests) and published.now.startswith(known.digests)


def _agree(known: WrittenDigests, rows: Rows, *, partly: bool) -> bool:
    if not rows.subjects:
        return False
    if not partly:
        return rows.digests == known.digests
    expected = b"".join(known.at(position) or b"" for position in rows.positions)
    return rows.digests == expected and known.copied.issubset(rows.positions)


def _torn(log: str, known: WrittenDigests) -> list[Difference]:
    return [] if known.intact else [Difference(log, known.last + 1, Altered.WRITTEN_DIGESTS)]


def _left_out(
    copied: Copied, known: WrittenDigests, present: Collection[int] | Mapping[int, object]
) -> list[Difference]:
    there = frozenset(present)
    return [
        Difference(copied.log, e.position, Altered.COPY)
        for e in _entries(copied.producer, known.first - 1, known.last)
        if copied.copies(e) and e.position not in there
    ]


def _entries(producer: Producer, after: int, through: int) -> list[Entry]:
    found: list[Entry] = []
    while after < through and (entries := producer.read(after, min(STRETCH, through - after)).entries):
        found += entries
        # Where rows are missing the last one says how far this came; never back, whatever a row says of itself.
        after = max(after + 1, entries[-1].position)
    return [e for e in found if e.position <= through]
