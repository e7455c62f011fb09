"""Questions to the staff directory: who held which post where, and which posts an account held, on any day, as known then.

A table says which streams to read; what held is folded from them by ``contracts.selection``. Blocking.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from contracts.casework.directory import AccountLinked
from contracts.facts import Recorded
from contracts.selection import surviving, timeline
from services.casework.directory.domain import stream_of
from services.casework.directory.state import Post, StaffMember, fold
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.entries import decode_row
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.views.subject_reader import SubjectReader

Streams = Mapping[UUID, Sequence[Recorded]]
PAGE = 200
"""Posts looked at together, while a page of a list is filled."""


class Holding(NamedTuple):
    """A post, and whether it was another's for whom one stood in."""

    post: Post
    standing_in: bool = False


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post on a day: its holder's name, sealed, until when they are absent, and who stands in."""

    post: Post
    holder: StaffMember
    absent_until: date | None
    deputies: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class MemberOnDay:
    """``posts`` held, and those that others hold and the member stands in for."""

    member: StaffMember
    accounts: tuple[str, ...]
    holdings: tuple[Holding, ...]
    absent_until: date | None


class Directory:
    """``log``: another service's, whose facts are read from this service's copies."""

    def __init__(self, store: Store, log: str | None = None) -> None:
        self._store, self._log = store, log or store.name
        table: Any = "copies" if log else "log"
        self._reader = SubjectReader(table, "originator_id", "originator_version", log, stream_of(""))

    def now(self) -> datetime:
        """On the clock of the service's own log."""
        return self._store.now()

    def holdings(
        self, asked: Iterable[tuple[str, date]], known_at: datetime | None = None
    ) -> dict[tuple[str, date], tuple[Holding, ...]]:
        """(Account, day) → the posts that account held then, as was known before ``known_at``; nothing for an account
        that was nobody's."""
        pairs = set(asked)
        with self._store.reading() as conn:
            owners = _grouped(conn, "account, staff_id", "staff_accounts", "account", {a for a, _ in pairs})
            people = {staff_id for of in owners.values() for staff_id in of}
            covered = _grouped(conn, "deputy, staff_id", "staff_deputies", "deputy", people)
            streams = self._streams(conn, people.union(*covered.values()))
        found = {}
        for account, day in pairs:
            for staff_id in owners.get(account, ()):
                member = fold(timeline(streams[staff_id], as_of=day, known_at=known_at))
                if any(link.account == account and link.holds_on(day) for link in member.links):
                    found[account, day] = _holdings(staff_id, member, streams, covered.get(staff_id, ()), day, known_at)
        return found

    def posts(
        self, prefix: str, day: date, known_at: datetime | None, after: tuple[str, UUID], limit: int
    ) -> list[PostHeld]:
        """Posts held under a division prefix on that day, by (division, post), at most so many."""
        found: list[PostHeld] = []
        with self._store.reading() as conn:
            while True:
                rows = conn.execute(
                    "SELECT division, post_id, staff_id FROM staff_posts WHERE starts_with(division, %s)"
                    " AND (division, post_id) > (%s, %s) ORDER BY division, post_id LIMIT %s",
                    (prefix, *after, PAGE),
                ).fetchall()
                streams = self._streams(conn, {staff_id for *_, staff_id in rows})
                members = {s: fold(timeline(facts, as_of=day, known_at=known_at)) for s, facts in streams.items()}
                for _, post_id, staff_id in rows:
                    member = members[staff_id]
                    post = member.posts.get(post_id)
                    if post is not None and post.held_on(day):
                        found.append(PostHeld(post, member, member.absent_until(day), _deputies(member, post_id, day)))
                if len(found) >= limit or len(rows) < PAGE:
                    return found[:limit]
                after = rows[-1][0], rows[-1][1]

    def facts(self, staff_id: UUID) -> Sequence[Recorded]:
        """All that is recorded of a member. Raises ``NOT_FOUND``."""
        with self._store.reading() as conn:
            facts = self._streams(conn, {staff_id})[staff_id]
        if not facts:
            raise Refused(NOT_FOUND)
        return facts

    def member(self, staff_id: UUID, day: date, known_at: datetime | None = None) -> MemberOnDay:
        """A member on a day, as known then. Raises ``NOT_FOUND`` for one who was not known."""
        with self._store.reading() as conn:
            covered = _grouped(conn, "deputy, staff_id", "staff_deputies", "deputy", {staff_id}).get(staff_id, set())
            streams = self._streams(conn, {staff_id, *covered})
        if not any(known_at is None or r.recorded_at < known_at for r in streams[staff_id]):
            raise Refused(NOT_FOUND)
        member = fold(timeline(streams[staff_id], as_of=day, known_at=known_at))
        accounts = sorted({link.account for link in member.links if link.holds_on(day)})
        holdings = _holdings(staff_id, member, streams, covered, day, known_at)
        return MemberOnDay(member, tuple(accounts), holdings, member.absent_until(day))

    def divisions(self, staff_id: UUID) -> set[str]:
        """Where the member ever had a post."""
        with self._store.reading() as conn:
            rows = conn.execute("SELECT division FROM staff_posts WHERE staff_id = %s", (staff_id,)).fetchall()
        return {division for (division,) in rows}

    def holder(self, post_id: UUID) -> UUID:
        """Who holds or held the post. Raises ``NOT_FOUND``."""
        with self._store.reading() as conn:
            row = conn.execute("SELECT staff_id FROM staff_posts WHERE post_id = %s", (post_id,)).fetchone()
        if row is None:
            raise Refused(NOT_FOUND)
        found: UUID = row[0]
        return found

    def owner(self, account: str) -> UUID:
        """Whose account it is, or was. Raises ``NOT_FOUND``."""
        with self._store.reading() as conn:
            owners = _grouped(conn, "account, staff_id", "staff_accounts", "account", {account}).get(account, set())
            for staff_id, facts in self._streams(conn, owners).items():
                linked = (r.fact for r in surviving(facts) if isinstance(r.fact, AccountLinked))
                if any(fact.account == account for fact in linked):
                    return staff_id
        raise Refused(NOT_FOUND)

    def accounts_of(self, account: str) -> frozenset[str]:
        """Every account, former ones too, of the person whose this one is; itself alone where it is nobody's."""
        with self._store.reading() as conn:
            return self._accounts_of(conn, account)

    def accounts_known_to(self, tx: Tx, account: str) -> frozenset[str]:
        """``accounts_of``, as far as a unit of work knows. In a log other than the directory's own, which asks its claims."""
        return self._accounts_of(tx.cur.connection, account)

    def _accounts_of(self, conn: "Connection[tuple[Any, ...]]", account: str) -> frozenset[str]:
        owners = _grouped(conn, "account, staff_id", "staff_accounts", "account", {account}).get(account, set())
        streams = self._streams(conn, owners)
        linked = [[r.fact.account for r in surviving(f) if isinstance(r.fact, AccountLinked)] for f in streams.values()]
        return frozenset({account}.union(*(accounts for accounts in linked if account in accounts)))

    def _streams(self, conn: "Connection[tuple[Any, ...]]", staff: Collection[UUID]) -> Streams:
        rows = self._reader.read(conn, [stream_of(staff_id) for staff_id in staff]) if staff else []
        by_stream: dict[str, list[Recorded]] = defaultdict(list)
        for row in rows:
            by_stream[row[1]].append(decode_row(self._log, row))
        return {staff_id: by_stream[stream_of(staff_id)] for staff_id in staff}


def _holdings(
    staff_id: UUID, member: StaffMember, streams: Streams, covered: Iterable[UUID], day: date, known_at: datetime | None
) -> tuple[Holding, ...]:
    own = [Holding(post) for post in member.posts_held(day)]
    for other in sorted(covered):
        holder = fold(timeline(streams[other], as_of=day, known_at=known_at))
        own += [Holding(post, standing_in=True) for post in holder.posts_delegated(staff_id, day)]
    return tuple(own)


def _deputies(member: StaffMember, post_id: UUID, day: date) -> tuple[UUID, ...]:
    return tuple(sorted({d.deputy for d in member.delegations if d.holds_on(day) and post_id in d.post_ids}))


def _grouped(
    conn: "Connection[tuple[Any, ...]]", columns: str, table: str, key: str, keys: Collection[Any]
) -> dict[Any, set[UUID]]:
    """Two columns of the rows with these keys, as key → values."""
    found: dict[Any, set[UUID]] = defaultdict(set)
    if keys:
        query = f"SELECT {columns} FROM {table} WHERE {key} = ANY(%s)"
        for value, staff_id in conn.execute(query.encode(), (list(keys),)):
            found[value].add(staff_id)
    return found
